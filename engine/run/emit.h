/* emit.h - the finished sums of a plan become rows of the table. */
#ifndef ICT_RUN_EMIT_H
#define ICT_RUN_EMIT_H

#include "run/flags.h"
#include "scan/scan.h"

/* Estimates, flags and adds every cell of every margin, and every pair that is compared. totals:
 * NULL where variances are linearised. Rows are not sorted. */
ict_status ict_emit_plan(const ict_plan *plan, const ict_cube *cube,
                         const ict_replicate_totals *totals, const ict_request *request,
                         ict_flagger *flagger, ict_table *table, ict_err *err);

#endif
