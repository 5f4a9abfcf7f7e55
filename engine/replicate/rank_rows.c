/* rank_rows.c - rank of weights that came with the data.
 *
 * In: weights by row, who counted. Out: the rank for each cell and measure.
 * Owns: nothing beyond the call; the ranks are the totals'.
 *
 * A row's weights matter by their direction alone, and mostly a PSU's rows share one. Of a set of
 * directions, Cholesky's factor of their products tells one by one which are new: what is left of
 * a direction beside those taken is the root of its pivot, and R's tolerance of 1e-5 is 1e-10 of
 * that, far from rounding. A cell's measures differ by few rows: the directions that all of them
 * have are taken once, and mostly settle the rank of all. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "replicate/inside.h"
#include "replicate/lanes.h"

/* Rows of a PSU are compared with so many of its directions. */
#define MOST_IN_PSU 4
/* So many directions have a table of their products. */
#define MOST_IN_TABLE 1500
#define NONE          UINT32_MAX

typedef struct directions {
  const ict_replicates *r;
  size_t n, capacity;
  uint32_t *of_row; /* NONE: all weights are 0 */
  uint32_t *row;    /* one with the direction */
  size_t row_capacity;
  double *length;
  double *table;  /* n x n products of unit vectors, or NULL */
  size_t most;    /* their rank */
  uint32_t *full; /* `most` of them that have it */
} directions;

static inline double product(const directions *d, size_t i, size_t j) {
  size_t n = d->r->n;
  if (d->table) return d->table[i * d->n + j];
  return ict_lanes_product(d->r->weight + d->row[i] * n, d->r->weight + d->row[j] * n, n) /
         (d->length[i] * d->length[j]);
}

/* ---- a factor ------------------------------------------------------------------------------ */

typedef struct factor {
  size_t rank, most;
  double *l;       /* most x most, lower */
  uint32_t *taken; /* directions */
} factor;

static ict_status factor_init(factor *f, size_t most) {
  *f = (factor){.most = most, .l = ict_alloc(most, most * sizeof *f->l)};
  f->taken = ict_alloc(most, sizeof *f->taken);
  return f->l && f->taken ? ICT_OK : ICT_FAIL;
}

static void factor_done(factor *f) {
  ict_free(f->l);
  ict_free(f->taken);
}

/* Takes the direction where it is new. */
static void take(factor *f, const directions *d, uint32_t direction) {
  if (f->rank == f->most) return;
  double *y = f->l + f->rank * f->most;
  for (size_t j = 0; j < f->rank; j++) {
    const double *l = f->l + j * f->most;
    y[j] = (product(d, direction, f->taken[j]) - ict_lanes_product(l, y, j)) / l[j];
  }
  double left = 1 - ict_lanes_product(y, y, f->rank);
  if (!(left >= ICT_RANK_TOLERANCE * ICT_RANK_TOLERANCE)) return;
  y[f->rank] = sqrt(left);
  f->taken[f->rank++] = direction;
}

static void take_all(factor *f, const directions *d, const uint32_t *list, size_t n) {
  size_t step = n > 0 ? ict_step_through(n) : 0, at = 0;
  for (size_t i = 0; i < n && f->rank < f->most; i++) {
    take(f, d, list[at]);
    at = (at + step) % n;
  }
}

/* ---- directions ---------------------------------------------------------------------------- */

static bool is_same(const directions *d, uint32_t direction, const double *row, double length) {
  size_t n = d->r->n;
  const double *other = d->r->weight + d->row[direction] * n;
  double scale = length / d->length[direction], left = 0;
  for (size_t i = 0; i < n; i++) {
    double x = row[i] - scale * other[i];
    left += x * x;
  }
  return left < ICT_RANK_TOLERANCE * ICT_RANK_TOLERANCE * length * length;
}

static ict_status add_row(directions *d, size_t row, size_t first) {
  const double *weight = d->r->weight + row * d->r->n;
  double length = sqrt(ict_lanes_product(weight, weight, d->r->n));
  d->of_row[row] = NONE;
  if (!(length > 0)) return ICT_OK;
  for (size_t i = first; i < d->n && i < first + MOST_IN_PSU; i++)
    if (is_same(d, (uint32_t)i, weight, length)) {
      d->of_row[row] = (uint32_t)i;
      return ICT_OK;
    }
  if (ict_grow(&d->row, d->n, &d->row_capacity, sizeof *d->row) != 0 ||
      ict_grow(&d->length, d->n, &d->capacity, sizeof *d->length) != 0)
    return ICT_FAIL;
  d->row[d->n] = (uint32_t)row;
  d->length[d->n] = length;
  d->of_row[row] = (uint32_t)d->n++;
  return ICT_OK;
}

