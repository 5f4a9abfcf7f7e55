/* concept.c - concepts and conditions: indicators/concepts.yaml, and the `concepts:` of a
 * mapping.
 *
 * In: the tree. Out: ict_concept and ict_condition_kind.
 * Owns: what a concept may be called and what its parts mean. */
#include "catalog/concept.h"

#include <string.h>

#include "base/text.h"
#include "catalog/room.h"
#include "data/frame.h"
#include "data/missing.h"

bool ict_id_is_free(ict_reader *r, const ict_node *at, const char *what, const char *id,
                    const char *file, uint64_t line, bool taken) {
  if (!taken) return true;
  if (file)
    ict_read_error(r, at, NULL, "choose another id", "the %s '%s' is already in %s, line %llu",
                   what, id, file, (unsigned long long)line);
  else
    ict_read_error(r, at, NULL, "choose another id", "there is already a %s '%s'", what, id);
  return false;
}

/* ---- conditions ---- */

bool ict_condition_read(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                        const ict_node *value, ict_condition *out) {
  const ict_condition_kind *kind = ict_catalog_find_condition(catalog, name->text);
  if (!kind) {
    ict_read_near(r, name, NULL, ict_list_nearest(&catalog->conditions, name->text),
                  "no condition '%s'", name->text);
    return false;
  }
  if (!ict_read_scalar(r, value, name->text, &out->value)) return false;
  out->name = kind->name;
  if (strcmp(out->value, ICT_CONDITION_UNKNOWN) == 0) return true;
  double number;
  if (kind->number) {
    if (!ict_number_parse(ict_slice_of(out->value), '.', &number)) {
      ict_read_error(r, value, "a number, or `unknown`", "write what the survey's papers say",
                     "%s is '%s'", kind->name, out->value);
      return false;
    }
    char text[ICT_NUMBER_TEXT]; /* 3, 3.0 and 03 are the same condition */
    ict_number_text(number, text);
    out->value = ict_read_copy(r, text);
    return out->value != NULL;
  }
  for (size_t i = 0; i < kind->n_words; i++)
    if (strcmp(kind->words[i], out->value) == 0) return true;
  ict_read_near(r, value, kind->ask, ict_text_nearest(out->value, kind->words, kind->n_words),
                "%s has no value '%s'", kind->name, out->value);
  return false;
}

bool ict_condition_ask(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                       const ict_node *value, ict_condition *out) {
  const ict_condition_kind *kind = ict_catalog_find_condition(catalog, name->text);
  if (kind && value->kind == ICT_NODE_SCALAR && strcmp(value->text, ICT_CONDITION_STATED) == 0) {
    *out = (ict_condition){kind->name, ICT_CONDITION_STATED};
    return true;
  }
  return ict_condition_read(r, catalog, name, value, out);
}

const ict_concept *ict_concept_named(ict_reader *r, const ict_catalog *catalog, const ict_node *at,
                                     const char *name, const char *expected) {
  const ict_concept *found = ict_catalog_find_concept(catalog, name);
  if (!found)
    ict_read_near(r, at, expected, ict_list_nearest(&catalog->concepts, name), "no concept '%s'",
                  name);
  return found;
}

bool ict_concept_has_condition(const ict_concept *concept_def, const char *name) {
  for (size_t i = 0; i < concept_def->n_conditions; i++)
    if (strcmp(concept_def->conditions[i].name, name) == 0) return true;
  return false;
}

static void condition_kind(ict_reader *r, ict_catalog *catalog, const ict_node *name,
                           const ict_node *body) {
  static const char *const keys[] = {"ask", "values", NULL};
  ict_condition_kind *kind = ict_read_alloc(r, 1, sizeof *kind);
  if (!kind || !ict_read_keys(r, body, "a condition", keys)) return;
  kind->name = ict_read_copy(r, name->text);
  kind->file = r->file;
  kind->line = name->line;
  if (!kind->name || !ict_read_text(r, body, "ask", true, &kind->ask)) return;
  if (!ict_name_is_good(kind->name) || ict_map_is_variable_key(kind->name)) {
    ict_read_error(r, name, "letters, digits, '_'; not a word of the mapping language", NULL,
                   "'%s' cannot be the name of a condition", kind->name);
    return;
  }
  if (!ict_read_texts(r, body, "values", true, &kind->words, &kind->n_words)) return;
  kind->number = kind->n_words == 1 && strcmp(kind->words[0], "number") == 0;
  if (kind->number) kind->n_words = 0;
  const ict_condition_kind *other = ict_catalog_find_condition(catalog, kind->name);
  if (ict_id_is_free(r, name, "condition", kind->name, other ? other->file : NULL,
                     other ? other->line : 0, other != NULL))
    ict_list_add(r, &catalog->conditions, kind);
}

