/* kind_constraints.c - what an SDMX content constraint allows the row's series: unit, multiplier,
 * composite breakdown, codes of the axes. Series that it does not name are not looked at. */
#include <stdio.h>
#include <string.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static const char *text_of(const ict_judge_set *set, const ict_judge_row *row, const char *column,
                           char mult[16]) {
  if (strcmp(column, "unit_measure") == 0) return row->row->unit_measure;
  if (strcmp(column, "composite_breakdown") == 0) return row->row->composite_breakdown;
  if (strcmp(column, "unit_mult") == 0) {
    snprintf(mult, 16, "%d", row->row->unit_mult);
    return mult;
  }
  long axis = ict_names_find(&set->axes, column);
  return axis < 0 ? NULL : row->axes[axis];
}

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  const ict_constraints *c = j->constraints;
  long at = c ? ict_names_find(&c->series, row->row->series) : -1;
  ict_status st = ICT_OK;
  for (size_t i = 0; at >= 0 && i < c->n_columns && st == ICT_OK; i++) {
    char mult[16];
    const char *text = text_of(j->set, row, c->columns[i], mult);
    if (!text || ict_constraints_allow(c->allowed[at][i], text)) continue;
    st = ict_remark_add(j, row, ict_expect(j, "one of %s (%s)", c->allowed[at][i], c->path),
                        "%s '%s' for series %s", c->columns[i], text, row->row->series);
  }
  return st;
}

const ict_rule_kind ict_rule_kind_constraints = {.keys = KEYS, .check_row = check_row};
