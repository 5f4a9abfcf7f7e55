/* kind_twice.c - a key (indicator, item, area, period, breakdown) that comes again, in one file or
 * in two. */
#include <math.h>

#include "judge/rule.h"

static const char *const KEYS[] = {NULL};

static bool same_value(const ict_judge_row *a, const ict_judge_row *b) {
  double x = a->row->estimate, y = b->row->estimate;
  return x == y || (isnan(x) && isnan(y));
}

static ict_status check(const ict_judging *j) {
  ict_judge_groups g;
  ict_status st = ict_judge_group(j->set, 0, SIZE_MAX, ict_rule_takes, j->rule, &g, j->err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < g.n && st == ICT_OK; i++) {
    const ict_judge_row *first = g.rows[g.starts[i]];
    for (size_t k = g.starts[i] + 1; k < g.starts[i + 1] && st == ICT_OK; k++)
      st = ict_remark_add(j, g.rows[k], "one row for each key", "the key of %s:%llu, with %s value",
                          first->file, (unsigned long long)first->line,
                          same_value(first, g.rows[k]) ? "the same" : "another");
  }
  ict_judge_groups_done(&g);
  return st;
}

const ict_rule_kind ict_rule_kind_twice = {KEYS, NULL, check};
