/* totals.c - totals under each replicate.
 *
 * In: rows, or the totals of a PSU. Out: (a, b) of each margin cell and measure by replicate.
 * Owns: the totals and the record of who counted.
 *
 * Everything here is a loop over replicates through memory in order. Jackknife replicates differ
 * from the full sample in one stratum only, so a PSU writes its total into its own replicate and
 * the rest is made at the end: n_psu steps in place of n_psu squared. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

/* Fine cells are held until they take this much, then roll up: a constant, as last bits depend
 * on it. Most of a second-level cache would be too little for 500 replicates of a dozen measures.
 */
#define FINE_BYTES 67108864
#define LEAST_FINE 16

static size_t columns_of(const ict_replicates *r) { return r->n + (r->form == FORM_LEAVE); }

static size_t cells_in(const ict_cube_shape *shape) {
  size_t n = 0;
  for (size_t g = 0; g < shape->n_margins; g++) n += shape->margins[g].n_cells;
  return n;
}

double ict_replicate_bytes(const ict_replicates *r, const ict_cube_shape *shape) {
  double slot = 2.0 * (double)shape->n_measures * (double)columns_of(r) * sizeof(double);
  return slot * (double)cells_in(shape);
}

static ict_status init_whole(ict_replicate_totals *t, ict_err *err) {
  size_t n_rows = t->replicates->design->n_rows;
  if (t->replicates->df > 0) return ICT_OK;
  ict_counted *c = &t->counted;
  c->bytes_a_row = (t->shape->n_measures + 7) / 8;
  c->fine = ict_alloc(n_rows, sizeof *c->fine);
  c->bits = ict_alloc(n_rows * c->bytes_a_row, 1);
  return c->fine && c->bits ? ICT_OK : ict_err_memory(err);
}

