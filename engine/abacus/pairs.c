/* pairs.c - which pairs of cells there are within a stratum, and their sums.
 *
 * In: the shape's pairs. Out: pairs of cells of the sets of inner axes (couples.c keeps their
 * moments); packed sums of the shape's pairs. Owns: nothing.
 *
 * Two cells that differ by an inner axis may share a PSU. Two that differ by an outer one never
 * share a stratum: they are independent, and their pair is put together from the two cells' sums
 * when all is done. */
#include "abacus/inside.h"
#include "base/mem.h"

/* A cell of a margin, taken apart: the cell of its set, and the number of its outer classes. */
typedef struct taken_apart {
  size_t inner, outer;
} taken_apart;

static taken_apart take_apart(const ict_abacus_layout *l, const ict_abacus_set *set, size_t margin,
                              size_t cell) {
  const ict_abacus_shape *shape = l->shape;
  taken_apart to = {set->first_cell, 0};
  size_t inner = 1, outer = 1;
  for (size_t a = shape->n_axes; a-- > 0;) {
    if (!(shape->margin_axes[margin] >> a & 1)) continue;
    size_t n = shape->n_classes[a], cls = cell % n;
    cell /= n;
    if (shape->inner >> a & 1) {
      to.inner += cls * inner;
      inner *= n;
    } else {
      to.outer += cls * outer;
      outer *= n;
    }
  }
  return to;
}

/* The two cells of a shape's pair; false where no stratum has both. */
static bool in_one_stratum(const ict_abacus_layout *l, const ict_pair *p, uint32_t cell[2]) {
  const ict_abacus_set *set = ict_abacus_set_of(l, p->margin);
  taken_apart one = take_apart(l, set, p->margin, p->cell[0]),
              two = take_apart(l, set, p->margin, p->cell[1]);
  cell[0] = (uint32_t)one.inner;
  cell[1] = (uint32_t)two.inner;
  return one.outer == two.outer;
}

/* Each pair of cells of the sets once: it stands for one pair in every outer class. */
static ict_status find_pairs(ict_abacus_layout *l, ict_err *err) {
  const ict_cube_shape *shape = l->shape->cube;
  ict_abacus_pairs *pairs = &l->pairs;
  uint32_t(*cell)[2] = ict_arena_alloc(l->arena, shape->n_pairs, sizeof *cell);
  /* Those of a first cell as a chain; numbers from 1 on. */
  uint32_t *last = ict_arena_alloc(l->arena, l->n_set_cells, sizeof *last);
  uint32_t *before = ict_arena_alloc(l->arena, shape->n_pairs + 1, sizeof *before);
  if (!cell || !last || !before) return ict_err_memory(err);
  for (size_t p = 0; p < shape->n_pairs; p++) {
    uint32_t *one = cell[pairs->n];
    if (!in_one_stratum(l, &shape->pairs[p], one)) continue;
    uint32_t same = last[one[0]];
    while (same && cell[same - 1][1] != one[1]) same = before[same];
    if (same) continue;
    pairs->n++;
    before[pairs->n] = last[one[0]];
    last[one[0]] = (uint32_t)pairs->n;
  }
  pairs->cell = (const uint32_t(*)[2])cell;
  return ICT_OK;
}

/* Counting sort of the pairs by their cells. */
static ict_status list_pairs(ict_abacus_layout *l, ict_err *err) {
  ict_abacus_pairs *pairs = &l->pairs;
  uint32_t *from = ict_arena_alloc(l->arena, l->n_set_cells + 2, sizeof *from);
  uint32_t *of = ict_arena_alloc(l->arena, 2 * pairs->n, sizeof *of);
  if (!from || !of) return ict_err_memory(err);
  for (size_t p = 0; p < pairs->n; p++)
    for (size_t side = 0; side < 2; side++) from[pairs->cell[p][side] + 2]++;
  for (size_t c = 0; c < l->n_set_cells; c++) from[c + 2] += from[c + 1];
  for (size_t p = 0; p < pairs->n; p++)
    for (size_t side = 0; side < 2; side++) of[from[pairs->cell[p][side] + 1]++] = (uint32_t)p;
  pairs->from = from;
  pairs->of = of;
  return ICT_OK;
}

