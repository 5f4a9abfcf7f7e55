/* kind_area.c - a reference area is a country or area of datasets/countries.csv, or a group of them
 * of datasets/groups/. */
#include <string.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static ict_status remark(const ict_judging *j, const ict_judge_row *row) {
  const char *code = row->row->ref_area, *number = code;
  while (*number == '0') number++;
  const char *iso3 = ict_countries_iso3(j->set->countries, number);
  const char *expected =
      iso3 ? ict_expect(j, "%s, whose M49 number it is", iso3)
           : "an ISO 3166-1 alpha-3 code, or a group of datasets/groups/groups.csv";
  return ict_remark_add(j, row, expected, "area '%s'", code);
}

static ict_status check(const ict_judging *j) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < j->set->n && st == ICT_OK; i++) {
    const ict_judge_row *row = &j->set->rows[i];
    bool group = ict_names_find(&j->set->groups, row->row->ref_area) >= 0;
    if (row->country || group || !ict_rule_takes(j->rule, row)) continue;
    st = remark(j, row);
  }
  return st;
}

const ict_rule_kind ict_rule_kind_area = {KEYS, NULL, check};
