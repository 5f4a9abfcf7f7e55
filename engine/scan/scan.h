/* scan.h - the parallel pass: evaluate a block, find the cells, add to the cube.
 *
 * In: a frozen plan (with its frame). Out: one finished cube. The result is the same to the
 * bit for any number of threads: chunks are whole PSUs, their borders a function of the design
 * alone, and their cubes are merged in chunk order. */
#ifndef ICT_SCAN_SCAN_H
#define ICT_SCAN_SCAN_H

#include "ictstat/progress.h"
#include "plan/plan.h"

/* totals: the finished totals under the plan's replicates, of the same pass, or NULL where it has
 * none. Nobody's where totals is NULL: the cube alone, whatever replicates the plan has. */
ict_status ict_scan(const ict_plan *plan, int threads, const ict_progress *progress, ict_cube **out,
                    ict_replicate_totals **totals, ict_err *err);

/* ---- a pass in pieces ----
 *
 * Chunks are folded in segments, at most ICT_SCAN_SEGMENTS runs of them, whose borders are a
 * function of the design alone, and segments into the whole, in order. So segments that were
 * computed anywhere, in any order, come to the bytes of one pass. */
#define ICT_SCAN_SEGMENTS 64
ict_status ict_scan_n_segments(const ict_plan *plan, size_t *n, ict_err *err);

/* Gets each of the segments [from, to) once it is whole, in order. The bytes are borrowed. */
typedef ict_status ict_segment_take_fn(void *ctx, size_t segment, const void *bytes, size_t len,
                                       ict_err *err);
ict_status ict_scan_part(const ict_plan *plan, int threads, const ict_progress *progress,
                         size_t from, size_t to, ict_segment_take_fn *take, void *ctx,
                         ict_err *err);

/* Gives the bytes of a segment, good until the next is asked for. Asked for all, in order.
 * *totals: NULL where the plan has no replicates. */
typedef ict_status ict_segment_give_fn(void *ctx, size_t segment, const void **bytes, size_t *len,
                                       ict_err *err);
ict_status ict_scan_join(const ict_plan *plan, int threads, ict_segment_give_fn *give, void *ctx,
                         ict_cube **out, ict_replicate_totals **totals, ict_err *err);

#endif
