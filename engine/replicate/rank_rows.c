/* rank_rows.c - rank of weights that came with the data.
 *
 * In: weights by row, who counted. Out: the rank for each cell and measure.
 * Owns: nothing beyond the call; the ranks are the totals'.
 *
 * Rows are looked at once: what their fine cells have of each direction is what all margins are
 * made of. Margins go from fine to coarse: a cell of which a part has all the rank there is has it
 * too, and mostly this settles it. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "replicate/inside.h"
#include "replicate/rank_cell.h"

typedef struct ranking {
  ict_replicate_totals *t;
  ict_directions d;
  ict_rank_items items;
  uint32_t *fine;      /* those that have anybody; */
  size_t n_fine;       /* how many */
  size_t *order;       /* margins */
  size_t n_work;       /* threads */
  ict_rank_work *work; /* of each */
  size_t margin;       /* the one in hand: */
  size_t *first;       /* of its cells' fine cells, */
  uint32_t *of_cell;   /* which are here */
  double *energy;      /* of each fine cell's rows */
  double *strength;    /* of each cell, for all that it has: see ict_rank_cell */
} ranking;

static const ict_margin *margin_of(const ranking *k, size_t margin) {
  return &k->t->shape->margins[margin];
}

static uint32_t *rank_of(const ranking *k, size_t margin, size_t cell) {
  return k->t->rank + (k->t->first_cell[margin] + cell) * k->t->shape->n_measures;
}

/* ---- rows to items --------------------------------------------------------------------------- */

/* Rows by fine cell, ascending in it: first has n_fine + 2 zeros. */
static void sort_rows(const ranking *k, size_t *first, uint32_t *rows) {
  const uint32_t *fine = k->t->counted.fine, *of_row = k->d.of_row;
  size_t n_rows = k->t->replicates->design->n_rows, n_fine = k->t->shape->n_fine;
  for (size_t row = 0; row < n_rows; row++)
    if (fine[row] != ICT_NO_CELL && of_row[row] != ICT_NO_DIRECTION) first[fine[row] + 2]++;
  for (size_t f = 2; f < n_fine + 2; f++) first[f] += first[f - 1];
  for (size_t row = 0; row < n_rows; row++)
    if (fine[row] != ICT_NO_CELL && of_row[row] != ICT_NO_DIRECTION)
      rows[first[fine[row] + 1]++] = (uint32_t)row;
}

static void merge_rows(ranking *k, const size_t *first, const uint32_t *rows) {
  ict_rank_items *items = &k->items;
  size_t n = 0, bytes = items->bytes;
  for (size_t f = 0; f < k->t->shape->n_fine; f++) {
    items->first[f] = n;
    for (size_t i = first[f]; i < first[f + 1]; i++) {
      const uint8_t *bits = k->t->counted.bits + rows[i] * bytes;
      uint32_t direction = k->d.of_row[rows[i]];
      uint8_t any = 0;
      for (size_t b = 0; b < bytes; b++) any |= bits[b];
      if (!any) continue;
      if (n == items->first[f] || items->which[n - 1] != direction) items->which[n++] = direction;
      for (size_t b = 0; b < bytes; b++) items->bits[(n - 1) * bytes + b] |= bits[b];
      items->energy[n - 1] += k->d.energy[rows[i]];
      k->energy[f] += k->d.energy[rows[i]];
    }
    if (n > items->first[f]) k->fine[k->n_fine++] = (uint32_t)f;
  }
  items->first[k->t->shape->n_fine] = n;
}

static ict_status make_items(ranking *k) {
  size_t n_rows = k->t->replicates->design->n_rows, n_fine = k->t->shape->n_fine;
  size_t *first = ict_alloc(n_fine + 2, sizeof *first);
  uint32_t *rows = ict_alloc(n_rows, sizeof *rows);
  k->items = (ict_rank_items){.bytes = k->t->counted.bytes_a_row,
                              .first = ict_alloc(n_fine + 1, sizeof *k->items.first),
                              .which = ict_alloc(n_rows, sizeof *k->items.which),
                              .bits = ict_alloc(n_rows, k->t->counted.bytes_a_row),
                              .energy = ict_alloc(n_rows, sizeof *k->items.energy),
                              .first_row = first,
                              .row = rows,
                              .row_bits = k->t->counted.bits};
  k->fine = ict_alloc(n_fine < n_rows ? n_fine : n_rows, sizeof *k->fine);
  k->energy = ict_alloc(n_fine, sizeof *k->energy);
  if (!first || !rows || !k->items.first || !k->items.which || !k->items.bits || !k->items.energy ||
      !k->fine || !k->energy)
    return ICT_FAIL;
  sort_rows(k, first, rows);
  merge_rows(k, first, rows);
  return ICT_OK;
}

