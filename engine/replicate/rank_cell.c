/* rank_cell.c - the rank of one cell's directions, for every measure.
 *
 * In: the directions of the cell's rows, and the measures that have each. Out: ranks.
 * Owns: the work's room.
 *
 * Measures differ by few rows. One factor is made of the cell's directions, those first that all
 * measures have. A measure that lacks some of those taken has the others of them, and whatever else
 * it has can only make good what it lacks: with L the factor's part of the directions that some
 * lack, and X those that one measure lacks, the rest of a direction beside those it has is
 *
 *     z = U^-1 c_X,   c = L'^-1 y,   U U' = K_XX,   K = (L L')^-1,
 *
 * with y its last lines by the factor: as many numbers as the measure lacks, of the same length as
 * the rest itself. The rank of all z is what is made good. Where a rest is neither clearly
 * something nor clearly nothing, the measure's weights are looked at as R does it (rank_columns.c).
 */
#include "replicate/rank_cell.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"
#include "replicate/lanes.h"

/* Others' shares that are kept from measure to measure: this many times what a factor takes. */
#define KEPT 4

ict_status ict_rank_work_init(ict_rank_work *w, const ict_directions *d,
                              const ict_rank_items *items, size_t n_measures) {
  size_t most = d->most;
  *w = (ict_rank_work){.d = d,
                       .items = items,
                       .n_measures = n_measures,
                       .most_shares = KEPT * most / ICT_PANEL * ICT_PANEL,
                       .bits = ict_alloc(d->n, items->bytes),
                       .energy = ict_alloc(d->n, sizeof *w->energy),
                       .list = ict_alloc(d->n, sizeof *w->list),
                       .shared = ict_alloc(d->n, sizeof *w->shared),
                       .others = ict_alloc(d->n, sizeof *w->others),
                       .own = ict_alloc(d->n, sizeof *w->own),
                       .count = ict_alloc(n_measures, sizeof *w->count),
                       .asked = ict_alloc(items->bytes, 1),
                       .doubt = ict_alloc(items->bytes, 1),
                       .is_taken = ict_alloc(d->n, sizeof *w->is_taken),
                       .lacking = ict_alloc(most, sizeof *w->lacking)};
  w->inverse = ict_alloc(most + 1, most * sizeof *w->inverse);
  w->shares = ict_alloc(w->most_shares + ICT_PANEL, most * sizeof *w->shares);
  w->small = ict_alloc(most, most * sizeof *w->small);
  ict_status st = ict_factor_init(&w->factor, d, most);
  return w->bits && w->energy && w->doubt && w->list && w->shared && w->others && w->own &&
                 w->count && w->asked && w->is_taken && w->lacking && w->inverse && w->shares &&
                 w->small
             ? st
             : ICT_FAIL;
}

void ict_rank_work_done(ict_rank_work *w) {
  ict_factor_done(&w->factor);
  ict_rank_columns_done(&w->columns);
  ict_free(w->bits);
  ict_free(w->energy);
  ict_free(w->list);
  ict_free(w->shared);
  ict_free(w->others);
  ict_free(w->own);
  ict_free(w->count);
  ict_free(w->asked);
  ict_free(w->doubt);
  ict_free(w->is_taken);
  ict_free(w->lacking);
  ict_free(w->inverse);
  ict_free(w->shares);
  ict_free(w->small);
}

/* ---- the cell's directions ----------------------------------------------------------------- */

static bool has(const ict_rank_work *w, uint32_t direction, size_t measure) {
  return w->bits[direction * w->items->bytes + measure / 8] >> (measure % 8) & 1;
}

static bool is_asked(const ict_rank_work *w, size_t measure) {
  return w->asked[measure / 8] >> (measure % 8) & 1;
}

static void see(ict_rank_work *w, uint32_t direction, const uint8_t *of_item) {
  size_t bytes = w->items->bytes;
  uint8_t *bits = w->bits + direction * bytes, before = 0;
  for (size_t k = 0; k < bytes; k++) {
    before |= bits[k];
    bits[k] |= of_item[k];
  }
  if (!before) w->list[w->n++] = direction;
}

