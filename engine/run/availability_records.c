/* availability_records.c - availability for programs: a record a group (and year), a country and
 * year, or a gap, as CSV or JSON.
 *
 * In: an availability. Out: bytes. Owns: nothing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "publish/records.h"
#include "run/availability.h"

/* NULL would be a number. */
static const char *or_empty(const char *text) { return text ? text : ""; }

static double share(double part, double all) { return all > 0 ? 100 * part / all : (double)NAN; }

/* ---- groups ------------------------------------------------------------------------------------
 */

static void summary(ict_records *r, const ict_availability *v, const ict_group *group,
                    size_t indicator, size_t breakdown, int year) {
  ict_avail_sum s;
  char period[24];
  ict_avail_sum_of(&v->grid, group, indicator, breakdown, year, v->weights, v->work, &s);
  ict_avail_years(v, period);
  if (year) snprintf(period, sizeof period, "%d", year);
  bool all = year == 0;
  const ict_record_field fields[] = {
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
  if (r->n == 0) ict_records_begin(r, fields, n);
  ict_records_add(r, fields, n);
}

static void summaries(ict_records *r, const ict_availability *v) {
  const ict_avail_plan *p = &v->grid.plan;
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++)
      for (size_t g = 0; g < v->n_groups; g++) {
        summary(r, v, v->groups[g], i, b, 0);
        for (int year = p->first_year; year <= p->last_year && v->grid.n_years > 1; year++)
          summary(r, v, v->groups[g], i, b, year);
      }
}

/* ---- countries and years -----------------------------------------------------------------------
 */

static void cell_record(ict_records *r, const ict_availability *v, ict_avail_series s, int year) {
  const ict_avail_cell *cell = ict_avail_at(&v->grid, s, year);
  const ict_table_row *row = cell->worst ? cell->worst->row : NULL;
  const ict_name *area = &v->areas.items[s.area];
  char period[8];
  snprintf(period, sizeof period, "%d", year);
  const ict_record_field fields[] = {
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
  if (r->n == 0) ict_records_begin(r, fields, n);
  ict_records_add(r, fields, n);
}

static void cells(ict_records *r, const ict_availability *v) {
  const ict_avail_plan *p = &v->grid.plan;
  for (size_t i = 0; i < p->n_indicators; i++)
    for (size_t b = 0; b < p->n_breakdowns; b++)
      for (size_t a = 0; a < p->areas->n; a++)
        for (int year = p->first_year; year <= p->last_year; year++)
          cell_record(r, v, (ict_avail_series){i, b, a}, year);
}

/* ---- gaps --------------------------------------------------------------------------------------
 */

/* gap NULL: the header alone. */
static void gap_record(ict_records *r, const ict_availability *v, const ict_avail_gap *gap) {
  static const ict_avail_gap NONE = {0};
  const ict_avail_gap *g = gap ? gap : &NONE;
  const ict_name *area = &v->areas.items[g->series.area];
  const ict_record_field fields[] = {
      {"rank", NULL, (double)(r->n + 1)},
      {"ref_area", area->text, 0},
      {"area", or_empty(area->label), 0},
      {"indicator", v->ids[g->series.indicator], 0},
      {"breakdown", v->grid.plan.breakdowns[g->series.breakdown].text, 0},
      {"latest", NULL, g->latest ? g->latest : (double)NAN},
      {"population", NULL, g->people},
  };
  const size_t n = sizeof fields / sizeof *fields;
  if (gap)
    ict_records_add(r, fields, n);
  else
    ict_records_begin(r, fields, n);
}

void ict_avail_records(const ict_avail_show *show, bool json, ict_out *out) {
  static const char *const VIEWS[] = {"summary", "cells", "gaps"};
  ict_records r = {out, json, 0};
  if (json) {
    char years[24];
    ict_avail_years(show->v, years);
    ict_out_printf(out,
                   "{\"ictstat\":\"availability/1\",\"view\":\"%s\",\"years\":\"%s\","
                   "\"recent\":%d,\"rows\":[\n",
                   VIEWS[show->view], years, show->v->grid.plan.recent);
  }
  if (show->view == ICT_AVAIL_SUMMARY) summaries(&r, show->v);
  if (show->view == ICT_AVAIL_CELLS) cells(&r, show->v);
  if (show->view == ICT_AVAIL_GAPS) {
    gap_record(&r, show->v, NULL);
    for (size_t i = 0; i < show->n_gaps; i++) gap_record(&r, show->v, &show->gaps[i]);
  }
  if (json) ict_out_text(out, r.n ? "\n]}\n" : "]}\n");
}
