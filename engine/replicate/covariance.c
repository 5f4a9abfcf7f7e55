/* covariance.c - thetas of several estimates to their covariances, as R's svrVar of a matrix.
 *
 * In: thetas. Out: a covariance matrix.
 * Owns: nothing. */
#include <math.h>
#include <string.h>

#include "replicate/inside.h"

static bool is_whole(const double *theta, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (isnan(theta[k])) return false;
  return true;
}

/* The mean of value k over the replicates that are whole and enter the variance, or `full`. */
static double centre_of(const ict_replicates *r, size_t n, const double *theta, const double *full,
                        size_t k) {
  if (r->mse) return full[k];
  double sum = 0, count = 0;
  for (size_t i = 0; i < r->n; i++) {
    if (!is_whole(theta + i * n, n) || !(ict_replicates_rscale(r, i) > 0)) continue;
    sum += theta[i * n + k];
    count++;
  }
  return sum / count;
}

/* Whether the deviations of value k are more than rounding. */
static bool varies(const ict_replicates *r, size_t n, const double *theta, double centre,
                   size_t k) {
  double furthest = 0, size = fabs(centre);
  for (size_t i = 0; i < r->n; i++) {
    if (!is_whole(theta + i * n, n)) continue;
    furthest = fmax(furthest, fabs(theta[i * n + k] - centre));
    size = fmax(size, fabs(theta[i * n + k]));
  }
  return furthest > ICT_THETA_ROUNDING * size;
}

void ict_replicate_covariance(const ict_replicates *r, size_t n, const double *theta,
                              const double *full, double *out, size_t *n_dropped) {
  *n_dropped = 0;
  memset(out, 0, n * n * sizeof *out);
  for (size_t i = 0; i < r->n; i++) *n_dropped += !is_whole(theta + i * n, n);
  for (size_t k = 0; k < n; k++) {
    double centre = centre_of(r, n, theta, full, k);
    bool varies_k = varies(r, n, theta, centre, k);
    for (size_t j = 0; j <= k; j++) {
      double other = centre_of(r, n, theta, full, j), sum = 0;
      if (!varies_k || !varies(r, n, theta, other, j)) continue;
      for (size_t i = 0; i < r->n; i++)
        if (is_whole(theta + i * n, n))
          sum += ict_replicates_rscale(r, i) * (theta[i * n + k] - centre) *
                 (theta[i * n + j] - other);
      out[k * n + j] = out[j * n + k] = r->scale * sum;
    }
  }
  for (size_t k = 0; *n_dropped == r->n && k < n * n; k++) out[k] = NAN;
}