/* The same of the shape's pairs, by their first cell. */
static ict_status list_shape(ict_abacus_layout *l, ict_err *err) {
  const ict_cube_shape *shape = l->shape->cube;
  uint32_t *from = ict_arena_alloc(l->arena, l->n_cells + 2, sizeof *from);
  uint32_t *of = ict_arena_alloc(l->arena, shape->n_pairs, sizeof *of);
  if (!from || !of) return ict_err_memory(err);
  for (int writing = 0; writing < 2; writing++) {
    for (size_t p = 0; p < shape->n_pairs; p++) {
      const ict_pair *pair = &shape->pairs[p];
      size_t cell = l->first_cell[pair->margin] + pair->cell[0];
      if (writing)
        of[from[cell + 1]++] = (uint32_t)p;
      else
        from[cell + 2]++;
    }
    for (size_t c = 0; c < l->n_cells && !writing; c++) from[c + 2] += from[c + 1];
  }
  l->pairs.shape_from = from;
  l->pairs.shape_of = of;
  return ICT_OK;
}

ict_status ict_abacus_make_pairs(ict_abacus_layout *l, ict_err *err) {
  size_t n = l->shape->cube->n_pairs;
  if (n == 0) return ICT_OK;
  if (n >= ICT_NO_CELL / 2)
    return ict_err_set(err, ICT_REFUSED, "%zu pairs of cells are more than a cube can hold", n);
  ict_status st = find_pairs(l, err);
  if (st == ICT_OK) st = list_pairs(l, err);
  return st == ICT_OK ? list_shape(l, err) : st;
}

/* ---- sums ----------------------------------------------------------------------------------- */

/* As in stratum.c: where the policy for single PSUs speaks, by the cube's own function. */
static void settle_lonely(const ict_abacus_layout *l, const ict_scaling *scaling,
                          const void *moments, double r, void *packed) {
  size_t lanes = l->lanes;
  const double *from = moments;
  const uint32_t *counts = (const uint32_t *)(const void *)(from + ICT_PAIR_DOUBLES * lanes);
  double *to = ict_packed_doubles(packed);
  uint32_t *to_counts = ict_packed_pair_counts(packed, lanes);
  for (size_t m = 0; m < l->shape->cube->n_measures; m++) {
    size_t t = l->lane[m].total, n = l->lane[m].count;
    uint32_t psus = counts[n], present = psus + counts[lanes + n], n_lonely = 0;
    if (present == 0) continue;
    for (size_t i = 0; i < ICT_PAIR_TOTALS; i++)
      for (size_t k = i; k < ICT_PAIR_TOTALS; k++) {
        size_t v = ict_pair_v(i, k);
        double cell[STRATUM_FIELDS] = {[F_A] = from[i * lanes + t],
                                       [F_B] = from[k * lanes + t],
                                       [F_M_AB] = from[(ICT_PAIR_TOTALS + v) * lanes + t],
                                       [F_PRESENT] = present};
        ict_sums add = {0};
        ict_stratum_covariance(scaling, cell, 1, r, &add);
        to[v * lanes + t] += add.v_ab;
        n_lonely = (uint32_t)add.n_lonely;
      }
    to_counts[ICT_PAIR_PSU * lanes + n] += psus;
    to_counts[ICT_PAIR_STRATA * lanes + n] += psus > 0;
    to_counts[ICT_PAIR_PRESENT * lanes + n] += 1;
    to_counts[ICT_PAIR_LONELY * lanes + n] += n_lonely;
  }
}