/* ---- concepts ---- */

static bool name_is_good(ict_reader *r, const ict_node *name) {
  static const char *const taken[] = {"and",    "or",      "xor",   "not",        "in",
                                      "not_in", "between", "if",    "then",       "else",
                                      "abs",    "true",    "null",  "ln",         "isnull",
                                      "nvl",    "case",    "false", ICT_VAR_AREA, ICT_VAR_PERIOD};
  if (!ict_name_is_good(name->text) || strlen(name->text) > 60) {
    ict_read_error(r, name, "letters, digits, '_', a letter first, at most 60", NULL,
                   "'%s' cannot be the name of a concept", name->text);
    return false;
  }
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    if (strcmp(taken[i], name->text) != 0) continue;
    ict_read_error(r, name, NULL, "choose another name", "'%s' has a meaning already", name->text);
    return false;
  }
  return true;
}

static bool read_codes(ict_reader *r, const ict_catalog *catalog, const ict_node *body,
                       ict_concept *out) {
  const ict_node *codes = ict_node_get(body, "codes");
  if (!codes) {
    ict_read_error(r, body, "the id of a code list, {code: label}, or `open`", NULL,
                   "'codes' is missing for the coded concept '%s'", out->name);
    return false;
  }
  if (codes->kind == ICT_NODE_MAP) {
    out->codes = ict_codes_read(r, out->name, out->title, codes);
    return out->codes != NULL;
  }
  const char *id;
  if (!ict_read_scalar(r, codes, "'codes'", &id)) return false;
  if (strcmp(id, "open") == 0) return true;
  out->codes = ict_catalog_find_codelist(catalog, id);
  if (!out->codes)
    ict_read_near(r, codes, "the id of a code list, {code: label}, or `open`",
                  ict_list_nearest(&catalog->codelists, id), "no code list '%s'", id);
  return out->codes != NULL;
}

static bool read_range(ict_reader *r, const ict_node *body, ict_concept *out) {
  const ict_node *range = ict_node_get(body, "range");
  /* Every value must find room beside the marks for missing in 32 bits. */
  const int64_t least = INT32_MIN, most = INT32_MAX - ICT_MISSING_MARKS;
  out->lowest = least;
  out->highest = most;
  if (!range) return true;
  if (range->kind == ICT_NODE_LIST && range->n == 2 && range->items[0]->kind == ICT_NODE_SCALAR &&
      range->items[1]->kind == ICT_NODE_SCALAR &&
      ict_integer_parse(ict_slice_of(range->items[0]->text), &out->lowest) &&
      ict_integer_parse(ict_slice_of(range->items[1]->text), &out->highest) &&
      out->lowest <= out->highest && out->lowest >= least && out->highest <= most)
    return true;
  ict_read_error(r, range, "[lowest, highest], whole numbers of at most 32 bits", NULL,
                 "'range' of '%s' is not a range", out->name);
  return false;
}

static bool read_conditions(ict_reader *r, const ict_catalog *catalog, const ict_node *body,
                            ict_concept *out) {
  const ict_node *map = ict_node_get(body, "conditions");
  if (!map) return true;
  if (!ict_read_is_map(r, map, "'conditions'")) return false;
  ict_condition *conditions = ict_read_alloc(r, map->n, sizeof *conditions);
  bool good = conditions != NULL;
  for (size_t i = 0; conditions && i < map->n; i++)
    good = ict_condition_ask(r, catalog, map->keys[i], map->items[i], &conditions[i]) && good;
  out->n_conditions = map->n;
  out->conditions = conditions;
  return good;
}

/* Keys that say something about another type would be silently without effect. */
static bool keys_fit_type(ict_reader *r, const ict_node *body, const ict_concept *concept_def) {
  const ict_node *codes = ict_node_get(body, "codes"), *range = ict_node_get(body, "range");
  if (codes && concept_def->type != ICT_TYPE_CODE)
    ict_read_error(r, codes, NULL, "remove it, or write `type: code`", "'codes' for type %s",
                   ict_type_name(concept_def->type));
  else if (range && concept_def->type != ICT_TYPE_INTEGER)
    ict_read_error(r, range, NULL, "remove it, or write `type: integer`", "'range' for type %s",
                   ict_type_name(concept_def->type));
  else
    return true;
  return false;
}

