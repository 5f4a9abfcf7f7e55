/* trend.h - tables of several rounds in, one table of modelled rows out: change per year,
 * projection, required change, verdict. Belongs to: engine/run. docs/math.md, "Trend", has the
 * method. */
#ifndef ICTSTAT_TREND_H
#define ICTSTAT_TREND_H

#include <stddef.h>

#include "ictstat/catalog.h"
#include "ictstat/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ict_trend_scale {
  ICT_SCALE_AUTO,     /* logistic for shares (the catalogue's proportions, and PT), else linear */
  ICT_SCALE_LOGISTIC, /* a series that leaves 0..100 is linear all the same, and flagged */
  ICT_SCALE_LINEAR
} ict_trend_scale;

typedef struct ict_trend_request {
  int to;             /* year of the projection; 0: 2030 */
  double level;       /* of the intervals; 0: 0.95 */
  const char *target; /* "95": at least; "<10": at most; else the path of a CSV file with a column
                         `target`; NULL: none */
  ict_trend_scale scale;
} ict_trend_request;

/* Rows of one key (indicator, item, area, breakdown) in two or more periods are a series. The
 * result has a further axis `trend` (CHANGE, FIT, REQUIRED, GAP, PROJECTION), nature M, and none of
 * the measured rows. names: n, of the tables, for messages. catalog (may be NULL) gives titles, and
 * what a share is. The order of the tables does not matter. Caller frees the table. */
ict_status ict_trend_table(const ict_table *const *tables, const char *const *names, size_t n,
                           const ict_catalog *catalog, const ict_trend_request *request,
                           ict_table **out, ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
