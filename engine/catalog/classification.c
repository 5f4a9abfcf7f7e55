/* classification.c - code lists and classifications: indicators/classifications/.
 *
 * In: the tree of one file. Out: an ict_codelist or ict_classification in the catalogue.
 * Owns: what a code may be, and that classes are disjoint. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/room.h"
#include "data/missing.h"

/* A code becomes a cell of the result and the right side of a map: it must not read as
 * the total or as a kind of missing, nor hold what would break a cell's key. */
static bool code_is_good(ict_reader *r, const ict_node *at, const char *code) {
  ict_missing kind;
  if (strcmp(code, "_T") == 0)
    ict_read_error(r, at, NULL, "leave it out", "'_T' is the total; it is always there");
  else if (ict_missing_find(code, &kind))
    ict_read_error(r, at, NULL, "choose another code", "'%s' names a kind of missing", code);
  else if (strpbrk(code, "\n\r\t") || code[0] == ' ' || strlen(code) > 200)
    ict_read_error(r, at, "a short code on one line", NULL, "'%s' cannot be a code", code);
  else
    return true;
  return false;
}

static int by_code(const void *a, const void *b) {
  return strcmp(((const ict_code *)a)->id, ((const ict_code *)b)->id);
}

static const char *double_code(ict_reader *r, const ict_code *codes, size_t n) {
  ict_code *sorted = ict_alloc(n, sizeof *sorted);
  const char *twice = NULL;
  if (!sorted) {
    ict_read_no_memory(r);
    return NULL;
  }
  memcpy(sorted, codes, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, by_code);
  for (size_t i = 1; i < n && !twice; i++)
    if (strcmp(sorted[i - 1].id, sorted[i].id) == 0) twice = sorted[i].id;
  ict_free(sorted);
  return twice;
}

static const ict_codelist *make_list(ict_reader *r, const ict_node *at, const char *id,
                                     const char *title, const char *source, const ict_code *codes,
                                     size_t n) {
  if (n == 0 || n > 65000) {
    ict_read_error(r, at, "1 to 65,000 codes", NULL, "%s has %zu codes", id, n);
    return NULL;
  }
  const char *twice = double_code(r, codes, n);
  if (twice) {
    ict_read_error(r, at, NULL, "keep one of the two", "%s has the code '%s' twice", id, twice);
    return NULL;
  }
  ict_codelist *list = ict_read_alloc(r, 1, sizeof *list);
  if (!list) return NULL;
  *list = (ict_codelist){.id = id, .title = title, .source = source, .n = n, .codes = codes};
  return list;
}

const ict_codelist *ict_codes_read(ict_reader *r, const char *id, const char *title,
                                   const ict_node *map) {
  if (!ict_read_is_map(r, map, "'codes'")) return NULL;
  ict_code *codes = ict_read_alloc(r, map->n, sizeof *codes);
  bool good = codes != NULL;
  for (size_t i = 0; codes && i < map->n; i++) {
    good = code_is_good(r, map->keys[i], map->keys[i]->text) && good;
    codes[i].id = ict_read_copy(r, map->keys[i]->text);
    good = codes[i].id && ict_read_scalar(r, map->items[i], "the label", &codes[i].label) && good;
  }
  return good ? make_list(r, map, id, title, NULL, codes, map->n) : NULL;
}

/* ---- code lists ---- */

static bool code_entry(ict_reader *r, const ict_node *entry, ict_code *code) {
  static const char *const keys[] = {"id", "label", "parent", "note", NULL};
  if (!ict_read_keys(r, entry, "a code", keys)) return false;
  if (!ict_read_text(r, entry, "id", true, &code->id)) return false;
  code->label = code->id;
  ict_read_text(r, entry, "label", false, &code->label);
  ict_read_text(r, entry, "parent", false, &code->parent);
  return code_is_good(r, ict_node_get(entry, "id"), code->id);
}

