/* outside.c - counts who is in the total and in no class of a breakdown.
 *
 * In: a finished cube. Out: notes. */
#include "run/outside.h"

#include <inttypes.h>

static uint64_t rows_in(const ict_plan *plan, const ict_cube *cube, size_t margin, size_t measure) {
  uint64_t n = 0;
  for (size_t c = 0; c < plan->shape.margins[margin].n_cells; c++)
    n += ict_cube_sums(cube, margin, c, measure).n;
  return n;
}

/* Measures differ in who counts; the one that loses most speaks for the axis. */
static void tell(const ict_plan *plan, const ict_cube *cube, size_t margin,
                 ict_findings *findings) {
  uint64_t most = 0, of = 0;
  for (size_t m = 0; m < plan->n_measures; m++) {
    uint64_t all = rows_in(plan, cube, 0, m), inside = rows_in(plan, cube, margin, m);
    if (all <= inside || all - inside <= most) continue;
    most = all - inside;
    of = all;
  }
  if (most == 0) return;
  const ict_plan_axis *axis = &plan->axes[plan->margins[margin].axes[2]];
  ict_err note = {0};
  ict_err_set(&note, ICT_OK,
              "%" PRIu64 " of %" PRIu64
              " rows of units '%s' are in no class of %s%s%s: they count in "
              "the total alone",
              most, of, plan->frame->unit, axis->concept_name, axis->classification ? ":" : "",
              axis->classification ? axis->classification->id : "");
  ict_findings_add(findings, ICT_NOTE, &note);
}

void ict_tell_outside(const ict_plan *plan, const ict_cube *cube, ict_findings *findings) {
  if (plan->n_margins == 0 || plan->margins[0].n_axes != 2) return; /* a later pass: no total */
  for (size_t i = 1; i < plan->n_margins; i++)
    if (plan->margins[i].n_axes == 3 && !plan->margins[i].silent) tell(plan, cube, i, findings);
}
