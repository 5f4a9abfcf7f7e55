/* directions.c - the directions of weights that came with the data.
 *
 * In: weights by row. Out: each row's direction and length; products of directions.
 * Owns: the directions. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/factor.h"
#include "replicate/inside.h"
#include "replicate/lanes.h"

/* Rows of a PSU are compared with so many of its directions. */
#define MOST_IN_PSU 4
/* So many directions have a table of their products. */
#define MOST_IN_TABLE 1500

static const double *weight_of(const ict_directions *d, uint32_t direction) {
  return d->r->weight + d->row[direction] * d->r->n;
}

/* Of unit vectors e and f, |e - f|^2 = 2 (1 - ef). */
static bool is_same(const ict_directions *d, uint32_t direction, const double *row, double length) {
  double product = ict_lanes_product(row, weight_of(d, direction), d->r->n);
  return 2 * (1 - product / (length * d->length[direction])) < ICT_RANK_NOTHING * ICT_RANK_NOTHING;
}

/* How alike the row's weights are to a direction's one by one, beside what replicates make of it:
 * of two rows, half of it is left of a replicate. */
#define EVEN (1.5 * ICT_RANK_TOLERANCE)

static bool is_even(const ict_directions *d, uint32_t direction, const double *row, double length) {
  return !ict_lanes_differ(row, d->length[direction], weight_of(d, direction), length, EVEN,
                           d->r->n);
}

static ict_status add_row(ict_directions *d, size_t row, size_t first) {
  const double *weight = d->r->weight + row * d->r->n;
  double energy = ict_lanes_product(weight, weight, d->r->n), length = sqrt(energy);
  d->energy[row] = energy;
  bool uneven = false;
  d->of_row[row] = ICT_NO_DIRECTION;
  if (!(length > 0)) return ICT_OK;
  for (size_t i = first; i < d->n && i < first + MOST_IN_PSU; i++)
    if (is_same(d, (uint32_t)i, weight, length)) {
      uneven = !is_even(d, (uint32_t)i, weight, length);
      if (uneven) continue;
      d->of_row[row] = (uint32_t)i;
      return ICT_OK;
    }
  if (ict_grow(&d->row, d->n, &d->row_capacity, sizeof *d->row) != 0 ||
      ict_grow(&d->length, d->n, &d->capacity, sizeof *d->length) != 0 ||
      ict_grow(&d->uneven, d->n, &d->uneven_capacity, sizeof *d->uneven) != 0)
    return ICT_FAIL;
  d->uneven[d->n] = uneven;
  d->row[d->n] = (uint32_t)row;
  d->length[d->n] = length;
  d->of_row[row] = (uint32_t)d->n++;
  return ICT_OK;
}

void ict_directions_products(const ict_directions *d, const uint32_t *of, size_t n_of,
                             const uint32_t *with, size_t n, double *vector, double *out) {
  size_t r = d->r->n;
  if (d->table) {
    const double *table[ICT_PANEL];
    for (size_t c = 0; c < ICT_PANEL; c++) table[c] = d->table + (c < n ? with[c] : d->n) * d->n;
    for (size_t i = 0; i < n_of; i++)
#pragma GCC unroll 8
      for (size_t c = 0; c < ICT_PANEL; c++) out[i * ICT_PANEL + c] = table[c][of[i]];
    return;
  }
  memset(vector, 0, r * ICT_PANEL * sizeof *vector);
  for (size_t c = 0; c < n; c++) {
    const double *weight = weight_of(d, with[c]);
    for (size_t k = 0; k < r; k++) vector[k * ICT_PANEL + c] = weight[k] / d->length[with[c]];
  }
  memset(out, 0, n_of * ICT_PANEL * sizeof *out);
  for (size_t i = 0; i < n_of; i += ICT_PANEL) {
    const double *rows[ICT_PANEL];
    size_t n_rows = n_of - i < ICT_PANEL ? n_of - i : ICT_PANEL;
    for (size_t k = 0; k < n_rows; k++) rows[k] = weight_of(d, of[i + k]);
    d->tiles->subtract(out + i * ICT_PANEL, rows, n_rows, vector, r);
    for (size_t k = 0; k < n_rows; k++)
      for (size_t c = 0; c < n; c++) out[(i + k) * ICT_PANEL + c] /= -d->length[of[i + k]];
  }
}