/* ---- margins --------------------------------------------------------------------------------- */

/* Most cells first; of as many, the earlier. */
static void order_margins(ranking *k) {
  for (size_t i = 0; i < k->t->shape->n_margins; i++) {
    size_t at = i;
    for (; at > 0 && margin_of(k, k->order[at - 1])->n_cells < margin_of(k, i)->n_cells; at--)
      k->order[at] = k->order[at - 1];
    k->order[at] = i;
  }
}

#define UNSEEN (ICT_NO_CELL - 1)

static double *strength_of(const ranking *k, size_t margin, size_t cell) {
  return &k->strength[k->t->first_cell[margin] + cell];
}

/* The margin's cells that hold a whole cell of `part` with all the rank there is have it too, if
 * that is not light beside them. holder: room for the cells of `part`; the one that holds each,
 * ICT_NO_CELL where several do. whole: room for the margin's. */
static void inherit(const ranking *k, size_t margin, size_t part, uint32_t *holder, double *whole) {
  const uint32_t *cell_of = margin_of(k, margin)->cell_of, *part_of = margin_of(k, part)->cell_of;
  size_t n = margin_of(k, part)->n_cells, n_measures = k->t->shape->n_measures;
  for (size_t c = 0; c < n; c++) holder[c] = UNSEEN;
  for (size_t c = 0; c < margin_of(k, margin)->n_cells; c++) whole[c] = 0;
  for (size_t i = 0; i < k->n_fine; i++)
    if (cell_of[k->fine[i]] != ICT_NO_CELL) whole[cell_of[k->fine[i]]] += k->energy[k->fine[i]];
  for (size_t i = 0; i < k->n_fine; i++) {
    uint32_t c = part_of[k->fine[i]], cell = cell_of[k->fine[i]];
    if (c != ICT_NO_CELL) holder[c] = holder[c] == UNSEEN || holder[c] == cell ? cell : ICT_NO_CELL;
  }
  for (size_t c = 0; c < n; c++) {
    if (holder[c] >= UNSEEN) continue;
    const uint32_t *from = rank_of(k, part, c);
    uint32_t *to = rank_of(k, margin, holder[c]);
    double strength = *strength_of(k, part, c), *least = strength_of(k, margin, holder[c]);
    if (strength < ict_rank_heavy(&k->d, whole[holder[c]])) continue;
    for (size_t m = 0; m < n_measures; m++) {
      if (from[m] != k->d.most || to[m] == from[m]) continue;
      to[m] = from[m];
      if (strength < *least) *least = strength;
    }
  }
}

/* The fine cells of each of the margin's cells. */
static void list_cells(ranking *k, size_t margin) {
  const ict_margin *g = margin_of(k, margin);
  memset(k->first, 0, (g->n_cells + 2) * sizeof *k->first);
  for (int pass = 0; pass < 2; pass++) { /* count, then place */
    for (size_t i = 0; i < k->n_fine; i++) {
      uint32_t cell = g->cell_of[k->fine[i]];
      if (cell == ICT_NO_CELL) continue;
      if (pass == 0)
        k->first[cell + 2]++;
      else
        k->of_cell[k->first[cell + 1]++] = k->fine[i];
    }
    for (size_t c = 2; pass == 0 && c < g->n_cells + 2; c++) k->first[c] += k->first[c - 1];
  }
}

static void do_cell(void *ctx, size_t cell, int thread) {
  ranking *k = ctx;
  ict_rank_work *w = &k->work[thread];
  size_t from = k->first[cell], to = k->first[cell + 1];
  if (from == to || w->st != ICT_OK) return;
  w->st = ict_rank_cell(w, k->of_cell + from, to - from, rank_of(k, k->margin, cell),
                        strength_of(k, k->margin, cell));
}

