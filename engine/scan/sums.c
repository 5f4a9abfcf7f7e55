/* sums.c - one face for the cube and the abacus.
 *
 * In: chunks, merged in order. Out: a finished cube.
 * Owns: the cube or the abacus, and the totals under replicates. */
#include "base/mem.h"
#include "scan/inside.h"

static ict_status make(const ict_plan *plan, const ict_abacus_layout *layout, ict_scan_sums *sums,
                       ict_err *err) {
  if (sums->cube || sums->abacus) return ICT_OK;
  return layout ? ict_abacus_new(layout, &sums->abacus, err)
                : ict_cube_new(&plan->shape, &plan->frame->design, &sums->cube, err);
}

ict_status ict_scan_sums_new(const ict_plan *plan, const ict_abacus_layout *layout,
                             bool by_replicates, ict_scan_sums *sums, ict_err *err) {
  ict_status st = make(plan, layout, sums, err);
  if (st != ICT_OK || !by_replicates) return st;
  return ict_replicate_totals_new(plan->replicates, &plan->shape, NULL, &sums->totals, err);
}

ict_status ict_scan_sums_part(const ict_plan *plan, const ict_abacus_layout *layout,
                              const ict_scan_sums *whole, ict_scan_sums *sums, ict_err *err) {
  ict_status st = make(plan, layout, sums, err);
  if (st != ICT_OK || !whole->totals || sums->totals) return st;
  return ict_replicate_totals_new(plan->replicates, &plan->shape, whole->totals, &sums->totals,
                                  err);
}

void ict_scan_sums_done(ict_scan_sums *sums) {
  ict_cube_free(sums->cube);
  ict_abacus_free(sums->abacus);
  ict_replicate_totals_free(sums->totals);
  *sums = (ict_scan_sums){0};
}

ict_status ict_scan_sums_merge(ict_scan_sums *into, ict_scan_sums *next, ict_err *err) {
  ict_status st = into->abacus ? ict_abacus_merge(into->abacus, next->abacus, err)
                               : ict_cube_merge(into->cube, next->cube, err);
  return st == ICT_OK && into->totals ? ict_replicate_merge(into->totals, next->totals, err) : st;
}

ict_status ict_scan_sums_save(ict_scan_sums *sums, size_t from, size_t to, ict_out *out,
                              ict_err *err) {
  if (sums->abacus) {
    ict_abacus_save(sums->abacus, out);
  } else {
    ict_cube_save(sums->cube, out);
  }
  return sums->totals ? ict_replicate_save(sums->totals, from, to, out, err) : ICT_OK;
}

ict_status ict_scan_sums_load(ict_scan_sums *sums, ict_unpack *from, ict_err *err) {
  ict_status st = sums->abacus ? ict_abacus_load(sums->abacus, from, err)
                               : ict_cube_load(sums->cube, from, err);
  return st == ICT_OK && sums->totals ? ict_replicate_load(sums->totals, from, err) : st;
}

ict_status ict_scan_sums_finish(ict_scan_sums *sums, ict_cube **out, ict_err *err) {
  if (sums->abacus) return ict_abacus_finish(sums->abacus, out, err);
  ict_status st = ict_cube_finish(sums->cube, err);
  if (st != ICT_OK) return st;
  *out = sums->cube;
  sums->cube = NULL;
  return ICT_OK;
}
