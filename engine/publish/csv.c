/* csv.c - the table as CSV: the header of the design, every column, full precision.
 *
 * The key first, then the numbers, then what is said about them. Axes that the request added
 * stand behind the four that every table has. */
#include <string.h>

#include "data/table.h"
#include "publish/field.h"
#include "publish/format.h"
#include "publish/row_fields.h"

/* Items without an SDMX code of their own all have composite_breakdown _T; only then does
 * the key need a column for them. */
static bool needs_item(const ict_table *table) {
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    const ict_table_row *row = ict_table_row_at(table, i);
    if (row->item[0] && strcmp(row->composite_breakdown, ICT_TOTAL) == 0) return true;
  }
  return false;
}

static void comma_text(ict_out *out, const char *text) {
  ict_out_text(out, ",");
  ict_csv_text(out, text);
}

static void write_header(const ict_table *table, bool item, ict_out *out) {
  for (size_t i = 0; i < ict_fields_n_before; i++) {
    ict_out_printf(out, "%s%s", i > 0 ? "," : "", ict_fields_before[i].name);
  }
  for (size_t a = 0; a <= ict_table_axes(table); a++) {
    if (a == ICT_FIXED_AXES && item) ict_out_text(out, "," ICT_ITEM_COLUMN);
    if (a < ict_table_axes(table)) comma_text(out, ict_table_axis_name(table, a));
  }
  for (size_t i = 0; i < ict_fields_n_after; i++) {
    ict_out_printf(out, ",%s", ict_fields_after[i].name);
  }
  ict_out_text(out, "\n");
}

static void write_column(const ict_field *column, const ict_table_row *row, ict_out *out) {
  if (column->kind == ICT_FIELD_KEY || column->kind == ICT_FIELD_TEXT) {
    ict_csv_text(out, ict_field_text(column, row));
  } else {
    ict_csv_number(out, ict_field_number(column, row));
  }
}

static void write_row(const ict_table *table, const ict_table_row *row, bool item, ict_out *out) {
  for (size_t i = 0; i < ict_fields_n_before; i++) {
    if (i > 0) ict_out_text(out, ",");
    write_column(&ict_fields_before[i], row, out);
  }
  for (size_t a = 0; a <= ict_table_axes(table); a++) {
    if (a == ICT_FIXED_AXES && item) comma_text(out, row->item[0] ? row->item : ICT_TOTAL);
    if (a < ict_table_axes(table)) comma_text(out, row->axes[a]);
  }
  for (size_t i = 0; i < ict_fields_n_after; i++) {
    ict_out_text(out, ",");
    write_column(&ict_fields_after[i], row, out);
  }
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
