/* test.h - what the files of `test` share: the list of tests, and its flags. */
#ifndef ICT_RUN_TEST_H
#define ICT_RUN_TEST_H

#include "base/mem.h"
#include "base/stream.h"
#include "ictstat/test.h"

/* What is said of a test; in the order of the alphabet, as flags are published. */
enum {
  ICT_TF_CELL_EMPTY,
  ICT_TF_CENSUS,
  ICT_TF_CLASS_DROPPED,
  ICT_TF_DEFINITION_DIFFERS,
  ICT_TF_NO_DF,
  ICT_TF_NO_SE,
  ICT_TF_NO_VARIANCE,
  ICT_TF_ONE_CLASS,
  ICT_TF_REPLICATES_LOST,
  ICT_TF_SINGLE_PSU,
  ICT_TF_SINGULAR,
  ICT_N_TF
};

struct ict_tests {
  ict_arena *arena; /* all texts */
  const char **within;
  size_t n_within;
  ict_test_row *list;
  size_t n, capacity;
  ict_test_statistic statistic;
};

/* Appends a row; its texts and codes must live as long as the list (its arena). flags: bit
 * 1u << ICT_TF_... */
ict_status ict_tests_add(ict_tests *tests, ict_test_row row, unsigned flags, ict_err *err);

/* test_plan.c: the tables of every plan of a plain request. */
ict_status ict_tests_add_plans(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, ict_tests *tests, ict_findings *findings,
                               ict_err *err);
/* test_contrast.c: the contrasts of the request. */
ict_status ict_tests_add_contrasts(const ict_store *store, const ict_catalog *catalog,
                                   const ict_test_request *request, ict_tests *tests,
                                   ict_findings *findings, ict_err *err);

#endif
