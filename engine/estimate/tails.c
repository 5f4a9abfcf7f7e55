/* tails.c - P values of Fisher's F and of chi-square.
 *
 * In: a statistic, degrees of freedom. Out: the upper tail, never NaN for what a test can give.
 * Owns: nothing.
 *
 * F's tail is the beta distribution's (Abramowitz and Stegun 26.6.2), whose tail beta.c has to full
 * precision for shapes that are no whole numbers, too: ndf and ddf of Rao and Scott are none. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "estimate/inside.h"

#define LEAST_DF \
  1e-6 /* shapes for which beta.c has every digit; what is beyond is as good as this */
#define MOST_DF 1e12

double ict_p_value_chi2(double x, double df) {
  if (!(x >= 0 && df > 0) || isinf(df)) return NAN;
  /* GSL ends the process where the tail is too far out for its series; there it is 0 in doubles:
   * log P < -x/2 + df/2 (1 + log(x/df)) for x > df. */
  if (x > df && -x + df * (1 + log(x / df)) < -1500) return 0;
  return gsl_cdf_chisq_Q(x, df);
}

double ict_p_value_f(double f, double df1, double df2) {
  if (!(f >= 0 && df1 > 0 && df2 > 0) || isinf(df1)) return NAN;
  if (f == 0 || isinf(f)) return f == 0;
  if (isinf(df2)) return ict_p_value_chi2(fmin(f * df1, 1e300), df1);
  double d1 = fmin(fmax(df1, LEAST_DF), MOST_DF), d2 = fmin(fmax(df2, LEAST_DF), MOST_DF);
  double odds = d1 / d2 * f; /* x/(1-x) of the beta's x */
  if (isinf(odds)) return 0;
  return ict_beta_tail(d1 / 2, d2 / 2, odds / (1 + odds), 1 / (1 + odds));
}
