/* variance.c - the replicates' thetas to a variance.
 *
 * In: thetas. Out: V, as R's svrVar.
 * Owns: nothing. */
#include <math.h>
#include <string.h>

#include "replicate/inside.h"
#include "replicate/lanes.h"

typedef ict_pair_of pair;
typedef int64_t mask __attribute__((vector_size(16), aligned(8), may_alias));

static inline pair where(mask m, pair x) { return (pair)(m & (mask)x); } /* 0 elsewhere */
static inline pair size_of(pair x) { return (pair)((mask)x & INT64_MAX); }
static inline pair larger_of(pair x, pair y) {
  mask m = (mask)(x > y);
  return (pair)((m & (mask)x) | (~m & (mask)y));
}

static double largest_of(const ict_lanes *x) {
  pair most = larger_of(larger_of(x->of[0], x->of[1]), larger_of(x->of[2], x->of[3]));
  return fmax(most[0], most[1]);
}

typedef struct thetas {
  size_t n;
  const double *theta, *times, *rscale; /* times and rscale: NULL: all 1 */
} thetas;

/* Those from i on, of a few; past the end, none. */
typedef struct block {
  ict_lanes theta, times, rscale;
} block;
static inline void load(const thetas *t, size_t i, block *to) {
  static const double ones[ICT_LANES] = {1, 1, 1, 1, 1, 1, 1, 1};
  const double *times = t->times ? t->times + i : ones, *rscale = t->rscale ? t->rscale + i : ones;
  if (t->n - i >= ICT_LANES) { /* of constant size: no call, no copy */
    memcpy(&to->theta, t->theta + i, sizeof to->theta);
    memcpy(&to->times, times, sizeof to->times);
    memcpy(&to->rscale, rscale, sizeof to->rscale);
    return;
  }
  size_t rest = (t->n - i) * sizeof(double);
  *to = (block){0};
  memcpy(&to->theta, t->theta + i, rest);
  memcpy(&to->times, times, rest);
  memcpy(&to->rscale, rscale, rest);
}

/* The mean over the replicates that have a theta and enter the variance. */
static double mean_of(const thetas *t) {
  ict_lanes sum = {0}, count = {0};
  block at;
  for (size_t i = 0; i < t->n; i += ICT_LANES) {
    load(t, i, &at);
    for (int k = 0; k < ICT_PAIRS; k++) {
      pair theta = at.theta.of[k], times = at.times.of[k];
      mask counts = (mask)(theta == theta) & (mask)(at.rscale.of[k] > 0);
      sum.of[k] += where(counts, times * theta);
      count.of[k] += where(counts, times);
    }
  }
  return ict_lanes_sum(&sum) / ict_lanes_sum(&count);
}

static double variance(const ict_replicates *r, const thetas *t, double full, size_t *n_dropped) {
  double centre = r->mse ? full : mean_of(t);
  ict_lanes sum = {0}, found = {0}, all = {0}, furthest = {0}, largest = {0};
  block at;
  for (size_t i = 0; i < t->n; i += ICT_LANES) {
    load(t, i, &at);
    for (int k = 0; k < ICT_PAIRS; k++) {
      pair theta = at.theta.of[k], times = at.times.of[k];
      mask is_there = (mask)(theta == theta) & (mask)(times > 0);
      pair d = where(is_there, theta - centre);
      sum.of[k] += at.rscale.of[k] * d * d;
      all.of[k] += times;
      found.of[k] += where(is_there, times);
      furthest.of[k] = larger_of(size_of(d), furthest.of[k]);
      largest.of[k] = larger_of(where(is_there, size_of(theta)), largest.of[k]);
    }
  }
  double n = ict_lanes_sum(&found);
  *n_dropped = (size_t)(ict_lanes_sum(&all) - n);
  if (n == 0) return NAN;
  double size = fmax(fabs(centre), largest_of(&largest));
  return largest_of(&furthest) > ICT_THETA_ROUNDING * size ? r->scale * ict_lanes_sum(&sum) : 0;
}

double ict_replicate_variance(const ict_replicates *r, const double *theta, double full,
                              size_t *n_dropped) {
  return variance(r, &(thetas){r->n, theta, NULL, r->rscale}, full, n_dropped);
}

double ict_replicate_cell_variance(const ict_replicate_cell *cell, const double *theta, double full,
                                   size_t *n_dropped) {
  const double *rscale = cell->times ? cell->rscale : cell->replicates->rscale;
  return variance(cell->replicates, &(thetas){cell->n, theta, cell->times, rscale}, full,
                  n_dropped);
}
