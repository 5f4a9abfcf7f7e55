/* areas.c - names of the reference areas of a result.
 *
 * In: plans, whose first axis is the area. Out: labels in the table.
 * Owns: nothing beyond the call. */
#include "run/areas.h"

#include "data/countries.h"

ict_status ict_areas_name(const ict_plans *plans, ict_table *table, ict_err *err) {
  ict_countries *countries = NULL;
  ict_status st = ict_countries_load(&countries, err);
  for (size_t p = 0; p < plans->n && st == ICT_OK; p++) {
    const ict_codelist *areas = plans->plans[p]->axes[0].codes;
    for (size_t i = 0; i < areas->n && st == ICT_OK; i++) {
      const char *name = ict_countries_name(countries, areas->codes[i].id);
      if (!name) name = areas->codes[i].label;
      if (name && name[0]) st = ict_table_add_area(table, areas->codes[i].id, name, err);
    }
  }
  ict_countries_free(countries);
  return st;
}
