/* woodruff.h - the error of a quantile: Woodruff's interval, or the quantile of each replicate. */
#ifndef ICT_ESTIMATE_WOODRUFF_H
#define ICT_ESTIMATE_WOODRUFF_H

#include "estimate/estimate.h"
#include "estimate/weighted.h"

/* A quantile and what it was read off. */
typedef struct ict_quantile {
  double p;
  ict_quantile_rule rule;
  double value;        /* ict_weighted_quantile of p */
  const double *theta; /* with ICT_CI_QUANTILE: the quantile of each replicate; else NULL */
} ict_quantile;

/* below: sums of the cell with yes where a value is not above the quantile. The interval is that of
 * this share by options->ci (default: t), its limits read off the sample by the same rule; the SE
 * is its width over twice the quantile of t. A limit of the share outside [0, 1] has no value: no
 * limit, no SE, a note. deff is the share's. With ICT_CI_QUANTILE, SE and interval are
 * made from the quantiles of the replicates. */
void ict_estimate_quantile(const ict_quantile *quantile, const ict_weighted *values,
                           const ict_sums *below, const ict_estimate_options *options,
                           ict_estimate_result *out);

/* The method that a request comes to for quantiles: never DEFAULT. */
ict_ci_method ict_ci_of_quantiles(ict_ci_method ci);

#endif
