/* availability_text.c - availability for people: tables of groups, of countries, of gaps; and
 * writing any of the formats to a file.
 *
 * In: an availability. Out: a file that appears whole or not at all. Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "publish/records.h"
#include "publish/text_lines.h"
#include "run/availability.h"

/* Gaps that people are shown. */
#define MOST_GAPS 40

void ict_avail_years(const ict_availability *v, char text[24]) {
  const ict_avail_plan *p = &v->grid.plan;
  snprintf(text, 24, "%d-%d", p->first_year, p->last_year);
  if (p->first_year == p->last_year) snprintf(text, 24, "%d", p->first_year);
}

const char *ict_avail_title(const ict_availability *v, size_t indicator) {
  const ict_indicator *known = ict_catalog_find_indicator(v->catalog, v->ids[indicator]);
  return known ? known->title : "";
}

/* ---- a table -----------------------------------------------------------------------------------
 */

typedef struct text_table {
  const ict_availability *v;
  ict_arena *arena;
  ict_text_lines lines;
  ict_out *out;
  ict_err *err;
  bool failed;           /* memory; */
  ict_text_line nowhere; /* then this is written to */
} text_table;

static ict_text_line *new_line(text_table *t, int indent, const char *label) {
  ict_text_lines *l = &t->lines;
  if (ict_grow(&l->lines, l->n, &l->capacity, sizeof *l->lines) != 0) {
    t->failed = true;
    t->nowhere = (ict_text_line){0};
    return &t->nowhere;
  }
  l->lines[l->n] = (ict_text_line){.indent = indent, .label = label};
  return &l->lines[l->n++];
}

static const char *keep(text_table *t, const char *text) {
  if (!text) t->failed = true;
  return text ? text : "";
}

#define TEXT(t, ...) keep(t, ict_arena_printf((t)->arena, __VA_ARGS__))

static ict_status lay_out(text_table *t, const ict_text_columns *columns) {
  ict_status st = t->failed ? ict_err_memory(t->err)
                            : ict_text_layout(&t->lines, columns, t->arena, t->out, t->err);
  t->lines.n = 0;
  return st;
}

static const char *percent(text_table *t, double part, double all) {
  return all > 0 ? TEXT(t, "%.1f", 100 * part / all) : "..";
}

static const char *label_of(text_table *t, size_t breakdown) {
  const ict_avail_breakdown *b = &t->v->grid.plan.breakdowns[breakdown];
  return b->n == 0 ? "Total" : TEXT(t, "By %s", b->text);
}

/* ---- groups ------------------------------------------------------------------------------------
 */

enum { COUNTRIES, ANY, SHARE, TWO, RECENT, LATEST, GOOD, PEOPLE, N_COLUMNS };

static void group_line(text_table *t, const ict_group *group, size_t i, size_t b) {
  const ict_availability *v = t->v;
  ict_avail_sum s;
  ict_avail_sum_of(&v->grid, group, i, b, 0, v->weights, v->work, &s);
  ict_text_line *line = new_line(t, 1, group->title);
  line->cells[COUNTRIES] = TEXT(t, "%zu", s.countries);
  line->cells[ANY] = TEXT(t, "%zu", s.any);
  line->cells[SHARE] = percent(t, (double)s.any, (double)s.countries);
  line->cells[TWO] = TEXT(t, "%zu", s.two);
  line->cells[RECENT] = TEXT(t, "%zu", s.recent);
  line->cells[LATEST] = s.median_latest ? TEXT(t, "%d", s.median_latest) : "..";
  line->cells[GOOD] = TEXT(t, "%zu", s.quality[ICT_AVAIL_GOOD]);
  if (v->weights) line->cells[PEOPLE] = percent(t, s.people_any, s.people);
}

