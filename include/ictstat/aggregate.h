/* aggregate.h - tables of country values in, one table of group values out: ITU and M49 regions,
 * least developed countries, income groups, the world. Belongs to: engine/run. docs/groups.md has
 * methods, formulas and files. */
#ifndef ICTSTAT_AGGREGATE_H
#define ICTSTAT_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/catalog.h"
#include "ictstat/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_aggregate_request {
  const char *const
      *groups; /* sets of datasets/groups/sets.csv: "ldc", "itu-region"; at least one */
  size_t n_groups;
  const char *population; /* path: CSV with ref_area, time_period, population, and of sex, age
                             and urbanisation those it tells apart */
  const char *const *indicators; /* ids or series; none: all in the tables */
  size_t n_indicators;
  const int *years; /* none: every year with a value */
  size_t n_years;
  const char *impute;     /* "linear,carry:3,hotdeck": tried in this order; NULL: "none" */
  const char *coverage;   /* profile of datasets/groups/coverage.csv; NULL: "uis" */
  int membership;         /* members of this year for all years; 0: each year's own */
  bool by_denominator;    /* weighted by the values' pop_weighted instead of people */
  bool countries;         /* also the country values that went in; imputed ones have status I */
  double level;           /* of the intervals; 0: 0.95 */
  const char *covariates; /* path: CSV with ref_area, time_period and numbers, for `regression`;
                             NULL without it */
} ict_aggregate_request;

/* Rows have the group's code as area and nature G; n_unweighted counts the countries measured,
 * n_psu those in the mean, n_strata those of the group. Refused: unknown areas, a key twice, mixed
 * units, shares above 100, population missing for a year, memberships not known for a year.
 * Indicators that have no group values are left out with a warning; refused where nothing else is
 * there. names: n, of the tables, for messages. catalog may be NULL. Caller frees the table. */
ict_status ict_aggregate_table(const ict_table *const *tables, const char *const *names, size_t n,
                               const ict_catalog *catalog, const ict_aggregate_request *request,
                               ict_table **out, ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
