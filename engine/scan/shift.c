/* shift.c - what to take off the values of means and ratios before they are squared.
 *
 * In: the first rows of the table. Out: for each mean or ratio a constant near it.
 *
 * The variance of R = Y/X is that of y - R x. Kept as V_yy - 2 R V_yx + R^2 V_xx it loses the
 * square of R / SE in digits; with y - c x in place of y, and c near R, it loses next to none. Any
 * c gives the same variance, so this one needs no care but to be the same on every run. */
#include <math.h>

#include "scan/inside.h"

/* Blocks looked at for a measure's first rows that count. */
enum { BLOCKS = 16 };

static bool is_shifted(const ict_plan_measure *m) {
  return m->estimator == ICT_EST_MEAN || m->estimator == ICT_EST_RATIO;
}

/* Sum y over sum x of the block's rows that count; 0 where there are none. */
static double value_of(const ict_cube_values *v, size_t n) {
  double sum_y = 0, sum_x = 0;
  for (size_t i = 0; i < n; i++) {
    double x = v->x ? v->x[i] : 1;
    if (isnan(v->y[i]) || isnan(x)) continue;
    sum_y += v->y[i];
    sum_x += x;
  }
  double value = sum_x != 0 ? sum_y / sum_x : 0;
  return isfinite(value) ? value : 0;
}

void ict_scan_shifts(ict_evaluator *e, double *shift) {
  const ict_plan *plan = e->plan;
  bool wanted = false;
  for (size_t m = 0; m < plan->n_measures; m++) wanted = wanted || is_shifted(&plan->measures[m]);
  for (size_t b = 0; b < BLOCKS && wanted; b++) {
    size_t row = b * ICT_BLOCK_ROWS;
    if (row >= plan->frame->n_rows) return;
    size_t left = plan->frame->n_rows - row;
    size_t n = left < ICT_BLOCK_ROWS ? left : ICT_BLOCK_ROWS;
    ict_evaluate(e, row, n);
    wanted = false;
    for (size_t m = 0; m < plan->n_measures; m++) {
      if (!is_shifted(&plan->measures[m]) || shift[m] != 0) continue;
      shift[m] = value_of(&e->values[m], n);
      wanted = wanted || shift[m] == 0;
    }
  }
}
