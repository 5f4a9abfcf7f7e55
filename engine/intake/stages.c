/* stages.c - the stages below the first: units cut out of sorted rows, their fractions, and whether
 * their variances can be estimated.
 *
 * In: rows in the order of order.c, cut into PSUs. Out: the index arrays and fractions of each
 * stage; findings. */
#include "base/par.h"
#include "intake/work.h"

/* --- cutting ---------------------------------------------------------------------- */

static bool differ(const ict_ranked *by, size_t n, uint32_t a, uint32_t b) {
  for (size_t i = 0; i < n; i++) {
    if (by[i].rank[a] != by[i].rank[b]) return true;
  }
  return false;
}

/* Rows, or of runs that are equal in all ranks the first ones, are looked at by tasks: first each
 * counts what begins among them, then, knowing what began before, fills its part of the arrays. */
typedef struct begun {
  size_t units, strata;
} begun;

typedef struct cutting {
  const ict_work_unit *unit;
  ict_work_stage *s; /* its arrays are NULL while tasks count */
  const uint64_t *parent_first_row;
  size_t n_parents;
  const uint32_t *run_at; /* NULL: row by row */
  size_t n_looks;         /* rows or runs */
  begun *tasks;           /* what begins in each; then before each */
} cutting;

/* The first parent that begins at the row or behind it. */
static size_t parent_at(const cutting *c, size_t row) {
  size_t lo = 0, hi = c->n_parents;
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if (c->parent_first_row[mid] < row) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo;
}

static void walk(void *ctx, size_t task, int thread) {
  cutting *c = ctx;
  ict_work_stage *s = c->s;
  const ict_ranked *strata = c->unit->order.by + s->first_by, *units = strata + s->map->n_strata;
  const uint32_t *rows = c->unit->rows;
  size_t from = task * ICT_TASK_ROWS, to = ict_task_end(task, c->n_looks);
  size_t parent = parent_at(c, c->run_at ? c->run_at[from] : from);
  begun n = s->unit_first_row ? c->tasks[task] : (begun){0};
  (void)thread;
  for (size_t k = from; k < to; k++) {
    size_t i = c->run_at ? c->run_at[k] : k;
    bool first = parent < c->n_parents && c->parent_first_row[parent] == i;
    if (first && s->parent_first_stratum) s->parent_first_stratum[parent] = n.strata;
    parent += first;
    bool stratum = first || differ(strata, s->map->n_strata, rows[i - 1], rows[i]);
    if (stratum) {
      if (s->stratum_first_unit) s->stratum_first_unit[n.strata] = n.units;
      n.strata++;
    }
    if (stratum || s->map->n_units == 0 || differ(units, s->map->n_units, rows[i - 1], rows[i])) {
      if (s->unit_first_row) s->unit_first_row[n.units] = i;
      n.units++;
    }
  }
  if (!s->unit_first_row) c->tasks[task] = n;
}

static void add_up(cutting *c, size_t n_tasks) {
  begun before = {0};
  for (size_t task = 0; task < n_tasks; task++) {
    begun n = c->tasks[task];
    c->tasks[task] = before;
    before.units += n.units;
    before.strata += n.strata;
  }
  c->s->n_units = before.units;
  c->s->n_strata = before.strata;
}

ict_status ict_stage_cut(const ict_work_unit *unit, ict_work_stage *s,
                         const uint64_t *parent_first_row, size_t n_parents, int threads,
                         ict_err *err) {
  const ict_order *order = &unit->order;
  bool by_runs = order->run_at && s->map->n_units > 0; /* else each row is a unit */
  size_t n_looks = by_runs ? order->n_runs : unit->n_rows, n_tasks = ict_row_tasks(n_looks);
  cutting c = {.unit = unit,
               .s = s,
               .parent_first_row = parent_first_row,
               .n_parents = n_parents,
               .run_at = by_runs ? order->run_at : NULL,
               .n_looks = n_looks,
               .tasks = ict_alloc(n_tasks, sizeof *c.tasks)};
  if (!c.tasks) return ict_err_memory(err);
  ict_par_run(n_tasks, threads, walk, &c);
  add_up(&c, n_tasks);
  s->unit_first_row = ict_alloc(s->n_units + 1, sizeof *s->unit_first_row);
  s->stratum_first_unit = ict_alloc(s->n_strata + 1, sizeof *s->stratum_first_unit);
  s->parent_first_stratum = ict_alloc(n_parents + 1, sizeof *s->parent_first_stratum);
  bool whole = s->unit_first_row && s->stratum_first_unit && s->parent_first_stratum;
  if (whole) {
    ict_par_run(n_tasks, threads, walk, &c);
    s->unit_first_row[s->n_units] = unit->n_rows;
    s->stratum_first_unit[s->n_strata] = s->n_units;
    s->parent_first_stratum[n_parents] = s->n_strata;
  }
  ict_free(c.tasks);
  return whole ? ICT_OK : ict_err_memory(err);
}

ict_status ict_stages_cut(ict_work_unit *unit, int threads, ict_err *err) {
  const uint64_t *parent_first_row = unit->psu_first_row;
  size_t n_parents = unit->n_psu;
  ict_status st = ICT_OK;
  for (size_t k = 0; k < unit->map->design.n_stages && st == ICT_OK; k++) {
    ict_work_stage *s = &unit->stages[k];
    st = ict_stage_cut(unit, s, parent_first_row, n_parents, threads, err);
    parent_first_row = s->unit_first_row;
    n_parents = s->n_units;
  }
  return st;
}

void ict_stages_done(ict_work_unit *unit) {
  for (size_t k = 0; unit->stages && k < unit->map->design.n_stages; k++) {
    ict_free(unit->stages[k].unit_first_row);
    ict_free(unit->stages[k].stratum_first_unit);
    ict_free(unit->stages[k].parent_first_stratum);
    ict_free(unit->stages[k].fraction);
  }
}

