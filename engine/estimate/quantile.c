/* quantile.c - quantiles of the normal and of Student's t; the door to GSL's normal quantile.
 *
 * In: p, df. Out: quantiles that are finite inside (0, 1).
 * Owns: nothing.
 *
 * GSL has a t quantile too, but on ordinary arguments (df 0.5 to 5, far tails) it does not
 * converge and its error handler ends the process; near the centre it keeps only some ten
 * digits. Here the tail probability is a continued fraction times the density, and Newton's
 * method inverts it; tests compare it with R's qt. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <math.h>

#include "estimate/inside.h"

#define MOST_STEPS 100 /* of Newton's method; five are usual */
#define LARGE_DF   1e5 /* from here the expansion about the normal has every digit */

double ict_quantile_normal(double p) {
  if (!(p >= 0 && p <= 1)) return NAN;
  if (p == 0 || p == 1) return p == 0 ? -(double)INFINITY : (double)INFINITY;
  return gsl_cdf_ugaussian_Pinv(p);
}

/* log of Gamma((v+1)/2) / (sqrt(v pi) Gamma(v/2)), the density's constant. */
static double log_constant(double v) {
  double a = v / 2;
  if (v < 60) return ict_lgamma(a + 0.5) - ict_lgamma(a) - 0.5 * log(v * M_PI);
  /* The difference of two large lgammas loses digits; its series does not (Tricomi and
   * Erdelyi 1951: Gamma(a + 1/2) / (Gamma(a) sqrt a)). */
  double r = 1 / (a * a);
  return -(1 - r * (1.0 / 24 - r * (1.0 / 80 - r * 17.0 / 1792))) / (8 * a) - 0.5 * log(2 * M_PI);
}

/* For t > 0, with f the density, P(0 < T < t) = f t CF(1/2, v/2; t^2/(v+t^2)) and
 * P(T > t) = f t/v CF(v/2, 1/2; v/(v+t^2)): the beta function's factor is f t. Whichever
 * fraction converges is taken; the other half is 1/2 less it. Both over f t, as far tails
 * underflow. */
typedef struct halves {
  double inner, outer; /* over f t */
  double log_ft;
} halves;

static halves split(double log_t, double v, double log_k) {
  double ratio = exp(2 * log_t) / v; /* t^2/v; may overflow, then x = 0 */
  double x = 1 / (1 + ratio);
  double y = isinf(ratio) ? 1 : ratio * x;
  double log_one_plus = isinf(ratio) ? 2 * log_t - log(v) : log1p(ratio);
  halves h = {.log_ft = log_k - (v + 1) / 2 * log_one_plus + log_t};
  if (x < (v + 2) / (v + 5)) {
    h.outer = ict_beta_fraction(v / 2, 0.5, x, y) / v;
    h.inner = 0.5 / exp(h.log_ft) - h.outer;
  } else {
    h.inner = ict_beta_fraction(0.5, v / 2, y, x);
    h.outer = 0.5 / exp(h.log_ft) - h.inner;
  }
  return h;
}

/* Expansion in 1/v about the normal quantile; Abramowitz and Stegun 26.7.5. */
static double expand(double z, double v) {
  double s = z * z;
  double g1 = (s + 1) / 4;
  double g2 = ((5 * s + 16) * s + 3) / 96;
  double g3 = (((3 * s + 19) * s + 17) * s - 15) / 384;
  double g4 = ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
  return z * (1 + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v);
}

/* t with P(0 < T < t) = inner, for inner < 1/4: Newton's method on a concave function. */
static double near_centre(double inner, double v) {
  double log_k = log_constant(v);
  double t = inner / exp(log_k);
  for (int i = 0; i < MOST_STEPS; i++) {
    halves h = split(log(t), v, log_k);
    double step = inner / exp(h.log_ft) - h.inner; /* relative to t */
    t += t * step;
    if (!(fabs(step) > 1e-15)) break;
  }
  return t;
}

/* t with P(T > t) = outer, for outer <= 1/4: Newton's method on log P over log t, which is
 * concave, so that steps from the right never pass the root. */
static double in_tail(double outer, double v) {
  double log_k = log_constant(v);
  /* Right of the root: P(T > t) < K v^((v-1)/2) t^-v. */
  double s = (log_k + (v - 1) / 2 * log(v) - log(outer)) / v;
  double z = -ict_quantile_normal(outer);
  if (v > z * z) s = log(expand(z, v));
  for (int i = 0; i < MOST_STEPS; i++) {
    halves h = split(s, v, log_k);
    double step = h.outer * (h.log_ft + log(h.outer) - log(outer));
    s += step;
    if (!(fabs(step) > 1e-15)) break;
  }
  return exp(s);
}

double ict_p_value_t(double t, double df) {
  t = fabs(t);
  if (isnan(t) || !(df > 0)) return NAN;
  if (t == 0 || isinf(t)) return t == 0 ? 1 : 0;
  if (isinf(df)) return erfc(t * M_SQRT1_2);
  halves h = split(log(t), df, log_constant(df));
  return 2 * h.outer * exp(h.log_ft);
}

double ict_quantile_t(double p, double df) {
  if (!(p > 0 && p < 1) || isinf(df)) return df > 0 ? ict_quantile_normal(p) : (double)NAN;
  if (!(df > 0)) return NAN;
  double outer = p < 0.5 ? p : 1 - p;
  double t;
  if (p == 0.5) {
    t = 0;
  } else if (df == 1) {
    t = 1 / tan(M_PI * outer);
  } else if (df == 2) {
    t = fabs(2 * p - 1) / sqrt(2 * outer * (1 - outer));
  } else if (df >= LARGE_DF) {
    t = expand(fabs(ict_quantile_normal(p)), df);
  } else if (outer >= 0.25) {
    t = near_centre(fabs(p - 0.5), df);
  } else {
    t = in_tail(outer, df);
  }
  if (isinf(t)) t = GSL_DBL_MAX; /* df well below 1 */
  return p < 0.5 ? -t : t;
}
