/* emit_cells.c - the cells of margins become rows, by many threads.
 *
 * In: the emitter, what makes an estimate. Out: rows of the table, in its order.
 * Owns: an emitter and a judge for each thread.
 *
 * Which rows there are is known before (emit_order.c), so that each has its place and none depends
 * on another. */
#include "base/par.h"
#include "run/emit_order.h"

enum { ROWS_A_THREAD = 8192 }; /* 2 ms: fewer are told before another thread has begun */

typedef struct teller { /* one thread's */
  ict_emitter e;
  unsigned notes[ICT_JUDGE_ROWS];
  bool failed; /* memory: nothing else can */
} teller;

typedef struct job {
  const ict_emitter *e;
  const ict_telling *telling;
  const ict_emit_order *order;
  const ict_table_row *names; /* of each measure: what its rows have in common */
  ict_table_row *rows;
  teller *tellers;
} job;

static ict_status name_measures(ict_emitter *e, ict_table_row *names) {
  for (size_t k = 0; k < e->plan->n_measures; k++) {
    ict_table_row *row = &names[k];
    ict_emit_names(e, &e->plan->measures[k], row);
    ict_status st = ict_table_add_item(e->table, row->indicator, row->item, NULL, e->err);
    if (st != ICT_OK) return st;
    const char **texts[] = {
        &row->indicator,    &row->item,        &row->series, &row->source,
        &row->unit_measure, &row->conf_status, &row->nature, &row->composite_breakdown};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
      if (!(*texts[i] = ict_table_keep_text(e->table, *texts[i]))) return ict_err_memory(e->err);
  }
  return ICT_OK;
}

static void tell_measure(const job *j, teller *t, size_t block, size_t measure) {
  const ict_plan *plan = j->e->plan;
  const ict_plan_measure *m = &plan->measures[measure];
  const ict_emit_block *b = &j->order->blocks[block];
  ict_table_row *rows = j->rows + j->order->first_row[block * plan->n_measures + measure];
  size_t n = 0;
  for (size_t c = b->from; c < b->to; c++) {
    const ict_emit_cell *at = &j->order->cells[c];
    if (!j->order->has_row[c * plan->n_measures + measure]) continue;
    ict_estimate_result r;
    ict_emit_choose_design(&t->e, at->margin, at->cell);
    j->telling->estimate(&t->e, at->margin, at->cell, measure, &r);
    rows[n] = j->names[measure];
    rows[n].ref_area = at->area;
    rows[n].time_period = at->period;
    rows[n].axes = j->order->codes + c * j->e->n_axes;
    ict_emit_numbers(m, &r, &rows[n]);
    t->notes[n++] = r.notes;
  }
  if (ict_judge_rows(t->e.judge, rows, n, t->notes, m->differs, NULL) != ICT_OK) t->failed = true;
}

static void tell_block(void *ctx, size_t block, int thread) {
  const job *j = ctx;
  for (size_t k = 0; k < j->e->plan->n_measures; k++)
    tell_measure(j, &j->tellers[thread], block, k);
}

static ict_status tell_all(job *j, ict_emitter *e) {
  size_t most = j->order->n_rows / ROWS_A_THREAD, n = (size_t)e->threads;
  if (n > most) n = most > 0 ? most : 1;
  ict_status st = ICT_OK;
  j->tellers = ict_alloc(n, sizeof *j->tellers);
  if (!j->tellers) return ict_err_memory(e->err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) st = ict_emitter_fork(&j->tellers[i].e, e);
  if (st == ICT_OK) ict_par_run(j->order->n_blocks, (int)n, tell_block, j);
  for (size_t i = 0; i < n; i++) {
    if (st == ICT_OK && j->tellers[i].failed) st = ict_err_memory(e->err);
    ict_emitter_join(&j->tellers[i].e);
  }
  ict_free(j->tellers);
  return st;
}

ict_status ict_emit_cells(ict_emitter *e, const ict_telling *telling) {
  ict_emit_order order = {0};
  ict_table_row *names = ict_alloc(e->plan->n_measures, sizeof *names);
  job j = {.e = e, .telling = telling, .order = &order, .names = names};
  ict_status st;
  if (!names) {
    st = ict_err_memory(e->err);
    goto done;
  }
  ICT_TRY(done, st, name_measures(e, names));
  ICT_TRY(done, st, ict_emit_order_make(e, telling, &order));
  ICT_TRY(done, st, ict_table_extend(e->table, order.n_rows, &j.rows, e->err));
  st = tell_all(&j, e);
done:
  ict_emit_order_done(&order);
  ict_free(names);
  return st;
}
