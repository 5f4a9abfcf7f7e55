/* method.c - how the numbers are made, in words.
 *
 * In: plans and the request. Out: names of methods.
 * Owns: nothing. */
#include "run/method.h"

#include <string.h>

#include "estimate/choices.h"
#include "estimate/woodruff.h"

static const char *variance_of(const ict_plan *plan) {
  if (plan->frame->design.census) return "census";
  return plan->replicates ? ict_replicates_name(plan->replicates) : "taylor";
}

static const char *calibration_of(const ict_plan *plan) {
  const ict_calibration *c = plan->frame->design.calibration;
  return c ? ict_calibration_name(c->method) : "";
}

static bool is_same(const ict_plan *plan, const ict_plan *other) {
  return strcmp(variance_of(plan), variance_of(other)) == 0 &&
         strcmp(calibration_of(plan), calibration_of(other)) == 0;
}

/* "taylor", "jkn", "taylor of residuals (rake)", "jkn, calibrated (rake)" */
static void add_variance(const ict_plan *plan, const char *name, ict_str *s) {
  const char *method = calibration_of(plan);
  ict_str_add(s, name);
  if (method[0])
    ict_str_addf(s, plan->replicates ? ", calibrated (%s)" : " of residuals (%s)", method);
}

/* Whose design an earlier plan has as well is named once. */
static void add_variances(const ict_plans *plans, ict_str *s) {
  for (size_t i = 0; i < plans->n; i++) {
    bool again = false;
    for (size_t k = 0; k < i; k++) again |= is_same(plans->plans[k], plans->plans[i]);
    if (again) continue;
    if (s->len > 0) ict_str_add(s, ", ");
    add_variance(plans->plans[i], variance_of(plans->plans[i]), s);
  }
}

ict_status ict_method_tell(const ict_plans *plans, const ict_request *request, ict_table *table,
                           ict_err *err) {
  char df[ICT_DF_TEXT];
  ict_str variances;
  ict_str_init(&variances);
  ict_df_name(request->df, request->df_fixed, df);
  add_variances(plans, &variances);
  ict_method method = {.ci = ict_ci_name(ict_ci_resolve(request->ci, true)),
                       .ci_others = ict_ci_name(ict_ci_resolve(request->ci, false)),
                       .level = ict_method_level(request),
                       .df = df,
                       .deff = ict_deff_name(request->deff),
                       .variance = variances.text};
  ict_status st =
      variances.failed ? ict_err_memory(err) : ict_table_set_method(table, &method, err);
  ict_str_done(&variances);
  return st;
}

void ict_method_text(const ict_plan *plan, const ict_request *request, ict_str *out) {
  char df[ICT_DF_TEXT];
  ict_df_name(request->df, request->df_fixed, df);
  ict_str_add(out, "  variance      ");
  add_variance(plan, plan->replicates ? ict_replicates_text(plan->replicates) : variance_of(plan),
               out);
  ict_str_addf(out, "; deff against SRS, %s\n", ict_deff_name(request->deff));
  if (plan->frame->design.census) return;
  ict_ci_method shares = ict_ci_resolve(request->ci, true),
                others = ict_ci_resolve(request->ci, false);
  ict_str_addf(out, "  intervals     %g%%, proportions: %s (%s)", ict_method_level(request) * 100,
               ict_ci_name(shares), ict_ci_text(shares));
  if (others != shares)
    ict_str_addf(out, ", others: %s (%s)", ict_ci_name(others), ict_ci_text(others));
  ict_str_addf(out, "; df: %s\n", df);
  if (plan->kind == ICT_PLAN_QUANTILES)
    ict_str_addf(out, "  quantiles     %s (%s); interval of the share below: %s\n",
                 ict_quantile_rule_name(request->quantile_rule),
                 ict_quantile_rule_text(request->quantile_rule),
                 ict_ci_name(ict_ci_of_quantiles(request->ci)));
}
