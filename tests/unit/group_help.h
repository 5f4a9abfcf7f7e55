/* group_help.h - small tables of country values for the tests of engine/group. */
#ifndef ICT_TEST_GROUP_HELP_H
#define ICT_TEST_GROUP_HELP_H

#include <math.h>

#include "data/table.h"

static inline ict_status put(ict_table *table, const char *area, const char *year, const char *sex,
                             double estimate, double se, ict_err *err) {
  const char *axes[] = {sex, "_T", "_T", "_T"};
  return ict_table_add(table,
                       &(ict_table_row){.indicator = "17.8.1",
                                        .item = "",
                                        .series = "IT_USE_II99",
                                        .ref_area = area,
                                        .time_period = year,
                                        .axes = axes,
                                        .composite_breakdown = "_T",
                                        .estimate = estimate,
                                        .unit_measure = "PT",
                                        .se = se,
                                        .cv = NAN,
                                        .ci_low = NAN,
                                        .ci_high = NAN,
                                        .deff = NAN,
                                        .df = NAN,
                                        .pop_weighted = 10,
                                        .obs_status = "A"},
                       err);
}

#endif
