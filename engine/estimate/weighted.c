/* weighted.c - quantiles of a weighted sample.
 *
 * In: values in order with their weights, p, a rule. Out: a value.
 * Owns: nothing. */
#include "estimate/weighted.h"

#include <math.h>
#include <stdbool.h>

/* Knuth's two-sum: high + low is the sum, and nothing is lost. */
void ict_running_sums(const double *w, size_t n, double *sum) {
  double high = 0, low = 0;
  for (size_t i = 0; i < n; i++) {
    double s = high + w[i], b = s - high;
    low += (high - (s - b)) + (w[i] - b);
    high = s;
    sum[i] = high + low;
  }
}

static double whole(const ict_weighted *v) { return v->sum[v->n - 1]; }

/* Values at or before the last step whose share is p at most. */
static size_t steps_to(const ict_weighted *v, double p) {
  double most = p * whole(v);
  size_t low = 0, high = v->n;
  while (low < high) {
    size_t mid = low + (high - low) / 2;
    if (v->sum[mid] <= most) {
      low = mid + 1;
    } else {
      high = mid;
    }
  }
  return low;
}

static bool is_exact(const ict_weighted *v, size_t steps, double p) {
  return v->sum[steps - 1] / whole(v) == p;
}

static double next_after(const ict_weighted *v, size_t steps) {
  return v->y[steps < v->n ? steps : v->n - 1];
}

/* The rank of a value among the different ones is even. Only asked where a share is p exactly. */
static bool is_even(const ict_weighted *v, size_t steps) {
  size_t rank = 1;
  for (size_t i = 1; i < steps; i++) rank += v->y[i] != v->y[i - 1];
  return rank % 2 == 0;
}

/* Rules that jump. Between the steps, and before the first, all take the next value. */
static double jump(const ict_weighted *v, double p, ict_quantile_rule rule) {
  size_t k = steps_to(v, p);
  if (k == 0 || !is_exact(v, k, p)) return next_after(v, k);
  if (rule == ICT_QUANTILE_SCHOOL) return (v->y[k - 1] + next_after(v, k)) / 2;
  if (rule == ICT_QUANTILE_HF3 && !is_even(v, k)) return next_after(v, k);
  return v->y[k - 1];
}

/* Where on the axis of p the i-th value stands. */
static double place(const ict_weighted *v, size_t i, ict_quantile_rule rule) {
  double before = i > 0 ? v->sum[i - 1] : 0, with = v->sum[i], last = v->w[v->n - 1];
  switch (rule) {
    case ICT_QUANTILE_HF5:
      return (with - v->w[i] / 2) / whole(v);
    case ICT_QUANTILE_HF6:
      return with / (whole(v) + last);
    case ICT_QUANTILE_HF7:
      return before / v->sum[v->n - 2];
    case ICT_QUANTILE_HF8:
      return (before / 3 + with * 2 / 3) / (whole(v) + last / 3);
    case ICT_QUANTILE_HF9:
      return (before * 3 / 8 + with * 5 / 8) / (whole(v) + last / 4);
    case ICT_QUANTILE_HF4:
    case ICT_QUANTILE_MATH:
    case ICT_QUANTILE_SCHOOL:
    case ICT_QUANTILE_HF3:
      break;
  }
  return with / whole(v);
}

/* Rules that interpolate: beyond the first and the last place, the first and the last value. */
static double interpolate(const ict_weighted *v, double p, ict_quantile_rule rule) {
  size_t low = 0, high = v->n - 1;
  if (v->n == 1 || p <= place(v, low, rule)) return v->y[0];
  if (p >= place(v, high, rule)) return v->y[high];
  while (high - low > 1) {
    size_t mid = low + (high - low) / 2;
    if (place(v, mid, rule) <= p) {
      low = mid;
    } else {
      high = mid;
    }
  }
  double from = place(v, low, rule), to = place(v, high, rule);
  return v->y[low] + (v->y[high] - v->y[low]) * ((p - from) / (to - from));
}

double ict_weighted_quantile(const ict_weighted *v, double p, ict_quantile_rule rule) {
  if (v->n == 0 || isnan(p)) return NAN;
  bool jumps = rule == ICT_QUANTILE_MATH || rule == ICT_QUANTILE_SCHOOL || rule == ICT_QUANTILE_HF3;
  return jumps ? jump(v, p, rule) : interpolate(v, p, rule);
}
