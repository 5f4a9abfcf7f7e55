/* mapping_calibration.c - `calibration:` of a design.
 *
 * In: the tree. Out: an ict_map_calibration.
 * Owns: which words go with which method, and that a classification is named where one is needed.
 * Whether the table has the variables, and what the totals are, is known at import. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/mapping_room.h"
#include "data/frame.h"

#define TOLERANCE   1e-10
#define MOST_ROUNDS 1000

static bool is_proportional(const ict_map_calibration *c) {
  return c->method == ICT_CALIBRATE_POST_STRATIFY || c->method == ICT_CALIBRATE_RAKE;
}

/* [low, high]; false where it is not there or wrong (recorded). */
static bool read_limits(ict_mapper *m, const ict_node *map, const char *key, double limits[2]) {
  const char *const *texts;
  size_t n;
  double read[2];
  if (!ict_node_get(map, key) || !ict_read_texts(m->r, map, key, true, &texts, &n)) return false;
  bool good = n == 2;
  for (size_t i = 0; good && i < n; i++)
    good = ict_number_parse(ict_slice_of(texts[i]), '.', &read[i]);
  if (!good || !(read[0] >= 0 && read[0] < read[1])) {
    ict_read_error(m->r, ict_node_get(map, key), "two numbers from 0, such as [0.3, 3]", NULL,
                   "'%s' are not a lower and an upper limit", key);
    return false;
  }
  limits[0] = read[0];
  limits[1] = read[1];
  return true;
}

/* Of ratios to the design weight, which 1 must be within. */
static void read_ratios(ict_mapper *m, const ict_node *map, const char *key, double limits[2]) {
  if (!read_limits(m, map, key, limits) || (limits[0] < 1 && limits[1] > 1)) return;
  ict_read_error(m->r, ict_node_get(map, key), "limits with 1 between them, such as [0.3, 3]",
                 "give the limits as ratios to the design weight", "'%s' leave no weight as it is",
                 key);
}

/* ---- margins ----------------------------------------------------------------------------- */

/* "age:itu" */
static bool read_axis(ict_mapper *m, const ict_node *node, const char *text, ict_map_axis *out) {
  const char *colon = strchr(text, ':');
  ict_node name = *node;
  name.kind = ICT_NODE_SCALAR;
  out->at = ict_mark_of(node);
  name.text = colon ? ict_arena_strndup(m->r->arena, text, (size_t)(colon - text)) : text;
  if (!name.text) {
    ict_read_no_memory(m->r);
    return false;
  }
  out->name = name.text;
  if (!colon && (strcmp(text, ICT_VAR_AREA) == 0 || strcmp(text, ICT_VAR_PERIOD) == 0)) return true;
  const ict_concept *concept_def = ict_map_concept_find(m, &name);
  if (!concept_def) return false;
  const char *id = colon ? colon + 1 : NULL;
  if (concept_def->type == ICT_TYPE_REAL) {
    ict_read_error(m->r, node, "a coded concept, or a whole number with a classification",
                   "calibrate to its total, with `numbers`", "'%s' is a measurement", out->name);
    return false;
  }
  if (concept_def->type == ICT_TYPE_INTEGER && !id) id = concept_def->default_bands;
  if (!id && concept_def->type == ICT_TYPE_CODE) return true;
  if (id) out->classification = ict_catalog_find_classification(m->catalog, out->name, id);
  if (out->classification) return true;
  ict_read_error(m->r, node, "CONCEPT or CONCEPT:CLASSIFICATION",
                 "see `ictstat list --concepts` for its classifications",
                 id ? "'%s' has no classification '%s'" : "'%s' is a number and has no bands%s",
                 out->name, id ? id : "");
  return false;
}

