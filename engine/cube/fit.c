/* fit.c - sums of values times auxiliary variables, and the coefficients they give.
 *
 * In: rows. Out: coefficients of each margin cell, measure and total.
 * Owns: the sums. */
#include "cube/fit.h"

#include <math.h>

#include "base/mem.h"

static size_t cells_in(const ict_cube_shape *shape) {
  size_t n = 0;
  for (size_t g = 0; g < shape->n_margins; g++) n += shape->margins[g].n_cells;
  return n;
}

static size_t slot_bytes(const ict_projection *p, const ict_cube_shape *shape) {
  return (ict_projection_columns(p) + 1) * 2 * shape->n_measures * sizeof(double);
}

double ict_fit_bytes(const ict_projection *p, const ict_cube_shape *shape) {
  return (double)slot_bytes(p, shape) * (double)cells_in(shape);
}

ict_status ict_fit_new(const ict_projection *projection, const ict_cube_shape *shape, ict_fit **out,
                       ict_err *err) {
  *out = NULL;
  ict_fit *f = ict_alloc(1, sizeof *f);
  if (!f) return ict_err_memory(err);
  size_t entries = ict_projection_entries(projection);
  *f = (ict_fit){.shape = shape,
                 .projection = projection,
                 .n_columns = ict_projection_columns(projection),
                 .n_sums = 2 * shape->n_measures};
  f->first_cell = ict_alloc(shape->n_margins + 1, sizeof *f->first_cell);
  f->column = ict_alloc(entries, sizeof *f->column);
  f->x = ict_alloc(entries, sizeof *f->x);
  f->value = ict_alloc(f->n_sums, sizeof *f->value);
  f->share = ict_alloc(f->n_sums, sizeof *f->share);
  bool good = f->first_cell && f->column && f->x && f->value && f->share &&
              ict_sheet_init(&f->cells, cells_in(shape), slot_bytes(projection, shape)) == 0;
  for (size_t g = 0; good && g < shape->n_margins; g++)
    f->first_cell[g + 1] = f->first_cell[g] + shape->margins[g].n_cells;
  if (!good) {
    ict_fit_free(f);
    return ict_err_memory(err);
  }
  *out = f;
  return ICT_OK;
}

void ict_fit_free(ict_fit *f) {
  if (!f) return;
  ict_sheet_done(&f->cells);
  ict_free(f->cell_survey);
  ict_free(f->first_cell);
  ict_free(f->column);
  ict_free(f->x);
  ict_free(f->value);
  ict_free(f->share);
  ict_free(f);
}

/* The row's a and b of every measure, times s = v w / c; false where it counts for none. */
static bool values_of(ict_fit *f, const ict_cube_rows *rows, size_t i, double s) {
  const ict_cube_shape *shape = f->shape;
  bool any = false;
  for (size_t m = 0; m < shape->n_measures; m++) {
    const ict_cube_values *v = &rows->values[m];
    double y, x;
    bool counts;
    if (shape->numeric[m]) {
      y = v->y[i];
      x = v->x ? v->x[i] : 1;
      counts = !isnan(y) && !isnan(x);
    } else {
      y = v->answer[i] == 1;
      x = v->answer[i] == 0;
      counts = v->answer[i] <= 1;
    }
    f->value[m] = counts ? s * y : 0;
    f->value[shape->n_measures + m] = counts ? s * x : 0;
    any |= counts;
  }
  return any;
}

/* value: a and b of each measure, times v w / c; the row's x is at hand. */
static ict_status add_to_cell(ict_fit *f, size_t cell, const double *value, double v,
                              ict_err *err) {
  size_t entries = ict_projection_entries(f->projection), n = f->n_sums;
  size_t slot = ict_sheet_touch(&f->cells, (uint32_t)cell);
  if (slot == SIZE_MAX) return ict_err_memory(err);
  double *sums = ict_sheet_at(&f->cells, slot);
  for (size_t k = 0; k < entries; k++) {
    double *to = sums + f->column[k] * n;
    for (size_t j = 0; j < n; j++) to[j] += f->x[k] * value[j];
  }
  double *squares = sums + f->n_columns * n;
  for (size_t j = 0; j < n; j++) squares[j] += value[j] * value[j] / v;
  return ICT_OK;
}

