/* stratum.c - a stratum's moments joined between chunks, and settled into packed sums.
 *
 * In: moments by cell of the sets of inner axes. Out: sums by cell of the margins.
 * Owns: nothing.
 *
 * Here the outer axes come in: the stratum has one class of each, so a set's cell is one cell of
 * each margin with these inner axes, or of none where the class is "in none". */
#include "abacus/inside.h"
#include "base/mem.h"

ict_status ict_abacus_part_init(const ict_abacus_layout *l, ict_abacus_part *part, ict_err *err) {
  *part = (ict_abacus_part){0};
  part->k = ict_alloc(l->n_set_cells, sizeof *part->k);
  if (!part->k || ict_sheet_init(&part->cells, l->n_set_cells, l->moments_bytes) != 0)
    return ict_err_memory(err);
  if (l->pairs.n == 0) return ICT_OK;
  size_t doubles = ICT_PAIR_DOUBLES * l->lanes, counts = ICT_PAIR_MOMENTS_COUNTS * l->lanes;
  part->pair_k = ict_alloc(l->pairs.n, sizeof *part->pair_k);
  if (!part->pair_k || ict_sheet_init(&part->pairs, l->pairs.n,
                                      doubles * sizeof(double) + counts * sizeof(uint32_t)) != 0)
    return ict_err_memory(err);
  return ICT_OK;
}

void ict_abacus_part_done(ict_abacus_part *part) {
  ict_sheet_done(&part->cells);
  ict_free(part->k);
  ict_sheet_done(&part->pairs);
  ict_free(part->pair_k);
}

void ict_abacus_part_clear(ict_abacus_part *part) {
  for (size_t i = 0; i < part->cells.n; i++) part->k[part->cells.cell[i]] = 0;
  ict_sheet_clear(&part->cells);
  for (size_t i = 0; i < part->pairs.n; i++) part->pair_k[part->pairs.cell[i]] = 0;
  ict_sheet_clear(&part->pairs);
  part->n_psu = 0;
}

ict_status ict_abacus_join(const ict_abacus_layout *l, ict_abacus_part *into, ict_abacus_part *next,
                           ict_err *err) {
  for (size_t i = 0; i < next->cells.n; i++) {
    uint32_t cell = next->cells.cell[i];
    size_t slot = ict_sheet_touch(&into->cells, cell);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    l->kernels->join(l->groups, ict_sheet_at(&into->cells, slot), ict_sheet_at(&next->cells, i),
                     into->k[cell], next->k[cell]);
    ict_abacus_join_numbers(l, ict_sheet_at(&into->cells, slot),
                            ict_abacus_numbers(l, ict_sheet_at(&next->cells, i)));
    into->k[cell] += next->k[cell];
  }
  for (size_t i = 0; i < next->pairs.n; i++) {
    uint32_t pair = next->pairs.cell[i];
    size_t slot = ict_sheet_touch(&into->pairs, pair);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    l->kernels->join_pair(l->groups, ict_sheet_at(&into->pairs, slot),
                          ict_sheet_at(&next->pairs, i), into->pair_k[pair], next->pair_k[pair]);
    into->pair_k[pair] += next->pair_k[pair];
  }
  into->n_psu += next->n_psu;
  ict_abacus_part_clear(next);
  return ICT_OK;
}

/* Where the policy for single PSUs speaks: one measure after the other, by the cube's own
 * function. */
