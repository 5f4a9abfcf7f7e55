/* observation_frame.c - every observation as a row, as the table gives it.
 *
 * In: checked observations. Out: a frame, by area and period, then in the order of check.c. Columns
 * in which nothing is said are left out. */
#include <math.h>
#include <stdlib.h>

#include "admin/frame.h"

static int order_places(const void *a, const void *b, void *work) {
  const ict_observation *x = *(ict_observation *const *)a, *y = *(ict_observation *const *)b;
  int c = ict_order_places(x->area, x->period, y->area, y->period);
  return c ? c : ict_observation_order(work, x, y);
}

/* ---- texts -------------------------------------------------------------------------------- */

static const char *const TEXTS[][2] = {{ICT_VAR_AREA, "Reference area"},
                                       {ICT_VAR_PERIOD, "Time period"},
                                       {ICT_OBS_KIND, "Published value, or counted"},
                                       {ICT_OBS_SERIES, "Indicator or concept"},
                                       {ICT_OBS_ITEM, "Item of the indicator"},
                                       {ICT_OBS_UNIT, "Unit of measure"},
                                       {ICT_OBS_STATUS, "Observation status"},
                                       {ICT_OBS_NATURE, "Nature of the data"},
                                       {ICT_OBS_SOURCE, "Source"},
                                       {ICT_OBS_FOOTNOTE, "Footnote"},
                                       {ICT_OBS_REPORTER, "Who reported it"}};
enum { N_TEXTS = sizeof TEXTS / sizeof *TEXTS };

static const char *text_at(const ict_observation *o, size_t what) {
  const ict_table_series *s = o->series;
  const char *const all[N_TEXTS] = {o->area,
                                    o->period,
                                    s->concept_def ? "counted" : "published",
                                    s->concept_def ? s->concept_def->name : s->indicator,
                                    s->item ? s->item->id : "",
                                    o->unit,
                                    o->status,
                                    o->nature,
                                    o->source,
                                    o->footnote,
                                    o->reporter};
  return all[what];
}

static ict_status put_texts(ict_frame_maker *m, const ict_observation *const *sorted,
                            const char **texts) {
  ict_status st = ICT_OK;
  for (size_t k = 0; k < N_TEXTS && st == ICT_OK; k++) {
    bool any = false;
    for (size_t i = 0; i < m->n_rows; i++) {
      texts[i] = text_at(sorted[i], k);
      any = any || texts[i][0];
    }
    if (any) st = ict_frame_put_texts(m, TEXTS[k][0], TEXTS[k][1], texts);
  }
  return st;
}

static ict_status put_axes(ict_frame_maker *m, const ict_observation *const *sorted,
                           const char **texts) {
  const ict_table_map *map = m->work->map;
  ict_status st = ICT_OK;
  for (size_t a = 0; a < map->n_axes && st == ICT_OK; a++) {
    bool any = false;
    for (size_t i = 0; i < m->n_rows; i++) {
      bool total = ict_is_total(sorted[i]->axes[a]);
      texts[i] = total ? "" : sorted[i]->axes[a];
      any = any || !total;
    }
    if (!any) continue;
    const char *name = ict_arena_printf(m->arena, ICT_OBS_AXIS "%s", map->axes[a]);
    st = name ? ict_frame_put_texts(m, name, map->axes[a], texts) : ict_err_memory(m->err);
  }
  return st;
}

/* ---- numbers ------------------------------------------------------------------------------ */

static const char *const NUMBERS[][2] = {
    {ICT_OBS_VALUE, "Value"},        {ICT_OBS_SE, "Standard error"},
    {ICT_OBS_CI_LOW, "Lower limit"}, {ICT_OBS_CI_HIGH, "Upper limit"},
    {ICT_OBS_N, "Cases behind it"},  {ICT_OBS_UNIT_MULT, "Power of ten of the unit"}};
enum { N_NUMBERS = sizeof NUMBERS / sizeof *NUMBERS };

static double number_at(const ict_observation *o, size_t what) {
  const double all[N_NUMBERS] = {o->value, o->se, o->ci_low, o->ci_high, o->n, o->unit_mult};
  return all[what];
}

static ict_status put_numbers(ict_frame_maker *m, const ict_observation *const *sorted,
                              double *numbers) {
  ict_status st = ICT_OK;
  for (size_t k = 0; k < N_NUMBERS && st == ICT_OK; k++) {
    bool any = k == 0;
    for (size_t i = 0; i < m->n_rows; i++) {
      numbers[i] = number_at(sorted[i], k);
      any = any || !(isnan(numbers[i]) || numbers[i] == 0);
    }
    ict_variable var = {.name = NUMBERS[k][0], .title = NUMBERS[k][1]};
    if (any) st = ict_frame_put_reals(m, var, numbers);
  }
  return st;
}

/* ---- the frame ---------------------------------------------------------------------------- */

ict_status ict_frame_observations(ict_frame_maker *m, ict_store_frame *out) {
  ict_admin_work *work = m->work;
  const ict_observation **sorted = ict_alloc(work->n, sizeof *sorted);
  const char **texts = ict_alloc(work->n, sizeof *texts);
  const char **areas = ict_alloc(work->n, sizeof *areas);
  const char **periods = ict_alloc(work->n, sizeof *periods);
  double *numbers = ict_alloc(work->n, sizeof *numbers);
  ict_status st = ict_frame_begin(m, work->n, N_TEXTS + N_NUMBERS + work->map->n_axes);
  if (!sorted || !texts || !areas || !periods || !numbers) st = ict_err_memory(m->err);
  if (st != ICT_OK) goto done;
  for (size_t i = 0; i < work->n; i++) sorted[i] = &work->observations[i];
  qsort_r(sorted, work->n, sizeof *sorted, order_places, work);
  for (size_t i = 0; i < work->n; i++) {
    areas[i] = sorted[i]->area;
    periods[i] = sorted[i]->period;
  }
  ICT_TRY(done, st, put_texts(m, sorted, texts));
  ICT_TRY(done, st, put_axes(m, sorted, texts));
  ICT_TRY(done, st, put_numbers(m, sorted, numbers));
  st = ict_frame_finish(m, ICT_OBSERVATION, "Values as the table gives them", areas, periods, out);
done:
  ict_free(sorted);
  ict_free(texts);
  ict_free(areas);
  ict_free(periods);
  ict_free(numbers);
  return st;
}
