/* Imputation and coverage, by hand. Areas are numbered 0..3; classes: A and B share region and
 * income, C the region alone, D the income alone. */
#include "base/err.h"
#include "group/coverage.h"
#include "group/impute.h"
#include "group_help.h"
#include "suite.h"

static const ict_impute_rules RULES = {.carry_se_per_year = 4, .linear_se = 3, .min_donors = 2};
static const char *const AREAS[] = {"AAA", "BBB", "CCC", "DDD"};
enum { A, B, C, D };

typedef struct fixture {
  ict_arena *arena;
  ict_names areas;
  ict_table *table;
  ict_series_split split;
  ict_panel panel;
} fixture;

static void start(fixture *f) {
  *f = (fixture){.arena = ict_arena_new(), .table = ict_table_new()};
  ict_names_init(&f->areas, f->arena);
  for (int i = 0; i < 4; i++) ict_names_add(&f->areas, AREAS[i], NULL);
  put(f->table, "AAA", "2010", "_T", 20, 3, NULL);
  put(f->table, "AAA", "2014", "_T", 40, 4, NULL);
  put(f->table, "BBB", "2014", "_T", 50, NAN, NULL);
  put(f->table, "CCC", "2014", "_T", 60, 1, NULL);
  put(f->table, "DDD", "2013", "_T", 10, 0, NULL);
  CU_ASSERT_EQUAL(ict_series_split_make(f->table, &f->split, NULL), ICT_OK);
  CU_ASSERT_EQUAL(f->split.n_series, 1);
  CU_ASSERT_EQUAL(ict_panel_init(&f->panel, &f->areas, 2010, 2014, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_panel_fill(&f->panel, &f->split, 0, NULL), ICT_OK);
}

static void stop(fixture *f) {
  ict_panel_done(&f->panel);
  ict_series_split_done(&f->split);
  ict_table_free(f->table);
  ict_names_done(&f->areas);
  ict_arena_free(f->arena);
}

static bool impute(const fixture *f, size_t area, int year, const char *text, ict_imputed *out) {
  static const size_t REGION[] = {0, 0, 0, 1}, INCOME[] = {5, 5, 6, 5};
  ict_impute methods[ICT_IMPUTE_KINDS];
  size_t n;
  CU_ASSERT_EQUAL_FATAL(ict_impute_parse(text, methods, &n, NULL), ICT_OK);
  return ict_impute_value(&f->panel, area, year, methods, n, &RULES,
                          &(ict_donor_classes){REGION, INCOME, NULL}, out);
}

static void carries_forward(void) {
  fixture f;
  ict_imputed v;
  start(&f);
  CU_ASSERT_TRUE(impute(&f, A, 2011, "carry", &v));
  CU_ASSERT_EQUAL(v.value, 20);
  CU_ASSERT_EQUAL(v.from, 2010);
  CU_ASSERT_EQUAL(v.se, 5);                           /* sqrt(3^2 + (4*1)^2) */
  CU_ASSERT_TRUE(impute(&f, A, 2016, "carry:2", &v)); /* beyond the panel */
  CU_ASSERT_EQUAL(v.value, 40);
  CU_ASSERT_DOUBLE_EQUAL(v.se, 8.944271909999159, 1e-14); /* sqrt(4^2 + 8^2) */
  CU_ASSERT_FALSE(impute(&f, A, 2017, "carry:2", &v));
  CU_ASSERT_FALSE(impute(&f, D, 2012, "carry", &v)); /* never backwards */
  CU_ASSERT_TRUE(impute(&f, B, 2015, "carry", &v));
  CU_ASSERT_TRUE(isnan(v.se)); /* an unknown error stays unknown */
  stop(&f);
}

static void interpolates(void) {
  fixture f;
  ict_imputed v;
  start(&f);
  CU_ASSERT_TRUE(impute(&f, A, 2011, "linear", &v));
  CU_ASSERT_EQUAL(v.value, 25); /* 3/4 of 20, 1/4 of 40 */
  /* (0.75*3)^2 + (0.25*4)^2 + 3^2 * 1*3/4 = 5.0625 + 1 + 6.75 */
  CU_ASSERT_DOUBLE_EQUAL(v.se, sqrt(12.8125), 1e-14);
  CU_ASSERT_TRUE(impute(&f, A, 2011, "linear:4", &v));
  CU_ASSERT_FALSE(impute(&f, A, 2011, "linear:3", &v)); /* the gap is 4 years wide */
  CU_ASSERT_FALSE(impute(&f, A, 2015, "linear", &v));   /* no year after */
  CU_ASSERT_FALSE(impute(&f, B, 2013, "linear", &v));   /* no year before */
  stop(&f);
}

static void takes_the_mean_of_those_alike(void) {
  fixture f;
  ict_imputed v;
  start(&f);
  /* D in 2014: no other of its region; income: A 40 and B 50. SD sqrt(50), times sqrt(1 + 1/2). */
  CU_ASSERT_TRUE(impute(&f, D, 2014, "hotdeck", &v));
  CU_ASSERT_EQUAL(v.value, 45);
  CU_ASSERT_EQUAL(v.donors, 2);
  CU_ASSERT_DOUBLE_EQUAL(v.se, sqrt(75), 1e-14);
  CU_ASSERT_FALSE(impute(&f, A, 2013, "hotdeck", &v)); /* one donor, D: fewer than two */
  stop(&f);
}

static void widens_to_the_region(void) {
  fixture f;
  ict_imputed v;
  start(&f);
  /* C itself is asked as if empty: region and income has C alone, the region A, B and C. */
  CU_ASSERT_TRUE(impute(&f, C, 2014, "hotdeck", &v));
  CU_ASSERT_EQUAL(v.value, 50);
  CU_ASSERT_EQUAL(v.donors, 3);
  stop(&f);
}

static void tries_in_order(void) {
  fixture f;
  ict_imputed v;
  start(&f);
  CU_ASSERT_TRUE(impute(&f, A, 2012, "linear,carry", &v));
  CU_ASSERT_EQUAL(v.kind, ICT_IMPUTE_LINEAR);
  CU_ASSERT_TRUE(impute(&f, A, 2012, "carry,linear", &v));
  CU_ASSERT_EQUAL(v.kind, ICT_IMPUTE_CARRY);
  CU_ASSERT_TRUE(impute(&f, D, 2014, "linear,hotdeck,carry", &v));
  CU_ASSERT_EQUAL(v.kind, ICT_IMPUTE_HOTDECK);
  CU_ASSERT_FALSE(impute(&f, D, 2014, "none", &v));
  stop(&f);
}

static void refuses_other_words(void) {
  static const char *const BAD[] = {"",          "carry,",    "carry:0",     "carry:x",
                                    "hotdeck:2", "regress",   "none,carry",  "carry,carry",
                                    ",",         "carry:101", "regression:3"};
  ict_impute methods[ICT_IMPUTE_KINDS];
  size_t n;
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    ict_err err = {0};
    CU_ASSERT_EQUAL(ict_impute_parse(BAD[i], methods, &n, &err), ICT_USAGE);
    CU_ASSERT_NOT_EQUAL(err.fix[0], '\0');
  }
  CU_ASSERT_EQUAL(ict_impute_parse("linear:5,carry:3,hotdeck", methods, &n, NULL), ICT_OK);
  CU_ASSERT_EQUAL(n, 3);
  CU_ASSERT_EQUAL(methods[1].max_years, 3);
}

