/* sampling_errors.c - the table of sampling errors, laid out as in the appendices of DHS and MICS
 * reports, for people and as CSV.
 *
 *     R  SE  N  WN  DEFT  SE/R  R-2SE  R+2SE
 *
 * R is the estimate, N the unweighted and WN the weighted cases, DEFT the square root of the
 * design effect. R -+ 2 SE is what those reports print, and no confidence interval: it may leave
 * [0, 100]. One more decimal than in the table of estimates. */
#include <math.h>

#include "publish/field.h"
#include "publish/row_fields.h"
#include "publish/text.h"

enum { R, SE, N, WN, DEFT, SE_R, LOW, HIGH, N_NUMBERS };

/* NaN where the table has none. */
static void numbers_of(const ict_table_row *row, double numbers[N_NUMBERS]) {
  numbers[R] = row->estimate;
  numbers[SE] = row->se;
  numbers[N] = (double)row->n_unweighted;
  numbers[WN] = row->pop_weighted;
  numbers[DEFT] = sqrt(row->deff);
  numbers[SE_R] = row->cv / 100;
  numbers[LOW] = row->estimate - 2 * row->se;
  numbers[HIGH] = row->estimate + 2 * row->se;
}

/* For people. */

static bool columns(ict_text_writer *w, ict_text_columns *c) {
  (void)w;
  *c = (ict_text_columns){N_NUMBERS + 1,
                          {"R", "SE", "N", "WN", "DEFT", "SE/R", "R-2SE", "R+2SE", "Notes"},
                          N_NUMBERS + 1};
  return true;
}

static bool fill(ict_text_writer *w, const ict_table_row *row, ict_text_line *line) {
  double numbers[N_NUMBERS];
  numbers_of(row, numbers);
  int more = w->se_decimals > w->decimals ? w->se_decimals : w->decimals; /* one more, or none */
  const int decimals[N_NUMBERS] = {more, more, 0, 0, 3, 3, more, more};
  for (int i = 0; i < N_NUMBERS; i++) {
    line->cells[i] = ict_text_fixed(w, numbers[i], decimals[i], "");
    if (!line->cells[i]) return false;
  }
  line->cells[N_NUMBERS] = ict_text_notes(w, row->flags);
  return line->cells[N_NUMBERS] != NULL;
}

ict_status ict_write_sampling_errors(const ict_table *table, int threads, ict_out *out,
                                     ict_err *err) {
  (void)threads;
  static const ict_text_view view = {.columns = columns, .fill = fill};
  return ict_text_write(table, &view, out, err);
}

/* For programs: the key of the table, then the same columns in full precision. */

static void comma_text(ict_out *out, const char *text) {
  ict_out_text(out, ",");
  ict_csv_text(out, text);
}

static void write_row(const ict_table *table, const ict_table_row *row, ict_out *out) {
  double numbers[N_NUMBERS];
  numbers_of(row, numbers);
  ict_csv_text(out, row->indicator);
  comma_text(out, row->item[0] ? row->item : ICT_TOTAL);
  comma_text(out, row->ref_area);
  comma_text(out, row->time_period);
  for (size_t a = 0; a < ict_table_axes(table); a++) comma_text(out, row->axes[a]);
  comma_text(out, row->unit_measure);
  ict_out_printf(out, ",%d", row->unit_mult);
  for (int i = 0; i < N_NUMBERS; i++) {
    ict_out_text(out, ",");
    ict_csv_number(out, numbers[i]);
  }
  comma_text(out, row->flags);
  comma_text(out, row->source);
  ict_out_text(out, "\n");
}

ict_status ict_write_sampling_errors_csv(const ict_table *table, int threads, ict_out *out,
                                         ict_err *err) {
  (void)threads;
  static const char *const names[N_NUMBERS] = {"r",    "se",        "n",           "wn",
                                               "deft", "se_over_r", "r_minus_2se", "r_plus_2se"};
  (void)err;
  ict_out_text(out, "indicator," ICT_ITEM_COLUMN ",ref_area,time_period");
  for (size_t a = 0; a < ict_table_axes(table); a++) comma_text(out, ict_table_axis_name(table, a));
  ict_out_text(out, ",unit_measure,unit_mult");
  for (int i = 0; i < N_NUMBERS; i++) comma_text(out, names[i]);
  ict_out_text(out, ",flags,source\n");
  for (size_t i = 0; i < ict_table_rows(table); i++)
    write_row(table, ict_table_row_at(table, i), out);
  return ICT_OK;
}