static ict_status init(ict_replicate_totals *t, ict_err *err) {
  const ict_cube_shape *shape = t->shape;
  t->n_columns = columns_of(t->replicates);
  size_t stride = 2 * shape->n_measures * t->n_columns * sizeof(double);
  t->most_fine = FINE_BYTES / stride > LEAST_FINE ? FINE_BYTES / stride : LEAST_FINE;
  t->first_cell = ict_alloc(shape->n_margins + 1, sizeof *t->first_cell);
  t->multiplier = ict_alloc(t->n_columns, sizeof *t->multiplier);
  if (!t->first_cell || !t->multiplier) return ict_err_memory(err);
  for (size_t g = 0; g < shape->n_margins; g++)
    t->first_cell[g + 1] = t->first_cell[g] + shape->margins[g].n_cells;
  if (ict_sheet_init(&t->psu, shape->n_fine, 2 * shape->n_measures * sizeof(double)) != 0 ||
      ict_sheet_init(&t->fine, shape->n_fine, stride) != 0 ||
      ict_sheet_init(&t->cells, t->first_cell[shape->n_margins], stride) != 0)
    return ict_err_memory(err);
  if (t->replicates->form != FORM_LEAVE) {
    ict_status st =
        ict_batch_init(&t->batch, shape->n_fine, 2 * shape->n_measures, t->n_columns, err);
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
  ict_batch_done(&t->batch);
  ict_sheet_done(&t->fine);
  ict_sheet_done(&t->cells);
  ict_free(t->first_cell);
  ict_free(t->multiplier);
  ict_free(t->counted.fine);
  ict_free(t->counted.bits);
  ict_free(t->rank);
  ict_free(t);
}

/* ---- sums ------------------------------------------------------------------------------ */

static void add(double *restrict into, const double *restrict from, size_t n) {
  for (size_t i = 0; i < n; i++) into[i] += from[i];
}

/* The fine cells go to the margins and are forgotten. */
static ict_status roll_up(ict_replicate_totals *t, ict_err *err) {
  size_t n = 2 * t->shape->n_measures * t->n_columns;
  for (size_t g = 0; g < t->shape->n_margins; g++) {
    const uint32_t *cell_of = t->shape->margins[g].cell_of;
    for (size_t i = 0; i < t->fine.n; i++) {
      uint32_t cell = cell_of[t->fine.cell[i]];
      if (cell == ICT_NO_CELL) continue;
      size_t slot = ict_sheet_touch(&t->cells, (uint32_t)(t->first_cell[g] + cell));
      if (slot == SIZE_MAX) return ict_err_memory(err);
      add(ict_sheet_at(&t->cells, slot), ict_sheet_at(&t->fine, i), n);
    }
  }
  ict_sheet_clear(&t->fine);
  return ICT_OK;
}

double *ict_replicate_fine_slot(ict_replicate_totals *t, uint32_t cell, ict_err *err) {
  if (t->fine.n >= t->most_fine && t->fine.slot_of[cell] == 0 && roll_up(t, err) != ICT_OK)
    return NULL;
  size_t slot = ict_sheet_touch(&t->fine, cell);
  if (slot == SIZE_MAX) ict_err_memory(err);
  return slot == SIZE_MAX ? NULL : ict_sheet_at(&t->fine, slot);
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

static size_t own_replicate(const ict_replicates *r, size_t psu) {
  size_t h = r->stratum_of[psu];
  size_t k = psu - (size_t)r->design->stratum_first_psu[h];
  return k < r->left[h].n ? r->left[h].first + k : SIZE_MAX;
}

/* Jackknife: to the PSU's own replicate, and the full total in the last column. */
static ict_status leave_unit(ict_replicate_totals *t, size_t psu, ict_err *err) {
  size_t n = t->n_columns, own = own_replicate(t->replicates, psu);
  for (size_t i = 0; i < t->psu.n; i++) {
    const double *total = ict_sheet_at(&t->psu, i);
    double *slot = ict_replicate_fine_slot(t, t->psu.cell[i], err);
    if (!slot) return ICT_FAIL;
    for (size_t k = 0; k < 2 * t->shape->n_measures; k++, slot += n) {
      if (own < n - 1) slot[own] += total[k];
      slot[n - 1] += total[k];
    }
  }
  return ICT_OK;
}

/* A unit to the batch; one with too many cells for it comes again. */
static ict_status queue_unit(ict_batch *b, ict_replicate_totals *t, const double *multiplier,
                             bool of_items, ict_err *err) {
  ict_status st = ict_batch_is_full(b, of_items) ? ict_batch_flush(b, t, err) : ICT_OK;
  if (st == ICT_OK && (!of_items || b->n_units == 0)) ict_batch_add_unit(b, multiplier);
  return st;
}

/* The totals of the open unit are queued for the fine cells, under every replicate. */
static ict_status close_unit(ict_replicate_totals *t, size_t unit, ict_err *err) {
  ict_status st;
  if (t->replicates->form == FORM_LEAVE) {
    ICT_TRY(done, st, leave_unit(t, unit, err));
  } else {
    ict_replicates_multipliers(t->replicates, unit, t->multiplier);
    ICT_TRY(done, st, queue_unit(&t->batch, t, t->multiplier, false, err));
    for (size_t i = 0; i < t->psu.n; i++) {
      ICT_TRY(done, st, queue_unit(&t->batch, t, t->multiplier, true, err));
      double *total = ict_batch_add_item(&t->batch, t->psu.cell[i]);
      if (!total) return ict_err_memory(err);
      memcpy(total, ict_sheet_at(&t->psu, i), 2 * t->shape->n_measures * sizeof *total);
    }
  }
done:
  ict_sheet_clear(&t->psu);
  return st;
}

/* A row of its own weights is a unit. */
static ict_status queue_row(ict_replicate_totals *t, const ict_cube_rows *rows, size_t i,
                            const double *weight, ict_err *err) {
  ict_status st = queue_unit(&t->batch, t, weight, false, err);
  if (st == ICT_OK) st = queue_unit(&t->batch, t, weight, true, err);
  if (st != ICT_OK) return st;
  double *total = ict_batch_add_item(&t->batch, rows->fine[i]);
  if (!total) return ict_err_memory(err);
  add_row(t, rows, i, 1, total);
  return ICT_OK;
}

/* Before the row: where it is of another unit of the last stage, the open one is closed. */
static ict_status reach_row(ict_replicate_totals *t, size_t row, ict_err *err) {
  const ict_level *last = &t->replicates->levels[t->replicates->n_levels - 1];
  if (row < t->leaf_end) return ICT_OK;
  ict_status st = t->leaf_end > 0 ? close_unit(t, t->leaf, err) : ICT_OK;
  t->leaf = ict_replicate_unit_of(last->first_row, last->n_units, row);
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

ict_status ict_replicate_add(ict_replicate_totals *t, const ict_cube_rows *rows, size_t row,
                             ict_err *err) {
  const ict_replicates *r = t->replicates;
  const ict_counted *counted = &(t->whole ? t->whole : t)->counted;
  for (size_t i = 0; i < rows->n; i++) {
    if (counted->bits) record(t, counted, rows, i, row + i);
    if (r->form == FORM_STAGES && reach_row(t, row + i, err) != ICT_OK) return ICT_FAIL;
    if (rows->fine[i] == ICT_NO_CELL) continue;
    if (r->form == FORM_ROWS) {
      ict_status st = queue_row(t, rows, i, r->weight + (row + i) * r->n, err);
      if (st != ICT_OK) return st;
    } else {
      size_t slot = ict_sheet_touch(&t->psu, rows->fine[i]);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      add_row(t, rows, i, rows->weight ? rows->weight[i] : 1, ict_sheet_at(&t->psu, slot));
    }
  }
  return ICT_OK;
}

/* ---- the whole ------------------------------------------------------------------------- */

/* All that waits goes to the cells of the margins. */
static ict_status settle(ict_replicate_totals *t, ict_err *err) {
  ict_status st = ICT_OK;
  if (t->replicates->form != FORM_LEAVE) st = ict_batch_flush(&t->batch, t, err);
  return st == ICT_OK ? roll_up(t, err) : st;
}

ict_status ict_replicate_merge(ict_replicate_totals *into, ict_replicate_totals *next,
                               ict_err *err) {
  size_t n = 2 * into->shape->n_measures * into->n_columns;
  ict_status st = settle(next, err);
  for (size_t i = 0; i < next->cells.n && st == ICT_OK; i++) {
    size_t slot = ict_sheet_touch(&into->cells, next->cells.cell[i]);
    if (slot == SIZE_MAX)
      st = ict_err_memory(err);
    else
      add(ict_sheet_at(&into->cells, slot), ict_sheet_at(&next->cells, i), n);
  }
  ict_sheet_clear(&next->cells);
  return st;
}

/* Jackknife: from the totals of PSUs to those of replicates. With A the full total, A_h that of the
 * stratum: outside (A - A_h) + inside (A_h - t). */
static void leave_out(const ict_replicates *r, double *a) {
  double full = a[r->n];
  for (size_t h = 0; h < r->design->n_strata; h++) {
    const ict_left_out *left = &r->left[h];
    double *t = a + left->first, stratum = 0;
    for (size_t i = 0; i < left->n; i++) stratum += t[i];
    for (size_t i = 0; i < left->n; i++)
      t[i] = left->outside * (full - stratum) + left->inside * (stratum - t[i]);
  }
}

ict_status ict_replicate_finish(ict_replicate_totals *t, int threads, ict_err *err) {
  ict_status st = settle(t, err);
  if (st != ICT_OK) return st;
  if (t->replicates->form == FORM_LEAVE)
    for (size_t i = 0; i < t->cells.n; i++) {
      double *slot = ict_sheet_at(&t->cells, i);
      for (size_t k = 0; k < 2 * t->shape->n_measures; k++)
        leave_out(t->replicates, slot + k * t->n_columns);
    }
  return t->replicates->df > 0 ? ICT_OK : ict_replicate_ranks(t, threads, err);
}

ict_replicate_cell ict_replicate_cell_of(const ict_replicate_totals *t, size_t margin, size_t cell,
                                         size_t measure) {
  size_t at = t->first_cell[margin] + cell;
  ict_replicate_cell out = {
      .replicates = t->replicates, .df = t->replicates->df, .df_design = t->replicates->df};
  if (t->rank) {
    out.df = (double)t->rank[at * t->shape->n_measures + measure] - 1;
    out.df_design = (double)t->rank_of_all - 1;
  }
  uint32_t slot = t->cells.slot_of[at];
  if (slot == 0) return out;
  out.a = (const double *)ict_sheet_at(&t->cells, slot - 1) + 2 * measure * t->n_columns;
  out.b = out.a + t->n_columns;
  return out;
}
