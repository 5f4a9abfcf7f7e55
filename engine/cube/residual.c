/* residual.c - the totals of units become totals of residuals.
 *
 * In: rows of a unit; a fit. Out: what is taken off the unit's totals.
 * Owns: the open unit's totals of the auxiliary variables.
 *
 * The residual of a cell's w a is w a - c x'b_a, whatever the cell: a row outside it has a = 0, but
 * x'b_a all the same. So the residuals of a unit add up to its total less X'b_a, with X the unit's
 * sum of c x. X is known once for all cells. Every cell is present in every unit of its survey,
 * whatever its residuals there: in R a subset of a calibrated design keeps all rows.
 *
 * Nothing is squared before the residual is whole, so that a small variance is not a difference of
 * large ones. A total that the calibration fixes has residuals of the size of rounding; its
 * variance becomes 0. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "cube/inside.h"

ict_status ict_cube_take_fit(ict_cube *c, const ict_fit *fit, ict_err *err) {
  ict_residual *r = ict_alloc(1, sizeof *r);
  if (!r) return ict_err_memory(err);
  size_t entries = ict_projection_entries(fit->projection);
  c->residual = r;
  r->fit = fit;
  r->total = ict_alloc(fit->n_columns, sizeof *r->total);
  r->is_touched = ict_alloc(fit->n_columns, sizeof *r->is_touched);
  r->touched = ict_alloc(fit->n_columns, sizeof *r->touched);
  r->column = ict_alloc(entries, sizeof *r->column);
  r->x = ict_alloc(entries, sizeof *r->x);
  return r->total && r->is_touched && r->touched && r->column && r->x ? ICT_OK
                                                                      : ict_err_memory(err);
}

void ict_residual_free(ict_residual *r) {
  if (!r) return;
  ict_free(r->total);
  ict_free(r->is_touched);
  ict_free(r->touched);
  ict_free(r->column);
  ict_free(r->x);
  ict_free(r);
}

void ict_residual_add(ict_residual *r, size_t first_row, size_t n) {
  const ict_projection *projection = r->fit->projection;
  size_t entries = ict_projection_entries(projection);
  for (size_t row = first_row; row < first_row + n; row++) {
    double c = ict_projection_weight(projection, row); /* 0: the row is present, no more */
    ict_projection_row(projection, row, r->column, r->x);
    for (size_t k = 0; k < entries; k++) {
      uint32_t column = r->column[k];
      if (!r->is_touched[column]) {
        r->is_touched[column] = true;
        r->touched[r->n_touched++] = column;
      }
      r->total[column] += c * r->x[k];
    }
  }
}

/* sums -= X'b, for the sums of the cell in a slot of the fit. False where the unit holds nobody of
 * the cell's survey. */
static bool take_off(const ict_residual *r, size_t slot, double *sums) {
  const ict_fit *fit = r->fit;
  const double *coefficients = ict_sheet_at(&fit->cells, slot);
  size_t n = fit->n_sums;
  bool is_present = !fit->survey;
  for (size_t k = 0; k < r->n_touched; k++) {
    uint32_t column = r->touched[k];
    const double *b = coefficients + column * n;
    for (size_t j = 0; j < n; j++) sums[j] -= r->total[column] * b[j];
    if (fit->survey) is_present |= fit->survey[column] == fit->cell_survey[slot];
  }
  return is_present;
}

/* All measures are present. */
static void mark(const ict_cube *c, double *slot) {
  size_t n = c->shape->n_measures;
  for (size_t m = 0; m < n; m++) slot[F_ZERO * n + m] += 1;
}

