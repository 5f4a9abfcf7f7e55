/* values.c - the values of a measure, collected in a parallel pass, sorted once, laid out by cell.
 *
 * In: a plan's measure. Out: its values in order.
 * Owns: the values of chunks until they are merged.
 *
 * Each chunk sorts its own; neighbours are then merged two by two. The order is total (value,
 * weight, row), so the result does not depend on who merged when. */
#include "scan/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/par.h"
#include "scan/inside.h"

/* What a value takes at its peak: as itself, and in the arrays of a margin. */
#define BYTES_A_VALUE    44.0
#define MOST_VALUE_BYTES 8589934592.0

typedef struct run { /* sorted values of one chunk */
  ict_value *values;
  size_t n;
  ict_status st;
  ict_err err; /* of the task; the first in order is reported */
} run;

typedef struct pass {
  const ict_plan *plan;
  const size_t *first_psu;
  ict_evaluator *evaluators; /* by thread */
  run *runs;                 /* by chunk */
} pass;

/* ---- order ---------------------------------------------------------------------------------- */

static double weight_of(const ict_design *d, const ict_value *v) {
  return d->weight ? d->weight[v->row] : 1;
}

static int compare(const void *a, const void *b, void *ctx) {
  const ict_value *x = a, *y = b;
  const ict_design *d = ctx;
  if (x->y != y->y) return x->y < y->y ? -1 : 1;
  double v = weight_of(d, x), w = weight_of(d, y);
  if (v != w) return v < w ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static void merge(const ict_design *d, const ict_value *a, size_t n_a, const ict_value *b,
                  size_t n_b, ict_value *out) {
  while (n_a > 0 && n_b > 0) {
    if (compare(a, b, (void *)d) <= 0) {
      *out++ = *a++;
      n_a--;
    } else {
      *out++ = *b++;
      n_b--;
    }
  }
  memcpy(out, n_a > 0 ? a : b, (n_a + n_b) * sizeof *out);
}

/* ---- the pass ------------------------------------------------------------------------------- */

/* The rows of one block that have a value. */
static void take_block(const ict_evaluator *e, size_t row, size_t n, run *to) {
  const double *y = e->values[0].y, *weight = e->plan->frame->design.weight;
  for (size_t i = 0; i < n; i++) {
    if (isnan(y[i]) || (weight && !(weight[row + i] > 0))) continue;
    to->values[to->n++] = (ict_value){y[i] + 0.0, (uint32_t)(row + i), e->fine[i]}; /* no -0 */
  }
}

static void do_chunk(void *ctx, size_t i, int thread) {
  pass *p = ctx;
  const ict_design *d = &p->plan->frame->design;
  run *to = &p->runs[i];
  size_t row = (size_t)d->psu_first_row[p->first_psu[i]];
  size_t end = (size_t)d->psu_first_row[p->first_psu[i + 1]];
  to->values = ict_alloc(end - row, sizeof *to->values);
  if (!to->values) {
    to->st = ict_err_memory(&to->err);
    return;
  }
  while (row < end) {
    size_t n = end - row < ICT_BLOCK_ROWS ? end - row : ICT_BLOCK_ROWS;
    ict_evaluate(&p->evaluators[thread], row, n);
    take_block(&p->evaluators[thread], row, n, to);
    row += n;
  }
  qsort_r(to->values, to->n, sizeof *to->values, compare, (void *)d);
  ict_value *fitting = ict_realloc(to->values, to->n ? to->n : 1, sizeof *fitting);
  if (fitting) to->values = fitting;
}

static ict_status run_chunks(pass *p, size_t n_chunks, int threads, ict_err *err) {
  ict_status st = ICT_OK;
  p->evaluators = ict_alloc((size_t)threads, sizeof *p->evaluators);
  p->runs = ict_alloc(n_chunks, sizeof *p->runs);
  if (!p->evaluators || !p->runs) return ict_err_memory(err);
  for (int t = 0; t < threads && st == ICT_OK; t++)
    st = ict_evaluator_init(&p->evaluators[t], p->plan, err);
  if (st != ICT_OK) return st;
  ict_par_run(n_chunks, threads, do_chunk, p);
  for (size_t i = 0; i < n_chunks; i++) {
    if (p->runs[i].st == ICT_OK) continue;
    if (err) *err = p->runs[i].err;
    return p->runs[i].st;
  }
  return ICT_OK;
}

/* ---- runs to one ---------------------------------------------------------------------------- */

typedef struct round { /* run k is from[first[k]] .. from[first[k + 1]] - 1 */
  const ict_design *design;
  size_t n_runs, *first;
  const ict_value *from;
  ict_value *to;
} merge_round;

static void merge_pair(void *ctx, size_t i, int thread) {
  const merge_round *r = ctx;
  (void)thread;
  size_t a = r->first[2 * i], b = r->first[2 * i + 1];
  size_t end = 2 * i + 2 <= r->n_runs ? r->first[2 * i + 2] : b;
  merge(r->design, r->from + a, b - a, r->from + b, end - b, r->to + a);
}

/* All runs, side by side in `values`, become one; `spare` is as large. Returns which has it. */
static ict_value *merge_runs(const ict_design *d, size_t n_runs, size_t *first, ict_value *values,
                             ict_value *spare, int threads) {
  while (n_runs > 1) {
    size_t n_pairs = (n_runs + 1) / 2, end = first[n_runs];
    merge_round r = {d, n_runs, first, values, spare};
    ict_par_run(n_pairs, threads, merge_pair, &r);
    for (size_t k = 0; k < n_pairs; k++) first[k] = first[2 * k];
    first[n_pairs] = end;
    n_runs = n_pairs;
    ict_value *t = values;
    values = spare;
    spare = t;
  }
  return values;
}

static ict_status join(pass *p, size_t n_chunks, int threads, ict_value **out, size_t *n,
                       ict_err *err) {
  size_t *first = ict_alloc(n_chunks + 1, sizeof *first);
  ict_value *values = NULL, *spare = NULL;
  if (first)
    for (size_t i = 0; i < n_chunks; i++) first[i + 1] = first[i] + p->runs[i].n;
  if (first) values = ict_alloc(first[n_chunks], sizeof *values);
  for (size_t i = 0; values && i < n_chunks; i++) {
    memcpy(values + first[i], p->runs[i].values, p->runs[i].n * sizeof *values);
    ict_free(p->runs[i].values);
    p->runs[i].values = NULL;
  }
  if (values) spare = ict_alloc(first[n_chunks], sizeof *spare);
  if (!spare) {
    ict_free(values);
    ict_free(first);
    return ict_err_memory(err);
  }
  *n = first[n_chunks];
  *out = merge_runs(&p->plan->frame->design, n_chunks, first, values, spare, threads);
  ict_free(*out == values ? spare : values);
  ict_free(first);
  return ICT_OK;
}

static ict_status fits_memory(const ict_plan *plan, ict_err *err) {
  double bytes = BYTES_A_VALUE * (double)plan->frame->n_rows;
  if (bytes <= MOST_VALUE_BYTES) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "quantiles of %zu rows need up to %.1f GB", plan->frame->n_rows,
              bytes / 1e9);
  ict_err_expected(err, "%.1f GB at most", MOST_VALUE_BYTES / 1e9);
  ict_err_fix(err, "compute them from a part of the rows, such as one area or period at a time");
  return ICT_REFUSED;
}

