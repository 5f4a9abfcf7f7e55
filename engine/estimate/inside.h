/* inside.h - what the files of estimate share. */
#ifndef ICT_ESTIMATE_INSIDE_H
#define ICT_ESTIMATE_INSIDE_H

#include "estimate/estimate.h"

/* An estimate by linearisation, before anything is made of it. */
typedef struct ict_linear {
  double value;    /* NaN: a denominator of zero */
  double variance; /* by the design */
  double unit;     /* what a unit adds to the estimate's variance under SRS: (sum w z^2) W for
                      the linearised z, before n/(n-1) and division by n; see estimate.c */
} ict_linear;

#define ESTIMATOR(NAME, name, bounded, text) \
  ict_linear ict_estimator_##name(const ict_sums *sums, const ict_estimate_options *options);
#include "estimate/estimators.def"
#undef ESTIMATOR

/* interval.c: fills ci_low, ci_high and notes from estimate, se and df. */
void ict_interval(bool bounded, const ict_estimate_options *options, ict_estimate_result *r);

#endif
