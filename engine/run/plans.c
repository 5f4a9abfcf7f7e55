/* plans.c - the plans of a request over a whole store.
 *
 * In: an open store, a request. Out: plans, which borrow the store.
 * Owns: nothing beyond the call. */
#include "run/plans.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
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

/* What the plan says, and what it only names: the borders and codes of classes. */
static char *all_of(const ict_plan *plan) {
  ict_str s;
  char *text = ict_plan_text(plan);
  if (!text) return NULL;
  ict_str_init(&s);
  ict_str_addf(&s, "%s", text);
  ict_free(text);
  for (size_t a = 0; a < plan->n_axes; a++) {
    const ict_classification *of = plan->axes[a].classification;
    for (size_t i = 0; of && i < of->n; i++) {
      const ict_class *class = &of->classes[i];
      ict_str_addf(&s, "%s %" PRId64 " %" PRId64, class->id, class->from, class->to);
      for (size_t c = 0; c < class->n_codes; c++) ict_str_addf(&s, " %s", class->codes[c]);
      ict_str_addf(&s, "\n");
    }
  }
  return ict_str_take(&s);
}

ict_status ict_plans_sha256(const ict_plans *plans, char hex[65], ict_err *err) {
  ict_sha256 *hash = ict_sha256_new();
  if (!hash) return ict_err_memory(err);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < plans->n && st == ICT_OK; i++) {
    char *text = all_of(plans->plans[i]);
    if (text) {
      ict_sha256_add(hash, text, strlen(text));
    } else {
      st = ict_err_memory(err);
    }
    ict_free(text);
  }
  ict_sha256_done(hash, hex);
  return st;
}
