/* indicator.c - one file below indicators/FRAMEWORK/ becomes an ict_indicator.
 *
 * In: the tree of the file; concepts and conditions of the catalogue. Out: a checked
 * indicator, its expressions parsed and type-checked over all concepts.
 * Owns: which parts an indicator of each measure has. */
#include "catalog/indicator.h"

#include <ctype.h>
#include <string.h>

#include "catalog/room.h"

/* What is read before the items and passed on to them. */
typedef struct frame {
  ict_reader *r;
  ict_catalog *catalog;
  const ict_node *root;
  ict_indicator *made;
  ict_item parts; /* numerator and denominator of all items that have none */
  size_t n_needs;
  const ict_need *needs;
  ict_probabilities probabilities; /* of the indicator */
} frame;

static bool id_is_good(ict_reader *r, const ict_node *map, const char *key, const char *id) {
  for (const char *p = id; *p; p++) {
    if (isalnum((unsigned char)*p) || strchr("._-", *p)) continue;
    ict_read_error(r, ict_node_get(map, key), "letters, digits, '.', '_', '-'", NULL,
                   "'%s' cannot be an %s", id, key);
    return false;
  }
  return true;
}

static bool check(frame *f, const ict_expr *expr, ict_type want) {
  return ict_check_over_concepts(f->r, f->catalog, expr, want);
}

/* ---- needs ---- */

static bool read_need(frame *f, const ict_node *name, const ict_node *body, ict_need *out) {
  const ict_concept *concept_def = ict_concept_named(f->r, f->catalog, name, name->text, NULL);
  if (!concept_def) return false;
  if (!ict_read_is_map(f->r, body, "a need")) return false;
  ict_condition *conditions = ict_read_alloc(f->r, body->n, sizeof *conditions);
  if (!conditions) return false;
  bool good = true;
  for (size_t i = 0; i < body->n; i++) {
    good =
        ict_condition_read(f->r, f->catalog, body->keys[i], body->items[i], &conditions[i]) && good;
    if (!good || ict_concept_has_condition(concept_def, conditions[i].name)) continue;
    ict_read_error(f->r, body->keys[i], NULL, "add it to the concept's `conditions`",
                   "the concept '%s' has no condition '%s'", name->text, conditions[i].name);
    good = false;
  }
  out->concept_name = concept_def->name;
  out->n_conditions = body->n;
  out->conditions = conditions;
  return good;
}

/* Two needs that can never both be met would make the indicator incomputable. */
static bool needs_agree(frame *f, const ict_node *at, const ict_need *a, const ict_need *b) {
  if (strcmp(a->concept_name, b->concept_name) != 0) return true;
  for (size_t i = 0; i < a->n_conditions; i++)
    for (size_t j = 0; j < b->n_conditions; j++) {
      if (strcmp(a->conditions[i].name, b->conditions[j].name) != 0) continue;
      if (strcmp(a->conditions[i].value, b->conditions[j].value) == 0) continue;
      ict_read_error(f->r, at, NULL, "say it on each item, not on the indicator",
                     "the indicator asks for %s: %s, the item for %s: %s", a->conditions[i].name,
                     a->conditions[i].value, b->conditions[j].name, b->conditions[j].value);
      return false;
    }
  return true;
}

/* The needs of the map after those the item inherits. */
static bool read_needs(frame *f, const ict_node *map, size_t *n, const ict_need **out) {
  const ict_node *body = ict_node_get(map, "needs");
  *n = f->n_needs;
  *out = f->needs;
  if (!body) return true;
  if (!ict_read_is_map(f->r, body, "'needs'")) return false;
  ict_need *needs = ict_read_alloc(f->r, f->n_needs + body->n, sizeof *needs);
  if (!needs) return false;
  if (f->n_needs) memcpy(needs, f->needs, f->n_needs * sizeof *needs);
  bool good = true;
  for (size_t i = 0; i < body->n; i++) {
    ict_need *need = &needs[f->n_needs + i];
    if (!read_need(f, body->keys[i], body->items[i], need)) {
      good = false;
      continue;
    }
    for (size_t j = 0; j < f->n_needs; j++)
      good = needs_agree(f, body->keys[i], &f->needs[j], need) && good;
  }
  *n = f->n_needs + body->n;
  *out = needs;
  return good;
}

