/* estimators.c - value, design variance and SRS variance of each estimator.
 *
 * In: the sums of one cell and measure. Out: an ict_linear.
 * Owns: nothing.
 *
 * Taylor linearisation (Särndal, Swensson and Wretman 1992, sections 5.5-5.7): the estimate
 * behaves as the total of z, and z is linear in the kept totals (a, b), so its variance is a
 * quadratic form in V. docs/math.md has each formula under the estimator's name. */
#include <math.h>

#include "estimate/inside.h"

/* What is left of a difference below this share of its terms is their rounding, not variance:
 * a mean over one PSU's identical values has SE 0, not 1e-8 of its size. */
#define ROUNDING 1e-14
/* And below this, it is negative indeed, as Horvitz and Thompson's estimator under PPS can be: no
 * variance. */
#define NEGATIVE 1e-9

double ict_less_rounding(double v, double size) {
  if (v < -NEGATIVE * size) return NAN;
  return v < ROUNDING * size ? 0 : v;
}

/* Variance of the total of z = f a - g b. */
static double quadratic_form(const ict_sums *s, double f, double g) {
  double aa = f * f * s->v_aa, ab = 2 * f * g * s->v_ab, bb = g * g * s->v_bb;
  return ict_less_rounding(aa - ab + bb, fabs(aa) + fabs(ab) + fabs(bb));
}

/* Sum of w (y - r x)^2 of the rows, about its mean, rounding taken out: of its terms, and what
 * means of values that are all the same leave beside themselves when strata are joined. */
static double spread(const ict_sums *s, double r) {
  double aa = s->q_aa, ab = 2 * r * s->q_ab, bb = r * r * s->q_bb;
  double left = ict_less_rounding(aa - ab + bb, fabs(aa) + fabs(ab) + fabs(bb));
  double bulk = ROUNDING * s->a;
  return left * s->w < bulk * bulk ? 0 : left;
}

/* p = A/(A+B); z = ((1-p) yes - p no) / X. With yes and no instead of yes and all, every term
 * vanishes at p = 0 and at p = 1, and 1 - p = B/X is not a difference. */
ict_linear ict_estimator_proportion(const ict_sums *s, const ict_estimate_options *o) {
  (void)o;
  double x = s->a + s->b;
  double p = s->a / x, q = s->b / x;
  return (ict_linear){
      .value = p,
      .variance = quadratic_form(s, q, p) / (x * x),
      .unit = p * q, /* sum w (yes - p)^2 = X p q; times W = X, over X^2 */
      .f = q / x,
      .g = p / x,
  };
}

/* R = A/B; z = (y - R x) / B. The mean is the ratio with x = 1. z does not change when y is fed as
 * y - c x and R taken as R - c, so only the value needs the shift back. */
ict_linear ict_estimator_ratio(const ict_sums *s, const ict_estimate_options *o) {
  (void)o;
  double b2 = s->b * s->b;
  double r = s->b != 0 ? s->a / s->b : (double)NAN;
  return (ict_linear){
      .value = r + s->shift,
      .variance = quadratic_form(s, 1, r) / b2,
      .unit = spread(s, r) * s->w / b2,
      .f = 1 / s->b,
      .g = r / s->b,
  };
}

ict_linear ict_estimator_mean(const ict_sums *s, const ict_estimate_options *o) {
  return ict_estimator_ratio(s, o);
}

/* T = A; z = y. */
ict_linear ict_estimator_total(const ict_sums *s, const ict_estimate_options *o) {
  (void)o;
  return (ict_linear){.value = s->a, .variance = s->v_aa, .unit = spread(s, 0) * s->w, .f = 1};
}

/* T = A; z = yes. */
ict_linear ict_estimator_count(const ict_sums *s, const ict_estimate_options *o) {
  (void)o;
  return (ict_linear){.value = s->a, .variance = s->v_aa, .unit = s->a * s->b, .f = 1};
}

/* What is summed up for a quantile is the share at or below it (woodruff.c). */
ict_linear ict_estimator_quantile(const ict_sums *s, const ict_estimate_options *o) {
  return ict_estimator_proportion(s, o);
}

/* The ratio of the part to the whole. */
ict_linear ict_estimator_share(const ict_sums *s, const ict_estimate_options *o) {
  return ict_estimator_ratio(s, o);
}

/* ---- values alone, many at a time -------------------------------------------------------- */

/* x - x is 0 but for what is not finite, of which it makes NaN. */
static inline double or_nan(double x) { return x + 0 * (x - x); }

void ict_estimator_values(ict_estimator kind, const double *restrict a, const double *restrict b,
                          size_t n, double *restrict value) {
  switch (kind) {
    case ICT_EST_PROPORTION:
    case ICT_EST_QUANTILE:
      for (size_t i = 0; i < n; i++) value[i] = or_nan(a[i] / (a[i] + b[i]));
      return;
    case ICT_EST_RATIO:
    case ICT_EST_MEAN:
    case ICT_EST_SHARE:
      for (size_t i = 0; i < n; i++) value[i] = or_nan(a[i] / b[i]);
      return;
    case ICT_EST_TOTAL:
    case ICT_EST_COUNT:
    case ICT_N_ESTIMATORS:
      for (size_t i = 0; i < n; i++) value[i] = or_nan(a[i]);
  }
}
