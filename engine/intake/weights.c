/* weights.c - which rows of the file are the unit's, and what each weighs.
 *
 * In: the weight's slot. Out: unit->rows in file order (or NULL: all), unit->row_weight; findings
 * with the lines, never the weights. */
#include <math.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

/* A warning: one row then counts for so many others. */
#define WEIGHT_SPREAD 1e4
/* Squares of sums of weights must stay within the range of a double. */
#define WEIGHT_LEAST 1e-100
#define WEIGHT_MOST  1e100

typedef struct weighing {
  ict_tally missing, negative, zero, extreme;
  double lowest, highest; /* of the positive ones */
  size_t n_kept;
  uint64_t n_no_weight;
} weighing;

typedef struct job {
  const ict_work *work;
  ict_work_unit *unit;
  weighing *parts; /* one a task */
} job;

static ict_status say_rows(ict_work *work, const ict_work_unit *unit, const ict_tally *tally,
                           const char *what, const char *expected, const char *fix, ict_err *err) {
  return ict_work_say_rows(work, unit, unit->weight->at, tally, expected, fix, err,
                           "the weight '%s' is %s", unit->weight->name, what);
}

/* Weights of the unit's own file are where they shall be. */
static double weight_of(const job *j, uint32_t row, ict_missing *kind) {
  const ict_work_unit *unit = j->unit;
  if (unit->weight->file == unit->file) return ict_cell_get(ICT_F64, unit->row_weight, row, kind);
  return unit->row_weight[row] = ict_number_at(j->work, unit->file, unit->weight, row, kind);
}

/* Is the row the unit's? */
static bool weigh(const job *j, uint32_t row, weighing *w) {
  const ict_work_unit *unit = j->unit;
  const ict_map_design *d = &unit->map->design;
  const ict_work_file *file = &j->work->files[unit->file];
  ict_missing kind;
  double weight = weight_of(j, row, &kind);
  if (kind != ICT_PRESENT) {
    if (d->weight_missing == ICT_WEIGHT_DROP) {
      w->n_no_weight++;
      return false;
    }
    ict_tally_add(&w->missing, ict_file_line(file, row));
  } else if (weight < 0) {
    ict_tally_add(&w->negative, ict_file_line(file, row));
  } else if (weight == 0) {
    if (d->weight_zero == ICT_WEIGHT_REFUSE) ict_tally_add(&w->zero, ict_file_line(file, row));
  } else if (weight < WEIGHT_LEAST || weight > WEIGHT_MOST) {
    ict_tally_add(&w->extreme, ict_file_line(file, row));
  } else {
    if (weight < w->lowest) w->lowest = weight;
    if (weight > w->highest) w->highest = weight;
  }
  return true;
}

/* The rows of one task that are kept, listed from where its first one would be. */
static void keep_rows(void *ctx, size_t task, int thread) {
  const job *j = ctx;
  const ict_work_unit *unit = j->unit;
  const ict_work_file *file = &j->work->files[unit->file];
  weighing *w = &j->parts[task];
  size_t from = task * ICT_TASK_ROWS, to = ict_task_end(task, file->n_rows);
  (void)thread;
  for (size_t row = from; row < to; row++) {
    if (file->dropped && file->dropped[row]) continue;
    if (unit->weight && !weigh(j, (uint32_t)row, w)) continue;
    if (unit->rows) unit->rows[from + w->n_kept] = (uint32_t)row;
    w->n_kept++;
  }
}

/* What the tasks found, in their order; the rows that they kept, side by side. */
static weighing put_together(const job *j, size_t n_tasks) {
  weighing all = {.lowest = INFINITY};
  for (size_t task = 0; task < n_tasks; task++) {
    const weighing *w = &j->parts[task];
    ict_tally_merge(&all.missing, &w->missing);
    ict_tally_merge(&all.negative, &w->negative);
    ict_tally_merge(&all.zero, &w->zero);
    ict_tally_merge(&all.extreme, &w->extreme);
    all.lowest = fmin(all.lowest, w->lowest);
    all.highest = fmax(all.highest, w->highest);
    all.n_no_weight += w->n_no_weight;
    if (j->unit->rows && all.n_kept < task * ICT_TASK_ROWS)
      memmove(j->unit->rows + all.n_kept, j->unit->rows + task * ICT_TASK_ROWS,
              w->n_kept * sizeof *j->unit->rows);
    all.n_kept += w->n_kept;
  }
  return all;
}

