/* availability_records.c - availability for programs: a record a group (and year), a country and
 * year, or a gap, as CSV or JSON.
 *
 * In: an availability. Out: bytes. Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "publish/field.h"
#include "run/availability.h"

typedef struct field {
  const char *name;
  const char *text; /* NULL: the number */
  double number;
} field;

typedef struct emitter {
  ict_out *out;
  bool json;
  size_t n; /* records so far */
} emitter;

static void header(emitter *e, const field *fields, size_t n) {
  for (size_t k = 0; k < n; k++)
    ict_out_printf(e->out, "%s%s", fields[k].name, k + 1 < n ? "," : "\n");
}

static void emit(emitter *e, const field *fields, size_t n) {
  if (e->json) ict_out_text(e->out, e->n ? ",\n{" : "{");
  for (size_t k = 0; k < n; k++) {
    if (k) ict_out_text(e->out, ",");
    if (e->json) ict_out_printf(e->out, "\"%s\":", fields[k].name);
    if (fields[k].text && e->json)
      ict_json_text(e->out, fields[k].text);
    else if (fields[k].text)
      ict_csv_text(e->out, fields[k].text);
    else if (e->json)
      ict_json_number(e->out, fields[k].number);
    else
      ict_csv_number(e->out, fields[k].number);
  }
  ict_out_text(e->out, e->json ? "}" : "\n");
  e->n++;
}

/* NULL would be a number. */
static const char *or_empty(const char *text) { return text ? text : ""; }

static double share(double part, double all) { return all > 0 ? 100 * part / all : (double)NAN; }

/* ---- groups ------------------------------------------------------------------------------------
 */

static void summary(emitter *e, const ict_availability *v, const ict_group *group, size_t indicator,
                    size_t breakdown, int year) {
  ict_avail_sum s;
  char period[24];
  ict_avail_sum_of(&v->grid, group, indicator, breakdown, year, v->weights, v->work, &s);
  ict_avail_years(v, period);
  if (year) snprintf(period, sizeof period, "%d", year);
  bool all = year == 0;
  const field fields[] = {
      {"set", group->set, 0},
      {"group", group->code, 0},
      {"title", group->title, 0},
      {"indicator", v->ids[indicator], 0},
      {"breakdown", v->grid.plan.breakdowns[breakdown].text, 0},
      {"time_period", period, 0},
      {"countries", NULL, (double)s.countries},
      {"with_value", NULL, (double)s.any},
      {"share", NULL, share((double)s.any, (double)s.countries)},
      {"with_two_years", NULL, all ? (double)s.two : (double)NAN},
      {"with_recent", NULL, all ? (double)s.recent : (double)NAN},
      {"median_latest", NULL, s.median_latest ? s.median_latest : (double)NAN},
      {"good", NULL, (double)s.quality[ICT_AVAIL_GOOD]},
      {"differs", NULL, (double)s.quality[ICT_AVAIL_DIFFERS]},
      {"unreliable", NULL, (double)s.quality[ICT_AVAIL_UNRELIABLE]},
      {"estimated", NULL, (double)s.quality[ICT_AVAIL_ESTIMATED]},
      {"empty", NULL, (double)s.quality[ICT_AVAIL_EMPTY]},
      {"none", NULL, (double)s.quality[ICT_AVAIL_NONE]},
      {"people", NULL, s.people},
      {"people_with_value", NULL, s.people_any},
      {"people_share", NULL, share(s.people_any, s.people)},
  };
  const size_t n = sizeof fields / sizeof *fields;
  if (e->n == 0 && !e->json) header(e, fields, n);
  emit(e, fields, n);
}

static void summaries(emitter *e, const ict_availability *v) {
  const ict_avail_plan *p = &v->grid.plan;
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++)
      for (size_t g = 0; g < v->n_groups; g++) {
        summary(e, v, v->groups[g], i, b, 0);
        for (int year = p->first_year; year <= p->last_year && v->grid.n_years > 1; year++)
          summary(e, v, v->groups[g], i, b, year);
      }
}

/* ---- countries and years -----------------------------------------------------------------------
 */

static void cell_record(emitter *e, const ict_availability *v, ict_avail_series s, int year) {
  const ict_avail_cell *cell = ict_avail_at(&v->grid, s, year);
  const ict_table_row *row = cell->worst ? cell->worst->row : NULL;
  const ict_name *area = &v->areas.items[s.area];
  char period[8];
  snprintf(period, sizeof period, "%d", year);
  const field fields[] = {
      {"indicator", v->ids[s.indicator], 0},
      {"breakdown", v->grid.plan.breakdowns[s.breakdown].text, 0},
      {"ref_area", area->text, 0},
      {"area", or_empty(area->label), 0},
      {"time_period", period, 0},
      {"values", NULL, (double)cell->n},
      {"quality", ict_avail_words[cell->quality], 0},
      {"obs_status", row ? row->obs_status : "", 0},
      {"nature", row ? row->nature : "", 0},
      {"flags", row ? row->flags : "", 0},
      {"cv", NULL, cell->cv},
  };
  const size_t n = sizeof fields / sizeof *fields;
  if (e->n == 0 && !e->json) header(e, fields, n);
  emit(e, fields, n);
}

static void cells(emitter *e, const ict_availability *v) {
  const ict_avail_plan *p = &v->grid.plan;
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++)
      for (size_t a = 0; a < p->areas->n; a++)
        for (int year = p->first_year; year <= p->last_year; year++)
          cell_record(e, v, (ict_avail_series){i, b, a}, year);
}

/* ---- gaps --------------------------------------------------------------------------------------
 */

/* gap NULL: the header alone. */
static void gap_record(emitter *e, const ict_availability *v, const ict_avail_gap *gap) {
  static const ict_avail_gap NONE = {0};
  const ict_avail_gap *g = gap ? gap : &NONE;
  const ict_name *area = &v->areas.items[g->series.area];
  const field fields[] = {
      {"rank", NULL, (double)(e->n + 1)},
      {"ref_area", area->text, 0},
      {"area", or_empty(area->label), 0},
      {"indicator", v->ids[g->series.indicator], 0},
      {"breakdown", v->grid.plan.breakdowns[g->series.breakdown].text, 0},
      {"latest", NULL, g->latest ? g->latest : (double)NAN},
      {"population", NULL, g->people},
  };
  const size_t n = sizeof fields / sizeof *fields;
  if (gap)
    emit(e, fields, n);
  else if (!e->json)
    header(e, fields, n);
}

void ict_avail_records(const ict_avail_show *show, bool json, ict_out *out) {
  static const char *const VIEWS[] = {"summary", "cells", "gaps"};
  emitter e = {out, json, 0};
  if (json) {
    char years[24];
    ict_avail_years(show->v, years);
    ict_out_printf(out,
                   "{\"ictstat\":\"availability/1\",\"view\":\"%s\",\"years\":\"%s\","
                   "\"recent\":%d,\"rows\":[\n",
                   VIEWS[show->view], years, show->v->grid.plan.recent);
  }
  if (show->view == ICT_AVAIL_SUMMARY) summaries(&e, show->v);
  if (show->view == ICT_AVAIL_CELLS) cells(&e, show->v);
  if (show->view == ICT_AVAIL_GAPS) {
    gap_record(&e, show->v, NULL);
    for (size_t i = 0; i < show->n_gaps; i++) gap_record(&e, show->v, &show->gaps[i]);
  }
  if (json) ict_out_text(out, e.n ? "\n]}\n" : "]}\n");
}
