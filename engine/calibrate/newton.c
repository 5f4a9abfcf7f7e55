/* newton.c - weights c = d F(x'eta) that meet the totals, by Newton's method.
 *
 * In: design weights, columns. Out: calibrated weights.
 * Owns: nothing beyond the call.
 *
 * Deville and Särndal (1992). F says how far a weight may go from d:
 *
 *     linear          1 + u, cut off at the bounds
 *     multiplicative  exp u, cut off at the bounds
 *     logit           (L (U-1) + U (1-L) e) / (U-1 + (1-L) e),  with e = exp(A u) and
 *                     A = (U-L) / ((U-1) (1-L))
 *
 * The equations are the gradient of a concave function, so a Newton step is halved until they are
 * nearer to being met; where that never happens they cannot be. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "calibrate/inside.h"

#define MOST_HALVINGS 40

typedef struct work {
  const ict_columns *columns;
  const double *d;
  double *eta, *step, *trial; /* by column */
  double *sum, *size;         /* of c x and c |x| under what was tried last */
  uint32_t *column;
  double *x; /* entries of a row */
  ict_psd system;
} work;

static double cut(double g, const double bounds[2]) { return fmin(fmax(g, bounds[0]), bounds[1]); }

/* F and its derivative. */
static double distance(const ict_calibration *model, double u, double *slope) {
  double low = model->bounds[0], high = model->bounds[1], g;
  switch (model->method) {
    case ICT_CALIBRATE_MULTIPLICATIVE:
      g = exp(u);
      *slope = g > low && g < high ? g : 0;
      return cut(g, model->bounds);
    case ICT_CALIBRATE_LOGIT: {
      double a = (high - low) / ((high - 1) * (1 - low));
      /* Divided by whichever exponential is the larger, so that none overflows. */
      double e = exp(-fabs(a * u)), p = high - 1, q = 1 - low;
      double over = u > 0 ? p * e + q : p + q * e;
      g = (u > 0 ? low * p * e + high * q : low * p + high * q * e) / over;
      *slope = (high - low) * a * p * q * e / (over * over);
      return g;
    }
    default:
      g = 1 + u;
      *slope = g > low && g < high;
      return cut(g, model->bounds);
  }
}

/* How far the totals are missed with eta; fills sum and size. With `system` also the matrix of the
 * next step. */
static ict_miss look(work *w, const double *eta, bool system) {
  const ict_columns *columns = w->columns;
  size_t n = columns->n;
  memset(w->sum, 0, n * sizeof *w->sum);
  memset(w->size, 0, n * sizeof *w->size);
  if (system) memset(w->system.matrix, 0, n * n * sizeof *w->system.matrix);
  for (size_t i = 0; i < columns->model->n_rows; i++) {
    if (!(w->d[i] > 0)) continue;
    double slope;
    ict_columns_row(columns, i, w->column, w->x);
    double u = ict_columns_dot(w->column, w->x, columns->n_entries, eta);
    double c = w->d[i] * distance(columns->model, u, &slope);
    for (size_t k = 0; k < columns->n_entries; k++) {
      w->sum[w->column[k]] += c * w->x[k];
      w->size[w->column[k]] += c * fabs(w->x[k]);
    }
    if (system)
      ict_columns_square(w->system.matrix, n, w->column, w->x, columns->n_entries, w->d[i] * slope);
  }
  return ict_columns_miss(columns, w->sum, w->size);
}

/* One step from eta; false where no part of it comes nearer. */
static bool take_step(work *w, ict_miss *miss) {
  size_t n = w->columns->n;
  for (size_t k = 0; k < n; k++) w->step[k] = w->columns->total[k] - w->sum[k];
  ict_psd_factor(&w->system);
  ict_psd_solve(&w->system, w->step);
  for (int halving = 0; halving < MOST_HALVINGS; halving++) {
    for (size_t k = 0; k < n; k++) w->trial[k] = w->eta[k] + ldexp(w->step[k], -halving);
    ict_miss now = look(w, w->trial, false);
    if (!(now.norm < miss->norm)) continue;
    memcpy(w->eta, w->trial, n * sizeof *w->eta);
    *miss = now;
    return true;
  }
  return false;
}

static ict_status start(work *w, ict_err *err) {
  size_t n = w->columns->n;
  w->eta = ict_alloc(n, sizeof *w->eta);
  w->step = ict_alloc(n, sizeof *w->step);
  w->trial = ict_alloc(n, sizeof *w->trial);
  w->sum = ict_alloc(n, sizeof *w->sum);
  w->size = ict_alloc(n, sizeof *w->size);
  w->column = ict_alloc(w->columns->n_entries, sizeof *w->column);
  w->x = ict_alloc(w->columns->n_entries, sizeof *w->x);
  if (!w->eta || !w->step || !w->trial || !w->sum || !w->size || !w->column || !w->x)
    return ict_err_memory(err);
  return ict_psd_init(&w->system, n, err);
}

static void finish(work *w) {
  ict_free(w->eta);
  ict_free(w->step);
  ict_free(w->trial);
  ict_free(w->sum);
  ict_free(w->size);
  ict_free(w->column);
  ict_free(w->x);
  ict_psd_done(&w->system);
}

static bool is_bounded(const ict_calibration *model) {
  return isfinite(model->bounds[0]) || isfinite(model->bounds[1]);
}

ict_status ict_calibrate_newton(const ict_columns *columns, const double *d, double *c,
                                size_t *rounds, ict_err *err) {
  const ict_calibration *model = columns->model;
  work w = {.columns = columns, .d = d};
  ict_status st = start(&w, err);
  if (st != ICT_OK) goto done;
  ict_miss miss = look(&w, w.eta, true);
  bool met = miss.off <= model->tolerance, better = true;
  for (*rounds = 0; !met && better && *rounds < model->most_rounds; ++*rounds) {
    better = take_step(&w, &miss);
    met = miss.off <= model->tolerance;
    miss = look(&w, w.eta, true);
  }
  if (!met) {
    st = ict_columns_refuse(
        columns, miss.at, w.sum[miss.at],
        better ? "the calibration did not converge" : "no weights meet all totals",
        is_bounded(model) ? "widen the bounds, join small categories, or check the totals"
                          : "join small categories, or check that the totals fit together",
        err);
    goto done;
  }
  /* One more squares what is left, so that the tolerance hardly shows in the weights. */
  take_step(&w, &miss);
  for (size_t i = 0; i < model->n_rows; i++) {
    double slope;
    ict_columns_row(columns, i, w.column, w.x);
    c[i] =
        d[i] * distance(model, ict_columns_dot(w.column, w.x, columns->n_entries, w.eta), &slope);
  }
done:
  finish(&w);
  return st;
}
