/* weighted.h - a weighted sample in order, and its quantiles.
 *
 * As R's svyquantile has them, but for two cases where R (4.1-1) errs: below the first step R reads
 * off the second value, and hf4 has none at p = 1. Here these are the first and the last value. */
#ifndef ICT_ESTIMATE_WEIGHTED_H
#define ICT_ESTIMATE_WEIGHTED_H

#include <stddef.h>

#include "ictstat/request.h"

/* Values ascending, equal ones by weight (rules that interpolate tell them apart), weights > 0. */
typedef struct ict_weighted {
  size_t n;
  const double *y, *w;
  const double *sum; /* of the weights up to here, each correctly rounded: ict_running_sums */
} ict_weighted;

/* In twice the precision, so that a share that is p exactly is found to be so. */
void ict_running_sums(const double *w, size_t n, double *sum);

/* The quantile at p in [0, 1]; NaN where n is 0 or p is NaN. */
double ict_weighted_quantile(const ict_weighted *v, double p, ict_quantile_rule rule);

#endif
