/* csv.c - the table as CSV: the header of the design, every column, full precision.
 *
 * The key first, then the numbers, then what is said about them. Axes that the request added
 * stand behind the four that every table has. */
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "publish/blocks.h"
#include "publish/field.h"
#include "publish/format.h"
#include "publish/row_fields.h"

/* Items without an SDMX code of their own all have composite_breakdown _T; only then does
 * the key need a column for them. */
static bool needs_item(const ict_table *table) {
  if (!ict_table_has_items(table)) return false;
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

/* ---- lines --------------------------------------------------------------------------------- */

/* A text as it stands in a line, with its comma. Rows repeat their texts, which are the table's, so
 * that the address is the text: each is looked through for what needs quotes once, and then copied
 * as the whole word it is here. */
enum { WORD = 54, WORDS = 256, LINE = 4096 };
typedef struct word {
  const char *text; /* NULL: nothing there */
  uint8_t len;
  char bytes[WORD];
} word;

/* One thread's. */
typedef struct liner {
  word words[WORDS];
  char line[LINE];
  size_t len;
} liner;

typedef struct writing {
  const ict_table *table;
  bool item;
  liner *liners;
} writing;

static void flush(liner *l, ict_out *out) {
  ict_out_write(out, l->line, l->len);
  l->len = 0;
}

/* The longest word or number, and what is copied too much with it. */
static void make_room(liner *l, ict_out *out) {
  if (l->len + WORD + ICT_NUMBER_TEXT > LINE) flush(l, out);
}

static bool is_word(const char *text, size_t *len) {
  *len = strnlen(text, WORD);
  return *len < WORD && !memchr(text, ',', *len) && !memchr(text, '"', *len) &&
         !memchr(text, '\r', *len) && !memchr(text, '\n', *len);
}

/* text, then a comma. */
static void add_text(liner *l, const char *text, ict_out *out) {
  word *w = &l->words[((uintptr_t)text >> 2 ^ (uintptr_t)text >> 10) % WORDS];
  make_room(l, out);
  if (w->text != text) {
    size_t len;
    if (!is_word(text, &len)) { /* long, or in quotes */
      flush(l, out);
      ict_csv_text(out, text);
      l->line[l->len++] = ',';
      return;
    }
    w->text = text;
    w->len = (uint8_t)(len + 1);
    memcpy(w->bytes, text, len);
    w->bytes[len] = ',';
  }
  memcpy(l->line + l->len, w->bytes, WORD);
  l->len += w->len;
}

static void add_number(liner *l, double value, ict_out *out) {
  make_room(l, out);
  l->len += ict_csv_number_text(value, l->line + l->len);
  l->line[l->len++] = ',';
}

static void add_column(liner *l, const ict_field *column, const ict_table_row *row, ict_out *out) {
  if (ict_field_is_text(column))
    add_text(l, ict_field_text(column, row), out);
  else
    add_number(l, ict_field_number(column, row), out);
}

static void add_row(liner *l, const writing *w, const ict_table_row *row, ict_out *out) {
  size_t n_axes = ict_table_axes(w->table);
  for (size_t i = 0; i < ict_fields_n_before; i++) add_column(l, &ict_fields_before[i], row, out);
  for (size_t a = 0; a <= n_axes; a++) {
    if (a == ICT_FIXED_AXES && w->item) add_text(l, row->item[0] ? row->item : ICT_TOTAL, out);
    if (a < n_axes) add_text(l, row->axes[a], out);
  }
  for (size_t i = 0; i < ict_fields_n_after; i++) add_column(l, &ict_fields_after[i], row, out);
  l->line[l->len - 1] = '\n'; /* the last comma: a field is never flushed with its own */
}

static void write_rows(void *ctx, size_t from, size_t to, int thread, ict_out *out) {
  const writing *w = ctx;
  liner *l = &w->liners[thread];
  for (size_t i = from; i < to; i++) add_row(l, w, ict_table_row_at(w->table, i), out);
  flush(l, out);
}

ict_status ict_write_csv(const ict_table *table, int threads, ict_out *out, ict_err *err) {
  size_t n = ict_table_rows(table);
  writing w = {table, needs_item(table), NULL};
  w.liners = ict_alloc((size_t)ict_block_threads(n, threads), sizeof *w.liners);
  if (!w.liners) return ict_err_memory(err);
  write_header(table, w.item, out);
  ict_status st = ict_write_blocks(n, threads, write_rows, &w, out, err);
  ict_free(w.liners);
  return st;
}
