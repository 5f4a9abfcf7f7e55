/* totals.c - totals under each replicate.
 *
 * In: rows, or the totals of a PSU. Out: (a, b) of each key and measure by replicate.
 * Owns: the totals and the record of who counted.
 *
 * Everything here is a loop over replicates through memory in order. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

/* Fine cells of a chunk, or of the whole, that take more roll up to the margins: constants, as last
 * bits depend on them. */
#define FINE_BYTES       268435456.0
#define WHOLE_FINE_BYTES 1073741824.0

static bool is_jackknife(const ict_replicate_totals *t) {
  return t->replicates->form == FORM_LEAVE;
}

static size_t cells_in(const ict_cube_shape *shape) {
  size_t n = 0;
  for (size_t g = 0; g < shape->n_margins; g++) n += shape->margins[g].n_cells;
  return n;
}

/* A slot: what a key keeps. */
static size_t stride_of(const ict_replicates *r, const ict_cube_shape *shape) {
  return r->form == FORM_LEAVE ? 0 : 2 * shape->n_measures * r->n * sizeof(double);
}

/* A unit of m rows touches as many keys at most. By margin where these are fewer. */
static bool is_by_margin(const ict_replicates *r, const ict_cube_shape *shape) {
  const ict_design *d = r->design;
  size_t m = r->form == FORM_ROWS || d->n_psu == 0 ? 1 : (d->n_rows + d->n_psu - 1) / d->n_psu;
  size_t of_margins = 0;
  for (size_t g = 0; g < shape->n_margins; g++)
    of_margins += shape->margins[g].n_cells < m ? shape->margins[g].n_cells : m;
  return of_margins <= (shape->n_fine < m ? shape->n_fine : m);
}

double ict_replicate_bytes(const ict_replicates *r, const ict_cube_shape *shape, size_t n_rows) {
  bool by_margin = is_by_margin(r, shape);
  double keys = (double)(by_margin ? cells_in(shape) : shape->n_fine);
  double touched = (double)n_rows * (double)(by_margin ? shape->n_margins : 1);
  double own = 2.0 * (double)shape->n_measures * sizeof(double) + 2 * sizeof(uint32_t);
  if (r->form == FORM_LEAVE) return touched * own;
  double bytes = (touched < keys ? touched : keys) * (double)stride_of(r, shape);
  return by_margin || bytes < FINE_BYTES ? bytes : FINE_BYTES;
}

static ict_status init_whole(ict_replicate_totals *t, ict_err *err) {
  size_t n_rows = t->replicates->design->n_rows;
  if (t->replicates->df != 0) return ICT_OK;
  ict_counted *c = &t->counted;
  c->bytes_a_row = (t->shape->n_measures + 7) / 8;
  c->fine = ict_alloc(n_rows, sizeof *c->fine);
  c->bits = ict_alloc(n_rows * c->bytes_a_row, 1);
  return c->fine && c->bits ? ICT_OK : ict_err_memory(err);
}

static ict_status init(ict_replicate_totals *t, ict_err *err) {
  const ict_cube_shape *shape = t->shape;
  size_t n = t->replicates->n, of_unit = 2 * shape->n_measures * sizeof(double);
  t->most_fine = t->whole ? FINE_BYTES : WHOLE_FINE_BYTES;
  t->by_margin = is_by_margin(t->replicates, shape);
  t->n_keys = t->by_margin ? cells_in(shape) : shape->n_fine;
  t->first_cell = ict_alloc(shape->n_margins + 1, sizeof *t->first_cell);
  t->multiplier = ict_alloc(n, sizeof *t->multiplier);
  if (!t->first_cell || !t->multiplier) return ict_err_memory(err);
  for (size_t g = 0; g < shape->n_margins; g++)
    t->first_cell[g + 1] = t->first_cell[g] + shape->margins[g].n_cells;
  if (ict_sheet_init(&t->psu, shape->n_fine, of_unit) != 0 ||
      ict_sheet_init(&t->rolled, cells_in(shape), of_unit) != 0 ||
      ict_sheet_init(&t->keys, t->n_keys, stride_of(t->replicates, shape)) != 0)
    return ict_err_memory(err);
  if (!is_jackknife(t)) {
    ict_status st = ict_batch_init(&t->batch, t->n_keys, 2 * shape->n_measures, n,
                                   t->replicates->form == FORM_ROWS, err);
    if (st != ICT_OK) return st;
  }
  return t->whole ? ICT_OK : init_whole(t, err);
}

