/* validate_write.c - a validation as bytes: for people by rule, as CSV and JSON a finding a line.
 *
 * In: a validation. Out: a file that appears whole or not at all. Owns: nothing. */
#include <string.h>

#include "base/stream.h"
#include "base/text.h"
#include "publish/field.h"
#include "publish/records.h"
#include "publish/text_lines.h"
#include "run/validate.h"

static const char *const SEVERITIES[] = {
    [ICT_NOTE] = "note", [ICT_WARNING] = "warning", [ICT_ERROR] = "error"};

/* ---- keys --------------------------------------------------------------------------------------
 */

/* "sex F, age Y15T24": the axes that are not totals. */
static void breakdown(const ict_judge_set *set, const ict_judge_row *row, ict_str *s) {
  ict_str_clear(s);
  for (size_t a = 0; a < set->axes.n; a++)
    if (strcmp(row->axes[a], ICT_TOTAL) != 0)
      ict_str_addf(s, "%s%s %s", s->len ? ", " : "", set->axes.items[a].text, row->axes[a]);
}

/* "17.6.1/256k_to_2M BRA 2016 sex F", safe on a terminal. */
static void write_key(const ict_judge_set *set, const ict_judge_row *row, ict_out *out,
                      ict_str *s) {
  ict_str key;
  ict_str_init(&key);
  breakdown(set, row, s);
  ict_str_addf(&key, "%s%s%s %s %s%s%s", row->row->indicator, row->item_id[0] ? "/" : "",
               row->item_id, row->row->ref_area, row->row->time_period, s->len ? " " : "", s->text);
  ict_str_clear(s);
  ict_str_add_safe(s, key.text);
  ict_out_text(out, s->text);
  s->failed = s->failed || key.failed;
  ict_str_done(&key);
}

/* Places of a note that people are shown. */
#define MOST_NOTES 10

/* ---- for people --------------------------------------------------------------------------------
 */

static void paragraph(ict_out *out, const char *label, const char *text) {
  ict_out_text(out, label);
  ict_text_wrap(out, text, strlen(label), strlen(label), ICT_PAGE_WIDTH);
  ict_out_text(out, "\n");
}

static size_t count_of(const ict_validation *v, const ict_rule *rule) {
  size_t n = 0;
  for (size_t i = 0; i < v->remarks.n; i++) n += v->remarks.list[i].rule == rule;
  return n;
}

static void write_rule(const ict_validation *v, const ict_rule *rule, ict_out *out, ict_str *s) {
  size_t n = count_of(v, rule), shown = 0;
  if (n == 0) return;
  ict_out_printf(out, "%s %s: %zu\n", SEVERITIES[rule->severity], rule->id, n);
  paragraph(out, "  rule: ", rule->about);
  paragraph(out, "  fix: ", rule->fix);
  for (size_t i = 0; i < v->remarks.n; i++) {
    const ict_remark *one = &v->remarks.list[i];
    if (one->rule != rule) continue;
    if (rule->severity == ICT_NOTE && shown++ == MOST_NOTES) break;
    ict_out_printf(out, "  %s:%llu: ", one->row->file, (unsigned long long)one->row->line);
    write_key(&v->set, one->row, out, s);
    ict_out_printf(out, ": %s\n      expected: %s\n", one->what, one->expected);
  }
  if (shown > MOST_NOTES)
    ict_out_printf(out, "  and %zu more; csv and json have all\n", n - MOST_NOTES);
  ict_out_text(out, "\n");
}

static void write_count(ict_out *out, size_t n, const char *word, const char *before) {
  ict_out_printf(out, "%s%zu %s%s", before, n, word, n == 1 ? "" : "s");
}

static void write_text(const ict_validation *v, ict_out *out, ict_str *s) {
  for (int severity = ICT_ERROR; severity >= ICT_NOTE; severity--)
    for (size_t i = 0; i < v->rules->n; i++)
      if ((int)v->rules->rules[i].severity == severity) write_rule(v, &v->rules->rules[i], out, s);
  const size_t *count = v->remarks.count;
  write_count(out, v->n_judged, "row", "");
  write_count(out, v->n_tables, "table", " of ");
  write_count(out, v->rules->n, "rule", ", ");
  ict_out_printf(out, " (%s): ", v->rules->id);
  if (v->remarks.n == 0) {
    ict_out_text(out, "nothing found\n");
    return;
  }
  write_count(out, count[ICT_ERROR], "error", "");
  write_count(out, count[ICT_WARNING], "warning", ", ");
  write_count(out, count[ICT_NOTE], "note", ", ");
  ict_out_text(out, "\n");
}

/* ---- for programs ------------------------------------------------------------------------------
 */

/* remark NULL: the names of the fields alone. */
static void record(ict_records *records, const ict_judge_set *set, const ict_remark *remark,
                   ict_str *s) {
  static const ict_table_row NO_ROW = {0};
  static const ict_judge_row NOWHERE = {.row = &NO_ROW};
  static const ict_rule NONE = {0};
  const ict_rule *rule = remark ? remark->rule : &NONE;
  const ict_judge_row *row = remark ? remark->row : &NOWHERE;
  if (remark) breakdown(set, row, s);
  const ict_record_field fields[] = {{"rule", rule->id, 0},
                                     {"severity", SEVERITIES[rule->severity], 0},
                                     {"file", row->file, 0},
                                     {"line", NULL, (double)row->line},
                                     {"indicator", row->row->indicator, 0},
                                     {"item", row->item_id, 0},
                                     {"ref_area", row->row->ref_area, 0},
                                     {"time_period", row->row->time_period, 0},
                                     {"breakdown", s->text, 0},
                                     {"found", remark ? remark->what : "", 0},
                                     {"expected", remark ? remark->expected : "", 0},
                                     {"fix", rule->fix, 0}};
  const size_t n = sizeof fields / sizeof *fields;
  if (remark)
    ict_records_add(records, fields, n);
  else
    ict_records_begin(records, fields, n);
}

