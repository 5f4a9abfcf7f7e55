/* inside.h - what the files of estimate share. */
#ifndef ICT_ESTIMATE_INSIDE_H
#define ICT_ESTIMATE_INSIDE_H

#include <math.h>

#include "base/mem.h"
#include "estimate/estimate.h"

/* lgamma, but for the sign that it leaves in a variable of the whole process. */
static inline double ict_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

/* An estimate by linearisation, before anything is made of it. */
typedef struct ict_linear {
  double value;    /* NaN: a denominator of zero */
  double variance; /* by the design */
  double unit;     /* what a unit adds to the estimate's variance under SRS: (sum w z^2) W for
                      the linearised z, before n/(n-1) and division by n; see estimate.c */
  double f, g;     /* z = f a - g b; both 0 where the estimate has no such form */
} ict_linear;

ict_linear ict_linear_of(ict_estimator kind, const ict_sums *sums,
                         const ict_estimate_options *options);

/* estimators.c: a variance that is the sum of terms of this size: 0 where it is their rounding, NaN
 * where it is below 0. */
double ict_less_rounding(double variance, double size);

/* What an estimate is before it has a value: all NaN but for the counts and df, notes about the
 * design; false where it is empty. units: whose PSUs and strata count. */
bool ict_estimate_begin(const ict_sums *units, uint64_t n, double w, bool empty,
                        const ict_estimate_options *options, ict_estimate_result *out);

/* estimators.c: the estimator's value, without its shift, from each of n pairs of totals; NaN where
 * it has none. */
void ict_estimator_values(ict_estimator kind, const double *a, const double *b, size_t n,
                          double *value);

#define ESTIMATOR(NAME, name, bounded) \
  ict_linear ict_estimator_##name(const ict_sums *sums, const ict_estimate_options *options);
#include "estimate/estimators.def"
#undef ESTIMATOR

/* beta.c: continued fraction of the incomplete beta function I_x(a, b) without its factor
 * x^a y^b / (a B(a, b)), y = 1 - x; converges fast for x < (a+1)/(a+b+2). */
double ict_beta_fraction(double a, double b, double x, double y);

/* P(B > x) of the beta distribution, y = 1 - x; shapes above 0 and not above 1e12. */
double ict_beta_tail(double a, double b, double x, double y);

#define ICT_SOLVE_MOST 128 /* equations */
/* solve.c: a x = b for a symmetric n x n matrix and n_rhs right sides (b: n x n_rhs, which become
 * x), both by rows. a is used up. False where a is singular as far as doubles can tell. */
bool ict_solve(size_t n, double *a, size_t n_rhs, double *b);

/* interaction.c: (n_rows - 1)(n_cols - 1) contrasts that span a table's interaction, as signs 1, -1
 * and 0 of each cell, row by row; a cell of great weight is in few of them. sign: zeroed. */
ict_status ict_interactions(size_t n_rows, size_t n_cols, const double *weight, ict_arena *arena,
                            double *sign, ict_err *err);

/* replicated.c: the estimate from the cell's totals under replicate r. NaN where there is none. */
double ict_replicated_theta(ict_estimator kind, const ict_sums *sums,
                            const ict_replicate_cell *cell, size_t r,
                            const ict_estimate_options *o);

/* replicated.c: what o->replicate makes of it. The variance of the estimate, and what stands for it
 * in the design effect; NaN where there is none, notes where some are lost. */
double ict_replicated_variance(ict_estimator kind, const ict_sums *sums,
                               const ict_estimate_options *o, ict_estimate_result *r);
double ict_replicated_for_deff(ict_estimator kind, const ict_sums *sums,
                               const ict_estimate_options *o, double variance);
/* By the rank of the weights: of the rows that count, or of all. */
double ict_replicated_df(const ict_estimate_options *o);
/* All of a contrast that is not counts. */
void ict_replicated_contrast(ict_estimator kind, bool ratio, const ict_sums *const sums[2],
                             const ict_estimate_options *o, ict_estimate_result *r);

/* interval.c: fills ci_low, ci_high and notes from estimate, se and df. */
void ict_interval(bool bounded, const ict_estimate_options *options, ict_estimate_result *r);

#endif
