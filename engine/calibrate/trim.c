/* trim.c - weights beyond a limit are cut, and what is cut off is shared among the others.
 *
 * In: calibrated weights. Out: trimmed ones of the same sum.
 * Owns: nothing.
 *
 * As R's calibrate(trim = ), on the ratios w / d: the others' ratios grow by the same amount; and
 * as R's trimWeights(), on the weights: the others' weights do. Either moves the totals a little,
 * which ict_calibrated.off tells. Rows of weight 0 take no part. */
#include <math.h>

#include "calibrate/inside.h"

#define MOST_ROUNDS 10000

static bool is_set(const double limits[2]) { return isfinite(limits[0]) || isfinite(limits[1]); }

bool ict_calibrate_trims_weights(const ict_calibration *m) { return is_set(m->trim_weight); }

/* One round; size: what a weight is measured by, d or (NULL) 1. Returns how many were outside;
 * SIZE_MAX: all of them, so that nobody is left to share. */
static size_t trim_once(const double limits[2], size_t n, const double *d, const double *size,
                        double *w) {
  size_t outside = 0;
  double rest = 0, share = 0;
  for (size_t i = 0; i < n; i++) {
    if (!(d[i] > 0)) continue;
    double by = size ? size[i] : 1, g = w[i] / by;
    if (g < limits[0] || g > limits[1]) {
      outside++;
      rest += w[i] - by * fmax(limits[0], fmin(g, limits[1]));
    } else {
      share += by;
    }
  }
  if (outside == 0) return 0;
  if (!(share > 0)) return SIZE_MAX;
  for (size_t i = 0; i < n; i++) {
    if (!(d[i] > 0)) continue;
    double by = size ? size[i] : 1, g = w[i] / by;
    w[i] = g < limits[0] || g > limits[1] ? by * fmax(limits[0], fmin(g, limits[1]))
                                          : w[i] + by * (rest / share);
  }
  return outside;
}

static ict_status trim(const double limits[2], bool strict, size_t n, const double *d,
                       const double *size, double *w, size_t *n_trimmed, ict_err *err) {
  size_t outside = trim_once(limits, n, d, size, w), rounds = 1;
  if (outside != SIZE_MAX) *n_trimmed += outside;
  while (strict && outside > 0 && outside != SIZE_MAX && rounds++ < MOST_ROUNDS)
    outside = trim_once(limits, n, d, size, w);
  if (outside != SIZE_MAX && (!strict || outside == 0)) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "the weights cannot be trimmed to %g .. %g", limits[0], limits[1]);
  ict_err_expected(err, "limits that leave room for the sum of the weights");
  ict_err_fix(err, "widen the limits of `trim`");
  return ICT_REFUSED;
}

ict_status ict_calibrate_trim_ratios(const ict_calibration *m, const double *d, double *c,
                                     size_t *n_trimmed, ict_err *err) {
  if (!is_set(m->trim_ratio)) return ICT_OK;
  return trim(m->trim_ratio, false, m->n_rows, d, d, c, n_trimmed, err);
}

ict_status ict_calibrate_trim_weights(const ict_calibration *m, const double *d, double *w,
                                      size_t *n_trimmed, ict_err *err) {
  if (!ict_calibrate_trims_weights(m)) return ICT_OK;
  return trim(m->trim_weight, m->trim_strict, m->n_rows, d, NULL, w, n_trimmed, err);
}
