/* The line through a country's years and the regression over the countries of a year, against R's
 * lm() and predict(): options(digits = 17), lm(y ~ t), lm(z ~ x1 + x2), R 4.2. */
#include "base/err.h"
#include "group/impute.h"
#include "group/model.h"
#include "group_help.h"
#include "suite.h"

#define CLOSE(got, want) CU_ASSERT_DOUBLE_EQUAL(got, want, 1e-12 * fabs(want))

typedef struct fixture {
  ict_arena *arena;
  ict_names areas;
  ict_table *table;
  ict_series_split split;
  ict_panel panel;
  ict_covariates *covariates;
} fixture;

static const char *const AREAS[] = {"AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III"};

static void start(fixture *f) {
  static const double X[][2] = {{1.2, 3}, {2.5, 1}, {3.1, 4}, {4.8, 1}, {5.0, 5},
                                {6.6, 9}, {7.1, 2}, {8.4, 6}, {9.5, 7}};
  static const double Z[] = {12, 20, 31, 35, 52, 71, 60, 79};
  bool twice;
  *f = (fixture){.arena = ict_arena_new(), .table = ict_table_new()};
  ict_names_init(&f->areas, f->arena);
  f->covariates = ict_covariates_new(2);
  for (int i = 0; i < 9; i++) {
    ict_names_add(&f->areas, AREAS[i], NULL);
    CU_ASSERT_EQUAL(ict_covariates_add(f->covariates, AREAS[i], 2016, X[i], &twice, NULL), ICT_OK);
    CU_ASSERT_FALSE(twice);
    if (i < 8) put(f->table, AREAS[i], "2016", "_T", Z[i], 1, NULL);
  }
  put(f->table, "III", "2010", "_T", 20, 3, NULL);
  put(f->table, "III", "2011", "_T", 26, 1, NULL);
  put(f->table, "III", "2013", "_T", 25, 2, NULL);
  put(f->table, "III", "2014", "_T", 33, 4, NULL);
  CU_ASSERT_EQUAL(ict_series_split_make(f->table, &f->split, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_panel_init(&f->panel, &f->areas, 2010, 2016, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_panel_fill(&f->panel, &f->split, 0, NULL), ICT_OK);
}

static void stop(fixture *f) {
  ict_covariates_free(f->covariates);
  ict_panel_done(&f->panel);
  ict_series_split_done(&f->split);
  ict_table_free(f->table);
  ict_names_done(&f->areas);
  ict_arena_free(f->arena);
}

static void draws_a_line(void) {
  fixture f;
  ict_modelled m;
  start(&f);
  CU_ASSERT_TRUE(ict_model_trend(&f.panel, 8, 2016, 5, &m));
  CLOSE(m.value, 36.0);
  CLOSE(m.se, 4.698403984333404);
  CU_ASSERT_EQUAL(m.n, 4);
  CU_ASSERT_EQUAL(m.last, 2014);
  CU_ASSERT_FALSE(ict_model_trend(&f.panel, 8, 2016, 3, &m)); /* 2012 to 2014: two values */
  CU_ASSERT_FALSE(ict_model_trend(&f.panel, 8, 2013, 5, &m)); /* 2010 and 2011 */
  CU_ASSERT_FALSE(ict_model_trend(&f.panel, 0, 2016, 5, &m)); /* nothing before */
  CU_ASSERT_TRUE(ict_model_trend(&f.panel, 8, 2030, 5, &m));  /* beyond the panel */
  stop(&f);
}

static void regresses(void) {
  fixture f;
  ict_modelled m;
  start(&f);
  CU_ASSERT_TRUE(ict_model_regression(&f.panel, f.covariates, 8, 2016, 5, &m));
  CLOSE(m.value, 90.961087146177235);
  CLOSE(m.se, 2.5842104521441014);
  CU_ASSERT_EQUAL(m.n, 8);
  CU_ASSERT_FALSE(ict_model_regression(&f.panel, f.covariates, 8, 2016, 9, &m));
  CU_ASSERT_FALSE(ict_model_regression(&f.panel, f.covariates, 8, 2015, 2, &m));
  stop(&f);
}

static void refuses_dependent_covariates(void) {
  fixture f;
  ict_modelled m;
  bool twice;
  start(&f);
  ict_covariates *c = ict_covariates_new(2);
  for (int i = 0; i < 9; i++) {
    double x[] = {i, 2.0 * i + 1};
    CU_ASSERT_EQUAL(ict_covariates_add(c, AREAS[i], 2016, x, &twice, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL(ict_covariates_add(c, "AAA", 2016, (double[]){1, 2}, &twice, NULL), ICT_OK);
  CU_ASSERT_TRUE(twice);
  CU_ASSERT_FALSE(ict_model_regression(&f.panel, c, 8, 2016, 5, &m));
  ict_covariates_free(c);
  stop(&f);
}

/* The declared uncertainty is added, and a share stays one. */
static void imputes(void) {
  static const size_t NO_CLASS[9] = {0};
  static const ict_impute_rules RULES = {
      .trend_window = 5, .trend_se = 4, .trend_se_per_year = 2, .min_regression = 5};
  fixture f;
  ict_impute methods[ICT_IMPUTE_KINDS];
  ict_imputed v;
  size_t n;
  start(&f);
  ict_donor_classes with = {NO_CLASS, NO_CLASS, f.covariates}, without = {NO_CLASS, NO_CLASS, NULL};
  CU_ASSERT_EQUAL(ict_impute_parse("trend", methods, &n, NULL), ICT_OK);
  CU_ASSERT_TRUE(ict_impute_value(&f.panel, 8, 2016, methods, n, &RULES, &with, &v));
  CLOSE(v.se, hypot(4.698403984333404, 6)); /* two years after 2014: 4 + 2 */
  CU_ASSERT_TRUE(ict_impute_value(&f.panel, 8, 2060, methods, n, &RULES, &with, &v));
  CU_ASSERT_EQUAL(v.value, 100);
  CU_ASSERT_EQUAL(ict_impute_parse("trend:1,regression", methods, &n, NULL), ICT_OK);
  CU_ASSERT_TRUE(ict_impute_value(&f.panel, 8, 2016, methods, n, &RULES, &with, &v));
  CU_ASSERT_EQUAL(v.kind, ICT_IMPUTE_REGRESSION);
  CU_ASSERT_EQUAL(v.donors, 8);
  CU_ASSERT_FALSE(ict_impute_value(&f.panel, 8, 2016, methods, n, &RULES, &without, &v));
  stop(&f);
}

SUITE("group.model", TEST(draws_a_line), TEST(regresses), TEST(refuses_dependent_covariates),
      TEST(imputes))
