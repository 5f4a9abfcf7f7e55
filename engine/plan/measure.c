/* measure.c - an indicator's item meets a table: are its concepts there, were they asked
 * under the indicator's conditions, do its expressions fit the columns. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/parts.h"

static const ict_estimator ESTIMATOR_OF[] = {
    [ICT_PROPORTION] = ICT_EST_PROPORTION, [ICT_MEAN] = ICT_EST_MEAN,
    [ICT_RATIO] = ICT_EST_RATIO,           [ICT_TOTAL_OF] = ICT_EST_TOTAL,
    [ICT_COUNT] = ICT_EST_COUNT,           [ICT_MEDIAN] = ICT_EST_QUANTILE,
    [ICT_QUANTILE] = ICT_EST_QUANTILE,     [ICT_SHARE] = ICT_EST_SHARE};

static bool same_value(const char *a, const char *b) {
  double x, y;
  if (ict_number_parse(ict_slice_of(a), '.', &x) && ict_number_parse(ict_slice_of(b), '.', &y))
    return x == y;
  return strcmp(a, b) == 0;
}

static const char *stated(const ict_variable *var, const char *condition) {
  for (size_t i = 0; i < var->n_conditions; i++)
    if (strcmp(var->conditions[i].name, condition) == 0) return var->conditions[i].value;
  return NULL;
}

static ict_status check_present(const char *name, const ict_indicator *indicator,
                                const ict_frame *frame, const char *survey, ict_err *err) {
  if (ict_schema_find(frame->schema, name) >= 0) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "%s needs '%s', which %s does not have for units '%s'",
              indicator->id, name, survey, frame->unit);
  ict_err_fix(err, "map it under units.%s.variables, if the survey asked it", frame->unit);
  return ICT_REFUSED;
}

static ict_status check_names(const ict_expr *expr, const ict_indicator *indicator,
                              const ict_frame *frame, const char *survey, ict_err *err) {
  const char *const *names = NULL;
  size_t n = expr ? ict_expr_names(expr, &names) : 0;
  for (size_t i = 0; i < n; i++) {
    ict_status st = check_present(names[i], indicator, frame, survey, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* A broken condition is refused, unless the mapping says `proxy: true`: then the measure
 * carries flag D and says why. */
static ict_status check_need(const ict_need *need, const ict_indicator *indicator,
                             const ict_frame *frame, const char *survey, ict_arena *arena,
                             ict_plan_measure *out, ict_err *err) {
  ict_status st = check_present(need->concept_name, indicator, frame, survey, err);
  if (st != ICT_OK) return st;
  const ict_variable *var =
      &frame->schema->vars[ict_schema_find(frame->schema, need->concept_name)];
  for (size_t i = 0; i < need->n_conditions; i++) {
    const ict_condition *want = &need->conditions[i];
    const char *have = stated(var, want->name);
    if (have && same_value(have, want->value)) continue;
    const char *why =
        ict_arena_printf(arena, "%s: %s is %s in %s; %s asks for %s", var->name, want->name,
                         have ? have : "not stated", survey, indicator->id, want->value);
    if (!why) return ict_err_memory(err);
    if (var->proxy) {
      out->differs = true;
      out->differs_why = why;
      continue;
    }
    ict_err_set(err, ICT_REFUSED, "%s", why);
    ict_err_fix(err,
                "leave %s out, or accept '%s' as a stand-in with `proxy: true` in the mapping "
                "(results then carry flag D)",
                indicator->id, var->name);
    return ICT_REFUSED;
  }
  return ICT_OK;
}

/* The survey's year, or 0: surveys of several periods are not judged by years. */
static int64_t year_of(const ict_frame *frame) {
  long column = ict_schema_find(frame->schema, ICT_VAR_PERIOD);
  if (column < 0 || frame->schema->vars[column].codes->n != 1) return 0;
  return atoll(frame->schema->vars[column].codes->codes[0].id);
}

