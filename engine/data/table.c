/* table.c - the result table.
 *
 * In: rows in any order. Out: rows sorted by key, with labels for codes.
 * Owns: everything it shows. Texts repeat from row to row, so each is kept once. */
#include "data/table.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "data/table_inside.h"

ict_table *ict_table_new(void) {
  static const char *const always[] = {"sex", "age", "urbanisation", "education_lev"};
  ict_table *table = ict_alloc(1, sizeof *table);
  if (!table) return NULL;
  table->arena = ict_arena_new();
  if (!table->arena) goto failed;
  ict_names_init(&table->texts, table->arena);
  ict_names_init(&table->indicators, table->arena);
  ict_names_init(&table->flags, table->arena);
  ict_names_init(&table->areas, table->arena);
  table->method = (ict_method){"", "", NAN, "", "", ""};
  for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
    if (ict_table_add_axis(table, always[i], NULL, NULL, NULL) != ICT_OK) goto failed;
  }
  return table;
failed:
  ict_table_free(table);
  return NULL;
}

void ict_table_free(ict_table *table) {
  if (!table) return;
  for (size_t i = 0; i < table->n_axes; i++) ict_names_done(&table->axes[i].codes);
  for (size_t i = 0; i < table->items_capacity; i++) ict_names_done(&table->items[i]);
  ict_names_done(&table->texts);
  ict_names_done(&table->indicators);
  ict_names_done(&table->flags);
  ict_names_done(&table->areas);
  ict_free(table->axes);
  ict_free(table->items);
  ict_free(table->rows);
  ict_arena_free(table->arena);
  ict_free(table);
}

/* Axes. */

static long find_axis(const ict_table *table, const char *name) {
  for (size_t i = 0; i < table->n_axes; i++) {
    if (strcmp(table->axes[i].name, name) == 0) return (long)i;
  }
  return -1;
}

/* Gives every row one more code, _T. All or nothing. */
static ict_status widen_rows(ict_table *table, const char *total, ict_err *err) {
  size_t old = table->n_axes, wide = old + 1;
  const char **codes = ict_arena_alloc(table->arena, table->n_rows * wide, sizeof *codes);
  if (!codes) return ict_err_memory(err);
  for (size_t i = 0; i < table->n_rows; i++, codes += wide) {
    memcpy(codes, table->rows[i].axes, old * sizeof *codes);
    codes[old] = total;
    table->rows[i].axes = codes;
  }
  return ICT_OK;
}

static ict_status new_axis(ict_table *table, const char *name, ict_err *err) {
  ict_table_axis a = {.name = ict_arena_strdup(table->arena, name)};
  ict_names_init(&a.codes, table->arena);
  ict_status st = ICT_OK;
  if (!a.name || ict_names_add(&a.codes, ICT_TOTAL, NULL) < 0 ||
      ict_grow(&table->axes, table->n_axes, &table->axes_capacity, sizeof *table->axes) != 0) {
    st = ict_err_memory(err);
    goto done;
  }
  if (table->n_rows > 0) ICT_TRY(done, st, widen_rows(table, a.codes.items[0].text, err));
  table->axes[table->n_axes++] = a;
done:
  if (st != ICT_OK) ict_names_done(&a.codes);
  return st;
}

ict_status ict_table_add_axis(ict_table *table, const char *name, const ict_codelist *codes,
                              size_t *index, ict_err *err) {
  long at = find_axis(table, name);
  if (at < 0) {
    ict_status st = new_axis(table, name, err);
    if (st != ICT_OK) return st;
    at = (long)table->n_axes - 1;
  }
  for (size_t i = 0; codes && i < codes->n; i++) {
    if (ict_names_add(&table->axes[at].codes, codes->codes[i].id, codes->codes[i].label) < 0) {
      return ict_err_memory(err);
    }
  }
  if (index) *index = (size_t)at;
  return ICT_OK;
}

size_t ict_table_axes(const ict_table *table) { return table->n_axes; }

const char *ict_table_axis_name(const ict_table *table, size_t i) { return table->axes[i].name; }

const char *ict_table_code_label(const ict_table *table, size_t i, const char *code) {
  const ict_names *codes = &table->axes[i].codes;
  bool unlabelled_total = strcmp(code, ICT_TOTAL) == 0 && !codes->items[0].label;
  return unlabelled_total ? "Total" : ict_names_label(codes, code);
}

/* Indicators and items. */

/* Index of the indicator, new or not, or -1 where memory is short. */
static long indicator_index(ict_table *table, const char *indicator, const char *title) {
  size_t before = table->items_capacity;
  if (ict_grow(&table->items, table->indicators.n, &table->items_capacity, sizeof *table->items) !=
      0) {
    return -1;
  }
  for (size_t i = before; i < table->items_capacity; i++) {
    ict_names_init(&table->items[i], table->arena);
  }
  long at = ict_names_add(&table->indicators, indicator, title);
  if (at >= 0 && ict_names_add(&table->items[at], "", NULL) < 0) return -1;
  return at;
}

