/* compare.c - a table beside published figures, by key.
 *
 * In: a table, and a CSV that may have fewer columns. Out: every figure that both have, and the
 * rows that one side lacks. Owns: the comparison's texts, in its arena. */
#include "run/compare.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/names.h"
#include "data/table.h"
#include "publish/cells.h"
#include "publish/read_csv.h"
#include "publish/row_fields.h"

/* Relative; for the binary form of decimals that are exactly as far apart as is allowed. */
#define SLACK 1e-12

/* ---- the published file's columns ---------------------------------------------------------------
 */

/* Where a key column comes from in a row of ours. */
typedef enum key_kind {
  KEY_INDICATOR,
  KEY_AREA,
  KEY_PERIOD,
  KEY_ITEM,
  KEY_AXIS,
  KEY_COMPOSITE
} key_kind;

typedef struct key_column {
  key_kind kind;
  size_t axis;
  long column; /* in the file, or NOT_THERE: it tells rows of ours apart that nobody published */
} key_column;

#define NOT_THERE (-1L)

typedef struct figure_column {
  const ict_field *field;
  long column;
} figure_column;

typedef struct comparing {
  const ict_table *table;
  const ict_compare_request *request;
  ict_comparison *result;
  ict_cells cells;
  key_column *keys; /* in the order of our CSV */
  size_t n_keys;
  figure_column *figures;
  size_t n_figures;
  long unit, unit_mult;
  ict_findings *findings;
  ict_err *err;
} comparing;

static const char *const PLAIN_KEYS[] = {[KEY_INDICATOR] = "indicator",
                                         [KEY_AREA] = "ref_area",
                                         [KEY_PERIOD] = "time_period",
                                         [KEY_ITEM] = ICT_ITEM_COLUMN};

static const char *or_total(const char *text) { return text[0] ? text : ICT_TOTAL; }

static const char *key_of_ours(const key_column *k, const ict_table_row *row) {
  switch (k->kind) {
    case KEY_INDICATOR:
      return row->indicator;
    case KEY_AREA:
      return row->ref_area;
    case KEY_PERIOD:
      return row->time_period;
    case KEY_ITEM:
      return or_total(row->item);
    case KEY_AXIS:
      return row->axes[k->axis];
    case KEY_COMPOSITE:
      break;
  }
  return row->composite_breakdown;
}

/* The published file speaks of the totals of the axes and items that it has no column for, and of
 * the one area and period there is. */
static bool is_of_total(const key_column *k) { return k->kind == KEY_AXIS || k->kind == KEY_ITEM; }

static const char *key_of_published(const comparing *c, const key_column *k, size_t row) {
  if (k->column == NOT_THERE) return is_of_total(k) ? ICT_TOTAL : "";
  return or_total(c->cells.rows[row][k->column]);
}

/* Rows of ours need it, to be told from one another and from what can be published without it. */
static bool is_needed(const comparing *c, const key_column *k) {
  const char *one = is_of_total(k) ? ICT_TOTAL : NULL;
  for (size_t i = 0; i < ict_table_rows(c->table); i++) {
    const char *text = key_of_ours(k, ict_table_row_at(c->table, i));
    if (!one) one = text;
    if (strcmp(text, one) != 0) return true;
  }
  return false;
}

static void take_key(comparing *c, key_kind kind, size_t axis, const char *name) {
  key_column key = {kind, axis, ict_cells_find(&c->cells, name)};
  if (key.column < 0) {
    /* items and composite breakdowns are one to one: one of them tells rows apart */
    if (kind == KEY_INDICATOR || kind == KEY_COMPOSITE || !is_needed(c, &key)) return;
    if (kind == KEY_ITEM && ict_cells_find(&c->cells, "composite_breakdown") >= 0) return;
    key.column = NOT_THERE;
  }
  c->result->key_names[c->n_keys] = name;
  c->keys[c->n_keys++] = key;
}

