/* beta.c - the incomplete beta function and quantiles of the beta distribution.
 *
 * In: p, shape parameters. Out: quantiles inside [0, 1] whatever the arguments.
 * Owns: nothing.
 *
 * GSL's beta quantile gives NaN on ordinary arguments and ends the process by its error handler.
 * Here the logit s of the variable is sought: its density is log-concave, so log P(S < s) and
 * log P(S > s) are concave, and Newton's method on them converges from any start, from the first
 * or second step on from one side. Tests compare it with R's qbeta. */
#include <float.h>
#include <math.h>

#include "estimate/inside.h"

#define MOST_TERMS    50000 /* of the continued fraction; some sqrt(a + b) are needed */
#define MOST_STEPS    200   /* of Newton's method; five to ten are usual */
#define LARGE         15    /* from here Stirling's series has every digit */
#define NORMAL        1e9 /* from here, for both shapes, three terms of an expansion have every digit */
#define MOST_SHAPE    1e12
#define LEAST_SHAPE   1e-12
#define HALF_LOG_2_PI 0.91893853320467274178

/* DiDonato and Morris 1992 (ACM TOMS 18, equation 9), evaluated as Lentz does. Its terms take
 * a y - b x, x's distance from the mean, so that nothing is lost where x or y is all but 1. */
double ict_beta_fraction(double a, double b, double x, double y) {
  const double tiny = 1e-300;
  double off = a * y - b * x;
  double f = a / (a + 1) * (off + 1), c, d = 0;
  f = c = fabs(f) < tiny ? tiny : f;
  for (int i = 1; i <= MOST_TERMS; i++) {
    double m = a + (2.0 * i - 1), w = i * (b - i) * x;
    double alpha = (a + (i - 1)) / m * ((a + b + (i - 1)) / m) * (w * x);
    double beta = i + w / m + (a + i) / (m + 2) * (off + 1 + i * (1 + y));
    d = beta + alpha * d;
    c = beta + alpha / c;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    c = fabs(c) < tiny ? tiny : c;
    f *= d * c;
    if (fabs(d * c - 1) < 1e-16) break;
  }
  return a / f;
}

/* log Gamma(a) less Stirling's formula (a - 1/2) log a - a + log(2 pi)/2. */
static double stirling_error(double a) {
  if (a < LARGE) return ict_lgamma(a) - (a - 0.5) * log(a) + a - HALF_LOG_2_PI;
  double r = 1 / (a * a);
  return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / a;
}

/* u - log(1 + u), without the cancellation near 0; log_ratio: log(1 + u), which the caller has
 * more exactly where u is near -1. */
static double deviance_term(double u, double log_ratio) {
  if (fabs(u) > 0.1) return u - log_ratio;
  double r = u / (2 + u), r2 = r * r; /* log(1+u) = 2 (r + r^3/3 + ...), u - 2 r = r u */
  double sum = 0, power = 2 * r * r2;
  for (int k = 3; k < 40; k += 2, power *= r2) {
    double more = sum + power / k;
    if (more == sum) break;
    sum = more;
  }
  return r * u - sum;
}

typedef struct beta {
  double a, b;
  double log_constant; /* of the density at its centre */
} beta;

/* A point: its logit, x and 1-x, and their logarithms. */
typedef struct point {
  double x, y, log_x, log_y;
} point;

static point at(double s) {
  double e = exp(-fabs(s)), big = 1 / (1 + e), small = e * big;
  double log_big = -log1p(e), log_small = -fabs(s) + log_big;
  return s < 0 ? (point){small, big, log_small, log_big} : (point){big, small, log_big, log_small};
}

/* log of x^a (1-x)^b / B(a, b), the density of the logit. With n = a + b it is
 *     log sqrt(ab / (2 pi n)) - a h(nx/a - 1) - b h(n(1-x)/b - 1) + Stirling's errors,
 * h(u) = u - log(1+u): no large numbers are subtracted (Loader 2000, for the binomial). */
static double log_density(const beta *d, const point *p) {
  double n = d->a + d->b;
  double off = p->x < p->y ? n * p->x - d->a : d->b - n * p->y; /* n x - a */
  double log_n = log(n);
  return d->log_constant - d->a * deviance_term(off / d->a, log_n - log(d->a) + p->log_x) -
         d->b * deviance_term(-off / d->b, log_n - log(d->b) + p->log_y);
}

/* log of P(S < s) or, upper, of P(S > s), less the log of the density, which is its slope. */
static double log_tail_over_density(const beta *d, const point *p, bool upper, double log_f) {
  double a = upper ? d->b : d->a, b = upper ? d->a : d->b;
  double x = upper ? p->y : p->x, y = upper ? p->x : p->y;
  if (x <= (a + 1) / (a + b + 2)) return log(ict_beta_fraction(a, b, x, y) / a);
  /* 1 - the other tail, which is the smaller one here or nearly so */
  double other = exp(log_f) * ict_beta_fraction(b, a, y, x) / b;
  return log1p(-fmin(other, 1 - DBL_EPSILON)) - log_f; /* rounding may leave nothing */
}

/* Cornish and Fisher's expansion about the normal quantile, to the skewness. */
static double expand(double p, double a, double b) {
  double n = a + b, z = ict_quantile_normal(p);
  double sd = sqrt(a / n * (b / n) / (n + 1));
  double skewness = 2 * (b - a) / (n + 2) * sqrt((n + 1) / a / b);
  return a / n + sd * (z + skewness * (z * z - 1) / 6);
}

static beta beta_of(double a, double b) {
  return (beta){.a = a,
                .b = b,
                .log_constant = 0.5 * (log(fmin(a, b)) - log1p(fmin(a, b) / fmax(a, b))) -
                                HALF_LOG_2_PI + stirling_error(a + b) - stirling_error(a) -
                                stirling_error(b)};
}

double ict_beta_tail(double a, double b, double x, double y) {
  if (x <= 0 || y <= 0) return x <= 0;
  beta d = beta_of(a, b);
  point at_x = {x, y, x < y ? log(x) : log1p(-y), x < y ? log1p(-x) : log(y)};
  double log_f = log_density(&d, &at_x);
  return exp(log_tail_over_density(&d, &at_x, true, log_f) + log_f);
}

double ict_quantile_beta(double p, double a, double b) {
  if (!(p >= 0 && p <= 1 && a >= 0 && b >= 0)) return NAN;
  if (p == 0 || p == 1) return p;
  if (isinf(a) || isinf(b)) return isinf(a) && isinf(b) ? 0.5 : isinf(a);
  if (a == 0 || b == 0) return a == 0 && b == 0 ? p > 0.5 : b == 0;
  a = fmin(fmax(a, LEAST_SHAPE), MOST_SHAPE);
  b = fmin(fmax(b, LEAST_SHAPE), MOST_SHAPE);
  if (a > NORMAL && b > NORMAL) return expand(p, a, b);
  beta d = beta_of(a, b);
  bool upper = p > 0.5; /* the smaller tail, and from it the sign of a step */
  double log_p = upper ? log1p(-p) : log(p), sign = upper ? -1 : 1;
  double s = log(a) - log(b);
  for (int i = 0; i < MOST_STEPS; i++) {
    point x = at(s);
    double log_f = log_density(&d, &x);
    double ratio = log_tail_over_density(&d, &x, upper, log_f);
    double step = sign * (log_p - ratio - log_f) * exp(ratio);
    s += step;
    if (!(fabs(step) > 1e-15 * fmax(1, fabs(s)))) break;
  }
  return at(s).x;
}
