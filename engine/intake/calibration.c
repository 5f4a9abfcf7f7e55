/* calibration.c - the weights of a frame adjusted to the totals that the mapping names.
 *
 * In: a frame with its design weights. Out: calibrated weights and the model they come from, for
 * the store; findings; a line of the report.
 * Owns: nothing; what it makes is the intake's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calibrate/calibrate.h"
#include "intake/margin.h"
#include "intake/totals.h"

/* Margins of one population that differ by more than this share of it cannot all be met. */
#define SAME_POPULATION 1e-9

typedef struct job {
  ict_work *work;
  const ict_work_unit *unit;
  ict_frame *frame;
  const ict_map_calibration *map;
  ict_calibration *model;
  ict_calibration_margin *margins;
  ict_calibration_number *numbers;
  double *d;
  bool failed;
} job;

/* ---- what is calibrated to ----------------------------------------------------------------- */

/* Estimates are of one area and period, and so must the totals be. */
static void check_surveys(job *j) {
  for (size_t v = 0; v < 2; v++) { /* area and period are the first of every frame */
    const ict_variable *var = &j->frame->schema->vars[v];
    if (var->codes->n < 2) continue;
    bool crossed = j->map->n_numbers == 0;
    for (size_t i = 0; i < j->map->n_margins; i++) {
      bool has = false;
      for (size_t a = 0; a < j->map->margins[i].n_axes; a++)
        has |= strcmp(j->map->margins[i].axes[a].name, var->name) == 0;
      crossed &= has;
    }
    if (crossed) continue;
    j->failed = true;
    ict_work_say(
        j->work, ICT_ERROR, j->map->at, "totals of each survey for itself",
        "add it to the `by` of every margin, or import each survey into a store of its own",
        "unit '%s' holds %zu values of '%s', which the totals do not tell apart",
        j->unit->map->name, var->codes->n, var->name);
  }
}

static ict_status make_margins(job *j, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < j->map->n_margins && st == ICT_OK; i++) {
    bool good = false;
    st = ict_margin_make(j->work, j->unit, j->frame, j->map, &j->map->margins[i], j->d,
                         &j->margins[i], &good, err);
    j->failed |= !good;
  }
  return st;
}

static double people_in(const ict_calibration_margin *margin) {
  double sum = 0;
  for (size_t k = 0; k < margin->n; k++) sum += margin->total[k];
  return sum;
}

static void check_population(job *j) {
  if (j->failed || j->map->n_margins == 0) return;
  double first = people_in(&j->margins[0]);
  for (size_t i = 1; i < j->map->n_margins; i++) {
    double other = people_in(&j->margins[i]);
    if (fabs(other - first) <= SAME_POPULATION * first) continue;
    j->failed = true;
    ict_work_say(j->work, ICT_ERROR, j->map->margins[i].at, "margins of the same population",
                 "take totals of one source and date, or scale one of the margins to the other",
                 "the totals of '%s' add up to %.15g, those of '%s' to %.15g", j->margins[i].name,
                 other, j->margins[0].name, first);
  }
}

/* ---- numbers ------------------------------------------------------------------------------- */

static ict_status take_values(job *j, size_t i, ict_err *err) {
  const char *name = j->map->number[i];
  const ict_work_file *file = &j->work->files[j->unit->file];
  long column = ict_schema_find(j->frame->schema, name);
  if (column < 0) {
    j->failed = true;
    ict_work_say(j->work, ICT_ERROR, j->map->numbers.at, "a variable of the unit",
                 "map it below `variables`, or calibrate the unit that has it",
                 "unit '%s' has no variable '%s' to calibrate to", j->unit->map->name, name);
    return ICT_OK;
  }
  double *value = ict_spill_alloc(j->work->spill, j->frame->n_rows, sizeof *value);
  if (!value) return ict_spill_short(j->work->spill, err);
  ict_tally missing = {0};
  for (size_t row = 0; row < j->frame->n_rows; row++) {
    ict_missing kind;
    value[row] =
        ict_column_number(&j->frame->schema->vars[column], j->frame->columns[column], row, &kind);
    if (kind != ICT_PRESENT) ict_tally_add(&missing, ict_file_line(file, j->unit->rows[row]));
  }
  j->numbers[i] = (ict_calibration_number){.name = name, .value = value};
  if (missing.rows == 0) return ICT_OK;
  ict_str s;
  ict_str_init(&s);
  ict_work_lines(&s, file, &missing);
  j->failed = true;
  ict_work_say(j->work, ICT_ERROR, j->map->numbers.at, "a value in every row", "impute the values",
               "%llu row%s of unit '%s' cannot be calibrated: '%s' is missing (%s)",
               (unsigned long long)missing.rows, ICT_S(missing.rows), j->unit->map->name, name,
               s.failed ? "?" : s.text);
  ict_str_done(&s);
  return ICT_OK;
}

