/* contrast.c - an indicator that compares two classes in another one, as 4.5.1 does in 4.4.1.
 *
 * In: `contrast: {of, axis, ratio}`, and when all indicators are read, the one it names. Out: an
 * indicator with the measure, universe and items of that one.
 * Owns: nothing; items are copied, since series and units are the indicator's own. */
#include <string.h>

#include "catalog/axis.h"
#include "catalog/room.h"

/* Two different classes with the mark between them; codes may hold the mark themselves. */
static bool names_two(const ict_codelist *codes, const char *text, char mark) {
  for (const char *at = strchr(text, mark); at; at = strchr(at + 1, mark)) {
    size_t before = (size_t)(at - text), after = strlen(at + 1);
    if (before == 0 || after == 0) continue;
    if (before == after && memcmp(text, at + 1, after) == 0) continue;
    if (!codes || (ict_codes_have(codes, text, before) && ict_codes_have(codes, at + 1, after)))
      return true;
  }
  return false;
}

bool ict_contrast_read(ict_reader *r, const ict_catalog *catalog, const ict_node *body,
                       ict_indicator *made) {
  static const char *const keys[] = {"of", "axis", "ratio", "difference", NULL};
  if (!ict_read_keys(r, body, "'contrast'", keys)) return false;
  bool good = ict_read_text(r, body, "of", true, &made->contrast_base);
  good = ict_read_text(r, body, "axis", true, &made->contrast_axis) && good;
  const ict_node *ratio = ict_node_get(body, "ratio"), *gap = ict_node_get(body, "difference");
  if (!ratio == !gap) {
    ict_read_error(r, body, "`ratio: F/M` or `difference: F-M`", NULL,
                   ratio ? "a contrast is a ratio or a difference, not both"
                         : "the contrast does not say what is compared");
    return false;
  }
  good = ict_read_text(r, body, ratio ? "ratio" : "difference", true, &made->contrast) && good;
  if (!good) return false;
  const ict_concept *axis =
      ict_concept_named(r, catalog, ict_node_get(body, "axis"), made->contrast_axis, NULL);
  if (!axis) return false;
  if (names_two(axis->codes, made->contrast, ratio ? '/' : '-')) return true;
  ict_read_error(r, ratio ? ratio : gap,
                 ratio ? "CLASS/CLASS, such as F/M" : "CLASS-CLASS, such as F-M", NULL,
                 "'%s' does not name two classes of '%s'", made->contrast, axis->name);
  return false;
}

static void error_at(ict_reader *r, const ict_indicator *made, const char *fix, const char *what) {
  ict_node at = {.line = made->line, .column = 1};
  r->file = made->file;
  ict_read_error(r, &at, NULL, fix, "%s is a contrast of %s, %s", made->id, made->contrast_base,
                 what);
}

static void take_over(ict_reader *r, ict_indicator *made, const ict_indicator *base) {
  ict_item *items = ict_read_alloc(r, base->n_items, sizeof *items);
  if (!items) return;
  for (size_t i = 0; i < base->n_items; i++) {
    items[i] = base->items[i];
    items[i].series = items[i].unit_measure = NULL;
  }
  bool share =
      strchr(made->contrast, '/') || (base->measure != ICT_TOTAL_OF && base->measure != ICT_COUNT);
  if (!share) made->scale = 1;
  made->contrast_of = base;
  made->measure = base->measure;
  made->universe = base->universe;
  if (!made->universe_text) made->universe_text = base->universe_text;
  made->n_items = base->n_items;
  made->items = items;
}

void ict_contrasts_resolve(ict_reader *r, ict_catalog *catalog) {
  for (size_t i = 0; i < catalog->indicators.n && !r->no_memory; i++) {
    ict_indicator *made = catalog->indicators.at[i];
    if (!made->contrast_base) continue;
    const ict_indicator *base = ict_list_find(&catalog->indicators, made->contrast_base);
    if (!base)
      error_at(r, made, "name an indicator of the catalogue", "which is not there");
    else if (base->measure == ICT_MEDIAN || base->measure == ICT_QUANTILE ||
             base->measure == ICT_SHARE)
      error_at(r, made, "name a proportion, mean, ratio, total or count",
               "whose values are not compared");
    else if (base->contrast_base || base->n_items == 0)
      error_at(r, made, "name an indicator with a measure of its own", "which has none");
    else if (strcmp(base->unit, made->unit) != 0)
      error_at(r, made, "give both the same `unit`", "which is computed from other units");
    else
      take_over(r, made, base);
  }
}
