/* compute.h - the way from a request to a table, with the scan left to the caller. */
#ifndef ICT_RUN_COMPUTE_H
#define ICT_RUN_COMPUTE_H

#include "ictstat/compute.h"
#include "plan/plan.h"

/* Scans the i-th plan of the request. */
typedef ict_status ict_scan_by_fn(void *ctx, size_t i, const ict_plan *plan,
                                  const ict_request *request, ict_cube **cube,
                                  ict_replicate_totals **totals, ict_err *err);

/* ict_compute, each plan scanned by `scan`: here, from parts, on many machines. */
ict_status ict_compute_by(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_scan_by_fn *scan, void *ctx,
                          ict_table **out, ict_findings *findings, ict_err *err);

/* The plans that such a computation scans; none where every value is in the store as it is. */
ict_status ict_compute_plans(const ict_store *store, const ict_catalog *catalog,
                             const ict_request *request, ict_plans *plans, ict_findings *findings,
                             ict_err *err);

#endif