/* ---- numerator and denominator ---- */

static bool is_condition(ict_measure measure) {
  return measure == ICT_PROPORTION || measure == ICT_COUNT;
}

static const ict_expr *read_expr(frame *f, const ict_node *map, const char *key,
                                 const char **text) {
  return ict_let_expr(f->r, f->made->lets, f->made->n_lets, map, key, &f->catalog->exprs, text);
}

/* Reads and checks both where the map has them; what it has not stays as it was. */
static bool read_parts(frame *f, const ict_node *map, ict_item *parts) {
  ict_measure measure = f->made->measure;
  ict_type type = is_condition(measure) ? ICT_TYPE_BOOLEAN : ICT_TYPE_REAL;
  bool good = true;
  if (ict_node_get(map, "numerator")) {
    parts->numerator = read_expr(f, map, "numerator", &parts->numerator_text);
    if (measure == ICT_SHARE) type = ict_type_over_concepts(f->r, f->catalog, parts->numerator);
    good = check(f, parts->numerator, type);
  }
  const ict_node *below = ict_node_get(map, "denominator");
  if (!below) return good;
  if (measure != ICT_PROPORTION && measure != ICT_RATIO) {
    ict_read_error(f->r, below, NULL, "remove it, or write `measure: ratio`",
                   "a %s has no denominator", ict_measure_name(measure));
    return false;
  }
  parts->denominator = read_expr(f, map, "denominator", &parts->denominator_text);
  return check(f, parts->denominator, type) && good;
}

static bool parts_are_whole(frame *f, const ict_node *at, const ict_item *item) {
  const char *lacks = NULL;
  if (!item->numerator)
    lacks = "numerator";
  else if (!item->denominator && f->made->measure == ICT_RATIO)
    lacks = "denominator";
  if (!lacks) return true;
  ict_read_error(f->r, at, NULL, "write it on the indicator or on every item",
                 "'%s' is missing for this %s", lacks, ict_measure_name(f->made->measure));
  return false;
}

/* ---- items ---- */

static bool read_validity(frame *f, const ict_node *map, ict_item *item) {
  static const char *const keys[] = {"from", "until", NULL};
  const ict_node *body = ict_node_get(map, "valid");
  if (!body) return true;
  if (!ict_read_keys(f->r, body, "'valid'", keys)) return false;
  bool good = true;
  if (ict_node_get(body, "from"))
    good = ict_read_integer(f->r, body, "from", true, &item->valid_from);
  if (ict_node_get(body, "until"))
    good = ict_read_integer(f->r, body, "until", true, &item->valid_until) && good;
  if (good && item->valid_until && item->valid_from > item->valid_until) {
    ict_read_error(f->r, body, NULL, "swap `from` and `until`", "'valid' ends before it begins");
    return false;
  }
  return good;
}

static bool read_item(frame *f, const ict_node *body, ict_item *item) {
  static const char *const keys[] = {"id",    "label",        "sdmx",        "numerator",
                                     "valid", "series",       "needs",       "denominator",
                                     "note",  "unit_measure", "probability", NULL};
  if (!ict_read_keys(f->r, body, "an item", keys)) return false;
  bool good = ict_read_text(f->r, body, "id", true, &item->id);
  good = ict_read_text(f->r, body, "label", true, &item->label) && good;
  if (!good || !id_is_good(f->r, body, "id", item->id)) return false;
  item->composite = "_T";
  ict_read_text(f->r, body, "sdmx", false, &item->composite);
  ict_read_text(f->r, body, "series", false, &item->series);
  ict_read_text(f->r, body, "unit_measure", false, &item->unit_measure);
  ict_read_text(f->r, body, "note", false, &item->note);
  item->numerator = f->parts.numerator;
  item->denominator = f->parts.denominator;
  item->numerator_text = f->parts.numerator_text;
  item->denominator_text = f->parts.denominator_text;
  good = read_parts(f, body, item);
  good = read_validity(f, body, item) && good;
  good = read_needs(f, body, &item->n_needs, &item->needs) && good;
  good = ict_probability_of_item(f->r, body, f->made, &f->probabilities, item) && good;
  return good && parts_are_whole(f, body, item);
}

