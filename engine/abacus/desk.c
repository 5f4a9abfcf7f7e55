/* desk.c - rows of the open PSU to totals of its cells in each grid.
 *
 * In: rows with their bits. Out: units, handed to psu.c; rows by cell. Owns: the desk. */
#include <string.h>

#include "abacus/inside.h"
#include "base/lines.h"
#include "base/mem.h"

ict_status ict_abacus_desk_new(const ict_abacus_layout *l, ict_abacus_desk **out, ict_err *err) {
  *out = NULL;
  ict_abacus_desk *d = ict_alloc(1, sizeof *d);
  if (!d) return ict_err_memory(err);
  d->layout = l;
  ict_status st = ICT_OK;
  d->trays = ict_alloc(l->n_grids, sizeof *d->trays);
  d->rows = ict_alloc(l->n_grids, sizeof *d->rows);
  d->source = ict_alloc(l->n_sets, sizeof *d->source);
  d->sink = ict_alloc(l->n_sets, sizeof *d->sink);
  if (!d->trays || !d->rows || !d->source || !d->sink) st = ict_err_memory(err);
  for (size_t g = 0; g < l->n_grids && st == ICT_OK; g++) {
    d->trays[g].grid = &l->grids[g];
    d->rows[g].move = ict_alloc(ROWS_AT_ONCE, sizeof *d->rows[g].move);
    if (!d->rows[g].move ||
        ict_sheet_init(&d->trays[g].inner, l->grids[g].n_cells, l->rows_bytes) != 0)
      st = ict_err_memory(err);
  }
  if (st == ICT_OK) st = ict_abacus_part_init(l, &d->open, err);
  if (st == ICT_OK) {
    *out = d;
  } else {
    ict_abacus_desk_free(d);
  }
  return st;
}

void ict_abacus_desk_free(ict_abacus_desk *d) {
  if (!d) return;
  for (size_t g = 0; d->trays && g < d->layout->n_grids; g++) {
    ict_sheet_done(&d->trays[g].inner);
    ict_free(d->trays[g].seat);
    ict_free(d->trays[g].rows);
    ict_free(d->trays[g].unit_of);
    ict_free(d->trays[g].inner_of);
    ict_free(d->trays[g].unit_memory);
    ict_free(d->trays[g].zero);
  }
  for (size_t g = 0; d->rows && g < d->layout->n_grids; g++) ict_free(d->rows[g].move);
  ict_abacus_part_done(&d->open);
  ict_abacus_queue_done(&d->queue);
  ict_free(d->couples);
  ict_free(d->trays);
  ict_free(d->rows);
  ict_free(d->source);
  ict_free(d->sink);
  ict_free(d);
}

void ict_abacus_pack(const ict_abacus_layout *l, const ict_abacus_test *yes,
                     const ict_abacus_test *no, const uint8_t *x, const uint8_t *counts, size_t n,
                     bool first, uint8_t *to_yes, uint8_t *to_no) {
  l->kernels->pack(yes, no, x, counts, n, first, to_yes, to_no);
}

void ict_abacus_restrict(const ict_abacus_layout *l, const ict_abacus_test *test, const uint8_t *x,
                         size_t n, bool first, uint8_t *counts) {
  l->kernels->test(test, x, n, first, counts);
}

/* Room for as many cells as the sheet has; place 0 of the units is zeros. */
static ict_status make_room(const ict_abacus_layout *l, ict_abacus_tray *t, ict_err *err) {
  size_t n = t->inner.capacity;
  if (n <= t->capacity) return ICT_OK;
  uint32_t *seat = ict_realloc(t->seat, n, t->grid->n_sets * sizeof *seat);
  if (!seat) return ict_err_memory(err);
  t->seat = seat;
  ict_moments *rows = ict_realloc(t->rows, n, l->n_numeric * sizeof *rows);
  if (!rows && l->n_numeric > 0) return ict_err_memory(err);
  t->rows = rows;
  uint32_t *unit_of = ict_realloc(t->unit_of, n, sizeof *unit_of);
  if (!unit_of) return ict_err_memory(err);
  t->unit_of = unit_of;
  uint32_t *inner_of = ict_realloc(t->inner_of, n + 2, sizeof *inner_of);
  if (!inner_of) return ict_err_memory(err);
  t->inner_of = inner_of;
  if (ict_lines_grow(&t->unit_memory, &t->unit, (t->n_units + 1) * l->total_bytes,
                     (n + 1) * l->total_bytes) != 0)
    return ict_err_memory(err);
  memset(t->unit, 0, l->total_bytes);
  t->capacity = n;
  return ICT_OK;
}