/* Of a concept that stands above: so parts and wholes cannot go in circles. */
static bool read_part_of(ict_reader *r, const ict_catalog *catalog, const ict_node *body,
                         ict_concept *out) {
  const char *name = NULL;
  if (!ict_node_get(body, "part_of")) return true;
  if (!ict_read_text(r, body, "part_of", true, &name)) return false;
  out->part_of = ict_catalog_find_concept(catalog, name);
  if (out->part_of && out->type == ICT_TYPE_REAL && out->part_of->type == ICT_TYPE_REAL)
    return true;
  ict_read_error(r, ict_node_get(body, "part_of"),
                 "the name of a real concept that stands above, of a real concept", NULL,
                 "'%s' cannot be part of '%s'", out->name, name);
  return false;
}

ict_concept *ict_concept_read(ict_reader *r, const ict_catalog *catalog, const ict_node *name,
                              const ict_node *body) {
  static const char *const keys[] = {
      "title",      "type",       "codes",  "range", "unit",    "axis", "classification",
      "conditions", "definition", "source", "note",  "part_of", NULL};
  static const char *const types[] = {"code", "integer", "real", NULL};
  static const ict_type type_of[] = {ICT_TYPE_CODE, ICT_TYPE_INTEGER, ICT_TYPE_REAL};
  ict_concept *made = ict_read_alloc(r, 1, sizeof *made);
  int type = 0;
  if (!made || !name_is_good(r, name)) return NULL;
  made->name = ict_read_copy(r, name->text);
  made->file = r->file;
  made->line = name->line;
  if (!made->name) return NULL;
  bool good = ict_read_keys(r, body, "a concept", keys);
  if (!body || body->kind != ICT_NODE_MAP) return NULL;
  good = ict_read_text(r, body, "title", true, &made->title) && good;
  good = ict_read_word(r, body, "type", true, types, &type) && good;
  if (!good) return NULL;
  made->type = type_of[type];
  ict_read_text(r, body, "unit", false, &made->unit);
  ict_read_text(r, body, "axis", false, &made->axis);
  ict_read_text(r, body, "classification", false, &made->default_bands);
  ict_read_text(r, body, "definition", false, &made->definition);
  ict_read_source(r, body, false, &made->source, NULL, NULL);
  good = read_part_of(r, catalog, body, made) && keys_fit_type(r, body, made);
  if (made->type == ICT_TYPE_CODE) good = good && read_codes(r, catalog, body, made);
  if (made->type == ICT_TYPE_INTEGER) good = good && read_range(r, body, made);
  return read_conditions(r, catalog, body, made) && good ? made : NULL;
}

void ict_concepts_file(ict_reader *r, ict_catalog *catalog, const ict_node *root) {
  static const char *const keys[] = {"ictstat", "title", "conditions", "concepts", NULL};
  if (!ict_read_keys(r, root, "a file of concepts", keys)) return;
  const ict_node *conditions = ict_node_get(root, "conditions");
  if (conditions && ict_read_is_map(r, conditions, "'conditions'"))
    for (size_t i = 0; i < conditions->n; i++)
      condition_kind(r, catalog, conditions->keys[i], conditions->items[i]);
  const ict_node *concepts = ict_node_get(root, "concepts");
  if (!concepts) ict_read_error(r, root, NULL, NULL, "'concepts' is missing");
  if (!ict_read_is_map(r, concepts, "'concepts'")) return;
  if (concepts->n > 10000) { /* names are looked up one by one */
    ict_read_error(r, concepts, "at most 10,000 concepts", NULL, "%zu concepts", concepts->n);
    return;
  }
  for (size_t i = 0; i < concepts->n; i++) {
    ict_concept *made = ict_concept_read(r, catalog, concepts->keys[i], concepts->items[i]);
    if (!made) continue;
    const ict_concept *other = ict_catalog_find_concept(catalog, made->name);
    if (ict_id_is_free(r, concepts->keys[i], "concept", made->name, other ? other->file : NULL,
                       other ? other->line : 0, other != NULL))
      ict_list_add(r, &catalog->concepts, made);
  }
}

ict_variable ict_concept_variable(const ict_concept *concept_def, const ict_codelist *codes) {
  ict_width width = ICT_F64;
  if (concept_def->type == ICT_TYPE_CODE) width = codes ? ict_width_for_codes(codes->n) : ICT_U16;
  if (concept_def->type == ICT_TYPE_INTEGER)
    width = ict_width_for_range(concept_def->lowest, concept_def->highest);
  return (ict_variable){.name = concept_def->name,
                        .title = concept_def->title,
                        .type = concept_def->type,
                        .width = width,
                        .codes = codes,
                        .unit = concept_def->unit,
                        .n_conditions = concept_def->n_conditions,
                        .conditions = concept_def->conditions};
}
