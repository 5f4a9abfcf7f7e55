/* rank.c - degrees of freedom: the rank of the replicate weights of those who count, less 1.
 *
 * In: who counted. Out: the rank for each cell and measure.
 * Owns: nothing beyond the call; the ranks are the totals'.
 *
 * R's degf() of the subset: the rank of its rows of weights (QR, tolerance 1e-5). For replicates
 * made from the design it needs no matrix (docs/math.md): the multipliers of a stratum's PSUs are
 * independent until all of its PSUs are there; then they add up to the same vector in every
 * stratum. Of random draws this is so but for chance; where chance has a say (ict_may_coincide) the
 * vectors themselves are looked at, and the rule tells where to stop. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "replicate/inside.h"

typedef struct ranking {
  ict_replicate_totals *whole;
  ict_status *st; /* by task */
} ranking;

/* ---- made from the design --------------------------------------------------------------- */

typedef struct touched { /* of one cell */
  uint32_t psu, stratum; /* the last that was seen, plus 1 */
  uint32_t k;            /* PSUs of the stratum */
  uint32_t rank;
  bool any_whole;
} touched;

/* A bootstrap from a population of the PSUs themselves draws each of them once. */
static bool is_drawn_whole(const ict_replicates *r, size_t h) {
  return r->made_as == FORM_COUNTS && r->repeats_to_population && r->design->fraction &&
         r->design->fraction[h] >= 1;
}

static void leave_stratum(const ict_replicates *r, touched *at) {
  if (at->stratum == 0) return;
  size_t h = at->stratum - 1;
  /* Multipliers of 1 throughout: a stratum that adds the common vector and no more. */
  bool fixed = r->made_as == FORM_LEAVE ? r->left[h].n == 0
                                        : ict_replicate_is_fixed(r, h) || is_drawn_whole(r, h);
  bool all = at->k == ict_design_psus_in(r->design, h);
  /* A single PSU that a replicate leaves out is a vector of its own. */
  bool single = r->made_as == FORM_LEAVE && r->left[h].n == 1;
  if (fixed || (all && !single)) {
    at->rank += fixed ? 0 : at->k - 1;
    at->any_whole = true;
  } else {
    at->rank += at->k;
  }
}

static void see(const ict_replicates *r, touched *at, uint32_t psu) {
  if (at->psu == psu + 1) return;
  uint32_t stratum = r->stratum_of[psu] + 1;
  if (at->stratum != stratum) {
    leave_stratum(r, at);
    at->stratum = stratum;
    at->k = 0;
  }
  at->psu = psu + 1;
  at->k++;
}

/* The rank of the PSUs of one cell's rows, which ascend. */
static ict_status rank_of_psus(const ict_replicates *r, const uint32_t *rows, size_t n,
                               uint32_t *rank) {
  const ict_design *d = r->design;
  touched at = {0};
  for (size_t i = 0; i < n; i++) {
    if (at.psu > 0 && rows[i] < d->psu_first_row[at.psu]) continue;
    see(r, &at, (uint32_t)ict_replicate_unit_of(d->psu_first_row, d->n_psu, at.psu, rows[i]));
  }
  leave_stratum(r, &at);
  *rank = at.rank + at.any_whole;
  return ICT_OK;
}

/* The measures for which anybody of a PSU counts, by cell. */
typedef struct met {
  size_t bytes;
  uint8_t *bits;   /* n_cells x bytes: measures */
  uint32_t *cells; /* those with any; */
  size_t n;
  bool *is_in;
} met;

static void meet(met *at, uint32_t cell, const uint8_t *bits) {
  if (!at->is_in[cell]) {
    at->is_in[cell] = true;
    at->cells[at->n++] = cell;
  }
  for (size_t i = 0; i < at->bytes; i++) at->bits[cell * at->bytes + i] |= bits[i];
}

/* The PSU's cells are seen, for every measure, and forgotten. */
static void see_met(const ict_replicate_totals *t, met *at, touched *cells, uint32_t psu) {
  size_t n = t->shape->n_measures;
  for (size_t i = 0; i < at->n; i++) {
    uint32_t cell = at->cells[i];
    uint8_t *bits = at->bits + cell * at->bytes;
    for (size_t m = 0; m < n; m++)
      if (bits[m / 8] >> (m % 8) & 1) see(t->replicates, &cells[cell * n + m], psu);
    memset(bits, 0, at->bytes);
    at->is_in[cell] = false;
  }
  at->n = 0;
}