static ict_status write_groups(text_table *t) {
  const ict_avail_plan *p = &t->v->grid.plan;
  ict_status st = ICT_OK;
  ict_text_columns columns = {N_COLUMNS, {0}, N_COLUMNS};
  static const char *const HEADINGS[] = {"Countries", "Value",  "%",    "2 years",
                                         "Recent",    "Latest", "Good", "People %"};
  memcpy(columns.headings, HEADINGS, sizeof HEADINGS);
  ict_out_text(t->out,
               "countries with a value, in two years or more, a recent one; the median of the "
               "latest years; good: none of\nestimated, unreliable, another definition\n");
  for (size_t i = 0; i < p->n_indicators && st == ICT_OK; i++) {
    ict_out_printf(t->out, "\n%s  %s\n", p->indicators[i], ict_avail_title(t->v, i));
    for (size_t b = 0; b < p->n_breakdowns; b++) {
      new_line(t, 0, label_of(t, b));
      for (size_t g = 0; g < t->v->n_groups; g++) group_line(t, t->v->groups[g], i, b);
    }
    st = lay_out(t, &columns);
  }
  return st;
}

/* ---- countries ---------------------------------------------------------------------------------
 */

static const char MARKS[ICT_N_AVAIL] = {
    [ICT_AVAIL_NONE] = '.',    [ICT_AVAIL_EMPTY] = '0',      [ICT_AVAIL_GOOD] = '+',
    [ICT_AVAIL_DIFFERS] = 'd', [ICT_AVAIL_UNRELIABLE] = 'u', [ICT_AVAIL_ESTIMATED] = 'e'};

static void country_line(text_table *t, ict_avail_series s) {
  const ict_avail_plan *p = &t->v->grid.plan;
  const ict_name *area = &p->areas->items[s.area];
  ict_text_line *line = new_line(t, 1, area->label ? area->label : area->text);
  char *marks = ict_arena_alloc(t->arena, t->v->grid.n_years + 1, 1);
  for (int year = p->first_year; marks && year <= p->last_year; year++)
    marks[year - p->first_year] = MARKS[ict_avail_at(&t->v->grid, s, year)->quality];
  int latest = ict_avail_latest(&t->v->grid, s);
  double cv = latest ? ict_avail_at(&t->v->grid, s, latest)->cv : (double)NAN;
  line->cells[0] = keep(t, marks);
  line->cells[1] = latest ? TEXT(t, "%d", latest) : "..";
  line->cells[2] = isfinite(cv) ? TEXT(t, "%.1f", cv) : "..";
  line->cells[3] = latest ? ict_avail_words[ict_avail_at(&t->v->grid, s, latest)->quality] : "";
}

static ict_status write_countries(text_table *t) {
  const ict_avail_plan *p = &t->v->grid.plan;
  ict_status st = ICT_OK;
  char years[24];
  ict_avail_years(t->v, years);
  const ict_text_columns columns = {4, {years, "Latest", "CV %", "Quality"}, 4};
  ict_out_text(t->out,
               "+ good, d another definition, u unreliable, e estimated or modelled, 0 row "
               "without a value, . none\n");
  for (size_t i = 0; i < p->n_indicators && st == ICT_OK; i++) {
    ict_out_printf(t->out, "\n%s  %s\n", p->indicators[i], ict_avail_title(t->v, i));
    for (size_t b = 0; b < p->n_breakdowns; b++) {
      new_line(t, 0, label_of(t, b));
      for (size_t a = 0; a < p->areas->n; a++) country_line(t, (ict_avail_series){i, b, a});
    }
    st = lay_out(t, &columns);
  }
  return st;
}

/* ---- gaps --------------------------------------------------------------------------------------
 */

static ict_status write_gaps(text_table *t, const ict_avail_show *show) {
  const ict_avail_plan *p = &t->v->grid.plan;
  const ict_text_columns columns = {4, {"Million people", "Latest", "Indicator", "Breakdown"}, 4};
  size_t n = show->n_gaps < MOST_GAPS ? show->n_gaps : MOST_GAPS;
  ict_out_printf(t->out, "no value, or none since %d, by people of the country\n\n",
                 p->last_year - p->recent);
  for (size_t i = 0; i < n; i++) {
    const ict_avail_gap *g = &show->gaps[i];
    const ict_name *area = &p->areas->items[g->series.area];
    ict_text_line *line = new_line(t, 0, area->label ? area->label : area->text);
    line->cells[0] = isfinite(g->people) ? TEXT(t, "%.2f", g->people / 1e6) : "..";
    line->cells[1] = g->latest ? TEXT(t, "%d", g->latest) : "never";
    line->cells[2] = p->indicators[g->series.indicator];
    line->cells[3] = p->breakdowns[g->series.breakdown].text;
  }
  ict_status st = n > 0 ? lay_out(t, &columns) : ICT_OK;
  if (n == 0) ict_out_text(t->out, "none\n");
  if (show->n_gaps > n)
    ict_out_printf(t->out, "and %zu more; csv and json have all\n", show->n_gaps - n);
  return st;
}

