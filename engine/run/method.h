/* method.h - how the numbers are made, in words: for the plan's text and the table. */
#ifndef ICT_RUN_METHOD_H
#define ICT_RUN_METHOD_H

#include "base/text.h"
#include "data/table.h"
#include "plan/plan.h"

/* The confidence level asked for; 0: 0.95. */
static inline double ict_level(double asked) { return asked > 0 ? asked : 0.95; }
static inline double ict_method_level(const ict_request *request) {
  return ict_level(request->level);
}

/* Into the table, for the formats that show it. */
ict_status ict_method_tell(const ict_plans *plans, const ict_request *request, ict_table *table,
                           ict_err *err);
/* Lines under the text of a plan. */
void ict_method_text(const ict_plan *plan, const ict_request *request, ict_str *out);

#endif