ict_status ict_scan_values(const ict_plan *plan, size_t measure, int threads, ict_value **out,
                           size_t *n, ict_err *err) {
  static const bool numeric = true;
  *out = NULL;
  *n = 0;
  ict_plan one = ict_plan_cut(plan, measure, 1, 0, NULL);
  one.shape.numeric = &numeric;
  pass p = {.plan = &one};
  size_t *first_psu = NULL, n_chunks = 0;
  ict_status st;
  ICT_TRY(done, st, fits_memory(plan, err));
  ICT_TRY(done, st, ict_scan_borders(&plan->frame->design, CHUNK_ROWS, &first_psu, &n_chunks, err));
  p.first_psu = first_psu;
  threads = ict_par_threads(threads);
  ICT_TRY(done, st, run_chunks(&p, n_chunks, threads, err));
  st = join(&p, n_chunks, threads, out, n, err);
done:
  for (int t = 0; p.evaluators && t < threads; t++) ict_evaluator_done(&p.evaluators[t]);
  for (size_t i = 0; p.runs && i < n_chunks; i++) ict_free(p.runs[i].values);
  ict_free(p.evaluators);
  ict_free(p.runs);
  ict_free(first_psu);
  return st;
}

/* ---- by cell -------------------------------------------------------------------------------- */

ict_status ict_cell_values_init(ict_cell_values *v, const ict_plan *plan, size_t margin,
                                const ict_value *values, size_t n, ict_err *err) {
  const ict_margin *g = &plan->shape.margins[margin];
  const double *weight = plan->frame->design.weight;
  *v = (ict_cell_values){.first = ict_alloc(g->n_cells + 2, sizeof *v->first)};
  if (!v->first) return ict_err_memory(err);
  size_t *first = v->first; /* counting sort: first[c + 1] is where cell c is written next */
  for (size_t i = 0; i < n; i++) {
    uint32_t cell = g->cell_of[values[i].fine];
    if (cell != ICT_NO_CELL) first[cell + 2]++;
  }
  for (size_t c = 2; c < g->n_cells + 2; c++) first[c] += first[c - 1];
  size_t inside = first[g->n_cells + 1];
  v->y = ict_alloc(inside, sizeof *v->y);
  v->w = ict_alloc(inside, sizeof *v->w);
  v->sum = ict_alloc(inside, sizeof *v->sum);
  v->row = ict_alloc(inside, sizeof *v->row);
  if (!v->y || !v->w || !v->sum || !v->row) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    uint32_t cell = g->cell_of[values[i].fine];
    if (cell == ICT_NO_CELL) continue;
    size_t at = first[cell + 1]++;
    v->y[at] = values[i].y;
    v->w[at] = weight ? weight[values[i].row] : 1;
    v->row[at] = values[i].row;
  }
  for (size_t c = 0; c < g->n_cells; c++)
    ict_running_sums(v->w + first[c], first[c + 1] - first[c], v->sum + first[c]);
  return ICT_OK;
}

void ict_cell_values_done(ict_cell_values *v) {
  ict_free(v->first);
  ict_free(v->y);
  ict_free(v->w);
  ict_free(v->sum);
  ict_free(v->row);
  *v = (ict_cell_values){0};
}
