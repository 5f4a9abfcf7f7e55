/* compute.c - store and request -> table: plan, scan, estimate, flag, in that order.
 *
 * In: an open store, the catalogue, a request. Out: a sorted table.
 * Owns: nothing beyond the call. */
#include "ictstat/compute.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/catalog.h"
#include "data/table.h"
#include "estimate/estimate.h"
#include "plan/plan.h"
#include "run/areas.h"
#include "run/design_df.h"
#include "run/flags.h"
#include "run/method.h"
#include "run/outside.h"
#include "scan/scan.h"
#include "store/store.h"

/* One row before its flags are known. */
typedef struct cell_place {
  size_t margin, cell, measure;
} cell_place;

static ict_status plan_tables(const ict_store *store, ict_plan_table **out, size_t *n,
                              ict_err *err) {
  *n = ict_store_units(store);
  *out = ict_alloc(*n + 1, sizeof **out);
  if (!*out) return ict_err_memory(err);
  for (size_t i = 0; i < *n; i++) {
    (*out)[i].frame = ict_store_frame_at(store, i);
    (*out)[i].scope = ict_store_scope(store, ict_store_unit_name(store, i));
  }
  return ICT_OK;
}

static ict_status make_plans(const ict_store *store, const ict_catalog *catalog,
                             const ict_request *request, ict_plans *plans, ict_findings *findings,
                             ict_err *err) {
  ict_plan_table *tables = NULL;
  size_t n = 0;
  ict_status st = plan_tables(store, &tables, &n, err);
  if (st == ICT_OK)
    st = ict_plan_make(catalog, tables, n, ict_store_survey(store), request, plans, findings, err);
  ict_free(tables);
  return st;
}

/* ---- a cube becomes rows ------------------------------------------------------------------ */

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

/* Rows are sorted in the order in which names were added: the catalogue's, whichever table an
 * indicator comes from. */
static ict_status add_name(const ict_plans *plans, const ict_indicator *indicator, ict_table *table,
                           ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t p = 0; p < plans->n; p++)
    for (size_t i = 0; i < plans->plans[p]->n_measures && st == ICT_OK; i++) {
      const ict_plan_measure *m = &plans->plans[p]->measures[i];
      if (m->indicator != indicator) continue;
      st = ict_table_add_indicator(table, indicator->id, indicator->title, err);
      if (st == ICT_OK && m->item->id[0])
        st = ict_table_add_item(table, indicator->id, m->item->id, m->item->label, err);
    }
  return st;
}

static ict_status add_names(const ict_plans *plans, const ict_catalog *catalog, ict_table *table,
                            ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < ict_catalog_indicators(catalog) && st == ICT_OK; i++)
    st = add_name(plans, ict_catalog_indicator_at(catalog, i), table, err);
  return st;
}

/* Two classifications of one axis may share a class (Y15T24 of ITU's bands and of ten-year bands).
 * Codes are SDMX codes and mean the same in both, so the class is published once: by the first
 * margin that has it. */
static bool has_cell(const ict_plan *plan, const ict_plan_margin *earlier,
                     const ict_plan_margin *margin, size_t cell) {
  if (earlier->n_axes != margin->n_axes) return false;
  for (size_t i = margin->n_axes; i-- > 0;) {
    const ict_plan_axis *mine = &plan->axes[margin->axes[i]],
                        *other = &plan->axes[earlier->axes[i]];
    if (strcmp(mine->name, other->name) != 0) return false;
    if (mine != other && ict_codelist_find(other->codes, mine->codes->codes[cell % mine->n].id) < 0)
      return false;
    cell /= mine->n;
  }
  return true;
}

static bool told_before(const ict_plan *plan, size_t margin, size_t cell) {
  for (size_t i = 0; i < margin; i++)
    if (has_cell(plan, &plan->margins[i], &plan->margins[margin], cell)) return true;
  return false;
}

/* The same of a comparison: two classifications may share both its classes. */
static bool compared_before(const ict_plan *plan, const ict_plan_contrast *c,
                            const ict_pair *pair) {
  const ict_plan_margin *margin = &plan->margins[pair->margin];
  for (size_t k = 0; k < plan->n_contrasts; k++) {
    const ict_plan_contrast *other = &plan->contrasts[k];
    if (other->only != c->only || strcmp(other->text, c->text) != 0) continue;
    for (size_t i = 0; i < pair->margin; i++)
      if (plan->margins[i].contrasts & other->bit &&
          has_cell(plan, &plan->margins[i], margin, pair->cell[0]))
        return true;
  }
  return false;
}

