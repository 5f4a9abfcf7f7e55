/* compute.h - a store and a request in, a table of estimates out. Belongs to: engine/run. */
#ifndef ICTSTAT_COMPUTE_H
#define ICTSTAT_COMPUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/catalog.h"
#include "ictstat/request.h"
#include "ictstat/store.h"
#include "ictstat/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Caller frees the table. Findings (may be NULL): indicators left out and why, when none were
 * named; flags on the whole result. */
ict_status ict_compute(const ict_store *store, const ict_catalog *catalog,
                       const ict_request *request, ict_table **out, ict_findings *findings,
                       ict_err *err);

/* The plan as text, computing nothing: what would be read, which cells, which formulas.
 * Caller frees with ict_text_free. */
ict_status ict_compute_explain(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, char **text, ict_findings *findings,
                               ict_err *err);
void ict_text_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