ict_status ict_replicate_totals_new(const ict_replicates *replicates, const ict_cube_shape *shape,
                                    ict_replicate_totals *whole, ict_replicate_totals **out,
                                    ict_err *err) {
  *out = NULL;
  ict_replicate_totals *t = ict_alloc(1, sizeof *t);
  if (!t) return ict_err_memory(err);
  t->replicates = replicates;
  t->shape = shape;
  t->whole = whole;
  ict_status st = init(t, err);
  if (st != ICT_OK) {
    ict_replicate_totals_free(t);
    return st;
  }
  *out = t;
  return ICT_OK;
}

void ict_replicate_totals_free(ict_replicate_totals *t) {
  if (!t) return;
  ict_sheet_done(&t->psu);
  ict_sheet_done(&t->rolled);
  ict_sheet_done(&t->keys);
  ict_batch_done(&t->batch);
  ict_left_done(&t->items);
  ict_free(t->first_cell);
  ict_free(t->multiplier);
  ict_free(t->counted.fine);
  ict_free(t->counted.bits);
  ict_free(t->first_of);
  ict_free(t->slot_of);
  ict_free(t->rank);
  ict_free(t);
}

static void add(double *restrict into, const double *restrict from, size_t n) {
  for (size_t i = 0; i < n; i++) into[i] += from[i];
}

/* ---- rows ------------------------------------------------------------------------------ */

/* The row's (y, x) for the measure; false where it does not count. */
static bool row_values(const ict_cube_shape *shape, const ict_cube_values *v, size_t m, size_t i,
                       double *y, double *x) {
  if (!shape->numeric[m]) {
    *y = v->answer[i] == 1;
    *x = v->answer[i] == 0;
    return v->answer[i] <= 1;
  }
  *y = v->y[i];
  *x = v->x ? v->x[i] : 1;
  return *y == *y && *x == *x; /* NaN is not itself */
}

/* To the totals of an open unit. */
static void add_row(const ict_replicate_totals *t, const ict_cube_rows *rows, size_t i, double w,
                    double *slot) {
  for (size_t m = 0; m < t->shape->n_measures; m++) {
    double y, x;
    if (!row_values(t->shape, &rows->values[m], m, i, &y, &x)) continue;
    slot[2 * m] += w * y;
    slot[2 * m + 1] += w * x;
  }
}

/* ---- PSUs and units of the last stage -------------------------------------------------- */

/* The n numbers of every fine cell are added to the margins' cells. */
static ict_status roll(const ict_replicate_totals *t, const ict_sheet *fine, size_t n,
                       ict_sheet *cells, ict_err *err) {
  for (size_t g = 0; g < t->shape->n_margins; g++) {
    const uint32_t *cell_of = t->shape->margins[g].cell_of;
    for (size_t i = 0; i < fine->n; i++) {
      uint32_t cell = cell_of[fine->cell[i]];
      if (cell == ICT_NO_CELL) continue;
      size_t slot = ict_sheet_touch(cells, (uint32_t)(t->first_cell[g] + cell));
      if (slot == SIZE_MAX) return ict_err_memory(err);
      add(ict_sheet_at(cells, slot), ict_sheet_at(fine, i), n);
    }
  }
  return ICT_OK;
}

static ict_status refuse_size(const ict_replicate_totals *t, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%zu replicates of so many cells and indicators need over %.1f GB",
              t->replicates->n, ICT_REPLICATE_MOST_BYTES / 1e9);
  ict_err_expected(err, "%.1f GB at most", ICT_REPLICATE_MOST_BYTES / 1e9);
  ict_err_fix(err, "compute fewer indicators or breakdowns at a time, or fewer replicates");
  return ICT_REFUSED;
}