/* The item of an indicator that lists none; those of several probabilities are made from it. */
static bool one_item(frame *f) {
  ict_item item = (ict_item){.id = "",
                             .label = f->made->title,
                             .composite = "_T",
                             .numerator = f->parts.numerator,
                             .denominator = f->parts.denominator,
                             .numerator_text = f->parts.numerator_text,
                             .denominator_text = f->parts.denominator_text,
                             .n_needs = f->n_needs,
                             .needs = f->needs};
  return parts_are_whole(f, f->root, &item) &&
         ict_probability_items(f->r, f->root, &f->probabilities, &item, f->made);
}

static bool read_items(frame *f) {
  const ict_node *list = ict_node_get(f->root, "items");
  if (!list) return one_item(f);
  if (!ict_read_is_list(f->r, list, "'items'")) return false;
  if (list->n == 0 || list->n > 1000) {
    ict_read_error(f->r, list, "1 to 1,000 items", NULL, "%zu items", list->n);
    return false;
  }
  ict_item *items = ict_read_alloc(f->r, list->n, sizeof *items);
  if (!items) return false;
  bool good = true;
  for (size_t i = 0; i < list->n; i++) {
    good = read_item(f, list->items[i], &items[i]) && good;
    for (size_t j = 0; good && j < i; j++) {
      if (strcmp(items[i].id, items[j].id) != 0) continue;
      ict_read_error(f->r, list->items[i], NULL, "choose another id", "the item '%s' comes twice",
                     items[i].id);
      good = false;
    }
  }
  f->made->n_items = list->n;
  f->made->items = items;
  return good;
}

/* ---- the rest of the file ---- */

static bool read_breakdowns(frame *f) {
  const ict_node *list = ict_node_get(f->root, "breakdowns");
  ict_indicator *made = f->made;
  if (!list) return true;
  if (!ict_read_texts(f->r, f->root, "breakdowns", true, &made->breakdowns, &made->n_breakdowns))
    return false;
  bool good = true;
  for (size_t i = 0; i < made->n_breakdowns; i++) {
    const ict_node *at = list->kind == ICT_NODE_LIST ? list->items[i] : list;
    good = ict_concept_named(f->r, f->catalog, at, made->breakdowns[i], NULL) && good;
  }
  return good;
}

static bool read_sdmx(frame *f) {
  static const char *const keys[] = {"series", "unit_measure", "unit_mult", NULL};
  ict_indicator *made = f->made;
  int64_t mult = 0;
  made->series = made->unit_measure = "";
  made->scale = 1;
  const ict_node *body = ict_node_get(f->root, "sdmx");
  if (!body) return true;
  if (!ict_read_keys(f->r, body, "'sdmx'", keys)) return false;
  ict_read_text(f->r, body, "series", false, &made->series);
  ict_read_text(f->r, body, "unit_measure", false, &made->unit_measure);
  if (ict_node_get(body, "unit_mult") && !ict_read_integer(f->r, body, "unit_mult", true, &mult))
    return false;
  if (mult < -30 || mult > 30) {
    ict_read_error(f->r, ict_node_get(body, "unit_mult"), "a power of ten, -30 to 30", NULL,
                   "'unit_mult' is out of range");
    return false;
  }
  made->unit_mult = (int)mult;
  bool share = made->measure != ICT_TOTAL_OF && made->measure != ICT_COUNT;
  bool hundred =
      strcmp(made->unit_measure, "PT") == 0 || strcmp(made->unit_measure, "PER_100_POP") == 0;
  if (share && hundred) made->scale = 100;
  return true;
}

static bool read_head(frame *f) {
  ict_reader *r = f->r;
  const ict_node *root = f->root;
  ict_indicator *made = f->made;
  int measure = 0;
  bool good = ict_read_text(r, root, "id", true, &made->id);
  good = good && id_is_good(r, root, "id", made->id);
  good = ict_read_text(r, root, "title", true, &made->title) && good;
  good = ict_read_text(r, root, "framework", true, &made->framework) && good;
  good = good && id_is_good(r, root, "framework", made->framework);
  made->unit = ""; /* an entry that stands for others has theirs */
  bool bare = ict_entry_is_bare(root);
  good = (ict_read_text(r, root, "unit", !bare, &made->unit) || bare) && good;
  if (!ict_node_get(root, "contrast") && !bare)
    good = ict_read_word(r, root, "measure", true, ict_measures, &measure) && good;
  made->measure = (ict_measure)measure;
  ict_read_text(r, root, "universe_text", false, &made->universe_text);
  ict_read_text(r, root, "custodian", false, &made->custodian);
  ict_read_text(r, root, "definition", false, &made->definition);
  ict_read_text(r, root, "note", false, &made->note);
  ict_read_source(r, root, true, &made->source, &made->source_version, &made->support);
  good = ict_entry_read(r, root, made) && good;
  made->aggregate = true;
  ict_read_bool(r, root, "aggregate", false, &made->aggregate);
  made->file = r->file;
  made->line = root->line;
  return good;
}

