/* labels.c - titles and labels for a table that came without. */
#include "run/labels.h"

#include <string.h>

#include "catalog/axis.h"

/* Items without an id of their own in a CSV stand under their composite breakdown. */
static ict_status label_indicator(ict_table *table, const ict_indicator *indicator, ict_err *err) {
  ict_status st = ict_table_add_indicator(table, indicator->id, indicator->title, err);
  for (size_t i = 0; i < indicator->n_items && st == ICT_OK; i++) {
    const ict_item *item = &indicator->items[i];
    if (!item->id[0]) continue;
    st = ict_table_add_item(table, indicator->id, item->id, item->label, err);
    if (st == ICT_OK && strcmp(item->composite, ICT_TOTAL) != 0)
      st = ict_table_add_item(table, indicator->id, item->composite, item->label, err);
  }
  return st;
}

static ict_status label_axis(ict_table *table, const char *axis, const ict_catalog *catalog,
                             ict_err *err) {
  const ict_codelist *codes;
  ict_status st = ICT_OK;
  for (size_t i = 0; st == ICT_OK && ict_axis_codes(catalog, axis, i, &codes); i++)
    if (codes) st = ict_table_add_axis(table, axis, codes, NULL, err);
  return st;
}

ict_status ict_table_add_labels(ict_table *table, const ict_catalog *catalog, ict_err *err) {
  ict_status st = ICT_OK;
  const char *last = "";
  for (size_t i = 0; i < ict_table_rows(table) && st == ICT_OK; i++) {
    const char *id = ict_table_row_at(table, i)->indicator;
    if (strcmp(id, last) == 0) continue;
    last = id;
    const ict_indicator *indicator = ict_catalog_find_id(catalog, id);
    if (indicator) st = label_indicator(table, indicator, err);
  }
  for (size_t a = 0; a < ict_table_axes(table) && st == ICT_OK; a++)
    st = label_axis(table, ict_table_axis_name(table, a), catalog, err);
  return st;
}