static double bytes_of(const ict_replicate_totals *t) {
  return (double)t->keys.n * (double)t->keys.stride +
         (double)t->items.n * 2.0 * (double)t->shape->n_measures * sizeof(double);
}

/* Other keys; what they hold is kept, fine cells rolled up, or of empty ones nothing. */
static ict_status change_keys(ict_replicate_totals *t, bool by_margin, ict_err *err) {
  ict_sheet keys;
  size_t n_keys = by_margin ? cells_in(t->shape) : t->shape->n_fine;
  if (t->by_margin == by_margin) return ICT_OK;
  if (ict_sheet_init(&keys, n_keys, t->keys.stride) != 0) return ict_err_memory(err);
  ict_status st =
      roll(t, &t->keys, by_margin ? 2 * t->shape->n_measures * t->replicates->n : 0, &keys, err);
  if (st == ICT_OK) st = ict_batch_keys(&t->batch, n_keys, err);
  if (st != ICT_OK) {
    ict_sheet_done(&keys);
    return st;
  }
  ict_sheet_done(&t->keys);
  t->keys = keys;
  t->n_keys = n_keys;
  t->by_margin = by_margin;
  return ICT_OK;
}

ict_status ict_replicate_roll_up(ict_replicate_totals *t, ict_err *err) {
  return change_keys(t, true, err);
}

ict_status ict_replicate_empty(ict_replicate_totals *t, ict_err *err) {
  ict_sheet_clear(&t->keys);
  t->items.n = 0;
  return change_keys(t, is_by_margin(t->replicates, t->shape), err);
}

static ict_status flush(ict_replicate_totals *t, ict_err *err) {
  ict_status st = ict_batch_flush(&t->batch, &t->keys, err);
  if (st == ICT_OK && !t->by_margin && bytes_of(t) > t->most_fine)
    st = ict_replicate_roll_up(t, err);
  if (st == ICT_OK && bytes_of(t) > ICT_REPLICATE_MOST_BYTES) st = refuse_size(t, err);
  return st;
}