static void take_keys(comparing *c) {
  for (key_kind k = KEY_INDICATOR; k <= KEY_PERIOD; k++) take_key(c, k, 0, PLAIN_KEYS[k]);
  for (size_t a = 0; a < ict_table_axes(c->table); a++)
    take_key(c, KEY_AXIS, a, ict_table_axis_name(c->table, a));
  take_key(c, KEY_ITEM, 0, ICT_ITEM_COLUMN);
  take_key(c, KEY_COMPOSITE, 0, "composite_breakdown");
  c->result->n_keys = c->n_keys;
}

/* Whether the published file has it. */
static bool has_key(const comparing *c, key_kind kind, size_t axis) {
  for (size_t i = 0; i < c->n_keys; i++)
    if (c->keys[i].kind == kind && (kind != KEY_AXIS || c->keys[i].axis == axis))
      return c->keys[i].column != NOT_THERE;
  return false;
}

static bool is_wanted(const comparing *c, const char *name) {
  for (size_t i = 0; i < c->request->n_figures; i++)
    if (strcmp(c->request->figures[i], name) == 0) return true;
  return c->request->n_figures == 0;
}

static bool is_figure(const ict_field *f) {
  return f && (f->kind == ICT_FIELD_NUMBER || f->kind == ICT_FIELD_COUNT);
}

static ict_status check_wanted(const comparing *c) {
  for (size_t i = 0; i < c->request->n_figures; i++) {
    const char *name = c->request->figures[i];
    if (is_figure(ict_field_find(name)) && ict_cells_find(&c->cells, name) >= 0) continue;
    ict_err_set(c->err, ICT_USAGE, "no figures '%s' to compare", name);
    ict_err_at(c->err, c->cells.path, 0, 0);
    ict_err_expected(c->err,
                     "columns of numbers that the published file has, such as estimate, se");
    ict_err_fix(c->err, "leave '%s' out of --columns", name);
    return ICT_USAGE;
  }
  return ICT_OK;
}

static bool is_key(const comparing *c, size_t column) {
  for (size_t i = 0; i < c->n_keys; i++)
    if (c->keys[i].column == (long)column) return true;
  return false;
}

/* A column that is neither: a note, an axis that the table does not have, or a slip. */
static void tell_unused(const comparing *c, size_t column) {
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "column '%s' is not one of the table and not compared",
              c->cells.columns[column]);
  ict_cells_at(&c->cells, ICT_CELLS_HEADER, column, &note);
  ict_findings_add(c->findings, ICT_WARNING, &note);
}

static ict_status take_columns(comparing *c) {
  const char *const *names = c->cells.columns;
  size_t n_known = 0;
  for (size_t i = 0; i < c->cells.n_columns; i++) {
    if (ict_cells_find(&c->cells, names[i]) != (long)i) {
      ict_err_set(c->err, ICT_REFUSED, "a second column '%s'", names[i]);
      ict_cells_at(&c->cells, ICT_CELLS_HEADER, i, c->err);
      ict_err_expected(c->err, "each column once");
      ict_err_fix(c->err, "rename one of the two, or leave it out");
      return ICT_REFUSED;
    }
    const ict_field *f = ict_field_find(names[i]);
    n_known += f != NULL;
    if (is_figure(f)) {
      if (is_wanted(c, names[i])) c->figures[c->n_figures++] = (figure_column){f, (long)i};
    } else if (!f && !is_key(c, i)) {
      tell_unused(c, i);
    }
  }
  c->unit = ict_cells_find(&c->cells, "unit_measure");
  c->unit_mult = ict_cells_find(&c->cells, "unit_mult");
  c->result->whole = n_known == ict_fields_n_before + ict_fields_n_after;
  ict_status st = check_wanted(c);
  if (st != ICT_OK || (c->n_figures > 0 && has_key(c, KEY_INDICATOR, 0))) return st;
  ict_err_set(c->err, ICT_REFUSED, "no column '%s'", c->n_figures ? "indicator" : "estimate");
  ict_cells_at(&c->cells, ICT_CELLS_HEADER, 0, c->err);
  ict_err_expected(
      c->err, "indicator, estimate, and of ref_area, time_period, sex, age, ... those it needs");
  ict_err_fix(c->err, "name the columns as `ictstat compute -f csv` does");
  return ICT_REFUSED;
}

/* ---- keys ---------------------------------------------------------------------------------------
 */

