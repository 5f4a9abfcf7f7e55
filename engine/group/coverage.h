/* coverage.h - whether a group has enough of its countries: rules as data
 * (datasets/groups/coverage.csv). */
#ifndef ICT_GROUP_COVERAGE_H
#define ICT_GROUP_COVERAGE_H

#include <stddef.h>

#include "base/err.h"

typedef enum ict_coverage_verdict {
  ICT_COVERAGE_OK,      /* published */
  ICT_COVERAGE_LOW,     /* published and flagged */
  ICT_COVERAGE_TOO_LOW, /* not published */
} ict_coverage_verdict;

/* Each share in percent. Several rules: the worst verdict holds. */
typedef struct ict_coverage {
  double population_publish, population_complete;
  double countries_publish, countries_complete;
} ict_coverage;

/* An unknown profile is ICT_USAGE. */
ict_status ict_coverage_load(const char *profile, ict_coverage *out, ict_err *err);

/* Shares in percent of what was measured in the very year; imputed countries do not count. */
ict_coverage_verdict ict_coverage_judge(const ict_coverage *rules, double population,
                                        double countries);

#endif
