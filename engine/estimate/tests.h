/* tests.h - tests of no association, from the totals of a table's cells and their covariance.
 * docs/math.md, "Tests", has the formulas. */
#ifndef ICT_ESTIMATE_TESTS_H
#define ICT_ESTIMATE_TESTS_H

#include "estimate/estimate.h"

/* The cells of one table as the pass left them. */
typedef struct ict_joint {
  size_t n;                        /* cells */
  const ict_sums *sums;            /* n */
  const double *v;                 /* 2n x 2n design covariance of (a_0, b_0, a_1, b_1 ...); NaN
                                      where there is none; NULL with replicates */
  const ict_replicate_cell *cells; /* n totals under replicates; NULL: linearised */
  const ict_estimate_options *options;
  double df; /* PSUs less strata of the table's rows, or by another rule */
} ict_joint;

typedef struct ict_test_result { /* NaN where there is none; a note says why */
  double statistic, ndf, ddf, p;
  bool is_t; /* the statistic is Student's t with ddf, of the second class less the first */
  size_t n_rows, n_cols; /* of the table, classes without anybody dropped */
  unsigned notes;        /* ICT_TEST_* and ICT_NOTE_REPLICATES_LOST */
} ict_test_result;

enum {
  ICT_TEST_ONE_CLASS = 2,   /* fewer than two rows or columns have anybody: nothing to test */
  ICT_TEST_CELL_EMPTY = 4,  /* classes that both occur never meet */
  ICT_TEST_NO_VARIANCE = 8, /* every PSU has the same table: no sampling error, no test */
  ICT_TEST_NO_SE = 16,      /* the variance cannot be told: all strata lonely, negative */
  ICT_TEST_SINGULAR = 32,   /* too few PSUs for so many cells, or too many empty cells */
  ICT_TEST_DF_LOW = 64,     /* no degrees of freedom are left */
  ICT_TEST_CENSUS = 128     /* no sample: no test */
};

/* A table of 2 rows (a: yes, b: no) and joint->n columns; or, n_cols > 0, of joint->n / n_cols
 * rows, cell (i, j) being number i n_cols + j, of the totals a. */
ict_status ict_test_table(const ict_joint *joint, size_t n_cols, ict_test_statistic statistic,
                          ict_test_result *out, ict_err *err);
/* That the estimates of all cells are the same: t for two, else Wald's F. */
ict_status ict_test_same(ict_estimator kind, const ict_joint *joint, ict_test_result *out,
                         ict_err *err);

#endif
