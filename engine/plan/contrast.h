/* contrast.h - comparisons of two classes: "sex:F-M", "sex:F/M", "age:itu:Y15T24-Y25T74".
 *
 * A contrast is computed within the total and within every breakdown asked for. Where its axis is
 * not in a breakdown, their cross is made for it alone: a set of axes behind the published ones,
 * whose own cells have no rows. Periods stand in every breakdown: "period:2023-2022". */
#ifndef ICT_PLAN_CONTRAST_H
#define ICT_PLAN_CONTRAST_H

#include "catalog/indicator.h"
#include "plan/by.h"

#define ICT_CONTRASTS 32 /* of one request; a set of them is a bit mask */

/* An axis that is none of ict_by's, as every breakdown has it: the period. */
#define ICT_CONTRAST_PERIOD ICT_BY_AXES

typedef struct ict_contrast {
  size_t axis;               /* among those of ict_by, or ICT_CONTRAST_PERIOD */
  const char *text;          /* the classes as written: "F-M" */
  const ict_indicator *only; /* for this one, which is a contrast itself; NULL: for all others */
} ict_contrast;

typedef struct ict_contrasts {
  size_t n;
  ict_contrast asked[ICT_CONTRASTS];
  size_t n_published;     /* sets of ict_by that have rows of their own: the first ones */
  size_t n_axes_asked;    /* axes of ict_by that the user named: the first ones */
  const unsigned *of_set; /* the contrasts computed in each set of ict_by */
} ict_contrasts;

/* Reads texts and what the indicators say of themselves; adds axes and sets to `by`. All lives in
 * the arena. Errors: ICT_USAGE. */
ict_status ict_contrasts_make(const char *const *texts, size_t n,
                              const ict_indicator *const *indicators, size_t n_indicators,
                              ict_arena *arena, ict_by *by, ict_contrasts *out, ict_err *err);

#endif