static const char *or_empty(const char *text) { return text ? text : ""; }

/* The codes of a cell: mixed radix over the margin's axes, the last fastest. */
static void decode(const ict_plan *plan, const ict_plan_margin *margin, size_t cell,
                   const size_t *column_of, ict_table_row *row, const char **axes) {
  for (size_t i = margin->n_axes; i-- > 0;) {
    const ict_plan_axis *axis = &plan->axes[margin->axes[i]];
    const char *code = axis->codes->codes[cell % axis->n].id;
    cell /= axis->n;
    if (margin->axes[i] == 0)
      row->ref_area = code;
    else if (margin->axes[i] == 1)
      row->time_period = code;
    else
      axes[column_of[margin->axes[i]]] = code;
  }
}

static void fill_numbers(const ict_plan_measure *m, const ict_estimate_result *r,
                         ict_table_row *row) {
  double scale = m->indicator->scale;
  row->estimate = r->estimate * scale;
  row->se = r->se * scale;
  row->cv = r->cv * 100;
  row->ci_low = r->ci_low * scale;
  row->ci_high = r->ci_high * scale;
  row->deff = r->deff;
  row->df = r->df;
  row->n_unweighted = r->n;
  row->n_psu = r->n_psu;
  row->n_strata = r->n_strata;
  row->pop_weighted = r->pop_weighted;
}

static void fill_names(const ict_plan *plan, const ict_plan_measure *m, ict_table_row *row) {
  row->indicator = m->indicator->id;
  row->item = strcmp(m->item->id, ICT_TOTAL) == 0 ? "" : m->item->id; /* all items together */
  row->series = or_empty(m->item->series ? m->item->series : m->indicator->series);
  row->composite_breakdown = m->item->composite;
  row->unit_measure =
      or_empty(m->item->unit_measure ? m->item->unit_measure : m->indicator->unit_measure);
  row->unit_mult = m->indicator->unit_mult;
  row->conf_status = "";
  row->nature = "C"; /* country data: a direct estimate from the country's own survey */
  row->source = plan->survey;
}

typedef struct emitter {
  const ict_plan *plan;
  const ict_cube *cube;
  ict_estimate_options *options;
  ict_table *table;
  ict_flagger *flagger;
  const size_t *column_of;
  const char **axes;
  size_t n_axes;
  ict_err *err;
  const ict_design_count *designs;    /* of each area and period; NULL: nobody needs them */
  const ict_replicate_totals *totals; /* NULL: variances are linearised */
  ict_replicate_cell replicate[2];
} emitter;

/* The design that a cell's df come from, where the rule is `design`. */
static void choose_design(emitter *e, size_t margin, size_t cell) {
  if (!e->designs) return;
  size_t at = ict_design_count_of(e->plan, &e->plan->margins[margin], cell);
  e->options->n_psu_design = e->designs[at].n_psu;
  e->options->n_strata_design = e->designs[at].n_strata;
}

/* No survey was made there and then: the areas and periods of a store need not all meet. */
static bool is_nowhere(const emitter *e, const ict_plan_margin *margin, size_t cell) {
  if (!e->designs || e->plan->axes[0].n * e->plan->axes[1].n < 2) return false;
  return e->designs[ict_design_count_of(e->plan, margin, cell)].n_psu == 0;
}

/* The cell's replicates; side: 0, or 1 for the second of two that are compared. */
static void choose_replicates(emitter *e, size_t side, size_t margin, size_t cell, size_t measure) {
  if (!e->totals) return;
  e->replicate[side] = ict_replicate_cell_of(e->totals, margin, cell, measure);
  e->options->replicate = e->replicate;
}

/* A breakdown cell that nobody is in has no row; a total that nobody is in has one, flagged, so
 * that an indicator asked for is never just absent. */