static void keep(frame *f) {
  ict_catalog *catalog = f->catalog;
  const ict_indicator *other = ict_list_find(&catalog->indicators, f->made->id);
  if (ict_id_is_free(f->r, ict_node_get(f->root, "id"), "indicator", f->made->id,
                     other ? other->file : NULL, other ? other->line : 0, other != NULL))
    ict_list_add(f->r, &catalog->indicators, f->made);
}

/* What it measures stands in the indicator it compares the classes of. */
static void contrast_file(frame *f) {
  static const char *const keys[] = {
      "ictstat", "id",        "title",         "framework",  "unit",       "contrast",
      "sdmx",    "custodian", "universe_text", "breakdowns", "definition", "source",
      "note",    "aggregate", "target",        "data_need",  "grade",      NULL};
  bool good = ict_read_keys(f->r, f->root, "an indicator that is a contrast", keys);
  if (!read_head(f)) return;
  good = ict_contrast_read(f->r, f->catalog, ict_node_get(f->root, "contrast"), f->made) && good;
  good = read_sdmx(f) && good;
  good = read_breakdowns(f) && good;
  if (good) keep(f);
}

/* It stands for others, or says why it cannot be computed. */
static void bare_file(frame *f) {
  static const char *const keys[] = {"ictstat", "id",          "title",          "framework",
                                     "unit",    "custodian",   "definition",     "source",
                                     "note",    "target",      "data_need",      "grade",
                                     "sdmx",    "answered_by", "not_computable", NULL};
  bool good = ict_read_keys(f->r, f->root, "an indicator without a definition of its own", keys);
  if (!read_head(f)) return;
  good = ict_entry_bare_read(f->r, f->root, f->made) && good;
  good = read_sdmx(f) && good;
  if (good) keep(f);
}

void ict_indicator_file(ict_reader *r, ict_catalog *catalog, const ict_node *root) {
  static const char *const keys[] = {
      "ictstat",    "id",         "title",     "framework",     "unit",
      "measure",    "universe",   "numerator", "denominator",   "needs",
      "items",      "sdmx",       "source",    "universe_text", "custodian",
      "breakdowns", "definition", "note",      "aggregate",     "target",
      "data_need",  "grade",      "let",       "probability",   "across",
      NULL};
  frame f = {.r = r, .catalog = catalog, .root = root};
  f.made = ict_read_alloc(r, 1, sizeof *f.made);
  if (!f.made) return;
  if (ict_node_get(root, "contrast")) {
    contrast_file(&f);
    return;
  }
  if (ict_entry_is_bare(root)) {
    bare_file(&f);
    return;
  }
  bool good = ict_read_keys(r, root, "an indicator", keys);
  if (!read_head(&f)) return;
  good = ict_lets_read(r, catalog, root, &f.made->n_lets, &f.made->lets) && good;
  if (ict_node_get(root, "universe")) {
    const char *text = NULL;
    f.made->universe = read_expr(&f, root, "universe", &text);
    good = check(&f, f.made->universe, ICT_TYPE_BOOLEAN) && good;
  }
  good = read_sdmx(&f) && good;
  good = ict_probability_read(r, root, f.made->measure, &f.probabilities) && good;
  good = ict_across_read(r, catalog, root, f.made) && good;
  good = read_parts(&f, root, &f.parts) && good;
  size_t n_needs = 0;
  const ict_need *needs = NULL;
  good = read_needs(&f, root, &n_needs, &needs) && good;
  f.n_needs = n_needs;
  f.needs = needs;
  good = read_breakdowns(&f) && good;
  good = good && read_items(&f); /* after an error above each item would repeat it */
  if (good) keep(&f);
}