/* Returns how many measures are asked. */
static size_t gather(ict_rank_work *w, const uint32_t *fine, size_t n_fine, const uint32_t *rank) {
  const ict_rank_items *items = w->items;
  size_t bytes = items->bytes, n_asked = 0;
  w->n = w->n_shared = w->n_others = 0;
  for (size_t f = 0; f < n_fine; f++)
    for (size_t i = items->first[fine[f]]; i < items->first[fine[f] + 1]; i++) {
      see(w, items->which[i], items->bits + i * bytes);
      w->energy[items->which[i]] += items->energy[i];
    }
  memset(w->count, 0, w->n_measures * sizeof *w->count);
  for (size_t i = 0; i < w->n; i++)
    for (size_t m = 0; m < w->n_measures; m++) w->count[m] += has(w, w->list[i], m);
  memset(w->asked, 0, bytes);
  for (size_t m = 0; m < w->n_measures; m++) {
    if (w->count[m] == 0 || rank[m] == w->d->most) continue;
    w->asked[m / 8] |= (uint8_t)(1u << m % 8);
    n_asked++;
  }
  for (size_t i = 0; i < w->n; i++) {
    const uint8_t *bits = w->bits + w->list[i] * bytes;
    bool all = true, any = false;
    for (size_t k = 0; k < bytes; k++) {
      all = all && (bits[k] & w->asked[k]) == w->asked[k];
      any = any || (bits[k] & w->asked[k]) != 0;
    }
    if (all)
      w->shared[w->n_shared++] = w->list[i];
    else if (any)
      w->others[w->n_others++] = w->list[i];
  }
  return n_asked;
}

static void forget(ict_rank_work *w) {
  for (size_t i = 0; i < w->n; i++) {
    memset(w->bits + w->list[i] * w->items->bytes, 0, w->items->bytes);
    w->energy[w->list[i]] = 0;
  }
}

/* ---- as R does it --------------------------------------------------------------------------- */

/* Of the measures of these bits. */
static ict_status rank_columns(ict_rank_work *w, const uint32_t *fine, size_t n_fine,
                               const uint8_t *asked, uint32_t *rank, double *strength) {
  const ict_rank_items *items = w->items;
  size_t n = 0;
  for (size_t f = 0; f < n_fine; f++)
    n += items->first_row[fine[f] + 1] - items->first_row[fine[f]];
  uint32_t *rows = ict_alloc(n, sizeof *rows);
  ict_status st = rows ? ICT_OK : ICT_FAIL;
  if (st == ICT_OK && !w->columns.r) st = ict_rank_columns_init(&w->columns, w->d);
  n = 0;
  for (size_t f = 0; f < n_fine && st == ICT_OK; f++) {
    size_t first = items->first_row[fine[f]], n_here = items->first_row[fine[f] + 1] - first;
    memcpy(rows + n, items->row + first, n_here * sizeof *rows);
    n += n_here;
  }
  if (st == ICT_OK)
    st = ict_rank_by_columns(&w->columns, rows, n,
                             &(ict_rank_ask){items->row_bits, items->bytes, w->n_measures, asked},
                             rank, strength);
  ict_free(rows);
  return st;
}

/* ---- one measure after the other ------------------------------------------------------------- */

static void doubt(ict_rank_work *w, size_t measure) {
  w->doubt[measure / 8] |= (uint8_t)(1u << measure % 8);
}

/* Each with what it has beside the shared lines. */
static void rank_one_by_one(ict_rank_work *w, uint32_t *rank) {
  ict_factor *f = &w->factor;
  ict_factor_clear(f);
  ict_factor_take(f, w->shared, w->n_shared);
  ict_factor of_shared = *f;
  for (size_t m = 0; m < w->n_measures; m++) {
    size_t n = 0;
    if (!is_asked(w, m)) continue;
    for (size_t i = 0; i < w->n_others; i++)
      if (has(w, w->others[i], m)) w->own[n++] = w->others[i];
    *f = of_shared;
    ict_factor_take(f, w->own, n);
    rank[m] = (uint32_t)f->rank;
    if (f->in_doubt) doubt(w, m);
  }
}

/* ---- what a measure lacks, and what makes it good ------------------------------------------- */