static void rank_psus(const ict_replicate_totals *t, const ict_margin *g, met *at, touched *cells) {
  const ict_design *d = t->replicates->design;
  for (size_t p = 0; p < d->n_psu; p++) {
    for (size_t row = (size_t)d->psu_first_row[p]; row < d->psu_first_row[p + 1]; row++) {
      uint32_t fine = t->counted.fine[row];
      uint32_t cell = fine == ICT_NO_CELL ? ICT_NO_CELL : g->cell_of[fine];
      if (cell != ICT_NO_CELL) meet(at, cell, t->counted.bits + row * at->bytes);
    }
    see_met(t, at, cells, (uint32_t)p);
  }
}

static ict_status rank_by_design(const ict_replicate_totals *t, size_t margin) {
  const ict_replicates *r = t->replicates;
  const ict_margin *g = &t->shape->margins[margin];
  size_t n = g->n_cells * t->shape->n_measures;
  met at = {.bytes = t->counted.bytes_a_row,
            .bits = ict_alloc(g->n_cells, t->counted.bytes_a_row),
            .cells = ict_alloc(g->n_cells, sizeof *at.cells),
            .is_in = ict_alloc(g->n_cells, sizeof *at.is_in)};
  touched *cells = ict_alloc(n, sizeof *cells);
  ict_status st = at.bits && at.cells && at.is_in && cells ? ICT_OK : ICT_FAIL;
  if (st == ICT_OK) rank_psus(t, g, &at, cells);
  for (size_t c = 0; c < n && st == ICT_OK; c++) {
    leave_stratum(r, &cells[c]);
    size_t rank = cells[c].rank + cells[c].any_whole;
    t->rank[t->first_cell[margin] * t->shape->n_measures + c] =
        (uint32_t)(rank < r->n ? rank : r->n);
  }
  ict_free(at.bits);
  ict_free(at.cells);
  ict_free(at.is_in);
  ict_free(cells);
  return st;
}

/* ---- of draws that may coincide ----------------------------------------------------------- */

/* What is less likely than this does not happen. */
#define NEVER 0x1p-64

bool ict_may_coincide(double often, size_t replicates) {
  return !(pow(often, (double)replicates) < NEVER);
}

typedef struct listed { /* units of the random draws */
  const ict_replicates *replicates;
  const uint32_t *number;
} listed;

static void multipliers_of(const void *ctx, size_t i, double *out) {
  const listed *l = ctx;
  ict_replicates_multipliers(l->replicates, l->number[i], out);
}

/* most: the rank as the design has it. */
static ict_status rank_of_draws(const ict_replicates *r, const uint32_t *rows, size_t n,
                                size_t most, uint32_t *rank) {
  const uint64_t *first_row;
  size_t n_units = ict_replicates_units(r, &first_row), n_listed = 0;
  uint32_t *unit = ict_alloc(n, sizeof *unit);
  if (!unit) return ICT_FAIL;
  for (size_t i = 0; i < n; i++) {
    if (n_listed > 0 && rows[i] < first_row[unit[n_listed - 1] + 1]) continue;
    size_t last = n_listed > 0 ? unit[n_listed - 1] : 0;
    unit[n_listed++] = (uint32_t)ict_replicate_unit_of(first_row, n_units, last, rows[i]);
  }
  listed l = {r, unit};
  ict_status st = ict_span_rank(n_listed, r->n, most, multipliers_of, &l, rank);
  ict_free(unit);
  return st;
}

/* ---- by the list of rows ---------------------------------------------------------------- */

static ict_status rank_of_list(const ict_replicates *r, const uint32_t *rows, size_t n,
                               uint32_t *rank) {
  ict_status st = r->made_as == FORM_LINKS    ? ict_successive_rank(r, rows, n, rank)
                  : r->made_as == FORM_COUNTS ? rank_of_psus(r, rows, n, rank)
                                              : ict_preston_rank(r, rows, n, rank);
  if (st == ICT_OK && r->may_coincide) st = rank_of_draws(r, rows, n, *rank, rank);
  if (*rank > r->n) *rank = (uint32_t)r->n;
  return st;
}

static bool takes_list(const ict_replicates *r) {
  return r->made_as == FORM_LINKS || r->made_as == FORM_STAGES || r->may_coincide;
}

static bool counts(const ict_counted *c, size_t row, size_t measure) {
  return c->bits[row * c->bytes_a_row + measure / 8] >> (measure % 8) & 1;
}

/* The rows of every cell that count for the measure, ascending in it: those of cell c are
 * rows[first[c] .. first[c + 1]). first: n_cells + 2 zeros. */