/* A unit to the batch. Where it has too many keys for one, its multipliers come again. */
static ict_status queue_keys(ict_replicate_totals *t, const ict_sheet *keys, ict_err *err) {
  for (size_t i = 0; i < keys->n; i++) {
    if (i == 0 || t->batch.n_units == 0) ict_batch_add_unit(&t->batch, t->multiplier);
    double *total = ict_batch_add_item(&t->batch, keys->cell[i]);
    if (!total) return ict_err_memory(err);
    memcpy(total, ict_sheet_at(keys, i), 2 * t->shape->n_measures * sizeof *total);
    if (!ict_batch_is_full(&t->batch)) continue;
    ict_status st = ict_batch_flush(&t->batch, &t->keys, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* The totals of the open unit go to their keys, under every replicate. */
static ict_status close_unit(ict_replicate_totals *t, size_t unit, ict_err *err) {
  const ict_sheet *keys = t->by_margin ? &t->rolled : &t->psu;
  ict_status st = ICT_OK;
  if (t->by_margin) ICT_TRY(done, st, roll(t, &t->psu, 2 * t->shape->n_measures, &t->rolled, err));
  if (is_jackknife(t)) {
    for (size_t i = 0; i < keys->n; i++)
      ICT_TRY(done, st, ict_left_add(t, unit, keys->cell[i], ict_sheet_at(keys, i), err));
  } else {
    ict_replicates_multipliers(t->replicates, unit, t->multiplier);
    ICT_TRY(done, st, queue_keys(t, keys, err));
    if (ict_batch_is_full(&t->batch)) st = flush(t, err);
  }
done:
  ict_sheet_clear(&t->psu);
  ict_sheet_clear(&t->rolled);
  return st;
}

/* A row of its own weights to a key's. */
static ict_status queue_row(ict_replicate_totals *t, const ict_cube_rows *rows, size_t i,
                            size_t row, uint32_t key, ict_err *err) {
  const double *weight = t->replicates->weight + row * t->replicates->n;
  if (!ict_batch_add_row(&t->batch, row, weight)) {
    ict_status st = ict_batch_flush(&t->batch, &t->keys, err);
    if (st != ICT_OK) return st;
    ict_batch_add_row(&t->batch, row, weight);
  }
  double *total = ict_batch_add_item(&t->batch, key);
  if (!total) return ict_err_memory(err);
  add_row(t, rows, i, 1, total);
  return ICT_OK;
}

static ict_status queue_row_everywhere(ict_replicate_totals *t, const ict_cube_rows *rows, size_t i,
                                       size_t row, ict_err *err) {
  ict_status st = ICT_OK;
  if (!t->by_margin) st = queue_row(t, rows, i, row, rows->fine[i], err);
  for (size_t g = 0; t->by_margin && g < t->shape->n_margins && st == ICT_OK; g++) {
    uint32_t cell = t->shape->margins[g].cell_of[rows->fine[i]];
    if (cell != ICT_NO_CELL)
      st = queue_row(t, rows, i, row, (uint32_t)(t->first_cell[g] + cell), err);
  }
  return st == ICT_OK && ict_batch_is_full(&t->batch) ? flush(t, err) : st;
}

/* Before the row: where it is of another unit of the last stage, the open one is closed. */
static ict_status reach_row(ict_replicate_totals *t, size_t row, ict_err *err) {
  const ict_level *last = &t->replicates->levels[t->replicates->n_levels - 1];
  if (row < t->leaf_end) return ICT_OK;
  ict_status st = t->leaf_end > 0 ? close_unit(t, t->leaf, err) : ICT_OK;
  t->leaf = ict_replicate_unit_of(last->first_row, last->n_units, 0, row);
  t->leaf_end = (size_t)last->first_row[t->leaf + 1];
  return st;
}

ict_status ict_replicate_close_psu(ict_replicate_totals *t, size_t psu, ict_err *err) {
  if (t->replicates->form == FORM_ROWS) return ICT_OK;
  if (t->replicates->form == FORM_STAGES) {
    if (t->leaf_end == 0) return ICT_OK; /* a PSU without rows */
    psu = t->leaf;
    t->leaf_end = 0;
  }
  return close_unit(t, psu, err);
}

/* ---- rows of the pass ------------------------------------------------------------------ */

static void record(const ict_replicate_totals *t, const ict_counted *c, const ict_cube_rows *rows,
                   size_t i, size_t row) {
  double y, x;
  c->fine[row] = rows->fine[i];
  if (rows->weight && !(rows->weight[i] > 0)) return;
  for (size_t m = 0; m < t->shape->n_measures; m++)
    if (row_values(t->shape, &rows->values[m], m, i, &y, &x))
      c->bits[row * c->bytes_a_row + m / 8] |= (uint8_t)(1u << m % 8);
}

static ict_status add_to_unit(ict_replicate_totals *t, const ict_cube_rows *rows, size_t i,
                              ict_err *err) {
  size_t slot = ict_sheet_touch(&t->psu, rows->fine[i]);
  if (slot == SIZE_MAX) return ict_err_memory(err);
  add_row(t, rows, i, rows->weight ? rows->weight[i] : 1, ict_sheet_at(&t->psu, slot));
  return ICT_OK;
}

ict_status ict_replicate_add(ict_replicate_totals *t, const ict_cube_rows *rows, size_t row,
                             ict_err *err) {
  const ict_replicates *r = t->replicates;
  const ict_counted *counted = &(t->whole ? t->whole : t)->counted;
  for (size_t i = 0; i < rows->n; i++) {
    if (counted->bits) record(t, counted, rows, i, row + i);
    ict_status st = r->form == FORM_STAGES ? reach_row(t, row + i, err) : ICT_OK;
    if (st == ICT_OK && rows->fine[i] != ICT_NO_CELL)
      st = r->form == FORM_ROWS ? queue_row_everywhere(t, rows, i, row + i, err)
                                : add_to_unit(t, rows, i, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* ---- the whole ------------------------------------------------------------------------- */

ict_status ict_replicate_settle(ict_replicate_totals *t, ict_err *err) {
  return is_jackknife(t) ? ICT_OK : flush(t, err);
}

static ict_status merge_keys(ict_replicate_totals *into, ict_replicate_totals *next, ict_err *err) {
  size_t n = 2 * into->shape->n_measures * into->replicates->n;
  ict_status st = ICT_OK;
  if (into->keys.n == 0 && into->by_margin == next->by_margin) { /* the first */
    ict_sheet empty = into->keys;
    into->keys = next->keys;
    next->keys = empty;
    return ICT_OK;
  }
  if (next->by_margin && !into->by_margin) st = ict_replicate_roll_up(into, err);
  if (st == ICT_OK && into->by_margin && !next->by_margin) {
    st = roll(next, &next->keys, n, &into->keys, err);
  } else {
    for (size_t i = 0; i < next->keys.n && st == ICT_OK; i++) {
      size_t slot = ict_sheet_touch(&into->keys, next->keys.cell[i]);
      if (slot == SIZE_MAX)
        st = ict_err_memory(err);
      else
        add(ict_sheet_at(&into->keys, slot), ict_sheet_at(&next->keys, i), n);
    }
  }
  return st;
}

ict_status ict_replicate_merge(ict_replicate_totals *into, ict_replicate_totals *next,
                               ict_err *err) {
  ict_status st = ict_replicate_settle(next, err);
  if (st == ICT_OK && is_jackknife(into)) st = ict_left_append(into, &next->items, err);
  if (st == ICT_OK && !is_jackknife(into)) st = merge_keys(into, next, err);
  if (st == ICT_OK) st = ict_replicate_empty(next, err);
  if (st == ICT_OK && !is_jackknife(into)) return flush(into, err);
  return st == ICT_OK && bytes_of(into) > ICT_REPLICATE_MOST_BYTES ? refuse_size(into, err) : st;
}

/* Slots of every margin cell, one cell after the other. */
static ict_status index_cells(ict_replicate_totals *t, ict_err *err) {
  size_t n_cells = t->first_cell[t->shape->n_margins];
  t->first_of = ict_alloc(n_cells + 2, sizeof *t->first_of);
  t->slot_of =
      ict_alloc(t->by_margin ? t->keys.n : t->keys.n * t->shape->n_margins, sizeof *t->slot_of);
  if (!t->first_of || !t->slot_of) return ict_err_memory(err);
  for (int pass = 0; pass < 2; pass++) { /* count, then place */
    for (size_t g = 0; g < (t->by_margin ? 1 : t->shape->n_margins); g++)
      for (size_t i = 0; i < t->keys.n; i++) {
        size_t cell = t->keys.cell[i];
        if (!t->by_margin) {
          uint32_t of_margin = t->shape->margins[g].cell_of[cell];
          if (of_margin == ICT_NO_CELL) continue;
          cell = t->first_cell[g] + of_margin;
        }
        if (pass == 0)
          t->first_of[cell + 2]++;
        else
          t->slot_of[t->first_of[cell + 1]++] = (uint32_t)i;
      }
    for (size_t c = 2; pass == 0 && c < n_cells + 2; c++) t->first_of[c] += t->first_of[c - 1];
  }
  return ICT_OK;
}

ict_status ict_replicate_finish(ict_replicate_totals *t, int threads, ict_err *err) {
  ict_status st = ict_replicate_settle(t, err);
  if (st == ICT_OK && is_jackknife(t)) st = ict_left_index(t, err);
  if (st == ICT_OK) st = index_cells(t, err);
  if (st != ICT_OK) return st;
  return t->replicates->df != 0 ? ICT_OK : ict_replicate_ranks(t, threads, err);
}
