/* mapping.c - reads a mapping and checks all that can be checked without data.
 *
 * In: a path, the catalogue. Out: an ict_mapping that owns its text.
 * Owns: the order (files before units, units before scopes) and the checks across
 * units. The parts are read in mapping_files.c, mapping_design.c, mapping_variables.c
 * and mapping_values.c. docs/mapping.md is the manual. */
#include "catalog/mapping.h"

#include <ctype.h>
#include <string.h>

#include "catalog/mapping_room.h"

/* What a mapping owns beside what others see, and beside its tree, whose arena holds it all. */
typedef struct whole {
  ict_mapping seen;
  ict_list exprs, local;
} whole;

void ict_mapping_free(ict_mapping *mapping) {
  if (!mapping) return;
  whole *w = (whole *)mapping; /* `seen` is its first member */
  for (size_t i = 0; i < w->exprs.n; i++) ict_expr_free(w->exprs.at[i]);
  ict_list_done(&w->exprs);
  ict_list_done(&w->local);
  ict_yaml_free(mapping->yaml); /* and w itself */
}

/* ---- survey, concepts ---- */

static void read_id(ict_reader *r, const ict_node *survey, const char **out) {
  if (!ict_read_text(r, survey, "id", true, out)) return;
  for (const char *p = *out; *p; p++) {
    if (isalnum((unsigned char)*p) || strchr("-_.", *p)) continue;
    ict_read_error(r, ict_node_get(survey, "id"), "letters, digits, '-', '_', '.'", NULL,
                   "'%s' cannot be the id of a survey", *out);
    return;
  }
}

const ict_node *ict_map_survey(ict_reader *r, const ict_node *root, const char *example,
                               const char **id, const char **title, const char **source) {
  static const char *const keys[] = {"id", "title", "source", "area", "period", "note", NULL};
  const ict_node *survey = ict_node_get(root, "survey");
  if (!survey) ict_read_error(r, root, example, NULL, "'survey' is missing");
  if (!ict_read_is_map(r, survey, "'survey'")) return NULL;
  ict_read_keys(r, survey, "'survey'", keys);
  read_id(r, survey, id);
  ict_read_text(r, survey, "title", true, title);
  ict_read_text(r, survey, "source", false, source);
  return survey;
}

static void read_survey(ict_mapper *m, const ict_node *root, ict_mapping *out) {
  const ict_node *survey =
      ict_map_survey(m->r, root, "survey: {id: ..., title: ..., area: ..., period: ...}",
                     &out->survey_id, &out->title, &out->source);
  if (!survey) return;
  ict_map_constant_or_variable(m, survey, "area", &out->area);
  ict_map_constant_or_variable(m, survey, "period", &out->period);
}

static void read_concepts(ict_mapper *m, const ict_node *root) {
  const ict_node *concepts = ict_node_get(root, "concepts");
  if (!concepts || !ict_read_is_map(m->r, concepts, "'concepts'")) return;
  if (concepts->n > 10000) { /* names are looked up one by one */
    ict_read_error(m->r, concepts, "at most 10,000 concepts", NULL, "%zu concepts", concepts->n);
    return;
  }
  for (size_t i = 0; i < concepts->n; i++) {
    const ict_node *name = concepts->keys[i];
    const ict_concept *other = ict_catalog_find_concept(m->catalog, name->text);
    if (!ict_id_is_free(m->r, name, "concept", name->text, other ? other->file : NULL,
                        other ? other->line : 0, other != NULL))
      continue;
    ict_concept *made = ict_concept_read(m->r, m->catalog, name, concepts->items[i]);
    if (made) ict_list_add(m->r, &m->local, made);
  }
}

/* ---- units ---- */

static long unit_file(ict_mapper *m, const ict_node *name, const ict_node *body) {
  const char *id = NULL;
  if (!ict_node_get(body, "file")) {
    ict_read_error(m->r, name, "the id of the file whose rows it counts", NULL,
                   "the unit '%s' has no file", name->text);
    return -1;
  }
  if (!ict_read_text(m->r, body, "file", true, &id)) return -1;
  long file = ict_map_file_find(m, id);
  if (file < 0) ict_map_no_file(m, ict_node_get(body, "file"), id);
  return file;
}