static ict_status emit(emitter *e, cell_place at) {
  const ict_plan_measure *m = &e->plan->measures[at.measure];
  const ict_plan_margin *margin = &e->plan->margins[at.margin];
  ict_estimate_result r;
  choose_design(e, at.margin, at.cell);
  choose_replicates(e, 0, at.margin, at.cell, at.measure);
  ict_estimate(m->estimator, ict_cube_sums(e->cube, at.margin, at.cell, at.measure), e->options,
               &r);
  if (r.n == 0 && (margin->n_axes > 2 || is_nowhere(e, margin, at.cell))) return ICT_OK;
  ict_table_row row = {0};
  for (size_t i = 0; i < e->n_axes; i++) e->axes[i] = NULL;
  fill_names(e->plan, m, &row);
  decode(e->plan, margin, at.cell, e->column_of, &row, e->axes);
  row.axes = e->axes;
  fill_numbers(m, &r, &row);
  ict_flag_set flags;
  ict_status st = ict_flagger_judge(e->flagger, &row, r.notes, m->differs, &flags, e->err);
  if (st != ICT_OK) return st;
  row.flags = flags.names;
  row.obs_status = flags.obs_status;
  return ict_table_add(e->table, &row, e->err);
}

/* Two cells compared. The flags are those of either cell: a small difference is not a bad one
 * because its CV is large, and thirty cases are not many because there are thirty on each side. */
static ict_status emit_pair(emitter *e, size_t p, size_t measure) {
  const ict_plan_measure *m = &e->plan->measures[measure];
  const ict_plan_contrast *c = &e->plan->contrasts[e->plan->contrast_of[p]];
  const ict_pair *pair = &e->plan->shape.pairs[p];
  const ict_plan_margin *margin = &e->plan->margins[pair->margin];
  if (c->only ? m->indicator != c->only : m->indicator->contrast_of != NULL) return ICT_OK;
  const ict_sums *sums[2];
  ict_table_row row = {0}, side[2] = {{0}};
  choose_design(e, pair->margin, pair->cell[0]);
  for (int i = 0; i < 2; i++) {
    ict_estimate_result r;
    sums[i] = ict_cube_sums(e->cube, pair->margin, pair->cell[i], measure);
    choose_replicates(e, 0, pair->margin, pair->cell[i], measure);
    ict_estimate(m->estimator, sums[i], e->options, &r);
    fill_numbers(m, &r, &side[i]);
  }
  ict_estimate_result r;
  for (size_t i = 0; i < 2; i++) choose_replicates(e, i, pair->margin, pair->cell[i], measure);
  ict_pair_sums both = ict_cube_pair(e->cube, p, measure);
  ict_estimate_contrast(m->estimator, c->ratio, sums, &both, e->options, &r);
  if (r.notes & ICT_NOTE_EMPTY && margin->n_axes > 3) return ICT_OK;
  for (size_t i = 0; i < e->n_axes; i++) e->axes[i] = NULL;
  fill_names(e->plan, m, &row);
  decode(e->plan, margin, pair->cell[0], e->column_of, &row, e->axes);
  e->axes[e->column_of[c->axis]] = c->only ? NULL : c->text;
  row.axes = e->axes;
  fill_numbers(m, &r, &row);
  if (c->ratio && !c->only) { /* a pure number, whatever is compared */
    row.estimate = r.estimate;
    row.se = r.se;
    row.ci_low = r.ci_low;
    row.ci_high = r.ci_high;
    row.unit_measure = "RO";
    row.unit_mult = 0;
  }
  ict_flag_set flags;
  ict_status st =
      ict_flagger_judge_both(e->flagger, &side[0], &side[1], r.notes, m->differs, &flags, e->err);
  if (st != ICT_OK) return st;
  row.flags = flags.names;
  row.obs_status = flags.obs_status;
  return ict_table_add(e->table, &row, e->err);
}

static ict_status emit_pairs(emitter *e) {
  const ict_plan *plan = e->plan;
  ict_status st = ICT_OK;
  for (size_t p = 0; p < plan->shape.n_pairs && st == ICT_OK; p++) {
    if (compared_before(plan, &plan->contrasts[plan->contrast_of[p]], &plan->shape.pairs[p]))
      continue;
    for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++) st = emit_pair(e, p, k);
  }
  return st;
}

