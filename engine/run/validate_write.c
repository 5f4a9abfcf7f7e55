/* validate_write.c - a validation as bytes: for people by rule, as CSV and JSON a finding a line.
 *
 * In: a validation. Out: a file that appears whole or not at all. Owns: nothing. */
#include <string.h>

#include "base/stream.h"
#include "base/text.h"
#include "publish/field.h"
#include "publish/text_lines.h"
#include "run/validate.h"

static const char *const SEVERITIES[] = {
    [ICT_NOTE] = "note", [ICT_WARNING] = "warning", [ICT_ERROR] = "error"};

typedef enum form { FORM_TEXT, FORM_CSV, FORM_JSON } form;

static ict_status find_form(const char *format, const char *path, form *out, ict_err *err) {
  static const char *const NAMES[] = {"table", "csv", "json"};
  static const char *const ENDINGS[] = {".txt", ".csv", ".json"};
  *out = FORM_TEXT;
  for (int i = FORM_TEXT; i <= FORM_JSON; i++)
    if (format ? strcmp(format, NAMES[i]) == 0 : ict_text_ends(path, ENDINGS[i])) {
      *out = (form)i;
      return ICT_OK;
    }
  if (!format) return ICT_OK;
  ict_err_set(err, ICT_USAGE, "no format '%s' here", format);
  ict_err_expected(err, "table, csv or json");
  ict_err_fix(err, "write --format csv");
  return ICT_USAGE;
}

/* ---- keys --------------------------------------------------------------------------------------
 */

/* "sex F, age Y15T24": the axes that are not totals. */
static void breakdown(const ict_judge_set *set, const ict_judge_row *row, ict_str *s) {
  ict_str_clear(s);
  for (size_t a = 0; a < set->axes.n; a++)
    if (strcmp(row->axes[a], "_T") != 0)
      ict_str_addf(s, "%s%s %s", s->len ? ", " : "", set->axes.items[a].text, row->axes[a]);
}

static void clean_text(ict_out *out, const char *text) {
  while (*text) {
    const char *from = text;
    bool bad = ict_utf8_unsafe(ict_utf8_next(&text));
    ict_out_write(out, bad ? "?" : from, bad ? 1 : (size_t)(text - from));
  }
}