static void sort_rows(const ict_replicate_totals *t, const ict_margin *g, size_t measure,
                      size_t *first, uint32_t *rows) {
  for (int pass = 0; pass < 2; pass++) { /* count, then place */
    for (size_t row = 0; row < t->replicates->design->n_rows; row++) {
      uint32_t fine = t->counted.fine[row];
      uint32_t cell = fine == ICT_NO_CELL ? ICT_NO_CELL : g->cell_of[fine];
      if (cell == ICT_NO_CELL || !counts(&t->counted, row, measure)) continue;
      if (pass == 0)
        first[cell + 2]++;
      else
        rows[first[cell + 1]++] = (uint32_t)row;
    }
    for (size_t c = 2; pass == 0 && c < g->n_cells + 2; c++) first[c] += first[c - 1];
  }
}

static ict_status rank_by_rows(const ict_replicate_totals *t, size_t margin, size_t m) {
  const ict_margin *g = &t->shape->margins[margin];
  size_t *first = ict_alloc(g->n_cells + 2, sizeof *first);
  uint32_t *rows = ict_alloc(t->replicates->design->n_rows, sizeof *rows);
  ict_status st = first && rows ? ICT_OK : ICT_FAIL;
  if (st == ICT_OK) sort_rows(t, g, m, first, rows);
  for (size_t c = 0; c < g->n_cells && st == ICT_OK; c++)
    st = rank_of_list(t->replicates, rows + first[c], first[c + 1] - first[c],
                      &t->rank[(t->first_cell[margin] + c) * t->shape->n_measures + m]);
  ict_free(first);
  ict_free(rows);
  return st;
}

/* ---- of all rows ------------------------------------------------------------------------ */

static bool has_weight(const ict_design *d, size_t row) { return !d->weight || d->weight[row] > 0; }

static void rank_all_by_design(ict_replicate_totals *t) {
  const ict_replicates *r = t->replicates;
  const ict_design *d = r->design;
  touched at = {0};
  for (size_t p = 0; p < d->n_psu; p++)
    for (size_t row = (size_t)d->psu_first_row[p]; row < d->psu_first_row[p + 1]; row++)
      if (has_weight(d, row)) see(r, &at, (uint32_t)p);
  leave_stratum(r, &at);
  size_t rank = at.rank + at.any_whole;
  t->rank_of_all = (uint32_t)(rank < r->n ? rank : r->n);
}

static ict_status rank_all(ict_replicate_totals *t) {
  const ict_replicates *r = t->replicates;
  const ict_design *d = r->design;
  if (!takes_list(r)) {
    rank_all_by_design(t);
    return ICT_OK;
  }
  uint32_t *rows = ict_alloc(d->n_rows, sizeof *rows);
  size_t n = 0;
  if (!rows) return ICT_FAIL;
  for (size_t i = 0; i < d->n_rows; i++)
    if (has_weight(d, i)) rows[n++] = (uint32_t)i;
  ict_status st = rank_of_list(r, rows, n, &t->rank_of_all);
  ict_free(rows);
  return st;
}

/* ---- all ------------------------------------------------------------------------------- */

static void rank_margin(void *ctx, size_t margin, int thread) {
  const ranking *k = ctx;
  (void)thread;
  k->st[margin] = rank_by_design(k->whole, margin);
}

static void rank_measure(void *ctx, size_t i, int thread) {
  const ranking *k = ctx;
  size_t n = k->whole->shape->n_measures;
  (void)thread;
  k->st[i] = rank_by_rows(k->whole, i / n, i % n);
}

ict_status ict_replicate_ranks(ict_replicate_totals *t, int threads, ict_err *err) {
  threads = ict_par_threads(threads);
  t->rank = ict_alloc(t->first_cell[t->shape->n_margins] * t->shape->n_measures, sizeof *t->rank);
  if (!t->rank) return ict_err_memory(err);
  if (t->replicates->made_as == FORM_ROWS) return ict_rank_rows(t, threads, err);
  bool by_list = takes_list(t->replicates);
  size_t n = t->shape->n_margins * (by_list ? t->shape->n_measures : 1);
  ranking k = {.whole = t, .st = ict_alloc(n, sizeof *k.st)};
  ict_status st = k.st && rank_all(t) == ICT_OK ? ICT_OK : ict_err_memory(err);
  if (st == ICT_OK) ict_par_run(n, threads, by_list ? rank_measure : rank_margin, &k);
  for (size_t i = 0; i < n && st == ICT_OK; i++)
    if (k.st[i] != ICT_OK) st = ict_err_memory(err);
  ict_free(k.st);
  return st;
}
