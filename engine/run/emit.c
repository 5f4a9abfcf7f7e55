/* emit.c - one plan's emitter, and the rows of what is linear in the sums.
 *
 * In: the cube, the totals under replicates. Out: rows of the table.
 * Owns: nothing beyond the call. */
#include "run/emit.h"

#include "base/par.h"
#include "run/emit_inside.h"
#include "run/method.h"
#include "run/outside.h"
#include "run/sources.h"

/* The axes of the plan as columns of the table; area and period have columns of their own. */
static ict_status add_axes(const ict_plan *plan, ict_table *table, size_t *column_of,
                           ict_err *err) {
  for (size_t i = 2; i < plan->n_axes; i++) {
    ict_status st =
        ict_table_add_axis(table, plan->axes[i].name, plan->axes[i].codes, &column_of[i], err);
    if (st != ICT_OK) return st;
  }
  for (size_t i = 0; i < plan->n_contrasts; i++) {
    const ict_plan_contrast *c = &plan->contrasts[i];
    ict_code code = {.id = c->text, .label = c->words};
    ict_codelist list = {.n = 1, .codes = &code};
    if (c->only || c->axis < 2) continue; /* rows under the total, or with a period of their own */
    ict_status st = ict_table_add_axis(table, plan->axes[c->axis].name, &list, NULL, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

bool ict_emit_told_before(const ict_plan *plan, size_t margin, size_t cell) {
  for (size_t i = 0; i < margin; i++)
    if (ict_emit_has_cell(plan, &plan->margins[i], &plan->margins[margin], cell)) return true;
  return false;
}

/* No survey was made there and then: the areas and periods of a store need not all meet. */
static bool is_nowhere(const ict_emitter *e, const ict_plan_margin *margin, size_t cell) {
  if (!e->designs || e->plan->axes[0].n * e->plan->axes[1].n < 2) return false;
  return e->designs[ict_design_count_of(e->plan, margin, cell)].n_psu == 0;
}

bool ict_emit_even_empty(const ict_emitter *e, size_t margin, size_t cell) {
  const ict_plan_margin *m = &e->plan->margins[margin];
  return m->n_axes <= 2 && !is_nowhere(e, m, cell);
}

ict_status ict_emit_row(ict_emitter *e, size_t margin, size_t cell, const ict_plan_measure *m,
                        const ict_estimate_result *r) {
  if (r->n == 0 && !ict_emit_even_empty(e, margin, cell)) return ICT_OK;
  ict_table_row row;
  ict_emit_names(e, m, &row);
  ict_emit_codes(e, &e->plan->margins[margin], cell, &row);
  ict_emit_numbers(m, r, &row);
  ict_status st = ict_judge_rows(e->judge, &row, 1, &r->notes, m->differs, e->err);
  return st == ICT_OK ? ict_table_add(e->table, &row, e->err) : st;
}

static bool has_row(const ict_emitter *e, size_t margin, size_t cell, size_t measure) {
  return ict_cube_n(e->cube, margin, cell, measure) > 0 || ict_emit_even_empty(e, margin, cell);
}

static void estimate(ict_emitter *e, size_t margin, size_t cell, size_t measure,
                     ict_estimate_result *out) {
  ict_emit_choose_replicates(e, margin, cell, measure);
  ict_sums sums = ict_cube_sums(e->cube, margin, cell, measure);
  ict_estimate(e->plan->measures[measure].estimator, &sums, &e->options, out);
}

/* ---- one plan ------------------------------------------------------------------------------- */

static ict_status make_rooms(ict_emitter *e) {
  ict_status st = ICT_OK;
  for (int i = 0; i < 2; i++) e->room[i] = NULL;
  for (int i = 0; i < 2 && e->totals && st == ICT_OK; i++)
    st = ict_replicate_room_new(e->totals, &e->room[i], e->err);
  return st;
}

static void done_with_rooms(ict_emitter *e) {
  for (int i = 0; i < 2; i++) ict_replicate_room_free(e->room[i]);
}

ict_status ict_emit_from(ict_emitter *e, const ict_cube *cube, const ict_replicate_totals *totals) {
  e->cube = cube;
  e->totals = totals;
  done_with_rooms(e);
  return make_rooms(e);
}

/* What a thread needs of its own, in place of what was copied. */
static ict_status make_scratch(ict_emitter *e) {
  size_t n = e->plan->replicates ? ict_replicates_most_thetas(e->plan->replicates) : 0;
  ict_status st = make_rooms(e);
  e->judge = NULL;
  e->axes = ict_alloc(e->n_axes, sizeof *e->axes);
  e->options.theta = ict_alloc(n, sizeof(double));
  e->options.t_known = ict_alloc(1, sizeof *e->options.t_known);
  if (st != ICT_OK) return st;
  if (!e->axes || !e->options.theta || !e->options.t_known) return ict_err_memory(e->err);
  return ict_judge_new(e->flagger, &e->judge, e->err);
}

ict_status ict_emitter_fork(ict_emitter *mine, const ict_emitter *e) {
  *mine = *e;
  return make_scratch(mine);
}

void ict_emitter_join(ict_emitter *mine) {
  done_with_rooms(mine);
  ict_free(mine->options.theta);
  ict_free(mine->options.t_known);
  ict_free(mine->axes);
  ict_judge_free(mine->judge);
}

ict_status ict_emitter_init(ict_emitter *e, const ict_plan *plan, const ict_request *request,
                            ict_flagger *flagger, ict_table *table, ict_err *err) {
  *e = (ict_emitter){.plan = plan,
                     .table = table,
                     .flagger = flagger,
                     .threads = ict_par_threads(request->threads),
                     .err = err,
                     .options = {.ci = request->ci,
                                 .level = ict_method_level(request),
                                 .deff = request->deff,
                                 .df = request->df,
                                 .df_fixed = request->df_fixed,
                                 .census = plan->frame->design.census}};
  ict_status st = add_axes(plan, table, e->column_of, err);
  if (st != ICT_OK) return st;
  e->n_axes = ict_table_axes(table);
  ICT_TRY(done, st, make_scratch(e));
  ICT_TRY(done, st, ict_sources_of(plan, &e->sources, err));
  if (request->df == ICT_DF_DESIGN || plan->axes[0].n * plan->axes[1].n > 1)
    st = ict_design_counts(plan, &e->designs, err);
done:
  return st;
}

void ict_emitter_done(ict_emitter *e) {
  ict_emitter_join(e);
  ict_free(e->designs);
  ict_free(e->sources);
}

ict_status ict_emit_sums(const ict_plan *plan, const ict_cube *cube,
                         const ict_replicate_totals *totals, const ict_request *request,
                         ict_flagger *flagger, ict_table *table, ict_findings *findings,
                         ict_err *err) {
  ict_emitter e = {0};
  ict_status st;
  ICT_TRY(done, st, ict_emitter_init(&e, plan, request, flagger, table, err));
  ICT_TRY(done, st, ict_emit_from(&e, cube, totals));
  ICT_TRY(done, st, ict_emit_cells(&e, &(ict_telling){has_row, estimate}));
  ICT_TRY(done, st, ict_emit_pairs(&e));
  ict_tell_outside(plan, cube, findings);
done:
  ict_emitter_done(&e);
  return st;
}