/* Each number's row of the file. */
static void place_totals(job *j, const ict_totals *t) {
  size_t n = j->map->n_numbers, found[ICT_MOST_NUMBERS] = {0};
  for (size_t row = 0; row < t->n_rows; row++) {
    size_t i = 0;
    while (i < n && strcmp(t->key[row], j->map->number[i]) != 0) i++;
    if (i == n || found[i] > 0) {
      const char *near = i == n ? ict_text_nearest(t->key[row], j->map->number, n) : NULL;
      j->failed = true;
      ict_totals_refuse(j->work, t, row, "one row for each variable that `numbers` names",
                        near ? "correct the name" : "leave the row out",
                        i == n ? "'%s' is not among the numbers" : "a second total of '%s'",
                        t->key[row]);
      continue;
    }
    found[i] = row + 1;
    j->numbers[i].total = t->value[row];
  }
  for (size_t i = 0; i < n; i++) {
    if (found[i] > 0) continue;
    j->failed = true;
    ict_totals_refuse(j->work, t, SIZE_MAX, "one row for each variable that `numbers` names",
                      "add the row", "%s has no total of '%s'", t->name, j->map->number[i]);
  }
}

static ict_status make_numbers(job *j, ict_err *err) {
  static const char *const keys[] = {"variable"};
  ict_status st = ICT_OK;
  ict_totals totals = {0};
  bool good = false;
  if (j->map->n_numbers == 0) return ICT_OK;
  for (size_t i = 0; i < j->map->n_numbers; i++) ICT_TRY(done, st, take_values(j, i, err));
  ICT_TRY(done, st, ict_totals_read(j->work, &j->map->numbers, keys, 1, &totals, &good, err));
  j->failed |= !good;
  if (good) place_totals(j, &totals);
done:
  ict_totals_done(&totals);
  return st;
}

/* ---- the weights --------------------------------------------------------------------------- */

static void say_refused(job *j, const ict_err *said, const char *of) {
  j->failed = true;
  ict_work_say(j->work, ICT_ERROR, j->map->at, said->expected, said->fix, "%s%s", of, said->what);
}

static size_t n_totals(const job *j) {
  size_t n = j->map->n_numbers;
  for (size_t i = 0; i < j->map->n_margins; i++) n += j->margins[i].n;
  return n;
}

static ict_status tell(const job *j, const ict_calibrated *result, ict_err *err) {
  ict_status st = ict_report_add(
      &j->work->report, err,
      "unit '%s': weights calibrated (%s) to %zu totals in %zu round%s; ratios to the design "
      "weights %.4g to %.4g",
      j->unit->map->name, ict_calibration_name(j->map->method), n_totals(j), result->rounds,
      ICT_S(result->rounds), result->ratio[0], result->ratio[1]);
  if (st != ICT_OK || result->n_trimmed == 0) return st;
  ict_work_say(j->work, ICT_WARNING, j->map->at, NULL, NULL,
               "%zu weight%s of unit '%s' trimmed: the totals are off by up to %.3g%% (%s)",
               result->n_trimmed, ICT_S(result->n_trimmed), j->unit->map->name, result->off * 100,
               result->furthest);
  return ict_report_add(&j->work->report, err,
                        "unit '%s': %zu weights trimmed; totals off by up to %.3g%% (%s)",
                        j->unit->map->name, result->n_trimmed, result->off * 100, result->furthest);
}

static ict_status weigh(job *j, ict_err *err) {
  size_t n = j->frame->n_rows;
  double *w = ict_spill_alloc(j->work->spill, n, sizeof *w), *c = w;
  if (w && ict_calibrate_trims_weights(j->model)) c = ict_spill_alloc(j->work->spill, n, sizeof *c);
  if (!w || !c) return ict_spill_short(j->work->spill, err);
  ict_calibrated result;
  ict_err local = {0};
  ict_status st = ict_calibrate(j->model, j->d, c, w, &result, &local);
  if (st == ICT_REFUSED) {
    say_refused(j, &local, "");
    return ICT_OK;
  }
  if (st != ICT_OK) {
    if (err) *err = local;
    return st;
  }
  j->model->calibrated = c == w ? NULL : c;
  j->frame->design.weight = w;
  j->frame->design.has_weight = true;
  j->frame->design.calibration = j->model;
  return tell(j, &result, err);
}

