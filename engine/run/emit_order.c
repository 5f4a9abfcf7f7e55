/* emit_order.c - the cells that have rows, sorted, and where in the table their rows begin.
 *
 * In: the emitter's plan and cube, the table. Out: an ict_emit_order.
 * Owns: nothing beyond the call. */
#include "run/emit_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/par.h"
#include "base/text.h"

enum { AREA, PERIOD, N_OWN_COLUMNS, BLOCKS_WORTH_THREADS = 64 };

/* The codes of an axis of the plan: the table's texts, and their places in its order. */
typedef struct words {
  const char **text;
  uint32_t *place;
} words;

typedef struct making {
  ict_emitter *e;
  const ict_telling *telling;
  ict_emit_order *out;
  words axis[ICT_PLAN_MAX_AXES];
  size_t cells_capacity, blocks_capacity;
} making;

/* ---- words --------------------------------------------------------------------------------- */

static int naturally(const void *a, const void *b, void *ctx) {
  const char *const *text = ctx;
  return ict_text_natcmp(ict_slice_of(text[*(const uint32_t *)a]),
                         ict_slice_of(text[*(const uint32_t *)b]));
}

/* Areas and periods come in natural order. */
static ict_status rank_naturally(words *w, size_t n, ict_err *err) {
  uint32_t *order = ict_alloc(n, sizeof *order);
  if (!order) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
  if (n > 1) qsort_r(order, n, sizeof *order, naturally, w->text);
  for (size_t i = 0; i < n; i++) w->place[order[i]] = (uint32_t)i;
  ict_free(order);
  return ICT_OK;
}

static ict_status learn_axis(making *m, size_t a) {
  ict_emitter *e = m->e;
  const ict_plan_axis *axis = &e->plan->axes[a];
  words *w = &m->axis[a];
  size_t column = e->column_of[a];
  w->text = ict_alloc(axis->n, sizeof *w->text);
  w->place = ict_alloc(axis->n, sizeof *w->place);
  if (!w->text || !w->place) return ict_err_memory(e->err);
  for (size_t i = 0; i < axis->n; i++) {
    const char *id = axis->codes->codes[i].id;
    w->text[i] = a == AREA || a == PERIOD ? ict_table_keep_text(e->table, id)
                                          : ict_table_keep_code(e->table, column, id);
    if (!w->text[i]) return ict_err_memory(e->err);
  }
  if (a == AREA || a == PERIOD) return rank_naturally(w, axis->n, e->err);
  for (size_t i = 0; i < axis->n; i++)
    w->place[i] = (uint32_t)ict_table_place_of_code(e->table, column, w->text[i]);
  return ICT_OK;
}

/* ---- cells --------------------------------------------------------------------------------- */

/* Cells that may have rows: where anybody is, and all totals. */
static ict_status list_cells(making *m) {
  const ict_plan *plan = m->e->plan;
  ict_emit_order *o = m->out;
  for (size_t g = 0; g < plan->n_margins; g++)
    for (size_t c = 0; c < plan->shape.margins[g].n_cells; c++) {
      if (plan->margins[g].silent) break;
      if (plan->margins[g].n_axes > N_OWN_COLUMNS && !ict_cube_touched(m->e->cube, g, c)) continue;
      if (ict_grow(&o->cells, o->n_cells, &m->cells_capacity, sizeof *o->cells) != 0)
        return ict_err_memory(m->e->err);
      o->cells[o->n_cells++] = (ict_emit_cell){.margin = g, .cell = c};
    }
  return ICT_OK;
}

/* Fills in area and period, and key: their places and those of the axes, 0 for a total. */
static void make_key(making *m, ict_emit_cell *at, uint32_t *key) {
  const ict_emitter *e = m->e;
  const ict_plan_margin *margin = &e->plan->margins[at->margin];
  size_t cell = at->cell;
  for (size_t i = margin->n_axes; i-- > 0;) { /* mixed radix, the last axis fastest */
    size_t a = margin->axes[i], code = cell % e->plan->axes[a].n;
    cell /= e->plan->axes[a].n;
    if (a == AREA) at->area = m->axis[a].text[code];
    if (a == PERIOD) at->period = m->axis[a].text[code];
    key[a < N_OWN_COLUMNS ? a : N_OWN_COLUMNS + e->column_of[a]] = m->axis[a].place[code];
  }
}

static ict_status sort_cells(making *m) {
  ict_emit_order *o = m->out;
  size_t width = N_OWN_COLUMNS + m->e->n_axes;
  uint32_t *keys = ict_alloc(o->n_cells * width, sizeof *keys);
  uint32_t *order = ict_alloc(o->n_cells, sizeof *order);
  ict_emit_cell *sorted = ict_alloc(o->n_cells, sizeof *sorted);
  bool good = keys && order && sorted;
  for (size_t i = 0; i < o->n_cells && good; i++) make_key(m, &o->cells[i], keys + i * width);
  good = good && ict_order_keys(keys, o->n_cells, width, order);
  for (size_t i = 0; i < o->n_cells && good; i++) sorted[i] = o->cells[order[i]];
  ict_free(good ? o->cells : sorted);
  if (good) o->cells = sorted;
  ict_free(keys);
  ict_free(order);
  return good ? ICT_OK : ict_err_memory(m->e->err);
}

