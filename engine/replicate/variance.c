/* variance.c - the replicates' thetas to a variance.
 *
 * In: thetas. Out: V, as R's svrVar.
 * Owns: nothing. */
#include <math.h>

#include "replicate/inside.h"

/* Thetas that differ by less than this share of themselves do so by rounding: all of a domain's
 * replicates of 100 % are 100 %. */
#define ROUNDING 1e-13

/* The mean over the replicates that have a theta and enter the variance. */
static double mean_of(const ict_replicates *r, const double *theta) {
  double sum = 0, n = 0;
  for (size_t i = 0; i < r->n; i++) {
    if (isnan(theta[i]) || !(ict_replicates_rscale(r, i) > 0)) continue;
    sum += theta[i];
    n++;
  }
  return sum / n;
}

double ict_replicate_variance(const ict_replicates *r, const double *theta, double full,
                              size_t *n_dropped) {
  double centre = r->mse ? full : mean_of(r, theta);
  double sum = 0, furthest = 0, size = fabs(centre);
  *n_dropped = 0;
  for (size_t i = 0; i < r->n; i++) {
    double d = theta[i] - centre;
    if (isnan(theta[i])) {
      (*n_dropped)++;
      continue;
    }
    sum += ict_replicates_rscale(r, i) * d * d;
    furthest = fmax(furthest, fabs(d));
    size = fmax(size, fabs(theta[i]));
  }
  if (*n_dropped == r->n) return NAN;
  return furthest > ROUNDING * size ? r->scale * sum : 0;
}
