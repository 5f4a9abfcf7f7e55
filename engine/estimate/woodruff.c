/* woodruff.c - from the interval of a share to that of a quantile.
 *
 * In: a weighted sample, the sums of the share below its quantile. Out: an estimate.
 * Owns: nothing.
 *
 * Woodruff 1952; Sarndal, Swensson and Wretman 1992, 5.11; R's svyquantile. docs/math.md,
 * "Quantiles". */
#include "estimate/woodruff.h"

#include <math.h>

ict_ci_method ict_ci_of_quantiles(ict_ci_method ci) { return ci == ICT_CI_DEFAULT ? ICT_CI_T : ci; }

static double critical(const ict_estimate_options *o, double df) {
  double level = o->level > 0 ? o->level : 0.95;
  return ict_quantile_t(0.5 + level / 2, o->ci == ICT_CI_NORMAL ? (double)INFINITY : df);
}

/* The value where the distribution function is at a limit of its interval. */
static double limit_at(const ict_quantile *q, const ict_weighted *v, double share,
                       ict_estimate_result *r) {
  if (share >= 0 && share <= 1) return ict_weighted_quantile(v, share, q->rule);
  if (!isnan(share)) r->notes |= ICT_NOTE_NO_LIMIT;
  return NAN;
}

/* R's repCI: the estimate -+ t SE. */
static void by_replicates(const ict_quantile *q, const ict_estimate_options *o,
                          ict_estimate_result *r) {
  size_t dropped;
  double v = ict_replicate_variance(o->replicate->replicates, q->theta, r->estimate, &dropped);
  if (dropped > 0) r->notes |= ICT_NOTE_REPLICATES_LOST;
  r->se = sqrt(v);
  r->notes &= ~(unsigned)ICT_NOTE_NO_SE; /* the share's */
  if (isnan(r->se)) r->notes |= ICT_NOTE_NO_SE;
  if (!(r->df > 0)) return;
  double half = critical(o, r->df) * r->se;
  r->ci_low = r->estimate - half;
  r->ci_high = r->estimate + half;
}

void ict_estimate_quantile(const ict_quantile *q, const ict_weighted *values, const ict_sums *below,
                           const ict_estimate_options *options, ict_estimate_result *r) {
  ict_estimate_options o = *options;
  o.ci = ict_ci_of_quantiles(options->ci);
  ict_estimate(ICT_EST_QUANTILE, below, &o, r);
  if (r->n == 0) return;
  ict_estimate_result share = *r;
  r->estimate = q->value;
  r->se = r->cv = r->ci_low = r->ci_high = NAN;
  /* No row is above it, so nothing is known of the distribution there. */
  if (share.notes & ICT_NOTE_AT_BORDER) {
    r->notes &= ~(unsigned)ICT_NOTE_AT_BORDER;
    if (!o.census) r->notes |= ICT_NOTE_AT_EXTREME;
  }
  if (o.census) {
    r->se = 0;
    r->ci_low = r->ci_high = q->value;
  } else if (o.ci == ICT_CI_QUANTILE) {
    by_replicates(q, &o, r);
  } else if (share.ci_low == share.ci_high) { /* a share without variance */
    r->se = 0;
    r->ci_low = r->ci_high = q->value;
  } else {
    r->ci_low = limit_at(q, values, share.ci_low, r);
    r->ci_high = limit_at(q, values, share.ci_high, r);
    r->se = (r->ci_high - r->ci_low) / (2 * critical(&o, r->df));
  }
  if (q->value != 0) r->cv = r->se / fabs(q->value);
}
