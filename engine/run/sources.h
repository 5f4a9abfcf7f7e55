/* sources.h - what stands as the source of computed values. */
#ifndef ICT_RUN_SOURCES_H
#define ICT_RUN_SOURCES_H

#include "plan/plan.h"

/* For each measure of the plan: the survey, and where a denominator was joined from another table
 * at import, that: "UNSD-17.6.1; population: World Bank". Texts are the plan's; caller frees the
 * array with ict_free. */
ict_status ict_sources_of(const ict_plan *plan, const char ***out, ict_err *err);

#endif