static void read_variables(ict_mapper *m, const ict_node *name, const ict_node *body,
                           ict_map_unit *unit) {
  const ict_node *variables = ict_node_get(body, "variables");
  if (!variables) {
    ict_read_error(m->r, name, "variables: {concept: {from: ...}, ...}", NULL,
                   "the unit '%s' has no variables", name->text);
    return;
  }
  if (!ict_read_is_map(m->r, variables, "'variables'")) return;
  ict_map_variable *vars = ict_read_alloc(m->r, variables->n, sizeof *vars);
  if (!vars) return;
  size_t n = 0; /* only the good ones, so that nobody meets a half */
  for (size_t i = 0; i < variables->n; i++)
    if (ict_map_variable_read(m, variables->keys[i], variables->items[i], unit->file, &vars[n]))
      n++;
  unit->n_vars = n;
  unit->vars = vars;
}

static void read_unit(ict_mapper *m, const ict_node *name, const ict_node *body,
                      ict_map_unit *unit) {
  static const char *const keys[] = {"file", "title", "design", "scope", "variables", "note", NULL};
  *unit = (ict_map_unit){.file = -1, .at = ict_mark_of(name)};
  unit->name = unit->title = ict_read_copy(m->r, name->text);
  if (!unit->name || !ict_read_is_map(m->r, body, "a unit")) return;
  if (!ict_name_is_good(unit->name))
    ict_read_error(m->r, name, "letters, digits, '_', a letter first", NULL,
                   "'%s' cannot be the name of a unit", unit->name);
  ict_read_keys(m->r, body, "a unit", keys);
  ict_read_text(m->r, body, "title", false, &unit->title);
  unit->file = unit_file(m, name, body);
  if (unit->file < 0) return; /* no reference could be judged */
  ict_map_design_read(m, body, name, unit->file, &unit->design);
  read_variables(m, name, body, unit);
  if (ict_node_get(body, "scope"))
    unit->scope = ict_read_expr(m->r, body, "scope", true, &m->exprs);
}

/* ---- across units ---- */

static bool has_variable(const ict_variable *vars, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(vars[i].name, name) == 0) return true;
  return false;
}

/* The unit's own concepts, then those of the units its file leads to. */
static void check_scope(ict_mapper *m, const ict_map_unit *units, size_t n_units, size_t which) {
  const ict_map_unit *unit = &units[which];
  size_t room = 0, n = 0;
  if (!unit->scope) return;
  for (size_t i = 0; i < n_units; i++) room += units[i].n_vars;
  ict_variable *vars = ict_alloc(room, sizeof *vars);
  if (!vars) {
    ict_read_no_memory(m->r);
    return;
  }
  for (size_t i = 0; i <= n_units; i++) {
    const ict_map_unit *from = i == 0 ? unit : &units[i - 1];
    bool inherited = from->file != unit->file && ict_map_leads_to(m, unit->file, from->file);
    if (i > 0 && !inherited) continue;
    for (size_t v = 0; v < from->n_vars; v++) {
      const ict_map_variable *var = &from->vars[v];
      if (has_variable(vars, n, var->concept_def->name)) continue;
      vars[n++] = ict_concept_variable(var->concept_def, var->codes);
    }
  }
  ict_schema schema = {.n = n, .vars = vars};
  ict_scope scope = {&schema, "the unit's concepts"};
  ict_check_expr(m->r, unit->scope, &scope, ICT_TYPE_BOOLEAN);
  ict_free(vars);
}

/* Area and period may stand in a file; every unit's rows must lead there. */
static void check_reach(ict_mapper *m, const ict_map_variable *var, const char *key,
                        const ict_map_unit *unit) {
  if (var->n_from == 0 || var->from[0].file < 0 || unit->file < 0) return;
  if (ict_map_leads_to(m, unit->file, var->from[0].file)) return;
  ict_node at = {.line = var->from[0].at.line, .column = var->from[0].at.column};
  ict_read_error(m->r, &at, NULL, "name a variable that every unit's file has or leads to",
                 "the rows of the unit '%s' do not lead to the file of the %s", unit->name, key);
}