/* Texts of a key, kept; NULL where memory is short. */
static const char *const *keep_key(const comparing *c, const ict_table_row *ours,
                                   size_t published) {
  const char **key = ict_arena_alloc(c->result->arena, c->n_keys, sizeof *key);
  for (size_t i = 0; key && i < c->n_keys; i++) {
    const char *text =
        ours ? key_of_ours(&c->keys[i], ours) : key_of_published(c, &c->keys[i], published);
    key[i] = ict_arena_strdup(c->result->arena, text);
    if (!key[i]) return NULL;
  }
  return key;
}

/* What rows meet by. */
static void key_text(const comparing *c, const ict_table_row *ours, size_t published,
                     ict_str *out) {
  ict_str_clear(out);
  for (size_t i = 0; i < c->n_keys; i++) {
    const key_column *k = &c->keys[i];
    if (k->column == NOT_THERE) continue;
    ict_str_addf(out, "%s\n", ours ? key_of_ours(k, ours) : key_of_published(c, k, published));
  }
}

/* Without a column of an axis the published figures are of its totals; so with items. */
static bool can_be_published(const comparing *c, const ict_table_row *row) {
  for (size_t a = 0; a < ict_table_axes(c->table); a++)
    if (strcmp(row->axes[a], ICT_TOTAL) != 0 && !has_key(c, KEY_AXIS, a)) return false;
  return !row->item[0] || has_key(c, KEY_ITEM, 0) || has_key(c, KEY_COMPOSITE, 0);
}

