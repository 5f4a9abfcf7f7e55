/* validate.h - what the files of `validate` share. */
#ifndef ICT_RUN_VALIDATE_H
#define ICT_RUN_VALIDATE_H

#include "ictstat/validate.h"
#include "judge/remark.h"

struct ict_validation {
  ict_table **tables; /* history last */
  uint64_t **lines;
  size_t n_read, n_tables;
  size_t n_judged;
  ict_countries *countries;
  ict_judge_set set;
  ict_rules *rules;
  ict_constraints constraints;
  ict_remarks remarks;
};

#endif
