/* sources.c - the survey, and the tables that denominators came from.
 *
 * In: a plan, whose frame says in its codebook what was joined. Out: a text a measure.
 * Owns: nothing beyond the call. */
#include "run/sources.h"

#include <string.h>

#include "admin/admin.h"

static bool names(const ict_expr *expr, const char *name) {
  const char *const *list = NULL;
  size_t n = expr ? ict_expr_names(expr, &list) : 0;
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i], name) == 0) return true;
  return false;
}

ict_status ict_sources_of(const ict_plan *plan, const char ***out, ict_err *err) {
  const ict_schema *schema = plan->frame->schema;
  const char **made = ict_alloc(plan->n_measures, sizeof *made);
  *out = made;
  if (!made) return ict_err_memory(err);
  for (size_t m = 0; m < plan->n_measures; m++) {
    const ict_item *item = plan->measures[m].item;
    made[m] = plan->survey;
    for (size_t i = 0; i < schema->n; i++) {
      const ict_variable *v = &schema->vars[i];
      if (!v->treatment || strcmp(v->treatment, ICT_ADMIN_DENOMINATOR) != 0) continue;
      if (!names(item->denominator, v->name) && !names(item->numerator, v->name)) continue;
      made[m] = ict_arena_printf(plan->arena, "%s; %s: %s", made[m], v->name,
                                 v->origin ? v->origin : "another table");
      if (!made[m]) return ict_err_memory(err);
    }
  }
  return ICT_OK;
}
