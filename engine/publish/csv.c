/* csv.c - the table as CSV: the header of the design, every column, full precision.
 *
 * The key first, then the numbers, then what is said about them. Axes that the request added
 * stand behind the four that every table has. */
#include <string.h>

#include "data/table.h"
#include "publish/field.h"
#include "publish/format.h"

/* Items without an SDMX code of their own all have composite_breakdown _T; only then does
 * the key need a column for them. */
static bool needs_item(const ict_table *table) {
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    const ict_table_row *row = ict_table_row_at(table, i);
    if (row->item[0] && strcmp(row->composite_breakdown, ICT_TOTAL) == 0) return true;
  }
  return false;
}

#define N_FIXED_AXES 4

static void comma_text(ict_out *out, const char *text) {
  ict_out_text(out, ",");
  ict_csv_text(out, text);
}

static void comma_number(ict_out *out, double value) {
  ict_out_text(out, ",");
  ict_csv_number(out, value);
}

static void write_header(const ict_table *table, bool item, ict_out *out) {
  ict_out_text(out, "indicator,series,ref_area,time_period");
  for (size_t a = 0; a <= ict_table_axes(table); a++) {
    if (a == N_FIXED_AXES && item) ict_out_text(out, ",item");
    if (a < ict_table_axes(table)) comma_text(out, ict_table_axis_name(table, a));
  }
  ict_out_text(out,
               ",composite_breakdown,estimate,unit_measure,unit_mult,se,cv,ci_low,ci_high,deff,df,"
               "n_unweighted,n_psu,n_strata,pop_weighted,obs_status,conf_status,nature,flags,"
               "source\n");
}

static void write_row(const ict_table *table, const ict_table_row *row, bool item, ict_out *out) {
  ict_csv_text(out, row->indicator);
  comma_text(out, row->series);
  comma_text(out, row->ref_area);
  comma_text(out, row->time_period);
  for (size_t a = 0; a <= ict_table_axes(table); a++) {
    if (a == N_FIXED_AXES && item) comma_text(out, row->item[0] ? row->item : ICT_TOTAL);
    if (a < ict_table_axes(table)) comma_text(out, row->axes[a]);
  }
  comma_text(out, row->composite_breakdown);
  comma_number(out, row->estimate);
  comma_text(out, row->unit_measure);
  comma_number(out, row->unit_mult);
  comma_number(out, row->se);
  comma_number(out, row->cv);
  comma_number(out, row->ci_low);
  comma_number(out, row->ci_high);
  comma_number(out, row->deff);
  comma_number(out, row->df);
  comma_number(out, (double)row->n_unweighted);
  comma_number(out, (double)row->n_psu);
  comma_number(out, (double)row->n_strata);
  comma_number(out, row->pop_weighted);
  comma_text(out, row->obs_status);
  comma_text(out, row->conf_status);
  comma_text(out, row->nature);
  comma_text(out, row->flags);
  comma_text(out, row->source);
  ict_out_text(out, "\n");
}

ict_status ict_write_csv(const ict_table *table, ict_out *out, ict_err *err) {
  (void)err;
  bool item = needs_item(table);
  write_header(table, item, out);
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    write_row(table, ict_table_row_at(table, i), item, out);
  }
  return ICT_OK;
}
