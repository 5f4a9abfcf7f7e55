/* Keys in order: against an insertion sort that compares them. */
#include <string.h>

#include "base/mem.h"
#include "base/order.h"
#include "suite.h"

enum { MOST = 200, WIDTH = 3 };

static void equals_insertion(size_t n, uint32_t below) {
  uint32_t keys[MOST * WIDTH], order[MOST], slow[MOST], state = 7;
  for (size_t i = 0; i < n * WIDTH; i++) keys[i] = (state = state * 1664525 + 1013904223) % below;
  for (size_t i = 0; i < n; i++) {
    size_t at = i;
    for (; at > 0; at--) {
      const uint32_t *a = keys + slow[at - 1] * WIDTH, *b = keys + i * WIDTH;
      size_t c = 0;
      while (c < WIDTH && a[c] == b[c]) c++;
      if (c == WIDTH || a[c] < b[c]) break; /* equal keys keep their order */
      slow[at] = slow[at - 1];
    }
    slow[at] = (uint32_t)i;
  }
  CU_ASSERT_TRUE_FATAL(ict_order_keys(keys, n, WIDTH, order));
  CU_ASSERT_EQUAL(memcmp(order, slow, n * sizeof *order), 0);
}

static void orders_keys(void) {
  equals_insertion(0, 5);
  equals_insertion(1, 5);
  equals_insertion(MOST, 1); /* nothing moves */
  equals_insertion(MOST, 2);
  equals_insertion(MOST, 7);
  equals_insertion(MOST, 1000);
}

static void tells_that_memory_is_short(void) {
  uint32_t keys[] = {3, 1, 2}, order[3];
  for (long n = 0; n < 2; n++) {
    ict_mem_fail_after(n);
    CU_ASSERT_FALSE(ict_order_keys(keys, 3, 1, order));
    ict_mem_fail_after(-1);
  }
}

SUITE("base.order", TEST(orders_keys), TEST(tells_that_memory_is_short))