/* --- fractions and single units ---------------------------------------------------- */

/* The labels from the first stage's stratum down to that of stage k: "2/14/1". */
static const char *label_of(const ict_work_unit *unit, size_t k, size_t g, ict_str *s) {
  const ict_work_stage *stage = &unit->stages[k];
  size_t n_axes = unit->order.n_strata - unit->map->design.n_strata;
  uint32_t row = unit->rows[stage->unit_first_row[stage->stratum_first_unit[g]]];
  ict_str_clear(s);
  ict_label_add(s, unit->order.by, stage->first_by + stage->map->n_strata, n_axes, row);
  return s->failed ? "" : s->text;
}

static ict_status make_fractions(ict_work *work, ict_work_unit *unit, size_t k, const char *of,
                                 ict_err *err) {
  ict_work_stage *s = &unit->stages[k];
  if (!s->fpc) return ICT_OK;
  s->fraction = ict_alloc(s->n_strata, sizeof *s->fraction);
  if (!s->fraction) return ict_err_memory(err);
  const ict_fpc fpc = {.slot = s->fpc, .kind = s->map->fpc_kind, .of = of};
  ict_fpc_faults faults;
  ict_str label;
  ict_str_init(&label);
  ict_fpc_faults_init(&faults);
  for (size_t g = 0; g < s->n_strata; g++) {
    size_t from = (size_t)s->stratum_first_unit[g], to = (size_t)s->stratum_first_unit[g + 1];
    ict_fpc_of_rows(work, unit, &fpc, (size_t)s->unit_first_row[from],
                    (size_t)s->unit_first_row[to], to - from, label_of(unit, k, g, &label), &faults,
                    &s->fraction[g]);
  }
  ict_status st = label.failed ? ict_err_memory(err) : ict_fpc_say(work, unit, &fpc, &faults, err);
  ict_fpc_faults_done(&faults);
  ict_str_done(&label);
  return st;
}

/* Of the parents of stage k, whether the fractions down to them are all above 0; `above` holds
 * that of the parents one stage up. Returns a new array, NULL where memory is short. */
static bool *count_below(const ict_work_unit *unit, size_t k, const bool *above) {
  size_t n = k > 0 ? unit->stages[k - 1].n_units : unit->n_psu;
  bool *counts = ict_alloc(n, sizeof *counts);
  if (!counts) return NULL;
  if (k == 0) {
    for (size_t h = 0; h < unit->n_strata; h++) {
      bool positive = unit->inclusion || (unit->fraction && unit->fraction[h] > 0);
      for (uint64_t p = unit->stratum_first_psu[h]; p < unit->stratum_first_psu[h + 1]; p++)
        counts[p] = positive;
    }
    return counts;
  }
  const ict_work_stage *s = &unit->stages[k - 1];
  size_t n_parents = k > 1 ? unit->stages[k - 2].n_units : unit->n_psu;
  for (size_t p = 0; p < n_parents; p++)
    for (uint64_t g = s->parent_first_stratum[p]; g < s->parent_first_stratum[p + 1]; g++)
      for (uint64_t u = s->stratum_first_unit[g]; u < s->stratum_first_unit[g + 1]; u++)
        counts[u] = above[p] && s->fraction && s->fraction[g] > 0;
  return counts;
}

/* Strata of a single unit that the variance needs: not taken whole, and with a share in it. */
static ict_status check_lonely(ict_work *work, const ict_work_unit *unit, size_t k,
                               const bool *counts, const char *of, ict_err *err) {
  const ict_work_stage *s = &unit->stages[k];
  size_t n_parents = k > 0 ? unit->stages[k - 1].n_units : unit->n_psu;
  bool fail = unit->map->design.lonely == ICT_LONELY_FAIL;
  ict_name_list lonely = {0};
  ict_str label;
  ict_str_init(&label);
  ict_str_init(&lonely.text);
  for (size_t p = 0; p < n_parents; p++) {
    for (uint64_t g = s->parent_first_stratum[p]; counts[p] && g < s->parent_first_stratum[p + 1];
         g++) {
      bool single = s->stratum_first_unit[g + 1] - s->stratum_first_unit[g] == 1;
      if (single && (!s->fraction || s->fraction[g] < 1))
        ict_name_add(&lonely, label_of(unit, k, (size_t)g, &label));
    }
  }
  ict_status st =
      label.failed
          ? ict_err_memory(err)
          : ict_say_strata(work, fail ? ICT_ERROR : ICT_WARNING, s->map->at, &lonely, unit, of,
                           "with a single unit",
                           fail ? "at least two units in a stratum, or a policy for one" : NULL,
                           fail ? "write `lonely_psu: adjust` (or certainty, average, remove), or "
                                  "leave this stage out"
                                : NULL,
                           err);
  ict_str_done(&lonely.text);
  ict_str_done(&label);
  return st;
}

ict_status ict_stages_make(ict_work *work, ict_work_unit *unit, ict_err *err) {
  ict_status st = ICT_OK;
  bool *counts = NULL;
  for (size_t k = 0; k < unit->map->design.n_stages; k++) {
    const char *of = ict_arena_printf(work->arena, "of stage %zu ", k + 2);
    if (!of) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, make_fractions(work, unit, k, of, err));
    bool *below = count_below(unit, k, counts);
    ict_free(counts);
    counts = below;
    if (!counts) {
      st = ict_err_memory(err);
      goto done;
    }
    ICT_TRY(done, st, check_lonely(work, unit, k, counts, of, err));
  }
done:
  ict_free(counts);
  return st;
}
