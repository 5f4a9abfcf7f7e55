/* table_map.c - reads the mapping of a statistical table.
 *
 * In: a path, the catalogue. Out: an ict_table_map that owns its texts.
 * Owns: roles and axes, and what belongs to the whole; files are read in table_map_file.c, series
 * in table_map_series.c. docs/admin.md is the manual. */
#include "catalog/table_map.h"

#include <string.h>

#include "base/text.h"
#include "catalog/table_map_room.h"

/* In the order of ict_role. */
static const char *const ROLES[] = {
    "area",   "period",   "series",   "value", "unit",   "unit_mult", "status", "nature",
    "source", "footnote", "reporter", "se",    "ci_low", "ci_high",   "n",      NULL};

bool ict_role_is_number(size_t role) {
  return role == ICT_ROLE_VALUE || role == ICT_ROLE_UNIT_MULT ||
         (role >= ICT_ROLE_SE && role < ICT_N_ROLES);
}

static const char *known_axis(const ict_table_reader *t, const char *name) {
  for (size_t i = 0; i < t->n_known; i++)
    if (strcmp(t->known[i], name) == 0) return t->known[i];
  return NULL;
}

long ict_table_role(ict_table_reader *t, const char *name) {
  long role = ict_text_index(name, ROLES);
  if (role >= 0) return role;
  for (size_t i = 0; i < t->n_axes; i++)
    if (strcmp(t->axes[i], name) == 0) return (long)(ICT_N_ROLES + i);
  const char *axis = known_axis(t, name);
  if (!axis) return -1;
  t->axes[t->n_axes++] = axis;
  return (long)(ICT_N_ROLES + t->n_axes - 1);
}

void ict_table_no_role(ict_table_reader *t, const ict_node *at, const char *name) {
  const char **names = ict_alloc(ICT_N_ROLES + t->n_known, sizeof *names);
  const char *nearest = NULL;
  if (names) {
    for (size_t i = 0; i < ICT_N_ROLES; i++) names[i] = ROLES[i];
    if (t->n_known > 0) memcpy(names + ICT_N_ROLES, t->known, t->n_known * sizeof *names);
    nearest = ict_text_nearest(name, names, ICT_N_ROLES + t->n_known);
  }
  ict_read_near(t->r, at,
                "area, period, series, value, unit, unit_mult, status, nature, source, footnote, "
                "reporter, se, ci_low, ci_high, n, or an axis: a concept of the catalogue or one "
                "named in `axes:`",
                nearest, "a table has no role '%s'", name);
  ict_free(names);
}

