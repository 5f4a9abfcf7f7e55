/* records.c - named fields, a record a line.
 *
 * In: fields. Out: CSV or JSON. Owns: nothing. */
#include "publish/records.h"

#include <string.h>

#include "base/text.h"
#include "publish/field.h"

void ict_records_begin(ict_records *r, const ict_record_field *fields, size_t n) {
  for (size_t k = 0; k < n && !r->json; k++) {
    ict_csv_text(r->out, fields[k].name);
    ict_out_text(r->out, k + 1 < n ? "," : "\n");
  }
}

static void add_csv(ict_records *r, const ict_record_field *f) {
  if (f->text)
    ict_csv_text(r->out, f->text);
  else
    ict_csv_number(r->out, f->number);
}

static void add_json(ict_records *r, const ict_record_field *f) {
  ict_json_text(r->out, f->name);
  ict_out_text(r->out, ":");
  if (f->text)
    ict_json_text(r->out, f->text);
  else
    ict_json_number(r->out, f->number);
}

void ict_records_add(ict_records *r, const ict_record_field *fields, size_t n) {
  if (r->json) ict_out_text(r->out, r->n ? ",\n{" : "{");
  for (size_t k = 0; k < n; k++) {
    if (k) ict_out_text(r->out, ",");
    r->json ? add_json(r, &fields[k]) : add_csv(r, &fields[k]);
  }
  ict_out_text(r->out, r->json ? "}" : "\n");
  r->n++;
}

ict_status ict_form_find(const char *format, const char *path, size_t n, const char *whose,
                         ict_form *out, ict_err *err) {
  static const char *const NAMES[] = {"table", "csv", "json", "svg"};
  static const char *const ENDINGS[] = {".txt", ".csv", ".json", ".svg"};
  *out = ICT_FORM_TEXT;
  for (size_t i = 0; i < n; i++)
    if (format ? strcmp(format, NAMES[i]) == 0 : ict_text_ends(path, ENDINGS[i])) {
      *out = (ict_form)i;
      return ICT_OK;
    }
  if (!format) return ICT_OK;
  ict_str list;
  ict_str_init(&list);
  for (size_t i = 0; i < n; i++)
    ict_str_addf(&list, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", NAMES[i]);
  ict_err_set(err, ICT_USAGE, "%s no format '%s'", whose, format);
  ict_err_expected(err, "%s", list.text);
  ict_err_fix(err, "write --format csv");
  ict_str_done(&list);
  return ICT_USAGE;
}
