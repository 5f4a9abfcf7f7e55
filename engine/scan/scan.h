/* scan.h - the parallel pass: evaluate a block, find the cells, add to the cube.
 *
 * In: a frozen plan (with its frame). Out: one finished cube. The result is the same to the
 * bit for any number of threads: chunks are whole PSUs, their borders a function of the design
 * alone, and their cubes are merged in chunk order. */
#ifndef ICT_SCAN_SCAN_H
#define ICT_SCAN_SCAN_H

#include "ictstat/progress.h"
#include "plan/plan.h"

/* totals (may be NULL where the plan has no replicates): the finished totals under the plan's
 * replicates, of the same pass. */
ict_status ict_scan_replicated(const ict_plan *plan, int threads, const ict_progress *progress,
                               ict_cube **out, ict_replicate_totals **totals, ict_err *err);

/* The cube alone, whatever replicates the plan has. */
ict_status ict_scan(const ict_plan *plan, int threads, const ict_progress *progress, ict_cube **out,
                    ict_err *err);

#endif
