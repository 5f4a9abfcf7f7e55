/* Arrays within a budget: in memory, then in a file; zeroed, apart, given back. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "base/spill.h"
#include "folder.h"
#include "suite.h"

enum { KIB = 1024, MIB = 1024 * 1024 };

static bool is_zero(const unsigned char *p, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (p[i]) return false;
  return true;
}

static void beyond_the_budget_goes_to_the_file(void) {
  folder f = folder_make();
  ict_spill *s;
  CU_ASSERT_EQUAL_FATAL(ict_spill_new(f.path, MIB, &s, NULL), ICT_OK);
  unsigned char *a = ict_spill_alloc(s, 512, KIB), *b, *c;
  CU_ASSERT_PTR_NOT_NULL_FATAL(a);
  CU_ASSERT_EQUAL(ict_spill_on_disk(s), 0);
  b = ict_spill_alloc(s, 600, KIB); /* 512 KiB + 600 KiB > 1 MiB */
  CU_ASSERT_PTR_NOT_NULL_FATAL(b);
  CU_ASSERT(ict_spill_on_disk(s) > 0);
  c = ict_spill_alloc(s, 40, MIB); /* too large to share a segment */
  CU_ASSERT_PTR_NOT_NULL_FATAL(c);
  CU_ASSERT(is_zero(a, 512 * KIB) && is_zero(b, 600 * KIB) && is_zero(c, 40 * MIB));
  CU_ASSERT_EQUAL((uintptr_t)a % 16 + (uintptr_t)b % 16 + (uintptr_t)c % 16, 0);
  memset(a, 1, 512 * KIB);
  memset(b, 2, 600 * KIB);
  memset(c, 3, (size_t)40 * MIB);
  CU_ASSERT(a[0] == 1 && a[512 * KIB - 1] == 1 && b[0] == 2 && b[600 * KIB - 1] == 2);
  ict_spill_free(s, a);
  uint64_t before = ict_spill_on_disk(s);
  a = ict_spill_alloc(s, 1, 512 * KIB); /* there is room in memory again */
  CU_ASSERT_EQUAL(ict_spill_on_disk(s), before);
  CU_ASSERT(a && is_zero(a, 512 * KIB));
  ict_spill_free(s, c);
  CU_ASSERT_EQUAL(b[17], 2);
  CU_ASSERT_EQUAL(folder_count(&f), 0); /* the file has no name */
  ict_spill_close(s);
  folder_remove(&f);
}

/* 73.5 MB of them; `most`: bytes that may go to the file, in segments of 64 MiB. */
static void take_and_give_back(uint64_t budget, uint64_t most) {
  folder f = folder_make();
  ict_spill *s;
  enum { N = 3000 };
  static unsigned char *p[N];
  CU_ASSERT_EQUAL_FATAL(ict_spill_new(f.path, budget, &s, NULL), ICT_OK);
  for (size_t i = 0; i < N; i++) {
    p[i] = ict_spill_alloc(s, i % 50 * 1000, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p[i]);
    CU_ASSERT(is_zero(p[i], i % 50 * 1000));
    memset(p[i], (int)(i % 251), i % 50 * 1000);
  }
  CU_ASSERT(ict_spill_on_disk(s) <= most);
  bool whole = true;
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < i % 50 * 1000; k++) whole &= p[i][k] == i % 251;
  CU_ASSERT(whole);
  for (size_t i = 0; i < N; i += 2) ict_spill_free(s, p[i]);
  for (size_t i = 1; i < N; i += 2) ict_spill_free(s, p[i]);
  unsigned char *again = ict_spill_alloc(s, 5, MIB), *large = ict_spill_alloc(s, 100, MIB);
  CU_ASSERT(again && is_zero(again, (size_t)5 * MIB));
  CU_ASSERT(large && is_zero(large, (size_t)100 * MIB));
  if (most == 0) CU_ASSERT_EQUAL(ict_spill_on_disk(s), 0); /* the budget was given back */
  ict_spill_close(s);
  folder_remove(&f);
}

static void many_small_arrays_share_segments(void) { take_and_give_back(1, (uint64_t)192 * MIB); }

static void in_memory_too(void) { take_and_give_back((uint64_t)200 * MIB, 0); }

static void a_folder_that_cannot_be_written_to_is_named(void) {
  ict_spill *s;
  ict_err err = {0};
  CU_ASSERT_EQUAL_FATAL(ict_spill_new("/no/such/folder", 1, &s, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(ict_spill_alloc(s, 1, MIB));
  CU_ASSERT_EQUAL(ict_spill_short(s, &err), ICT_FAIL);
  CU_ASSERT_STRING_EQUAL(err.file, "/no/such/folder");
  CU_ASSERT_PTR_NOT_NULL(strstr(err.fix, "more memory"));
  ict_spill_close(s);
}

static void sizes_that_overflow_are_none(void) {
  ict_spill *s;
  CU_ASSERT_EQUAL_FATAL(ict_spill_new(NULL, 0, &s, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(ict_spill_alloc(s, SIZE_MAX / 2, 8));
  void *empty = ict_spill_alloc(s, 0, 8);
  CU_ASSERT_PTR_NOT_NULL(empty);
  ict_spill_free(s, empty);
  ict_spill_free(s, NULL);
  ict_spill_close(s);
  ict_spill_close(NULL);
}

static void task(void *ctx, size_t i, int thread) {
  (void)thread;
  unsigned char *p = ict_spill_alloc(ctx, 1 + i % 7 * 9999, 1);
  if (!p) return;
  memset(p, (int)i, 1 + i % 7 * 9999);
  if (p[0] != (unsigned char)i) CU_FAIL("another thread's bytes");
  ict_spill_free(ctx, p);
}

static void threads_may_ask_at_once(void) {
  folder f = folder_make();
  ict_spill *s;
  CU_ASSERT_EQUAL_FATAL(ict_spill_new(f.path, 30000, &s, NULL), ICT_OK);
  ict_par_run(2000, 4, task, s);
  ict_spill_close(s);
  folder_remove(&f);
}

SUITE("base.spill", TEST(beyond_the_budget_goes_to_the_file),
      TEST(many_small_arrays_share_segments), TEST(in_memory_too),
      TEST(a_folder_that_cannot_be_written_to_is_named), TEST(sizes_that_overflow_are_none),
      TEST(threads_may_ask_at_once))
