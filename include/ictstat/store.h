/* store.h - a data set of ictstat: one HDF5 file, one table per unit of observation.
 *
 * docs/store.md describes the file for those who read it with h5py, R or h5dump.
 * A store is read-only; threads may share an open one. Belongs to: engine/store. */
#ifndef ICTSTAT_STORE_H
#define ICTSTAT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ictstat/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_store ict_store;

/* Opens and checks the format version and the shape of everything, not the checksums. A
 * file that is not HDF5, or not one of ours, is ICT_REFUSED. */
ict_status ict_store_open(const char *path, ict_store **out, ict_err *err);
void ict_store_close(ict_store *store); /* NULL is fine */

const char *ict_store_survey(const ict_store *store); /* survey id, borrowed */
const char *ict_store_title(const ict_store *store);  /* its id where it has no title */

/* The tables. */
size_t ict_store_units(const ict_store *store);
const char *ict_store_unit_name(const ict_store *store, size_t unit);
uint64_t ict_store_unit_rows(const ict_store *store, size_t unit);
size_t ict_store_unit_variables(const ict_store *store, size_t unit);
const char *ict_store_variable_name(const ict_store *store, size_t unit, size_t variable);

/* Recomputes every checksum and every index invariant. Each difference is a finding;
 * ICT_DIFFER where there is one. findings must be given. */
ict_status ict_store_verify(const char *path, ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