/* Each replicate is calibrated as the full sample is, from its own weights. */
static ict_status weigh_replicates(job *j, ict_err *err) {
  const ict_replicate_weights *given = j->frame->design.replicates;
  if (!given || j->failed) return ICT_OK;
  size_t n = j->frame->n_rows;
  double *weight = ict_spill_alloc(j->work->spill, n * given->n, sizeof *weight);
  ict_replicate_weights *made = ict_arena_alloc(j->work->intake->arena, 1, sizeof *made);
  double *d = ict_alloc(3 * n, sizeof *d); /* then c and w */
  ict_status st = !weight     ? ict_spill_short(j->work->spill, err)
                  : made && d ? ICT_OK
                              : ict_err_memory(err);
  for (size_t r = 0; st == ICT_OK && r < given->n && !j->failed; r++) {
    ict_calibrated result;
    ict_err local = {0};
    for (size_t i = 0; i < n; i++) d[i] = given->weight[i * given->n + r];
    st = ict_calibrate(j->model, d, d + n, d + 2 * n, &result, &local);
    if (st == ICT_REFUSED) {
      char of[80];
      snprintf(of, sizeof of, "replicate %zu: ", r + 1);
      say_refused(j, &local, of);
      st = ICT_OK;
    } else if (st != ICT_OK && err) {
      *err = local;
    }
    for (size_t i = 0; i < n; i++) weight[i * given->n + r] = d[2 * n + i];
  }
  if (st == ICT_OK) {
    *made = *given;
    made->weight = weight;
    j->frame->design.replicates = made;
  }
  ict_free(d);
  return st;
}

static ict_status start(job *j, ict_err *err) {
  ict_arena *arena = j->work->intake->arena;
  const ict_map_calibration *map = j->map;
  size_t n = j->frame->n_rows;
  const double *weight = j->frame->design.weight;
  j->model = ict_arena_alloc(arena, 1, sizeof *j->model);
  j->margins = ict_arena_alloc(arena, map->n_margins, sizeof *j->margins);
  j->numbers = ict_arena_alloc(arena, map->n_numbers, sizeof *j->numbers);
  j->d = ict_spill_alloc(j->work->spill, n, sizeof *j->d);
  if (!j->d) return ict_spill_short(j->work->spill, err);
  if (!j->model || !j->margins || !j->numbers) return ict_err_memory(err);
  for (size_t i = 0; i < n; i++) j->d[i] = weight ? weight[i] : 1;
  *j->model = (ict_calibration){.method = map->method,
                                .n_rows = n,
                                .n_margins = map->n_margins,
                                .margins = j->margins,
                                .n_numbers = map->n_numbers,
                                .numbers = j->numbers,
                                .bounds = {map->bounds[0], map->bounds[1]},
                                .trim_ratio = {map->trim_ratio[0], map->trim_ratio[1]},
                                .trim_weight = {map->trim_weight[0], map->trim_weight[1]},
                                .trim_strict = map->trim_strict,
                                .tolerance = map->tolerance,
                                .most_rounds = map->most_rounds,
                                .design_weight = j->d};
  return ICT_OK;
}

/* Their equations would take minutes, and no sample bears so many totals. */
static void check_columns(job *j) {
  size_t n = n_totals(j);
  if (j->failed || n <= ICT_MOST_COLUMNS || j->map->method == ICT_CALIBRATE_POST_STRATIFY) return;
  j->failed = true;
  ict_work_say(j->work, ICT_ERROR, j->map->at, "fewer totals", "join categories",
               "%zu totals are more than the %d that can be calibrated to", n, ICT_MOST_COLUMNS);
}

ict_status ict_calibrate_frame(ict_work *work, const ict_work_unit *unit, ict_frame *frame,
                               ict_err *err) {
  job j = {.work = work, .unit = unit, .frame = frame, .map = &unit->map->design.calibration};
  ict_status st = ICT_OK;
  if (!j.map->given || work->failed) return ICT_OK;
  ICT_TRY(done, st, start(&j, err));
  check_surveys(&j);
  ICT_TRY(done, st, make_margins(&j, err));
  ICT_TRY(done, st, make_numbers(&j, err));
  check_population(&j);
  check_columns(&j);
  if (j.failed) goto done;
  ICT_TRY(done, st, weigh(&j, err));
  ICT_TRY(done, st, weigh_replicates(&j, err));
done:
  return st;
}
