/* read_csv.c - our own CSV back into a table.
 *
 * In: a file that csv.c wrote. Out: the table; its rows in the order of the file.
 * Owns: nothing beyond the call.
 *
 * Strict, because a table is read to be computed with: a column in another place or a comma for a
 * decimal point must not become other figures. */
#include "publish/read_csv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/names.h"
#include "data/table.h"
#include "publish/cells.h"
#include "publish/row_fields.h"

#define FIX_HEADER \
  "read what `ictstat compute -f csv` wrote; a column may not be moved, added or left out"
/* Whole numbers above this are not kept exactly by a double, and no count comes near it. */
#define MOST_COUNT 9007199254740992.0

/* ---- the header ---------------------------------------------------------------------------- */

typedef struct layout {
  bool has_item;
  size_t first_axis, n_further; /* the further axes come after the four, and after the item */
  size_t after;                 /* column of composite_breakdown */
} layout;

static ict_status refuse_header(const ict_cells *cells, size_t at, const char *expected,
                                ict_err *err) {
  if (at < cells->n_columns) {
    ict_err_set(err, ICT_REFUSED, "column %zu of the header is '%s'", at + 1, cells->columns[at]);
  } else {
    ict_err_set(err, ICT_REFUSED, "the header ends after column %zu", cells->n_columns);
  }
  ict_cells_at(cells, ICT_CELLS_HEADER, at, err);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, FIX_HEADER);
  return ICT_REFUSED;
}

static bool is_column(const ict_cells *cells, size_t at, const char *name) {
  return at < cells->n_columns && strcmp(cells->columns[at], name) == 0;
}

static ict_status match(const ict_cells *cells, size_t *at, const char *name, ict_err *err) {
  if (!is_column(cells, *at, name)) return refuse_header(cells, *at, name, err);
  ++*at;
  return ICT_OK;
}

/* Between the four axes and composite_breakdown stand the item and the axes of the request; a name
 * of ours there is a column out of place. */
static ict_status match_further(const ict_cells *cells, size_t *at, ict_err *err) {
  const char *next = ict_fields_after[0].name;
  size_t first = *at;
  for (; !is_column(cells, *at, next); ++*at) {
    if (*at >= cells->n_columns || ict_field_find(cells->columns[*at])) {
      return refuse_header(cells, *at, next, err);
    }
    for (size_t i = 0; i < *at; i++) {
      if (!is_column(cells, i, cells->columns[*at])) continue;
      return refuse_header(cells, *at, first == *at ? next : "a name that is not there yet", err);
    }
  }
  return ICT_OK;
}

static ict_status match_header(const ict_cells *cells, const ict_table *table, layout *l,
                               ict_err *err) {
  size_t at = 0;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < ict_fields_n_before && st == ICT_OK; i++) {
    st = match(cells, &at, ict_fields_before[i].name, err);
  }
  l->first_axis = at;
  for (size_t i = 0; i < ICT_FIXED_AXES && st == ICT_OK; i++) {
    st = match(cells, &at, ict_table_axis_name(table, i), err);
  }
  if (st != ICT_OK) return st;
  l->has_item = is_column(cells, at, ICT_ITEM_COLUMN);
  at += l->has_item;
  size_t further = at;
  st = match_further(cells, &at, err);
  l->n_further = at - further;
  l->after = at;
  for (size_t i = 0; i < ict_fields_n_after && st == ICT_OK; i++) {
    st = match(cells, &at, ict_fields_after[i].name, err);
  }
  if (st == ICT_OK && at < cells->n_columns) {
    st = refuse_header(cells, at, "no column after 'source'", err);
  }
  return st;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* As a number: NaN where the cell is empty and may be. False where it is no such number. */
static bool parse(const ict_field *column, const char *cell, double *out) {
  if (!cell[0]) {
    *out = NAN;
    return column->kind == ICT_FIELD_NUMBER;
  }
  if (!ict_number_parse(ict_slice_of(cell), '.', out)) return false;
  if (column->kind == ICT_FIELD_NUMBER) return true;
  return *out == floor(*out) && fabs(*out) <= (column->kind == ICT_FIELD_COUNT ? MOST_COUNT : 99) &&
         (column->kind == ICT_FIELD_WHOLE || *out >= 0);
}

static ict_status take_cell(const ict_cells *cells, size_t row, size_t at, const ict_field *column,
                            ict_table_row *out, ict_err *err) {
  static const char *const EXPECTED[] = {[ICT_FIELD_KEY] = "a code",
                                         [ICT_FIELD_NUMBER] = "a number like 53.9, or nothing",
                                         [ICT_FIELD_COUNT] = "a whole number from 0 up",
                                         [ICT_FIELD_WHOLE] = "a whole number, a power of ten"};
  const char *cell = cells->rows[row][at];
  void *member = (char *)out + column->offset;
  if (ict_field_is_text(column)) {
    *(const char **)member = cell;
    if (cell[0] || column->kind == ICT_FIELD_TEXT) return ICT_OK;
    return ict_cells_refuse(cells, row, at, EXPECTED[column->kind],
                            "write the code; '_T' stands for a total", err);
  }
  double value;
  if (!parse(column, cell, &value)) {
    return ict_cells_refuse(cells, row, at, EXPECTED[column->kind],
                            strchr(cell, ',')
                                ? "write a point for the decimal mark, and no marks between "
                                  "thousands"
                                : "write the table again with `ictstat compute -f csv`",
                            err);
  }
  if (column->kind == ICT_FIELD_COUNT) {
    *(uint64_t *)member = (uint64_t)value;
  } else if (column->kind == ICT_FIELD_WHOLE) {
    *(int *)member = (int)value;
  } else {
    *(double *)member = value;
  }
  return ICT_OK;
}

