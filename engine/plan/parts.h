/* parts.h - the pieces of making a plan, for the files of this room alone. */
#ifndef ICT_PLAN_PARTS_H
#define ICT_PLAN_PARTS_H

#include "plan/by.h"
#include "plan/contrast.h"
#include "plan/plan.h"

/* axis.c: one axis over one frame. classification NULL: the concept's own default, else its
 * codes. Errors: ICT_USAGE (no such breakdown, no such classification, a real variable). */
ict_status ict_plan_axis_make(const ict_catalog *catalog, const ict_frame *frame,
                              const char *concept_name, const char *classification,
                              ict_arena *arena, ict_plan_axis *out, ict_err *err);

/* measure.c: one item over one frame, its expressions bound to the frame's schema. The
 * programs belong to the measure (ict_plan_measure_done). Errors: ICT_REFUSED (a concept is
 * not in the table; a condition is broken), said so that it can be shown as it is. */
ict_status ict_plan_measure_make(const ict_indicator *indicator, const ict_item *item,
                                 const ict_frame *frame, const char *survey, ict_arena *arena,
                                 ict_plan_measure *out, ict_err *err);
/* Whether the survey's year is one in which the item belongs to the definition. */
bool ict_plan_item_is_of_its_time(const ict_item *item, const ict_frame *frame);
void ict_plan_measure_done(ict_plan_measure *measure);

/* Position in the plan's axes of the request's axis i, given the axes in use. */
static inline size_t ict_plan_axis_at(unsigned mask, size_t i) {
  return 2 + (size_t)__builtin_popcount(mask & ((1u << i) - 1));
}

/* kind.c: what one plan is for. */
typedef struct ict_plan_want {
  ict_plan_kind kind;
  size_t across; /* of shares: an axis of ict_by */
} ict_plan_want;
/* Leaves the measures that a plan of this kind has, and frees the others. */
void ict_plan_keep(const ict_plan_want *want, const ict_by *by, ict_plan_measure *measures,
                   size_t *n);
/* The axes of the shares among the indicators join `by`; *axes: a mask of them. */
ict_status ict_plan_share_axes(const ict_indicator *const *indicators, size_t n, ict_by *by,
                               unsigned *axes, ict_err *err);
/* Which of the request's sets, the first n, a plan of this kind is made for; out has room for n. */
size_t ict_plan_sets_of(const ict_plan_want *want, const unsigned *sets, size_t n, unsigned *out);
/* How the cells of each margin share; and behind the margins of the shape, for each the cells of
 * the whole, in the same order. */
ict_status ict_plan_sharing(ict_plan *plan, ict_err *err);

/* What a plan without replicates cannot make: quantiles of replicates, shares of calibrated
 * weights.
 */
ict_status ict_plan_check_kind(const ict_plan *plan, const ict_request *request, ict_err *err);

/* pair.c: the contrasts whose axes are in mask, and their pairs of cells in the shape. Axes,
 * margins and cells are there already. Errors: ICT_USAGE (no such class, a class twice). */
ict_status ict_plan_pairs_make(const ict_contrasts *asked, unsigned mask, ict_plan *plan,
                               ict_err *err);

/* tested.c: every breakdown but the total becomes a table to be tested, of its last n_tested axes.
 * Pairs of contrasts are there already. Errors: ICT_USAGE (too large). */
ict_status ict_plan_tests_make(size_t n_tested, ict_plan *plan, ict_err *err);

/* everyone.c: a measure of its own, the number of units in scope. Lives in the arena. */
ict_status ict_plan_everyone_make(const ict_frame *frame, ict_arena *arena, ict_plan_measure *out,
                                  ict_err *err);

#endif
