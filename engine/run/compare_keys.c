/* compare_keys.c - which columns a file of published figures has, and the keys by which its rows
 * and ours meet.
 *
 * In: a table, the cells of the file. Out: its figures; keys.
 * Owns: nothing; what it makes lives in the arena of the comparison. */
#include "run/compare_keys.h"

#include <string.h>

#include "base/text.h"

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

struct ict_key_column {
  key_kind kind;
  size_t axis;
  long column; /* in the file, or NOT_THERE: it tells rows of ours apart that nobody published */
};

#define NOT_THERE (-1L)

static const char *const PLAIN_KEYS[] = {[KEY_INDICATOR] = "indicator",
                                         [KEY_AREA] = "ref_area",
                                         [KEY_PERIOD] = "time_period",
                                         [KEY_ITEM] = ICT_ITEM_COLUMN};

static const char *or_total(const char *text) { return text[0] ? text : ICT_TOTAL; }

static const char *key_of_ours(const ict_key_column *k, const ict_table_row *row) {
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
static bool is_of_total(const ict_key_column *k) {
  return k->kind == KEY_AXIS || k->kind == KEY_ITEM;
}

static const char *key_of_published(const ict_comparing *c, const ict_key_column *k, size_t row) {
  if (k->column == NOT_THERE) return is_of_total(k) ? ICT_TOTAL : "";
  return or_total(c->cells.rows[row][k->column]);
}

/* Rows of ours need it, to be told from one another and from what can be published without it. */
static bool is_needed(const ict_comparing *c, const ict_key_column *k) {
  const char *one = is_of_total(k) ? ICT_TOTAL : NULL;
  for (size_t i = 0; i < ict_table_rows(c->table); i++) {
    const char *text = key_of_ours(k, ict_table_row_at(c->table, i));
    if (!one) one = text;
    if (strcmp(text, one) != 0) return true;
  }
  return false;
}

static void take_key(ict_comparing *c, key_kind kind, size_t axis, const char *name) {
  ict_key_column key = {kind, axis, ict_cells_find(&c->cells, name)};
  if (key.column < 0) {
    /* items and composite breakdowns are one to one: one of them tells rows apart */
    if (kind == KEY_INDICATOR || kind == KEY_COMPOSITE || !is_needed(c, &key)) return;
    if (kind == KEY_ITEM && ict_cells_find(&c->cells, "composite_breakdown") >= 0) return;
    key.column = NOT_THERE;
  }
  c->result->key_names[c->n_keys] = name;
  c->keys[c->n_keys++] = key;
}

static void take_keys(ict_comparing *c) {
  for (key_kind k = KEY_INDICATOR; k <= KEY_PERIOD; k++) take_key(c, k, 0, PLAIN_KEYS[k]);
  for (size_t a = 0; a < ict_table_axes(c->table); a++)
    take_key(c, KEY_AXIS, a, ict_table_axis_name(c->table, a));
  take_key(c, KEY_ITEM, 0, ICT_ITEM_COLUMN);
  take_key(c, KEY_COMPOSITE, 0, "composite_breakdown");
  c->result->n_keys = c->n_keys;
}

/* Whether the published file has it. */
static bool has_key(const ict_comparing *c, key_kind kind, size_t axis) {
  for (size_t i = 0; i < c->n_keys; i++)
    if (c->keys[i].kind == kind && (kind != KEY_AXIS || c->keys[i].axis == axis))
      return c->keys[i].column != NOT_THERE;
  return false;
}

static bool is_wanted(const ict_comparing *c, const char *name) {
  for (size_t i = 0; i < c->request->n_figures; i++)
    if (strcmp(c->request->figures[i], name) == 0) return true;
  return c->request->n_figures == 0;
}

static bool is_figure(const ict_field *f) {
  return f && (f->kind == ICT_FIELD_NUMBER || f->kind == ICT_FIELD_COUNT);
}

static ict_status check_wanted(const ict_comparing *c) {
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

static bool is_key(const ict_comparing *c, size_t column) {
  for (size_t i = 0; i < c->n_keys; i++)
    if (c->keys[i].column == (long)column) return true;
  return false;
}

/* A column that is neither: a note, an axis that the table does not have, or a slip. */
static void tell_unused(const ict_comparing *c, size_t column) {
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "column '%s' is not one of the table and not compared",
              c->cells.columns[column]);
  ict_cells_at(&c->cells, ICT_CELLS_HEADER, column, &note);
  ict_findings_add(c->findings, ICT_WARNING, &note);
}

static ict_status take_columns(ict_comparing *c) {
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
      if (is_wanted(c, names[i])) c->figures[c->n_figures++] = (ict_figure_column){f, (long)i};
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

ict_status ict_compare_columns(ict_comparing *c) {
  ict_comparison *r = c->result;
  size_t n = ict_table_axes(c->table) + KEY_COMPOSITE + 1;
  r->key_names = ict_arena_alloc(r->arena, n, sizeof *r->key_names);
  c->keys = ict_arena_alloc(r->arena, n, sizeof *c->keys);
  c->figures = ict_arena_alloc(r->arena, c->cells.n_columns, sizeof *c->figures);
  if (!r->key_names || !c->keys || !c->figures) return ict_err_memory(c->err);
  take_keys(c);
  return take_columns(c);
}

/* ---- keys ---------------------------------------------------------------------------------------
 */

/* Texts of a key, kept; NULL where memory is short. */
const char *const *ict_compare_key(const ict_comparing *c, const ict_table_row *ours,
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
void ict_compare_key_text(const ict_comparing *c, const ict_table_row *ours, size_t published,
                          ict_str *out) {
  ict_str_clear(out);
  for (size_t i = 0; i < c->n_keys; i++) {
    const ict_key_column *k = &c->keys[i];
    if (k->column == NOT_THERE) continue;
    ict_str_addf(out, "%s\n", ours ? key_of_ours(k, ours) : key_of_published(c, k, published));
  }
}

/* Without a column of an axis the published figures are of its totals; so with items. */
bool ict_compare_can_meet(const ict_comparing *c, const ict_table_row *row) {
  for (size_t a = 0; a < ict_table_axes(c->table); a++)
    if (strcmp(row->axes[a], ICT_TOTAL) != 0 && !has_key(c, KEY_AXIS, a)) return false;
  return !row->item[0] || has_key(c, KEY_ITEM, 0) || has_key(c, KEY_COMPOSITE, 0);
}

/* Keys of the published rows; each row's number is its name's. */
ict_status ict_compare_index(ict_comparing *c, ict_names *index, ict_str *text) {
  for (size_t i = 0; i < c->cells.n_rows; i++) {
    ict_compare_key_text(c, NULL, i, text);
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

ict_status ict_compare_ambiguous(const ict_comparing *c, const ict_table_row *row,
                                 size_t published) {
  const char *missing = has_key(c, KEY_AREA, 0) ? "time_period" : "ref_area";
  ict_err_set(c->err, ICT_REFUSED,
              "fits several rows of %s, the second being %s, area %s, period %s",
              c->result->name_here, row->indicator, row->ref_area, row->time_period);
  ict_cells_at(&c->cells, published, 0, c->err);
  ict_err_expected(c->err, "a column '%s', as the table has more than one", missing);
  ict_err_fix(c->err, "add the column to the published figures");
  return ICT_REFUSED;
}
