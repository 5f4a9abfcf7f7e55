/* catalog.h - the catalogue: indicators, concepts, classifications, quality profiles.
 *
 * All of it is text: indicators/ of the data folder, and what the user adds. Reading
 * checks every file without data; after that the catalogue is read-only and threads
 * may share it. Belongs to: engine/catalog. */
#ifndef ICTSTAT_CATALOG_H
#define ICTSTAT_CATALOG_H

#include <stddef.h>

#include "ictstat/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_catalog ict_catalog;

/* dir: a folder laid out like indicators/; NULL: the one that came with the program
 * (or below the environment's ICTSTAT_DATA). extra: n_extra more files or folders of the
 * user's; an id that is already taken is an error. All problems go to findings (may be
 * NULL), the first also to err. */
ict_status ict_catalog_open(const char *dir, const char *const *extra, size_t n_extra,
                            ict_catalog **out, ict_findings *findings, ict_err *err);
/* The same of the one that came with the program, for those who know beforehand which indicators
 * they will use: of its indicators only those with these ids are read, and what they stand on.
 * Where there is no such id (a series, a slip) all are. */
ict_status ict_catalog_open_for(const char *const *ids, size_t n_ids, const char *const *extra,
                                size_t n_extra, ict_catalog **out, ict_findings *findings,
                                ict_err *err);
void ict_catalog_free(ict_catalog *catalog);

/* The indicators, in catalogue order. */
size_t ict_catalog_indicators(const ict_catalog *catalog);
const char *ict_catalog_indicator_id(const ict_catalog *catalog, size_t i);
const char *ict_catalog_indicator_title(const ict_catalog *catalog, size_t i);
const char *ict_catalog_indicator_framework(const ict_catalog *catalog, size_t i);
const char *ict_catalog_indicator_unit(const ict_catalog *catalog, size_t i);

#ifdef __cplusplus
}
#endif
#endif
