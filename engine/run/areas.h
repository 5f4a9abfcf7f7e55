/* areas.h - names of the reference areas of a result. */
#ifndef ICT_RUN_AREAS_H
#define ICT_RUN_AREAS_H

#include "data/table.h"
#include "plan/plan.h"

/* Into the table: the names of datasets/countries.csv, else the store's own labels; an area that
 * has neither keeps its code. */
ict_status ict_areas_name(const ict_plans *plans, ict_table *table, ict_err *err);

#endif
