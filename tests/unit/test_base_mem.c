/* Heap, arenas, growing arrays, findings, and what happens when memory is short. */
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "suite.h"

static void allocates_zeroed(void) {
  unsigned char *p = ict_alloc(100, 3);
  CU_ASSERT_PTR_NOT_NULL_FATAL(p);
  for (int i = 0; i < 300; i++) CU_ASSERT_EQUAL(p[i], 0);
  ict_free(p);
  p = ict_alloc(0, 8);
  CU_ASSERT_PTR_NOT_NULL(p);
  ict_free(p);
  ict_free(NULL);
}

static void refuses_overflow(void) {
  volatile size_t huge = SIZE_MAX / 2; /* volatile: the compiler would see through it and warn */
  CU_ASSERT_PTR_NULL(ict_alloc(huge, 3));
  CU_ASSERT_PTR_NULL(ict_alloc(huge + 2, 1));
  void *p = ict_alloc(8, 1);
  CU_ASSERT_PTR_NULL(ict_realloc(p, huge, 3));
  ict_free(p); /* the old block is kept */
}

static void obeys_ceiling(void) {
  ict_mem_ceiling(1000);
  void *p = ict_alloc(1000, 1);
  CU_ASSERT_PTR_NOT_NULL(p);
  ict_free(p);
  CU_ASSERT_PTR_NULL(ict_alloc(1001, 1));
  ict_mem_ceiling(0);
  p = ict_alloc(1001, 1);
  CU_ASSERT_PTR_NOT_NULL(p);
  ict_free(p);
}

static void fails_on_demand(void) {
  ict_mem_fail_after(2);
  void *a = ict_alloc(1, 1), *b = ict_strdup("b"), *c = ict_alloc(1, 1);
  CU_ASSERT_PTR_NOT_NULL(a);
  CU_ASSERT_PTR_NOT_NULL(b);
  CU_ASSERT_PTR_NULL(c);
  CU_ASSERT_EQUAL(ict_mem_count(), 3);
  ict_mem_fail_after(-1);
  c = ict_alloc(1, 1);
  CU_ASSERT_PTR_NOT_NULL(c);
  ict_free(a);
  ict_free(b);
  ict_free(c);
}

static void duplicates_text(void) {
  CU_ASSERT_PTR_NULL(ict_strdup(NULL));
  char *p = ict_strndup("abcdef", 3);
  CU_ASSERT_STRING_EQUAL(p, "abc");
  ict_free(p);
}

static void grows_by_doubling(void) {
  int *a = NULL;
  size_t capacity = 0;
  for (int i = 0; i < 1000; i++) {
    CU_ASSERT_EQUAL_FATAL(ict_grow(&a, (size_t)i, &capacity, sizeof *a), 0);
    a[i] = i;
  }
  CU_ASSERT_EQUAL(capacity, 1024);
  CU_ASSERT_EQUAL(a[999], 999);
  ict_mem_fail_after(0);
  int *before = a;
  CU_ASSERT_EQUAL(ict_grow(&a, 1024, &capacity, sizeof *a), -1);
  ict_mem_fail_after(-1);
  CU_ASSERT_PTR_EQUAL(a, before);
  CU_ASSERT_EQUAL(capacity, 1024);
  ict_free(a);
}

static void arena_keeps_everything_apart(void) {
  ict_arena *arena = ict_arena_new();
  CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
  char *texts[3000];
  for (int i = 0; i < 3000; i++) {
    texts[i] = ict_arena_printf(arena, "text %d", i);
    CU_ASSERT_PTR_NOT_NULL_FATAL(texts[i]);
    double *d = ict_arena_alloc(arena, (size_t)(i % 7 ? i % 40 : 3000), sizeof *d);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    CU_ASSERT_EQUAL((uintptr_t)d % _Alignof(max_align_t), 0);
    for (int k = 0; k < (i % 7 ? i % 40 : 3000); k++) {
      CU_ASSERT_EQUAL_FATAL(d[k], 0.0);
      d[k] = -1;
    }
  }
  for (int i = 0; i < 3000; i++) {
    char expected[32];
    snprintf(expected, sizeof expected, "text %d", i);
    CU_ASSERT_STRING_EQUAL(texts[i], expected);
  }
  CU_ASSERT_STRING_EQUAL(ict_arena_strndup(arena, "abcdef", 2), "ab");
  CU_ASSERT_PTR_NULL(ict_arena_strdup(arena, NULL));
  ict_arena_free(arena);
  ict_arena_free(NULL);
}

static void arena_survives_short_memory(void) {
  ict_mem_fail_after(1); /* the arena itself, but no chunk */
  ict_arena *arena = ict_arena_new();
  CU_ASSERT_PTR_NULL(ict_arena_alloc(arena, 1, 1));
  CU_ASSERT_PTR_NULL(ict_arena_printf(arena, "%s", "x"));
  ict_mem_fail_after(-1);
  CU_ASSERT_STRING_EQUAL(ict_arena_strdup(arena, "x"), "x");
  ict_arena_free(arena);
}

static void findings_keep_their_order(void) {
  ict_findings *list = ict_findings_new();
  CU_ASSERT_EQUAL(ict_findings_count(list), 0);
  CU_ASSERT_PTR_NULL(ict_findings_first_error(list));
  ict_err err;
  ict_err_set(&err, ICT_OK, "first");
  ict_findings_add(list, ICT_WARNING, &err);
  ict_err_set(&err, ICT_REFUSED, "second");
  ict_findings_add(list, ICT_ERROR, &err);
  ict_findings_add(NULL, ICT_ERROR, &err);
  CU_ASSERT_EQUAL(ict_findings_count(list), 2);
  CU_ASSERT_EQUAL(ict_findings_count_of(list, ICT_NOTE), 0);
  CU_ASSERT_EQUAL(ict_findings_count_of(list, ICT_WARNING), 1);
  CU_ASSERT_STRING_EQUAL(ict_findings_first_error(list)->what, "second");
  char text[64];
  CU_ASSERT_EQUAL(ict_findings_text(list, 0, text, sizeof text), strlen("warning: first\n"));
  CU_ASSERT_STRING_EQUAL(text, "warning: first\n");
  ict_severity severity;
  CU_ASSERT_PTR_NULL(ict_findings_at(list, 2, &severity));
  ict_findings_free(list);
}

static void findings_say_that_they_are_incomplete(void) {
  for (long n = 0; n < 2; n++) {
    ict_findings *list = ict_findings_new();
    ict_err err;
    ict_err_set(&err, ICT_OK, "lost");
    ict_mem_fail_after(n);
    ict_findings_add(list, ICT_NOTE, &err);
    ict_findings_add(list, ICT_NOTE, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_EQUAL(ict_findings_count(list), 1);
    CU_ASSERT_EQUAL(ict_findings_count_of(list, ICT_ERROR), 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(ict_findings_first_error(list));
    CU_ASSERT_PTR_NOT_NULL(strstr(ict_findings_first_error(list)->what, "out of memory"));
    ict_findings_free(list);
  }
}

SUITE("base.mem", TEST(allocates_zeroed), TEST(refuses_overflow), TEST(obeys_ceiling),
      TEST(fails_on_demand), TEST(duplicates_text), TEST(grows_by_doubling),
      TEST(arena_keeps_everything_apart), TEST(arena_survives_short_memory),
      TEST(findings_keep_their_order), TEST(findings_say_that_they_are_incomplete))
