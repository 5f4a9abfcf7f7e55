/* table_map_series.c - `series:` of a file: which indicator or concept a series of the table is.
 *
 * In: the tree, the catalogue. Out: ict_table_series. Owns: that indicators, items and concepts
 * exist, and that a rate is not taken for a count. */
#include <string.h>

#include "base/text.h"
#include "catalog/table_map_room.h"

static const char *const KEYS[] = {"indicator", "item",           "title", "concept", "fold",
                                   "scale",     "may_exceed_100", "note",  NULL};

/* By id or by SDMX composite code. */
static const ict_item *find_item(const ict_indicator *indicator, const char *name) {
  for (size_t i = 0; i < indicator->n_items; i++) {
    const ict_item *item = &indicator->items[i];
    if (strcmp(item->id, name) == 0 || strcmp(item->composite, name) == 0) return item;
  }
  return NULL;
}

static void no_item(ict_table_reader *t, const ict_node *at, const ict_indicator *indicator,
                    const char *name) {
  const char **ids = ict_alloc(indicator->n_items, sizeof *ids);
  ict_str expected;
  ict_str_init(&expected);
  ict_str_add(&expected, "one of");
  for (size_t i = 0; i < indicator->n_items; i++) {
    if (ids) ids[i] = indicator->items[i].id;
    ict_str_addf(&expected, "%s %s", i ? "," : "", indicator->items[i].id);
  }
  ict_read_near(t->r, at, expected.failed ? NULL : expected.text,
                ids ? ict_text_nearest(name, ids, indicator->n_items) : NULL, "%s has no item '%s'",
                indicator->id, name);
  ict_str_done(&expected);
  ict_free(ids);
}

static bool published(ict_table_reader *t, const ict_node *body, ict_table_series *out) {
  const char *item = NULL;
  out->kind = ICT_SERIES_PUBLISHED;
  if (!ict_read_text(t->r, body, "indicator", true, &out->indicator)) return false;
  ict_read_text(t->r, body, "title", false, &out->title);
  const ict_indicator *known = ict_catalog_find_indicator(t->catalog, out->indicator);
  if (!known && !out->title) {
    ict_err no;
    ict_catalog_no_indicator(t->catalog, out->indicator, &no);
    ict_read_error(t->r, ict_node_get(body, "indicator"), no.expected[0] ? no.expected : NULL,
                   "correct the id, or give the indicator a `title` of its own", "%s", no.what);
    return false;
  }
  if (known && known->n_items == 0) {
    ict_read_error(t->r, ict_node_get(body, "indicator"), NULL, "name the entry that it is",
                   "%s has no values of its own: other entries answer it, or nobody can compute it",
                   known->id);
    return false;
  }
  if (known) out->indicator = known->id;
  out->known = known;
  if (!ict_node_get(body, "item")) return true;
  if (!ict_read_text(t->r, body, "item", true, &item)) return false;
  out->item = known ? find_item(known, item) : NULL;
  if (out->item) return true;
  if (known) {
    no_item(t, ict_node_get(body, "item"), known, item);
  } else {
    ict_read_error(t->r, ict_node_get(body, "item"), NULL,
                   "give each series an indicator id of its own",
                   "'item' needs an indicator of the catalogue");
  }
  return false;
}

static bool counted(ict_table_reader *t, const ict_node *body, ict_table_series *out) {
  const char *name = NULL;
  out->kind = ICT_SERIES_COUNTED;
  if (!ict_read_text(t->r, body, "concept", true, &name)) return false;
  const char *expected = "a concept that is a number of something";
  const ict_node *at = ict_node_get(body, "concept");
  const ict_concept *c = ict_concept_named(t->r, t->catalog, at, name, expected);
  if (!c) return false;
  if (c->type != ICT_TYPE_REAL) {
    ict_read_near(t->r, at, expected, NULL, "'%s' is not a number of something", name);
    return false;
  }
  out->concept_def = c;
  return true;
}

static bool read_one(ict_table_reader *t, const ict_node *name, const ict_node *body,
                     ict_table_series *out) {
  static const char *const folds[] = {"none", "sum", "max", NULL};
  int fold = 0;
  *out = (ict_table_series){.scale = 1, .at = ict_mark_of(name)};
  out->key = ict_read_copy(t->r, name->text);
  if (!out->key) return false;
  if (body->kind == ICT_NODE_SCALAR && strcmp(body->text, "drop") == 0) {
    out->kind = ICT_SERIES_LEFT_OUT;
    return true;
  }
  if (!ict_read_is_map(t->r, body, "what a series is")) return false;
  bool is_indicator = ict_node_get(body, "indicator") != NULL;
  if (is_indicator == (ict_node_get(body, "concept") != NULL)) {
    ict_read_error(t->r, name,
                   "{indicator: ID} for published values, {concept: NAME} for numbers to compute "
                   "with, or drop",
                   NULL, "the series '%s' says %s", name->text,
                   is_indicator ? "both indicator and concept" : "neither indicator nor concept");
    return false;
  }
  bool good = is_indicator ? published(t, body, out) : counted(t, body, out);
  if (ict_node_get(body, "fold")) {
    good = ict_read_word(t->r, body, "fold", true, folds, &fold) && good;
    if (is_indicator) {
      ict_read_error(t->r, ict_node_get(body, "fold"), NULL, "remove it",
                     "published values are not folded");
      good = false;
    }
  }
  out->fold = (ict_fold)fold;
  if (ict_read_number(t->r, body, "scale", false, &out->scale) && !(out->scale > 0)) {
    ict_read_error(t->r, ict_node_get(body, "scale"), "a number above 0", NULL,
                   "the scale of '%s' is %g", name->text, out->scale);
    good = false;
  }
  ict_read_bool(t->r, body, "may_exceed_100", false, &out->may_exceed);
  return ict_table_says(t, body, KEYS, NULL, NULL, &out->constants, &out->n_constants) && good;
}

void ict_table_series_read(ict_table_reader *t, const ict_node *name, const ict_node *body,
                           ict_table_file *out) {
  const ict_node *map = ict_node_get(body, "series");
  if (!map) {
    ict_read_error(t->r, name, "series: {KEY: {indicator: 17.8.1}}", NULL,
                   "nothing says what the series of '%s' are", name->text);
    return;
  }
  if (!ict_read_is_map(t->r, map, "'series'")) return;
  ict_table_series *made = ict_read_alloc(t->r, map->n, sizeof *made);
  size_t n = 0;
  for (size_t i = 0; made && i < map->n; i++)
    if (read_one(t, map->keys[i], map->items[i], &made[n])) n++;
  out->series = made;
  out->n_series = n;
}