static ict_status make_table(ict_directions *d, const uint32_t *all) {
  if (d->n > MOST_IN_TABLE) return ICT_OK;
  double *table = ict_alloc(d->n + 1, d->n * sizeof *table);
  double *vector = ict_alloc(d->r->n * ICT_PANEL, sizeof *vector);
  double *panel = ict_alloc(d->n * ICT_PANEL, sizeof *panel);
  ict_status st = table && vector && panel ? ICT_OK : ICT_FAIL;
  for (size_t first = 0; first < d->n && st == ICT_OK; first += ICT_PANEL) {
    size_t n = d->n - first < ICT_PANEL ? d->n - first : ICT_PANEL;
    ict_directions_products(d, all + first, d->n - first, all + first, n, vector, panel);
    for (size_t i = first; i < d->n; i++)
      for (size_t c = 0; c < n; c++) {
        double product = panel[(i - first) * ICT_PANEL + c];
        table[i * d->n + first + c] = table[(first + c) * d->n + i] = product;
      }
  }
  ict_free(vector);
  ict_free(panel);
  if (st == ICT_OK)
    d->table = table;
  else
    ict_free(table);
  return st;
}

/* What all rows have of each direction. */
static void add_energy(const ict_directions *d, double *of_direction) {
  for (size_t row = 0; row < d->r->design->n_rows; row++)
    if (d->of_row[row] != ICT_NO_DIRECTION) of_direction[d->of_row[row]] += d->energy[row];
}

static ict_status rank_all(ict_directions *d, const uint32_t *all) {
  ict_factor f;
  double *energy = ict_alloc(d->n, sizeof *energy), whole = 0;
  d->most = d->n < d->r->n ? d->n : d->r->n;
  ict_status st = ict_factor_init(&f, d, d->most);
  if (st == ICT_OK && !energy) st = ICT_FAIL;
  if (st == ICT_OK) {
    ict_factor_take(&f, all, d->n);
    add_energy(d, energy);
    for (size_t i = 0; i < d->n; i++) whole += energy[i];
    if (!f.in_doubt) d->most = f.rank;
    if (!f.in_doubt && f.rank == d->n) d->least = f.least;
    d->rank = (uint32_t)f.rank;
    d->in_doubt = f.in_doubt || ict_factor_strength(&f, energy) < ict_rank_heavy(d, whole);
  }
  ict_factor_done(&f);
  ict_free(energy);
  return st;
}

double ict_rank_heavy(const ict_directions *d, double energy) {
  return ICT_RANK_LIGHT * ICT_RANK_LIGHT * energy / (double)d->r->n;
}

ict_status ict_directions_init(ict_directions *d, const ict_replicates *r) {
  const ict_design *design = r->design;
  *d = (ict_directions){.r = r,
                        .tiles = ict_tiles_choose(),
                        .of_row = ict_alloc(design->n_rows, sizeof *d->of_row),
                        .energy = ict_alloc(design->n_rows, sizeof *d->energy)};
  ict_status st = d->of_row && d->energy ? ICT_OK : ICT_FAIL;
  for (size_t p = 0; p < design->n_psu; p++) {
    size_t first = d->n;
    for (uint64_t row = design->psu_first_row[p]; row < design->psu_first_row[p + 1]; row++)
      if (st == ICT_OK) st = add_row(d, (size_t)row, first);
  }
  uint32_t *all = ict_alloc(d->n, sizeof *all);
  if (!all) st = ICT_FAIL;
  for (size_t i = 0; i < d->n && st == ICT_OK; i++) all[i] = (uint32_t)i;
  if (st == ICT_OK) st = make_table(d, all);
  if (st == ICT_OK) st = rank_all(d, all);
  ict_free(all);
  return st;
}

void ict_directions_done(ict_directions *d) {
  ict_free(d->of_row);
  ict_free(d->row);
  ict_free(d->length);
  ict_free(d->uneven);
  ict_free(d->energy);
  ict_free(d->table);
}
