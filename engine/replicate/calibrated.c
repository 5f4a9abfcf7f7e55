/* calibrated.c - replicates made from the design of calibrated weights: each is calibrated.
 *
 * In: replicates of any form, of a design whose weights are calibrated. Out: the same as weights by
 * row.
 * Owns: the weights, which become the replicates'.
 *
 * A replicate starts from the design weights times its multipliers and is calibrated as the full
 * sample was, as R's calibrate(as.svrepdesign(...)); so what calibration takes off the variance is
 * taken off here too, without residuals. Degrees of freedom stay those of the multipliers: how many
 * of the calibrated weights are independent is a matter of the tolerance one has for small ripples.
 */
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "calibrate/calibrate.h"
#include "replicate/inside.h"

#define MOST_BYTES 2147483648.0

typedef struct job {
  const ict_replicates *replicates;
  double *weight; /* n_rows x n; multipliers, and then weights */
  ict_status *st; /* by replicate */
  ict_err *err;
} job;

/* To every row those of its PSU, or of its unit of the last stage. */
static void spread_multipliers(const ict_replicates *r, double *weight) {
  const ict_design *d = r->design;
  bool stages = r->form == FORM_STAGES;
  const ict_level *last = stages ? &r->levels[r->n_levels - 1] : NULL;
  const uint64_t *first_row = stages ? last->first_row : d->psu_first_row;
  for (size_t unit = 0; unit < (stages ? last->n_units : d->n_psu); unit++) {
    size_t row = (size_t)first_row[unit], end = (size_t)first_row[unit + 1];
    if (row == end) continue;
    ict_replicates_multipliers(r, unit, weight + row * r->n);
    for (size_t i = row + 1; i < end; i++)
      memcpy(weight + i * r->n, weight + row * r->n, r->n * sizeof *weight);
  }
}

static void calibrate_one(void *ctx, size_t k, int thread) {
  const job *j = ctx;
  const ict_replicates *r = j->replicates;
  const ict_calibration *model = r->design->calibration;
  size_t n = model->n_rows;
  ict_calibrated result;
  (void)thread;
  double *d = ict_alloc(3 * n, sizeof *d);
  if (!d) {
    j->st[k] = ict_err_memory(&j->err[k]);
    return;
  }
  for (size_t i = 0; i < n; i++) d[i] = model->design_weight[i] * j->weight[i * r->n + k];
  j->st[k] = ict_calibrate(model, d, d + n, d + 2 * n, &result, &j->err[k]);
  for (size_t i = 0; i < n; i++) j->weight[i * r->n + k] = d[2 * n + i];
  ict_free(d);
}

static ict_status report(const job *j, ict_err *err) {
  for (size_t k = 0; k < j->replicates->n; k++) {
    if (j->st[k] == ICT_OK) continue;
    if (err) *err = j->err[k];
    if (j->st[k] != ICT_REFUSED) return j->st[k];
    const ict_err *said = &j->err[k];
    ict_err_set(err, ICT_REFUSED, "replicate %zu of %s cannot be calibrated: %s", k + 1,
                j->replicates->name, said->what);
    ict_err_expected(err, "%s", said->expected);
    ict_err_fix(err,
                "join small categories of the calibration, or write --replicates none for the "
                "variance of residuals");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

ict_status ict_replicates_calibrate(ict_replicates *r, ict_err *err) {
  size_t n_rows = r->design->n_rows;
  double bytes = (double)n_rows * (double)r->n * sizeof(double);
  if (bytes > MOST_BYTES) {
    ict_err_set(err, ICT_REFUSED, "%zu calibrated replicates of %zu rows need %.1f GB", r->n,
                n_rows, bytes / 1e9);
    ict_err_expected(err, "%.1f GB at most", MOST_BYTES / 1e9);
    ict_err_fix(err, "ask for fewer replicates, or write --replicates none");
    return ICT_REFUSED;
  }
  job j = {.replicates = r,
           .weight = ict_alloc(n_rows * r->n, sizeof *j.weight),
           .st = ict_alloc(r->n, sizeof *j.st),
           .err = ict_alloc(r->n, sizeof *j.err)};
  ict_status st = j.weight && j.st && j.err ? ICT_OK : ict_err_memory(err);
  if (st == ICT_OK) {
    spread_multipliers(r, j.weight);
    ict_par_run(r->n, ict_par_threads(0), calibrate_one, &j);
    st = report(&j, err);
  }
  ict_free(j.st);
  ict_free(j.err);
  if (st != ICT_OK) {
    ict_free(j.weight);
    return st;
  }
  r->form = FORM_ROWS;
  r->weight = r->weight_own = j.weight;
  return ICT_OK;
}
