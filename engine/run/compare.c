/* compare.c - a table beside published figures, by key.
 *
 * In: a table, and a CSV that may have fewer columns. Out: every figure that both have, and the
 * rows that one side lacks. Owns: the comparison's texts, in its arena. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "run/compare_keys.h"

/* Relative; for the binary form of decimals that are exactly as far apart as is allowed. */
#define SLACK 1e-12

/* ---- figures ------------------------------------------------------------------------------------
 */

static double allowed(const ict_comparing *c, const char *text, double there) {
  const ict_compare_request *r = c->request;
  /* half of the last decimal that is written: 59.2 -> 0.05, 1.2e3 -> 50 */
  if (!r->has_tol && !r->has_tol_rel) return 0.5 * pow(10, -(double)ict_number_decimals(text));
  double absolute = r->has_tol ? r->tol : 0,
         relative = r->has_tol_rel ? r->tol_rel * fabs(there) : 0;
  return absolute > relative ? absolute : relative;
}

static bool is_equal(const ict_comparing *c, const ict_beside *one) {
  /* --tol 0 is meant to the bit; 58.3 - 58.2 is not 0.1 to the bit */
  double slack = one->allowed > 0 && !c->request->has_tol_rel ? SLACK * fabs(one->there) : 0;
  return fabs(one->here - one->there) <= one->allowed + slack;
}

static ict_status add(ict_comparing *c, ict_beside one) {
  ict_comparison *r = c->result;
  if (!one.key || ict_grow(&r->list, r->n, &r->capacity, sizeof *r->list) != 0)
    return ict_err_memory(c->err);
  r->list[r->n++] = one;
  r->count[one.verdict]++;
  return ICT_OK;
}

static ict_status published_number(const ict_comparing *c, size_t row, const ict_figure_column *f,
                                   double *out) {
  const char *cell = c->cells.rows[row][f->column];
  *out = NAN;
  if (!cell[0] || ict_number_parse(ict_slice_of(cell), '.', out)) return ICT_OK;
  return ict_cells_refuse(&c->cells, row, (size_t)f->column, "a number like 59.2, or nothing",
                          strchr(cell, ',') ? "write a point for the decimal mark"
                                            : "correct the cell, or leave it empty",
                          c->err);
}

/* Says nothing where the published file does not. */
static bool other_unit(const ict_comparing *c, const ict_table_row *ours, size_t row,
                       ict_beside *one) {
  const char *const *cells = c->cells.rows[row];
  double mult;
  one->unit_here = ours->unit_measure;
  one->unit_there = c->unit >= 0 ? cells[c->unit] : "";
  if (one->unit_there[0] && strcmp(one->unit_there, one->unit_here) != 0) return true;
  return c->unit_mult >= 0 && ict_number_parse(ict_slice_of(cells[c->unit_mult]), '.', &mult) &&
         mult != ours->unit_mult;
}

