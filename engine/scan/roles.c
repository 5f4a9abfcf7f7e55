/* roles.c - which axes stay the same throughout every stratum.
 *
 * In: a plan. Out: the axes that do not, as a bit mask, and the classes of every stratum's first
 * row. Owns: nothing.
 *
 * Area and period nearly always do, the type of area where it was stratified by: they need not be
 * told from row to row (engine/abacus). A function of the data alone. */
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "scan/inside.h"

typedef struct roles {
  const ict_plan *plan;
  const size_t *first_psu; /* of each chunk */
  uint16_t *stratum_class;
  atomic_uint inner;
} roles;

/* Whether all rows of [from, to) have the class `cls`, which row `first` has. Equal values are of
 * one class, and the processor's way of comparing memory is hard to beat. */
static bool is_one_class(const ict_plan_axis *axis, ict_width width, const void *column,
                         size_t first, size_t from, size_t to, size_t cls) {
  size_t bytes = ict_width_bytes(width);
  const unsigned char *at = column;
  if (from == to) return true;
  if (memcmp(at + first * bytes, at + from * bytes, bytes) == 0 &&
      memcmp(at + from * bytes, at + (from + 1) * bytes, (to - from - 1) * bytes) == 0)
    return true;
  for (size_t i = from; i < to; i++)
    if (ict_scan_class(axis, width, column, i) != cls) return false;
  return true;
}

/* The rows of one stratum that lie in the chunk. */
static void look_at(roles *r, size_t h, size_t from, size_t to) {
  const ict_plan *plan = r->plan;
  const ict_design *d = &plan->frame->design;
  size_t first = (size_t)d->psu_first_row[d->stratum_first_psu[h]];
  for (size_t a = 0; a < plan->n_axes; a++) {
    const ict_plan_axis *axis = &plan->axes[a];
    ict_width width = plan->frame->schema->vars[axis->column].width;
    const void *column = plan->frame->columns[axis->column];
    size_t cls = ict_scan_class(axis, width, column, first);
    if (from == first) r->stratum_class[h * plan->n_axes + a] = (uint16_t)cls;
    if (atomic_load_explicit(&r->inner, memory_order_relaxed) >> a & 1) continue;
    if (!is_one_class(axis, width, column, first, from, to, cls))
      atomic_fetch_or_explicit(&r->inner, 1u << a, memory_order_relaxed);
  }
}

static void look_at_chunk(void *ctx, size_t chunk, int thread) {
  (void)thread;
  roles *r = ctx;
  const ict_design *d = &r->plan->frame->design;
  size_t psu = r->first_psu[chunk], end = r->first_psu[chunk + 1];
  for (size_t h = ict_scan_stratum_of(d, psu); psu < end; h++) {
    size_t last = (size_t)d->stratum_first_psu[h + 1];
    if (last > end) last = end;
    look_at(r, h, (size_t)d->psu_first_row[psu], (size_t)d->psu_first_row[last]);
    psu = last;
  }
}

ict_status ict_scan_roles(const ict_plan *plan, const size_t *first_psu, size_t n_chunks,
                          int threads, uint32_t *inner, uint16_t **stratum_class, ict_err *err) {
  roles r = {.plan = plan, .first_psu = first_psu};
  r.stratum_class = ict_alloc(plan->frame->design.n_strata * plan->n_axes, sizeof *r.stratum_class);
  *stratum_class = r.stratum_class;
  if (!r.stratum_class) return ict_err_memory(err);
  ict_par_run(n_chunks, threads, look_at_chunk, &r);
  *inner = atomic_load(&r.inner);
  return ICT_OK;
}