/* A cross cell's two totals have the coefficients of the cells they come from. */
static ict_status take_off_pairs(ict_cube *c, ict_sheet *unit, double *off, ict_err *err) {
  const ict_residual *r = c->residual;
  size_t n = c->shape->n_measures, first = c->shape->n_pairs * ICT_N_CROSS;
  for (size_t p = 0; p < c->shape->n_pairs; p++)
    for (uint32_t x = 0; x < ICT_N_CROSS; x++) {
      size_t slot = ict_sheet_touch(unit, (uint32_t)p * ICT_N_CROSS + x);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      double *sums = ict_sheet_at(unit, slot);
      for (int own = 0; own < 2; own++) {
        int field;
        size_t cell = ict_pair_source(c, p, x, own, &field) - first;
        uint32_t at = r->fit->cells.slot_of[cell];
        if (!at) continue;
        memset(off, 0, 2 * n * sizeof *off);
        if (take_off(r, at - 1, off)) mark(c, sums);
        double *total = sums + (size_t)(own ? F_B : F_A) * n;
        for (size_t m = 0; m < n; m++) total[m] += off[(size_t)field * n + m];
      }
    }
  return ICT_OK;
}

/* F_A and F_B lie side by side, as the coefficients do. */
_Static_assert(F_A == 0 && F_B == 1, "the sums of a slot begin it");

ict_status ict_residual_roll_up(ict_cube *c, ict_sheet *unit, ict_err *err) {
  ict_residual *r = c->residual;
  size_t first = c->shape->n_pairs * ICT_N_CROSS;
  if (r->n_touched == 0) return ICT_OK;
  for (size_t i = 0; i < r->fit->cells.n; i++) {
    size_t slot = ict_sheet_touch(unit, (uint32_t)(first + r->fit->cells.cell[i]));
    if (slot == SIZE_MAX) return ict_err_memory(err);
    double *sums = ict_sheet_at(unit, slot);
    if (take_off(r, i, sums)) mark(c, sums);
  }
  ict_status st = ICT_OK;
  if (c->shape->n_pairs > 0) {
    double *off = ict_alloc(r->fit->n_sums, sizeof *off);
    st = off ? take_off_pairs(c, unit, off, err) : ict_err_memory(err);
    ict_free(off);
  }
  for (size_t k = 0; k < r->n_touched; k++) {
    r->total[r->touched[k]] = 0;
    r->is_touched[r->touched[k]] = false;
  }
  r->n_touched = 0;
  return st;
}

/* Whether the calibration fixes the cell's total of a measure (own 0: a, 1: b). */
static bool is_fixed(const ict_cube *residuals, size_t cell, int own, size_t m) {
  size_t first = residuals->shape->n_pairs * ICT_N_CROSS, n = residuals->shape->n_measures;
  int field = own;
  if (cell < first)
    cell = ict_pair_source(residuals, cell / ICT_N_CROSS, cell % ICT_N_CROSS, own, &field);
  const double *explained = ict_fit_explained(residuals->residual->fit, cell - first);
  return explained && explained[(size_t)field * n + m] != 0;
}

/* A variance that does not exist (`average`, with every stratum lonely) is not that of a fixed
 * total either: R's is missing there. */
static double unless_fixed(bool is_fixed, double v) { return is_fixed && !isnan(v) ? 0 : v; }

static void take(ict_sums *s, const ict_sums *residual, bool a_is_fixed, bool b_is_fixed) {
  s->v_aa = unless_fixed(a_is_fixed, residual->v_aa);
  s->v_bb = unless_fixed(b_is_fixed, residual->v_bb);
  s->v_ab = unless_fixed(a_is_fixed || b_is_fixed, residual->v_ab);
  s->n_present = residual->n_present;
  s->n_lonely = residual->n_lonely;
  s->n_lonely_below = residual->n_lonely_below;
}

void ict_cube_take_covariances(ict_cube *cube, const ict_cube *residuals) {
  for (size_t i = 0; i < cube->sums.n; i++) {
    size_t cell = cube->sums.cell[i];
    uint32_t slot = residuals->sums.slot_of[cell];
    if (!slot) continue;
    ict_sums *sums = ict_sheet_at(&cube->sums, i);
    const ict_sums *from = ict_sheet_at(&residuals->sums, slot - 1);
    for (size_t m = 0; m < cube->shape->n_measures; m++)
      take(&sums[m], &from[m], is_fixed(residuals, cell, 0, m), is_fixed(residuals, cell, 1, m));
  }
}
