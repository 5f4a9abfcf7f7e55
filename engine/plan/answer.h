/* answer.h - whether a survey can answer an indicator, and why not; nothing is computed. */
#ifndef ICT_PLAN_ANSWER_H
#define ICT_PLAN_ANSWER_H

#include "base/err.h"
#include "catalog/indicator.h"
#include "data/frame.h"

typedef struct ict_answer {
  size_t n_items;    /* that belong to the survey's year */
  size_t n_answered; /* of these */
  bool differs;      /* some only with flag D */
  const char *why;   /* what is in the way of the first that is not answered, or of the definition;
                        NULL: nothing. In the arena */
} ict_answer;

/* frames: the survey's tables. An entry that others answer is the sum of these. Fails only for want
 * of memory. */
ict_status ict_plan_answer(const ict_indicator *indicator, const ict_frame *const *frames, size_t n,
                           const char *survey, ict_arena *arena, ict_answer *out, ict_err *err);

#endif
