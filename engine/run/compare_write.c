/* compare_write.c - a comparison as bytes: for people the differences and a summary, as CSV every
 * figure.
 *
 * In: a comparison. Out: a file that appears whole or not at all.
 * Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "publish/field.h"
#include "publish/records.h"
#include "run/compare.h"

static const char *const VERDICTS[ICT_N_VERDICTS] = {[ICT_EQUAL] = "equal",
                                                     [ICT_DIFFERENT] = "different",
                                                     [ICT_OTHER_UNIT] = "other_unit",
                                                     [ICT_ONLY_HERE] = "only_here",
                                                     [ICT_ONLY_THERE] = "only_there"};

/* ---- CSV ----------------------------------------------------------------------------------------
 */

static void write_csv(const ict_comparison *c, ict_out *out) {
  for (size_t k = 0; k < c->n_keys; k++) {
    ict_csv_text(out, c->key_names[k]);
    ict_out_text(out, ",");
  }
  ict_out_text(out, "figure,here,there,difference,allowed,result\n");
  for (size_t i = 0; i < c->n; i++) {
    const ict_beside *one = &c->list[i];
    for (size_t k = 0; k < c->n_keys; k++) {
      ict_csv_text(out, one->key[k]);
      ict_out_text(out, ",");
    }
    ict_out_text(out, one->figure);
    const double numbers[] = {one->here, one->there, one->here - one->there, one->allowed};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
      ict_out_text(out, ",");
      ict_csv_number(out, numbers[n]);
    }
    ict_out_printf(out, ",%s\n", VERDICTS[one->verdict]);
  }
}

/* ---- for people ---------------------------------------------------------------------------------
 */

/* "17.8.1 BRA 2016 sex F": the key without its totals, safe on a terminal. */
static void label(const ict_comparison *c, const ict_beside *one, ict_str *s) {
  ict_str_clear(s);
  for (size_t k = 0; k < c->n_keys; k++) {
    if (!one->key[k][0] || strcmp(one->key[k], ICT_TOTAL) == 0) continue;
    bool plain = strcmp(c->key_names[k], "indicator") == 0 ||
                 strcmp(c->key_names[k], "ref_area") == 0 ||
                 strcmp(c->key_names[k], "time_period") == 0;
    ict_str_addf(s, "%s%s%s", s->len ? " " : "", plain ? "" : c->key_names[k], plain ? "" : " ");
    ict_str_add_safe(s, one->key[k]);
  }
}

/* Eight figures: more than is published; ".." for NaN. */
static const char *figure(double value, char buf[ICT_NUMBER_TEXT]) {
  if (isnan(value)) return "..";
  snprintf(buf, ICT_NUMBER_TEXT, "%.8g", value);
  return buf;
}

static bool is_difference(const ict_beside *one) {
  return one->verdict == ICT_DIFFERENT || one->verdict == ICT_OTHER_UNIT;
}

static size_t label_width(const ict_comparison *c, ict_str *s) {
  size_t width = 0;
  for (size_t i = 0; i < c->n; i++) {
    if (!is_difference(&c->list[i])) continue;
    label(c, &c->list[i], s);
    size_t w = ict_utf8_width(s->text);
    if (w > width) width = w;
  }
  return width;
}

static void write_differences(const ict_comparison *c, ict_out *out, ict_str *s) {
  if (c->count[ICT_DIFFERENT] + c->count[ICT_OTHER_UNIT] == 0) return;
  size_t width = label_width(c, s);
  ict_out_printf(out, "\n%*s  %-12s %12s %12s %12s %12s\n", (int)width, "", "", "here", "published",
                 "difference", "allowed");
  for (size_t i = 0; i < c->n; i++) {
    const ict_beside *one = &c->list[i];
    char a[ICT_NUMBER_TEXT], b[ICT_NUMBER_TEXT], d[ICT_NUMBER_TEXT], e[ICT_NUMBER_TEXT];
    if (!is_difference(one)) continue;
    label(c, one, s);
    ict_out_printf(out, "%s%*s  %-12s %12s %12s", s->text, (int)(width - ict_utf8_width(s->text)),
                   "", one->figure, figure(one->here, a), figure(one->there, b));
    if (one->verdict == ICT_OTHER_UNIT) {
      ict_out_printf(out, "   unit %s here, %s there\n", one->unit_here, one->unit_there);
    } else {
      ict_out_printf(out, " %12s %12s\n", figure(one->here - one->there, d),
                     figure(one->allowed, e));
    }
  }
}

static void write_only(const ict_comparison *c, ict_verdict verdict, const char *name, ict_out *out,
                       ict_str *s) {
  if (c->count[verdict] == 0) return;
  ict_out_printf(out, "\nonly in %s\n", name);
  for (size_t i = 0; i < c->n; i++) {
    const ict_beside *one = &c->list[i];
    char buf[ICT_NUMBER_TEXT];
    if (one->verdict != verdict) continue;
    label(c, one, s);
    ict_out_printf(out, "  %s  %s\n", s->text,
                   figure(verdict == ICT_ONLY_HERE ? one->here : one->there, buf));
  }
}

static void count(ict_out *out, const char *before, size_t n, const char *after) {
  ict_out_printf(out, "%s%zu row%s%s", before, n, n == 1 ? "" : "s", after);
}

static void write_summary(const ict_comparison *c, ict_out *out) {
  size_t n = c->count[ICT_EQUAL] + c->count[ICT_DIFFERENT] + c->count[ICT_OTHER_UNIT];
  ict_out_printf(out, "%s beside %s: ", c->name_here, c->name_there);
  count(out, "", c->n_rows_both, " in both");
  if (n > 0) ict_out_printf(out, ", %zu of %zu figures equal", c->count[ICT_EQUAL], n);
  if (c->count[ICT_ONLY_THERE] > 0) count(out, ", ", c->count[ICT_ONLY_THERE], " only there");
  if (c->count[ICT_ONLY_HERE] > 0) count(out, ", ", c->count[ICT_ONLY_HERE], " only here");
  ict_out_text(out, "\n");
}

/* Rows that a list of published figures leaves out are no difference, so only counted. */
static ict_status write_text(const ict_comparison *c, ict_out *out, ict_err *err) {
  ict_str s;
  ict_str_init(&s);
  write_summary(c, out);
  write_differences(c, out, &s);
  write_only(c, ICT_ONLY_THERE, c->name_there, out, &s);
  if (c->whole) write_only(c, ICT_ONLY_HERE, c->name_here, out, &s);
  bool failed = s.failed;
  ict_str_done(&s);
  return failed ? ict_err_memory(err) : ICT_OK;
}

ict_status ict_comparison_write(const ict_comparison *c, const char *format, const char *path,
                                ict_err *err) {
  ict_form form;
  ict_out *out = NULL;
  ict_status st;
  ICT_TRY(done, st, ict_form_find(format, path, 2, "a comparison has", &form, err));
  ICT_TRY(done, st, ict_out_open(path, &out, err));
  if (form == ICT_FORM_CSV)
    write_csv(c, out);
  else
    ICT_TRY(done, st, write_text(c, out, err));
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_out_discard(out);
  return st;
}
