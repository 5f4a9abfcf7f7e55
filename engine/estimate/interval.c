/* interval.c - confidence limits.
 *
 * In: estimate, SE, df, method, level. Out: limits and their notes.
 * Owns: nothing. */
#include <math.h>

#include "estimate/inside.h"

/* Wald on the logit scale (R's svyciprop "logit"):
 *     logit(p) -+ q SE / (p (1-p)), transformed back. */
static void logit(double q, ict_estimate_result *r) {
  double p = r->estimate;
  double centre = log(p) - log1p(-p);
  double half = q * r->se / (p * (1 - p));
  r->ci_low = 1 / (1 + exp(half - centre));
  r->ci_high = 1 / (1 + exp(-half - centre));
}

void ict_interval(bool bounded, const ict_estimate_options *o, ict_estimate_result *r) {
  bool at_border = bounded && (r->estimate <= 0 || r->estimate >= 1);
  if (at_border) r->notes |= ICT_NOTE_AT_BORDER;
  if (o->census) {
    r->ci_low = r->ci_high = r->estimate;
    return;
  }
  double df = o->ci == ICT_CI_NORMAL ? (double)INFINITY : r->df;
  if (!(df > 0) || isnan(r->se)) return;
  double level = o->level > 0 ? o->level : 0.95;
  double q = ict_quantile_t(0.5 + level / 2, df);
  if (bounded && !at_border && (o->ci == ICT_CI_DEFAULT || o->ci == ICT_CI_LOGIT)) {
    logit(q, r);
  } else {
    r->ci_low = r->estimate - q * r->se;
    r->ci_high = r->estimate + q * r->se;
  }
}
