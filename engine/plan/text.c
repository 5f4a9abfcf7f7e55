/* text.c - a plan in words: what `compute --explain` prints. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "plan/plan.h"

static const char *const FORMULA[] = {
    [ICT_EST_PROPORTION] = "sum w [numerator] / sum w",
    [ICT_EST_MEAN] = "sum w y / sum w",
    [ICT_EST_RATIO] = "sum w y / sum w x",
    [ICT_EST_TOTAL] = "sum w y",
    [ICT_EST_COUNT] = "sum w [numerator]",
    [ICT_EST_QUANTILE] = "quantile of y under w",
    [ICT_EST_SHARE] = "sum w y (or w [numerator]) in a class / in all"};

static void add_expr(ict_str *s, const char *label, const ict_expr *expr) {
  if (!expr) return;
  char *text = ict_expr_text(expr);
  ict_str_addf(s, "      %-12s %s\n", label, text ? text : "?");
  ict_free(text);
}

static void add_measure(ict_str *s, const ict_plan_measure *m) {
  ict_str_addf(s, "    %s%s%s  %s\n", m->indicator->id, m->item->id[0] ? " / " : "", m->item->id,
               m->item->label && m->item->label[0] ? m->item->label : m->indicator->title);
  ict_str_addf(s, "      %-12s %s\n", "estimate", FORMULA[m->estimator]);
  if (m->estimator == ICT_EST_QUANTILE)
    ict_str_addf(s, "      %-12s %g\n", "at", m->item->probability);
  if (m->estimator == ICT_EST_SHARE)
    ict_str_addf(s, "      %-12s %s\n", "across", m->indicator->across);
  add_expr(s, "universe", m->indicator->universe);
  add_expr(s, "numerator", m->item->numerator);
  add_expr(s, "denominator", m->item->denominator);
  if (m->differs)
    ict_str_addf(s, "      %-12s %s\n", "flag D", m->differs_why ? m->differs_why : "");
}

static void add_margin(ict_str *s, const ict_plan *plan, size_t i) {
  const ict_plan_margin *margin = &plan->margins[i];
  ict_str_add(s, "    ");
  if (margin->n_axes == 2) ict_str_add(s, "total");
  for (size_t k = 2; k < margin->n_axes; k++) {
    const ict_plan_axis *axis = &plan->axes[margin->axes[k]];
    ict_str_addf(s, "%s%s", k > 2 ? " x " : "", axis->name);
    if (axis->classification) ict_str_addf(s, ":%s", axis->classification->id);
  }
  ict_str_addf(s, "  (%zu cell%s", plan->shape.margins[i].n_cells,
               plan->shape.margins[i].n_cells == 1 ? "" : "s");
  const char *before = margin->silent ? ", not shown; compared: " : "; compared: ";
  for (size_t k = 0, last = plan->n_contrasts; k < plan->shape.n_pairs; k++) {
    size_t contrast = plan->contrast_of[k];
    if (plan->shape.pairs[k].margin != i || contrast == last) continue;
    ict_str_addf(s, "%s%s", before, plan->contrasts[contrast].text);
    before = ", ";
    last = contrast;
  }
  ict_str_add(s, ")\n");
}

static void add_design(ict_str *s, const ict_design *d, bool one_stage) {
  if (d->census) {
    ict_str_add(s, "  design        census: no sampling variance\n");
    return;
  }
  ict_str_addf(
      s,
      "  design        %zu strata (%s), %zu PSUs (%s), weight %s, fpc %s, single-PSU strata: %s\n",
      d->n_strata, d->strata_from ? d->strata_from : "none", d->n_psu,
      d->psu_from ? d->psu_from : "none: each row", d->weight_from ? d->weight_from : "none",
      d->fpc_from ? d->fpc_from : "none", ict_lonely_name(d->lonely));
  if (d->pps != ICT_PPS_NONE)
    ict_str_addf(s, "                PSUs drawn with unequal probabilities, approximation: %s\n",
                 ict_pps_name(d->pps));
  for (size_t k = 0; k < d->n_stages; k++) {
    const ict_stage *stage = &d->stages[k];
    ict_str_addf(s, "                stage %zu: %zu strata (%s), %zu units (%s), fpc %s%s\n", k + 2,
                 stage->n_strata, stage->strata_from ? stage->strata_from : "units above",
                 stage->n_units, stage->units_from ? stage->units_from : "each row",
                 stage->fpc_from ? stage->fpc_from : "none",
                 one_stage ? ", left out: --ultimate-cluster" : "");
  }
}

static void add_calibration(ict_str *s, const ict_plan *plan) {
  const ict_calibration *c = plan->frame->design.calibration;
  if (!c) return;
  ict_str_addf(s, "  calibration   %s to", ict_calibration_name(c->method));
  for (size_t i = 0; i < c->n_margins; i++)
    ict_str_addf(s, "%s %s (%zu totals)", i ? "," : "", c->margins[i].name, c->margins[i].n);
  for (size_t i = 0; i < c->n_numbers; i++)
    ict_str_addf(s, "%s the sum of %s", c->n_margins + i ? "," : "", c->numbers[i].name);
  ict_str_add(s, "\n");
}

/* Bytes of the columns the pass touches: the limit of its speed. */
static uint64_t bytes_touched(const ict_plan *plan) {
  const ict_schema *schema = plan->frame->schema;
  bool *used = ict_alloc(schema->n, sizeof *used);
  uint64_t bytes = plan->frame->design.weight ? plan->frame->n_rows * sizeof(double) : 0;
  if (!used) return bytes;
  for (size_t i = 0; i < plan->n_axes; i++) used[plan->axes[i].column] = true;
  for (size_t i = 0; i <= plan->n_measures; i++) {
    bool last = i == plan->n_measures;
    const ict_program *programs[3] = {last ? plan->scope : plan->measures[i].universe,
                                      last ? NULL : plan->measures[i].numerator,
                                      last ? NULL : plan->measures[i].denominator};
    for (size_t k = 0; k < 3; k++) {
      const size_t *columns = NULL;
      size_t n = programs[k] ? ict_program_columns(programs[k], &columns) : 0;
      for (size_t c = 0; c < n; c++) used[columns[c]] = true;
    }
  }
  for (size_t i = 0; i < schema->n; i++)
    if (used[i]) bytes += plan->frame->n_rows * ict_width_bytes(schema->vars[i].width);
  ict_free(used);
  return bytes;
}

char *ict_plan_text(const ict_plan *plan) {
  ict_str s;
  ict_str_init(&s);
  ict_str_addf(&s, "plan for units '%s' of %s\n", plan->frame->unit, plan->survey);
  ict_str_addf(&s, "  rows          %zu, %" PRIu64 " bytes read\n", plan->frame->n_rows,
               bytes_touched(plan));
  add_design(&s, &plan->frame->design, plan->shape.one_stage);
  add_calibration(&s, plan);
  if (plan->scope_text) ict_str_addf(&s, "  scope         %s\n", plan->scope_text);
  ict_str_addf(&s, "  measures      %zu\n", plan->n_measures);
  for (size_t i = 0; i < plan->n_measures; i++) add_measure(&s, &plan->measures[i]);
  ict_str_addf(&s, "  breakdowns    %zu, from %zu fine cells, each within area and period\n",
               plan->n_margins, plan->n_fine);
  for (size_t i = 0; i < plan->n_margins; i++) add_margin(&s, plan, i);
  return ict_str_take(&s);
}
