/* request.h - what is asked of a computation. Belongs to: engine/estimate (the lowest room
 * that obeys it). */
#ifndef ICTSTAT_REQUEST_H
#define ICTSTAT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ict_ci_method {
  ICT_CI_DEFAULT, /* logit for proportions, t otherwise */
  ICT_CI_LOGIT,   /* proportions only: Wald on the logit scale, back-transformed */
  ICT_CI_T,       /* estimate +- t quantile * SE */
  ICT_CI_NORMAL,  /* estimate +- normal quantile * SE (infinite df) */
  /* Proportions only, and t otherwise; as R's svyciprop has them. */
  ICT_CI_BETA,       /* Korn and Graubard: Clopper-Pearson with an effective sample size */
  ICT_CI_WILSON,     /* score interval with an effective sample size */
  ICT_CI_ASIN,       /* Wald on the arcsine square root scale, back-transformed */
  ICT_CI_LIKELIHOOD, /* scaled likelihood ratio of Rao and Scott */
  /* Quantiles only, and the default otherwise; needs replicates. */
  ICT_CI_QUANTILE /* estimate +- t quantile * SE, from the quantile of each replicate */
} ict_ci_method;

/* How a quantile is read off a weighted sample: R's svyquantile(qrule =). */
typedef enum ict_quantile_rule {
  ICT_QUANTILE_MATH,   /* the smallest value with at least the share p at or below it */
  ICT_QUANTILE_SCHOOL, /* the same; halfway to the next where the share is p exactly */
  ICT_QUANTILE_HF3,    /* and the other definitions of Hyndman and Fan (1996) */
  ICT_QUANTILE_HF4,
  ICT_QUANTILE_HF5,
  ICT_QUANTILE_HF6,
  ICT_QUANTILE_HF7,
  ICT_QUANTILE_HF8,
  ICT_QUANTILE_HF9
} ict_quantile_rule;

/* Degrees of freedom of the intervals. */
typedef enum ict_df_rule {
  ICT_DF_DEGF,   /* PSUs less strata among the rows that count: R's degf() of the domain */
  ICT_DF_DESIGN, /* PSUs less strata of the whole area and period */
  ICT_DF_FIXED,  /* a number: df_fixed */
  ICT_DF_INF     /* infinite: the normal distribution */
} ict_df_rule;

typedef enum ict_deff_kind {
  ICT_DEFF_WR, /* against SRS with replacement: R survey's deff = "replace" */
  ICT_DEFF_WOR /* against SRS without replacement: R survey's deff = TRUE; needs expansion weights
                */
} ict_deff_kind;

/* Tests of no association (R's svychisq): of Pearson's chi-square with Rao and Scott's second-order
 * correction, with their first-order one, Wald's, and Wald's adjusted for few PSUs. */
typedef enum ict_test_statistic {
  ICT_TEST_F,
  ICT_TEST_CHISQ,
  ICT_TEST_WALD,
  ICT_TEST_ADJWALD
} ict_test_statistic;

typedef struct ict_request {
  /* Indicators by id or SDMX series; n 0: all that the store can answer. */
  const char *const *indicators;
  size_t n_indicators;
  /* Breakdowns as on the command line: "sex", "sex,age:ten-year", "cube(sex,age)". The total is
   * always there. */
  const char *const *by;
  size_t n_by;
  ict_ci_method ci;
  double level; /* of the interval; 0: 0.95 */
  ict_deff_kind deff;
  const char *profile;          /* reliability profile; NULL: "dhs" */
  int threads;                  /* 0: all cores; the result does not depend on it; 1 in a child
                                 * that was forked after OpenMP has run, as its threads stay behind */
  const ict_progress *progress; /* may be NULL */
  /* Comparisons of two classes, "sex:F-M" (a difference) or "sex:F/M" (a ratio), computed within
   * the total and every breakdown. */
  const char *const *contrasts;
  size_t n_contrasts;
  ict_df_rule df;
  double df_fixed; /* > 0; for ICT_DF_FIXED */
  /* Variance by replicates. NULL: by the replicate weights of the data where it has some, else by
   * linearisation; "none": by linearisation; else made from the design: "jk1", "jkn", "brr",
   * "fay:0.5", "sdr:80" (successive differences), "bootstrap:500" (Canty-Davison),
   * "subbootstrap:500" (Rao-Wu), "mrbbootstrap:500" (Preston, all stages). */
  const char *replicates;
  unsigned long long seed; /* of the bootstraps; the same seed, the same replicates */
  bool mse;                /* those made from the design: about the full estimate, not their mean */
  bool ultimate_cluster;   /* the first stage alone: stages below it are left out */
  /* Of ict_test alone: the last so many axes of each breakdown make a table; 0: none is tested. */
  size_t n_tested;
  const char *everyone; /* NULL, or a unit: no indicator, but the number of these units in scope */
  ict_quantile_rule quantile_rule;
} ict_request;

#ifdef __cplusplus
}
#endif
#endif