static void settle_lonely(const ict_abacus_layout *l, const ict_scaling *scaling, void *moments,
                          double r, void *packed) {
  size_t lanes = l->lanes;
  const double *from = moments;
  const uint32_t *counts = (const uint32_t *)(const void *)(from + ICT_MOMENTS_DOUBLES * lanes);
  double *to = ict_packed_doubles(packed);
  uint32_t *to_counts = ict_packed_counts(packed, lanes);
  for (size_t m = 0; m < l->shape->cube->n_measures; m++) {
    size_t t = l->lane[m].total, n = l->lane[m].count;
    double cell[STRATUM_FIELDS] = {[F_A] = from[t],
                                   [F_B] = from[lanes + t],
                                   [F_N] = counts[n],
                                   [F_M_AA] = from[2 * lanes + t],
                                   [F_M_AB] = from[3 * lanes + t],
                                   [F_M_BB] = from[4 * lanes + t],
                                   [F_PSU] = counts[lanes + n],
                                   [F_PRESENT] = counts[lanes + n] + counts[2 * lanes + n]};
    if (cell[F_PRESENT] == 0) continue;
    ict_sums add = {0};
    ict_stratum_covariance(scaling, cell, 1, r, &add);
    to[ICT_PACKED_A * lanes + t] += cell[F_A];
    to[ICT_PACKED_B * lanes + t] += cell[F_B];
    to[ICT_PACKED_W * lanes + t] += cell[F_A] + cell[F_B];
    to[ICT_PACKED_V_AA * lanes + t] += add.v_aa;
    to[ICT_PACKED_V_AB * lanes + t] += add.v_ab;
    to[ICT_PACKED_V_BB * lanes + t] += add.v_bb;
    to_counts[ICT_PACKED_N * lanes + n] += counts[n];
    to_counts[ICT_PACKED_PSU * lanes + n] += counts[lanes + n];
    to_counts[ICT_PACKED_STRATA * lanes + n] += counts[lanes + n] > 0;
    to_counts[ICT_PACKED_PRESENT * lanes + n] += 1;
    to_counts[ICT_PACKED_LONELY * lanes + n] += (uint32_t)add.n_lonely;
  }
}

uint32_t ict_abacus_outer_part(const ict_abacus_layout *l, const ict_abacus_margin *margin,
                               size_t h) {
  const uint16_t *cls = l->shape->stratum_class + h * l->shape->n_axes;
  uint32_t part = 0, all = margin->outer | margin->outer_within;
  for (size_t a = 0; a < l->shape->n_axes; a++) {
    if (!(all >> a & 1)) continue;
    if (cls[a] >= l->shape->n_classes[a]) return ICT_NO_CELL;
    part += cls[a] * margin->stride[a];
  }
  return part;
}

ict_status ict_abacus_settle(const ict_abacus_layout *l, ict_abacus_part *part, ict_sheet *sums,
                             ict_sheet *pairs, ict_err *err) {
  const ict_design *d = l->shape->design;
  size_t h = part->stratum;
  double n_h = (double)ict_design_psus_in(d, h);
  ict_scaling scaling = ict_scaling_of(l->shape->cube, n_h, ict_design_fraction(d, h, 0));
  bool by_policy = scaling.single || scaling.in_domain;
  for (size_t i = 0; i < part->cells.n; i++) {
    uint32_t cell = part->cells.cell[i];
    const ict_abacus_set *set = &l->sets[l->set_of[cell]];
    double k = part->k[cell];
    double r = (n_h - k) / (k * n_h);
    for (size_t g = 0; g < set->n_margins; g++) {
      const ict_abacus_margin *margin = &l->margins[set->first_margin + g];
      uint32_t outer = ict_abacus_outer_part(l, margin, h);
      if (outer == ICT_NO_CELL) continue;
      size_t to = margin->first_cell + outer + margin->inner_part[cell - set->first_cell];
      size_t slot = ict_sheet_touch(sums, (uint32_t)to);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      ict_abacus_settle_numbers(l, ict_sheet_at(&part->cells, i), ict_sheet_at(sums, slot));
      if (by_policy) {
        settle_lonely(l, &scaling, ict_sheet_at(&part->cells, i), r, ict_sheet_at(sums, slot));
      } else {
        l->kernels->settle(l->groups, ict_sheet_at(&part->cells, i), scaling.scale, r,
                           ict_sheet_at(sums, slot));
      }
    }
  }
  ict_status st = ict_abacus_settle_pairs(l, &scaling, part, pairs, err);
  ict_abacus_part_clear(part);
  return st;
}
