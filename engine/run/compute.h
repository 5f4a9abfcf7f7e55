/* compute.h - the way from a request to a table, with the scan left to the caller. */
#ifndef ICT_RUN_COMPUTE_H
#define ICT_RUN_COMPUTE_H

#include "ictstat/compute.h"
#include "plan/plan.h"
#include "run/published.h"

/* A request made ready: what the store has of it as it is, and the plans of the rest. Borrows the
 * store, the catalogue and the request. */
typedef struct ict_computation {
  const ict_store *store;
  const ict_catalog *catalog;
  const ict_request *request;
  ict_published *published; /* NULL: the store has no published values */
  ict_request rest;         /* of the request: what is planned */
  bool all_published;       /* nothing is left, and there are no plans */
  ict_plans plans;
} ict_computation;

ict_status ict_computation_begin(const ict_store *store, const ict_catalog *catalog,
                                 const ict_request *request, ict_computation *out,
                                 ict_findings *findings, ict_err *err);
void ict_computation_done(ict_computation *c); /* also after a failed begin, and of a zeroed one */

/* Whether the plan's sums are scanned by the caller's function. Quantiles are not sums: they have
 * passes of their own, over all rows, made where the table is. */
bool ict_compute_scans(const ict_plan *plan);

/* Scans the i-th plan of the computation. */
typedef ict_status ict_scan_by_fn(void *ctx, size_t i, const ict_plan *plan,
                                  const ict_request *request, ict_cube **cube,
                                  ict_replicate_totals **totals, ict_err *err);

/* ict_compute, each plan scanned by `scan`: here, from parts, on many machines. */
ict_status ict_compute_by(const ict_computation *c, ict_scan_by_fn *scan, void *ctx,
                          ict_table **out, ict_findings *findings, ict_err *err);

#endif