/* The stratum's first row in this cell. */
static ict_status open_inner(ict_abacus_desk *d, ict_abacus_tray *t, uint32_t cell, ict_err *err) {
  if (ict_sheet_touch_new(&t->inner, cell) != 0) return ict_err_memory(err);
  ict_status st = make_room(d->layout, t, err);
  if (st != ICT_OK) return st;
  size_t slot = t->inner.n - 1, n_numeric = d->layout->n_numeric;
  t->unit_of[slot] = 0;
  for (size_t k = 0; k < n_numeric; k++) t->rows[slot * n_numeric + k] = (ict_moments){0};
  return ict_abacus_seat(d, t, err);
}

static ict_status open_inners(ict_abacus_desk *d, ict_abacus_tray *t, const uint32_t *cell,
                              size_t n, ict_err *err) {
  for (size_t i = 0; i < n; i++) {
    if (t->inner.slot_of[cell[i]] != 0) continue;
    ict_status st = open_inner(d, t, cell[i], err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* Where each row goes. Whether it is the first of its unit is as good as random, so nothing
 * branches on it. */
static void find_units(ict_abacus_tray *t, const uint32_t *cell, size_t n, ict_row_move *move) {
  const uint32_t *slot_of = t->inner.slot_of;
  uint32_t *unit_of = t->unit_of, *inner_of = t->inner_of, n_units = (uint32_t)t->n_units;
  for (size_t i = 0; i < n; i++) {
    uint32_t inner = slot_of[cell[i]] - 1, known = unit_of[inner];
    uint32_t unit = known ? known : n_units + 1;
    unit_of[inner] = unit;
    inner_of[n_units + 1] = inner; /* of the next new one in the end */
    n_units += known == 0;
    move[i] = (ict_row_move){known, unit, inner};
  }
  t->n_units = n_units;
}

/* Rows of weight 0 make a cell present, and nothing else: which measures, is kept by bits. */
static ict_status note_zeros(ict_abacus_desk *d, ict_abacus_tray *t, const ict_row_run *run,
                             const ict_row_move *move, ict_err *err) {
  size_t groups = d->layout->groups;
  for (size_t i = 0; i < run->n; i++) {
    if (run->weight[i] > 0) continue;
    if (t->capacity + 1 > t->zero_capacity) {
      uint8_t *zero = ict_realloc(t->zero, t->capacity + 1, groups);
      if (!zero) return ict_err_memory(err);
      memset(zero + t->zero_capacity * groups, 0, (t->capacity + 1 - t->zero_capacity) * groups);
      t->zero = zero;
      t->zero_capacity = t->capacity + 1;
    }
    for (size_t g = 0; g < groups; g++) {
      size_t at = g * run->bit_stride + i;
      t->zero[move[i].to * groups + g] |= run->yes[at] | run->no[at];
    }
    d->any_zero = true;
  }
  return ICT_OK;
}

static bool has_zeros(const double *weight, size_t n) {
  bool zeros = false;
  for (size_t i = 0; weight && i < n; i++) zeros |= !(weight[i] > 0);
  return zeros;
}

ict_status ict_abacus_add(ict_abacus_desk *d, const ict_abacus_rows *rows, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  for (size_t first = 0; first < rows->n; first += ROWS_AT_ONCE) {
    size_t n = rows->n - first < ROWS_AT_ONCE ? rows->n - first : ROWS_AT_ONCE;
    ict_row_run run = {.n = n,
                       .weight = rows->weight ? rows->weight + first : NULL,
                       .yes = rows->bits.yes + first,
                       .no = rows->bits.no + first,
                       .bit_stride = rows->bits.stride,
                       .n_grids = l->n_grids,
                       .grids = d->rows};
    bool zeros = has_zeros(run.weight, n);
    for (size_t g = 0; g < l->n_grids; g++) {
      ict_abacus_tray *t = &d->trays[g];
      const uint32_t *cell = rows->cell + g * rows->cell_stride + first;
      ict_status st = open_inners(d, t, cell, n, err);
      if (st != ICT_OK) return st;
      find_units(t, cell, n, d->rows[g].move);
      d->rows[g].units = t->unit;
      d->rows[g].rows = t->inner.data;
      if (zeros) st = note_zeros(d, t, &run, d->rows[g].move, err);
      if (st != ICT_OK) return st;
    }
    l->kernels->rows(l->groups, &run);
    ict_abacus_add_numbers(d, rows, first, n);
  }
  return ICT_OK;
}