static ict_status emit_plan(const ict_plan *plan, const ict_cube *cube,
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
                                  .lonely = plan->frame->design.lonely,
                                  .census = plan->frame->design.census};
  size_t n_axes = ict_table_axes(table);
  ict_design_count *designs = NULL;
  const char **axes = ict_alloc(n_axes, sizeof *axes);
  if (!axes) return ict_err_memory(err);
  options.theta = ict_alloc(totals ? ict_replicates_n(plan->replicates) : 0, sizeof(double));
  if (!options.theta) st = ict_err_memory(err);
  if (st == ICT_OK && (request->df == ICT_DF_DESIGN || plan->axes[0].n * plan->axes[1].n > 1))
    st = ict_design_counts(plan, &designs, err);
  emitter e = {plan, cube,   &options, table,   flagger, column_of,
               axes, n_axes, err,      designs, totals,  {{0}}};
  for (size_t i = 0; i < plan->n_margins && st == ICT_OK; i++)
    for (size_t c = 0; c < plan->shape.margins[i].n_cells && st == ICT_OK; c++) {
      if (plan->margins[i].silent || told_before(plan, i, c)) continue;
      for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++)
        if (!plan->measures[k].indicator->contrast_of) st = emit(&e, (cell_place){i, c, k});
    }
  if (st == ICT_OK) st = emit_pairs(&e);
  ict_free(options.theta);
  ict_free(axes);
  ict_free(designs);
  return st;
}

/* ---- the way through ---------------------------------------------------------------------- */

static void tell_differences(const ict_plan *plan, ict_findings *findings) {
  for (size_t i = 0; i < plan->n_measures; i++) {
    if (!plan->measures[i].differs) continue;
    ict_err note = {0};
    ict_err_set(&note, ICT_OK, "%s carries flag D: %s", plan->measures[i].indicator->id,
                or_empty(plan->measures[i].differs_why));
    ict_findings_add(findings, ICT_WARNING, &note);
  }
}

ict_status ict_compute(const ict_store *store, const ict_catalog *catalog,
                       const ict_request *request, ict_table **out, ict_findings *findings,
                       ict_err *err) {
  *out = NULL;
  ict_plans plans = {0};
  ict_flagger *flagger = NULL;
  ict_table *table = NULL;
  ict_status st;
  ICT_TRY(done, st, make_plans(store, catalog, request, &plans, findings, err));
  ICT_TRY(done, st, ict_flagger_new(catalog, request->profile, &flagger, err));
  table = ict_table_new();
  if (!table) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_method_tell(&plans, request, table, err));
  ICT_TRY(done, st, ict_areas_name(&plans, table, err));
  ICT_TRY(done, st, ict_flagger_explain(flagger, table, err));
  ICT_TRY(done, st, add_names(&plans, catalog, table, err));
  for (size_t i = 0; i < plans.n; i++) {
    ict_cube *cube = NULL;
    ict_replicate_totals *totals = NULL;
    st = ict_scan_replicated(plans.plans[i], request->threads, request->progress, &cube, &totals,
                             err);
    if (st == ICT_OK) st = emit_plan(plans.plans[i], cube, totals, request, flagger, table, err);
    if (st == ICT_OK) ict_tell_outside(plans.plans[i], cube, findings);
    ict_replicate_totals_free(totals);
    ict_cube_free(cube);
    if (st != ICT_OK) goto done;
    tell_differences(plans.plans[i], findings);
  }
  ICT_TRY(done, st, ict_table_sort(table, err));
  *out = table;
  table = NULL;
done:
  ict_table_free(table);
  ict_flagger_free(flagger);
  ict_plans_free(&plans);
  return st;
}

ict_status ict_compute_explain(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, char **text, ict_findings *findings,
                               ict_err *err) {
  *text = NULL;
  ict_plans plans = {0};
  ict_str s;
  ict_str_init(&s);
  ict_status st = make_plans(store, catalog, request, &plans, findings, err);
  for (size_t i = 0; i < plans.n && st == ICT_OK; i++) {
    char *one = ict_plan_text(plans.plans[i]);
    if (one) {
      ict_str_add(&s, one);
      ict_method_text(plans.plans[i], request, &s);
    } else {
      st = ict_err_memory(err);
    }
    ict_free(one);
  }
  ict_plans_free(&plans);
  if (st == ICT_OK) {
    *text = ict_str_take(&s);
    if (!*text) st = ict_err_memory(err);
  } else {
    ict_str_done(&s);
  }
  return st;
}

void ict_text_free(char *text) { ict_free(text); }
