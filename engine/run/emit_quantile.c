/* emit_quantile.c - quantiles: their values, a pass for their errors, their rows.
 *
 * In: a plan of quantiles. Out: rows.
 * Owns: the values of one measure at a time, and the cube of one margin.
 *
 * For each quantity its values are collected and sorted once. Then, margin by margin, they are laid
 * out by cell and the quantiles read off; a pass in which a row answers whether its value is at or
 * below its cell's quantile gives the variance of that share under the design, with all that cubes
 * know of stages, fpc, single PSUs and replicates; and Woodruff's interval goes back to the values.
 */
#include "base/mem.h"
#include "estimate/woodruff.h"
#include "run/emit_inside.h"
#include "scan/values.h"

/* What the replicates' own quantiles take. */
#define MOST_MULTIPLIER_BYTES 2147483648.0

typedef struct quantity { /* measures [first, first + n) of one quantity, at different p */
  ict_emitter *emitter;
  const ict_request *request;
  size_t first, n;
  ict_value *values;
  size_t n_values;
  /* Of the margin at hand. */
  size_t margin;
  ict_cell_values cells;
  double *cuts;        /* n_cells x n: the quantiles */
  double *multipliers; /* units x replicates, where each replicate's quantile is wanted */
  uint32_t *unit_of;   /* of each row, there too */
  double *y, *w, *sum; /* of one cell under one replicate, there too: n_values */
  double *theta;       /* the quantiles of one cell and probability, there too */
} quantity;

static const ict_plan_measure *measure_at(const quantity *q, size_t k) {
  return &q->emitter->plan->measures[q->first + k];
}

/* How many measures from `first` on are of one quantity. */
static size_t same_quantity(const ict_plan *plan, size_t first) {
  const ict_plan_measure *m = &plan->measures[first];
  size_t n = 1;
  while (first + n < plan->n_measures && m[n].indicator == m->indicator &&
         m[n].item->numerator == m->item->numerator)
    n++;
  return n;
}

/* ---- the quantile of each replicate ------------------------------------------------------------
 */

static bool by_replicates(const quantity *q) {
  return q->request->ci == ICT_CI_QUANTILE && q->emitter->plan->replicates;
}

static ict_status refuse_size(double bytes, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "the replicates of so many PSUs need %.1f GB", bytes / 1e9);
  ict_err_expected(err, "%.1f GB at most", MOST_MULTIPLIER_BYTES / 1e9);
  ict_err_fix(err, "leave out `--ci quantile`, or make fewer replicates");
  return ICT_REFUSED;
}

static ict_status make_multipliers(quantity *q) {
  const ict_plan *plan = q->emitter->plan;
  size_t n = ict_replicates_n(plan->replicates);
  const uint64_t *first_row;
  size_t n_units = ict_replicates_units(plan->replicates, &first_row);
  double bytes = (double)n_units * (double)n * sizeof(double);
  if (bytes > MOST_MULTIPLIER_BYTES) return refuse_size(bytes, q->emitter->err);
  q->multipliers = ict_alloc(n_units * n, sizeof(double));
  q->unit_of = ict_alloc(plan->frame->n_rows, sizeof *q->unit_of);
  if (!q->multipliers || !q->unit_of) return ict_err_memory(q->emitter->err);
  for (size_t u = 0; u < n_units; u++) {
    ict_replicates_multipliers(plan->replicates, u, q->multipliers + u * n);
    for (uint64_t row = first_row[u]; row < first_row[u + 1]; row++) q->unit_of[row] = (uint32_t)u;
  }
  return ICT_OK;
}

static ict_status replicates_init(quantity *q) {
  if (!by_replicates(q)) return ICT_OK;
  q->y = ict_alloc(q->n_values, sizeof *q->y);
  q->w = ict_alloc(q->n_values, sizeof *q->w);
  q->sum = ict_alloc(q->n_values, sizeof *q->sum);
  q->theta = ict_alloc(ict_replicates_n(q->emitter->plan->replicates), sizeof *q->theta);
  if (!q->y || !q->w || !q->sum || !q->theta) return ict_err_memory(q->emitter->err);
  return ict_replicates_of_rows(q->emitter->plan->replicates) ? ICT_OK : make_multipliers(q);
}

/* The values of a cell that replicate i gives weight to, and their quantile; NaN where there are
 * none. */
