/* emit.c - the cells of a plan's margins become rows.
 *
 * In: the cube, the totals under replicates. Out: rows of the table.
 * Owns: nothing beyond the call. */
#include "run/emit.h"

#include "run/emit_inside.h"
#include "run/method.h"
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
    if (c->only) continue; /* its rows are the indicator's own, under the total */
    ict_status st = ict_table_add_axis(table, plan->axes[c->axis].name, &list, NULL, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

static bool told_before(const ict_plan *plan, size_t margin, size_t cell) {
  for (size_t i = 0; i < margin; i++)
    if (ict_emit_has_cell(plan, &plan->margins[i], &plan->margins[margin], cell)) return true;
  return false;
}

/* No survey was made there and then: the areas and periods of a store need not all meet. */
static bool is_nowhere(const ict_emitter *e, const ict_plan_margin *margin, size_t cell) {
  if (!e->designs || e->plan->axes[0].n * e->plan->axes[1].n < 2) return false;
  return e->designs[ict_design_count_of(e->plan, margin, cell)].n_psu == 0;
}

/* A breakdown cell that nobody is in has no row; a total that nobody is in has one, flagged, so
 * that an indicator asked for is never just absent. */
static ict_status emit(ict_emitter *e, cell_place at) {
  const ict_plan_measure *m = &e->plan->measures[at.measure];
  const ict_plan_margin *margin = &e->plan->margins[at.margin];
  ict_estimate_result r;
  ict_emit_choose_design(e, at.margin, at.cell);
  ict_emit_choose_replicates(e, 0, at.margin, at.cell, at.measure);
  ict_sums sums = ict_cube_sums(e->cube, at.margin, at.cell, at.measure);
  ict_estimate(m->estimator, &sums, e->options, &r);
  if (r.n == 0 && (margin->n_axes > 2 || is_nowhere(e, margin, at.cell))) return ICT_OK;
  ict_table_row row = {0};
  ict_emit_names(e, m, margin, at.cell, &row);
  ict_emit_numbers(m, &r, &row);
  ict_flag_set flags;
  ict_status st = ict_flagger_judge(e->flagger, &row, r.notes, m->differs, &flags, e->err);
  if (st != ICT_OK) return st;
  return ict_emit_add(e, &flags, &row);
}

ict_status ict_emit_plan(const ict_plan *plan, const ict_cube *cube,
                         const ict_replicate_totals *totals, const ict_request *request,
                         ict_flagger *flagger, ict_table *table, ict_err *err) {
  size_t column_of[ICT_PLAN_MAX_AXES] = {0};
  ict_status st = add_axes(plan, table, column_of, err);
  if (st != ICT_OK) return st;
  ict_estimate_options options = {.ci = request->ci,
                                  .level = ict_method_level(request),
                                  .deff = request->deff,
                                  .df = request->df,
                                  .df_fixed = request->df_fixed,
                                  .census = plan->frame->design.census};
  size_t n_axes = ict_table_axes(table);
  ict_design_count *designs = NULL;
  const char **axes = ict_alloc(n_axes, sizeof *axes);
  if (!axes) return ict_err_memory(err);
  options.theta = ict_alloc(totals ? ict_replicates_n(plan->replicates) : 0, sizeof(double));
  options.t_known = ict_alloc(1, sizeof *options.t_known);
  if (!options.theta || !options.t_known) st = ict_err_memory(err);
  if (st == ICT_OK && (request->df == ICT_DF_DESIGN || plan->axes[0].n * plan->axes[1].n > 1))
    st = ict_design_counts(plan, &designs, err);
  const char **sources = NULL;
  if (st == ICT_OK) st = ict_sources_of(plan, &sources, err);
  ict_emitter e = {plan,   cube, &options, table,  flagger, column_of, axes,
                   n_axes, err,  designs,  totals, {{0}},   sources};
  for (size_t i = 0; i < plan->n_margins && st == ICT_OK; i++)
    for (size_t c = 0; c < plan->shape.margins[i].n_cells && st == ICT_OK; c++) {
      if (plan->margins[i].silent || told_before(plan, i, c)) continue;
      for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++)
        if (!plan->measures[k].indicator->contrast_of) st = emit(&e, (cell_place){i, c, k});
    }
  if (st == ICT_OK) st = ict_emit_pairs(&e);
  ict_free(options.theta);
  ict_free(options.t_known);
  ict_free(axes);
  ict_free(designs);
  ict_free(sources);
  return st;
}
