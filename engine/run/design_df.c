/* design_df.c - PSUs and strata of the whole design in each area and period.
 *
 * In: a plan's table. Out: counts.
 * Owns: nothing beyond the call.
 *
 * A store may hold many surveys, and a PSU that was visited in two rounds counts in both, so
 * every row is looked at. */
#include "run/design_df.h"

enum { AREA, PERIOD, N_KEYS }; /* the first axes of every plan */

static size_t class_of(const ict_plan *plan, size_t a, size_t row) {
  const ict_plan_axis *axis = &plan->axes[a];
  ict_missing kind;
  double value = ict_column_number(&plan->frame->schema->vars[axis->column],
                                   plan->frame->columns[axis->column], row, &kind);
  if (kind != ICT_PRESENT) return axis->n;
  return value < (double)axis->n_lut ? axis->lut[(size_t)value] : axis->n;
}

/* The area and period of a row, or n where it is in none. */
static size_t place_of(const ict_plan *plan, size_t row, size_t n) {
  size_t area = class_of(plan, AREA, row), period = class_of(plan, PERIOD, row);
  if (area >= plan->axes[AREA].n || period >= plan->axes[PERIOD].n) return n;
  return area * plan->axes[PERIOD].n + period;
}

/* last: the last PSU and the last stratum that counted, plus 1, of each place. */
static void count(const ict_plan *plan, size_t n, ict_design_count *counts,
                  ict_design_count *last) {
  const ict_design *d = &plan->frame->design;
  for (size_t h = 0, psu = 0; h < d->n_strata; h++)
    for (; psu < d->stratum_first_psu[h + 1]; psu++)
      for (size_t row = d->psu_first_row[psu]; row < d->psu_first_row[psu + 1]; row++) {
        size_t at = d->weight && !(d->weight[row] > 0) ? n : place_of(plan, row, n);
        if (at == n || last[at].n_psu == psu + 1) continue;
        last[at].n_psu = psu + 1;
        counts[at].n_psu++;
        counts[at].n_strata += last[at].n_strata != h + 1;
        last[at].n_strata = h + 1;
      }
}

ict_status ict_design_counts(const ict_plan *plan, ict_design_count **out, ict_err *err) {
  size_t n = plan->axes[AREA].n * plan->axes[PERIOD].n;
  ict_design_count *last = ict_alloc(n + 1, sizeof *last);
  *out = ict_alloc(n + 1, sizeof **out);
  if (!last || !*out) {
    ict_free(last);
    ict_free(*out);
    *out = NULL;
    return ict_err_memory(err);
  }
  count(plan, n, *out, last);
  ict_free(last);
  return ICT_OK;
}

size_t ict_design_count_of(const ict_plan *plan, const ict_plan_margin *margin, size_t cell) {
  for (size_t i = margin->n_axes; i-- > N_KEYS;) cell /= plan->axes[margin->axes[i]].n;
  return cell;
}

void ict_design_choose(const ict_design_count *counts, const ict_plan *plan,
                       const ict_plan_margin *margin, size_t cell, ict_estimate_options *options) {
  if (!counts) return;
  const ict_design_count *of = &counts[ict_design_count_of(plan, margin, cell)];
  options->n_psu_design = of->n_psu;
  options->n_strata_design = of->n_strata;
}
