/* table_map_file.c - one file of a table's mapping: columns, columns of values, code translations,
 * and the form that gives them for tables of a known make.
 *
 * In: the tree. Out: an ict_table_file. Owns: how a form and a file are put together. A form is a
 * file datasets/forms/NAME.yaml in the same words; what the mapping says goes before. */
#include <string.h>

#include "base/stream.h"
#include "base/text.h"
#include "base/where.h"
#include "catalog/name_range.h"
#include "catalog/table_map_room.h"

#define MOST_VALUE_COLUMNS 10000

/* Of `unknown_areas` and `other_series`. */
static const char *const UNKNOWN[] = {"refuse", "drop", NULL};

typedef struct parts { /* growing, while a form and a file are put together */
  ict_list columns, codes, wheres, values;
} parts;

/* ---- columns ------------------------------------------------------------------------------ */

static bool has_role(const ict_list *columns, size_t role) {
  for (size_t i = 0; i < columns->n; i++)
    if (((const ict_table_column *)columns->at[i])->role == role) return true;
  return false;
}

/* Of a form only roles that the mapping has not given. */
static void read_columns(ict_table_reader *t, const ict_node *body, bool of_form, parts *p) {
  const ict_node *map = ict_node_get(body, "columns");
  size_t before = p->columns.n;
  if (!map || !ict_read_is_map(t->r, map, "'columns'")) return;
  for (size_t i = 0; i < map->n; i++) {
    long role = ict_table_role(t, map->keys[i]->text);
    if (role < 0) {
      ict_table_no_role(t, map->keys[i], map->keys[i]->text);
      continue;
    }
    ict_list earlier = {.at = p->columns.at, .n = before};
    if (of_form && has_role(&earlier, (size_t)role)) continue;
    ict_table_column *made = ict_read_alloc(t->r, 1, sizeof *made);
    if (!made) return;
    *made = (ict_table_column){.role = (size_t)role, .optional = of_form};
    if (!of_form) made->at = ict_mark_of(map->items[i]);
    if (ict_read_texts(t->r, map, map->keys[i]->text, true, &made->names, &made->n))
      ict_list_add(t->r, &p->columns, made);
  }
}

/* The columns of a range are years, unless something else gives the period. */
static void add_range(ict_table_reader *t, const ict_name_range *range, const ict_table_value *like,
                      parts *p) {
  for (long y = range->first; y <= range->last; y++) {
    ict_table_value *made = ict_read_alloc(t->r, 1, sizeof *made);
    ict_table_constant *said = ict_read_alloc(t->r, like->n_constants + 1, sizeof *said);
    const char *name = ict_name_range_at(t->r, range, y);
    char *year = ict_arena_printf(t->r->arena, "%ld", y);
    if (!made || !said || !name || !year) {
      ict_read_no_memory(t->r);
      return;
    }
    bool period = false;
    for (size_t i = 0; i < like->n_constants; i++) {
      said[i] = like->constants[i];
      period = period || said[i].role == ICT_ROLE_PERIOD;
    }
    *made = *like;
    made->column = name;
    made->constants = said;
    if (!period)
      said[made->n_constants++] = (ict_table_constant){.role = ICT_ROLE_PERIOD, .text = year};
    if (!ict_list_add(t->r, &p->values, made)) return;
  }
}

static void read_values(ict_table_reader *t, const ict_node *body, parts *p) {
  static const char *const none[] = {NULL};
  const ict_node *map = ict_node_get(body, "values");
  if (!map || !ict_read_is_map(t->r, map, "'values'")) return;
  for (size_t i = 0; i < map->n; i++) {
    const ict_node *key = map->keys[i], *one = map->items[i];
    ict_table_value *made = ict_read_alloc(t->r, 1, sizeof *made);
    if (!made) return;
    made->at = ict_mark_of(key);
    made->column = ict_read_copy(t->r, key->text);
    if (!made->column || !ict_read_is_map(t->r, one, "what a column of values says") ||
        !ict_table_says(t, one, none, &made->columns, &made->n_columns, &made->constants,
                        &made->n_constants))
      continue;
    ict_name_range range;
    if (ict_name_range_find(key->text, MOST_VALUE_COLUMNS, &range))
      add_range(t, &range, made, p);
    else
      ict_list_add(t->r, &p->values, made);
  }
}