static ict_status compare_row(ict_comparing *c, const ict_table_row *ours, size_t row) {
  ict_beside one = {.key = ict_compare_key(c, ours, row)};
  bool units_differ = other_unit(c, ours, row, &one);
  c->result->n_rows_both++;
  for (size_t i = 0; i < c->n_figures; i++) {
    const ict_figure_column *f = &c->figures[i];
    ict_status st = published_number(c, row, f, &one.there);
    if (st != ICT_OK) return st;
    one.figure = f->field->name;
    one.here = ict_field_number(f->field, ours);
    if (!isfinite(one.here)) one.here = NAN;
    if (isnan(one.there) && (isnan(one.here) || !c->result->whole)) continue; /* nothing to meet */
    one.allowed = isnan(one.there) ? 0 : allowed(c, c->cells.rows[row][f->column], one.there);
    one.verdict = units_differ ? ICT_OTHER_UNIT : is_equal(c, &one) ? ICT_EQUAL : ICT_DIFFERENT;
    st = add(c, one);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* ---- the way through ----------------------------------------------------------------------------
 */

static ict_status compare_rows(ict_comparing *c, ict_names *index, bool *met, ict_str *text) {
  ict_status st = ICT_OK;
  const ict_figure_column *first = &c->figures[0];
  for (size_t i = 0; i < ict_table_rows(c->table) && st == ICT_OK; i++) {
    const ict_table_row *row = ict_table_row_at(c->table, i);
    ict_compare_key_text(c, row, 0, text);
    if (text->failed) return ict_err_memory(c->err);
    long at = ict_compare_can_meet(c, row) ? ict_names_find(index, text->text) : -1;
    if (at >= 0 && met[at]) return ict_compare_ambiguous(c, row, (size_t)at);
    if (at >= 0) {
      met[at] = true;
      st = compare_row(c, row, (size_t)at);
    } else {
      double here = ict_field_number(first->field, row);
      st = add(c, (ict_beside){.key = ict_compare_key(c, row, 0),
                               .figure = first->field->name,
                               .here = isfinite(here) ? here : (double)NAN,
                               .there = NAN,
                               .allowed = NAN,
                               .verdict = ICT_ONLY_HERE});
    }
  }
  for (size_t i = 0; i < c->cells.n_rows && st == ICT_OK; i++) {
    if (met[i]) continue;
    ict_beside one = {.key = ict_compare_key(c, NULL, i),
                      .figure = first->field->name,
                      .here = NAN,
                      .allowed = NAN,
                      .verdict = ICT_ONLY_THERE};
    st = published_number(c, i, first, &one.there);
    if (st == ICT_OK) st = add(c, one);
  }
  return st;
}

static ict_status prepare(ict_comparing *c, const char *name, const char *published) {
  ict_comparison *r = c->result = ict_alloc(1, sizeof *r);
  if (r) r->arena = ict_arena_new();
  if (!r || !r->arena) return ict_err_memory(c->err);
  ict_status st = ict_cells_read(published, 0, true, &c->cells, c->err);
  if (st != ICT_OK) return st;
  r->name_here = ict_arena_strdup(r->arena, name);
  r->name_there = ict_arena_strdup(r->arena, published);
  if (!r->name_here || !r->name_there) return ict_err_memory(c->err);
  return ict_compare_columns(c);
}

/* What outlives the table and the cells. */
static ict_status keep_names(ict_comparison *r, ict_err *err) {
  for (size_t i = 0; i < r->n_keys; i++) {
    r->key_names[i] = ict_arena_strdup(r->arena, r->key_names[i]);
    if (!r->key_names[i]) return ict_err_memory(err);
  }
  for (size_t i = 0; i < r->n; i++) {
    ict_beside *one = &r->list[i];
    if (one->verdict != ICT_OTHER_UNIT) continue;
    one->unit_here = ict_arena_strdup(r->arena, one->unit_here);
    one->unit_there = ict_arena_strdup(r->arena, one->unit_there);
    if (!one->unit_here || !one->unit_there) return ict_err_memory(err);
  }
  return ICT_OK;
}

ict_status ict_compare(const ict_table *table, const char *name, const char *published,
                       const ict_compare_request *request, ict_comparison **out,
                       ict_findings *findings, ict_err *err) {
  ict_comparing c = {.table = table, .request = request, .findings = findings, .err = err};
  ict_names index = {0};
  bool *met = NULL;
  ict_str text;
  ict_status st;
  *out = NULL;
  ict_str_init(&text);
  ICT_TRY(done, st, prepare(&c, name, published));
  ict_names_init(&index, c.result->arena);
  met = ict_alloc(c.cells.n_rows, sizeof *met);
  if (!met) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_compare_index(&c, &index, &text));
  ICT_TRY(done, st, compare_rows(&c, &index, met, &text));
  ICT_TRY(done, st, keep_names(c.result, err));
  *out = c.result;
  c.result = NULL;
done:
  ict_comparison_free(c.result);
  ict_cells_done(&c.cells);
  ict_names_done(&index);
  ict_free(met);
  ict_str_done(&text);
  return st;
}

size_t ict_comparison_differences(const ict_comparison *c) {
  return c->count[ICT_DIFFERENT] + c->count[ICT_OTHER_UNIT] + c->count[ICT_ONLY_THERE] +
         (c->whole ? c->count[ICT_ONLY_HERE] : 0);
}

void ict_comparison_free(ict_comparison *c) {
  if (!c) return;
  ict_arena_free(c->arena);
  ict_free(c->list);
  ict_free(c);
}
