/* text_trend.c - the table of a trend for people: one line a series.
 *
 *     Per year   SE   95% CI   Required   2030   (95% CI)   Notes
 *
 * In: the table of run/trend.c, which has the figures of a series in rows of their own, told apart
 * by the axis `trend`. Out: their cells for text.c, on the line of the row CHANGE. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "publish/text.h"

#define AXIS "trend"

enum { CHANGE, SE, CI, REQUIRED, PROJECTION, LIMITS, NOTES, N_COLUMNS };

typedef struct trend_view {
  ict_text_view view; /* the first member: fill finds the rest by it */
  ict_names index;    /* keys of all rows; the n-th is the n-th row's */
  ict_str key;
  const char *year; /* of the projection */
} trend_view;

bool ict_text_is_trend(const ict_table *table) {
  size_t n = ict_table_axes(table);
  return strcmp(ict_table_axis_name(table, n - 1), AXIS) == 0;
}

/* All of the key but the period, with `code` for the row's own on the last axis. */
static const char *key_of(trend_view *v, const ict_table *table, const ict_table_row *row,
                          const char *code) {
  ict_str_clear(&v->key);
  ict_str_addf(&v->key, "%s\n%s\n%s", row->indicator, row->item, row->ref_area);
  for (size_t a = 0; a + 1 < ict_table_axes(table); a++)
    ict_str_addf(&v->key, "\n%s", row->axes[a]);
  ict_str_addf(&v->key, "\n%s", code);
  return v->key.failed ? NULL : v->key.text;
}

static ict_status index_rows(trend_view *v, const ict_table *table, ict_err *err) {
  size_t last = ict_table_axes(table) - 1;
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    const ict_table_row *row = ict_table_row_at(table, i);
    const char *key = key_of(v, table, row, row->axes[last]);
    long at = key ? ict_names_add(&v->index, key, NULL) : -1;
    if (at < 0) return ict_err_memory(err);
    if ((size_t)at != i) { /* only where the rows come from an edited file */
      return ict_err_set(err, ICT_REFUSED, "two rows %s of one series", row->axes[last]);
    }
    if (strcmp(row->axes[last], "PROJECTION") == 0) v->year = row->time_period;
  }
  return ICT_OK;
}

/* The series' row of that code, or NULL. */
static const ict_table_row *sibling(ict_text_writer *w, const ict_table_row *row,
                                    const char *code) {
  trend_view *v = (trend_view *)w->view;
  const char *key = key_of(v, w->table, row, code);
  long at = key ? ict_names_find(&v->index, key) : -1;
  return at < 0 ? NULL : ict_table_row_at(w->table, (size_t)at);
}

static bool columns(ict_text_writer *w, ict_text_columns *c) {
  const trend_view *v = (const trend_view *)w->view;
  const char *ci = ict_text_ci(w);
  *c = (ict_text_columns){
      N_COLUMNS, {"Per year", "SE", ci, "Required", v->year, "Limits", "Notes"}, CI};
  return ci != NULL;
}

static bool fill_projection(ict_text_writer *w, const ict_table_row *row, ict_text_line *line) {
  const ict_table_row *to = sibling(w, row, "PROJECTION");
  if (!to) return true;
  const char *low = ict_text_fixed(w, to->ci_low, 1, ""),
             *high = ict_text_fixed(w, to->ci_high, 1, "");
  line->cells[PROJECTION] = ict_text_fixed(w, to->estimate, 1, "");
  if (!low || !high || !line->cells[PROJECTION]) return false;
  line->cells[LIMITS] = ict_arena_printf(w->arena, "%s \xE2\x80\x93 %s", low, high);
  return line->cells[LIMITS] != NULL;
}

static bool fill(ict_text_writer *w, const ict_table_row *row, ict_text_line *line) {
  const ict_table_row *required = sibling(w, row, "REQUIRED");
  line->cells[CHANGE] = ict_text_fixed(w, row->estimate, w->decimals, "");
  line->cells[SE] = ict_text_fixed(w, row->se, w->se_decimals, "");
  line->low = ict_text_fixed(w, row->ci_low, w->decimals, "");
  line->high = ict_text_fixed(w, row->ci_high, w->decimals, "");
  line->cells[NOTES] = ict_text_notes(w, row->flags);
  if (required) line->cells[REQUIRED] = ict_text_fixed(w, required->estimate, w->decimals, "");
  return line->cells[CHANGE] && line->cells[SE] && line->low && line->high && line->cells[NOTES] &&
         (!required || line->cells[REQUIRED]) && fill_projection(w, row, line);
}

ict_status ict_write_text_trend(const ict_table *table, ict_out *out, ict_err *err) {
  trend_view v = {.view = {.columns = columns, .fill = fill, .axis = AXIS, .code = "CHANGE"},
                  .year = "Later"};
  ict_arena *arena = ict_arena_new();
  if (!arena) return ict_err_memory(err);
  ict_names_init(&v.index, arena);
  ict_str_init(&v.key);
  ict_status st = index_rows(&v, table, err);
  if (st == ICT_OK) st = ict_text_write(table, &v.view, out, err);
  ict_str_done(&v.key);
  ict_names_done(&v.index);
  ict_arena_free(arena);
  return st;
}
