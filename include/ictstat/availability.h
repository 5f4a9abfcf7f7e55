/* availability.h - which values there are of what is expected: indicator by country by breakdown by
 * year, how old and of what quality, by groups of countries, and what is missing.
 * Belongs to: engine/run. docs/availability.md has the definitions. */
#ifndef ICTSTAT_AVAILABILITY_H
#define ICTSTAT_AVAILABILITY_H

#include <stddef.h>

#include "ictstat/catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_availability_request {
  const char *const *tables; /* paths of our CSV; at least one */
  size_t n_tables;
  const char *const *indicators; /* expected, by id or series */
  size_t n_indicators;
  const char *framework; /* expected as well: its entries that can be computed. Neither: those in
                            the tables */
  const char *const *by; /* breakdowns beside the total: "sex", "sex,age" */
  size_t n_by;
  const char *const *groups; /* sets of datasets/groups/sets.csv; none: "world" */
  size_t n_groups;
  const char *const *areas; /* expected countries; none: all of the set `world` */
  size_t n_areas;
  int first_year, last_year; /* 0: of the tables */
  int recent;                /* years; 0: 3 */
  int membership;            /* groups have the members of this year; 0: of each year */
  const char *population;    /* path as for ict_aggregate_table; NULL: no people */
} ict_availability_request;

typedef struct ict_availability ict_availability;

/* Refused: tables, population, indicators, sets, areas and axes that are not there. findings (may
 * be NULL): rows left out and why. Caller frees. */
ict_status ict_availability_make(const ict_catalog *catalog,
                                 const ict_availability_request *request, ict_availability **out,
                                 ict_findings *findings, ict_err *err);
/* view: "summary" (by group; the default, NULL), "cells" (every country and year), "gaps"
 * (countries without a value or a recent one, by people; needs a population). format: "table",
 * "csv", "json", "svg" (not of gaps); NULL: from the extension of the path. */
ict_status ict_availability_write(const ict_availability *availability, const char *view,
                                  const char *format, const char *path, ict_err *err);
void ict_availability_free(ict_availability *availability); /* NULL is fine */

#ifdef __cplusplus
}
#endif
#endif
