/* publish_table.h - a small hand-made table that the tests of every format share. */
#ifndef ICT_TEST_PUBLISH_TABLE_H
#define ICT_TEST_PUBLISH_TABLE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/table.h"
#include "publish/format.h"
#include "suite.h"

static const ict_code test_sexes[] = {{"M", "Male", NULL}, {"F", "Female", NULL}};
static const ict_codelist test_sex = {.id = "CL_SEX", .n = 2, .codes = test_sexes};
static const ict_code test_areas[] = {{"U", "Urban", NULL}, {"R", "Rural", NULL}};
static const ict_codelist test_urbanisation = {.id = "CL_URB", .n = 2, .codes = test_areas};
static const ict_code test_ages[] = {{"Y15T24", "15 to 24 years old", NULL},
                                     {"Y25T74", "25 to 74 years old", NULL}};
static const ict_codelist test_age = {.id = "CL_AGE", .n = 2, .codes = test_ages};

/* A row of share type with plain numbers; the caller changes what it wants to. */
static inline ict_table_row test_row(const char *const *axes, double estimate, double se) {
  return (ict_table_row){.indicator = "17.8.1",
                         .item = "",
                         .series = "IT_USE_II99",
                         .ref_area = "BRA",
                         .time_period = "2016",
                         .axes = axes,
                         .composite_breakdown = "_T",
                         .estimate = estimate,
                         .unit_measure = "PER_100_POP",
                         .se = se,
                         .cv = 100 * se / estimate,
                         .ci_low = estimate - 2 * se,
                         .ci_high = estimate + 2 * se,
                         .deff = 1.5,
                         .df = 98,
                         .n_unweighted = 1200,
                         .n_psu = 100,
                         .n_strata = 2,
                         .pop_weighted = 2.5e6,
                         .obs_status = "A",
                         .conf_status = "",
                         .nature = "C",
                         .flags = "",
                         .source = "demo-2016"};
}

static inline void test_add(ict_table *t, const ict_table_row *row) {
  if (ict_table_add(t, row, NULL) != ICT_OK) abort();
}

/* Internet use by sex, age and sex x urbanisation; two skills of which one has no SDMX code. */
static inline ict_table *test_table(void) {
  ict_table *t = ict_table_new();
  if (!t) abort();
  ict_table_add_axis(t, "sex", &test_sex, NULL, NULL);
  ict_table_add_axis(t, "age", &test_age, NULL, NULL);
  ict_table_add_axis(t, "urbanisation", &test_urbanisation, NULL, NULL);
  ict_table_add_indicator(t, "17.8.1", "Proportion of individuals using the Internet", NULL);
  ict_table_add_flag(t, "n_lt_25", "fewer than 25 unweighted cases", NULL);
  ict_table_set_level(t, 0.95);
  const char *total[4] = {NULL}, *male[4] = {"M"}, *female[4] = {"F"}, *young[4] = {NULL, "Y15T24"},
             *old[4] = {NULL, "Y25T74"}, *rural_women[4] = {"F", NULL, "R"};
  ict_table_row row = test_row(total, 53.9075, 1.25);
  test_add(t, &row);
  row = test_row(male, 55.5, 1.5);
  test_add(t, &row);
  row = test_row(female, 52.25, 2.125);
  test_add(t, &row);
  row = test_row(young, 100, 0);
  test_add(t, &row);
  row = test_row(old, 0.1 + 0.2, 1e-7);
  test_add(t, &row);
  row = test_row(rural_women, 40, 10);
  row.n_unweighted = 24;
  row.flags = "n_lt_25";
  row.obs_status = "U";
  test_add(t, &row);
  return t;
}

/* The table in a format, as text; ict_free. NULL with err where it was refused. */
static inline char *test_written(const ict_table *t, const char *format, ict_err *err) {
  ict_out *out;
  size_t len;
  if (ict_table_sort((ict_table *)t, err) != ICT_OK) return NULL;
  if (ict_out_memory(&out, err) != ICT_OK) return NULL;
  if (ict_format_find(format)->write(t, 1, out, err) != ICT_OK) {
    ict_out_discard(out);
    return NULL;
  }
  return ict_out_take(out, &len, err);
}

/* Written in the format, it is just this text. */
static inline void test_expect(const ict_table *t, const char *format, const char *expected) {
  ict_err err = {0};
  char *text = test_written(t, format, &err);
  if (!text) fprintf(stderr, "refused: %s\n", err.what);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_STRING_EQUAL(text, expected);
  if (strcmp(text, expected) != 0) fprintf(stderr, "got:\n%s\nexpected:\n%s\n", text, expected);
  ict_free(text);
}

#endif