static void warn_unused_files(ict_mapper *m, const ict_map_unit *units, size_t n_units) {
  for (size_t f = 0; f < m->n_files; f++) {
    bool used = false;
    for (size_t u = 0; u < n_units; u++) used = used || ict_map_leads_to(m, units[u].file, (long)f);
    if (used) continue;
    ict_node at = {.line = m->files[f].at.line, .column = m->files[f].at.column};
    ict_read_warning(m->r, &at, "remove it, or link to it", "no unit uses the file '%s'",
                     m->files[f].id);
  }
}

static void read_units(ict_mapper *m, const ict_node *root, ict_mapping *out) {
  const ict_node *map = ict_node_get(root, "units");
  if (!map) {
    ict_read_error(m->r, root, "units: {household: ..., individual: ...}", NULL,
                   "'units' is missing");
    return;
  }
  if (!ict_read_is_map(m->r, map, "'units'")) return;
  if (map->n == 0 || map->n > 1000) {
    ict_read_error(m->r, map, "1 to 1,000 units", NULL, "'units' has %zu units", map->n);
    return;
  }
  ict_map_unit *units = ict_read_alloc(m->r, map->n, sizeof *units);
  if (!units) return;
  for (size_t i = 0; i < map->n; i++) read_unit(m, map->keys[i], map->items[i], &units[i]);
  /* A scope may name a variable that is itself wrong: then the first error says enough. */
  for (size_t i = 0; !m->r->failed && i < map->n; i++) check_scope(m, units, map->n, i);
  for (size_t i = 0; i < map->n; i++) {
    check_reach(m, &out->area, "area", &units[i]);
    check_reach(m, &out->period, "period", &units[i]);
  }
  warn_unused_files(m, units, map->n);
  out->n_units = map->n;
  out->units = units;
}

/* What `ictstat map init` could not guess. Said first and alone: the rest can only be judged when
 * the draft is complete. What to do is the same for all, and said with the first. */
static void refuse_fill_in(ict_mapper *m, const ict_node *node, const char **fix) {
  if (node->kind == ICT_NODE_SCALAR && strcmp(node->text, "FILL_IN") == 0) {
    ict_read_error(m->r, node, NULL, *fix, "FILL_IN was left from the draft");
    *fix = NULL;
  }
  for (size_t i = 0; node->kind != ICT_NODE_SCALAR && i < node->n; i++) {
    if (node->kind == ICT_NODE_MAP) refuse_fill_in(m, node->keys[i], fix);
    refuse_fill_in(m, node->items[i], fix);
  }
}

static void read_mapping(ict_mapper *m, const ict_node *root, ict_mapping *out) {
  static const char *const keys[] = {"ictstat", "survey", "files", "units", "concepts", NULL};
  if (!ict_read_kind(m->r, root, "mapping", 1)) return;
  refuse_fill_in(m, root, &(const char *){"write here what the survey's papers say"});
  if (m->r->failed) return;
  ict_read_keys(m->r, root, "a mapping", keys);
  bool have_files = ict_map_files(m, root);
  out->n_files = m->n_files;
  out->files = m->files;
  read_survey(m, root, out);
  read_concepts(m, root);
  if (have_files) read_units(m, root, out);
}

ict_status ict_mapping_make(ict_yaml *yaml, const ict_catalog *catalog, ict_mapping **out,
                            ict_findings *findings, ict_err *err) {
  whole *w = ict_arena_alloc(yaml->arena, 1, sizeof *w);
  if (!w) {
    ict_yaml_free(yaml);
    return ict_err_memory(err);
  }
  w->seen = (ict_mapping){.file = yaml->file, .yaml = yaml};
  ict_reader r = {.file = yaml->file, .arena = yaml->arena, .findings = findings, .err = err};
  ict_mapper m = {.r = &r, .catalog = catalog};
  read_mapping(&m, yaml->root, &w->seen);
  w->exprs = m.exprs;
  w->local = m.local;
  if (r.failed) {
    ict_mapping_free(&w->seen);
    return ict_reader_status(&r);
  }
  *out = &w->seen;
  return ICT_OK;
}

ict_status ict_mapping_load(const char *path, const ict_catalog *catalog, ict_mapping **out,
                            ict_findings *findings, ict_err *err) {
  ict_yaml *yaml = NULL;
  *out = NULL;
  ict_status st = ict_read_document(path, &yaml, findings, err);
  return st == ICT_OK ? ict_mapping_make(yaml, catalog, out, findings, err) : st;
}