static void write_records(const ict_validation *v, bool json, ict_out *out, ict_str *s) {
  const size_t *count = v->remarks.count;
  ict_records records = {out, json, 0};
  if (json) {
    ict_out_text(out, "{\"ictstat\":\"validation/1\",\"rules\":");
    ict_json_text(out, v->rules->id);
    ict_out_printf(out,
                   ",\"tables\":%zu,\"rows\":%zu,\"errors\":%zu,\"warnings\":%zu,\"notes\":%zu",
                   v->n_tables, v->n_judged, count[ICT_ERROR], count[ICT_WARNING], count[ICT_NOTE]);
    ict_out_text(out, v->remarks.n ? ",\"findings\":[\n" : ",\"findings\":[");
  }
  record(&records, &v->set, NULL, s);
  for (size_t i = 0; i < v->remarks.n; i++) record(&records, &v->set, &v->remarks.list[i], s);
  if (json) ict_out_text(out, v->remarks.n ? "\n]}\n" : "]}\n");
}

ict_status ict_validation_write(const ict_validation *v, const char *format, const char *path,
                                ict_err *err) {
  ict_form form;
  ict_out *out = NULL;
  ict_status st;
  ict_str s;
  ict_str_init(&s);
  ICT_TRY(done, st, ict_form_find(format, path, 3, "a validation has", &form, err));
  ICT_TRY(done, st, ict_out_open(path, &out, err));
  if (form == ICT_FORM_TEXT)
    write_text(v, out, &s);
  else
    write_records(v, form == ICT_FORM_JSON, out, &s);
  if (s.failed) {
    st = ict_err_memory(err);
    goto done;
  }
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_out_discard(out);
  ict_str_done(&s);
  return st;
}

/* ---- the rules themselves ----------------------------------------------------------------------
 */

static void rule_text(const ict_rule *rule, ict_out *out) {
  ict_out_printf(out, "\n%s (%s, %s)\n", rule->id, SEVERITIES[rule->severity], rule->kind_name);
  paragraph(out, "  ", rule->about);
  paragraph(out, "  fix: ", rule->fix);
  if (rule->tolerance.text) paragraph(out, "  tolerance: ", rule->tolerance.text);
  paragraph(out, "  source: ", rule->source);
}

/* rule NULL: the names of the fields alone. */
static void rule_record(ict_records *records, const ict_rule *one) {
  static const ict_rule NONE = {0};
  const ict_rule *rule = one ? one : &NONE;
  const ict_record_field fields[] = {
      {"rule", rule->id, 0},
      {"severity", SEVERITIES[rule->severity], 0},
      {"kind", rule->kind_name, 0},
      {"about", rule->about, 0},
      {"fix", rule->fix, 0},
      {"tolerance", rule->tolerance.text ? rule->tolerance.text : "", 0},
      {"source", rule->source, 0}};
  const size_t n = sizeof fields / sizeof *fields;
  if (one)
    ict_records_add(records, fields, n);
  else
    ict_records_begin(records, fields, n);
}

static void write_rules(const ict_rules *rules, ict_form form, ict_out *out) {
  ict_records records = {out, form == ICT_FORM_JSON, 0};
  if (form == ICT_FORM_TEXT) ict_out_printf(out, "%s: %s\n", rules->id, rules->title);
  if (form == ICT_FORM_JSON) ict_out_text(out, "{\"ictstat\":\"rules/1\",\"rules\":[\n");
  if (form == ICT_FORM_CSV) rule_record(&records, NULL);
  for (size_t i = 0; i < rules->n; i++) {
    if (form == ICT_FORM_TEXT)
      rule_text(&rules->rules[i], out);
    else
      rule_record(&records, &rules->rules[i]);
  }
  if (form == ICT_FORM_JSON) ict_out_text(out, "\n]}\n");
  if (form != ICT_FORM_TEXT) return;
  ict_out_text(out, "\nkinds of rules\n");
  for (size_t i = 0; i < ict_rule_kinds(); i++)
    ict_out_printf(out, "  %-12s %s\n", ict_rule_kind_name(i), ict_rule_kind_about(i));
}

ict_status ict_rules_write(const ict_catalog *catalog, const char *path_of_rules,
                           const char *format, const char *path, ict_findings *findings,
                           ict_err *err) {
  ict_form form;
  ict_out *out;
  ict_rules *rules = NULL;
  ict_status st = ict_form_find(format, path, 3, "a list of rules has", &form, err);
  if (st == ICT_OK) st = ict_rules_load(path_of_rules, catalog, &rules, findings, err);
  if (st == ICT_OK) st = ict_out_open(path, &out, err);
  if (st == ICT_OK) {
    write_rules(rules, form, out);
    st = ict_out_commit(out, err);
  }
  ict_rules_free(rules);
  return st;
}
