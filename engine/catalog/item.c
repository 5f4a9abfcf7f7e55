/* item.c - an indicator's items, asked for: one by its id, and what it has of the indicator.
 *
 * In: an indicator of the catalogue. Out: borrowed. Owns: nothing. */
#include <string.h>

#include "catalog/indicator.h"

const ict_item *ict_indicator_item(const ict_indicator *indicator, const char *id) {
  for (size_t i = 0; i < indicator->n_items; i++)
    if (strcmp(indicator->items[i].id, id) == 0) return &indicator->items[i];
  return NULL;
}

const char *ict_item_series(const ict_indicator *indicator, const ict_item *item) {
  return item && item->series ? item->series : indicator->series;
}

const char *ict_item_unit_measure(const ict_indicator *indicator, const ict_item *item) {
  return item && item->unit_measure ? item->unit_measure : indicator->unit_measure;
}
