/* everyone.c - the measure of a table that no indicator stands behind: how many there are.
 *
 * In: a table's frame. Out: a measure whose answer is yes for every row in scope.
 * Owns: nothing; all lives in the plan's arena, the program belongs to the measure. */
#include "data/table.h"
#include "plan/parts.h"

ict_status ict_plan_everyone_make(const ict_frame *frame, ict_arena *arena, ict_plan_measure *out,
                                  ict_err *err) {
  ict_indicator *indicator = ict_arena_alloc(arena, 1, sizeof *indicator);
  ict_item *item = ict_arena_alloc(arena, 1, sizeof *item);
  const char *unit = ict_arena_strdup(arena, frame->unit);
  ict_expr *all = NULL;
  ict_program *program = NULL;
  if (!indicator || !item || !unit) return ict_err_memory(err);
  ict_scope scope = {frame->schema, "the store's variables"};
  ict_status st = ict_expr_parse("true", (ict_origin){"everyone", 1, 1}, &all, err);
  if (st == ICT_OK) st = ict_expr_check(all, &scope, ICT_TYPE_BOOLEAN, &program, err);
  ict_expr_free(all);
  if (st != ICT_OK) return st;
  *item = (ict_item){.id = "", .label = "", .composite = ICT_TOTAL};
  *indicator = (ict_indicator){.id = "",
                               .title = "Population",
                               .framework = "",
                               .unit = unit,
                               .measure = ICT_COUNT,
                               .scale = 1,
                               .series = "",
                               .unit_measure = "",
                               .n_items = 1,
                               .items = item};
  *out = (ict_plan_measure){
      .indicator = indicator, .item = item, .estimator = ICT_EST_COUNT, .numerator = program};
  return ICT_OK;
}
