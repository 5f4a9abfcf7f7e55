/* part.h - a computation in parts, which any batch scheduler can run one by one, and their merging
 * into the table of the whole, byte for byte. Belongs to: engine/run. */
#ifndef ICTSTAT_PART_H
#define ICTSTAT_PART_H

#include "ictstat/compute.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ICT_PARTS_MOST 64

/* Part k of n (1 <= k <= n <= ICT_PARTS_MOST) of the request, written to path, whole or not at all.
 * note: lines of the caller's that ict_parts_note gives back, the same for all parts but for the
 * last of several: where the store lies. Quantiles, which cannot be added up from parts, are
 * ICT_USAGE. */
ict_status ict_compute_part(const ict_store *store, const ict_catalog *catalog,
                            const ict_request *request, unsigned k, unsigned n, const char *note,
                            const char *path, ict_findings *findings, ict_err *err);

/* All parts of one computation, in any order. Files that are damaged, of another computation (its
 * store, definitions, breakdowns or replicates), twice the same part, or too few are
 * ICT_REFUSED. */
typedef struct ict_parts ict_parts;
ict_status ict_parts_open(const char *const *paths, size_t n, ict_parts **out, ict_err *err);
void ict_parts_close(ict_parts *parts);             /* NULL is fine */
const char *ict_parts_note(const ict_parts *parts); /* of the first */

/* The table of the whole. Store, catalogue and request are those the parts were made with; refused
 * where the parts say otherwise. */
ict_status ict_parts_merge(const ict_parts *parts, const ict_store *store,
                           const ict_catalog *catalog, const ict_request *request, ict_table **out,
                           ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
