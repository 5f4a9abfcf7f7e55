/* test_write.c - tests as bytes: a table for people, CSV and JSON for programs.
 *
 * In: a list of tests. Out: a file that appears whole or not at all.
 * Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "publish/field.h"
#include "run/test.h"

/* ---- for programs ------------------------------------------------------------------------------
 */

typedef struct column { /* a field under the same name in both */
  const char *name, *text;
  double number;
} column;

enum { N_COLUMNS = 15 };

/* The columns of a row but for those of `within`, which stand between before[] and after[]. */
static void columns_of(const ict_test_row *r, column before[4], column after[N_COLUMNS - 4]) {
  const column first[4] = {{"indicator", r->indicator, 0},
                           {"item", r->item, 0},
                           {"ref_area", r->ref_area, 0},
                           {"time_period", r->time_period, 0}};
  const column rest[N_COLUMNS - 4] = {{"table", r->table, 0},
                                      {"statistic", r->statistic, 0},
                                      {"classes", r->classes, 0},
                                      {"value", NULL, r->value},
                                      {"ndf", NULL, r->ndf},
                                      {"ddf", NULL, r->ddf},
                                      {"p_value", NULL, r->p},
                                      {"n_unweighted", NULL, (double)r->n_unweighted},
                                      {"n_psu", NULL, (double)r->n_psu},
                                      {"n_strata", NULL, (double)r->n_strata},
                                      {"flags", r->flags, 0}};
  memcpy(before, first, sizeof first);
  memcpy(after, rest, sizeof rest);
}

static void csv_field(ict_out *out, const column *c) {
  if (c->text)
    ict_csv_text(out, c->text);
  else
    ict_csv_number(out, c->number);
  ict_out_text(out, ",");
}

static void write_csv(const ict_tests *tests, ict_out *out) {
  static const ict_test_row none = {.indicator = ""}; /* for the names alone */
  column before[4], after[N_COLUMNS - 4];
  columns_of(&none, before, after);
  for (size_t i = 0; i < 4; i++) ict_out_printf(out, "%s,", before[i].name);
  for (size_t i = 0; i < tests->n_within; i++) ict_out_printf(out, "%s,", tests->within[i]);
  for (size_t i = 0; i < N_COLUMNS - 4; i++) ict_out_printf(out, "%s,", after[i].name);
  ict_out_text(out, "source\n");
  for (size_t i = 0; i < tests->n; i++) {
    const ict_test_row *r = &tests->list[i];
    columns_of(r, before, after);
    for (size_t k = 0; k < 4; k++) csv_field(out, &before[k]);
    for (size_t k = 0; k < tests->n_within; k++) ict_out_printf(out, "%s,", r->within[k]);
    for (size_t k = 0; k < N_COLUMNS - 4; k++) csv_field(out, &after[k]);
    ict_csv_text(out, r->source);
    ict_out_text(out, "\n");
  }
}

static void json_field(ict_out *out, const column *c) {
  ict_json_text(out, c->name);
  ict_out_text(out, ":");
  if (c->text)
    ict_json_text(out, c->text);
  else
    ict_json_number(out, c->number);
  ict_out_text(out, ",");
}

static void write_json(const ict_tests *tests, ict_out *out) {
  ict_out_text(out, "{\"ictstat\":\"tests/1\",\"rows\":[");
  for (size_t i = 0; i < tests->n; i++) {
    const ict_test_row *r = &tests->list[i];
    column before[4], after[N_COLUMNS - 4];
    columns_of(r, before, after);
    ict_out_text(out, i ? ",\n{" : "\n{");
    for (size_t k = 0; k < 4; k++) json_field(out, &before[k]);
    for (size_t k = 0; k < tests->n_within; k++)
      json_field(out, &(column){tests->within[k], r->within[k], 0});
    for (size_t k = 0; k < N_COLUMNS - 4; k++) json_field(out, &after[k]);
    ict_out_text(out, "\"source\":");
    ict_json_text(out, r->source);
    ict_out_text(out, "}");
  }
  ict_out_text(out, "\n]}\n");
}

/* ---- for people --------------------------------------------------------------------------------
 */

static const char *const METHODS[] = {
    [ICT_TEST_F] = "Pearson's chi-square, Rao-Scott second order (F)",
    [ICT_TEST_CHISQ] = "Pearson's chi-square, Rao-Scott first order (chisq)",
    [ICT_TEST_WALD] = "Wald test (wald)",
    [ICT_TEST_ADJWALD] = "Wald test, adjusted for few PSUs (adjwald)"};

