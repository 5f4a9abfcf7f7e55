/* psu.c - rows to PSU totals, and these to the margins.
 *
 * In: rows of the open PSU. Out: totals by margin cell, handed to the stratum.
 * Owns: nothing; the sheets are the cube's. */
#include <math.h>

#include "cube/inside.h"

/* Yes/no answers: the weight goes to a or b. */
static void add_answers(const ict_cube *c, size_t m, const uint8_t *answer, const double *weight,
                        size_t n) {
  size_t n_measures = c->shape->n_measures;
  size_t stride = ict_psu_doubles(c);
  double *base = (double *)(void *)c->fine.data + m;
  for (size_t i = 0; i < n; i++) {
    if (answer[i] > 1 || c->slot[i] == ICT_NO_CELL) continue;
    double *cell = base + c->slot[i] * stride;
    double w = weight ? weight[i] : 1;
    if (w > 0) {
      cell[(answer[i] ? F_A : F_B) * n_measures] += w;
      cell[F_N * n_measures] += 1;
    } else {
      cell[F_ZERO * n_measures] += 1;
    }
  }
}

/* Numbers: k is the measure's place among the numeric ones. */
static void add_numbers(const ict_cube *c, size_t m, size_t k, const ict_cube_values *values,
                        const double *weight, size_t n) {
  size_t n_measures = c->shape->n_measures;
  ict_moments *moments = (ict_moments *)(void *)c->rows.data + k;
  for (size_t i = 0; i < n; i++) {
    double y = values->y[i];
    double x = values->x ? values->x[i] : 1;
    if (isnan(y) || isnan(x) || c->slot[i] == ICT_NO_CELL) continue;
    double *cell = ict_sheet_at(&c->fine, c->slot[i]);
    double w = weight ? weight[i] : 1;
    if (w > 0) {
      ict_moments_add(moments + c->rows_slot[i] * c->n_numeric, w, y, x);
      cell[F_A * n_measures + m] += w * y;
      cell[F_B * n_measures + m] += w * x;
      cell[F_N * n_measures + m] += 1;
    } else {
      cell[F_ZERO * n_measures + m] += 1;
    }
  }
}

static void add_measures(const ict_cube *c, const ict_cube_rows *rows, size_t first, size_t n) {
  const double *weight = rows->weight ? rows->weight + first : NULL;
  size_t k = 0;
  for (size_t m = 0; m < c->shape->n_measures; m++) {
    ict_cube_values v = rows->values[m];
    if (c->shape->numeric[m]) {
      v.y += first;
      if (v.x) v.x += first;
      add_numbers(c, m, k++, &v, weight, n);
    } else {
      add_answers(c, m, v.answer + first, weight, n);
    }
  }
}

ict_status ict_cube_add(ict_cube *cube, const ict_cube_rows *rows, ict_err *err) {
  if (!cube->is_open) return ict_err_set(err, ICT_USAGE, "rows for a cube with no open stratum");
  for (size_t first = 0; first < rows->n; first += ROWS_AT_ONCE) {
    size_t n = rows->n - first < ROWS_AT_ONCE ? rows->n - first : ROWS_AT_ONCE;
    for (size_t i = 0; i < n; i++) {
      uint32_t cell = rows->fine[first + i];
      if (cell == ICT_NO_CELL) {
        cube->slot[i] = ICT_NO_CELL;
        continue;
      }
      size_t slot = ict_sheet_touch(&cube->fine, cell);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      cube->slot[i] = (uint32_t)slot;
      if (cube->n_numeric == 0) continue;
      slot = ict_sheet_touch(&cube->rows, cell);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      cube->rows_slot[i] = (uint32_t)slot;
    }
    if (cube->fine.n > 0) add_measures(cube, rows, first, n); /* else nobody is in any cell */
  }
  if (cube->residual) ict_residual_add(cube->residual, rows->first_row, rows->n);
  return ICT_OK;
}

void ict_psu_add_slot(const ict_cube *c, double *restrict into, double *restrict from) {
  size_t n_measures = c->shape->n_measures;
  for (size_t i = 0; i < PSU_FIELDS * n_measures; i++) into[i] += from[i];
}

ict_status ict_psu_roll_up(ict_cube *c, ict_sheet *unit, ict_err *err) {
  for (size_t g = 0; g < c->shape->n_margins; g++) {
    const uint32_t *cell_of = c->shape->margins[g].cell_of;
    for (size_t i = 0; i < c->fine.n; i++) {
      uint32_t cell = cell_of[c->fine.cell[i]];
      if (cell == ICT_NO_CELL) continue;
      if (c->shape->sharing && c->shape->sharing[g].n_classes > 0) {
        ict_status st = ict_share_add(c, g, cell, ict_sheet_at(&c->fine, i), unit, err);
        if (st != ICT_OK) return st;
        continue;
      }
      size_t slot = ict_sheet_touch(unit, (uint32_t)(c->first_cell[g] + cell));
      if (slot == SIZE_MAX) return ict_err_memory(err);
      ict_psu_add_slot(c, ict_sheet_at(unit, slot), ict_sheet_at(&c->fine, i));
      if (!c->pair_from) continue;
      ict_status st =
          ict_pairs_add(c, c->first_cell[g] + cell, ict_sheet_at(&c->fine, i), unit, err);
      if (st != ICT_OK) return st;
    }
  }
  ict_sheet_clear(&c->fine);
  return c->residual ? ict_residual_roll_up(c, unit, err) : ICT_OK;
}