/* Keys of the published rows; each row's number is its name's. */
static ict_status index_published(comparing *c, ict_names *index, ict_str *text) {
  for (size_t i = 0; i < c->cells.n_rows; i++) {
    key_text(c, NULL, i, text);
    long at = text->failed ? -1 : ict_names_add(index, text->text, NULL);
    if (at < 0) return ict_err_memory(c->err);
    if ((size_t)at == i) continue;
    ict_err_set(c->err, ICT_REFUSED, "the same key as line %llu",
                (unsigned long long)c->cells.lines[at]);
    ict_cells_at(&c->cells, i, 0, c->err);
    ict_err_expected(c->err, "one row for each key");
    ict_err_fix(c->err, "leave one of the two out, or add the column that tells them apart");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static ict_status refuse_ambiguous(const comparing *c, const ict_table_row *row, size_t published) {
  const char *missing = has_key(c, KEY_AREA, 0) ? "time_period" : "ref_area";
  ict_err_set(c->err, ICT_REFUSED,
              "fits several rows of %s, the second being %s, area %s, period %s",
              c->result->name_here, row->indicator, row->ref_area, row->time_period);
  ict_cells_at(&c->cells, published, 0, c->err);
  ict_err_expected(c->err, "a column '%s', as the table has more than one", missing);
  ict_err_fix(c->err, "add the column to the published figures");
  return ICT_REFUSED;
}

/* ---- figures ------------------------------------------------------------------------------------
 */

/* Half of the last decimal that is written: 59.2 -> 0.05, 1.2e3 -> 50. */
static double half_of_last_decimal(const char *text) {
  const char *point = strchr(text, '.'), *e = strpbrk(text, "eE");
  int64_t exponent = 0;
  if (e) ict_integer_parse(ict_slice_of(e[1] == '+' ? e + 2 : e + 1), &exponent);
  size_t end = e ? (size_t)(e - text) : strlen(text);
  int64_t decimals = point ? (int64_t)end - (point - text) - 1 : 0;
  return 0.5 * pow(10, (double)(exponent - decimals));
}

static double allowed(const comparing *c, const char *text, double there) {
  const ict_compare_request *r = c->request;
  if (!r->has_tol && !r->has_tol_rel) return half_of_last_decimal(text);
  double absolute = r->has_tol ? r->tol : 0,
         relative = r->has_tol_rel ? r->tol_rel * fabs(there) : 0;
  return absolute > relative ? absolute : relative;
}

static bool is_equal(const comparing *c, const ict_beside *one) {
  /* --tol 0 is meant to the bit; 58.3 - 58.2 is not 0.1 to the bit */
  double slack = one->allowed > 0 && !c->request->has_tol_rel ? SLACK * fabs(one->there) : 0;
  return fabs(one->here - one->there) <= one->allowed + slack;
}

static ict_status add(comparing *c, ict_beside one) {
  ict_comparison *r = c->result;
  if (!one.key || ict_grow(&r->list, r->n, &r->capacity, sizeof *r->list) != 0)
    return ict_err_memory(c->err);
  r->list[r->n++] = one;
  r->count[one.verdict]++;
  return ICT_OK;
}

static ict_status published_number(const comparing *c, size_t row, const figure_column *f,
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
static bool other_unit(const comparing *c, const ict_table_row *ours, size_t row, ict_beside *one) {
  const char *const *cells = c->cells.rows[row];
  double mult;
  one->unit_here = ours->unit_measure;
  one->unit_there = c->unit >= 0 ? cells[c->unit] : "";
  if (one->unit_there[0] && strcmp(one->unit_there, one->unit_here) != 0) return true;
  return c->unit_mult >= 0 && ict_number_parse(ict_slice_of(cells[c->unit_mult]), '.', &mult) &&
         mult != ours->unit_mult;
}

static ict_status compare_row(comparing *c, const ict_table_row *ours, size_t row) {
  ict_beside one = {.key = keep_key(c, ours, row)};
  bool units_differ = other_unit(c, ours, row, &one);
  c->result->n_rows_both++;
  for (size_t i = 0; i < c->n_figures; i++) {
    const figure_column *f = &c->figures[i];
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

static ict_status compare_rows(comparing *c, ict_names *index, bool *met, ict_str *text) {
  ict_status st = ICT_OK;
  const figure_column *first = &c->figures[0];
  for (size_t i = 0; i < ict_table_rows(c->table) && st == ICT_OK; i++) {
    const ict_table_row *row = ict_table_row_at(c->table, i);
    key_text(c, row, 0, text);
    if (text->failed) return ict_err_memory(c->err);
    long at = can_be_published(c, row) ? ict_names_find(index, text->text) : -1;
    if (at >= 0 && met[at]) return refuse_ambiguous(c, row, (size_t)at);
    if (at >= 0) {
      met[at] = true;
      st = compare_row(c, row, (size_t)at);
    } else {
      double here = ict_field_number(first->field, row);
      st = add(c, (ict_beside){.key = keep_key(c, row, 0),
                               .figure = first->field->name,
                               .here = isfinite(here) ? here : (double)NAN,
                               .there = NAN,
                               .allowed = NAN,
                               .verdict = ICT_ONLY_HERE});
    }
  }
  for (size_t i = 0; i < c->cells.n_rows && st == ICT_OK; i++) {
    if (met[i]) continue;
    ict_beside one = {.key = keep_key(c, NULL, i),
                      .figure = first->field->name,
                      .here = NAN,
                      .allowed = NAN,
                      .verdict = ICT_ONLY_THERE};
    st = published_number(c, i, first, &one.there);
    if (st == ICT_OK) st = add(c, one);
  }
  return st;
}

static ict_status prepare(comparing *c, const char *name, const char *published) {
  ict_comparison *r = c->result = ict_alloc(1, sizeof *r);
  if (r) r->arena = ict_arena_new();
  if (!r || !r->arena) return ict_err_memory(c->err);
  ict_status st = ict_cells_read(published, 0, true, &c->cells, c->err);
  if (st != ICT_OK) return st;
  size_t n = ict_table_axes(c->table) + KEY_COMPOSITE + 1;
  r->name_here = ict_arena_strdup(r->arena, name);
  r->name_there = ict_arena_strdup(r->arena, published);
  r->key_names = ict_arena_alloc(r->arena, n, sizeof *r->key_names);
  c->keys = ict_arena_alloc(r->arena, n, sizeof *c->keys);
  c->figures = ict_arena_alloc(r->arena, c->cells.n_columns, sizeof *c->figures);
  if (!r->name_here || !r->name_there || !r->key_names || !c->keys || !c->figures)
    return ict_err_memory(c->err);
  take_keys(c);
  return take_columns(c);
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
  comparing c = {.table = table, .request = request, .findings = findings, .err = err};
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
  ICT_TRY(done, st, index_published(&c, &index, &text));
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
