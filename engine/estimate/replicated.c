/* replicated.c - variances from replicates: an estimator run once for each.
 *
 * In: totals under each replicate. Out: variances in place of the linearised ones.
 * Owns: nothing; the thetas are in the caller's scratch.
 *
 * The values are taken without their shift (scan/shift.c): it is the same in all of them, and the
 * differences keep more digits without it. */
#include <math.h>

#include "estimate/inside.h"

/* Of one replicate, or with r = n of the full sample. NaN where there is no denominator. */
double ict_replicated_theta(ict_estimator kind, const ict_sums *s, const ict_replicate_cell *cell,
                            size_t r, const ict_estimate_options *o) {
  bool full = r == ict_replicates_n(cell->replicates);
  ict_sums at = {.a = full ? s->a : cell->a[r], .b = full ? s->b : cell->b[r]};
  double value = ict_linear_of(kind, &at, o).value;
  return isfinite(value) ? value : (double)NAN;
}

static double variance(const ict_replicate_cell *cell, const double *theta, double full,
                       ict_estimate_result *r) {
  size_t dropped;
  double v = ict_replicate_cell_variance(cell, theta, full, &dropped);
  if (dropped > 0) r->notes |= ICT_NOTE_REPLICATES_LOST;
  return v;
}

double ict_replicated_variance(ict_estimator kind, const ict_sums *s, const ict_estimate_options *o,
                               ict_estimate_result *r) {
  const ict_replicate_cell *cell = o->replicate;
  size_t n = ict_replicates_n(cell->replicates);
  if (!cell->a) return NAN; /* nobody has a replicate weight */
  ict_estimator_values(kind, cell->a, cell->b, cell->n, o->theta);
  return variance(cell, o->theta, ict_replicated_theta(kind, s, cell, n, o), r);
}

/* R compares the total of residuals y - R x, with R held, with that of a simple sample. */
double ict_replicated_for_deff(ict_estimator kind, const ict_sums *s, const ict_estimate_options *o,
                               double v) {
  const ict_replicate_cell *cell = o->replicate;
  if ((kind != ICT_EST_RATIO && kind != ICT_EST_SHARE) || !cell->a) return v;
  double ratio = s->a / s->b;
  size_t dropped;
  for (size_t i = 0; i < cell->n; i++) o->theta[i] = (cell->a[i] - ratio * cell->b[i]) / s->b;
  return ict_replicate_cell_variance(cell, o->theta, 0, &dropped);
}

static double contrast_variance(ict_estimator kind, bool ratio, const ict_sums *const sums[2],
                                const ict_estimate_options *o, ict_estimate_result *r) {
  const ict_replicate_cell *cell = o->replicate;
  size_t n = ict_replicates_n(cell->replicates);
  double full = NAN;
  if (!cell[0].a || !cell[1].a) return NAN;
  for (size_t i = 0; i <= n; i++) {
    double first =
        ict_replicated_theta(kind, sums[0], &cell[0], i, o) + (ratio ? sums[0]->shift : 0);
    double second =
        ict_replicated_theta(kind, sums[1], &cell[1], i, o) + (ratio ? sums[1]->shift : 0);
    double value = ratio ? first / second : first - second;
    if (!isfinite(value)) value = NAN;
    if (i < n)
      o->theta[i] = value;
    else
      full = value;
  }
  return variance(cell, o->theta, full, r);
}

void ict_replicated_contrast(ict_estimator kind, bool ratio, const ict_sums *const sums[2],
                             const ict_estimate_options *o, ict_estimate_result *r) {
  double first = ict_linear_of(kind, sums[0], o).value;
  double second = ict_linear_of(kind, sums[1], o).value;
  r->notes = 0;
  if (isnan(first) || isnan(second) || (ratio && second == 0)) {
    r->notes |= ICT_NOTE_NO_DENOMINATOR;
    return;
  }
  r->estimate = ratio ? first / second : first - second;
  r->se = sqrt(contrast_variance(kind, ratio, sums, o, r));
  if (r->estimate != 0) r->cv = r->se / fabs(r->estimate);
  /* Whoever is in either cell has at least the rank of the larger. */
  bool counted = o->df == ICT_DF_DEGF;
  r->df = counted ? fmax(o->replicate[0].df, o->replicate[1].df) : ict_df_by_rule(o, 0, 0);
  if (r->df <= 0) r->notes |= ICT_NOTE_DF_LOW;
  ict_interval(false, o, r);
}

double ict_replicated_df(const ict_estimate_options *o) {
  return o->df == ICT_DF_DESIGN ? o->replicate->df_design : o->replicate->df;
}
