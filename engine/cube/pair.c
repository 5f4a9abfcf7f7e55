/* pair.c - the design covariance between two cells, for the pairs that were declared.
 *
 * In: the totals of fine cells, on their way to the margins. Out: the totals of the pair's cross
 * cells, which everything after that treats like any other cell's.
 * Owns: the lists of which pairs a cell is in.
 *
 * A cell's slot holds two totals (a, b) of a unit, and the pass leaves their covariance. A cross
 * cell holds any two of a pair's (a1, b1, a2, b2) in their place, so six of them give the whole 4
 * x 4 covariance under every design and policy that a cell can have, later stages and unequal
 * probabilities too; and, as a unit is in a cross cell where it is in either cell (or in any of the
 * pair's group), lonely strata and degrees of freedom are those of all these cells together. */
#include "base/mem.h"
#include "cube/inside.h"

/* What each cross cell takes from the first cell and from the second: the field of the fine cell
 * (F_A, F_B), or NOTHING, for each of its own two totals. */
enum { NOTHING = -1 };
static const int TAKES[ICT_N_CROSS][2][2] = {
    [ICT_CROSS_A1_B1] = {{F_A, F_B}, {NOTHING, NOTHING}},
    [ICT_CROSS_A2_B2] = {{NOTHING, NOTHING}, {F_A, F_B}},
    [ICT_CROSS_A1_A2] = {{F_A, NOTHING}, {NOTHING, F_A}},
    [ICT_CROSS_A1_B2] = {{F_A, NOTHING}, {NOTHING, F_B}},
    [ICT_CROSS_B1_A2] = {{F_B, NOTHING}, {NOTHING, F_A}},
    [ICT_CROSS_B1_B2] = {{F_B, NOTHING}, {NOTHING, F_B}},
};

static size_t cell_at(const ict_cube *c, size_t pair, int side) {
  const ict_pair *p = &c->shape->pairs[pair];
  return c->first_cell[p->margin] + p->cell[side];
}

/* The k-th cell (its number among all) in whose list the pair stands: those of its group, which
 * hold both, or both; a cell beside itself in one. */
static size_t member(const ict_cube *c, size_t pair, size_t k) {
  const ict_pair *p = &c->shape->pairs[pair];
  return p->n_group > 0 ? c->first_cell[p->margin] + p->first + k : cell_at(c, pair, (int)k);
}

static size_t members(const ict_cube *c, size_t pair) {
  const ict_pair *p = &c->shape->pairs[pair];
  return p->n_group > 0 ? p->n_group : p->cell[0] == p->cell[1] ? 1 : 2;
}

/* Counting sort of the pairs by their cells: those of cell i are pair_of[pair_from[i]] ... */
ict_status ict_pairs_init(ict_cube *c, ict_err *err) {
  size_t n_pairs = c->shape->n_pairs, n_cells = c->first_cell[c->shape->n_margins];
  if (n_pairs == 0) return ICT_OK;
  c->pair_from = ict_alloc(n_cells + 2, sizeof *c->pair_from);
  size_t n_listed = 0;
  for (size_t p = 0; p < n_pairs; p++) n_listed += members(c, p);
  c->pair_of = ict_alloc(n_listed, sizeof *c->pair_of);
  if (!c->pair_from || !c->pair_of) return ict_err_memory(err);
  uint32_t *from = c->pair_from;
  for (size_t p = 0; p < n_pairs; p++)
    for (size_t k = 0; k < members(c, p); k++) from[member(c, p, k) + 2]++;
  for (size_t i = 0; i < n_cells; i++) from[i + 2] += from[i + 1];
  for (size_t p = 0; p < n_pairs; p++)
    for (size_t k = 0; k < members(c, p); k++)
      c->pair_of[from[member(c, p, k) + 1]++] = (uint32_t)p;
  return ICT_OK;
}

void ict_pairs_done(ict_cube *c) {
  ict_free(c->pair_from);
  ict_free(c->pair_of);
}

static void add_totals(const ict_cube *c, const int takes[2], double *restrict into,
                       const double *restrict from) {
  size_t n = c->shape->n_measures;
  for (int own = 0; own < 2; own++) {
    if (takes[own] == NOTHING) continue;
    const double *taken = from + (size_t)takes[own] * n;
    double *total = into + (size_t)(own ? F_B : F_A) * n;
    for (size_t m = 0; m < n; m++) total[m] += taken[m];
  }
}

/* The unit is in the cross cell, whatever its totals are there. */
static void add_presence(const ict_cube *c, double *restrict into, const double *restrict from) {
  size_t n = c->shape->n_measures;
  for (size_t m = 0; m < n; m++) {
    into[F_N * n + m] += from[F_N * n + m];
    into[F_ZERO * n + m] += from[F_ZERO * n + m];
  }
}

ict_status ict_pairs_add(ict_cube *c, size_t cell, const double *fine, ict_sheet *unit,
                         ict_err *err) {
  for (size_t j = c->pair_from[cell]; j < c->pair_from[cell + 1]; j++) {
    uint32_t pair = c->pair_of[j];
    for (uint32_t x = 0; x < ICT_N_CROSS; x++) {
      size_t slot = ict_sheet_touch(unit, pair * ICT_N_CROSS + x);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      double *into = ict_sheet_at(unit, slot);
      for (int side = 0; side < 2; side++)
        if (cell_at(c, pair, side) == cell) add_totals(c, TAKES[x][side], into, fine);
      add_presence(c, into, fine);
    }
  }
  return ICT_OK;
}

size_t ict_pair_source(const ict_cube *c, size_t pair, size_t cross, int own, int *field) {
  int side = TAKES[cross][0][own] == NOTHING;
  *field = TAKES[cross][side][own];
  return cell_at(c, pair, side);
}

ict_pair_sums ict_cube_pair(const ict_cube *c, size_t pair, size_t measure) {
  ict_pair_sums all = {0};
  if (c->packed) {
    uint32_t slot = c->pairs.slot_of[pair];
    if (slot) all = ict_packed_pair(ict_sheet_at(&c->pairs, slot - 1), c->lanes, &c->lane[measure]);
    if (c->shape->lonely == ICT_LONELY_AVERAGE)
      for (size_t x = 0; x < ICT_N_CROSS; x++) ict_sums_average(&all.cross[x]);
    return all;
  }
  for (size_t x = 0; x < ICT_N_CROSS; x++) {
    uint32_t slot = c->sums.slot_of[pair * ICT_N_CROSS + x];
    if (slot) all.cross[x] = ((const ict_sums *)ict_sheet_at(&c->sums, slot - 1))[measure];
  }
  return all;
}
