/* sdmx_dsd.h - the SDMX data structure a table is written for: its columns and code lists.
 *
 * They are data (datasets/sdmx/dsd.csv, codes.csv), so a new version of the global structure
 * takes no C. */
#ifndef ICT_PUBLISH_SDMX_DSD_H
#define ICT_PUBLISH_SDMX_DSD_H

#include <stdbool.h>

#include "base/err.h"
#include "data/names.h"

typedef struct ict_sdmx_column {
  const char *id;       /* "URBANISATION" */
  const char *codelist; /* "CL_URBANISATION", "" where it is not coded */
  bool dimension;
  ict_names codes; /* empty: not coded, or a list that does not come with us */
} ict_sdmx_column;

typedef struct ict_sdmx_dsd {
  ict_arena *arena;
  const char *dataflow;     /* "AGENCY:ID(VERSION)" */
  ict_sdmx_column *columns; /* in the order of the file */
  size_t n, capacity;
} ict_sdmx_dsd;

ict_status ict_sdmx_dsd_load(ict_sdmx_dsd *dsd, ict_err *err);
void ict_sdmx_dsd_done(ict_sdmx_dsd *dsd); /* safe on a zeroed record */
/* Index of the column, or -1. */
long ict_sdmx_dsd_find(const ict_sdmx_dsd *dsd, const char *id);

#endif
