/* Differences between rounds: Welch's df, P values and limits from R (test_run_contrast.R), and
 * what cannot be compared. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "data/table.h"
#include "estimate/estimate.h"
#include "ictstat/contrast.h"
#include "suite.h"

static const char *const names[2] = {"old.csv", "new.csv"};

static void add(ict_table *table, const char *sex, const char *period, double estimate, double se,
                double df, const char *flags) {
  const char *axes[4] = {sex, NULL, NULL, NULL};
  ict_table_row row = {.indicator = "17.8.1",
                       .item = "",
                       .series = "IT_USE_II99",
                       .ref_area = "XEX",
                       .time_period = period,
                       .axes = axes,
                       .composite_breakdown = "_T",
                       .estimate = estimate,
                       .unit_measure = "PT",
                       .se = se,
                       .df = df,
                       .n_unweighted = 100,
                       .n_psu = 20,
                       .n_strata = 4,
                       .obs_status = "A",
                       .conf_status = "",
                       .nature = "C",
                       .flags = flags,
                       .source = period};
  CU_ASSERT_EQUAL_FATAL(ict_table_add(table, &row, NULL), ICT_OK);
}

static ict_status differ(ict_table *a, ict_table *b, ict_table **out, ict_findings *findings,
                         ict_err *err) {
  const ict_table *tables[2] = {a, b};
  return ict_contrast_tables(tables, names, NULL, 0, out, findings, err);
}

static void p_values_are_those_of_r(void) {
  static const double facts[][3] = {
      {0.5, 1, 0.70483276469913358},       {1.96, 5, 0.1072879525052941},
      {2.5, 0.5, 0.40097052905329328},     {0.01, 30, 0.99208749257317774},
      {8, 12, 3.7598982247502612e-06},     {3, 108, 0.0033525037734059003},
      {1.2, 1e6, 0.2301396247317245},      {40, 3, 3.438068078915854e-05},
      {1.959963984540054, INFINITY, 0.05}, /* the normal's quantile */
  };
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    const double *f = facts[i];
    CU_ASSERT_DOUBLE_EQUAL(ict_p_value_t(f[0], f[1]), f[2], 1e-11 * f[2]);
    CU_ASSERT_EQUAL(ict_p_value_t(-f[0], f[1]), ict_p_value_t(f[0], f[1]));
  }
  CU_ASSERT_EQUAL(ict_p_value_t(0, 7), 1);
  CU_ASSERT_EQUAL(ict_p_value_t(INFINITY, 7), 0);
  CU_ASSERT_TRUE(isnan(ict_p_value_t(1, 0)));
}

/* The quantile and the P value are each other's inverse. */
static void p_value_inverts_the_quantile(void) {
  for (double df = 0.7; df < 1e6; df *= 3.1)
    for (double p = 0.001; p < 0.5; p += 0.0499)
      CU_ASSERT_DOUBLE_EQUAL(ict_p_value_t(ict_quantile_t(p, df), df), 2 * p, 1e-10 * p);
}

