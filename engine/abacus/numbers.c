/* numbers.c - the values of numeric measures: what masks cannot add.
 *
 * In: rows that the kernel has put in their units. Out: their totals, in lanes like any others; the
 * moments of the stratum's rows, and of sums. Owns: nothing.
 *
 * A unit's total of numbers is added here, its count of rows and weights by the kernel, in the
 * measure's other lane; PSUs, strata and chunks need not know which lane is which. Moments pass the
 * PSUs by, as in cube/moments.c. */
#include <math.h>

#include "abacus/inside.h"

/* The k-th numeric measure. */
static void add_measure(const ict_abacus_layout *l, ict_abacus_tray *t, size_t k,
                        const ict_row_move *move, const double *y, const double *x,
                        const double *weight, size_t n) {
  size_t stride = l->total_bytes / sizeof(double);
  double *a = (double *)(void *)t->unit + l->lane[l->numeric[k]].total, *b = a + l->lanes;
  ict_moments *rows = t->rows + k;
  for (size_t i = 0; i < n; i++) {
    double w = weight ? weight[i] : 1, xi = x ? x[i] : 1;
    if (isnan(y[i]) || isnan(xi) || !(w > 0)) continue;
    a[move[i].to * stride] += w * y[i];
    b[move[i].to * stride] += w * xi;
    ict_moments_add(rows + move[i].inner * l->n_numeric, w, y[i], xi);
  }
}

void ict_abacus_add_numbers(ict_abacus_desk *d, const ict_abacus_rows *rows, size_t first,
                            size_t n) {
  const ict_abacus_layout *l = d->layout;
  const double *weight = rows->weight ? rows->weight + first : NULL;
  for (size_t k = 0; k < l->n_numeric; k++) {
    const ict_cube_values *v = &rows->values[l->numeric[k]];
    for (size_t g = 0; g < l->n_grids; g++)
      add_measure(l, &d->trays[g], k, d->rows[g].move, v->y + first, v->x ? v->x + first : NULL,
                  weight, n);
  }
}

void ict_abacus_join_numbers(const ict_abacus_layout *l, void *slot, const ict_moments *next) {
  ict_moments *into = (ict_moments *)(void *)((unsigned char *)slot + l->numbers_at);
  for (size_t k = 0; k < l->n_numeric; k++) ict_moments_join(into + k, next + k);
}

/* What is in packed sums of a measure. */
static ict_moments unpack(const ict_abacus_layout *l, const ict_lane *lane, void *packed) {
  const double *d = ict_packed_doubles(packed) + lane->total;
  const ict_packed_moments *q = ict_packed_moments_at(packed, l->lanes) + lane->moments;
  return ict_moments_of(q->w, d[ICT_PACKED_A * l->lanes], d[ICT_PACKED_B * l->lanes], q->q_aa,
                        q->q_ab, q->q_bb);
}

/* Means are those of the totals, as in ict_sums_join. */
static void join_packed(const ict_abacus_layout *l, const ict_lane *lane, void *packed,
                        const ict_moments *next) {
  ict_moments all = unpack(l, lane, packed);
  ict_packed_moments *q = ict_packed_moments_at(packed, l->lanes) + lane->moments;
  ict_moments_join(&all, next);
  *q = (ict_packed_moments){q->w + next->w, all.q_aa, all.q_ab, all.q_bb};
}

void ict_abacus_settle_numbers(const ict_abacus_layout *l, const void *slot, void *packed) {
  const double *total = slot;
  const ict_moments *rows = ict_abacus_numbers(l, slot);
  for (size_t k = 0; k < l->n_numeric; k++) {
    const ict_lane *lane = &l->lane[l->numeric[k]];
    ict_moments next = ict_moments_of(rows[k].w, total[lane->total], total[l->lanes + lane->total],
                                      rows[k].q_aa, rows[k].q_ab, rows[k].q_bb);
    join_packed(l, lane, packed, &next);
  }
}

void ict_abacus_merge_numbers(const ict_abacus_layout *l, void *into, void *from) {
  for (size_t k = 0; k < l->n_numeric; k++) {
    const ict_lane *lane = &l->lane[l->numeric[k]];
    ict_moments next = unpack(l, lane, from);
    join_packed(l, lane, into, &next);
  }
}