bool ict_plan_item_is_of_its_time(const ict_item *item, const ict_frame *frame) {
  int64_t year = year_of(frame);
  return year == 0 || ((!item->valid_until || year <= item->valid_until) &&
                       (!item->valid_from || year >= item->valid_from));
}

static void check_years(const ict_item *item, const ict_indicator *indicator,
                        const ict_frame *frame, ict_arena *arena, ict_plan_measure *out) {
  if (ict_plan_item_is_of_its_time(item, frame)) return;
  bool late = item->valid_until && year_of(frame) > item->valid_until;
  out->differs = true;
  if (!out->differs_why)
    out->differs_why = ict_arena_printf(arena, "item %s belongs to %s %s %lld only", item->id,
                                        indicator->id, late ? "until" : "from",
                                        (long long)(late ? item->valid_until : item->valid_from));
}

static ict_status bind(const ict_expr *expr, const ict_frame *frame, ict_type want,
                       ict_program **out, ict_err *err) {
  *out = NULL;
  if (!expr) return ICT_OK;
  ict_scope scope = {frame->schema, "the store's variables"};
  return ict_expr_check(expr, &scope, want, out, err);
}

/* A condition or a quantity: a share is of either. */
static ict_status bind_either(const ict_expr *expr, const ict_frame *frame, ict_program **out,
                              ict_err *err) {
  ict_status st = bind(expr, frame, ICT_TYPE_BOOLEAN, out, NULL);
  return st == ICT_OK ? st : bind(expr, frame, ICT_TYPE_REAL, out, err);
}

ict_status ict_plan_measure_make(const ict_indicator *indicator, const ict_item *item,
                                 const ict_frame *frame, const char *survey, ict_arena *arena,
                                 ict_plan_measure *out, ict_err *err) {
  *out = (ict_plan_measure){.indicator = indicator, .item = item};
  ict_program *universe = NULL, *numerator = NULL, *denominator = NULL;
  ict_status st = ICT_OK;
  if (indicator->contrast_of)
    ICT_TRY(fail, st, check_present(indicator->contrast_axis, indicator, frame, survey, err));
  if (indicator->across)
    ICT_TRY(fail, st, check_present(indicator->across, indicator, frame, survey, err));
  ICT_TRY(fail, st, check_names(indicator->universe, indicator, frame, survey, err));
  ICT_TRY(fail, st, check_names(item->numerator, indicator, frame, survey, err));
  ICT_TRY(fail, st, check_names(item->denominator, indicator, frame, survey, err));
  for (size_t i = 0; i < item->n_needs; i++)
    ICT_TRY(fail, st, check_need(&item->needs[i], indicator, frame, survey, arena, out, err));
  check_years(item, indicator, frame, arena, out);

  bool yes_no = indicator->measure == ICT_PROPORTION || indicator->measure == ICT_COUNT;
  ict_type under = indicator->measure == ICT_PROPORTION ? ICT_TYPE_BOOLEAN : ICT_TYPE_REAL;
  ICT_TRY(fail, st, bind(indicator->universe, frame, ICT_TYPE_BOOLEAN, &universe, err));
  ICT_TRY(fail, st,
          indicator->measure == ICT_SHARE
              ? bind_either(item->numerator, frame, &numerator, err)
              : bind(item->numerator, frame, yes_no ? ICT_TYPE_BOOLEAN : ICT_TYPE_REAL, &numerator,
                     err));
  ICT_TRY(fail, st, bind(item->denominator, frame, under, &denominator, err));
  out->estimator = ESTIMATOR_OF[indicator->measure];
  out->universe = universe;
  out->numerator = numerator;
  out->denominator = denominator;
  return ICT_OK;
fail:
  ict_program_free(universe);
  ict_program_free(numerator);
  ict_program_free(denominator);
  *out = (ict_plan_measure){0};
  return st;
}

void ict_plan_measure_done(ict_plan_measure *measure) {
  ict_program_free((ict_program *)measure->universe);
  ict_program_free((ict_program *)measure->numerator);
  ict_program_free((ict_program *)measure->denominator);
  *measure = (ict_plan_measure){0};
}
