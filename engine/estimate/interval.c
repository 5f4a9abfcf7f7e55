/* interval.c - confidence limits.
 *
 * In: estimate, SE, df, n, method, level. Out: limits and their notes.
 * Owns: nothing.
 *
 * Methods for shares follow R's svyciprop; docs/math.md, "Intervals", has each under its name.
 * All but logit need of the design no more than the effective sample size p (1-p) / V. */
#include <math.h>

#include "estimate/inside.h"

#define MOST_STEPS 100 /* of Newton's method; five are usual */

typedef struct share {
  double p, q;  /* q = 1 - p */
  double n;     /* rows that count */
  double n_eff; /* of an SRS with replacement of the same variance */
  double t;     /* quantile of Student's t with the df */
  double half;  /* (1 - level) / 2 */
  double upper; /* 0.5 + level / 2 */
} share;

typedef struct limits {
  double low, high;
} limits;

static double from_logit(double s) { return 1 / (1 + exp(-s)); }

/* logit(p) -+ t SE / (p q), transformed back; SE / (p q) = 1 / sqrt(n_eff p q). */
static limits logit(double se, const share *s) {
  double centre = log(s->p) - log1p(-s->p);
  double half = s->t * se / (s->p * (1 - s->p));
  return (limits){from_logit(centre - half), from_logit(centre + half)};
}

/* Korn and Graubard 1998: Clopper and Pearson's limits for n_eff, which is corrected for the df
 * of its variance: never upwards, as a rule other than R's may give more df than n - 1. */
static limits beta(const share *s) {
  double t_rows = ict_quantile_t(s->upper, s->n - 1);
  double correction = s->n > 1 ? fmin(t_rows / s->t, 1) : 1;
  double n = s->n_eff * correction * correction;
  return (limits){ict_quantile_beta(s->half, n * s->p, n * s->q + 1),
                  ict_quantile_beta(1 - s->half, n * s->p + 1, n * s->q)};
}

/* Wilson 1927: the shares that a score test does not reject. Each limit by the product of the
 * two roots, so that it is exact at 0 and 1. */
static limits wilson(const share *s) {
  double c = s->t * s->t / s->n_eff, half = s->t * sqrt(s->p * s->q / s->n_eff + c / s->n_eff / 4);
  return (limits){s->p * s->p / (s->p + c / 2 + half), 1 - s->q * s->q / (s->q + c / 2 + half)};
}

/* asin(sqrt p) -+ t / (2 sqrt(n_eff)), transformed back; beyond 0 and pi/2 is 0 and 1. */
static limits asine(const share *s) {
  double centre = asin(sqrt(s->p)), half = s->t / (2 * sqrt(s->n_eff));
  double low = sin(fmax(centre - half, 0)), high = sin(fmin(centre + half, M_PI / 2));
  return (limits){low * low, high * high};
}

/* p log(p/x) + q log(q/(1-x)) for logit(x) = s. */
static double divergence(const share *s, double logit_x) {
  double own = (s->p > 0 ? s->p * log(s->p) : 0) + (s->q > 0 ? s->q * log(s->q) : 0);
  double log_odds = fmax(logit_x, 0) + log1p(exp(-fabs(logit_x))); /* -log(1-x) */
  return own - s->p * logit_x + log_odds;
}

/* The share on one side of p where the divergence is `most`. Convex in the logit, and the start
 * lies beyond the root, so that no step of Newton's method passes it. */
static double divergent(const share *s, double most, bool above) {
  double mass = above ? s->q : s->p;
  if (mass == 0) return above; /* p is 0 or 1 itself: the limit on this side is p */
  double x = (most - divergence(s, 0) + M_LN2) / mass * (above ? 1 : -1);
  for (int i = 0; i < MOST_STEPS; i++) {
    double slope = from_logit(x) - s->p;
    double step = slope != 0 ? (most - divergence(s, x)) / slope : 0;
    x += step;
    if (!(fabs(step) > 1e-15 * fmax(1, fabs(x)))) break;
  }
  return from_logit(x);
}

/* Rao and Scott's scaled likelihood ratio, 2 n_eff divergence = t^2 times the dispersion
 * n/(n-1) that R's quasi-binomial fit has. */
static limits likelihood(const share *s) {
  double dispersion = s->n > 1 ? s->n / (s->n - 1) : 1;
  double most = s->t * s->t * dispersion / (2 * s->n_eff);
  return (limits){divergent(s, most, false), divergent(s, most, true)};
}

static bool by_n_eff(ict_ci_method ci) {
  return ci == ICT_CI_BETA || ci == ICT_CI_WILSON || ci == ICT_CI_ASIN || ci == ICT_CI_LIKELIHOOD;
}

static limits of_share(ict_ci_method ci, double se, const share *s) {
  switch (ci) {
    case ICT_CI_BETA:
      return beta(s);
    case ICT_CI_WILSON:
      return wilson(s);
    case ICT_CI_ASIN:
      return asine(s);
    case ICT_CI_LIKELIHOOD:
      return likelihood(s);
    case ICT_CI_T:
    case ICT_CI_NORMAL:
      return (limits){s->p - s->t * se, s->p + s->t * se};
    case ICT_CI_DEFAULT:
    case ICT_CI_QUANTILE:
    case ICT_CI_LOGIT:
      break;
  }
  return logit(se, s);
}

static double t_quantile(const ict_estimate_options *o, double p, double df) {
  ict_t_known *known = o->t_known;
  if (!known || !(df < ICT_T_KNOWN) || df != floor(df)) return ict_quantile_t(p, df);
  if (known->p != p) *known = (ict_t_known){.p = p};
  double *t = &known->of_df[(size_t)df];
  if (*t == 0) *t = ict_quantile_t(p, df);
  return *t;
}

void ict_interval(bool bounded, const ict_estimate_options *o, ict_estimate_result *r) {
  bool at_border = bounded && (r->estimate <= 0 || r->estimate >= 1);
  if (at_border) r->notes |= ICT_NOTE_AT_BORDER;
  if (o->census) {
    r->ci_low = r->ci_high = r->estimate;
    return;
  }
  double df = o->ci == ICT_CI_NORMAL ? (double)INFINITY : r->df;
  if (isnan(r->se)) r->notes |= ICT_NOTE_NO_SE;
  if (!(df > 0) || isnan(r->se)) return;
  double level = o->level > 0 ? o->level : 0.95;
  share s = {.p = r->estimate,
             .q = 1 - r->estimate,
             .n = (double)r->n,
             .half = 0.5 - level / 2,
             .upper = 0.5 + level / 2};
  s.t = t_quantile(o, s.upper, df);
  limits l = {r->estimate - s.t * r->se, r->estimate + s.t * r->se};
  if (bounded && (r->se > 0 || (at_border && by_n_eff(o->ci)))) {
    /* Nobody or everybody: no variance to tell the design effect by, so it is taken as 1. */
    s.n_eff = at_border ? s.n : s.p * s.q / (r->se * r->se);
    l = of_share(o->ci, r->se, &s);
  }
  r->ci_low = l.low;
  r->ci_high = l.high;
}
