/* emit_share.c - shares of a whole become rows.
 *
 * In: the cube and totals of a plan of shares. Out: rows.
 * Owns: nothing beyond the call.
 *
 * The cube has the part and the whole of each cell. The totals under replicates have the part;
 * those of the whole, and its df, are in the margin behind (plan/kind.c). */
#include "base/mem.h"
#include "run/emit_inside.h"

/* Of a class that nobody is in, the part is 0 under every replicate. */
static void choose_replicates(ict_emitter *e, size_t margin, size_t cell, size_t measure) {
  if (!e->totals) return;
  const ict_plan *plan = e->plan;
  size_t whole = ict_sharing_whole(&plan->shape.sharing[margin], cell);
  ict_replicate_cell part = ict_replicate_cell_of(e->totals, margin, cell, measure, e->room[0]);
  e->replicate[0] =
      ict_replicate_cell_of(e->totals, plan->n_margins + margin, whole, measure, e->room[1]);
  e->replicate[0].b = e->replicate[0].a;
  if (e->replicate[0].b) e->replicate[0].a = part.a ? part.a : e->nobody;
  e->options.replicate = e->replicate;
}

/* Nobody who has anything of the whole is in the class: no row, as of any cell nobody is in. */
static bool has_row(const ict_emitter *e, size_t margin, size_t cell, size_t measure) {
  ict_sums s = ict_cube_sums(e->cube, margin, cell, measure);
  bool no_part = s.n > 0 && s.a == 0 && s.q_aa == 0;
  return !no_part && (s.n > 0 || ict_emit_even_empty(e, margin, cell));
}

static void estimate(ict_emitter *e, size_t margin, size_t cell, size_t measure,
                     ict_estimate_result *out) {
  choose_replicates(e, margin, cell, measure);
  ict_sums sums = ict_cube_sums(e->cube, margin, cell, measure);
  ict_estimate(ICT_EST_SHARE, &sums, &e->options, out);
}

ict_status ict_emit_shares(const ict_plan *plan, const ict_cube *cube,
                           const ict_replicate_totals *totals, const ict_request *request,
                           ict_flagger *flagger, ict_table *table, ict_err *err) {
  ict_emitter e = {0};
  size_t n = plan->replicates ? ict_replicates_n(plan->replicates) : 0;
  double *nobody = ict_alloc(n, sizeof *nobody);
  if (!nobody) return ict_err_memory(err);
  ict_status st = ict_emitter_init(&e, plan, request, flagger, table, err);
  if (st == ICT_OK) st = ict_emit_from(&e, cube, totals);
  e.nobody = nobody;
  if (st == ICT_OK) st = ict_emit_cells(&e, &(ict_telling){has_row, estimate});
  ict_emitter_done(&e);
  ict_free(nobody);
  return st;
}
