/* Rows formatted by many threads: in order, each once, whatever number of them. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "publish/blocks.h"
#include "suite.h"

/* Rows of different lengths, so that blocks are done in another order than they begin. */
static void write_numbers(void *ctx, size_t from, size_t to, int thread, ict_out *out) {
  atomic_uint *threads = ctx;
  atomic_fetch_or(threads, 1u << thread);
  for (size_t i = from; i < to; i++)
    for (size_t k = 0; k <= i / 512 % 7; k++) ict_out_printf(out, "%zu\n", i);
}

static char *written(size_t n, int threads, size_t *len) {
  ict_out *out;
  atomic_uint used = 0;
  CU_ASSERT_EQUAL_FATAL(ict_out_memory(&out, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_write_blocks(n, threads, write_numbers, &used, out, NULL), ICT_OK);
  CU_ASSERT_TRUE(used >> ict_block_threads(n, threads) == 0);
  return ict_out_take(out, len, NULL);
}

static void order_does_not_depend_on_threads(void) {
  static const size_t n[] = {0, 1, 512, 8191, 8192, 100001};
  for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
    size_t len, one_len;
    char *one = written(n[i], 1, &one_len);
    for (int threads = 2; threads < 9; threads += 3) {
      char *many = written(n[i], threads, &len);
      CU_ASSERT_EQUAL_FATAL(len, one_len);
      CU_ASSERT_EQUAL(memcmp(many, one, len), 0);
      ict_free(many);
    }
    ict_free(one);
  }
}

static void few_rows_need_one_thread(void) {
  CU_ASSERT_EQUAL(ict_block_threads(0, 8), 1);
  CU_ASSERT_EQUAL(ict_block_threads(1000, 8), 1);
  CU_ASSERT_EQUAL(ict_block_threads(1000000, 8), 8);
}

static void a_full_disk_is_told(void) {
  ict_out *out;
  ict_err err = {0};
  atomic_uint used = 0;
  CU_ASSERT_EQUAL_FATAL(ict_out_open("/dev/full", &out, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_write_blocks(100000, 4, write_numbers, &used, out, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_out_commit(out, &err), ICT_FAIL);
}

static void short_memory_is_told(void) {
  ict_status st = ICT_FAIL;
  for (long n = 0; n < 200 && st != ICT_OK; n++) {
    ict_out *out = NULL;
    ict_err err = {0};
    atomic_uint used = 0;
    size_t len = 0;
    ict_mem_fail_after(n);
    st = ict_out_memory(&out, &err);
    if (st == ICT_OK) st = ict_write_blocks(20000, 2, write_numbers, &used, out, &err);
    char *text = st == ICT_OK ? ict_out_take(out, &len, &err) : NULL;
    if (st != ICT_OK) ict_out_discard(out);
    ict_mem_fail_after(-1);
    if (!text) {
      st = ICT_FAIL;
      CU_ASSERT_STRING_EQUAL(err.what, "out of memory");
    }
    ict_free(text);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
}

SUITE("publish.blocks", TEST(order_does_not_depend_on_threads), TEST(few_rows_need_one_thread),
      TEST(a_full_disk_is_told), TEST(short_memory_is_told))
