/* rank_columns.c - the rank of some rows' weights as R has it: replicate by replicate.
 *
 * In: rows, and which measures each counts for. Out: ranks.
 * Owns: the work's room.
 *
 * R's degf() is qr(weights, tol = 1e-5)$rank: replicates are taken in order, and one of which less
 * than 1e-5 of its length is left beside those before is dropped. Of Cholesky's factor of their
 * products that is the root of a pivot. The order of rows plays no part, and a light row weighs as
 * little as it should: weights printed with two decimals are wrong by as much in light rows as in
 * heavy ones, and beside its own length alone a light row's rounding would look like a direction.
 *
 * What is left of a replicate only grows as rows join: where some of the rows give every replicate
 * its due of the length among all, so do all. */
#include "replicate/rank_columns.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

#define BLOCK 128 /* rows; of 200 replicates they are in the second cache */

ict_status ict_rank_columns_init(ict_rank_columns *c, const ict_directions *rows) {
  size_t n = rows->r->n, lines = (n + ICT_PANEL - 1) / ICT_PANEL * n;
  *c = (ict_rank_columns){.r = rows->r,
                          .tiles = rows->tiles,
                          .d = {.r = rows->r, .tiles = rows->tiles, .n = n},
                          .shared = ict_alloc(lines, ICT_PANEL * sizeof *c->shared),
                          .own = ict_alloc(lines, ICT_PANEL * sizeof *c->own),
                          .whole = ict_alloc(n, sizeof *c->whole),
                          .block = ict_alloc(n, BLOCK * sizeof *c->block),
                          .panel = ict_alloc(BLOCK, ICT_PANEL * sizeof *c->panel),
                          .list = ict_alloc(n, sizeof *c->list)};
  c->d.table = ict_alloc(n + 1, n * sizeof *c->d.table);
  bool ok = c->shared && c->own && c->whole && c->block && c->panel && c->list && c->d.table;
  return ict_factor_init(&c->factor, &c->d, n) == ICT_OK && ok ? ICT_OK : ICT_FAIL;
}

void ict_rank_columns_done(ict_rank_columns *c) {
  ict_free(c->shared);
  ict_free(c->own);
  ict_free(c->whole);
  ict_free(c->block);
  ict_free(c->panel);
  ict_free(c->list);
  ict_free(c->of_own);
  ict_free(c->d.table);
  ict_factor_done(&c->factor);
}

/* ---- products of replicates ----------------------------------------------------------------- */

static size_t bytes_of_products(const ict_rank_columns *c) {
  return (c->r->n + ICT_PANEL - 1) / ICT_PANEL * c->r->n * ICT_PANEL * sizeof *c->shared;
}

/* Where product j, k is, j not before k's panel: lines of a panel are those of all replicates. */
static size_t place_of(const ict_rank_columns *c, size_t j, size_t k) {
  return (k / ICT_PANEL * c->r->n + j) * ICT_PANEL + k % ICT_PANEL;
}

static void add_block(ict_rank_columns *c, const uint32_t *rows, size_t n_rows, double *to) {
  size_t n = c->r->n;
  const double *column[ICT_PANEL];
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n; j++) c->block[j * BLOCK + i] = c->r->weight[(size_t)rows[i] * n + j];
  for (size_t first = 0; first < n; first += ICT_PANEL) {
    for (size_t i = 0; i < n_rows; i++)
      for (size_t k = 0; k < ICT_PANEL; k++)
        c->panel[i * ICT_PANEL + k] = first + k < n ? c->block[(first + k) * BLOCK + i] : 0;
    for (size_t j = first; j < n; j += ICT_PANEL) {
      size_t n_columns = n - j < ICT_PANEL ? n - j : ICT_PANEL;
      for (size_t k = 0; k < n_columns; k++) column[k] = c->block + (j + k) * BLOCK;
      c->tiles->subtract(to + place_of(c, j, first), column, n_columns, c->panel, n_rows);
    }
  }
}

static void add_rows(ict_rank_columns *c, const uint32_t *rows, size_t n, double *to) {
  for (size_t i = 0; i < n; i += BLOCK) add_block(c, rows + i, n - i < BLOCK ? n - i : BLOCK, to);
}

/* ---- their factor --------------------------------------------------------------------------- */

/* Of products, beside the lengths in c->whole. */
static void take(ict_rank_columns *c, const double *products) {
  size_t n = c->r->n, n_list = 0;
  for (size_t j = 0; j < n; j++) {
    double root = sqrt(c->whole[j]);
    if (!(root > 0)) continue;
    c->list[n_list++] = (uint32_t)j;
    for (size_t k = 0; k <= j; k++) {
      double length = root * sqrt(c->whole[k]);
      double product = length > 0 ? -products[place_of(c, j, k)] / length : 0;
      c->d.table[j * n + k] = c->d.table[k * n + j] = product;
    }
  }
  c->factor.most = n_list;
  ict_factor_clear(&c->factor);
  ict_factor_take_as_r(&c->factor, c->list, n_list);
}