/* Rows of L'^-1, of the n lines from `first`: row x from x on. */
static void invert(ict_rank_work *w, size_t first, size_t n) {
  ict_factor *f = &w->factor;
  for (size_t x = 0; x < n; x += ICT_PANEL) {
    memset(f->panel, 0, n * ICT_PANEL * sizeof *f->panel);
    for (size_t c = 0; c < ICT_PANEL && x + c < n; c++) f->panel[(x + c) * ICT_PANEL + c] = 1;
    ict_factor_solve_from(f, first, f->panel);
    for (size_t c = 0; c < ICT_PANEL && x + c < n; c++)
      for (size_t k = x; k < n; k++) w->inverse[(x + c) * n + k] = f->panel[k * ICT_PANEL + c];
  }
}

/* c of the panel of others that begins with number i: n numbers each, from `to` on. */
static void share_panel(ict_rank_work *w, size_t i, size_t first, size_t n, double *to) {
  ict_factor *f = &w->factor;
  size_t n_of = w->n_others - i < ICT_PANEL ? w->n_others - i : ICT_PANEL;
  double *y = w->inverse + n * n;
  ict_factor_panel(f, w->others + i, n_of);
  for (size_t c = 0; c < n_of; c++, to += n) {
    for (size_t k = 0; k < n; k++) y[k] = f->panel[(first + k) * ICT_PANEL + c];
    for (size_t x = 0; x < n; x++) to[x] = ict_lanes_product(w->inverse + x * n + x, y + x, n - x);
  }
}

/* c of other number i. What there is room for is kept, from the first on; the rest is made again
 * for each measure, a panel at a time. */
static const double *share_of(ict_rank_work *w, size_t i, size_t first, size_t n) {
  size_t panel = i / ICT_PANEL * ICT_PANEL;
  for (; w->n_shares <= i && w->n_shares < w->most_shares; w->n_shares += ICT_PANEL)
    share_panel(w, w->n_shares, first, n, w->shares + w->n_shares * n);
  if (i < w->n_shares) return w->shares + i * n;
  if (w->panel_made != panel) share_panel(w, panel, first, n, w->shares + w->most_shares * n);
  w->panel_made = panel;
  return w->shares + (w->most_shares + i - panel) * n;
}

/* U of the n_lacking lines that a measure lacks: lower, in w->small. */
static void factor_lacking(ict_rank_work *w, size_t n_lacking, size_t n) {
  for (size_t i = 0; i < n_lacking; i++) {
    double *u = w->small + i * n_lacking;
    const double *x = w->inverse + w->lacking[i] * n;
    for (size_t j = 0; j <= i; j++) {
      const double *other = w->small + j * n_lacking;
      size_t from = w->lacking[i]; /* the later: they ascend */
      double k = ict_lanes_product(x + from, w->inverse + w->lacking[j] * n + from, n - from) -
                 ict_lanes_product(u, other, j);
      u[j] = j < i ? k / other[j] : sqrt(k);
    }
  }
}

/* How many of the n_lacking the measure's other directions make good. */
static ict_status make_good(ict_rank_work *w, size_t measure, size_t n_lacking, size_t first,
                            size_t n, size_t *n_good) {
  ict_span span;
  bool between = false;
  ict_status st = ict_span_init(&span, n_lacking);
  factor_lacking(w, n_lacking, n);
  for (size_t i = 0; i < w->n_others && span.rank < n_lacking && st == ICT_OK; i++) {
    if (!has(w, w->others[i], measure)) continue;
    const double *share = share_of(w, i, first, n);
    for (size_t k = 0; k < n_lacking; k++) {
      const double *u = w->small + k * n_lacking;
      span.rest[k] = (share[w->lacking[k]] - ict_lanes_product(u, span.rest, k)) / u[k];
    }
    double left = ict_span_beside(&span);
    if (left >= ICT_RANK_CLEAR)
      st = ict_span_join(&span, left);
    else
      between = between || !(left < ICT_RANK_NOTHING) || ict_directions_uneven(w->d, w->others[i]);
  }
  if (between && span.rank < n_lacking) doubt(w, measure);
  *n_good = span.rank;
  ict_span_done(&span);
  return st;
}

/* Whether one of the n lines is so near to the others that rounding may have a say. */
static bool are_near(const ict_rank_work *w, size_t n) {
  bool near = w->factor.least < ICT_FACTOR_NEAR;
  for (size_t x = 0; x < n && !near; x++) {
    const double *line = w->inverse + x * n + x;
    near = !(ict_lanes_product(line, line, n - x) < 1 / ICT_FACTOR_NEAR);
  }
  return near;
}

