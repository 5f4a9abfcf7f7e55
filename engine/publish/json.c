/* json.c - the table as JSON, streamed: one object, its rows one a line.
 *
 *     {"ictstat":"table/1","axes":[...],"indicators":{"id":"title"},"areas":{"BRA":"Brazil"},
 *      "method":{...},"rows":[
 *     {...},
 *     {...}
 *     ]}
 *
 * A row has the columns of the CSV under the same names, and its item. No number is null. */
#include <string.h>

#include "data/table.h"
#include "publish/blocks.h"
#include "publish/field.h"
#include "publish/format.h"
#include "publish/row_fields.h"

static void text_field(ict_out *out, const char *name, const char *text) {
  ict_out_text(out, ",");
  ict_json_text(out, name);
  ict_out_text(out, ":");
  ict_json_text(out, text);
}

static void number_field(ict_out *out, const char *name, double value) {
  ict_out_text(out, ",");
  ict_json_text(out, name);
  ict_out_text(out, ":");
  ict_json_number(out, value);
}

static void write_fields(const ict_field *fields, size_t n, const ict_table_row *row,
                         ict_out *out) {
  for (size_t i = 0; i < n; i++) {
    if (ict_field_is_text(&fields[i]))
      text_field(out, fields[i].name, ict_field_text(&fields[i], row));
    else
      number_field(out, fields[i].name, ict_field_number(&fields[i], row));
  }
}

static void write_row(const ict_table *table, const ict_table_row *row, ict_out *out) {
  ict_out_text(out, "{\"indicator\":"); /* the first of the columns, and then its item */
  ict_json_text(out, row->indicator);
  text_field(out, "item", row->item);
  write_fields(ict_fields_before + 1, ict_fields_n_before - 1, row, out);
  for (size_t a = 0; a < ict_table_axes(table); a++)
    text_field(out, ict_table_axis_name(table, a), row->axes[a]);
  write_fields(ict_fields_after, ict_fields_n_after, row, out);
  ict_out_text(out, "}");
}

static void write_axes(const ict_table *table, ict_out *out) {
  ict_out_text(out, "\"axes\":[");
  for (size_t a = 0; a < ict_table_axes(table); a++) {
    if (a > 0) ict_out_text(out, ",");
    ict_json_text(out, ict_table_axis_name(table, a));
  }
  ict_out_text(out, "]");
}

/* Rows are sorted, so each indicator is one run of them. */
static void write_indicators(const ict_table *table, ict_out *out) {
  const char *last = NULL;
  ict_out_text(out, "\"indicators\":{");
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    const char *id = ict_table_row_at(table, i)->indicator;
    if (last && strcmp(last, id) == 0) continue;
    if (last) ict_out_text(out, ",");
    ict_json_text(out, id);
    ict_out_text(out, ":");
    ict_json_text(out, ict_table_indicator_title(table, id));
    last = id;
  }
  ict_out_text(out, "}");
}

/* Absent where no area has a name. */
static void write_areas(const ict_table *table, ict_out *out) {
  if (ict_table_areas(table) == 0) return;
  ict_out_text(out, "\"areas\":{");
  for (size_t i = 0; i < ict_table_areas(table); i++) {
    const char *area = ict_table_area_at(table, i);
    if (i > 0) ict_out_text(out, ",");
    ict_json_text(out, area);
    ict_out_text(out, ":");
    ict_json_text(out, ict_table_area_label(table, area));
  }
  ict_out_text(out, "},");
}

/* Absent where nobody said: a table that was read. */
static void write_method(const ict_table *table, ict_out *out) {
  const ict_method *m = ict_table_method(table);
  if (!m->ci[0]) return;
  ict_out_text(out, "\"method\":{\"ci\":");
  ict_json_text(out, m->ci);
  text_field(out, "ci_others", m->ci_others);
  number_field(out, "level", m->level);
  text_field(out, "df", m->df);
  text_field(out, "deff", m->deff);
  text_field(out, "variance", m->variance);
  ict_out_text(out, "},");
}

static void write_rows(void *ctx, size_t from, size_t to, int thread, ict_out *out) {
  const ict_table *table = *(const ict_table **)ctx;
  (void)thread;
  for (size_t i = from; i < to; i++) {
    ict_out_text(out, i > 0 ? ",\n" : "\n");
    write_row(table, ict_table_row_at(table, i), out);
  }
}

ict_status ict_write_json(const ict_table *table, int threads, ict_out *out, ict_err *err) {
  ict_out_text(out, "{\"ictstat\":\"table/1\",");
  write_axes(table, out);
  ict_out_text(out, ",");
  write_indicators(table, out);
  ict_out_text(out, ",");
  write_areas(table, out);
  write_method(table, out);
  ict_out_text(out, "\"rows\":[");
  ict_status st = ict_write_blocks(ict_table_rows(table), threads, write_rows, &table, out, err);
  ict_out_text(out, "\n]}\n");
  return st;
}