static void welch_as_in_r(void) {
  ict_table *a = ict_table_new(), *b = ict_table_new(), *d = NULL;
  add(a, NULL, "2020", 57.1, 1.6, 40, "few_cases;poor_cv");
  add(a, "F", "2020", 50, 2, 40, "");
  add(b, NULL, "2024", 59.2, 1.2, 108, "definition_differs;few_cases");
  ict_findings *findings = ict_findings_new();
  /* The order of the tables does not matter. */
  CU_ASSERT_EQUAL_FATAL(differ(b, a, &d, findings, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_findings_count(findings), 1); /* the row of women only */
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(d), 2);
  const ict_table_row *row = ict_table_row_at(d, 0), *p = ict_table_row_at(d, 1);
  CU_ASSERT_STRING_EQUAL(row->axes[4], "DIFFERENCE");
  CU_ASSERT_STRING_EQUAL(row->time_period, "2020/2024");
  CU_ASSERT_DOUBLE_EQUAL(row->estimate, 2.1, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(row->se, 2, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(row->df, 87.412587412587399, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(row->ci_low, -1.8749520238853288, 1e-12);
  CU_ASSERT_EQUAL(row->n_unweighted, 200);
  CU_ASSERT_STRING_EQUAL(row->flags, "definition_differs;few_cases;poor_cv");
  CU_ASSERT_STRING_EQUAL(row->source, "2020;2024");
  CU_ASSERT_STRING_EQUAL(p->axes[4], "P_VALUE");
  CU_ASSERT_DOUBLE_EQUAL(p->estimate, 0.29661240694412877, 1e-12);
  CU_ASSERT_TRUE(isnan(p->se));
  ict_findings_free(findings);
  ict_table_free(a);
  ict_table_free(b);
  ict_table_free(d);
}

/* A census has no error and no df; an estimate with an error but no df has no interval. */
static void without_degrees_of_freedom(void) {
  ict_table *a = ict_table_new(), *b = ict_table_new(), *d = NULL;
  add(a, NULL, "2020", 57, 0, NAN, "");
  add(b, NULL, "2024", 59, 1.2, 108, "");
  add(a, "F", "2020", 50, 0, NAN, "");
  add(b, "F", "2024", 51, 0, NAN, "");
  add(a, "M", "2020", 50, 1, 0, "");
  add(b, "M", "2024", 51, 1, 9, "");
  CU_ASSERT_EQUAL_FATAL(differ(a, b, &d, NULL, NULL), ICT_OK);
  const ict_table_row *one = ict_table_row_at(d, 0), *census = ict_table_row_at(d, 2),
                      *none = ict_table_row_at(d, 4);
  CU_ASSERT_DOUBLE_EQUAL(one->df, 108, 1e-12);
  CU_ASSERT_EQUAL(one->se, 1.2);
  CU_ASSERT_EQUAL(census->ci_low, census->estimate);
  CU_ASSERT_EQUAL(ict_table_row_at(d, 3)->estimate, 0); /* they differ, without error */
  CU_ASSERT_TRUE(isnan(none->ci_low));
  CU_ASSERT_TRUE(isnan(ict_table_row_at(d, 5)->estimate));
  ict_table_free(a);
  ict_table_free(b);
  ict_table_free(d);
}

static void refuses_what_cannot_be_compared(void) {
  ict_table *a = ict_table_new(), *b = ict_table_new(), *d = NULL;
  ict_err err = {0};
  add(a, NULL, "2020", 57.1, 1.6, 40, "");
  add(b, "F", "2024", 59.2, 1.2, 108, "");
  CU_ASSERT_EQUAL(differ(a, b, &d, NULL, &err), ICT_REFUSED); /* nothing in common */
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "no row in common"));
  add(b, NULL, "2024", 59.2, 1.2, 108, "");
  add(b, NULL, "2022", 58.2, 1.2, 108, "");
  CU_ASSERT_EQUAL(differ(a, b, &d, NULL, &err), ICT_REFUSED); /* two periods in a table */
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "2022"));
  CU_ASSERT_PTR_NULL(d);
  ict_table_free(a);
  ict_table_free(b);
}

static void survives_short_memory(void) {
  ict_table *a = ict_table_new(), *b = ict_table_new(), *d = NULL;
  add(a, NULL, "2020", 57.1, 1.6, 40, "x");
  add(b, NULL, "2024", 59.2, 1.2, 108, "y");
  for (long n = 0;; n++) {
    ict_mem_fail_after(n);
    ict_status st = differ(a, b, &d, NULL, NULL);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) break;
    CU_ASSERT_EQUAL_FATAL(st, ICT_FAIL);
    CU_ASSERT_PTR_NULL_FATAL(d);
  }
  ict_table_free(a);
  ict_table_free(b);
  ict_table_free(d);
}

SUITE("run.contrast", TEST(p_values_are_those_of_r), TEST(p_value_inverts_the_quantile),
      TEST(welch_as_in_r), TEST(without_degrees_of_freedom), TEST(refuses_what_cannot_be_compared),
      TEST(survives_short_memory))