static double quantile_under(const quantity *q, size_t cell, size_t i, double p) {
  const ict_replicates *r = q->emitter->plan->replicates;
  const double *of_rows = ict_replicates_of_rows(r);
  size_t n = ict_replicates_n(r), kept = 0;
  for (size_t at = q->cells.first[cell]; at < q->cells.first[cell + 1]; at++) {
    size_t row = q->cells.row[at];
    double w =
        of_rows ? of_rows[row * n + i] : q->cells.w[at] * q->multipliers[q->unit_of[row] * n + i];
    if (!(w > 0)) continue;
    q->y[kept] = q->cells.y[at];
    q->w[kept++] = w;
  }
  ict_running_sums(q->w, kept, q->sum);
  ict_weighted values = {kept, q->y, q->w, q->sum};
  return ict_weighted_quantile(&values, p, q->request->quantile_rule);
}

/* ---- one margin -------------------------------------------------------------------------------
 */

static void read_off(quantity *q, size_t n_cells) {
  for (size_t c = 0; c < n_cells; c++) {
    ict_weighted values = ict_cell_values_at(&q->cells, c);
    for (size_t k = 0; k < q->n; k++)
      q->cuts[c * q->n + k] = ict_weighted_quantile(&values, measure_at(q, k)->item->probability,
                                                    q->request->quantile_rule);
  }
}

/* One cell and probability. The cube and the totals are those of the pass with cuts, whose only
 * margin is this one. */
static ict_status emit(quantity *q, size_t cell, size_t k) {
  ict_emitter *e = q->emitter;
  ict_quantile quantile = {measure_at(q, k)->item->probability, q->request->quantile_rule,
                           q->cuts[cell * q->n + k], q->theta};
  ict_weighted values = ict_cell_values_at(&q->cells, cell);
  ict_estimate_result r;
  ict_emit_choose_design(e, q->margin, cell);
  ict_emit_choose_replicates(e, 0, cell, k);
  for (size_t i = 0; by_replicates(q) && i < ict_replicates_n(e->plan->replicates); i++)
    q->theta[i] = quantile_under(q, cell, i, quantile.p);
  ict_sums below = ict_cube_sums(e->cube, 0, cell, k);
  ict_estimate_quantile(&quantile, &values, &below, &e->options, &r);
  return ict_emit_row(e, q->margin, cell, measure_at(q, k), &r);
}

static ict_status emit_margin(quantity *q) {
  ict_emitter *e = q->emitter;
  size_t n_cells = e->plan->shape.margins[q->margin].n_cells;
  ict_cube *cube = NULL;
  ict_replicate_totals *totals = NULL;
  ict_plan cut;
  ict_status st;
  q->cuts = ict_alloc(n_cells * q->n, sizeof *q->cuts);
  if (!q->cuts) {
    st = ict_err_memory(e->err);
    goto done;
  }
  ICT_TRY(done, st,
          ict_cell_values_init(&q->cells, e->plan, q->margin, q->values, q->n_values, e->err));
  read_off(q, n_cells);
  cut = ict_plan_cut(e->plan, q->first, q->n, q->margin, q->cuts);
  ICT_TRY(done, st,
          ict_scan(&cut, q->request->threads, q->request->progress, &cube, &totals, e->err));
  ICT_TRY(done, st, ict_emit_from(e, cube, totals));
  for (size_t c = 0; c < n_cells && st == ICT_OK; c++) {
    if (ict_emit_told_before(e->plan, q->margin, c)) continue;
    for (size_t k = 0; k < q->n && st == ICT_OK; k++) st = emit(q, c, k);
  }
done:
  ict_cell_values_done(&q->cells);
  ict_free(q->cuts);
  ict_replicate_totals_free(totals);
  ict_cube_free(cube);
  return st;
}

/* ---- all of them ------------------------------------------------------------------------------
 */

static ict_status emit_quantity(ict_emitter *e, const ict_request *request, size_t first,
                                size_t n) {
  quantity q = {.emitter = e, .request = request, .first = first, .n = n};
  ict_status st;
  ICT_TRY(done, st,
          ict_scan_values(e->plan, first, request->threads, &q.values, &q.n_values, e->err));
  ICT_TRY(done, st, replicates_init(&q));
  for (q.margin = 0; q.margin < e->plan->n_margins; q.margin++) ICT_TRY(done, st, emit_margin(&q));
done:
  ict_free(q.values);
  ict_free(q.multipliers);
  ict_free(q.unit_of);
  ict_free(q.y);
  ict_free(q.w);
  ict_free(q.sum);
  ict_free(q.theta);
  return st;
}

ict_status ict_emit_quantiles(const ict_plan *plan, const ict_request *request,
                              ict_flagger *flagger, ict_table *table, ict_err *err) {
  ict_emitter e = {0};
  ict_status st = ict_emitter_init(&e, plan, request, flagger, table, err);
  for (size_t first = 0, n; first < plan->n_measures && st == ICT_OK; first += n) {
    n = same_quantity(plan, first);
    st = emit_quantity(&e, request, first, n);
  }
  ict_emitter_done(&e);
  return st;
}
