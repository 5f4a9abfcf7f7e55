/* panel.c - rows of country values to panels.
 *
 * In: a result table. Out: its rows by series; one series at a time as a panel.
 * Owns: the order of the rows, the cells of the panel. */
#include "group/panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static ict_status refuse_row(const ict_table_row *row, ict_err *err, const char *what) {
  return ict_err_set(err, ICT_REFUSED, "%s: %s, %s, %s %s", what, row->indicator, row->ref_area,
                     row->time_period, row->composite_breakdown);
}

/* "2016", "2016-Q1", "2016-03-01/P3M". */
static bool year_of(const char *period, int *year) {
  int64_t y;
  if (strlen(period) < 4 || (period[4] != '\0' && period[4] != '-') ||
      !ict_integer_parse((ict_slice){period, 4}, &y) || y < 1000) {
    return false;
  }
  *year = (int)y;
  return true;
}

static bool in_points(const ict_table_row *row) {
  return row->unit_mult == 0 &&
         (strcmp(row->unit_measure, "PT") == 0 || strcmp(row->unit_measure, "PER_100_POP") == 0);
}

static ict_status check_row(const ict_table_row *row, const ict_table_row *first, ict_err *err) {
  if (strcmp(row->unit_measure, first->unit_measure) != 0 || row->unit_mult != first->unit_mult) {
    refuse_row(row, err, "two units of measure in one series");
    ict_err_expected(err, "'%s' times 10^%d as for %s in %s, found '%s' times 10^%d",
                     first->unit_measure, first->unit_mult, first->ref_area, first->time_period,
                     row->unit_measure, row->unit_mult);
    ict_err_fix(err, "bring all values to one unit");
    return ICT_REFUSED;
  }
  bool share = strcmp(row->unit_measure, "PT") == 0 && row->unit_mult == 0;
  if (share && (row->estimate < 0 || row->estimate > 100)) {
    refuse_row(row, err, "a percentage outside 0 to 100");
    ict_err_expected(err, "0 to 100, found %.6g", row->estimate);
    ict_err_fix(err, "mend the value, or its unit of measure");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

/* ---- by series ---------------------------------------------------------------------------------
 */

typedef struct sorting {
  const long *series; /* of each row */
} sorting;

static int by_series(const void *a, const void *b, void *ctx) {
  const sorting *s = ctx;
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  if (s->series[x] != s->series[y]) return s->series[x] < s->series[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

static ict_status number_series(const ict_table *values, ict_names *keys, long *series,
                                ict_err *err) {
  ict_status st = ICT_OK;
  ict_str text;
  ict_str_init(&text);
  for (size_t i = 0; i < ict_table_rows(values) && st == ICT_OK; i++) {
    const ict_table_row *row = ict_table_row_at(values, i);
    ict_str_clear(&text);
    ict_str_addf(&text, "%s\n%s\n%s", row->indicator, row->item, row->composite_breakdown);
    for (size_t a = 0; a < ict_table_axes(values); a++) ict_str_addf(&text, "\n%s", row->axes[a]);
    series[i] = text.failed ? -1 : ict_names_add(keys, text.text, NULL);
    if (series[i] < 0) st = ict_err_memory(err);
  }
  ict_str_done(&text);
  return st;
}

static ict_status take_rows(const ict_table *values, const size_t *order, const long *series,
                            ict_series_split *out, ict_err *err) {
  size_t n = ict_table_rows(values);
  for (size_t i = 0; i < n; i++) {
    const ict_table_row *row = ict_table_row_at(values, order[i]);
    bool starts = i == 0 || series[order[i]] != series[order[i - 1]];
    if (starts) out->starts[out->n_series++] = i;
    out->rows[i] = row;
    ict_status st = check_row(row, out->rows[out->starts[out->n_series - 1]], err);
    if (st != ICT_OK) return st;
    if (!year_of(row->time_period, &out->years[i])) {
      refuse_row(row, err, "a period that tells no year");
      ict_err_expected(err, "2016 or 2016-Q1");
      ict_err_fix(err, "write the year in time_period");
      return ICT_REFUSED;
    }
    if (i == 0 || out->years[i] < out->first_year) out->first_year = out->years[i];
    if (i == 0 || out->years[i] > out->last_year) out->last_year = out->years[i];
  }
  out->starts[out->n_series] = n;
  return ICT_OK;
}

ict_status ict_series_split_make(const ict_table *values, ict_series_split *out, ict_err *err) {
  ict_status st = ICT_OK;
  size_t n = ict_table_rows(values);
  ict_names keys;
  *out = (ict_series_split){.arena = ict_arena_new()};
  ict_names_init(&keys, out->arena);
  long *series = ict_alloc(n, sizeof *series);
  size_t *order = ict_alloc(n, sizeof *order);
  if (out->arena) {
    out->rows = ict_arena_alloc(out->arena, n, sizeof *out->rows);
    out->years = ict_arena_alloc(out->arena, n, sizeof *out->years);
    out->starts = ict_arena_alloc(out->arena, n + 1, sizeof *out->starts);
  }
  if (!series || !order || !out->rows || !out->years || !out->starts) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, number_series(values, &keys, series, err));
  for (size_t i = 0; i < n; i++) order[i] = i;
  qsort_r(order, n, sizeof *order, by_series, &(sorting){series});
  ICT_TRY(done, st, take_rows(values, order, series, out, err));
done:
  ict_free(series);
  ict_free(order);
  ict_names_done(&keys);
  if (st != ICT_OK) ict_series_split_done(out);
  return st;
}

void ict_series_split_done(ict_series_split *split) {
  ict_arena_free(split->arena);
  *split = (ict_series_split){0};
}

/* ---- the panel ---------------------------------------------------------------------------------
 */

static const ict_panel_cell EMPTY = {NAN, NAN, NAN, NULL};

ict_status ict_panel_init(ict_panel *panel, const ict_names *areas, int first_year, int last_year,
                          ict_err *err) {
  *panel = (ict_panel){
      .areas = areas, .first_year = first_year, .n_years = (size_t)(last_year - first_year + 1)};
  panel->cells = ict_alloc(areas->n * panel->n_years, sizeof *panel->cells);
  return panel->cells ? ICT_OK : ict_err_memory(err);
}

void ict_panel_done(ict_panel *panel) {
  ict_free(panel->cells);
  *panel = (ict_panel){0};
}

ict_status ict_panel_fill(ict_panel *panel, const ict_series_split *split, size_t series,
                          ict_err *err) {
  for (size_t i = 0; i < panel->areas->n * panel->n_years; i++) panel->cells[i] = EMPTY;
  size_t from = split->starts[series], to = split->starts[series + 1];
  panel->in_points = in_points(split->rows[from]);
  panel->is_share = panel->in_points && strcmp(split->rows[from]->unit_measure, "PT") == 0;
  for (size_t i = from; i < to; i++) {
    const ict_table_row *row = split->rows[i];
    if (!isfinite(row->estimate)) continue; /* measured, but not published */
    size_t area = (size_t)ict_names_find(panel->areas, row->ref_area);
    ict_panel_cell *cell =
        &panel->cells[area * panel->n_years + (size_t)(split->years[i] - panel->first_year)];
    if (cell->row) {
      refuse_row(row, err, "two values of a country in one year");
      ict_err_expected(err, "one value a year; the other is of period %s", cell->row->time_period);
      ict_err_fix(err, "leave one of the two out");
      return ICT_REFUSED;
    }
    *cell = (ict_panel_cell){row->estimate, row->se, row->pop_weighted, row};
  }
  return ICT_OK;
}

const ict_panel_cell *ict_panel_at(const ict_panel *panel, size_t area, int year) {
  if (year < panel->first_year || year >= panel->first_year + (int)panel->n_years) return &EMPTY;
  return &panel->cells[area * panel->n_years + (size_t)(year - panel->first_year)];
}