/* ---- translations, rows ------------------------------------------------------------------- */

static void read_codes(ict_table_reader *t, const ict_node *body, parts *p) {
  const ict_node *map = ict_node_get(body, "codes");
  if (!map || !ict_read_is_map(t->r, map, "'codes'")) return;
  for (size_t i = 0; i < map->n; i++) {
    const ict_node *of = map->items[i];
    long role = ict_table_role(t, map->keys[i]->text);
    if (role < 0) {
      ict_table_no_role(t, map->keys[i], map->keys[i]->text);
      continue;
    }
    if (!ict_read_is_map(t->r, of, "the translations of a role")) continue;
    for (size_t k = 0; k < of->n; k++) {
      ict_table_code *made = ict_read_alloc(t->r, 1, sizeof *made);
      if (!made) return;
      made->role = (size_t)role;
      made->from = ict_read_copy(t->r, of->keys[k]->text);
      const ict_node *to = of->items[k];
      bool nothing = to->kind == ICT_NODE_SCALAR && to->quoted && !to->text[0];
      if (nothing) made->to = "";
      if (made->from &&
          (nothing || ict_read_scalar(t->r, to, "a code, \"\" for nothing", &made->to)))
        ict_list_add(t->r, &p->codes, made);
    }
  }
}

static void read_where(ict_table_reader *t, const ict_node *body, parts *p) {
  const ict_node *map = ict_node_get(body, "where");
  if (!map || !ict_read_is_map(t->r, map, "'where'")) return;
  for (size_t i = 0; i < map->n; i++) {
    ict_table_where *made = ict_read_alloc(t->r, 1, sizeof *made);
    if (!made) return;
    made->at = ict_mark_of(map->keys[i]);
    made->column = ict_read_copy(t->r, map->keys[i]->text);
    if (made->column && ict_read_texts(t->r, map, map->keys[i]->text, true, &made->texts, &made->n))
      ict_list_add(t->r, &p->wheres, made);
  }
}

/* ---- what a form may say as well ------------------------------------------------------------ */

static void read_lists(ict_table_reader *t, const ict_node *body, bool of_form, parts *p) {
  read_columns(t, body, of_form, p);
  if (!of_form || p->values.n == 0) read_values(t, body, p);
  read_codes(t, body, p);
  read_where(t, body, p);
}

/* What is not said stays as it is. */
static void read_settings(ict_table_reader *t, const ict_node *body, ict_table_file *out) {
  static const char *const areas[] = {"iso3", "m49", "any", NULL};
  int word = 0;
  if (ict_read_word(t->r, body, "areas", false, areas, &word)) out->areas = (ict_areas_kind)word;
  if (ict_read_word(t->r, body, "unknown_areas", false, UNKNOWN, &word))
    out->drop_areas = word == 1;
  ict_read_texts(t->r, body, "blank", false, &out->blanks, &out->n_blanks);
}

/* ---- the form ----------------------------------------------------------------------------- */

static void read_form_tree(ict_table_reader *t, const ict_node *root, parts *p,
                           ict_table_file *out) {
  static const char *const keys[] = {"ictstat",       "title", "source", "columns",
                                     "values",        "codes", "where",  "areas",
                                     "unknown_areas", "blank", "note",   NULL};
  if (!ict_read_kind(t->r, root, "form", 1)) return;
  if (!ict_read_keys(t->r, root, "a form", keys)) return;
  read_lists(t, root, true, p);
  read_settings(t, root, out);
}

