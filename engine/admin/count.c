/* count.c - counted observations become rows of the unit: one a class of an area and period.
 *
 * Several reporters (operators) of one key are folded first: subscriptions are summed, of coverages
 * the greatest counts. Sums over rows must count nobody twice, so a total that stands beside its
 * parts is checked against them and gives way to them.
 *
 * In: sorted observations. Out: rows by area, period and class; denominators are left to join.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "admin/work.h"

/* Rounded parts may miss a rounded total by this share of it. */
#define PARTS_MISS 0.001

/* ---- concepts ----------------------------------------------------------------------------- */

static bool is_denominator(const ict_admin_work *work, const ict_concept *c) {
  for (size_t i = 0; i < work->map->n_denominators; i++)
    if (work->map->denominators[i] == c) return true;
  return false;
}

static ict_status list_concepts(ict_admin_work *work, ict_err *err) {
  work->concepts = ict_arena_alloc(work->arena, work->n, sizeof *work->concepts);
  if (!work->concepts) return ict_err_memory(err);
  for (int denominators = 0; denominators < 2; denominators++) {
    for (size_t i = 0; i < work->n; i++) { /* those of one concept stand together */
      const ict_concept *c = work->observations[i].series->concept_def;
      bool last = work->n_concepts > 0 && work->concepts[work->n_concepts - 1] == c;
      if (!c || last || is_denominator(work, c) != (denominators == 1)) continue;
      work->concepts[work->n_concepts++] = c;
    }
    if (!denominators) work->n_plain = work->n_concepts;
  }
  return ICT_OK;
}

/* ---- several reporters -------------------------------------------------------------------- */

/* In place, over the counted ones [from, n): the others are kept as they were reported. */
static size_t fold(const ict_admin_work *work, ict_observation *counts, size_t n) {
  size_t made = 0;
  for (size_t i = 0; i < n; i++) {
    if (made == 0 || !ict_observation_same_key(work, &counts[made - 1], &counts[i])) {
      counts[made++] = counts[i];
      continue;
    }
    ict_observation *to = &counts[made - 1];
    if (to->series->fold == ICT_FOLD_SUM)
      to->value += counts[i].value;
    else
      to->value = fmax(to->value, counts[i].value);
  }
  return made;
}

/* ---- totals and parts --------------------------------------------------------------------- */

static bool alike_but(const ict_admin_work *work, const ict_observation *a,
                      const ict_observation *b, size_t axis) {
  for (size_t i = 0; i < work->map->n_axes; i++)
    if (i != axis && strcmp(a->axes[i], b->axes[i]) != 0) return false;
  return true;
}

/* Marks totals that have parts along the axis; `left` is per observation of the run. */
static void drop_totals(ict_admin_work *work, const ict_observation *run, size_t n, size_t axis,
                        bool *left) {
  for (size_t t = 0; t < n; t++) {
    double sum = 0;
    size_t parts = 0;
    if (left[t] || !ict_is_total(run[t].axes[axis])) continue;
    for (size_t i = 0; i < n; i++) {
      if (left[i] || ict_is_total(run[i].axes[axis]) || !alike_but(work, &run[t], &run[i], axis))
        continue;
      sum += run[i].value;
      parts++;
    }
    if (parts == 0) continue;
    left[t] = true;
    if (fabs(sum - run[t].value) <= PARTS_MISS * fabs(run[t].value)) continue;
    const char *place = ict_admin_place(work, run[t].area, run[t].period, run[t].axes);
    ict_admin_say(work, ICT_ERROR, work->map->files[run[t].file].text.path, run[t].line, 0,
                  "parts that sum to their total, but for rounding",
                  "mend the values, or choose the total alone or the parts alone with `where:`",
                  "%s of %s is %.10g, its %zu parts by %s sum to %.10g",
                  run[t].series->concept_def->name, place ? place : "", run[t].value, parts,
                  work->map->axes[axis], sum);
  }
}

/* What is left must be one partition: on each axis all totals, or none. */
static void check_partition(ict_admin_work *work, const ict_observation *run, size_t n,
                            const bool *left) {
  for (size_t axis = 0; axis < work->map->n_axes; axis++) {
    const ict_observation *total = NULL, *part = NULL;
    for (size_t i = 0; i < n; i++) {
      if (left[i]) continue;
      if (ict_is_total(run[i].axes[axis]))
        total = &run[i];
      else
        part = &run[i];
    }
    if (!total || !part) continue;
    const char *place = ict_admin_place(work, part->area, part->period, part->axes);
    ict_admin_say(work, ICT_ERROR, work->map->files[total->file].text.path, total->line, 0,
                  "one breakdown, or all its classes crossed",
                  "take one breakdown with `where:`; others go into mappings of their own",
                  "%s has rows by %s (%s) and rows without: sums would count people twice",
                  total->series->concept_def->name, work->map->axes[axis], place ? place : "");
    return;
  }
}

