/* mapping_design.c - `design:` of a unit.
 *
 * In: the tree. Out: an ict_map_design.
 * Owns: that nothing about the sample is left unsaid. A design that is forgotten gives
 * standard errors that look right, so strata, psu and weight must all be named or
 * denied. */
#include <math.h>
#include <string.h>

#include "catalog/mapping_room.h"

static void say_missing(ict_mapper *m, const ict_node *design, const char *key,
                        const char *meaning) {
  char fix[128];
  strcpy(fix, "name the variable, or write `");
  strcat(fix, key);
  strcat(fix, ": none` if ");
  strncat(fix, meaning, sizeof fix - strlen(fix) - 1);
  ict_read_error(m->r, design, NULL, fix, "'%s' is not given", key);
}

/* NULL where it is missing (recorded) or says none. */
static const ict_node *given(ict_mapper *m, const ict_node *design, const char *key,
                             const char *meaning) {
  const ict_node *node = ict_node_get(design, key);
  if (!node) say_missing(m, design, key, meaning);
  return node && !ict_map_is_none(node) ? node : NULL;
}

static void read_weight(ict_mapper *m, const ict_node *node, long own, ict_map_design *out) {
  static const char *const keys[] = {"from", "scale", "zero", "missing", NULL};
  static const char *const zero[] = {"refuse", "keep", NULL};
  static const char *const missing[] = {"refuse", "drop", NULL};
  int word = 0;
  out->has_weight = true;
  if (node->kind != ICT_NODE_MAP) {
    ict_map_ref(m, node, own, &out->weight);
    return;
  }
  if (!ict_read_keys(m->r, node, "'weight'", keys)) return;
  const ict_node *from = ict_node_get(node, "from");
  if (from)
    ict_map_ref(m, from, own, &out->weight);
  else
    ict_read_error(m->r, node, "{from: VARIABLE, scale: ...}", NULL, "'from' is missing");
  if (ict_read_number(m->r, node, "scale", false, &out->weight_scale) && !(out->weight_scale > 0))
    ict_read_error(m->r, ict_node_get(node, "scale"), "a number above 0", NULL,
                   "weights cannot be scaled by %g", out->weight_scale);
  if (ict_read_word(m->r, node, "zero", false, zero, &word))
    out->weight_zero = word ? ICT_WEIGHT_KEEP : ICT_WEIGHT_REFUSE;
  if (ict_read_word(m->r, node, "missing", false, missing, &word))
    out->weight_missing = word ? ICT_WEIGHT_DROP : ICT_WEIGHT_REFUSE;
}

void ict_map_fpc_read(ict_mapper *m, const ict_node *node, long own, ict_fpc_kind *kind,
                      ict_ref *out) {
  static const char *const keys[] = {"population", "fraction", NULL};
  if (!node || ict_map_is_none(node)) return;
  if (!ict_read_keys(m->r, node, "'fpc'", keys)) return;
  const ict_node *population = ict_node_get(node, "population");
  const ict_node *fraction = ict_node_get(node, "fraction");
  if (!population == !fraction) {
    ict_read_error(m->r, node, "{population: VARIABLE} or {fraction: VARIABLE}", NULL,
                   population ? "'fpc' has both" : "'fpc' has neither");
    return;
  }
  *kind = population ? ICT_FPC_POPULATION : ICT_FPC_FRACTION;
  ict_map_ref(m, population ? population : fraction, own, out);
}

static void read_lonely(ict_mapper *m, const ict_node *design, ict_map_design *out) {
  int word = 0;
  if (ict_read_word(m->r, design, "lonely_psu", false, ict_lonely_names, &word))
    out->lonely = (ict_lonely)word;
  ict_read_bool(m->r, design, "lonely_in_domain", false, &out->lonely_in_domain);
  bool by_strata = out->lonely == ICT_LONELY_ADJUST || out->lonely == ICT_LONELY_AVERAGE;
  if (out->lonely_in_domain && !by_strata)
    ict_read_warning(m->r, ict_node_get(design, "lonely_in_domain"),
                     "write `lonely_psu: adjust` or `average`, or remove it",
                     "'lonely_in_domain' is without effect for `lonely_psu: %s`",
                     ict_lonely_name(out->lonely));
}

static void read_rounds(ict_mapper *m, const ict_node *design, ict_map_design *out) {
  static const char *const words[] = {"own", "shared", NULL};
  int word = 0;
  if (!ict_read_word(m->r, design, "rounds", false, words, &word) || word == 0) return;
  out->shared_rounds = true;
  if (out->n_psu > 0) return;
  ict_read_error(m->r, ict_node_get(design, "rounds"), NULL,
                 "name the variable that identifies a PSU in every round, or leave `rounds` out",
                 "rounds that share PSUs need 'psu'");
}

void ict_map_design_read(ict_mapper *m, const ict_node *unit, const ict_node *unit_name, long own,
                         ict_map_design *out) {
  static const char *const keys[] = {
      "strata", "psu", "weight",     "fpc",         "nested", "lonely_psu", "lonely_in_domain",
      "stages", "pps", "replicates", "calibration", "rounds", NULL};
  const ict_node *design = ict_node_get(unit, "design");
  *out = (ict_map_design){.nested = true, .weight_scale = 1, .lonely = ICT_LONELY_FAIL};
  if (!design) {
    ict_read_error(m->r, unit_name, "{strata: ..., psu: ..., weight: ...}",
                   "write `design: none` for a simple random sample with equal weights, "
                   "`design: census` for a complete enumeration",
                   "the unit '%s' has no design", unit_name->text);
    return;
  }
  out->given = true;
  out->at = ict_mark_of(design);
  if (ict_map_is_none(design)) return;
  if (design->kind == ICT_NODE_SCALAR && strcmp(design->text, "census") == 0) {
    out->census = true;
    return;
  }
  if (!ict_read_keys(m->r, design, "'design'", keys)) return;
  const ict_node *strata =
      given(m, design, "strata", "the sample was drawn without stratification");
  const ict_node *psu = given(m, design, "psu", "every row was drawn on its own");
  const ict_node *weight = given(m, design, "weight", "all rows count the same");
  if (strata) ict_map_refs(m, strata, own, &out->strata, &out->n_strata);
  if (psu) ict_map_refs(m, psu, own, &out->psu, &out->n_psu);
  if (weight) read_weight(m, weight, own, out);
  ict_map_fpc_read(m, ict_node_get(design, "fpc"), own, &out->fpc_kind, &out->fpc);
  ict_read_bool(m->r, design, "nested", false, &out->nested);
  read_lonely(m, design, out);
  ict_map_stages_read(m, design, own, out);
  ict_map_replicates_read(m, design, own, &out->replicates);
  ict_map_calibration_read(m, design, &out->calibration);
  read_rounds(m, design, out);
}