static void lengths_of_products(ict_rank_columns *c, const double *products) {
  for (size_t j = 0; j < c->r->n; j++) c->whole[j] = -products[place_of(c, j, j)];
}

static void lengths_of_rows(ict_rank_columns *c, const uint32_t *rows, size_t n) {
  memset(c->whole, 0, c->r->n * sizeof *c->whole);
  for (size_t i = 0; i < n; i++) {
    const double *weight = c->r->weight + (size_t)rows[i] * c->r->n;
    for (size_t j = 0; j < c->r->n; j++) c->whole[j] += weight[j] * weight[j];
  }
}

static bool is_full(const ict_rank_columns *c) {
  return c->factor.rank == c->factor.most && !c->factor.in_doubt;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool counts(const ict_rank_ask *ask, uint32_t row, size_t measure) {
  return ask->bits[row * ask->bytes + measure / 8] >> (measure % 8) & 1;
}

static bool is_asked(const ict_rank_ask *ask, size_t measure) {
  return ask->asked[measure / 8] >> (measure % 8) & 1;
}

/* Those that all measures have first, far ones next to one another; returns how many. Rows that
 * none has are left out. */
static size_t sort_rows(ict_rank_columns *c, uint32_t *rows, size_t *n, const ict_rank_ask *ask) {
  size_t n_shared = 0, n_others = 0, step = ict_step_through(*n), at = 0;
  for (size_t i = 0; i < *n; i++, at = (at + step) % *n) {
    const uint8_t *bits = ask->bits + rows[at] * ask->bytes;
    bool all = true, any = false;
    for (size_t k = 0; k < ask->bytes; k++) {
      all = all && (bits[k] & ask->asked[k]) == ask->asked[k];
      any = any || (bits[k] & ask->asked[k]) != 0;
    }
    if (all)
      c->of_own[n_shared++] = rows[at];
    else if (any)
      c->of_own[*n - ++n_others] = rows[at];
  }
  memcpy(rows, c->of_own, n_shared * sizeof *rows);
  memcpy(rows + n_shared, c->of_own + *n - n_others, n_others * sizeof *rows);
  *n = n_shared + n_others;
  return n_shared;
}

/* The products of the shared rows, until they have all there can be beside all rows. */
static bool add_shared(ict_rank_columns *c, const uint32_t *rows, size_t n_shared, size_t n) {
  bool full = false;
  memset(c->shared, 0, bytes_of_products(c));
  lengths_of_rows(c, rows, n);
  for (size_t done = 0, next = 2 * c->r->n; done < n_shared && !full; next *= 2) {
    if (next > n_shared) next = n_shared;
    add_rows(c, rows + done, next - done, c->shared);
    done = next;
    if (done < c->r->n) continue;
    take(c, c->shared);
    full = is_full(c);
  }
  return full;
}

static ict_status rank_measure(ict_rank_columns *c, const uint32_t *rows, size_t n_shared, size_t n,
                               const ict_rank_ask *ask, size_t measure, uint32_t *rank) {
  size_t n_own = n_shared;
  for (size_t i = n_shared; i < n; i++)
    if (counts(ask, rows[i], measure)) c->of_own[n_own++] = rows[i];
  memcpy(c->own, c->shared, bytes_of_products(c));
  add_rows(c, c->of_own + n_shared, n_own - n_shared, c->own);
  lengths_of_products(c, c->own);
  take(c, c->own);
  *rank = (uint32_t)c->factor.rank;
  if (!c->factor.in_doubt) return ICT_OK;
  memcpy(c->of_own, rows, n_shared * sizeof *rows);
  return ict_triangle_rank(c->r, c->of_own, n_own, rank);
}

static double strength_of(const ict_rank_columns *c) {
  return ict_factor_strength(&c->factor, c->whole);
}

ict_status ict_rank_by_columns(ict_rank_columns *c, uint32_t *rows, size_t n,
                               const ict_rank_ask *ask, uint32_t *rank, double *strength) {
  *strength = 0;
  if (n == 0) return ICT_OK;
  if (n > c->most_of_own) {
    ict_free(c->of_own);
    c->of_own = ict_alloc(n, sizeof *c->of_own);
    c->most_of_own = c->of_own ? n : 0;
    if (!c->of_own) return ICT_FAIL;
  }
  size_t n_shared = sort_rows(c, rows, &n, ask), any = SIZE_MAX;
  bool full = add_shared(c, rows, n_shared, n);
  ict_status st = ICT_OK;
  if (full) *strength = strength_of(c);
  for (size_t m = 0; m < ask->n_measures && st == ICT_OK; m++) {
    if (!is_asked(ask, m)) continue;
    if (full)
      rank[m] = (uint32_t)c->factor.rank;
    else if (n == n_shared && any != SIZE_MAX)
      rank[m] = rank[any];
    else
      st = rank_measure(c, rows, n_shared, n, ask, m, &rank[m]);
    any = m;
  }
  return st;
}