/* One pair of a set's cells to the shape's pairs in one margin. */
static ict_status settle_in(const ict_abacus_layout *l, const ict_scaling *scaling,
                            const ict_abacus_margin *margin, const size_t cell[2], void *moments,
                            double r, ict_sheet *sums, ict_err *err) {
  size_t first = margin->first_cell + cell[0];
  for (size_t j = l->pairs.shape_from[first]; j < l->pairs.shape_from[first + 1]; j++) {
    uint32_t pair = l->pairs.shape_of[j];
    if (l->shape->cube->pairs[pair].cell[1] != cell[1]) continue;
    size_t slot = ict_sheet_touch(sums, pair);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    if (scaling->single || scaling->in_domain)
      settle_lonely(l, scaling, moments, r, ict_sheet_at(sums, slot));
    else
      l->kernels->settle_pair(l->groups, moments, scaling->scale, r, ict_sheet_at(sums, slot));
  }
  return ICT_OK;
}

ict_status ict_abacus_settle_pairs(const ict_abacus_layout *l, const ict_scaling *scaling,
                                   const ict_abacus_part *part, ict_sheet *sums, ict_err *err) {
  for (size_t i = 0; i < part->pairs.n; i++) {
    uint32_t pair = part->pairs.cell[i];
    const uint32_t *of = l->pairs.cell[pair];
    const ict_abacus_set *set = &l->sets[l->set_of[of[0]]];
    double k = part->pair_k[pair], r = (scaling->n - k) / (k * scaling->n);
    for (size_t g = 0; g < set->n_margins; g++) {
      const ict_abacus_margin *margin = &l->margins[set->first_margin + g];
      uint32_t outer = ict_abacus_outer_part(l, margin, part->stratum);
      if (outer == ICT_NO_CELL) continue;
      size_t cell[2] = {outer + margin->inner_part[of[0] - set->first_cell],
                        outer + margin->inner_part[of[1] - set->first_cell]};
      ict_status st =
          settle_in(l, scaling, margin, cell, ict_sheet_at(&part->pairs, i), r, sums, err);
      if (st != ICT_OK) return st;
    }
  }
  return ICT_OK;
}

/* The sums of a pair's cell, for its totals `first` and first + 1. */
static void add_cell(const ict_abacus_layout *l, size_t first, void *cell, void *pair) {
  size_t lanes = l->lanes;
  const double *v = ict_packed_doubles(cell);
  const uint32_t *n = ict_packed_counts(cell, lanes);
  double *to = ict_packed_doubles(pair);
  uint32_t *to_n = ict_packed_pair_counts(pair, lanes);
  for (size_t m = 0; m < lanes; m++) {
    to[ict_pair_v(first, first) * lanes + m] = v[ICT_PACKED_V_AA * lanes + m];
    to[ict_pair_v(first, first + 1) * lanes + m] = v[ICT_PACKED_V_AB * lanes + m];
    to[ict_pair_v(first + 1, first + 1) * lanes + m] = v[ICT_PACKED_V_BB * lanes + m];
    to_n[ICT_PAIR_PSU * lanes + m] += n[ICT_PACKED_PSU * lanes + m];
    to_n[ICT_PAIR_STRATA * lanes + m] += n[ICT_PACKED_STRATA * lanes + m];
    to_n[ICT_PAIR_PRESENT * lanes + m] += n[ICT_PACKED_PRESENT * lanes + m];
    to_n[ICT_PAIR_LONELY * lanes + m] += n[ICT_PACKED_LONELY * lanes + m];
  }
}

ict_status ict_abacus_pair_strata(const ict_abacus_layout *l, const ict_sheet *sums,
                                  ict_sheet *pairs, ict_err *err) {
  const ict_cube_shape *shape = l->shape->cube;
  for (size_t p = 0; p < shape->n_pairs; p++) {
    const ict_pair *pair = &shape->pairs[p];
    uint32_t inner[2];
    if (in_one_stratum(l, pair, inner)) continue;
    for (size_t side = 0; side < 2; side++) {
      uint32_t cell = sums->slot_of[l->first_cell[pair->margin] + pair->cell[side]];
      if (!cell) continue;
      size_t slot = ict_sheet_touch(pairs, (uint32_t)p);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      add_cell(l, 2 * side, ict_sheet_at(sums, cell - 1), ict_sheet_at(pairs, slot));
    }
  }
  return ICT_OK;
}