static void reads_its_rules(void) {
  ict_impute_rules rules;
  CU_ASSERT_EQUAL(ict_impute_rules_load(&rules, NULL), ICT_OK);
  CU_ASSERT_EQUAL(rules.carry_se_per_year, 4.3);
  CU_ASSERT_EQUAL(rules.linear_se, 2.8);
  CU_ASSERT_EQUAL(rules.min_donors, 2);
  CU_ASSERT_EQUAL(rules.trend_window, 5);
  CU_ASSERT_EQUAL(rules.trend_se, 3.7);
  CU_ASSERT_EQUAL(rules.trend_se_per_year, 2.1);
  CU_ASSERT_EQUAL(rules.min_regression, 10);
}

static void judges_at_the_limits(void) {
  ict_coverage uis, strict, itu;
  CU_ASSERT_EQUAL(ict_coverage_load("uis", &uis, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_coverage_judge(&uis, 32.99, 100), ICT_COVERAGE_TOO_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&uis, 33, 0), ICT_COVERAGE_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&uis, 59.99, 0), ICT_COVERAGE_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&uis, 60, 0), ICT_COVERAGE_OK);
  CU_ASSERT_EQUAL(ict_coverage_load("strict", &strict, NULL), ICT_OK); /* two rules: the worst */
  CU_ASSERT_EQUAL(ict_coverage_judge(&strict, 95, 49), ICT_COVERAGE_TOO_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&strict, 95, 50), ICT_COVERAGE_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&strict, 89, 80), ICT_COVERAGE_LOW);
  CU_ASSERT_EQUAL(ict_coverage_judge(&strict, 90, 75), ICT_COVERAGE_OK);
  CU_ASSERT_EQUAL(ict_coverage_load("itu", &itu, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_coverage_judge(&itu, 0, 0), ICT_COVERAGE_OK);
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_coverage_load("unesco", &uis, &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.expected, "one of uis, itu, strict");
}

SUITE("group.impute", TEST(carries_forward), TEST(interpolates),
      TEST(takes_the_mean_of_those_alike), TEST(widens_to_the_region), TEST(tries_in_order),
      TEST(refuses_other_words), TEST(reads_its_rules), TEST(judges_at_the_limits))
