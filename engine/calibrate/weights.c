/* weights.c - design weights to weights that meet the totals.
 *
 * In: design weights, a model. Out: calibrated and trimmed weights, and what became of them.
 * Owns: nothing beyond the call. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "calibrate/inside.h"

/* ---- in proportion ----------------------------------------------------------------------- */

/* Sums of weights by category of the margin. */
static void add_up(const ict_calibration_margin *margin, const double *w, size_t n, double *sum) {
  memset(sum, 0, margin->n * sizeof *sum);
  for (size_t i = 0; i < n; i++) sum[margin->code[i]] += w[i];
}

/* The margin is met; *off: how far its furthest category was away, *at: which. False where nobody
 * of it has a weight. */
static bool fit_margin(const ict_calibration_margin *margin, size_t n, double *w, double *sum,
                       double *off, size_t *at) {
  *off = 0;
  *at = 0;
  add_up(margin, w, n, sum);
  for (size_t k = 0; k < margin->n; k++) {
    double by = margin->total[k] / sum[k], away = fabs(by - 1);
    if (!isfinite(by)) {
      *at = k;
      return false;
    }
    if (away > *off) {
      *off = away;
      *at = k;
    }
    sum[k] = by;
  }
  for (size_t i = 0; i < n; i++) w[i] *= sum[margin->code[i]];
  return true;
}

/* Iterative proportional fitting (Deming and Stephan 1940): every margin in turn. With a single one
 * this is post-stratification, and done after the first. */
static ict_status fit_in_turn(const ict_columns *columns, double *c, size_t *rounds, ict_err *err) {
  const ict_calibration *model = columns->model;
  double *sum = ict_alloc(columns->n, sizeof *sum);
  if (!sum) return ict_err_memory(err);
  ict_status st = ICT_OK;
  bool met = false;
  size_t worst = 0;
  double off = 0, furthest = 0;
  for (*rounds = 0; !met && *rounds < model->most_rounds; ++*rounds) {
    furthest = 0;
    for (size_t m = 0; m < model->n_margins; m++) {
      size_t at;
      if (!fit_margin(&model->margins[m], model->n_rows, c, sum, &off, &at)) {
        st = ict_columns_refuse(columns, columns->first[m] + at, 0,
                                "a category has no weight to be scaled",
                                "join it with another category", err);
        goto done;
      }
      if (off < furthest) continue;
      furthest = off;
      worst = columns->first[m] + at;
    }
    met = furthest <= model->tolerance || model->n_margins == 1;
  }
  if (!met) {
    char what[80];
    snprintf(what, sizeof what, "raking did not converge in %zu rounds", *rounds);
    st = ict_columns_refuse(columns, worst, columns->total[worst] / (1 + furthest), what,
                            "join small categories, check that the margins fit together, or allow "
                            "more `rounds`",
                            err);
  }
done:
  ict_free(sum);
  return st;
}

/* ---- what became of it ------------------------------------------------------------------- */

static ict_status measure(const ict_columns *columns, const double *d, const double *w,
                          ict_calibrated *out, ict_err *err) {
  double *sum = ict_alloc(columns->n, sizeof *sum);
  double *size = ict_alloc(columns->n, sizeof *size);
  uint32_t *column = ict_alloc(columns->n_entries, sizeof *column);
  double *x = ict_alloc(columns->n_entries, sizeof *x);
  ict_status st = sum && size && column && x ? ICT_OK : ict_err_memory(err);
  out->ratio[0] = INFINITY;
  for (size_t i = 0; st == ICT_OK && i < columns->model->n_rows; i++) {
    if (!(d[i] > 0)) continue;
    out->ratio[0] = fmin(out->ratio[0], w[i] / d[i]);
    out->ratio[1] = fmax(out->ratio[1], w[i] / d[i]);
    ict_columns_row(columns, i, column, x);
    for (size_t k = 0; k < columns->n_entries; k++) {
      sum[column[k]] += w[i] * x[k];
      size[column[k]] += w[i] * fabs(x[k]);
    }
  }
  if (st == ICT_OK) {
    ict_miss miss = ict_columns_miss(columns, sum, size);
    out->off = miss.off;
    ict_columns_name(columns, miss.at, out->furthest, sizeof out->furthest);
  }
  ict_free(sum);
  ict_free(size);
  ict_free(column);
  ict_free(x);
  return st;
}

/* Weights below 0 are of no use to those who publish counts of people, and a sum with them may be
 * any number. */
static ict_status check_signs(const ict_calibration *model, const double *c, ict_err *err) {
  size_t below = 0;
  double lowest = 0;
  for (size_t i = 0; i < model->n_rows; i++) {
    below += c[i] < 0;
    lowest = fmin(lowest, c[i]);
  }
  if (below == 0) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "calibration makes %zu weight%s negative, down to %.6g", below,
              below == 1 ? "" : "s", lowest);
  ict_err_expected(err, "weights from 0");
  ict_err_fix(err, "give `bounds`, such as [0.3, 3], or take the method multiplicative or logit");
  return ICT_REFUSED;
}

static ict_status calibrate(const ict_columns *columns, const double *d, double *c, double *w,
                            ict_calibrated *out, ict_err *err) {
  const ict_calibration *model = columns->model;
  size_t n = model->n_rows;
  ict_status st;
  if (model->method == ICT_CALIBRATE_POST_STRATIFY || model->method == ICT_CALIBRATE_RAKE) {
    memcpy(c, d, n * sizeof *c);
    ICT_TRY(done, st, fit_in_turn(columns, c, &out->rounds, err));
  } else {
    ICT_TRY(done, st, ict_calibrate_newton(columns, d, c, &out->rounds, err));
  }
  ICT_TRY(done, st, ict_calibrate_trim_ratios(model, d, c, &out->n_trimmed, err));
  ICT_TRY(done, st, check_signs(model, c, err));
  if (w != c) memcpy(w, c, n * sizeof *w);
  ICT_TRY(done, st, ict_calibrate_trim_weights(model, d, w, &out->n_trimmed, err));
  st = measure(columns, d, w, out, err);
done:
  return st;
}

ict_status ict_calibrate(const ict_calibration *model, const double *d, double *c, double *w,
                         ict_calibrated *out, ict_err *err) {
  ict_columns columns;
  *out = (ict_calibrated){0};
  ict_status st = ict_columns_init(&columns, model, err);
  if (st == ICT_OK) st = calibrate(&columns, d, c, w, out, err);
  ict_columns_done(&columns);
  return st;
}