static ict_status rank_margins(ranking *k, int threads) {
  size_t n = k->t->shape->n_margins, most_cells = margin_of(k, k->order[0])->n_cells;
  uint32_t *holder = ict_alloc(most_cells, sizeof *holder);
  double *whole = ict_alloc(most_cells, sizeof *whole);
  k->first = ict_alloc(most_cells + 2, sizeof *k->first);
  k->of_cell = ict_alloc(k->n_fine, sizeof *k->of_cell);
  ict_status st = holder && whole && k->first && k->of_cell ? ICT_OK : ICT_FAIL;
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    k->margin = k->order[i];
    for (size_t j = 0; j < i; j++) inherit(k, k->margin, k->order[j], holder, whole);
    list_cells(k, k->margin);
    ict_par_run(margin_of(k, k->margin)->n_cells, threads, do_cell, k);
    for (size_t t = 0; t < k->n_work && st == ICT_OK; t++) st = k->work[t].st;
  }
  ict_free(holder);
  ict_free(whole);
  return st;
}

static ict_status begin(ranking *k, int threads) {
  ict_status st;
  size_t n_cells = k->t->first_cell[k->t->shape->n_margins];
  k->order = ict_alloc(k->t->shape->n_margins, sizeof *k->order);
  k->work = ict_alloc((size_t)threads, sizeof *k->work);
  k->strength = ict_alloc(n_cells, sizeof *k->strength);
  if (!k->order || !k->work || !k->strength) return ICT_FAIL;
  for (size_t c = 0; c < n_cells; c++) k->strength[c] = INFINITY;
  ICT_TRY(done, st, ict_directions_init(&k->d, k->t->replicates));
  ICT_TRY(done, st, make_items(k));
  for (; k->n_work < (size_t)threads && st == ICT_OK; k->n_work++)
    st = ict_rank_work_init(&k->work[k->n_work], &k->d, &k->items, k->t->shape->n_measures);
done:
  return st;
}

/* Of all rows' weights, where the factor left it in doubt. */
static ict_status rank_all_columns(const ict_directions *d, uint32_t *rank) {
  static const uint8_t one = 1;
  size_t n_rows = d->r->design->n_rows, n = 0;
  uint32_t *rows = ict_alloc(n_rows, sizeof *rows);
  uint8_t *bits = ict_alloc(n_rows, sizeof *bits);
  ict_rank_columns columns;
  double strength;
  ict_status st = ict_rank_columns_init(&columns, d);
  if (!rows || !bits) st = ICT_FAIL;
  for (size_t row = 0; row < n_rows && st == ICT_OK; row++) {
    bits[row] = one;
    if (d->of_row[row] != ICT_NO_DIRECTION) rows[n++] = (uint32_t)row;
  }
  if (st == ICT_OK)
    st = ict_rank_by_columns(&columns, rows, n, &(ict_rank_ask){bits, 1, 1, &one}, rank, &strength);
  ict_rank_columns_done(&columns);
  ict_free(rows);
  ict_free(bits);
  return st;
}

ict_status ict_rank_rows(ict_replicate_totals *t, int threads, ict_err *err) {
  ranking k = {.t = t};
  ict_status st = begin(&k, threads);
  t->rank_of_all = (uint32_t)k.d.rank;
  if (st == ICT_OK && k.d.in_doubt) st = rank_all_columns(&k.d, &t->rank_of_all);
  if (st == ICT_OK && k.d.most > 0 && t->shape->n_margins > 0) {
    order_margins(&k);
    st = rank_margins(&k, threads);
  }
  for (size_t i = 0; i < k.n_work; i++) ict_rank_work_done(&k.work[i]);
  ict_directions_done(&k.d);
  ict_free(k.items.first);
  ict_free(k.items.which);
  ict_free(k.items.bits);
  ict_free(k.items.energy);
  ict_free(k.items.first_row);
  ict_free(k.items.row);
  ict_free(k.fine);
  ict_free(k.energy);
  ict_free(k.strength);
  ict_free(k.order);
  ict_free(k.work);
  ict_free(k.first);
  ict_free(k.of_cell);
  return st == ICT_OK ? ICT_OK : ict_err_memory(err);
}
