/* emit.h - what a plan's passes found becomes rows of the table; one function a kind of plan.
 *
 * Estimates, flags and adds every cell of every margin. Rows are not sorted. */
#ifndef ICT_RUN_EMIT_H
#define ICT_RUN_EMIT_H

#include "run/flags.h"
#include "scan/scan.h"

/* Of everything linear in the sums, and of every pair of cells that is compared. totals: NULL where
 * variances are linearised. findings (may be NULL): rows outside the classes. */
ict_status ict_emit_sums(const ict_plan *plan, const ict_cube *cube,
                         const ict_replicate_totals *totals, const ict_request *request,
                         ict_flagger *flagger, ict_table *table, ict_findings *findings,
                         ict_err *err);
ict_status ict_emit_shares(const ict_plan *plan, const ict_cube *cube,
                           const ict_replicate_totals *totals, const ict_request *request,
                           ict_flagger *flagger, ict_table *table, ict_err *err);
/* With passes of their own. */
ict_status ict_emit_quantiles(const ict_plan *plan, const ict_request *request,
                              ict_flagger *flagger, ict_table *table, ict_err *err);

#endif
