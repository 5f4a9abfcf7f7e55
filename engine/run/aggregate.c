/* aggregate.c - country tables to group values: read the facts, choose rows, group, label, in that
 * order.
 *
 * In: tables of countries, a population table. Out: one table of groups.
 * Owns: nothing beyond the call. */
#include "ictstat/aggregate.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/catalog.h"
#include "data/countries.h"
#include "data/reference.h"
#include "group/aggregate.h"
#include "run/covariates.h"
#include "run/labels.h"
#include "run/method.h"
#include "run/population.h"

#define REFUSED_FILE "groups/refused.csv"
enum { INDICATOR, ONLY_ITEMS, REASON, N_COLUMNS };
static const char *const COLUMNS[N_COLUMNS] = {"indicator", "only_items", "reason"};

typedef struct chooser {
  const ict_aggregate_request *request;
  const ict_catalog *catalog;
  const ict_countries *countries;
  ict_reference *refused; /* indicators without group values */
  size_t columns[N_COLUMNS];
  ict_arena *arena;
  ict_names told; /* that were left out; labels: why */
  ict_table *values;
  ict_err *err;
} chooser;

/* ---- which rows --------------------------------------------------------------------------------
 */

static bool is_asked(const ict_aggregate_request *request, const ict_table_row *row) {
  for (size_t i = 0; i < request->n_indicators; i++) {
    const char *asked = request->indicators[i];
    if (ict_text_casecmp(asked, row->indicator) == 0 || ict_text_casecmp(asked, row->series) == 0)
      return true;
  }
  return request->n_indicators == 0;
}

static bool is_item(const ict_table_row *row) {
  return (row->item[0] && strcmp(row->item, ICT_TOTAL) != 0) ||
         strcmp(row->composite_breakdown, ICT_TOTAL) != 0;
}

/* Why there is no group value of such a row; NULL where there is one. The file goes before the
 * catalogue, which only knows whole indicators. */
static const char *why_not(const chooser *c, const ict_table_row *row) {
  for (size_t i = 0; i < ict_reference_rows(c->refused); i++) {
    if (strcmp(ict_reference_text(c->refused, i, c->columns[INDICATOR]), row->indicator) != 0)
      continue;
    bool only_items = strcmp(ict_reference_text(c->refused, i, c->columns[ONLY_ITEMS]), "yes") == 0;
    return only_items && !is_item(row) ? NULL
                                       : ict_reference_text(c->refused, i, c->columns[REASON]);
  }
  const ict_indicator *known = ict_catalog_find_id(c->catalog, row->indicator);
  return known && !known->aggregate ? "the catalogue says that it has no group values (aggregate: "
                                      "false)"
                                    : NULL;
}