static bool read_margin(ict_mapper *m, const ict_node *node, ict_map_margin *out) {
  static const char *const keys[] = {"by", "totals", "value", NULL};
  const char *const *by = NULL;
  out->at = ict_mark_of(node);
  out->value = "total";
  if (!ict_read_keys(m->r, node, "a margin", keys)) return false;
  bool good = ict_read_text(m->r, node, "totals", true, &out->totals);
  ict_read_text(m->r, node, "value", false, &out->value);
  const ict_node *list = ict_node_get(node, "by");
  if (list && ict_map_is_none(list)) return good;
  if (!ict_read_texts(m->r, node, "by", true, &by, &out->n_axes)) return false;
  if (out->n_axes > ICT_MOST_MARGIN_AXES) {
    ict_read_error(m->r, list, NULL, "make several margins of it", "a margin of %zu variables",
                   out->n_axes);
    return false;
  }
  ict_map_axis *axes = ict_read_alloc(m->r, out->n_axes, sizeof *axes);
  if (!axes) return false;
  for (size_t i = 0; i < out->n_axes; i++) {
    const ict_node *at = list->kind == ICT_NODE_LIST ? list->items[i] : list;
    good &= read_axis(m, at, by[i], &axes[i]);
    for (size_t k = 0; k < i && good; k++) {
      if (strcmp(axes[k].name, axes[i].name) != 0) continue;
      ict_read_error(m->r, at, NULL, "name it once", "'%s' is crossed with itself", axes[i].name);
      good = false;
    }
  }
  out->axes = axes;
  return good;
}

static bool read_margins(ict_mapper *m, const ict_node *map, ict_map_calibration *out) {
  const ict_node *list = ict_node_get(map, "margins");
  if (!list) return true;
  if (!ict_read_is_list(m->r, list, "'margins'")) return false;
  ict_map_margin *margins = ict_read_alloc(m->r, list->n, sizeof *margins);
  bool good = margins != NULL;
  for (size_t i = 0; margins && i < list->n; i++)
    good &= read_margin(m, list->items[i], &margins[i]);
  out->margins = margins;
  out->n_margins = list->n;
  return good;
}

/* {of: [income], totals: FILE} */
static bool read_numbers(ict_mapper *m, const ict_node *map, ict_map_calibration *out) {
  static const char *const keys[] = {"of", "totals", "value", NULL};
  const ict_node *node = ict_node_get(map, "numbers");
  if (!node) return true;
  out->numbers.at = ict_mark_of(node);
  out->numbers.value = "total";
  if (!ict_read_keys(m->r, node, "'numbers'", keys)) return false;
  bool good = ict_read_texts(m->r, node, "of", true, &out->number, &out->n_numbers);
  good &= ict_read_text(m->r, node, "totals", true, &out->numbers.totals);
  ict_read_text(m->r, node, "value", false, &out->numbers.value);
  const ict_node *of = ict_node_get(node, "of");
  if (good && out->n_numbers > ICT_MOST_NUMBERS) {
    ict_read_error(m->r, of, NULL, "leave some out",
                   "%zu numbers are more than can be calibrated to", out->n_numbers);
    good = false;
  }
  for (size_t i = 0; good && i < out->n_numbers; i++) {
    ict_node name = of->kind == ICT_NODE_LIST ? *of->items[i] : *of;
    const ict_concept *concept_def = ict_map_concept_find(m, &name);
    good &= concept_def != NULL;
    if (!concept_def || concept_def->type != ICT_TYPE_CODE) continue;
    ict_read_error(m->r, &name, "a whole number or a measurement", "name it in `margins`",
                   "'%s' is a code and has no sum", name.text);
    good = false;
  }
  return good;
}

/* ---- what goes with the method ------------------------------------------------------------- */