static ict_status make_table(directions *d) {
  if (d->n > MOST_IN_TABLE) return ICT_OK;
  double *table = ict_alloc(d->n, d->n * sizeof *table);
  if (!table) return ICT_FAIL;
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; j <= i; j++) table[i * d->n + j] = table[j * d->n + i] = product(d, i, j);
  d->table = table;
  return ICT_OK;
}

/* The rank of all, which no cell's exceeds. */
static ict_status find_most(directions *d) {
  factor f = {0};
  size_t n = d->n < d->r->n ? d->n : d->r->n;
  uint32_t *all = ict_alloc(d->n, sizeof *all);
  ict_status st = all ? factor_init(&f, n) : ICT_FAIL;
  for (size_t i = 0; i < d->n && st == ICT_OK; i++) all[i] = (uint32_t)i;
  if (st == ICT_OK) {
    take_all(&f, d, all, d->n);
    d->most = f.rank;
    d->full = f.taken;
    f.taken = NULL;
  }
  ict_free(all);
  factor_done(&f);
  return st;
}

static ict_status directions_init(directions *d, const ict_replicates *r) {
  const ict_design *design = r->design;
  *d = (directions){.r = r, .of_row = ict_alloc(design->n_rows, sizeof *d->of_row)};
  ict_status st = d->of_row ? ICT_OK : ICT_FAIL;
  for (size_t p = 0; p < design->n_psu; p++) {
    size_t first = d->n;
    for (uint64_t row = design->psu_first_row[p]; row < design->psu_first_row[p + 1]; row++)
      if (st == ICT_OK) st = add_row(d, (size_t)row, first);
  }
  if (st == ICT_OK) st = make_table(d);
  return st == ICT_OK ? find_most(d) : st;
}

static void directions_done(directions *d) {
  ict_free(d->of_row);
  ict_free(d->row);
  ict_free(d->length);
  ict_free(d->table);
  ict_free(d->full);
}

/* ---- a cell -------------------------------------------------------------------------------- */

typedef struct cell_work {
  const ict_replicate_totals *t;
  const directions *d;
  factor factor;
  uint8_t *bits;    /* of each direction: measures for which a row of it counts */
  uint32_t *list;   /* directions of the cell */
  uint32_t *shared; /* those that all measures have; */
  uint32_t *others; /* and those that some lack */
  size_t n, n_shared;
  size_t *count;  /* of each measure's directions */
  uint32_t *full; /* `most` directions of full rank, of the last cell that had them */
  bool has_full;
} cell_work;

static bool has(const cell_work *w, uint32_t direction, size_t measure) {
  return w->bits[direction * w->t->counted.bytes_a_row + measure / 8] >> (measure % 8) & 1;
}

static void gather(cell_work *w, const uint32_t *rows, size_t n_rows) {
  const ict_counted *c = &w->t->counted;
  size_t bytes = c->bytes_a_row, n_measures = w->t->shape->n_measures, n_asked = 0;
  w->n = w->n_shared = 0;
  memset(w->count, 0, n_measures * sizeof *w->count);
  for (size_t i = 0; i < n_rows; i++) {
    uint32_t direction = w->d->of_row[rows[i]];
    if (direction == NONE) continue;
    uint8_t *bits = w->bits + direction * bytes;
    bool is_new = true;
    for (size_t k = 0; k < bytes; k++) is_new = is_new && !bits[k];
    for (size_t k = 0; k < bytes; k++) bits[k] |= c->bits[rows[i] * bytes + k];
    if (is_new) w->list[w->n++] = direction;
  }
  for (size_t i = 0; i < w->n; i++)
    for (size_t m = 0; m < n_measures; m++) w->count[m] += has(w, w->list[i], m);
  for (size_t m = 0; m < n_measures; m++) n_asked += w->count[m] > 0;
  size_t n_others = 0;
  for (size_t i = 0; i < w->n; i++) {
    size_t n = 0;
    for (size_t m = 0; m < n_measures; m++) n += has(w, w->list[i], m);
    if (n == n_asked)
      w->shared[w->n_shared++] = w->list[i];
    else
      w->others[n_others++] = w->list[i];
  }
}

/* Whether all measures have directions that are known to be of full rank. */
static bool covers(const cell_work *w, const uint32_t *full) {
  for (size_t i = 0; i < w->d->most; i++)
    for (size_t m = 0; m < w->t->shape->n_measures; m++)
      if (w->count[m] > 0 && !has(w, full[i], m)) return false;
  return true;
}

