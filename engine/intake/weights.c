/* weights.c - which rows of the file are the unit's, and what each weighs.
 *
 * In: the weight's slot. Out: unit->rows in file order, unit->row_weight; findings with the
 * lines, never the weights. */
#include <math.h>

#include "intake/work.h"

/* A warning: one row then counts for so many others. */
#define WEIGHT_SPREAD 1e4
/* Squares of sums of weights must stay within the range of a double. */
#define WEIGHT_LEAST 1e-100
#define WEIGHT_MOST  1e100

typedef struct weighing {
  ict_tally missing, negative, zero, extreme;
  double lowest, highest; /* of the positive ones */
} weighing;

static ict_status say_rows(ict_work *work, const ict_work_unit *unit, const ict_tally *tally,
                           const char *what, const char *expected, const char *fix, ict_err *err) {
  return ict_work_say_rows(work, unit, unit->weight->at, tally, expected, fix, err,
                           "the weight '%s' is %s", unit->weight->name, what);
}

/* Is the row the unit's? Fills its weight. */
static bool weigh(ict_work *work, ict_work_unit *unit, uint32_t row, weighing *w) {
  const ict_map_design *d = &unit->map->design;
  const ict_work_file *file = &work->files[unit->file];
  ict_missing kind;
  double weight = ict_number_at(work, unit->file, unit->weight, row, &kind);
  unit->row_weight[row] = 0;
  if (kind != ICT_PRESENT) {
    if (d->weight_missing == ICT_WEIGHT_DROP) {
      unit->n_no_weight++;
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
    unit->row_weight[row] = weight;
    w->lowest = fmin(w->lowest, weight);
    w->highest = fmax(w->highest, weight);
  }
  return true;
}

ict_status ict_weights_make(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_work_file *file = &work->files[unit->file];
  static const char expected[] = "a weight above 0 in every row";
  weighing w = {.lowest = INFINITY};
  unit->rows = ict_spill_alloc(work->spill, file->n_rows, sizeof *unit->rows);
  if (!unit->rows) return ict_spill_short(work->spill, err);
  if (unit->weight) {
    unit->row_weight = ict_spill_alloc(work->spill, file->n_rows, sizeof *unit->row_weight);
    if (!unit->row_weight) return ict_spill_short(work->spill, err);
  }
  for (size_t row = 0; row < file->n_rows; row++) {
    if (file->dropped && file->dropped[row]) continue;
    if (unit->weight && !weigh(work, unit, (uint32_t)row, &w)) continue;
    unit->rows[unit->n_rows++] = (uint32_t)row;
  }
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
  ict_status st = ICT_OK;
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