static void read_trim(ict_mapper *m, const ict_node *map, ict_map_calibration *out) {
  static const char *const keys[] = {"ratio", "weight", "strict", NULL};
  const ict_node *node = ict_node_get(map, "trim");
  if (!node || !ict_read_keys(m->r, node, "'trim'", keys)) return;
  read_ratios(m, node, "ratio", out->trim_ratio);
  read_limits(m, node, "weight", out->trim_weight);
  ict_read_bool(m->r, node, "strict", false, &out->trim_strict);
  if (out->trim_strict && !ict_node_get(node, "weight"))
    ict_read_error(m->r, ict_node_get(node, "strict"), NULL, "give `weight: [low, high]`",
                   "'strict' is about limits of weights, and none are given");
  if (ict_node_get(node, "ratio") && is_proportional(out))
    ict_read_error(m->r, ict_node_get(node, "ratio"), NULL,
                   "limit the weights, `weight: [low, high]`, or take the method multiplicative",
                   "`method: %s` has no ratios to trim", ict_calibration_name(out->method));
}

static void check_method(ict_mapper *m, const ict_node *node, const ict_map_calibration *c) {
  const char *name = ict_calibration_name(c->method);
  const ict_node *numbers = ict_node_get(node, "numbers"), *bounds = ict_node_get(node, "bounds");
  if (c->n_margins + c->n_numbers == 0)
    ict_read_error(m->r, node, "margins: [{by: [sex, age:itu], totals: FILE}]", NULL,
                   "'calibration' has neither 'margins' nor 'numbers'");
  if (c->method == ICT_CALIBRATE_POST_STRATIFY && c->n_margins > 1)
    ict_read_error(m->r, ict_node_get(node, "margins"), "one margin, with all variables crossed",
                   "write `method: rake` for several margins",
                   "`method: post-stratify` with %zu margins", c->n_margins);
  if (is_proportional(c) && numbers)
    ict_read_error(m->r, numbers, NULL, "write `method: linear`, multiplicative or logit",
                   "`method: %s` cannot meet totals of numbers", name);
  if (is_proportional(c) && bounds)
    ict_read_error(m->r, bounds, NULL, "write `method: multiplicative`, or logit or linear",
                   "`method: %s` knows no bounds", name);
  if (c->method == ICT_CALIBRATE_LOGIT && !bounds)
    ict_read_error(m->r, node, "bounds: [0.3, 3]", NULL, "`method: logit` needs 'bounds'");
}

void ict_map_calibration_read(ict_mapper *m, const ict_node *design, ict_map_calibration *out) {
  static const char *const keys[] = {"method", "margins", "numbers", "bounds", "tolerance",
                                     "rounds", "partial", "trim",    NULL};
  const ict_node *node = ict_node_get(design, "calibration");
  int64_t rounds = MOST_ROUNDS;
  int method = 0;
  *out = (ict_map_calibration){.tolerance = TOLERANCE,
                               .bounds = {-INFINITY, INFINITY},
                               .trim_ratio = {-INFINITY, INFINITY},
                               .trim_weight = {-INFINITY, INFINITY}};
  if (!node || ict_map_is_none(node)) return;
  out->at = ict_mark_of(node);
  if (!ict_read_keys(m->r, node, "'calibration'", keys)) return;
  if (!ict_read_word(m->r, node, "method", true, ict_calibration_names, &method)) return;
  out->method = (ict_calibration_method)method;
  bool good = read_margins(m, node, out);
  good &= read_numbers(m, node, out);
  read_ratios(m, node, "bounds", out->bounds);
  if (ict_read_number(m->r, node, "tolerance", false, &out->tolerance) &&
      !(out->tolerance >= 1e-14 && out->tolerance <= 0.01))
    ict_read_error(m->r, ict_node_get(node, "tolerance"), "a number from 1e-14 to 0.01", NULL,
                   "the tolerance cannot be %g", out->tolerance);
  if (ict_read_integer(m->r, node, "rounds", false, &rounds) && (rounds < 1 || rounds > 1000000))
    ict_read_error(m->r, ict_node_get(node, "rounds"), "a number from 1 to 1000000", NULL,
                   "there cannot be %lld rounds", (long long)rounds);
  out->most_rounds = rounds > 0 ? (size_t)rounds : 1;
  ict_read_bool(m->r, node, "partial", false, &out->partial);
  read_trim(m, node, out);
  check_method(m, node, out);
  out->given = good;
}
