/* plans.h - the plans of a request over a whole store. */
#ifndef ICT_RUN_PLANS_H
#define ICT_RUN_PLANS_H

#include "plan/plan.h"
#include "store/store.h"

/* As ict_plan_make, of all the store's tables. */
ict_status ict_plans_of_store(const ict_store *store, const ict_catalog *catalog,
                              const ict_request *request, ict_plans *out, ict_findings *findings,
                              ict_err *err);

#endif