/* "17.8.1 XEX 2024  sex  urbanisation U" */
static void label(const ict_tests *tests, const ict_test_row *r, ict_str *s) {
  const char *const parts[] = {r->indicator, r->item, r->ref_area, r->time_period};
  ict_str_clear(s);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (!parts[i][0]) continue;
    ict_str_add_safe(s, parts[i]);
    ict_str_add(s, " ");
  }
  ict_str_add(s, " ");
  ict_str_add_safe(s, r->table);
  for (size_t i = 0; i < tests->n_within; i++) {
    if (strcmp(r->within[i], ICT_TOTAL) == 0) continue;
    ict_str_addf(s, "  %s ", tests->within[i]);
    ict_str_add_safe(s, r->within[i]);
  }
}

static const char *figure(double value, int decimals, char buf[ICT_NUMBER_TEXT]) {
  if (isnan(value)) return "..";
  if (isinf(value)) return "inf";
  snprintf(buf, ICT_NUMBER_TEXT, fabs(value) < 1e7 ? "%.*f" : "%.*e", decimals, value);
  return buf;
}

static const char *p_text(double p, char buf[ICT_NUMBER_TEXT]) {
  if (p < 0.0001) return "<0.0001";
  return figure(p, 4, buf);
}

static void write_legend(const ict_tests *tests, ict_out *out, ict_str *told) {
  ict_str_clear(told);
  for (size_t i = 0; i < tests->n; i++)
    for (const char *at = tests->list[i].flags; *at;) {
      size_t len = strcspn(at, ";");
      char flag[32];
      snprintf(flag, sizeof flag, "%.*s", (int)len, at);
      at += len + (at[len] == ';');
      if (ict_text_lists(told->text, flag)) continue;
      ict_out_printf(out, "%s%-20s %s\n", told->len ? "" : "\n", flag, ict_tests_flag_about(flag));
      ict_str_addf(told, "%s;", flag);
    }
}

static ict_status write_text(const ict_tests *tests, ict_out *out, ict_err *err) {
  size_t width = 0;
  bool tables = false;
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < tests->n; i++) {
    label(tests, &tests->list[i], &s);
    size_t w = ict_utf8_width(s.text);
    if (w > width) width = w;
    tables = tables || strcmp(tests->list[i].statistic, "t") != 0;
  }
  ict_out_text(out, "Tests of no association");
  if (tables) ict_out_printf(out, " · %s", METHODS[tests->statistic]);
  ict_out_printf(out, "\n\n%*s  %-8s %-8s %10s %7s %9s %8s %9s\n", (int)width, "", "Classes", "",
                 "Value", "ndf", "ddf", "P", "n");
  for (size_t i = 0; i < tests->n; i++) {
    const ict_test_row *r = &tests->list[i];
    char value[ICT_NUMBER_TEXT], ndf[ICT_NUMBER_TEXT], ddf[ICT_NUMBER_TEXT], p[ICT_NUMBER_TEXT];
    label(tests, r, &s);
    ict_out_printf(out, "%s%*s  %-8s %-8s %10s %7s %9s %8s %9llu%s%s\n", s.text,
                   (int)(width - ict_utf8_width(s.text)), "", r->classes, r->statistic,
                   figure(r->value, 3, value), figure(r->ndf, 2, ndf), figure(r->ddf, 1, ddf),
                   p_text(r->p, p), (unsigned long long)r->n_unweighted, r->flags[0] ? "  " : "",
                   r->flags);
  }
  write_legend(tests, out, &s);
  bool failed = s.failed;
  ict_str_done(&s);
  return failed ? ict_err_memory(err) : ICT_OK;
}

static ict_status no_format(const char *format, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "tests have no format '%s'", format);
  ict_err_expected(err, "table, csv or json");
  ict_err_fix(err, "write --format csv");
  return ICT_USAGE;
}

ict_status ict_tests_write(const ict_tests *tests, const char *format, const char *path,
                           ict_err *err) {
  if (!format)
    format = ict_text_ends(path, ".csv") ? "csv" : ict_text_ends(path, ".json") ? "json" : "table";
  bool csv = strcmp(format, "csv") == 0, json = strcmp(format, "json") == 0;
  if (!csv && !json && strcmp(format, "table") != 0) return no_format(format, err);
  ict_out *out;
  ict_status st = ict_out_open(path, &out, err);
  if (st != ICT_OK) return st;
  if (csv)
    write_csv(tests, out);
  else if (json)
    write_json(tests, out);
  else
    st = write_text(tests, out, err);
  if (st == ICT_OK) return ict_out_commit(out, err);
  ict_out_discard(out);
  return st;
}
