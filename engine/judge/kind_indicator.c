/* kind_indicator.c - the indicator, its item and its series are the catalogue's. */
#include <string.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static ict_status unknown(const ict_judging *j, const ict_judge_row *row) {
  ict_err problem = {0};
  ict_catalog_no_indicator(j->set->catalog, row->row->indicator, &problem);
  const char *expected = problem.fix[0] ? ict_expect(j, "an id of the catalogue; %s", problem.fix)
                                        : "an id of the catalogue";
  return ict_remark_add(j, row, expected, "indicator '%s'", row->row->indicator);
}

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  const ict_indicator *known = row->indicator;
  if (!known) return unknown(j, row);
  if (row->row->item[0] && !row->item)
    return ict_remark_add(j, row, ict_expect(j, "an item of %s", known->id), "item '%s'",
                          row->row->item);
  const char *series = ict_item_series(known, row->item);
  if (series[0] && row->row->series[0] && strcmp(series, row->row->series) != 0)
    return ict_remark_add(j, row, ict_expect(j, "%s", series), "series '%s'", row->row->series);
  return ICT_OK;
}

const ict_rule_kind ict_rule_kind_indicator = {.keys = KEYS, .check_row = check_row};