bool ict_table_says(ict_table_reader *t, const ict_node *map, const char *const *known,
                    const ict_table_column **columns, size_t *n_columns,
                    const ict_table_constant **constants, size_t *n_constants) {
  ict_table_constant *said = ict_read_alloc(t->r, map->n, sizeof *said);
  ict_table_column *beside = ict_read_alloc(t->r, map->n, sizeof *beside);
  const char **names = ict_read_alloc(t->r, map->n, sizeof *names);
  size_t n_said = 0, n_beside = 0;
  bool good = said && beside && names;
  for (size_t i = 0; i < map->n && good; i++) {
    const char *key = map->keys[i]->text;
    if (ict_text_index(key, known) >= 0) continue;
    long role = ict_table_role(t, key);
    if (role < 0) {
      ict_table_no_role(t, map->keys[i], key);
      good = false;
    } else if (columns && ict_role_is_number((size_t)role)) {
      good = ict_read_scalar(t->r, map->items[i], "the name of a column", &names[i]);
      beside[n_beside++] = (ict_table_column){
          .role = (size_t)role, .n = 1, .names = &names[i], .at = ict_mark_of(map->items[i])};
    } else {
      said[n_said].role = (size_t)role;
      good = ict_read_scalar(t->r, map->items[i], "a text", &said[n_said++].text);
    }
  }
  if (columns) {
    *columns = beside;
    *n_columns = n_beside;
  }
  *constants = said;
  *n_constants = n_said;
  return good;
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* Those of the catalogue are known, so that a slip in a name is an error; others are said. */
static void read_axes(ict_table_reader *t, const ict_node *root) {
  const ict_catalog *catalog = t->catalog;
  const char *const *more = NULL;
  size_t n_more = 0, n_concepts = ict_catalog_concepts(catalog);
  if (ict_node_get(root, "axes") && !ict_read_texts(t->r, root, "axes", true, &more, &n_more))
    return;
  t->known = ict_read_alloc(t->r, n_concepts + n_more, sizeof *t->known);
  t->axes = ict_read_alloc(t->r, n_concepts + n_more, sizeof *t->axes);
  if (!t->known || !t->axes) return;
  for (size_t i = 0; i < n_concepts; i++) {
    const ict_concept *c = ict_catalog_concept_at(catalog, i);
    const char *name = c->axis ? c->axis : c->name;
    bool may = c->type == ICT_TYPE_CODE || c->default_bands;
    if (may && !known_axis(t, name)) t->known[t->n_known++] = name;
  }
  for (size_t i = 0; i < n_more; i++) {
    if (known_axis(t, more[i])) continue;
    if (ict_name_is_good(more[i]) && ict_table_role(t, more[i]) < 0) {
      t->known[t->n_known++] = more[i];
      continue;
    }
    ict_read_error(t->r, ict_node_get(root, "axes"),
                   "letters, digits, '_', a letter first; no role of a table", NULL,
                   "'%s' cannot be the name of an axis", more[i]);
  }
}

static void read_survey(ict_reader *r, const ict_node *root, ict_table_map *out) {
  const ict_node *survey = ict_map_survey(r, root, "survey: {id: ..., title: ..., source: ...}",
                                          &out->survey_id, &out->title, &out->source);
  if (!survey) return;
  ict_read_text(r, survey, "area", false, &out->area);
  if (ict_read_text(r, survey, "period", false, &out->period) && !ict_is_period(out->period))
    ict_read_error(r, ict_node_get(survey, "period"), "a year, or an SDMX period such as 2016-Q1",
                   NULL, "the period cannot be '%s'", out->period);
}

static void read_denominators(ict_table_reader *t, const ict_node *root, ict_table_map *out) {
  static const char *const keys[] = {"concepts", "unmatched", NULL};
  static const char *const words[] = {"refuse", "missing", "drop", NULL};
  static const char *const usual[] = {"population"};
  const ict_node *node = ict_node_get(root, "denominators");
  const char *const *names = usual;
  size_t n = 1;
  int word = 0;
  if (node && !ict_read_keys(t->r, node, "'denominators'", keys)) return;
  if (node) ict_read_word(t->r, node, "unmatched", false, words, &word);
  if (node) ict_read_texts(t->r, node, "concepts", false, &names, &n);
  out->join = (ict_join)word;
  const ict_concept **made = ict_read_alloc(t->r, n, sizeof *made);
  for (size_t i = 0; made && i < n; i++) {
    const ict_concept *c = ict_catalog_find_concept(t->catalog, names[i]);
    if (c && c->type == ICT_TYPE_REAL) {
      made[out->n_denominators++] = c;
    } else if (node) {
      ict_read_error(t->r, node, "concepts of the catalogue that are numbers: population", NULL,
                     "'%s' cannot be a denominator", names[i]);
    }
  }
  out->denominators = made;
}

static void read_all(ict_table_reader *t, const ict_node *root, ict_table_map *out) {
  static const char *const keys[] = {"ictstat",      "survey",     "unit", "axes", "files",
                                     "denominators", "part_above", "note", NULL};
  static const char *const parts[] = {"refuse", "missing", "warn", NULL};
  int word = 0;
  if (!ict_read_kind(t->r, root, "table", 1)) return;
  ict_read_keys(t->r, root, "a table's mapping", keys);
  read_survey(t->r, root, out);
  out->unit = "country";
  ict_read_text(t->r, root, "unit", false, &out->unit);
  if (out->unit && !ict_name_is_good(out->unit))
    ict_read_error(t->r, ict_node_get(root, "unit"), "letters, digits, '_', a letter first", NULL,
                   "'%s' cannot be the name of a unit", out->unit);
  read_axes(t, root);
  read_denominators(t, root, out);
  if (ict_read_word(t->r, root, "part_above", false, parts, &word)) out->parts = (ict_parts)word;
  const ict_node *files = ict_map_files_node(t->r, root, "files: {t: {path: table.csv, ...}}");
  if (!files) return;
  ict_table_file *made = ict_read_alloc(t->r, files->n, sizeof *made);
  for (size_t i = 0; made && i < files->n; i++)
    ict_table_file_read(t, files->keys[i], files->items[i], &made[i]);
  out->files = made;
  out->n_files = made ? files->n : 0;
  out->n_axes = t->n_axes;
  out->axes = t->axes;
}

static bool is_table(const ict_node *root) {
  const ict_node *kind = ict_node_get(root, "ictstat");
  return kind && kind->kind == ICT_NODE_SCALAR && ict_text_starts(kind->text, "table/");
}

void ict_table_map_free(ict_table_map *map) {
  if (map) ict_yaml_free(map->yaml);
}

/* yaml: taken over. */
static ict_status make(ict_yaml *yaml, const ict_catalog *catalog, ict_table_map **out,
                       ict_findings *findings, ict_err *err) {
  ict_table_map *made = ict_arena_alloc(yaml->arena, 1, sizeof *made);
  if (!made) {
    ict_yaml_free(yaml);
    return ict_err_memory(err);
  }
  *made = (ict_table_map){.file = yaml->file, .yaml = yaml};
  ict_reader r = {.file = yaml->file, .arena = yaml->arena, .findings = findings, .err = err};
  ict_table_reader t = {.r = &r, .catalog = catalog};
  read_all(&t, yaml->root, made);
  if (r.failed) {
    ict_table_map_free(made);
    return ict_reader_status(&r);
  }
  *out = made;
  return ICT_OK;
}

ict_status ict_mapping_or_table_load(const char *path, const ict_catalog *catalog,
                                     ict_mapping **mapping, ict_table_map **table,
                                     ict_findings *findings, ict_err *err) {
  ict_yaml *yaml = NULL;
  *mapping = NULL;
  *table = NULL;
  ict_status st = ict_read_document(path, &yaml, findings, err);
  if (st != ICT_OK) return st;
  return is_table(yaml->root) ? make(yaml, catalog, table, findings, err)
                              : ict_mapping_make(yaml, catalog, mapping, findings, err);
}
