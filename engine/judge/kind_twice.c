/* kind_twice.c - a key (indicator, item, area, period, breakdown) that comes again, in one file or
 * in two. */
#include <math.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static bool same_value(const ict_judge_row *a, const ict_judge_row *b) {
  double x = a->row->estimate, y = b->row->estimate;
  return x == y || (isnan(x) && isnan(y));
}

static ict_status check_group(const ict_judging *j, const ict_judge_groups *g, size_t group) {
  const ict_judge_row *first = g->rows[g->starts[group]];
  ict_status st = ICT_OK;
  for (size_t k = g->starts[group] + 1; k < g->starts[group + 1] && st == ICT_OK; k++)
    st = ict_remark_add(j, g->rows[k], "one row for each key", "the key of %s:%llu, with %s value",
                        first->file, (unsigned long long)first->line,
                        same_value(first, g->rows[k]) ? "the same" : "another");
  return st;
}

static ict_status check(const ict_judging *j) { return ict_judge_each(j, 0, check_group); }

const ict_rule_kind ict_rule_kind_twice = {.keys = KEYS, .check = check};
