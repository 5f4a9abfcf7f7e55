/* abacus.c - the pass over plans that engine/abacus takes: blocks to bits, PSUs to the desk.
 *
 * In: a plan, an evaluator. Out: an abacus that holds the chunk's PSUs.
 * Owns: the layout, and each thread's desk and bits. */
#include "base/mem.h"
#include "scan/inside.h"

ict_status ict_abacus_shared_init(ict_abacus_shared *t, const ict_plan *plan,
                                  const size_t *first_psu, size_t n_chunks, int threads,
                                  ict_err *err) {
  *t = (ict_abacus_shared){.plan = plan};
  t->n_classes = ict_alloc(plan->n_axes, sizeof *t->n_classes);
  t->margin_axes = ict_alloc(plan->n_margins, sizeof *t->margin_axes);
  t->beside = ict_alloc(plan->n_margins, sizeof *t->beside);
  t->margin_within = ict_alloc(plan->n_margins, sizeof *t->margin_within);
  if (!t->n_classes || !t->margin_axes || !t->beside || !t->margin_within)
    return ict_err_memory(err);
  for (size_t a = 0; a < plan->n_axes; a++) t->n_classes[a] = plan->axes[a].n;
  for (size_t g = 0; g < plan->n_margins; g++)
    for (size_t i = 0; i < plan->margins[g].n_axes; i++)
      t->margin_axes[g] |= 1u << plan->margins[g].axes[i];
  for (size_t g = 0; g < plan->n_margins; g++) t->beside[g] = plan->margins[g].silent;
  for (size_t i = 0; i < plan->n_tests; i++) { /* a table's rows have a class on each tested axis */
    const ict_plan_test *test = &plan->tests[i];
    t->margin_within[test->whole] = t->margin_axes[test->margin] & ~t->margin_axes[test->whole];
  }
  t->shape = (ict_abacus_shape){.cube = &plan->shape,
                                .design = &plan->frame->design,
                                .n_axes = plan->n_axes,
                                .n_classes = t->n_classes,
                                .margin_axes = t->margin_axes,
                                .margin_within = t->margin_within,
                                .beside = t->beside};
  ict_status st =
      ict_scan_roles(plan, first_psu, n_chunks, threads, &t->shape.inner, &t->stratum_class, err);
  t->shape.stratum_class = t->stratum_class;
  if (st == ICT_OK) st = ict_abacus_layout_new(&t->shape, &t->layout, err);
  return st == ICT_OK ? ict_answers_init(&t->answers, plan, err) : st;
}

void ict_abacus_shared_done(ict_abacus_shared *t) {
  ict_abacus_layout_free(t->layout);
  ict_answers_done(&t->answers);
  ict_free(t->stratum_class);
  ict_free(t->margin_axes);
  ict_free(t->margin_within);
  ict_free(t->beside);
  ict_free(t->n_classes);
  *t = (ict_abacus_shared){0};
}

ict_status ict_abacus_worker_init(ict_abacus_worker *w, const ict_abacus_shared *t,
                                  ict_evaluator *evaluator, ict_err *err) {
  size_t groups = ict_abacus_groups(t->layout);
  *w = (ict_abacus_worker){.evaluator = evaluator, .layout = t->layout, .answers = &t->answers};
  w->cell = ict_alloc(ict_abacus_n_grids(t->layout), ICT_BLOCK_ROWS * sizeof *w->cell);
  w->yes = ict_alloc(groups, ICT_BLOCK_ROWS);
  w->no = ict_alloc(groups, ICT_BLOCK_ROWS);
  if (!w->cell || !w->yes || !w->no) return ict_err_memory(err);
  return ict_abacus_desk_new(t->layout, &w->desk, err);
}

void ict_abacus_worker_done(ict_abacus_worker *w) {
  ict_abacus_desk_free(w->desk);
  ict_free(w->cell);
  ict_free(w->yes);
  ict_free(w->no);
  *w = (ict_abacus_worker){0};
}

static void evaluate(ict_abacus_worker *w, size_t row, size_t n) {
  ict_evaluate_bits(w->evaluator, w->answers, w->layout, row, n, w->cell, w->yes, w->no);
  w->block_row = row;
  w->block_end = row + n;
}

/* Rows of one PSU, evaluating the next block of the chunk whenever the last one is used up. */
static ict_status add_psu(ict_abacus_worker *w, size_t row, size_t end, size_t chunk_end,
                          ict_err *err) {
  const double *weight = w->evaluator->plan->frame->design.weight;
  while (row < end) {
    if (row == w->block_end) {
      size_t left = chunk_end - row;
      evaluate(w, row, left < ICT_BLOCK_ROWS ? left : ICT_BLOCK_ROWS);
    }
    size_t last = end < w->block_end ? end : w->block_end, at = row - w->block_row;
    ict_evaluator_run(w->evaluator, at);
    ict_abacus_rows rows = {.n = last - row,
                            .cell = w->cell + at,
                            .cell_stride = ICT_BLOCK_ROWS,
                            .weight = weight ? weight + row : NULL,
                            .bits = {w->yes + at, w->no + at, ICT_BLOCK_ROWS},
                            .values = w->evaluator->run};
    ict_status st = ict_abacus_add(w->desk, &rows, err);
    if (st != ICT_OK) return st;
    row = last;
  }
  return ict_abacus_close_psu(w->desk, err);
}

ict_status ict_abacus_chunk(ict_abacus_worker *w, size_t from, size_t to, ict_abacus *abacus,
                            ict_err *err) {
  const ict_design *d = &w->evaluator->plan->frame->design;
  size_t end = (size_t)d->psu_first_row[to], psu = from;
  w->block_end = (size_t)d->psu_first_row[from];
  for (size_t h = ict_scan_stratum_of(d, from); psu < to; h++) {
    size_t last = (size_t)d->stratum_first_psu[h + 1];
    if (last > to) last = to;
    ict_abacus_open_stratum(w->desk, h);
    for (; psu < last; psu++) {
      ict_status st =
          add_psu(w, (size_t)d->psu_first_row[psu], (size_t)d->psu_first_row[psu + 1], end, err);
      if (st != ICT_OK) return st;
    }
    ict_status st = ict_abacus_close_stratum(w->desk, abacus, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}