static void rank_cell(cell_work *w, uint32_t *rank) {
  factor *f = &w->factor;
  size_t n_measures = w->t->shape->n_measures, n_others = w->n - w->n_shared;
  size_t most = w->d->most, of_shared = most, of_all = most;
  if (!covers(w, w->d->full) && !(w->has_full && covers(w, w->full))) {
    f->rank = 0;
    take_all(f, w->d, w->shared, w->n_shared);
    of_shared = f->rank;
    if (of_shared == most) {
      memcpy(w->full, f->taken, most * sizeof *w->full);
      w->has_full = true;
    }
    for (size_t i = 0; i < n_others; i++) take(f, w->d, w->others[i]);
    of_all = f->rank;
  }
  for (size_t m = 0; m < n_measures; m++) {
    if (w->count[m] == 0 || of_shared == of_all) {
      rank[m] = w->count[m] == 0 ? 0 : (uint32_t)of_shared;
    } else if (of_all == w->n) { /* all are new, so those of any measure are */
      rank[m] = (uint32_t)w->count[m];
    } else if (w->count[m] == w->n || w->count[m] == w->n_shared) {
      rank[m] = (uint32_t)(w->count[m] == w->n ? of_all : of_shared);
    } else {
      f->rank = of_shared;
      for (size_t i = 0; i < n_others; i++)
        if (has(w, w->others[i], m)) take(f, w->d, w->others[i]);
      rank[m] = (uint32_t)f->rank;
    }
  }
  for (size_t i = 0; i < w->n; i++)
    memset(w->bits + w->list[i] * w->t->counted.bytes_a_row, 0, w->t->counted.bytes_a_row);
}

/* ---- a margin ------------------------------------------------------------------------------ */

static ict_status work_init(cell_work *w, const ict_replicate_totals *t, const directions *d) {
  *w = (cell_work){.t = t,
                   .d = d,
                   .bits = ict_alloc(d->n, t->counted.bytes_a_row),
                   .list = ict_alloc(d->n, sizeof *w->list),
                   .shared = ict_alloc(d->n, sizeof *w->shared),
                   .others = ict_alloc(d->n, sizeof *w->others),
                   .count = ict_alloc(t->shape->n_measures, sizeof *w->count),
                   .full = ict_alloc(d->most, sizeof *w->full)};
  ict_status st = factor_init(&w->factor, d->most);
  return w->bits && w->list && w->shared && w->others && w->count && w->full ? st : ICT_FAIL;
}

static void work_done(cell_work *w) {
  factor_done(&w->factor);
  ict_free(w->bits);
  ict_free(w->list);
  ict_free(w->shared);
  ict_free(w->others);
  ict_free(w->count);
  ict_free(w->full);
}

static ict_status rank_margin(const ict_replicate_totals *t, const directions *d, size_t margin) {
  const ict_margin *g = &t->shape->margins[margin];
  cell_work w;
  size_t *first = ict_alloc(g->n_cells + 2, sizeof *first);
  uint32_t *rows = ict_alloc(t->replicates->design->n_rows, sizeof *rows);
  ict_status st = work_init(&w, t, d);
  if (!first || !rows) st = ICT_FAIL;
  if (st == ICT_OK) {
    ict_rank_sort_rows(t, g, ICT_ANY_MEASURE, first, rows);
    for (size_t c = 0; c < g->n_cells; c++) {
      if (first[c] == first[c + 1]) continue;
      gather(&w, rows + first[c], first[c + 1] - first[c]);
      rank_cell(&w, t->rank + (t->first_cell[margin] + c) * t->shape->n_measures);
    }
  }
  work_done(&w);
  ict_free(first);
  ict_free(rows);
  return st;
}

typedef struct ranking {
  const ict_replicate_totals *t;
  const directions *d;
  ict_status *st; /* by margin */
} ranking;

static void do_margin(void *ctx, size_t margin, int thread) {
  const ranking *k = ctx;
  (void)thread;
  k->st[margin] = rank_margin(k->t, k->d, margin);
}

ict_status ict_rank_rows(ict_replicate_totals *t, int threads, ict_err *err) {
  directions d;
  size_t n = t->shape->n_margins;
  ict_status st = directions_init(&d, t->replicates);
  ranking k = {t, &d, ict_alloc(n, sizeof *k.st)};
  if (!k.st) st = ICT_FAIL;
  t->rank_of_all = (uint32_t)d.most;
  if (st == ICT_OK) ict_par_run(n, threads, do_margin, &k);
  for (size_t i = 0; i < n && st == ICT_OK; i++) st = k.st[i];
  ict_free(k.st);
  directions_done(&d);
  return st == ICT_OK ? ICT_OK : ict_err_memory(err);
}
