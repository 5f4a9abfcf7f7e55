/* design_df.h - PSUs and strata of the whole design in each area and period: for the df rule
 * `design`, and for knowing which areas and periods meet. */
#ifndef ICT_RUN_DESIGN_DF_H
#define ICT_RUN_DESIGN_DF_H

#include "plan/plan.h"

typedef struct ict_design_count {
  size_t n_psu, n_strata; /* that hold a row of weight > 0, whatever it answers */
} ict_design_count;

/* One for each area and period of the plan; caller frees with ict_free. */
ict_status ict_design_counts(const ict_plan *plan, ict_design_count **out, ict_err *err);
/* Which of them a cell of a margin belongs to. */
size_t ict_design_count_of(const ict_plan *plan, const ict_plan_margin *margin, size_t cell);
/* The design that the cell's df come from, where the rule is `design`. counts: NULL where it is
 * not. */
void ict_design_choose(const ict_design_count *counts, const ict_plan *plan,
                       const ict_plan_margin *margin, size_t cell, ict_estimate_options *options);

#endif