static void write_key(const ict_judge_set *set, const ict_judge_row *row, ict_out *out,
                      ict_str *s) {
  ict_str_clear(s);
  breakdown(set, row, s);
  clean_text(out, row->row->indicator);
  if (row->item_id[0]) {
    ict_out_text(out, "/");
    clean_text(out, row->item_id);
  }
  ict_out_text(out, " ");
  clean_text(out, row->row->ref_area);
  ict_out_text(out, " ");
  clean_text(out, row->row->time_period);
  if (s->len) ict_out_text(out, " ");
  clean_text(out, s->text);
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

static const char *const FIELDS[] = {"rule",      "severity", "file",     "line",
                                     "indicator", "item",     "ref_area", "time_period",
                                     "breakdown", "found",    "expected", "fix"};
#define N_FIELDS (sizeof FIELDS / sizeof *FIELDS)

static void fields_of(const ict_validation *v, const ict_remark *one, const char *line, ict_str *s,
                      const char *fields[N_FIELDS]) {
  breakdown(&v->set, one->row, s);
  const char *const all[] = {one->rule->id,
                             SEVERITIES[one->rule->severity],
                             one->row->file,
                             line,
                             one->row->row->indicator,
                             one->row->item_id,
                             one->row->row->ref_area,
                             one->row->row->time_period,
                             s->text ? s->text : "",
                             one->what,
                             one->expected,
                             one->rule->fix};
  memcpy(fields, all, sizeof all);
}

static void write_csv(const ict_validation *v, ict_out *out, ict_str *s) {
  for (size_t k = 0; k < N_FIELDS; k++) ict_out_printf(out, "%s%s", k ? "," : "", FIELDS[k]);
  ict_out_text(out, "\n");
  for (size_t i = 0; i < v->remarks.n; i++) {
    const char *fields[N_FIELDS];
    char line[ICT_NUMBER_TEXT];
    line[ict_number_text((double)v->remarks.list[i].row->line, line)] = '\0';
    fields_of(v, &v->remarks.list[i], line, s, fields);
    for (size_t k = 0; k < N_FIELDS; k++) {
      if (k) ict_out_text(out, ",");
      ict_csv_text(out, fields[k]);
    }
    ict_out_text(out, "\n");
  }
}

static void write_json(const ict_validation *v, ict_out *out, ict_str *s) {
  ict_out_text(out, "{\"ictstat\":\"validation/1\",\"rules\":");
  ict_json_text(out, v->rules->id);
  ict_out_printf(out, ",\"tables\":%zu,\"rows\":%zu,\"errors\":%zu,\"warnings\":%zu,\"notes\":%zu",
                 v->n_tables, v->n_judged, v->remarks.count[ICT_ERROR],
                 v->remarks.count[ICT_WARNING], v->remarks.count[ICT_NOTE]);
  ict_out_text(out, ",\"findings\":[");
  for (size_t i = 0; i < v->remarks.n; i++) {
    const char *fields[N_FIELDS];
    char line[ICT_NUMBER_TEXT];
    line[ict_number_text((double)v->remarks.list[i].row->line, line)] = '\0';
    fields_of(v, &v->remarks.list[i], line, s, fields);
    ict_out_text(out, i ? ",\n" : "\n");
    for (size_t k = 0; k < N_FIELDS; k++) {
      ict_out_printf(out, "%c\"%s\":", k ? ',' : '{', FIELDS[k]);
      if (strcmp(FIELDS[k], "line") == 0)
        ict_out_text(out, line);
      else
        ict_json_text(out, fields[k]);
    }
    ict_out_text(out, "}");
  }
  ict_out_text(out, v->remarks.n ? "\n]}\n" : "]}\n");
}

static ict_status commit(ict_out *out, ict_str *s, ict_err *err) {
  bool failed = s->failed;
  ict_str_done(s);
  if (!failed) return ict_out_commit(out, err);
  ict_out_discard(out);
  return ict_err_memory(err);
}

ict_status ict_validation_write(const ict_validation *v, const char *format, const char *path,
                                ict_err *err) {
  form which;
  ict_out *out;
  ict_str s;
  ict_status st = find_form(format, path, &which, err);
  if (st == ICT_OK) st = ict_out_open(path, &out, err);
  if (st != ICT_OK) return st;
  ict_str_init(&s);
  if (which == FORM_CSV)
    write_csv(v, out, &s);
  else if (which == FORM_JSON)
    write_json(v, out, &s);
  else
    write_text(v, out, &s);
  return commit(out, &s, err);
}

/* ---- the rules themselves ----------------------------------------------------------------------
 */

static const char *const RULE_FIELDS[] = {"rule", "severity",  "kind",  "about",
                                          "fix",  "tolerance", "source"};
#define N_RULE_FIELDS (sizeof RULE_FIELDS / sizeof *RULE_FIELDS)

static void rule_fields(const ict_rule *rule, const char *fields[N_RULE_FIELDS]) {
  const char *const all[] = {rule->id,        SEVERITIES[rule->severity],
                             rule->kind_name, rule->about,
                             rule->fix,       rule->tolerance.text ? rule->tolerance.text : "",
                             rule->source};
  memcpy(fields, all, sizeof all);
}

static void rule_text(const char *const fields[N_RULE_FIELDS], ict_out *out) {
  static const char *const LABELS[N_RULE_FIELDS] = {
      [3] = "  ", [4] = "  fix: ", [5] = "  tolerance: ", [6] = "  source: "};
  ict_out_printf(out, "\n%s (%s, %s)\n", fields[0], fields[1], fields[2]);
  for (size_t k = 3; k < N_RULE_FIELDS; k++)
    if (fields[k][0]) paragraph(out, LABELS[k], fields[k]);
}

static void rule_csv(const char *const fields[N_RULE_FIELDS], ict_out *out) {
  for (size_t k = 0; k < N_RULE_FIELDS; k++) {
    if (k) ict_out_text(out, ",");
    ict_csv_text(out, fields[k]);
  }
  ict_out_text(out, "\n");
}

static void rule_json(const char *const fields[N_RULE_FIELDS], ict_out *out) {
  for (size_t k = 0; k < N_RULE_FIELDS; k++) {
    ict_out_printf(out, "%c\"%s\":", k ? ',' : '{', RULE_FIELDS[k]);
    ict_json_text(out, fields[k]);
  }
  ict_out_text(out, "}");
}

static void write_rules(const ict_rules *rules, form which, ict_out *out) {
  if (which == FORM_TEXT) ict_out_printf(out, "%s: %s\n", rules->id, rules->title);
  if (which == FORM_CSV) rule_csv(RULE_FIELDS, out);
  if (which == FORM_JSON) ict_out_text(out, "{\"ictstat\":\"rules/1\",\"rules\":[\n");
  for (size_t i = 0; i < rules->n; i++) {
    const char *fields[N_RULE_FIELDS];
    rule_fields(&rules->rules[i], fields);
    if (which == FORM_TEXT) rule_text(fields, out);
    if (which == FORM_CSV) rule_csv(fields, out);
    if (which == FORM_JSON && i) ict_out_text(out, ",\n");
    if (which == FORM_JSON) rule_json(fields, out);
  }
  if (which == FORM_JSON) ict_out_text(out, "\n]}\n");
  if (which != FORM_TEXT) return;
  ict_out_text(out, "\nkinds of rules\n");
  for (size_t i = 0; i < ict_rule_kinds(); i++)
    ict_out_printf(out, "  %-12s %s\n", ict_rule_kind_name(i), ict_rule_kind_about(i));
}

ict_status ict_rules_write(const ict_catalog *catalog, const char *path_of_rules,
                           const char *format, const char *path, ict_findings *findings,
                           ict_err *err) {
  form which;
  ict_out *out;
  ict_rules *rules = NULL;
  ict_status st = find_form(format, path, &which, err);
  if (st == ICT_OK) st = ict_rules_load(path_of_rules, catalog, &rules, findings, err);
  if (st == ICT_OK) st = ict_out_open(path, &out, err);
  if (st == ICT_OK) {
    write_rules(rules, which, out);
    st = ict_out_commit(out, err);
  }
  ict_rules_free(rules);
  return st;
}