void ict_codelist_file(ict_reader *r, ict_catalog *catalog, const ict_node *root) {
  static const char *const keys[] = {"ictstat", "id", "title", "source", "note", "codes", NULL};
  const char *id = NULL, *title = NULL, *source = NULL;
  bool good = ict_read_keys(r, root, "a code list", keys);
  good = ict_read_text(r, root, "id", true, &id) && good;
  good = ict_read_text(r, root, "title", true, &title) && good;
  ict_read_source(r, root, true, &source, NULL, NULL);
  const ict_node *list = ict_node_get(root, "codes");
  if (!list) ict_read_error(r, root, NULL, NULL, "'codes' is missing");
  if (!ict_read_is_list(r, list, "'codes'")) return;
  ict_code *codes = ict_read_alloc(r, list->n, sizeof *codes);
  for (size_t i = 0; codes && i < list->n; i++)
    good = code_entry(r, list->items[i], &codes[i]) && good;
  if (!codes || !good) return;
  const ict_codelist *made = make_list(r, list, id, title, source, codes, list->n);
  if (!made) return;
  for (size_t i = 0; i < made->n; i++) {
    if (!codes[i].parent || ict_codelist_find(made, codes[i].parent) >= 0) continue;
    ict_read_near(r, list->items[i], "a code of the same list",
                  ict_code_nearest(made, codes[i].parent), "%s: no parent '%s'", codes[i].id,
                  codes[i].parent);
    return;
  }
  if (ict_id_is_free(r, ict_node_get(root, "id"), "code list", id, NULL, 0,
                     ict_list_find(&catalog->codelists, id) != NULL))
    ict_list_add(r, &catalog->codelists, (void *)(uintptr_t)made);
}

/* ---- classifications ---- */

static bool band(ict_reader *r, const ict_node *entry, ict_class *out) {
  out->to = INT64_MAX;
  if (ict_node_get(entry, "codes")) {
    ict_read_error(r, ict_node_get(entry, "codes"), "`from` and `to`", NULL,
                   "'codes' in a class of numbers");
    return false;
  }
  if (!ict_read_integer(r, entry, "from", true, &out->from)) return false;
  if (ict_node_get(entry, "to") && !ict_read_integer(r, entry, "to", false, &out->to)) return false;
  if (out->from <= out->to) return true;
  ict_read_error(r, entry, NULL, "swap `from` and `to`", "the class '%s' ends before it begins",
                 out->id);
  return false;
}

static bool group(ict_reader *r, const ict_node *entry, const ict_codelist *list, ict_class *out) {
  const ict_node *codes = ict_node_get(entry, "codes");
  if (!ict_read_texts(r, entry, "codes", true, &out->codes, &out->n_codes)) return false;
  bool good = true;
  for (size_t i = 0; list && i < out->n_codes; i++) { /* an open list takes any code */
    if (ict_codelist_find(list, out->codes[i]) >= 0) continue;
    const ict_node *at = codes->kind == ICT_NODE_LIST ? codes->items[i] : codes;
    ict_read_near(r, at, NULL, ict_code_nearest(list, out->codes[i]), "%s has no code '%s'",
                  list->id, out->codes[i]);
    good = false;
  }
  return good;
}

static bool share_a_value(const ict_class *a, const ict_class *b) {
  if (!a->codes) return a->from <= b->to && b->from <= a->to;
  for (size_t i = 0; i < a->n_codes; i++)
    for (size_t j = 0; j < b->n_codes; j++)
      if (strcmp(a->codes[i], b->codes[j]) == 0) return true;
  return false;
}

/* Classes are few (tens); a file with thousands is refused before this. */
static bool are_disjoint(ict_reader *r, const ict_node *list, const ict_class *classes) {
  for (size_t i = 0; i < list->n; i++)
    for (size_t j = 0; j < i; j++) {
      if (!share_a_value(&classes[j], &classes[i])) continue;
      ict_read_error(r, list->items[i], "classes that share no value",
                     "make a second classification for overlapping groups",
                     "the classes '%s' and '%s' overlap", classes[j].id, classes[i].id);
      return false;
    }
  return true;
}

