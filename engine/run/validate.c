/* validate.c - tables to remarks: read rules, constraints and tables, judge, in that order.
 *
 * In: paths. Out: a validation, which keeps the tables that its remarks point into.
 * Owns: the validation. */
#include "run/validate.h"

#include "publish/read_csv.h"
#include "run/constraints.h"

static ict_status read_tables(const ict_validate_request *q, ict_validation *v, ict_err *err) {
  size_t n = q->n_tables + q->n_history;
  ict_status st = ICT_OK;
  v->tables = ict_alloc(n, sizeof *v->tables);
  v->lines = ict_alloc(n, sizeof *v->lines);
  if (!v->tables || !v->lines) return ict_err_memory(err);
  v->n_tables = q->n_tables;
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    const char *path = i < q->n_tables ? q->tables[i] : q->history[i - q->n_tables];
    st = ict_table_read_csv_lines(path, &v->tables[i], &v->lines[i], err);
    v->n_read++;
    if (st == ICT_OK) st = ict_judge_set_axes(&v->set, v->tables[i], err);
  }
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    bool history = i >= q->n_tables;
    const char *path = history ? q->history[i - q->n_tables] : q->tables[i];
    const char *name = ict_arena_strdup(v->set.arena, path);
    if (!name) return ict_err_memory(err);
    st = ict_judge_set_add(&v->set, v->tables[i], v->lines[i], name, history, err);
    if (!history) v->n_judged = v->set.n;
  }
  return st;
}

ict_status ict_validate(const ict_catalog *catalog, const ict_validate_request *request,
                        ict_validation **out, ict_findings *findings, ict_err *err) {
  *out = NULL;
  ict_validation *v = ict_alloc(1, sizeof *v);
  if (!v) return ict_err_memory(err);
  ict_status st = ict_rules_load(request->rules, catalog, &v->rules, findings, err);
  if (st == ICT_OK) st = ict_constraints_read(request->constraints, &v->constraints, err);
  if (st == ICT_OK) st = ict_countries_load(&v->countries, err);
  if (st == ICT_OK) st = ict_judge_set_init(&v->set, catalog, v->countries, err);
  if (st == ICT_OK) st = read_tables(request, v, err);
  if (st == ICT_OK) st = ict_judge(v->rules, &v->set, &v->constraints, &v->remarks, err);
  if (st == ICT_OK)
    *out = v;
  else
    ict_validation_free(v);
  return st;
}

size_t ict_validation_count(const ict_validation *v, ict_severity severity) {
  return v->remarks.count[severity];
}

void ict_validation_free(ict_validation *v) {
  if (!v) return;
  ict_remarks_done(&v->remarks);
  ict_judge_set_done(&v->set);
  for (size_t i = 0; i < v->n_read; i++) {
    ict_table_free(v->tables[i]);
    ict_free(v->lines[i]);
  }
  ict_free(v->tables);
  ict_free(v->lines);
  ict_constraints_done(&v->constraints);
  ict_countries_free(v->countries);
  ict_rules_free(v->rules);
  ict_free(v);
}
