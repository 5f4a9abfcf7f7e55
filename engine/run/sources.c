/* sources.c - the survey, and the tables that denominators came from.
 *
 * In: a plan, whose frame says in its codebook what was joined. Out: a text a measure.
 * Owns: nothing beyond the call. */
#include "run/sources.h"

#include <string.h>

#include "admin/admin.h"
#include "base/text.h"

static bool names(const ict_expr *expr, const char *name) {
  const char *const *list = NULL;
  size_t n = expr ? ict_expr_names(expr, &list) : 0;
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i], name) == 0) return true;
  return false;
}

static bool is_joined(const ict_variable *v, const ict_item *item) {
  return v->treatment && strcmp(v->treatment, ICT_ADMIN_DENOMINATOR) == 0 &&
         (names(item->denominator, v->name) || names(item->numerator, v->name));
}

static const char *origin_of(const ict_variable *v) {
  return v->origin ? v->origin : "another table";
}

/* "UNSD-17.6.1; population_rural, population_urban: World Bank" */
static const char *source_of(const ict_plan *plan, const ict_item *item) {
  const ict_schema *schema = plan->frame->schema;
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, plan->survey);
  for (size_t i = 0; i < schema->n; i++) {
    const ict_variable *v = &schema->vars[i];
    bool told = !is_joined(v, item);
    for (size_t k = 0; k < i && !told; k++)
      told = is_joined(&schema->vars[k], item) &&
             strcmp(origin_of(&schema->vars[k]), origin_of(v)) == 0;
    if (told) continue;
    ict_str_addf(&s, "; %s", v->name);
    for (size_t k = i + 1; k < schema->n; k++)
      if (is_joined(&schema->vars[k], item) &&
          strcmp(origin_of(&schema->vars[k]), origin_of(v)) == 0)
        ict_str_addf(&s, ", %s", schema->vars[k].name);
    ict_str_addf(&s, ": %s", origin_of(v));
  }
  const char *text = s.failed ? NULL : ict_arena_strdup(plan->arena, s.text);
  ict_str_done(&s);
  return text;
}

ict_status ict_sources_of(const ict_plan *plan, const char ***out, ict_err *err) {
  const char **made = ict_alloc(plan->n_measures, sizeof *made);
  *out = made;
  if (!made) return ict_err_memory(err);
  for (size_t m = 0; m < plan->n_measures; m++) {
    made[m] = source_of(plan, plan->measures[m].item);
    if (!made[m]) return ict_err_memory(err);
  }
  return ICT_OK;
}