static ict_status take_axes(const ict_cells *cells, const layout *l, size_t row, const char **axes,
                            ict_err *err) {
  for (size_t i = 0; i < ICT_FIXED_AXES + l->n_further; i++) {
    size_t at = l->first_axis + i + (i >= ICT_FIXED_AXES && l->has_item);
    axes[i] = cells->rows[row][at];
    if (axes[i][0]) continue;
    return ict_cells_refuse(cells, row, at, "a code", "write the code; '_T' stands for a total",
                            err);
  }
  return ICT_OK;
}

static const char *item_of(const ict_cells *cells, const layout *l, size_t row) {
  size_t at = l->has_item ? l->first_axis + ICT_FIXED_AXES : l->after;
  return ict_table_item_id(cells->rows[row][at]);
}

/* Two rows of one key, told with both their lines. */
static ict_status check_key(const ict_cells *cells, size_t row, const ict_table_row *r,
                            size_t n_axes, ict_names *keys, ict_str *text, ict_err *err) {
  ict_str_clear(text);
  ict_str_addf(text, "%s\n%s\n%s\n%s", r->indicator, r->item, r->ref_area, r->time_period);
  for (size_t i = 0; i < n_axes; i++) ict_str_addf(text, "\n%s", r->axes[i]);
  long at = text->failed ? -1 : ict_names_add(keys, text->text, NULL);
  if (at < 0) return ict_err_memory(err);
  if ((size_t)at == row) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "the same indicator, item, area, period and breakdown as line %llu",
              (unsigned long long)cells->lines[at]);
  ict_cells_at(cells, row, 0, err);
  ict_err_expected(err, "one row for each key");
  ict_err_fix(err, "leave one of the two rows out");
  return ICT_REFUSED;
}

static ict_status take_row(const ict_cells *cells, const layout *l, size_t row, const char **axes,
                           ict_table_row *r, ict_err *err) {
  ict_status st = ICT_OK;
  *r = (ict_table_row){.axes = axes};
  for (size_t i = 0; i < ict_fields_n_before && st == ICT_OK; i++) {
    st = take_cell(cells, row, i, &ict_fields_before[i], r, err);
  }
  if (st == ICT_OK) st = take_axes(cells, l, row, axes, err);
  for (size_t i = 0; i < ict_fields_n_after && st == ICT_OK; i++) {
    st = take_cell(cells, row, l->after + i, &ict_fields_after[i], r, err);
  }
  r->item = item_of(cells, l, row);
  return st;
}

static ict_status take_rows(const ict_cells *cells, const layout *l, bool twice, ict_table *table,
                            ict_err *err) {
  size_t n_axes = ICT_FIXED_AXES + l->n_further;
  ict_status st = ICT_OK;
  ict_names keys;
  ict_str text;
  ict_names_init(&keys, cells->arena);
  ict_str_init(&text);
  const char **axes = ict_alloc(n_axes, sizeof *axes);
  if (!axes) st = ict_err_memory(err);
  for (size_t i = 0; i < cells->n_rows && st == ICT_OK; i++) {
    ict_table_row r;
    ICT_TRY(done, st, take_row(cells, l, i, axes, &r, err));
    if (!twice) ICT_TRY(done, st, check_key(cells, i, &r, n_axes, &keys, &text, err));
    st = ict_table_add(table, &r, err);
  }
done:
  ict_free(axes);
  ict_str_done(&text);
  ict_names_done(&keys);
  return st;
}

/* lines NULL: a key may not come twice. */
static ict_status read_table(const char *path, ict_table **out, uint64_t **lines, ict_err *err) {
  ict_cells cells = {0};
  layout l = {0};
  ict_status st;
  *out = NULL;
  ict_table *table = ict_table_new();
  if (!table) return ict_err_memory(err);
  ICT_TRY(done, st, ict_cells_read(path, ',', false, &cells, err));
  ICT_TRY(done, st, match_header(&cells, table, &l, err));
  for (size_t i = l.after - l.n_further; i < l.after; i++) {
    ICT_TRY(done, st, ict_table_add_axis(table, cells.columns[i], NULL, NULL, err));
  }
  ICT_TRY(done, st, take_rows(&cells, &l, lines != NULL, table, err));
  if (lines) {
    *lines = cells.lines;
    cells.lines = NULL;
  }
  *out = table;
  table = NULL;
done:
  ict_table_free(table);
  ict_cells_done(&cells);
  return st;
}

ict_status ict_table_read_csv(const char *path, ict_table **out, ict_err *err) {
  return read_table(path, out, NULL, err);
}

ict_status ict_table_read_csv_lines(const char *path, ict_table **out, uint64_t **lines,
                                    ict_err *err) {
  *lines = NULL;
  return read_table(path, out, lines, err);
}
