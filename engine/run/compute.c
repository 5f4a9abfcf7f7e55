/* compute.c - store and request -> table: plan, scan, estimate, flag, in that order.
 *
 * In: an open store, the catalogue, a request. Out: a sorted table.
 * Owns: nothing beyond the call. */
#include "run/compute.h"

#include "base/text.h"
#include "catalog/catalog.h"
#include "data/table.h"
#include "run/areas.h"
#include "run/emit.h"
#include "run/method.h"
#include "run/partial_bands.h"
#include "run/plans.h"
#include "store/store.h"

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

static ict_status add_names(const ict_plans *plans, const ict_catalog *catalog,
                            const ict_published *published, ict_table *table, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < ict_catalog_indicators(catalog) && st == ICT_OK; i++) {
    const ict_indicator *indicator = ict_catalog_indicator_at(catalog, i);
    st = add_name(plans, indicator, table, err);
    if (st == ICT_OK) st = ict_published_name(published, indicator, table, err);
  }
  return st;
}

/* ---- the way through ---------------------------------------------------------------------- */

static void tell_differences(const ict_plan *plan, ict_findings *findings) {
  for (size_t i = 0; i < plan->n_measures; i++) {
    if (!plan->measures[i].differs) continue;
    ict_err note = {0};
    ict_err_set(&note, ICT_OK, "%s carries flag D: %s", plan->measures[i].indicator->id,
                plan->measures[i].differs_why ? plan->measures[i].differs_why : "");
    ict_findings_add(findings, ICT_WARNING, &note);
  }
}

bool ict_compute_scans(const ict_plan *plan) { return plan->kind != ICT_PLAN_QUANTILES; }

static ict_status compute_plan(size_t i, const ict_plan *plan, const ict_request *request,
                               ict_scan_by_fn *scan, void *ctx, ict_flagger *flagger,
                               ict_table *table, ict_findings *findings, ict_err *err) {
  if (!ict_compute_scans(plan)) return ict_emit_quantiles(plan, request, flagger, table, err);
  ict_cube *cube = NULL;
  ict_replicate_totals *totals = NULL;
  ict_status st = scan(ctx, i, plan, request, &cube, &totals, err);
  if (st == ICT_OK && plan->kind == ICT_PLAN_SHARES)
    st = ict_emit_shares(plan, cube, totals, request, flagger, table, err);
  else if (st == ICT_OK)
    st = ict_emit_sums(plan, cube, totals, request, flagger, table, findings, err);
  ict_replicate_totals_free(totals);
  ict_cube_free(cube);
  return st;
}

/* Everything that is planned, into the table. */
static ict_status compute_plans(const ict_computation *c, ict_scan_by_fn *scan, void *ctx,
                                ict_flagger *flagger, ict_table *table, ict_findings *findings,
                                ict_err *err) {
  for (size_t i = 0; i < c->plans.n; i++) {
    const ict_plan *plan = c->plans.plans[i];
    ict_status st = compute_plan(i, plan, &c->rest, scan, ctx, flagger, table, findings, err);
    if (st != ICT_OK) return st;
    tell_differences(plan, findings);
    ict_tell_partial_bands(plan, c->catalog, findings);
  }
  return ICT_OK;
}

ict_status ict_computation_begin(const ict_store *store, const ict_catalog *catalog,
                                 const ict_request *request, ict_computation *c,
                                 ict_findings *findings, ict_err *err) {
  *c = (ict_computation){.store = store, .catalog = catalog, .request = request};
  ict_status st =
      ict_published_take(store, catalog, request, &c->published, &c->rest, &c->all_published, err);
  if (st != ICT_OK || c->all_published) return st;
  return ict_plans_of_store(store, catalog, &c->rest, &c->plans, findings, err);
}

void ict_computation_done(ict_computation *c) {
  ict_plans_free(&c->plans);
  ict_published_free(c->published);
  *c = (ict_computation){0};
}

ict_status ict_compute_by(const ict_computation *c, ict_scan_by_fn *scan, void *ctx,
                          ict_table **out, ict_findings *findings, ict_err *err) {
  *out = NULL;
  ict_flagger *flagger = NULL;
  ict_input_status *inputs = NULL;
  ict_status st;
  ict_table *table = ict_table_new();
  if (!table) return ict_err_memory(err);
  ICT_TRY(done, st, ict_flagger_new(c->catalog, c->request->profile, table, &flagger, err));
  ICT_TRY(done, st, ict_input_status_make(c->store, c->catalog, &inputs, err));
  ict_flagger_inputs(flagger, inputs);
  if (!c->all_published) ICT_TRY(done, st, ict_method_tell(&c->plans, c->request, table, err));
  ICT_TRY(done, st, ict_areas_name(&c->plans, table, err));
  ICT_TRY(done, st, ict_flagger_explain(flagger, err));
  ICT_TRY(done, st, add_names(&c->plans, c->catalog, c->published, table, err));
  ICT_TRY(done, st, compute_plans(c, scan, ctx, flagger, table, findings, err));
  if (c->published) ICT_TRY(done, st, ict_published_rows(c->published, table, err));
  ICT_TRY(done, st, ict_table_sort_by(table, c->request->threads, err));
  *out = table;
  table = NULL;
done:
  ict_table_free(table);
  ict_flagger_free(flagger);
  ict_input_status_free(inputs);
  return st;
}

static ict_status scan_here(void *ctx, size_t i, const ict_plan *plan, const ict_request *request,
                            ict_cube **cube, ict_replicate_totals **totals, ict_err *err) {
  (void)ctx, (void)i;
  return ict_scan(plan, request->threads, request->progress, cube, totals, err);
}

ict_status ict_compute(const ict_store *store, const ict_catalog *catalog,
                       const ict_request *request, ict_table **out, ict_findings *findings,
                       ict_err *err) {
  *out = NULL;
  ict_computation c;
  ict_status st = ict_computation_begin(store, catalog, request, &c, findings, err);
  if (st == ICT_OK) st = ict_compute_by(&c, scan_here, NULL, out, findings, err);
  ict_computation_done(&c);
  return st;
}

ict_status ict_compute_explain(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, char **text, ict_findings *findings,
                               ict_err *err) {
  *text = NULL;
  ict_computation c;
  ict_str s;
  ict_str_init(&s);
  ict_status st = ict_computation_begin(store, catalog, request, &c, findings, err);
  if (st == ICT_OK) ict_published_explain(c.published, &s);
  for (size_t i = 0; i < c.plans.n && st == ICT_OK; i++) {
    char *one = ict_plan_text(c.plans.plans[i]);
    if (one) {
      ict_str_add(&s, one);
      ict_method_text(c.plans.plans[i], request, &s);
    } else {
      st = ict_err_memory(err);
    }
    ict_free(one);
  }
  ict_computation_done(&c);
  if (st == ICT_OK) {
    *text = ict_str_take(&s);
    if (!*text) st = ict_err_memory(err);
  } else {
    ict_str_done(&s);
  }
  return st;
}

void ict_text_free(char *text) { ict_free(text); }
