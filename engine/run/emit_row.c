/* emit_row.c - the parts of a row: names, codes, numbers.
 *
 * In: a cell of a margin, an estimate. Out: the row.
 * Owns: nothing. */
#include <string.h>

#include "run/emit_inside.h"

void ict_emit_choose_design(ict_emitter *e, size_t margin, size_t cell) {
  ict_design_choose(e->designs, e->plan, &e->plan->margins[margin], cell, &e->options);
}

void ict_emit_choose_replicates(ict_emitter *e, size_t margin, size_t cell, size_t measure) {
  if (!e->totals) return;
  e->replicate[0] = ict_replicate_cell_in_brief(e->totals, margin, cell, measure, e->room[0]);
  e->options.replicate = e->replicate;
}

void ict_emit_choose_pair(ict_emitter *e, size_t margin, const uint32_t cell[2], size_t measure) {
  if (!e->totals) return;
  for (int i = 0; i < 2; i++)
    e->replicate[i] = ict_replicate_cell_of(e->totals, margin, cell[i], measure, e->room[i]);
  e->options.replicate = e->replicate;
}

bool ict_emit_has_cell(const ict_plan *plan, const ict_plan_margin *earlier,
                       const ict_plan_margin *margin, size_t cell) {
  if (earlier->n_axes != margin->n_axes) return false;
  for (size_t i = margin->n_axes; i-- > 0;) {
    const ict_plan_axis *mine = &plan->axes[margin->axes[i]],
                        *other = &plan->axes[earlier->axes[i]];
    if (strcmp(mine->name, other->name) != 0) return false;
    if (mine != other && ict_codelist_find(other->codes, mine->codes->codes[cell % mine->n].id) < 0)
      return false;
    cell /= mine->n;
  }
  return true;
}

static const char *or_empty(const char *text) { return text ? text : ""; }

/* The codes of a cell: mixed radix over the margin's axes, the last fastest. */
void ict_emit_codes(ict_emitter *e, const ict_plan_margin *margin, size_t cell,
                    ict_table_row *row) {
  for (size_t i = 0; i < e->n_axes; i++) e->axes[i] = NULL;
  for (size_t i = margin->n_axes; i-- > 0;) {
    const ict_plan_axis *axis = &e->plan->axes[margin->axes[i]];
    const char *code = axis->codes->codes[cell % axis->n].id;
    cell /= axis->n;
    if (margin->axes[i] == 0)
      row->ref_area = code;
    else if (margin->axes[i] == 1)
      row->time_period = code;
    else
      e->axes[e->column_of[margin->axes[i]]] = code;
  }
  row->axes = e->axes;
}

void ict_emit_numbers(const ict_plan_measure *m, const ict_estimate_result *r, ict_table_row *row) {
  double scale = m->indicator->scale;
  row->estimate = r->estimate * scale;
  row->se = r->se * scale;
  row->cv = r->cv * 100;
  row->ci_low = r->ci_low * scale;
  row->ci_high = r->ci_high * scale;
  row->deff = r->deff;
  row->df = r->df;
  row->n_unweighted = r->n;
  row->n_psu = r->n_psu;
  row->n_strata = r->n_strata;
  row->pop_weighted = r->pop_weighted;
}

void ict_emit_names(const ict_emitter *e, const ict_plan_measure *m, ict_table_row *row) {
  *row = (ict_table_row){
      .indicator = m->indicator->id,
      .item = ict_table_item_id(m->item->id),
      .series = or_empty(ict_item_series(m->indicator, m->item)),
      .composite_breakdown = or_empty(m->item->composite),
      .unit_measure = or_empty(ict_item_unit_measure(m->indicator, m->item)),
      .unit_mult = m->indicator->unit_mult,
      .conf_status = "",
      .nature = "C", /* country data: a direct estimate from the country's own survey */
      .source = e->sources[m - e->plan->measures]};
}