/* As ict_share_add: a row is in the whole of every class, and in the part of its own. */
static ict_status add_to_classes(ict_fit *f, size_t margin, size_t cell, double v, ict_err *err) {
  const ict_sharing *s = &f->shape->sharing[margin];
  size_t n = f->shape->n_measures, own = cell / s->step % s->n_classes;
  size_t at = f->first_cell[margin] + cell - own * s->step; /* the first class */
  for (size_t k = 0; k < s->n_classes; k++, at += s->step) {
    for (size_t m = 0; m < n; m++) {
      f->share[m] = k == own ? f->value[m] : 0;
      f->share[n + m] = f->value[m];
    }
    ict_status st = add_to_cell(f, at, f->share, v, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

static ict_status add_to_margins(ict_fit *f, uint32_t fine, double v, ict_err *err) {
  const ict_cube_shape *shape = f->shape;
  ict_status st = ICT_OK;
  for (size_t g = 0; g < shape->n_margins && st == ICT_OK; g++) {
    uint32_t cell = shape->margins[g].cell_of[fine];
    if (cell == ICT_NO_CELL) continue;
    bool shares = shape->sharing && shape->sharing[g].n_classes > 0;
    st = shares ? add_to_classes(f, g, cell, v, err)
                : add_to_cell(f, f->first_cell[g] + cell, f->value, v, err);
  }
  return st;
}

ict_status ict_fit_add(ict_fit *f, const ict_cube_rows *rows, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < rows->n && st == ICT_OK; i++) {
    uint32_t fine = rows->fine[i];
    if (fine == ICT_NO_CELL || (rows->weight && !(rows->weight[i] > 0))) continue;
    size_t row = rows->first_row + i;
    double v = ict_projection_base(f->projection, row);
    if (!(v > 0)) continue;
    if (!values_of(f, rows, i, v * ict_projection_ratio(f->projection, row))) continue;
    ict_projection_row(f->projection, row, f->column, f->x);
    st = add_to_margins(f, fine, v, err);
  }
  return st;
}

ict_status ict_fit_merge(ict_fit *into, ict_fit *next, ict_err *err) {
  for (size_t i = 0; i < next->cells.n; i++) {
    size_t slot = ict_sheet_touch(&into->cells, next->cells.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    double *to = ict_sheet_at(&into->cells, slot);
    const double *from = ict_sheet_at(&next->cells, i);
    for (size_t k = 0; k < (into->n_columns + 1) * into->n_sums; k++) to[k] += from[k];
  }
  ict_sheet_clear(&next->cells);
  return ICT_OK;
}

/* A cell is of one survey, so any column that its rows add to will do. */
static uint32_t survey_of(const ict_fit *f, const double *sums, const uint32_t *survey) {
  for (size_t k = 0; k < f->n_columns * f->n_sums; k++)
    if (sums[k] != 0) return survey[k / f->n_sums];
  return 0; /* all of them 0: there is no estimate either */
}

ict_status ict_fit_finish(ict_fit *f, ict_projection *projection, const uint32_t *survey,
                          ict_err *err) {
  f->survey = survey;
  f->cell_survey = ict_alloc(f->cells.n, sizeof *f->cell_survey);
  if (!f->cell_survey) return ict_err_memory(err);
  for (size_t i = 0; i < f->cells.n; i++) {
    double *sums = ict_sheet_at(&f->cells, i);
    if (survey) f->cell_survey[i] = survey_of(f, sums, survey);
    ict_projection_solve(projection, sums, sums + f->n_columns * f->n_sums, f->n_sums);
  }
  return ICT_OK;
}

const double *ict_fit_explained(const ict_fit *f, size_t cell) {
  uint32_t slot = f->cells.slot_of[cell];
  if (!slot) return NULL;
  return (const double *)ict_sheet_at(&f->cells, slot - 1) + f->n_columns * f->n_sums;
}
