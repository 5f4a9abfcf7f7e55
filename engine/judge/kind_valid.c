/* kind_valid.c - an item stands only in the years for which it is defined: the skills of 4.4.1 were
 * asked of a computer until 2019, and of any device since. */
#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  if (!row->item || !row->year) return ICT_OK;
  int from = (int)row->item->valid_from, until = (int)row->item->valid_until;
  bool early = from && row->year < from, late = until && row->year > until;
  if (!early && !late) return ICT_OK;
  const char *expected =
      early ? ict_expect(j, "%d or later", from) : ict_expect(j, "%d or earlier", until);
  return ict_remark_add(j, row, expected, "item %s in %d", row->item->id, row->year);
}

const ict_rule_kind ict_rule_kind_valid = {.keys = KEYS, .check_row = check_row};