static ict_status check_row(const chooser *c, const ict_table_row *row, const char *name) {
  if (!ict_countries_m49(c->countries, row->ref_area)) {
    ict_err_set(c->err, ICT_REFUSED, "unknown area '%s' (%s, %s)", row->ref_area, row->indicator,
                row->time_period);
    ict_err_at(c->err, name, 0, 0);
    ict_err_expected(c->err, "an ISO 3166-1 alpha-3 code as in datasets/countries.csv");
    ict_err_fix(c->err, "translate the code; parts of countries and groups cannot be aggregated");
    return ICT_REFUSED;
  }
  const ict_indicator *known = ict_catalog_find_id(c->catalog, row->indicator);
  bool share = known && known->measure == ICT_PROPORTION && known->scale == 100;
  if (share && row->unit_mult == 0 && row->estimate > 100 &&
      strcmp(row->unit_measure, "NUMBER") != 0) {
    ict_err_set(c->err, ICT_REFUSED, "%s of %s in %s is %.6g, and it is a share", row->indicator,
                row->ref_area, row->time_period, row->estimate);
    ict_err_at(c->err, name, 0, 0);
    ict_err_expected(c->err, "0 to 100");
    ict_err_fix(c->err, "mend the value");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

/* One table's rows into the table of all values, by the names of its axes. */
static ict_status take_table(chooser *c, const ict_table *table, const char *name) {
  ict_status st = ICT_OK;
  size_t n_axes = ict_table_axes(table), *axis_of = ict_alloc(n_axes, sizeof *axis_of);
  const char **codes = NULL;
  if (!axis_of) return ict_err_memory(c->err);
  for (size_t a = 0; a < n_axes; a++)
    ICT_TRY(
        done, st,
        ict_table_add_axis(c->values, ict_table_axis_name(table, a), NULL, &axis_of[a], c->err));
  codes = ict_alloc(ict_table_axes(c->values), sizeof *codes);
  if (!codes) st = ict_err_memory(c->err);
  for (size_t i = 0; i < ict_table_rows(table) && st == ICT_OK; i++) {
    ict_table_row row = *ict_table_row_at(table, i);
    if (!is_asked(c->request, &row)) continue;
    const char *why = why_not(c, &row);
    if (why) {
      if (ict_names_add(&c->told, row.indicator, why) < 0) st = ict_err_memory(c->err);
      continue;
    }
    ICT_TRY(done, st, check_row(c, &row, name));
    for (size_t a = 0; a < n_axes; a++) codes[axis_of[a]] = row.axes[a];
    row.axes = codes;
    st = ict_table_add(c->values, &row, c->err);
  }
done:
  ict_free(axis_of);
  ict_free(codes);
  return st;
}

static void tell_left_out(const chooser *c, ict_findings *findings) {
  for (size_t i = 0; i < c->told.n; i++) {
    ict_err note;
    ict_err_set(&note, ICT_OK, "%s is left out: %s", c->told.items[i].text, c->told.items[i].label);
    ict_findings_add(findings, ICT_WARNING, &note);
  }
}

static ict_status nothing_left(const chooser *c) {
  if (c->told.n > 0) {
    ict_err_set(c->err, ICT_REFUSED, "%s has no group values: %s", c->told.items[0].text,
                c->told.items[0].label);
    ict_err_fix(c->err, "aggregate other indicators");
  } else {
    ict_err_set(c->err, ICT_REFUSED, "no rows to aggregate");
    ict_err_expected(
        c->err, "%s",
        c->request->n_indicators ? "rows of the indicators asked for" : "tables with rows");
    ict_err_fix(c->err, "check the tables, and -i");
  }
  return ICT_REFUSED;
}

static ict_status choose_rows(chooser *c, const ict_table *const *tables, const char *const *names,
                              size_t n) {
  ict_status st = ict_reference_load(REFUSED_FILE, &c->refused, c->err);
  if (st == ICT_OK) st = ict_reference_columns(c->refused, COLUMNS, N_COLUMNS, c->columns, c->err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) st = take_table(c, tables[i], names[i]);
  if (st == ICT_OK) st = ict_table_sort(c->values, c->err); /* refuses a key that is there twice */
  if (st == ICT_OK && ict_table_rows(c->values) == 0) st = nothing_left(c);
  return st;
}

/* ---- what stands in files and words ------------------------------------------------------------
 */

typedef struct facts {
  ict_groups *groups, *classes;
  ict_weights *weights;
  ict_coverage coverage;
  ict_impute_rules rules;
  ict_impute methods[ICT_IMPUTE_KINDS];
  ict_covariates *covariates;
} facts;

/* A regression without covariates, and covariates that nobody asks for. */
static ict_status check_covariates(const ict_aggregate_request *q, const ict_impute *methods,
                                   size_t n, ict_err *err) {
  bool regressed = false;
  for (size_t i = 0; i < n; i++) regressed = regressed || methods[i].kind == ICT_IMPUTE_REGRESSION;
  if (regressed == (q->covariates != NULL)) return ICT_OK;
  ict_err_set(
      err, ICT_USAGE,
      regressed ? "regression has no covariates" : "covariates serve no method of imputation");
  ict_err_expected(err, "--impute regression and --covariates FILE together");
  ict_err_fix(err, regressed ? "name a CSV with ref_area,time_period and columns of numbers"
                             : "add regression to --impute, or leave --covariates out");
  return ICT_USAGE;
}

static ict_status read_facts(const ict_aggregate_request *q, const ict_countries *countries,
                             facts *f, ict_group_request *g, ict_err *err) {
  static const char *const CLASSES[] = {"sdg-region", "income"};
  g->methods_text = q->impute ? q->impute : "none";
  g->coverage_name = q->coverage ? q->coverage : "uis";
  ict_status st = ict_impute_parse(g->methods_text, f->methods, &g->n_methods, err);
  if (st == ICT_OK && q->by_denominator && g->n_methods > 0) {
    st = ict_err_set(err, ICT_USAGE, "countries without a value have no denominator");
    ict_err_fix(err, "weight by population, or impute none");
  }
  if (st == ICT_OK) st = check_covariates(q, f->methods, g->n_methods, err);
  if (st == ICT_OK && q->covariates)
    st = ict_covariates_read(q->covariates, countries, &f->covariates, err);
  if (st == ICT_OK) st = ict_coverage_load(g->coverage_name, &f->coverage, err);
  if (st == ICT_OK) st = ict_impute_rules_load(&f->rules, err);
  if (st == ICT_OK) st = ict_groups_load(q->groups, q->n_groups, &f->groups, err);
  if (st == ICT_OK) st = ict_groups_load(CLASSES, 2, &f->classes, err);
  if (st == ICT_OK) st = ict_population_read(q->population, countries, &f->weights, err);
  *g = (ict_group_request){.groups = f->groups,
                           .classes = f->classes,
                           .weights = f->weights,
                           .coverage = &f->coverage,
                           .rules = &f->rules,
                           .methods = f->methods,
                           .n_methods = g->n_methods,
                           .methods_text = g->methods_text,
                           .coverage_name = g->coverage_name,
                           .years = q->years,
                           .n_years = q->n_years,
                           .membership = q->membership,
                           .by_denominator = q->by_denominator,
                           .countries = q->countries,
                           .level = ict_level(q->level),
                           .covariates = f->covariates};
  return st;
}

static void forget_facts(facts *f) {
  ict_groups_free(f->groups);
  ict_groups_free(f->classes);
  ict_weights_free(f->weights);
  ict_covariates_free(f->covariates);
}

static ict_status label(ict_table *table, const ict_catalog *catalog,
                        const ict_countries *countries, ict_err *err) {
  ict_status st = catalog ? ict_table_add_labels(table, catalog, err) : ICT_OK;
  for (size_t i = 0; i < ict_table_rows(table) && st == ICT_OK; i++) {
    const char *area = ict_table_row_at(table, i)->ref_area;
    const char *name = ict_countries_name(countries, area);
    if (name) st = ict_table_add_area(table, area, name, err);
  }
  return st;
}

ict_status ict_aggregate_table(const ict_table *const *tables, const char *const *names, size_t n,
                               const ict_catalog *catalog, const ict_aggregate_request *request,
                               ict_table **out, ict_findings *findings, ict_err *err) {
  ict_status st = ICT_OK;
  ict_countries *countries = NULL;
  ict_table *made = NULL;
  facts f = {0};
  ict_group_request g = {0};
  chooser c = {.request = request, .catalog = catalog, .err = err};
  *out = NULL;
  c.arena = ict_arena_new();
  ict_names_init(&c.told, c.arena);
  c.values = ict_table_new();
  if (!c.arena || !c.values) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_countries_load(&countries, err));
  c.countries = countries;
  ICT_TRY(done, st, read_facts(request, countries, &f, &g, err));
  ICT_TRY(done, st, choose_rows(&c, tables, names, n));
  ICT_TRY(done, st, ict_group_table(c.values, &g, &made, findings, err));
  ICT_TRY(done, st, label(made, catalog, countries, err));
  tell_left_out(&c, findings);
  *out = made;
  made = NULL;
done:
  ict_table_free(made);
  forget_facts(&f);
  ict_reference_free(c.refused);
  ict_table_free(c.values);
  ict_names_done(&c.told);
  ict_arena_free(c.arena);
  ict_countries_free(countries);
  return st;
}