/* One row of codes a cell, whichever measures it is told for. */
static ict_status write_codes(making *m) {
  ict_emitter *e = m->e;
  ict_emit_order *o = m->out;
  o->codes = ict_table_cells(e->table, o->n_cells + 1);
  if (!o->codes) return ict_err_memory(e->err);
  const char **totals = o->codes + o->n_cells * e->n_axes; /* one more */
  for (size_t i = 0; i < e->n_axes; i++)
    if (!(totals[i] = ict_table_keep_code(e->table, i, ICT_TOTAL))) return ict_err_memory(e->err);
  for (size_t i = 0; i < o->n_cells; i++) {
    const ict_plan_margin *margin = &e->plan->margins[o->cells[i].margin];
    const char **codes = o->codes + i * e->n_axes;
    size_t cell = o->cells[i].cell;
    memcpy(codes, totals, e->n_axes * sizeof *codes);
    for (size_t k = margin->n_axes; k-- > 0;) {
      size_t a = margin->axes[k], n = e->plan->axes[a].n;
      if (a >= N_OWN_COLUMNS) codes[e->column_of[a]] = m->axis[a].text[cell % n];
      cell /= n;
    }
  }
  return ICT_OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool is_near(const ict_emit_order *o, size_t a, size_t b) {
  return o->cells[a].area == o->cells[b].area && o->cells[a].period == o->cells[b].period;
}

static ict_status cut_blocks(making *m) {
  ict_emit_order *o = m->out;
  for (size_t from = 0, to; from < o->n_cells; from = to) {
    for (to = from + 1; to < o->n_cells && to - from < ICT_JUDGE_ROWS && is_near(o, to, from);)
      to++;
    if (ict_grow(&o->blocks, o->n_blocks, &m->blocks_capacity, sizeof *o->blocks) != 0)
      return ict_err_memory(m->e->err);
    o->blocks[o->n_blocks++] = (ict_emit_block){from, to};
  }
  o->has_row = ict_alloc(o->n_cells * m->e->plan->n_measures, sizeof *o->has_row);
  o->first_row = ict_alloc(o->n_blocks * m->e->plan->n_measures, sizeof *o->first_row);
  return o->has_row && o->first_row ? ICT_OK : ict_err_memory(m->e->err);
}

/* Marks what has rows, and leaves in first_row how many of each measure. */
static void look_at_block(void *ctx, size_t block, int thread) {
  making *m = ctx;
  const ict_plan *plan = m->e->plan;
  ict_emit_order *o = m->out;
  size_t *n_rows = o->first_row + block * plan->n_measures;
  (void)thread;
  for (size_t i = o->blocks[block].from; i < o->blocks[block].to; i++) {
    const ict_emit_cell *at = &o->cells[i];
    uint8_t *has_row = o->has_row + i * plan->n_measures;
    if (ict_emit_told_before(plan, at->margin, at->cell)) continue;
    for (size_t k = 0; k < plan->n_measures; k++) {
      has_row[k] = !plan->measures[k].indicator->contrast_of &&
                   m->telling->has_row(m->e, at->margin, at->cell, k);
      n_rows[k] += has_row[k];
    }
  }
}

/* measures: n of one indicator. Area and period come before items, and items before axes. */
static void place_indicator(making *m, const uint32_t *measures, size_t n) {
  ict_emit_order *o = m->out;
  for (size_t from = 0, to; from < o->n_blocks; from = to) {
    for (to = from; to < o->n_blocks && is_near(o, o->blocks[to].from, o->blocks[from].from);) to++;
    for (size_t k = 0; k < n; k++)
      for (size_t b = from; b < to; b++) {
        size_t *at = &o->first_row[b * m->e->plan->n_measures + measures[k]], n_rows = *at;
        *at = o->n_rows;
        o->n_rows += n_rows;
      }
  }
}

static ict_status place_rows(making *m) {
  const ict_plan *plan = m->e->plan;
  uint32_t *keys = ict_alloc(plan->n_measures * 2, sizeof *keys);
  uint32_t *order = ict_alloc(plan->n_measures, sizeof *order);
  bool good = keys && order;
  for (size_t k = 0; k < plan->n_measures && good; k++) {
    ict_table_row row;
    ict_emit_names(m->e, &plan->measures[k], &row);
    keys[2 * k] = (uint32_t)ict_table_place_of_indicator(m->e->table, row.indicator);
    keys[2 * k + 1] = (uint32_t)ict_table_place_of_item(m->e->table, row.indicator, row.item);
  }
  good = good && ict_order_keys(keys, plan->n_measures, 2, order);
  for (size_t k = 0, next; k < plan->n_measures && good; k = next) {
    next = k + 1;
    while (next < plan->n_measures && keys[2 * order[next]] == keys[2 * order[k]]) next++;
    place_indicator(m, order + k, next - k);
  }
  ict_free(keys);
  ict_free(order);
  return good ? ICT_OK : ict_err_memory(m->e->err);
}

ict_status ict_emit_order_make(ict_emitter *e, const ict_telling *telling, ict_emit_order *out) {
  making m = {.e = e, .telling = telling, .out = out};
  ict_status st = ICT_OK;
  *out = (ict_emit_order){0};
  for (size_t a = 0; a < e->plan->n_axes && st == ICT_OK; a++) st = learn_axis(&m, a);
  if (st != ICT_OK) goto done;
  ICT_TRY(done, st, list_cells(&m));
  ICT_TRY(done, st, sort_cells(&m));
  ICT_TRY(done, st, write_codes(&m));
  ICT_TRY(done, st, cut_blocks(&m));
  ict_par_run(out->n_blocks, out->n_blocks < BLOCKS_WORTH_THREADS ? 1 : e->threads, look_at_block,
              &m);
  st = place_rows(&m);
done:
  for (size_t a = 0; a < e->plan->n_axes; a++) {
    ict_free(m.axis[a].text);
    ict_free(m.axis[a].place);
  }
  return st;
}

void ict_emit_order_done(ict_emit_order *o) {
  ict_free(o->cells);
  ict_free(o->has_row);
  ict_free(o->blocks);
  ict_free(o->first_row);
}
