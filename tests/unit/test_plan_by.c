/* test_plan_by.c - the grammar of --by: sets by hand, and each way to write it wrongly. */
#include <string.h>

#include "plan/by.h"
#include "suite.h"

static ict_arena *arena;

static ict_status parse(const char *a, const char *b, ict_by *out, ict_err *err) {
  const char *texts[] = {a, b};
  *err = (ict_err){0};
  return ict_by_parse(texts, b ? 2 : a ? 1 : 0, arena, out, err);
}

static void nothing_is_the_total(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse(NULL, NULL, &by, &err), ICT_OK);
  CU_ASSERT_EQUAL(by.n_axes, 0);
  CU_ASSERT_EQUAL_FATAL(by.n_sets, 1);
  CU_ASSERT_EQUAL(by.sets[0], 0);
}

static void axes_cross_and_keep_their_classification(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse("sex , age:ten-year", "sex", &by, &err), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(by.n_axes, 2);
  CU_ASSERT_STRING_EQUAL(by.axes[0].name, "sex");
  CU_ASSERT_PTR_NULL(by.axes[0].classification);
  CU_ASSERT_STRING_EQUAL(by.axes[1].name, "age");
  CU_ASSERT_STRING_EQUAL(by.axes[1].classification, "ten-year");
  CU_ASSERT_EQUAL_FATAL(by.n_sets, 3);
  CU_ASSERT_EQUAL(by.sets[1], 3);
  CU_ASSERT_EQUAL(by.sets[2], 1);
}

static void a_cube_is_every_subset(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse("cube(sex,age),region", NULL, &by, &err), ICT_OK);
  /* axes in order of appearance: sex 1, age 2, region 4 */
  const unsigned want[] = {0, 4, 4 | 1, 4 | 2, 4 | 3};
  CU_ASSERT_EQUAL_FATAL(by.n_sets, 5);
  for (size_t i = 0; i < 5; i++) CU_ASSERT_EQUAL(by.sets[i], want[i]);
}

static void sets_named_twice_count_once(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse("cube(sex,age)", "age,sex", &by, &err), ICT_OK);
  CU_ASSERT_EQUAL(by.n_sets, 4);
}

static void two_classifications_of_one_variable_are_two_axes(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse("age:itu", "age:ten-year", &by, &err), ICT_OK);
  CU_ASSERT_EQUAL(by.n_axes, 2);
}

static void wrong_texts_say_where(void) {
  static const struct {
    const char *text, *what;
  } wrong[] = {
      {"", "no name of a breakdown in --by \"\" at character 1"},
      {"sex,", "no name of a breakdown in --by \"sex,\" at character 5"},
      {"age:", "no classification after ':' in --by \"age:\" at character 5"},
      {"cube(sex", "cube( without its ) in --by \"cube(sex\" at character 9"},
      {"cube()", "no name of a breakdown in --by \"cube()\" at character 6"},
      {"sex age", "unexpected text in --by \"sex age\" at character 5"},
      {"sex)", "unexpected text in --by \"sex)\" at character 4"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    ict_by by;
    ict_err err;
    CU_ASSERT_EQUAL(parse(wrong[i].text, NULL, &by, &err), ICT_USAGE);
    CU_ASSERT_STRING_EQUAL(err.what, wrong[i].what);
    CU_ASSERT(err.fix[0] != '\0');
  }
}

static void too_many_axes_are_refused(void) {
  ict_by by;
  ict_err err;
  CU_ASSERT_EQUAL(parse("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", NULL, &by, &err), ICT_USAGE);
}

static void oom_every_allocation_may_fail(void) {
  for (long n = 0; n < 100; n++) {
    ict_arena *small = ict_arena_new();
    const char *texts[] = {"cube(sex,age:itu),region", "education_lev"};
    ict_by by;
    ict_err err = {0};
    ict_mem_fail_after(n);
    ict_status st = ict_by_parse(texts, 2, small, &by, &err);
    ict_mem_fail_after(-1);
    ict_arena_free(small);
    if (st == ICT_OK) return;
    CU_ASSERT_EQUAL(st, ICT_FAIL);
  }
  CU_FAIL("never succeeded");
}

static int setup(void) {
  arena = ict_arena_new();
  return arena ? 0 : 1;
}

static int teardown(void) {
  ict_arena_free(arena);
  return 0;
}

SUITE_WITH("plan.by", setup, teardown, TEST(nothing_is_the_total),
           TEST(axes_cross_and_keep_their_classification), TEST(a_cube_is_every_subset),
           TEST(sets_named_twice_count_once),
           TEST(two_classifications_of_one_variable_are_two_axes), TEST(wrong_texts_say_where),
           TEST(too_many_axes_are_refused), TEST(oom_every_allocation_may_fail))