/* The column of the unit's own file becomes that of its weights. */
static double *place_of_weights(ict_work *work, ict_work_unit *unit) {
  if (unit->weight->file != unit->file)
    return ict_spill_alloc(work->spill, work->files[unit->file].n_rows, sizeof(double));
  double *moved = unit->weight->values;
  unit->weight->values = NULL;
  return moved;
}

static ict_status find_rows(ict_work *work, ict_work_unit *unit, weighing *found, ict_err *err) {
  const size_t n_tasks = ict_row_tasks(work->files[unit->file].n_rows);
  job j = {.work = work, .unit = unit, .parts = ict_alloc(n_tasks, sizeof *j.parts)};
  if (!j.parts) return ict_err_memory(err);
  for (size_t task = 0; task < n_tasks; task++) j.parts[task].lowest = INFINITY;
  ict_par_run(n_tasks, work->threads, keep_rows, &j);
  *found = put_together(&j, n_tasks);
  ict_free(j.parts);
  return ICT_OK;
}

ict_status ict_weights_make(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_work_file *file = &work->files[unit->file];
  static const char expected[] = "a weight above 0 in every row";
  weighing w;
  ict_status st;
  /* Where no row can be left out there is nothing to list yet. */
  if (file->dropped || unit->map->design.weight_missing == ICT_WEIGHT_DROP) {
    unit->rows = ict_spill_alloc(work->spill, file->n_rows, sizeof *unit->rows);
    if (!unit->rows) return ict_spill_short(work->spill, err);
  }
  if (unit->weight) {
    unit->row_weight = place_of_weights(work, unit);
    if (!unit->row_weight) return ict_spill_short(work->spill, err);
  }
  ICT_TRY(done, st, find_rows(work, unit, &w, err));
  unit->n_rows = w.n_kept;
  unit->n_no_weight = w.n_no_weight;
  if (unit->n_rows == 0) {
    if (file->n_rows == 0)
      ict_work_say(work, ICT_ERROR, unit->map->at, "at least one row",
                   "fetch or export the file again", "unit '%s' has no rows: %s holds none",
                   unit->map->name, file->name);
    else
      ict_work_say(work, ICT_ERROR, unit->map->at, "at least one row",
                   "see what `unmatched: drop` and the weight's `missing: drop` leave out",
                   "unit '%s' has no rows: none of the %zu of %s was kept", unit->map->name,
                   file->n_rows, file->name);
    return ICT_OK;
  }
  if (!unit->weight) return ICT_OK;
  /* Cells that are no numbers were read as missing, and said. */
  if (unit->weight->problems.values.n == 0) {
    ICT_TRY(done, st,
            say_rows(work, unit, &w.missing, "missing", expected,
                     "write `missing: drop` below `weight:` to leave such rows out", err));
  }
  ICT_TRY(done, st,
          say_rows(work, unit, &w.negative, "negative", expected, "correct the file", err));
  ICT_TRY(done, st,
          say_rows(work, unit, &w.zero, "0", expected,
                   "write `zero: keep` below `weight:` where that is meant", err));
  ICT_TRY(done, st,
          say_rows(work, unit, &w.extreme, "too large or too small to compute with",
                   "a weight between 1e-100 and 1e100",
                   "correct the file, or write a `scale:` below `weight:`", err));
  if (w.highest > WEIGHT_SPREAD * w.lowest) {
    ict_work_say(work, ICT_WARNING, unit->weight->at, NULL, NULL,
                 "the largest weight '%s' of unit '%s' is %.0f times the smallest",
                 unit->weight->name, unit->map->name, w.highest / w.lowest);
  }
done:
  return st;
}
