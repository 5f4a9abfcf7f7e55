/* test_write.c - tests as bytes: a table for people, CSV and JSON for programs.
 *
 * In: a list of tests. Out: a file that appears whole or not at all.
 * Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "publish/records.h"
#include "run/test.h"

/* ---- for programs ------------------------------------------------------------------------------
 */

enum { BEFORE = 4, AFTER = 12 }; /* fields before and after those of `within` */

static size_t fields_of(const ict_tests *tests, const ict_test_row *r, ict_record_field *out) {
  const ict_record_field before[BEFORE] = {{"indicator", r->indicator, 0},
                                           {"item", r->item, 0},
                                           {"ref_area", r->ref_area, 0},
                                           {"time_period", r->time_period, 0}};
  const ict_record_field after[AFTER] = {{"table", r->table, 0},
                                         {"statistic", r->statistic, 0},
                                         {"classes", r->classes, 0},
                                         {"value", NULL, r->value},
                                         {"ndf", NULL, r->ndf},
                                         {"ddf", NULL, r->ddf},
                                         {"p_value", NULL, r->p},
                                         {"n_unweighted", NULL, (double)r->n_unweighted},
                                         {"n_psu", NULL, (double)r->n_psu},
                                         {"n_strata", NULL, (double)r->n_strata},
                                         {"flags", r->flags, 0},
                                         {"source", r->source, 0}};
  memcpy(out, before, sizeof before);
  for (size_t i = 0; i < tests->n_within; i++)
    out[BEFORE + i] = (ict_record_field){tests->within[i], r->within[i], 0};
  memcpy(out + BEFORE + tests->n_within, after, sizeof after);
  return BEFORE + tests->n_within + AFTER;
}

static ict_status write_records(const ict_tests *tests, bool json, ict_out *out, ict_err *err) {
  ict_records records = {out, json, 0};
  ict_record_field *fields = ict_alloc(BEFORE + tests->n_within + AFTER, sizeof *fields);
  if (!fields) return ict_err_memory(err);
  if (json) ict_out_text(out, "{\"ictstat\":\"tests/1\",\"rows\":[\n");
  for (size_t i = 0; i < tests->n; i++) { /* at least one */
    size_t n = fields_of(tests, &tests->list[i], fields);
    if (i == 0) ict_records_begin(&records, fields, n);
    ict_records_add(&records, fields, n);
  }
  if (json) ict_out_text(out, "\n]}\n");
  ict_free(fields);
  return ICT_OK;
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

ict_status ict_tests_write(const ict_tests *tests, const char *format, const char *path,
                           ict_err *err) {
  ict_form form;
  ict_out *out = NULL;
  ict_status st;
  ICT_TRY(done, st, ict_form_find(format, path, 3, "tests have", &form, err));
  ICT_TRY(done, st, ict_out_open(path, &out, err));
  if (form == ICT_FORM_TEXT)
    ICT_TRY(done, st, write_text(tests, out, err));
  else
    ICT_TRY(done, st, write_records(tests, form == ICT_FORM_JSON, out, err));
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_out_discard(out);
  return st;
}
