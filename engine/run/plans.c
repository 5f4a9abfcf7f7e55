/* plans.c - the plans of a request over a whole store.
 *
 * In: an open store, a request. Out: plans, which borrow the store.
 * Owns: nothing beyond the call. */
#include "run/plans.h"

#include "base/mem.h"
#include "run/published.h"

ict_status ict_plans_of_store(const ict_store *store, const ict_catalog *catalog,
                              const ict_request *request, ict_plans *out, ict_findings *findings,
                              ict_err *err) {
  size_t n = 0;
  ict_plan_table *tables = ict_alloc(ict_store_units(store) + 1, sizeof *tables);
  if (!tables) return ict_err_memory(err);
  for (size_t i = 0; i < ict_store_units(store); i++) {
    if (ict_published_is_unit(ict_store_unit_name(store, i))) continue;
    tables[n].frame = ict_store_frame_at(store, i);
    tables[n++].scope = ict_store_scope(store, ict_store_unit_name(store, i));
  }
  ict_status st =
      ict_plan_make(catalog, tables, n, ict_store_survey(store), request, out, findings, err);
  ict_free(tables);
  return st;
}
