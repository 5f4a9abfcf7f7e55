/* estimate.h - sums to value, SE, CI, df, deff. docs/math.md has the formulas.
 *
 * GSL's distribution functions enter by quantile.c (normal) and tails.c (chi-square). */
#ifndef ICT_ESTIMATE_ESTIMATE_H
#define ICT_ESTIMATE_ESTIMATE_H

#include "cube/cube.h"
#include "ictstat/request.h"
#include "replicate/replicate.h"

typedef enum ict_estimator { /* rows of estimators.def */
#define ESTIMATOR(NAME, name, bounded) ICT_EST_##NAME,
#include "estimate/estimators.def"
#undef ESTIMATOR
                             ICT_N_ESTIMATORS
} ict_estimator;

/* "proportion", ... */
const char *ict_estimator_name(ict_estimator kind);

/* Quantiles of Student's t that were worked out already: they depend on the level and on a small
 * whole number alone, and cost more than all else of an estimate. */
enum { ICT_T_KNOWN = 2048 };
typedef struct ict_t_known {
  double p;
  double of_df[ICT_T_KNOWN]; /* 0: not yet */
} ict_t_known;

typedef struct ict_estimate_options {
  ict_ci_method ci; /* a method that the estimator does not have gives its default */
  double level;     /* 0: 0.95 */
  ict_deff_kind deff;
  size_t n_psu_design, n_strata_design; /* of the area and period's whole design */
  bool census;
  ict_df_rule df; /* degf: by the cell's PSUs and strata; design: by n_psu_design above */
  double df_fixed;
  /* Variance by replicates in place of linearisation: of the cell, for a contrast of both cells;
   * NULL: none. theta: scratch of as many numbers as there are replicates. */
  const ict_replicate_cell *replicate;
  double *theta;
  ict_t_known *t_known; /* one thread's, zeroed at first; NULL: none */
} ict_estimate_options;

/* Numbers that do not exist are NaN: everything in an empty cell, limits with df <= 0, SE where
 * every stratum is lonely under `average`, cv of a zero estimate, deff where SRS has no
 * variance. Logit limits at 0 and 1 are the point itself. In natural units (0..1). */
typedef struct ict_estimate_result {
  double estimate, se, cv, ci_low, ci_high, deff, df; /* cv as a fraction of the estimate */
  double pop_weighted;
  uint64_t n, n_psu, n_strata;
  unsigned notes; /* ICT_NOTE_* */
} ict_estimate_result;

enum {
  ICT_NOTE_EMPTY = 1,              /* nobody in the cell: no estimate */
  ICT_NOTE_DF_LOW = 2,             /* df <= 0: no interval */
  ICT_NOTE_LONELY = 4,             /* a single-PSU stratum entered under a policy */
  ICT_NOTE_AT_BORDER = 8,          /* p = 0 or 1: SE is 0, the interval is the point */
  ICT_NOTE_NO_DENOMINATOR = 16,    /* people, but a denominator of zero: no estimate */
  ICT_NOTE_CENSUS = 32,            /* no sample: rules about samples have nothing to say */
  ICT_NOTE_REPLICATES_LOST = 1024, /* replicates without an estimate were left out */
  ICT_NOTE_NO_LIMIT = 1 << 14,   /* of a quantile: a limit of the share below it is beyond 0 or 1 */
  ICT_NOTE_AT_EXTREME = 1 << 15, /* a quantile that is the largest value: its SE is 0 */
  ICT_NOTE_NO_SE = 1 << 16       /* an estimate whose variance nothing tells */
};

void ict_estimate(ict_estimator kind, const ict_sums *sums, const ict_estimate_options *options,
                  ict_estimate_result *out);

/* The first cell's estimate less the second's, or (ratio) over it: two cells of one survey that
 * share no row, with their covariance. df by the strata and PSUs that hold either of them; the
 * interval is t or normal; no deff. An empty cell, or a second estimate of 0 under a ratio:
 * no estimate, as above. In natural units. */
void ict_estimate_contrast(ict_estimator kind, bool ratio, const ict_sums *const sums[2],
                           const ict_pair_sums *pair, const ict_estimate_options *options,
                           ict_estimate_result *out);

/* Degrees of freedom by the rule of the options, for an estimate whose rows lie in n_psu PSUs of
 * n_strata strata. */
double ict_df_by_rule(const ict_estimate_options *options, uint64_t n_psu, uint64_t n_strata);

/* Quantiles that are finite for every p in (0, 1) and df in (0, inf]; -inf and inf at p = 0 and
 * 1, NaN elsewhere. */
double ict_quantile_t(double p, double df);
double ict_quantile_normal(double p);
/* P(|T| > |t|) of Student's t, df in (0, inf]; NaN where df is not. */
double ict_p_value_t(double t, double df);
/* P(F > f) of Fisher's F and P(X > x) of chi-square. Degrees of freedom in (0, inf], of chi-square
 * finite; NaN where they are not, or f or x is negative or NaN. */
double ict_p_value_f(double f, double df1, double df2);
double ict_p_value_chi2(double x, double df);
/* Quantile of the beta distribution, in [0, 1]. A shape of 0 or infinity makes a point mass; others
 * are taken as not below 1e-12 and not above 1e12. NaN only where p is not in [0, 1] or a shape is
 * negative or NaN. */
double ict_quantile_beta(double p, double a, double b);

#endif