static void choose(ict_admin_work *work, const ict_observation *run, size_t n, bool *left) {
  if (n < 2) return;
  for (size_t axis = 0; axis < work->map->n_axes; axis++) drop_totals(work, run, n, axis, left);
  if (!work->failed) check_partition(work, run, n, left);
}

/* ---- rows --------------------------------------------------------------------------------- */

static int order_classes(const ict_admin_work *work, const ict_count_row *a,
                         const ict_count_row *b) {
  int c = ict_order_places(a->area, a->period, b->area, b->period);
  for (size_t i = 0; i < work->map->n_axes && c == 0; i++) c = strcmp(a->axes[i], b->axes[i]);
  return c;
}

static int order_rows(const void *a, const void *b, void *work) {
  return order_classes(work, a, b);
}

size_t ict_concept_at(const ict_admin_work *work, const ict_concept *c) {
  size_t i = 0;
  while (work->concepts[i] != c) i++;
  return i;
}

/* A denominator is joined to the rows of the others, where there are any. */
static ict_status add_row(ict_admin_work *work, const ict_observation *o, ict_err *err) {
  double *values = ict_arena_alloc(work->arena, work->n_concepts, sizeof *values);
  if (!values) return ict_err_memory(err);
  size_t at = ict_concept_at(work, o->series->concept_def);
  for (size_t i = 0; i < work->n_concepts; i++) values[i] = NAN;
  bool base = at >= work->n_plain && work->n_plain > 0;
  ict_count_rows *to = base ? &work->bases : &work->rows;
  if (ict_grow(&to->at, to->n, &to->capacity, sizeof *to->at) != 0) return ict_err_memory(err);
  values[at] = o->value;
  to->at[to->n++] = (ict_count_row){
      .area = o->area, .period = o->period, .axes = o->axes, .values = values, .first = o};
  return ICT_OK;
}

/* Rows of one class become one. */
static void merge_rows(ict_admin_work *work) {
  ict_count_row *rows = work->rows.at;
  size_t made = 0;
  if (work->rows.n == 0) return;
  qsort_r(rows, work->rows.n, sizeof *rows, order_rows, work);
  for (size_t i = 0; i < work->rows.n; i++) {
    if (made == 0 || order_classes(work, &rows[made - 1], &rows[i]) != 0) {
      rows[made++] = rows[i];
      continue;
    }
    for (size_t k = 0; k < work->n_concepts; k++)
      if (!isnan(rows[i].values[k])) rows[made - 1].values[k] = rows[i].values[k];
  }
  work->rows.n = made;
}

/* One concept in one area and period. */
static bool same_run(const ict_observation *a, const ict_observation *b) {
  return a->series->concept_def == b->series->concept_def && a->area == b->area &&
         a->period == b->period;
}

ict_status ict_admin_count(ict_admin_work *work, ict_err *err) {
  size_t n = 0;
  bool *left = NULL;
  ict_status st = list_concepts(work, err);
  if (st != ICT_OK || work->n_concepts == 0) return st;
  ict_observation *counts = ict_arena_alloc(work->arena, work->n, sizeof *counts);
  if (!counts) return ict_err_memory(err);
  for (size_t i = 0; i < work->n; i++)
    if (work->observations[i].series->concept_def) counts[n++] = work->observations[i];
  n = fold(work, counts, n);
  left = ict_alloc(n, sizeof *left);
  if (!left) return ict_err_memory(err);
  for (size_t from = 0, to; from < n && st == ICT_OK; from = to) {
    for (to = from + 1; to < n && same_run(&counts[from], &counts[to]);) to++;
    choose(work, &counts[from], to - from, &left[from]);
    for (size_t i = from; i < to && st == ICT_OK; i++)
      if (!left[i]) st = add_row(work, &counts[i], err);
  }
  ict_free(left);
  if (st == ICT_OK) merge_rows(work); /* the bases stay in order of concept, area, period */
  return st;
}
