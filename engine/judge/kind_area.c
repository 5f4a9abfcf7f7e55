/* kind_area.c - a reference area is a country or area of datasets/countries.csv, or a group of them
 * of datasets/groups/. */
#include <string.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  const char *code = row->row->ref_area, *number = code;
  if (row->country || ict_names_find(&j->set->groups, code) >= 0) return ICT_OK;
  while (*number == '0') number++;
  const char *iso3 = ict_countries_iso3(j->set->countries, number);
  const char *expected =
      iso3 ? ict_expect(j, "%s, whose M49 number it is", iso3)
           : "an ISO 3166-1 alpha-3 code, or a group of datasets/groups/groups.csv";
  return ict_remark_add(j, row, expected, "area '%s'", code);
}

const ict_rule_kind ict_rule_kind_area = {.keys = KEYS, .check_row = check_row};
