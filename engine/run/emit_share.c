/* emit_share.c - shares of a whole become rows.
 *
 * In: the cube and totals of a plan of shares. Out: rows.
 * Owns: nothing beyond the call.
 *
 * The cube has the part and the whole of each cell. The totals under replicates have the part;
 * those of the whole, and its df, are in the margin behind (plan/kind.c). */
#include "base/mem.h"
#include "run/emit_inside.h"

/* nobody: zeros, the part of a class that nobody is in. */
static void choose_replicates(ict_emitter *e, size_t margin, size_t cell, size_t measure,
                              const double *nobody) {
  if (!e->totals) return;
  const ict_plan *plan = e->plan;
  size_t whole = ict_sharing_whole(&plan->shape.sharing[margin], cell);
  ict_replicate_cell part = ict_replicate_cell_of(e->totals, margin, cell, measure);
  e->replicate[0] = ict_replicate_cell_of(e->totals, plan->n_margins + margin, whole, measure);
  e->replicate[0].b = e->replicate[0].a;
  if (e->replicate[0].b) e->replicate[0].a = part.a ? part.a : nobody;
  e->options.replicate = e->replicate;
}

/* Nobody who has anything of the whole is in the class: no row, as of any cell nobody is in. */
static bool has_no_part(const ict_sums *s) { return s->n > 0 && s->a == 0 && s->q_aa == 0; }

static ict_status emit(ict_emitter *e, const double *nobody) {
  const ict_plan *plan = e->plan;
  ict_status st = ICT_OK;
  for (size_t g = 0; g < plan->n_margins; g++)
    for (size_t c = 0; c < plan->shape.margins[g].n_cells; c++) {
      if (ict_emit_told_before(plan, g, c)) continue;
      ict_emit_choose_design(e, g, c);
      for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++) {
        ict_estimate_result r;
        choose_replicates(e, g, c, k, nobody);
        ict_sums sums = ict_cube_sums(e->cube, g, c, k);
        if (has_no_part(&sums)) continue;
        ict_estimate(ICT_EST_SHARE, &sums, &e->options, &r);
        st = ict_emit_row(e, g, c, &plan->measures[k], &r);
      }
      if (st != ICT_OK) return st;
    }
  return st;
}

ict_status ict_emit_shares(const ict_plan *plan, const ict_cube *cube,
                           const ict_replicate_totals *totals, const ict_request *request,
                           ict_flagger *flagger, ict_table *table, ict_err *err) {
  ict_emitter e = {0};
  size_t n = plan->replicates ? ict_replicates_n(plan->replicates) : 0;
  double *nobody = ict_alloc(n, sizeof *nobody);
  if (!nobody) return ict_err_memory(err);
  ict_status st = ict_emitter_init(&e, plan, request, flagger, table, err);
  e.cube = cube;
  e.totals = totals;
  if (st == ICT_OK) st = emit(&e, nobody);
  ict_emitter_done(&e);
  ict_free(nobody);
  return st;
}
