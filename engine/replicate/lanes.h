/* lanes.h - sums of eight lanes, number i to lane i mod 8, so that there is no chain of additions
 * to wait for: the same bits whatever the instructions. Vectors of two, as every processor has. */
#ifndef ICT_REPLICATE_LANES_H
#define ICT_REPLICATE_LANES_H

#include <stddef.h>

enum { ICT_PAIRS = 4, ICT_LANES = 2 * ICT_PAIRS };
typedef double ict_pair_of __attribute__((vector_size(16), aligned(8), may_alias));
typedef struct ict_lanes {
  ict_pair_of of[ICT_PAIRS];
} ict_lanes;

static inline double ict_lanes_sum(const ict_lanes *x) {
  ict_pair_of sum = (x->of[0] + x->of[1]) + (x->of[2] + x->of[3]);
  return sum[0] + sum[1];
}

/* Sum of x y. */
static inline double ict_lanes_product(const double *x, const double *y, size_t n) {
  ict_lanes sum = {0};
  size_t i = 0;
  for (; i + ICT_LANES <= n; i += ICT_LANES)
    for (size_t k = 0; k < ICT_PAIRS; k++)
      sum.of[k] += *(const ict_pair_of *)(x + i + 2 * k) * *(const ict_pair_of *)(y + i + 2 * k);
  double rest = 0;
  for (; i < n; i++) rest += x[i] * y[i];
  return ict_lanes_sum(&sum) + rest;
}

/* Whether some |a x - b y| is more than `part` of b y. */
static inline int ict_lanes_differ(const double *x, double a, const double *y, double b,
                                   double part, size_t n) {
  typedef long long both __attribute__((vector_size(16)));
  both more = {0};
  size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    ict_pair_of by = b * *(const ict_pair_of *)(y + i),
                off = a * *(const ict_pair_of *)(x + i) - by;
    by *= part;
    more |= off * off > by * by;
  }
  for (; i < n; i++) {
    double by = b * y[i], off = a * x[i] - by;
    more[0] |= off * off > part * by * (part * by);
  }
  return (more[0] | more[1]) != 0;
}

#endif
