/* emit_pair.c - two cells compared: the rows of contrasts.
 *
 * In: a plan's pairs. Out: rows.
 * Owns: nothing. */
#include <string.h>

#include "run/emit_inside.h"

/* Two classifications may share both classes of a comparison: it is published once. */
static bool compared_before(const ict_plan *plan, const ict_plan_contrast *c,
                            const ict_pair *pair) {
  const ict_plan_margin *margin = &plan->margins[pair->margin];
  for (size_t k = 0; k < plan->n_contrasts; k++) {
    const ict_plan_contrast *other = &plan->contrasts[k];
    if (other->only != c->only || strcmp(other->text, c->text) != 0) continue;
    for (size_t i = 0; i < pair->margin; i++)
      if (plan->margins[i].contrasts & other->bit &&
          ict_emit_has_cell(plan, &plan->margins[i], margin, pair->cell[0]))
        return true;
  }
  return false;
}

/* Two cells compared. The flags are those of either cell: a small difference is not a bad one
 * because its CV is large, and thirty cases are not many because there are thirty on each side. */
static ict_status emit_pair(ict_emitter *e, size_t p, size_t measure) {
  const ict_plan_measure *m = &e->plan->measures[measure];
  const ict_plan_contrast *c = &e->plan->contrasts[e->plan->contrast_of[p]];
  const ict_pair *pair = &e->plan->shape.pairs[p];
  const ict_plan_margin *margin = &e->plan->margins[pair->margin];
  if (c->only ? m->indicator != c->only : m->indicator->contrast_of != NULL) return ICT_OK;
  bool of_periods = c->axis == 1;
  ict_sums of[2];
  const ict_sums *sums[2] = {&of[0], &of[1]};
  ict_table_row row, side[2] = {{0}};
  ict_emit_choose_design(e, pair->margin, pair->cell[0]);
  for (int i = 0; i < 2; i++) {
    ict_estimate_result r;
    of[i] = ict_cube_sums(e->cube, pair->margin, pair->cell[i], measure);
    ict_emit_choose_replicates(e, pair->margin, pair->cell[i], measure);
    ict_estimate(m->estimator, &of[i], &e->options, &r);
    ict_emit_numbers(m, &r, &side[i]);
  }
  ict_estimate_result r;
  ict_emit_choose_pair(e, pair->margin, pair->cell, measure);
  ict_pair_sums both = ict_cube_pair(e->cube, p, measure);
  /* The design of one period is not that of two: of both together, who is in either cell. */
  ict_df_rule rule = e->options.df;
  if (of_periods && rule == ICT_DF_DESIGN) e->options.df = ICT_DF_DEGF;
  ict_estimate_contrast(m->estimator, c->ratio, sums, &both, &e->options, &r);
  e->options.df = rule;
  /* An area need not have both periods; else the total has a row, whoever is in it. */
  size_t least = of_periods ? (e->plan->axes[0].n > 1 ? 0 : 2) : 3;
  if (r.notes & ICT_NOTE_EMPTY && margin->n_axes > least) return ICT_OK;
  ict_emit_names(e, m, &row);
  ict_emit_codes(e, margin, pair->cell[0], &row);
  if (of_periods)
    row.time_period = c->text;
  else
    e->axes[e->column_of[c->axis]] = c->only ? NULL : c->text;
  ict_emit_numbers(m, &r, &row);
  if (c->ratio && !c->only) { /* a pure number, whatever is compared */
    row.estimate = r.estimate;
    row.se = r.se;
    row.ci_low = r.ci_low;
    row.ci_high = r.ci_high;
    row.unit_measure = "RO";
    row.unit_mult = 0;
  }
  for (int i = 0; i < 2; i++) { /* whose statuses are theirs */
    side[i].indicator = row.indicator;
    side[i].item = row.item;
    side[i].ref_area = row.ref_area;
    side[i].time_period = row.time_period;
  }
  ict_status st = ict_judge_pair(e->judge, side, r.notes, m->differs, &row, e->err);
  return st == ICT_OK ? ict_table_add(e->table, &row, e->err) : st;
}

ict_status ict_emit_pairs(ict_emitter *e) {
  const ict_plan *plan = e->plan;
  ict_status st = ICT_OK;
  for (size_t p = 0; p < plan->shape.n_pairs && st == ICT_OK; p++) {
    if (compared_before(plan, &plan->contrasts[plan->contrast_of[p]], &plan->shape.pairs[p]))
      continue;
    for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++) st = emit_pair(e, p, k);
  }
  return st;
}