static bool class_entry(ict_reader *r, const ict_node *entry, const ict_concept *concept_def,
                        ict_class *out) {
  static const char *const keys[] = {"id", "label", "from", "to", "codes", "note", NULL};
  if (!ict_read_keys(r, entry, "a class", keys)) return false;
  if (!ict_read_text(r, entry, "id", true, &out->id)) return false;
  out->label = out->id;
  ict_read_text(r, entry, "label", false, &out->label);
  if (!code_is_good(r, ict_node_get(entry, "id"), out->id)) return false;
  return concept_def->type == ICT_TYPE_CODE ? group(r, entry, concept_def->codes, out)
                                            : band(r, entry, out);
}

static const ict_classification *classes_of(ict_reader *r, const ict_node *list,
                                            const ict_concept *concept_def,
                                            ict_classification *made) {
  if (!ict_read_is_list(r, list, "'classes'")) return NULL;
  if (list->n == 0 || list->n > 1000) {
    ict_read_error(r, list, "1 to 1,000 classes", NULL, "%zu classes", list->n);
    return NULL;
  }
  ict_class *classes = ict_read_alloc(r, list->n, sizeof *classes);
  ict_code *codes = ict_read_alloc(r, list->n, sizeof *codes);
  if (!classes || !codes) return NULL;
  bool good = true;
  for (size_t i = 0; i < list->n; i++) {
    good = class_entry(r, list->items[i], concept_def, &classes[i]) && good;
    codes[i] = (ict_code){.id = classes[i].id, .label = classes[i].label};
  }
  if (!good || !are_disjoint(r, list, classes)) return NULL;
  made->n = list->n;
  made->classes = classes;
  made->codes = make_list(r, list, made->id, made->title, made->source, codes, list->n);
  return made->codes ? made : NULL;
}

void ict_classification_file(ict_reader *r, ict_catalog *catalog, const ict_node *root) {
  static const char *const keys[] = {"ictstat", "id",   "concept", "title",
                                     "source",  "note", "classes", NULL};
  ict_classification *made = ict_read_alloc(r, 1, sizeof *made);
  if (!made) return;
  bool good = ict_read_keys(r, root, "a classification", keys);
  good = ict_read_text(r, root, "id", true, &made->id) && good;
  good = ict_read_text(r, root, "concept", true, &made->concept_name) && good;
  good = ict_read_text(r, root, "title", true, &made->title) && good;
  ict_read_source(r, root, true, &made->source, NULL, NULL);
  made->file = r->file;
  made->line = root->line;
  if (!good) return;
  const ict_concept *concept_def =
      ict_concept_named(r, catalog, ict_node_get(root, "concept"), made->concept_name, NULL);
  if (!concept_def) return;
  if (concept_def->type == ICT_TYPE_REAL) {
    ict_read_error(r, ict_node_get(root, "concept"), "a coded or an integer concept", NULL,
                   "'%s' is a real number", concept_def->name);
    return;
  }
  const ict_classification *other =
      ict_catalog_find_classification(catalog, made->concept_name, made->id);
  if (!ict_id_is_free(r, ict_node_get(root, "id"), "classification", made->id,
                      other ? other->file : NULL, other ? other->line : 0, other != NULL))
    return;
  const ict_node *list = ict_node_get(root, "classes");
  if (!list) ict_read_error(r, root, NULL, NULL, "'classes' is missing");
  if (classes_of(r, list, concept_def, made)) ict_list_add(r, &catalog->classifications, made);
}

size_t ict_class_of_number(const ict_classification *c, int64_t value) {
  size_t k = 0;
  while (k < c->n && !(value >= c->classes[k].from && value <= c->classes[k].to)) k++;
  return k;
}

size_t ict_class_of_code(const ict_classification *c, const char *code) {
  for (size_t k = 0; k < c->n; k++)
    for (size_t i = 0; i < c->classes[k].n_codes; i++)
      if (strcmp(c->classes[k].codes[i], code) == 0) return k;
  return c->n;
}