ict_status ict_table_add_indicator(ict_table *table, const char *indicator, const char *title,
                                   ict_err *err) {
  return indicator_index(table, indicator, title) < 0 ? ict_err_memory(err) : ICT_OK;
}

ict_status ict_table_add_item(ict_table *table, const char *indicator, const char *item,
                              const char *label, ict_err *err) {
  long at = indicator_index(table, indicator, NULL);
  if (at < 0 || ict_names_add(&table->items[at], item, label) < 0) return ict_err_memory(err);
  return ICT_OK;
}

const char *ict_table_indicator_title(const ict_table *table, const char *indicator) {
  return ict_names_label(&table->indicators, indicator);
}

const char *ict_table_item_label(const ict_table *table, const char *indicator, const char *item) {
  long at = ict_names_find(&table->indicators, indicator);
  return at < 0 ? item : ict_names_label(&table->items[at], item);
}

bool ict_table_has_items(const ict_table *table) {
  for (size_t i = 0; i < table->indicators.n; i++)
    if (table->items[i].n > 1) return true; /* the first is "" */
  return false;
}

/* Areas, flags and the method. */

ict_status ict_table_add_area(ict_table *table, const char *ref_area, const char *name,
                              ict_err *err) {
  return ict_names_add(&table->areas, ref_area, name) < 0 ? ict_err_memory(err) : ICT_OK;
}

size_t ict_table_areas(const ict_table *table) { return table->areas.n; }

const char *ict_table_area_at(const ict_table *table, size_t i) {
  return table->areas.items[i].text;
}

const char *ict_table_area_label(const ict_table *table, const char *ref_area) {
  return ict_names_label(&table->areas, ref_area);
}

ict_status ict_table_add_flag(ict_table *table, const char *flag, const char *about, ict_err *err) {
  return ict_names_add(&table->flags, flag, about) < 0 ? ict_err_memory(err) : ICT_OK;
}

const char *ict_table_flag_about(const ict_table *table, const char *flag) {
  long at = ict_names_find(&table->flags, flag);
  return at < 0 ? NULL : table->flags.items[at].label;
}

ict_status ict_table_set_method(ict_table *table, const ict_method *method, ict_err *err) {
  ict_method m = *method;
  const char **texts[] = {&m.ci, &m.ci_others, &m.df, &m.deff, &m.variance};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    *texts[i] = ict_arena_strdup(table->arena, *texts[i]);
    if (!*texts[i]) return ict_err_memory(err);
  }
  table->method = m;
  return ICT_OK;
}

const ict_method *ict_table_method(const ict_table *table) { return &table->method; }

void ict_table_set_level(ict_table *table, double level) { table->method.level = level; }

double ict_table_level(const ict_table *table) { return table->method.level; }

/* Rows. */

size_t ict_table_rows(const ict_table *table) { return table->n_rows; }

const ict_table_row *ict_table_row_at(const ict_table *table, size_t i) { return &table->rows[i]; }

/* Replaces a borrowed text by the table's own copy; NULL becomes "". */
static bool keep(ict_table *table, const char **text) {
  long at = ict_names_add(&table->texts, *text ? *text : "", NULL);
  if (at >= 0) *text = table->texts.items[at].text;
  return at >= 0;
}

static bool keep_texts(ict_table *table, ict_table_row *row) {
  return keep(table, &row->indicator) && keep(table, &row->item) && keep(table, &row->series) &&
         keep(table, &row->ref_area) && keep(table, &row->time_period) &&
         keep(table, &row->composite_breakdown) && keep(table, &row->unit_measure) &&
         keep(table, &row->obs_status) && keep(table, &row->conf_status) &&
         keep(table, &row->nature) && keep(table, &row->flags) && keep(table, &row->source);
}

/* Codes that no list announced join their axis at its end, without a label. */
static bool keep_axes(ict_table *table, ict_table_row *row) {
  const char **codes = ict_arena_alloc(table->arena, table->n_axes, sizeof *codes);
  if (!codes) return false;
  for (size_t i = 0; i < table->n_axes; i++) {
    const char *code = row->axes && row->axes[i] ? row->axes[i] : ICT_TOTAL;
    long at = ict_names_add(&table->axes[i].codes, code, NULL);
    if (at < 0) return false;
    codes[i] = table->axes[i].codes.items[at].text;
  }
  row->axes = codes;
  return true;
}

const char *ict_table_item_id(const char *id) { return strcmp(id, ICT_TOTAL) == 0 ? "" : id; }

ict_status ict_table_add(ict_table *table, const ict_table_row *row, ict_err *err) {
  ict_table_row copy = *row;
  if (!keep_texts(table, &copy) || !keep_axes(table, &copy)) return ict_err_memory(err);
  long at = indicator_index(table, copy.indicator, NULL);
  if (at < 0 || ict_names_add(&table->items[at], copy.item, NULL) < 0 ||
      ict_grow(&table->rows, table->n_rows, &table->rows_capacity, sizeof *table->rows) != 0) {
    return ict_err_memory(err);
  }
  table->rows[table->n_rows++] = copy;
  return ICT_OK;
}