ict_status ict_avail_text(const ict_avail_show *show, ict_out *out, ict_err *err) {
  const ict_avail_plan *p = &show->v->grid.plan;
  text_table t = {.v = show->v, .arena = ict_arena_new(), .out = out, .err = err};
  char years[24];
  if (!t.arena) return ict_err_memory(err);
  ict_avail_years(show->v, years);
  ict_out_printf(out, "Availability %s: %zu indicator%s, %zu countr%s; recent is %d or later\n",
                 years, p->n_indicators, p->n_indicators == 1 ? "" : "s", p->areas->n,
                 p->areas->n == 1 ? "y" : "ies", p->last_year - p->recent);
  ict_status st = show->view == ICT_AVAIL_SUMMARY ? write_groups(&t)
                  : show->view == ICT_AVAIL_CELLS ? write_countries(&t)
                                                  : write_gaps(&t, show);
  ict_free(t.lines.lines);
  ict_arena_free(t.arena);
  return st;
}

/* ---- any format --------------------------------------------------------------------------------
 */

static ict_status find_view(const char *view, ict_avail_view *out, ict_err *err) {
  static const char *const NAMES[] = {"summary", "cells", "gaps"};
  *out = ICT_AVAIL_SUMMARY;
  for (int i = ICT_AVAIL_SUMMARY; view && i <= ICT_AVAIL_GAPS; i++)
    if (strcmp(view, NAMES[i]) == 0) {
      *out = (ict_avail_view)i;
      return ICT_OK;
    }
  if (!view) return ICT_OK;
  const char *near = ict_text_nearest(view, NAMES, 3);
  ict_err_set(err, ICT_USAGE, "no view '%s' of availability", view);
  ict_err_expected(err, "summary, cells or gaps");
  if (near) ict_err_fix(err, "write '%s'", near);
  return ICT_USAGE;
}

static ict_status check(const ict_avail_show *show, ict_form which, ict_err *err) {
  if (show->view != ICT_AVAIL_GAPS) return ICT_OK;
  if (which == ICT_FORM_SVG) {
    ict_err_set(err, ICT_USAGE, "gaps have no picture");
    ict_err_expected(err, "summary or cells as svg; gaps as table, csv or json");
    ict_err_fix(err, "leave --show gaps out, or write -f csv");
    return ICT_USAGE;
  }
  if (show->v->weights) return ICT_OK;
  ict_err_set(err, ICT_USAGE, "gaps are ranked by people, and there is no population table");
  ict_err_fix(err, "give it with --population");
  return ICT_USAGE;
}

ict_status ict_availability_write(const ict_availability *v, const char *view, const char *format,
                                  const char *path, ict_err *err) {
  ict_form which;
  ict_out *out = NULL;
  ict_avail_gap *gaps = NULL;
  ict_avail_show show = {.v = v};
  ict_status st;
  ICT_TRY(done, st, ict_form_find(format, path, 4, "availability has", &which, err));
  ICT_TRY(done, st, find_view(view, &show.view, err));
  ICT_TRY(done, st, check(&show, which, err));
  if (show.view == ICT_AVAIL_GAPS) ICT_TRY(done, st, ict_avail_gaps(v, &gaps, &show.n_gaps, err));
  show.gaps = gaps;
  ICT_TRY(done, st, ict_out_open(path, &out, err));
  if (which == ICT_FORM_TEXT) ICT_TRY(done, st, ict_avail_text(&show, out, err));
  if (which == ICT_FORM_CSV || which == ICT_FORM_JSON)
    ict_avail_records(&show, which == ICT_FORM_JSON, out);
  if (which == ICT_FORM_SVG) ict_avail_svg(&show, out);
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_out_discard(out);
  ict_free(gaps);
  return st;
}
