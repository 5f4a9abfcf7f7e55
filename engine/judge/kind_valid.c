/* kind_valid.c - an item stands only in the years for which it is defined: the skills of 4.4.1 were
 * asked of a computer until 2019, and of any device since. */
#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static ict_status check(const ict_judging *j) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < j->set->n && st == ICT_OK; i++) {
    const ict_judge_row *row = &j->set->rows[i];
    if (!row->item || !row->year || !ict_rule_takes(j->rule, row)) continue;
    int from = (int)row->item->valid_from, until = (int)row->item->valid_until;
    if (from && row->year < from)
      st = ict_remark_add(j, row, ict_expect(j, "%d or later", from), "item %s in %d",
                          row->item->id, row->year);
    else if (until && row->year > until)
      st = ict_remark_add(j, row, ict_expect(j, "%d or earlier", until), "item %s in %d",
                          row->item->id, row->year);
  }
  return st;
}

const ict_rule_kind ict_rule_kind_valid = {KEYS, NULL, check};
