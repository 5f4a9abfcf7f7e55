/* test.h - tests of no association between an indicator and a breakdown, between two variables, and
 * of contrasts. Belongs to: engine/run. docs/math.md, "Tests", has the method. */
#ifndef ICTSTAT_TEST_H
#define ICTSTAT_TEST_H

#include "ictstat/catalog.h"
#include "ictstat/request.h"
#include "ictstat/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_test_request {
  /* What is tested, and how variances are made. `by`: one axis each, tested with each indicator;
   * `contrasts`: that the difference is 0, the ratio 1. */
  ict_request compute;
  ict_test_statistic statistic; /* of tables; means have t or Wald's F */
  const char *within;           /* "urbanisation" or "sex,urbanisation": each test also in each of
                                   their classes; NULL: in all together only */
  const char *const *tables;    /* "education_lev,sex": two axes each, tested with one another among
                                   all units in scope */
  size_t n_tables;
  const char *unit; /* of the tables, where several units have both variables */
} ict_test_request;

typedef struct ict_test_row {
  const char *indicator, *item; /* "" for a table of two axes */
  const char *ref_area, *time_period;
  const char *const *within; /* n_within codes, "_T" where the test is within all classes */
  const char *table;         /* "sex", "education_lev x sex", or the contrast "sex:F-M" */
  const char *statistic;     /* "F", "chisq", "wald", "adjwald", "t" */
  const char *classes;       /* that were compared: "2x3", rows and columns; "2" of a t test */
  double value, ndf, ddf,
      p; /* NaN where they do not exist; flags say why. ddf of chi-square: inf */
  uint64_t n_unweighted, n_psu, n_strata;
  const char *flags; /* joined by ';', sorted */
  const char *source;
} ict_test_row;

typedef struct ict_tests ict_tests;

/* Caller frees. Findings (may be NULL): what could not be tested and why. */
ict_status ict_test(const ict_store *store, const ict_catalog *catalog,
                    const ict_test_request *request, ict_tests **out, ict_findings *findings,
                    ict_err *err);
size_t ict_tests_count(const ict_tests *tests);
const ict_test_row *ict_tests_at(const ict_tests *tests, size_t i); /* borrowed */
/* Names of the axes of `within`. */
size_t ict_tests_n_within(const ict_tests *tests);
const char *ict_tests_within_name(const ict_tests *tests, size_t i);
/* What a flag means; NULL where it is none. */
const char *ict_tests_flag_about(const char *flag);
/* format: "table", "csv" or "json"; path as for ict_table_write. */
ict_status ict_tests_write(const ict_tests *tests, const char *format, const char *path,
                           ict_err *err);
void ict_tests_free(ict_tests *tests);

#ifdef __cplusplus
}
#endif
#endif
