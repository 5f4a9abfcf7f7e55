/* text_estimates.c - the table for people: estimate, SE, interval, CV, n.
 *
 * In: rows of the table. Out: their cells for text.c. */
#include <math.h>

#include "publish/text.h"

enum { ESTIMATE, SE, CI, CV, N, NOTES, N_COLUMNS };

static bool columns(ict_text_writer *w, ict_text_columns *c) {
  const char *ci = ict_text_ci(w);
  *c = (ict_text_columns){N_COLUMNS, {"Estimate", "SE", ci, "CV", "n", "Notes"}, CI};
  return ci != NULL;
}

static bool has_precision(const ict_table_row *row) {
  return isfinite(row->se) || isfinite(row->ci_low);
}

static bool fill(ict_text_writer *w, const ict_table_row *row, ict_text_line *line) {
  line->cells[ESTIMATE] = ict_text_fixed(w, row->estimate, w->decimals, "");
  line->cells[N] = ict_text_fixed(w, (double)row->n_unweighted, 0, "");
  line->cells[NOTES] = ict_text_notes(w, row->flags);
  if (!line->cells[ESTIMATE] || !line->cells[N] || !line->cells[NOTES]) return false;
  if (!has_precision(row)) return true; /* a census: the columns may not even be there */
  line->cells[SE] = ict_text_fixed(w, row->se, w->se_decimals, "");
  line->cells[CV] = ict_text_fixed(w, row->cv, 1, "%");
  line->low = ict_text_fixed(w, row->ci_low, w->decimals, "");
  line->high = ict_text_fixed(w, row->ci_high, w->decimals, "");
  return line->cells[SE] && line->cells[CV] && line->low && line->high;
}

ict_status ict_write_text(const ict_table *table, int threads, ict_out *out, ict_err *err) {
  (void)threads;
  static const ict_text_view view = {.columns = columns, .fill = fill};
  if (ict_text_is_trend(table)) return ict_write_text_trend(table, out, err);
  return ict_text_write(table, &view, out, err);
}
