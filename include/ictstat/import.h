/* import.h - survey files and a mapping in, a store out. Belongs to: engine/run. */
#ifndef ICTSTAT_IMPORT_H
#define ICTSTAT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "ictstat/catalog.h"
#include "ictstat/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_import_options {
  const char *mapping;          /* path of the mapping file */
  const char *data_dir;         /* where its paths start; NULL: the mapping's folder */
  const char *output;           /* path of the store; NULL: check only, write nothing */
  int threads;                  /* 0: all cores; 1 in a child forked after OpenMP has run */
  const ict_progress *progress; /* may be NULL */
  /* Bytes of memory for the survey's columns; what goes beyond is kept in a temporary file beside
   * the output (on a check: in the current folder). 0: three quarters of the machine's. */
  uint64_t memory;
} ict_import_options;

/* Reads, checks, joins, sorts, writes. All problems go to findings (may be NULL), the first
 * error also to err. An existing output is replaced whole or not at all. */
ict_status ict_import(const ict_catalog *catalog, const ict_import_options *options,
                      ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