/* Those that the factor took after its first lines are no others. */
static void leave_out_taken(ict_rank_work *w, size_t first) {
  const ict_factor *f = &w->factor;
  size_t n = 0;
  for (size_t k = first; k < f->rank; k++) w->is_taken[f->taken[k]] = true;
  for (size_t i = 0; i < w->n_others; i++)
    if (!w->is_taken[w->others[i]]) w->others[n++] = w->others[i];
  w->n_others = n;
  for (size_t k = first; k < f->rank; k++) w->is_taken[f->taken[k]] = false;
}

/* Of every measure, where some lack what the factor took after its first lines. */
static ict_status rank_each(ict_rank_work *w, size_t first, uint32_t *rank) {
  const ict_factor *f = &w->factor;
  size_t n = f->rank - first;
  ict_status st = ICT_OK;
  w->n_shares = 0;
  w->panel_made = SIZE_MAX;
  invert(w, first, n);
  if (are_near(w, n)) {
    rank_one_by_one(w, rank);
    return ICT_OK;
  }
  leave_out_taken(w, first);
  for (size_t m = 0; m < w->n_measures && st == ICT_OK; m++) {
    size_t n_lacking = 0, n_good = 0;
    if (!is_asked(w, m)) continue;
    for (size_t k = 0; k < n; k++)
      if (!has(w, f->taken[first + k], m)) w->lacking[n_lacking++] = (uint32_t)k;
    if (n_lacking > 0) st = make_good(w, m, n_lacking, first, n, &n_good);
    rank[m] = (uint32_t)(f->rank - n_lacking + n_good);
  }
  return st;
}

/* ---- the cell ------------------------------------------------------------------------------- */

/* Whether one of those taken is light beside all rows. Where all that there are are independent,
 * nothing was taken. */
static bool is_light(const ict_rank_work *w, double *strength) {
  double whole = 0, least = INFINITY;
  for (size_t i = 0; i < w->n; i++) {
    double energy = w->energy[w->list[i]];
    whole += energy;
    if (energy < least) least = energy;
  }
  *strength = w->factor.rank > 0 ? ict_factor_strength(&w->factor, w->energy) : least * w->d->least;
  return *strength < ict_rank_heavy(w->d, whole);
}

static ict_status rank_asked(ict_rank_work *w, uint32_t *rank, double *strength) {
  ict_factor *f = &w->factor;
  size_t of_shared = 0;
  bool in_doubt = false, independent = w->d->least > 0;
  ict_factor_clear(f);
  if (!independent) {
    ict_factor_take(f, w->shared, w->n_shared);
    of_shared = f->rank;
    in_doubt = f->in_doubt; /* which others do not cure for who lacks them */
    ict_factor_take(f, w->others, w->n_others);
    independent = f->rank == w->n_shared + w->n_others;
  }
  if (is_light(w, strength) || in_doubt || f->in_doubt) {
    memcpy(w->doubt, w->asked, w->items->bytes);
    return ICT_OK;
  }
  if (!independent && f->rank > of_shared) return rank_each(w, of_shared, rank);
  for (size_t m = 0; m < w->n_measures; m++)
    if (is_asked(w, m)) rank[m] = (uint32_t)(independent ? w->count[m] : of_shared);
  return ICT_OK;
}

ict_status ict_rank_cell(ict_rank_work *w, const uint32_t *fine, size_t n_fine, uint32_t *rank,
                         double *strength) {
  size_t n_settled = 0;
  for (size_t m = 0; m < w->n_measures; m++) n_settled += rank[m] == w->d->most;
  if (n_settled == w->n_measures) return ICT_OK;
  uint8_t any = 0;
  double least = INFINITY;
  memset(w->doubt, 0, w->items->bytes);
  ict_status st = gather(w, fine, n_fine, rank) > 0 ? rank_asked(w, rank, &least) : ICT_OK;
  for (size_t k = 0; k < w->items->bytes; k++) any |= w->doubt[k];
  if (st == ICT_OK && any) st = rank_columns(w, fine, n_fine, w->doubt, rank, &least);
  if (least < *strength) *strength = least;
  forget(w);
  return st;
}
