/* scan.h - the parallel pass: evaluate a block, find the cells, add to the cube.
 *
 * In: a frozen plan (with its frame). Out: one finished cube. The result is the same to the
 * bit for any number of threads: chunks are whole PSUs, their borders a function of the design
 * alone, and their cubes are merged in chunk order. */
#ifndef ICT_SCAN_SCAN_H
#define ICT_SCAN_SCAN_H

#include "ictstat/progress.h"
#include "plan/plan.h"

ict_status ict_scan(const ict_plan *plan, int threads, const ict_progress *progress, ict_cube **out,
                    ict_err *err);

#endif
