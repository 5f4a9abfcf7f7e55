/* mapping_stages.c - `stages:` and `pps:` of a design: sampling below the first stage, and PSUs
 * drawn with unequal probabilities.
 *
 * In: the tree. Out: the last fields of an ict_map_design.
 * Owns: that no stage is named that the variance would silently pass over. */
#include "catalog/mapping_room.h"

static bool read_stage(ict_mapper *m, const ict_node *node, long own, ict_map_stage *out) {
  static const char *const keys[] = {"units", "strata", "fpc", NULL};
  if (!ict_read_keys(m->r, node, "a stage", keys)) return false;
  out->at = ict_mark_of(node);
  const ict_node *units = ict_node_get(node, "units"), *strata = ict_node_get(node, "strata");
  if (!units) {
    ict_read_error(m->r, node, NULL,
                   "name the variable, or write `units: none` where every row was drawn on its own",
                   "'units' is not given");
  } else if (!ict_map_is_none(units)) {
    ict_map_refs(m, units, own, &out->units, &out->n_units);
  }
  if (strata && !ict_map_is_none(strata))
    ict_map_refs(m, strata, own, &out->strata, &out->n_strata);
  ict_map_fpc_read(m, ict_node_get(node, "fpc"), own, &out->fpc_kind, &out->fpc);
  return units != NULL;
}

/* A stage counts by the sampling fractions of all those above it. */
static void check_above(ict_mapper *m, const ict_node *list, const ict_map_design *d) {
  if (d->fpc_kind == ICT_FPC_NONE) {
    ict_read_warning(m->r, list, "give the first stage its `fpc`, or remove 'stages'",
                     "'stages' are without effect: the first stage has no fpc");
    return;
  }
  for (size_t i = 1; i < d->n_stages; i++) {
    if (d->stages[i - 1].fpc_kind != ICT_FPC_NONE) continue;
    ict_read_warning(m->r, list->items[i], "give the stage above its `fpc`, or remove this one",
                     "stage %zu is without effect: the stage above has no fpc", i + 2);
    return;
  }
}

static void read_stages(ict_mapper *m, const ict_node *list, long own, ict_map_design *out) {
  if (!list || ict_map_is_none(list) || !ict_read_is_list(m->r, list, "'stages'")) return;
  if (list->n > ICT_MOST_STAGES) {
    ict_read_error(m->r, list, NULL, NULL, "%zu stages are more than a design can have",
                   list->n + 1);
    return;
  }
  ict_map_stage *stages = ict_read_alloc(m->r, list->n, sizeof *stages);
  if (!stages) return;
  bool good = true;
  for (size_t i = 0; i < list->n; i++) good &= read_stage(m, list->items[i], own, &stages[i]);
  if (!good) return;
  out->stages = stages;
  out->n_stages = list->n;
  if (list->n > 0 && out->n_psu == 0) {
    ict_read_error(m->r, list, "`psu`, of which each stage takes a sample",
                   "name the `psu`, or remove 'stages'",
                   "'stages' stand below `psu: none`, where every row is a PSU");
  }
  for (size_t i = 0; i + 1 < list->n; i++) {
    if (stages[i].n_units > 0) continue;
    ict_read_error(m->r, list->items[i + 1], NULL, "remove this stage, or name the units above it",
                   "stage %zu stands below `units: none`, where every row is a unit", i + 3);
  }
  check_above(m, list, out);
}

static void read_pps(ict_mapper *m, const ict_node *design, ict_map_design *out) {
  int word = 0;
  if (!ict_read_word(m->r, design, "pps", false, ict_pps_names, &word) || word == ICT_PPS_NONE)
    return;
  const ict_node *at = ict_node_get(design, "pps");
  out->pps = (ict_pps)word;
  if (out->fpc_kind != ICT_FPC_FRACTION)
    ict_read_error(m->r, at, "`fpc: {fraction: VARIABLE}`, each PSU's inclusion probability", NULL,
                   "'pps' is given without inclusion probabilities");
  if (out->pps != ICT_PPS_BREWER && out->n_stages > 0)
    ict_read_error(m->r, at, "`pps: brewer`", "write `pps: brewer`, or remove 'stages'",
                   "`pps: %s` is of a single stage", ict_pps_names[word]);
}

void ict_map_stages_read(ict_mapper *m, const ict_node *design, long own, ict_map_design *out) {
  read_stages(m, ict_node_get(design, "stages"), own, out);
  read_pps(m, design, out);
}
