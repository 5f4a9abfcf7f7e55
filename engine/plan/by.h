/* by.h - breakdowns as written: "sex", "sex,age:ten-year", "cube(sex,age),urbanisation".
 *
 * One text is a list of terms, each an axis or cube(axes). Terms cross; a cube stands for
 * every subset of its axes. In: the texts. Out: the distinct axes, and the distinct sets
 * of them, the empty set (the total) first. */
#ifndef ICT_PLAN_BY_H
#define ICT_PLAN_BY_H

#include "base/err.h"
#include "base/mem.h"

#define ICT_BY_AXES 16 /* axes one request may name; a set is a bit mask over them */

typedef struct ict_by_axis {
  const char *name;           /* the concept */
  const char *classification; /* after the colon, or NULL */
} ict_by_axis;

typedef struct ict_by {
  size_t n_axes;
  ict_by_axis axes[ICT_BY_AXES];
  size_t n_sets;
  const unsigned *sets; /* masks, in order of first appearance; sets[0] is 0 */
} ict_by;

/* The place of an axis among those of `by`, at their end where it is new; the texts are borrowed.
 * Errors: ICT_USAGE (too many). */
ict_status ict_by_axis_at(ict_by *by, const char *name, const char *classification, size_t *axis,
                          ict_err *err);

/* Texts and sets live in the arena. Errors: ICT_USAGE, with the place in the text. */
ict_status ict_by_parse(const char *const *texts, size_t n, ict_arena *arena, ict_by *out,
                        ict_err *err);

#endif
