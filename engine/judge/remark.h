/* remark.h - what judging found: remarks, in the order of files, lines and rules. */
#ifndef ICT_JUDGE_REMARK_H
#define ICT_JUDGE_REMARK_H

#include "judge/rule.h"

typedef struct ict_remark {
  const ict_rule *rule;
  const ict_judge_row *row;
  const char *what, *expected;
  size_t order; /* of finding */
} ict_remark;

struct ict_remarks {
  ict_arena *arena;
  ict_remark *list;
  size_t n, capacity;
  size_t count[ICT_ERROR + 1]; /* by severity */
};

/* Every rule over every row; what is found comes sorted by file, line and rule. */
ict_status ict_judge(const ict_rules *rules, const ict_judge_set *set,
                     const ict_constraints *constraints, ict_remarks *out, ict_err *err);
void ict_remarks_done(ict_remarks *remarks); /* safe on a zeroed one */

#endif
