/* emit.c - the cells of a plan's margins become rows.
 *
 * In: the cube, the totals under replicates. Out: rows of the table.
 * Owns: nothing beyond the call. */
#include "run/emit.h"

#include "run/emit_inside.h"
#include "run/method.h"
#include "run/outside.h"
#include "run/sources.h"

/* One row before its flags are known. */
typedef struct cell_place {
  size_t margin, cell, measure;
} cell_place;

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

ict_status ict_emit_row(ict_emitter *e, size_t margin_at, size_t cell, const ict_plan_measure *m,
                        const ict_estimate_result *r) {
  const ict_plan_margin *margin = &e->plan->margins[margin_at];
  if (r->n == 0 && (margin->n_axes > 2 || is_nowhere(e, margin, cell))) return ICT_OK;
  ict_table_row row = {0};
  ict_emit_names(e, m, margin, cell, &row);
  ict_emit_numbers(m, r, &row);
  ict_flag_set flags;
  ict_status st = ict_flagger_judge(e->flagger, &row, r->notes, m->differs, &flags, e->err);
  if (st != ICT_OK) return st;
  return ict_emit_add(e, &flags, &row);
}

static ict_status emit(ict_emitter *e, cell_place at) {
  const ict_plan_measure *m = &e->plan->measures[at.measure];
  ict_estimate_result r;
  ict_emit_choose_design(e, at.margin, at.cell);
  ict_emit_choose_replicates(e, 0, at.margin, at.cell, at.measure);
  ict_sums sums = ict_cube_sums(e->cube, at.margin, at.cell, at.measure);
  ict_estimate(m->estimator, &sums, &e->options, &r);
  return ict_emit_row(e, at.margin, at.cell, m, &r);
}

/* ---- one plan ------------------------------------------------------------------------------- */

static ict_status make_scratch(ict_emitter *e, const ict_request *request) {
  const ict_plan *plan = e->plan;
  size_t n = plan->replicates ? ict_replicates_n(plan->replicates) : 0;
  e->axes = ict_alloc(e->n_axes, sizeof *e->axes);
  e->options.theta = ict_alloc(n, sizeof(double));
  e->options.t_known = ict_alloc(1, sizeof *e->options.t_known);
  if (!e->axes || !e->options.theta || !e->options.t_known) return ict_err_memory(e->err);
  ict_status st = ict_sources_of(plan, &e->sources, e->err);
  if (st == ICT_OK && (request->df == ICT_DF_DESIGN || plan->axes[0].n * plan->axes[1].n > 1))
    st = ict_design_counts(plan, &e->designs, e->err);
  return st;
}

ict_status ict_emitter_init(ict_emitter *e, const ict_plan *plan, const ict_request *request,
                            ict_flagger *flagger, ict_table *table, ict_err *err) {
  *e = (ict_emitter){.plan = plan,
                     .table = table,
                     .flagger = flagger,
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
  return make_scratch(e, request);
}

void ict_emitter_done(ict_emitter *e) {
  ict_free(e->options.theta);
  ict_free(e->options.t_known);
  ict_free(e->axes);
  ict_free(e->designs);
  ict_free(e->sources);
}

static ict_status emit_cells(ict_emitter *e) {
  const ict_plan *plan = e->plan;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < plan->n_margins && st == ICT_OK; i++)
    for (size_t c = 0; c < plan->shape.margins[i].n_cells && st == ICT_OK; c++) {
      if (plan->margins[i].silent || ict_emit_told_before(plan, i, c)) continue;
      for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++)
        if (!plan->measures[k].indicator->contrast_of) st = emit(e, (cell_place){i, c, k});
    }
  return st;
}

ict_status ict_emit_sums(const ict_plan *plan, const ict_cube *cube,
                         const ict_replicate_totals *totals, const ict_request *request,
                         ict_flagger *flagger, ict_table *table, ict_findings *findings,
                         ict_err *err) {
  ict_emitter e = {0};
  ict_status st;
  ICT_TRY(done, st, ict_emitter_init(&e, plan, request, flagger, table, err));
  e.cube = cube;
  e.totals = totals;
  ICT_TRY(done, st, emit_cells(&e));
  ICT_TRY(done, st, ict_emit_pairs(&e));
  ict_tell_outside(plan, cube, findings);
done:
  ict_emitter_done(&e);
  return st;
}
