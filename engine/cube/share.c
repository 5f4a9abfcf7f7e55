/* share.c - the parts of a whole: a cell summed up beside all classes of an axis together.
 *
 * In: the totals of fine cells, on their way to the margins. Out: slots whose two totals are the
 * part and the whole. Owns: nothing.
 *
 * A share is the ratio of the two, so that strata, stages, unequal probabilities and policies see a
 * ratio like any other, of everybody in the whole: a unit is in the cell of a class where it is in
 * any class. That costs a slot a class, and no more. */
#include "cube/inside.h"

static void add_to_class(const ict_cube *c, double *restrict into, double *restrict from,
                         bool own) {
  size_t n = c->shape->n_measures;
  for (size_t k = 0; k < c->n_numeric; k++) {
    size_t m = c->numeric[k];
    double whole = from[F_A * n + m];
    if (own) into[F_A * n + m] += whole;
    into[F_B * n + m] += whole;
    into[F_N * n + m] += from[F_N * n + m];
    into[F_ZERO * n + m] += from[F_ZERO * n + m];
  }
}

ict_status ict_share_add(ict_cube *c, size_t margin, size_t cell, double *fine, ict_sheet *unit,
                         ict_err *err) {
  const ict_sharing *s = &c->shape->sharing[margin];
  size_t own = cell / s->step % s->n_classes;
  size_t at = c->first_cell[margin] + cell - own * s->step; /* the first class */
  for (size_t k = 0; k < s->n_classes; k++, at += s->step) {
    size_t slot = ict_sheet_touch(unit, (uint32_t)at);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    add_to_class(c, ict_sheet_at(unit, slot), fine, k == own);
  }
  return ICT_OK;
}