static void read_form(ict_table_reader *t, const ict_node *body, const char *name, parts *p,
                      ict_table_file *out) {
  char *file = ict_arena_printf(t->r->arena, "datasets/forms/%s.yaml", name);
  char *path = file && ict_name_is_good(name) ? ict_path_join(ict_data_dir(), file) : NULL;
  ict_yaml *yaml = NULL;
  ict_err problem = {0};
  ict_status st = path ? ict_yaml_load(path, false, &yaml, &problem) : ICT_REFUSED;
  if (!file) {
    ict_read_no_memory(t->r);
  } else if (st == ICT_OK) {
    const char *here = t->r->file;
    t->r->file = file;
    read_form_tree(t, yaml->root, p, out);
    t->r->file = here;
  } else {
    ict_read_error(t->r, ict_node_get(body, "form"),
                   "the name of a file in datasets/forms: unsd, sdmx_csv, worldbank ...",
                   "name the columns with `columns:` instead, or add the form", "no form '%s'%s%s",
                   name, problem.what[0] ? ": " : "", problem.what);
  }
  ict_yaml_free(yaml);
  ict_free(path);
}

/* ---- the file ----------------------------------------------------------------------------- */

/* A list of pointers as an array of structs in the arena. */
static void *flat(ict_table_reader *t, const ict_list *list, size_t size, size_t *n) {
  char *made = ict_read_alloc(t->r, list->n, size);
  for (size_t i = 0; made && i < list->n; i++) memcpy(made + i * size, list->at[i], size);
  *n = made ? list->n : 0;
  return made;
}

static void put_together(ict_table_reader *t, const parts *p, ict_table_file *out) {
  out->columns = flat(t, &p->columns, sizeof(ict_table_column), &out->n_columns);
  out->codes = flat(t, &p->codes, sizeof(ict_table_code), &out->n_codes);
  out->wheres = flat(t, &p->wheres, sizeof(ict_table_where), &out->n_wheres);
  out->values = flat(t, &p->values, sizeof(ict_table_value), &out->n_values);
}

/* A long table's one column of values is a wide table's only one. */
static void check_values(ict_table_reader *t, const ict_node *name, parts *p) {
  ict_table_column *value = NULL;
  for (size_t i = 0; i < p->columns.n; i++) {
    ict_table_column *c = p->columns.at[i];
    if (c->role == ICT_ROLE_VALUE) value = c;
  }
  if (value && p->values.n == 0) {
    ict_table_value *made = ict_read_alloc(t->r, 1, sizeof *made);
    if (!made) return;
    *made = (ict_table_value){.column = value->names[0], .at = value->at};
    ict_list_add(t->r, &p->values, made);
  }
  if (p->values.n == 0)
    ict_read_error(t->r, name, "columns: {value: COLUMN}, or values: {COLUMN: {...}, ...}", NULL,
                   "nothing says where the values of '%s' stand", name->text);
}

void ict_table_file_read(ict_table_reader *t, const ict_node *name, const ict_node *body,
                         ict_table_file *out) {
  static const char *const keys[] = {"path",   "format", "encoding",      "delimiter",    "decimal",
                                     "quote",  "header", "form",          "source",       "columns",
                                     "values", "codes",  "where",         "areas",        "note",
                                     "blank",  "series", "unknown_areas", "other_series", NULL};
  parts p = {0};
  int word = 0;
  const char *form = NULL;
  *out = (ict_table_file){.text = {.decimal = '.', .link = -1, .at = ict_mark_of(name)}};
  out->text.id = ict_read_copy(t->r, name->text);
  if (!out->text.id || !ict_read_keys(t->r, body, "a file", keys)) return;
  ict_map_file_text(t->r, body, &out->text);
  ict_read_text(t->r, body, "source", false, &out->source);
  read_lists(t, body, false, &p);
  if (ict_read_text(t->r, body, "form", false, &form)) read_form(t, body, form, &p, out);
  read_settings(t, body, out);
  if (ict_read_word(t->r, body, "other_series", false, UNKNOWN, &word))
    out->drop_series = word == 1;
  check_values(t, name, &p);
  put_together(t, &p, out);
  ict_table_series_read(t, name, body, out);
  ict_list_done(&p.columns);
  ict_list_done(&p.codes);
  ict_list_done(&p.wheres);
  ict_list_done(&p.values);
}
