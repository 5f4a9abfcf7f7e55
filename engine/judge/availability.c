/* availability.c - values there are of what is expected.
 *
 * In: rows, and what is expected. Out: a grid of cells, sums over groups. Owns: the grid. */
#include "judge/availability.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const char *const ict_avail_words[ICT_N_AVAIL] = {[ICT_AVAIL_NONE] = "none",
                                                  [ICT_AVAIL_EMPTY] = "empty",
                                                  [ICT_AVAIL_GOOD] = "good",
                                                  [ICT_AVAIL_DIFFERS] = "differs",
                                                  [ICT_AVAIL_UNRELIABLE] = "unreliable",
                                                  [ICT_AVAIL_ESTIMATED] = "estimated"};

/* Years of a population table that are looked at beside the one wanted. */
#define MOST_YEARS_OFF 60

static bool is_one_of(const char *code, const char *codes) {
  return code[0] && !code[1] && strchr(codes, code[0]);
}

static ict_avail_quality quality_of(const ict_table_row *row) {
  if (!isfinite(row->estimate)) return ICT_AVAIL_EMPTY;
  if (is_one_of(row->obs_status, "EFI") || is_one_of(row->nature, "EM")) return ICT_AVAIL_ESTIMATED;
  if (is_one_of(row->obs_status, "UNV")) return ICT_AVAIL_UNRELIABLE;
  bool differs =
      is_one_of(row->obs_status, "D") || ict_text_lists(row->flags, "definition_differs");
  return differs ? ICT_AVAIL_DIFFERS : ICT_AVAIL_GOOD;
}

/* ---- the grid ----------------------------------------------------------------------------------
 */

static size_t series_index(const ict_avail_grid *g, ict_avail_series s) {
  return (s.indicator * g->plan.n_breakdowns + s.breakdown) * g->plan.areas->n + s.area;
}

static bool is_breakdown(const ict_judge_set *set, const ict_judge_row *row,
                         const ict_avail_breakdown *b) {
  size_t n = 0;
  for (size_t a = 0; a < set->axes.n; a++) n += strcmp(row->axes[a], ICT_TOTAL) != 0;
  if (n != b->n) return false;
  for (size_t k = 0; k < b->n; k++) {
    long a = ict_names_find(&set->axes, b->axes[k]);
    if (a < 0 || strcmp(row->axes[a], ICT_TOTAL) == 0) return false;
  }
  return true;
}

static void put(ict_avail_grid *g, ict_avail_series s, const ict_judge_row *row) {
  ict_avail_quality quality = quality_of(row->row);
  if (row->year < g->plan.first_year) {
    int *before = &g->before[series_index(g, s)];
    if (quality != ICT_AVAIL_EMPTY && row->year > *before) *before = row->year;
    return;
  }
  size_t year = (size_t)(row->year - g->plan.first_year);
  ict_avail_cell *cell = &g->cells[series_index(g, s) * g->n_years + year];
  if (quality > cell->quality) {
    cell->quality = quality;
    cell->worst = row;
  }
  cell->n += quality != ICT_AVAIL_EMPTY;
  if (isfinite(row->row->cv) && !(row->row->cv <= cell->cv)) cell->cv = row->row->cv;
}

/* By id, else by series: subscriptions summed over operators are those of the country. */
static size_t find_indicator(const ict_avail_plan *p, const ict_table_row *row) {
  for (size_t i = 0; i < p->n_indicators; i++)
    if (strcmp(p->indicators[i], row->indicator) == 0) return i;
  for (size_t i = 0; row->series[0] && i < p->n_indicators; i++)
    if (strcmp(p->series[i], row->series) == 0) return i;
  return p->n_indicators;
}

static void take(ict_avail_grid *g, const ict_judge_set *set, const ict_judge_row *row) {
  const ict_avail_plan *p = &g->plan;
  ict_avail_series s = {0};
  long area = ict_names_find(p->areas, row->row->ref_area);
  if (area < 0 || row->derived || !row->year || row->year > p->last_year) return;
  s.area = (size_t)area;
  s.indicator = find_indicator(p, row->row);
  while (s.breakdown < p->n_breakdowns && !is_breakdown(set, row, &p->breakdowns[s.breakdown]))
    s.breakdown++;
  if (s.indicator < p->n_indicators && s.breakdown < p->n_breakdowns) put(g, s, row);
}

ict_status ict_avail_make(const ict_avail_plan *plan, const ict_judge_set *set, ict_avail_grid *out,
                          ict_err *err) {
  *out =
      (ict_avail_grid){.plan = *plan, .n_years = (size_t)(plan->last_year - plan->first_year + 1)};
  size_t n = plan->n_indicators * plan->n_breakdowns * plan->areas->n;
  out->before = ict_alloc(n, sizeof *out->before);
  out->cells = ict_alloc(n * out->n_years, sizeof *out->cells);
  if (!out->before || !out->cells) {
    ict_avail_done(out);
    return ict_err_memory(err);
  }
  for (size_t i = 0; i < n * out->n_years; i++) out->cells[i].cv = NAN;
  for (size_t i = 0; i < set->n; i++) take(out, set, &set->rows[i]);
  return ICT_OK;
}

void ict_avail_done(ict_avail_grid *grid) {
  ict_free(grid->before);
  ict_free(grid->cells);
  *grid = (ict_avail_grid){0};
}

const ict_avail_cell *ict_avail_at(const ict_avail_grid *g, ict_avail_series s, int year) {
  return &g->cells[series_index(g, s) * g->n_years + (size_t)(year - g->plan.first_year)];
}

int ict_avail_latest(const ict_avail_grid *g, ict_avail_series s) {
  for (int year = g->plan.last_year; year >= g->plan.first_year; year--)
    if (ict_avail_at(g, s, year)->n > 0) return year;
  return 0;
}

int ict_avail_before(const ict_avail_grid *g, ict_avail_series s) {
  return g->before[series_index(g, s)];
}

/* ---- people and groups -------------------------------------------------------------------------
 */

double ict_avail_people(const ict_weights *weights, const char *iso3, int year) {
  static const char *const all[ICT_WEIGHT_AXES] = {ICT_TOTAL, ICT_TOTAL, ICT_TOTAL};
  if (!weights || !ict_weights_knows(weights, iso3)) return NAN;
  for (int off = 0; off <= MOST_YEARS_OFF; off++) {
    double before = ict_weights_find(weights, iso3, year - off, all);
    if (isfinite(before)) return before;
    double after = ict_weights_find(weights, iso3, year + off, all);
    if (isfinite(after)) return after;
  }
  return NAN;
}

static size_t years_with(const ict_avail_grid *g, ict_avail_series s) {
  size_t n = 0;
  for (int year = g->plan.first_year; year <= g->plan.last_year; year++)
    n += ict_avail_at(g, s, year)->n > 0;
  return n;
}

static int by_number(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static void add_country(const ict_avail_grid *g, ict_avail_series s, int year, double people,
                        int *latest, ict_avail_sum *out) {
  *latest = ict_avail_latest(g, s);
  int at = year ? year : *latest ? *latest : g->plan.last_year;
  const ict_avail_cell *cell = ict_avail_at(g, s, at);
  bool has = cell->n > 0;
  out->countries++;
  out->any += has;
  out->quality[cell->quality]++;
  if (!year) {
    out->two += years_with(g, s) >= 2;
    out->recent += has && *latest >= g->plan.last_year - g->plan.recent;
  }
  if (!isfinite(people)) return;
  out->people += people;
  if (has) out->people_any += people;
}

void ict_avail_sum_of(const ict_avail_grid *g, const ict_group *group, size_t indicator,
                      size_t breakdown, int year, const ict_weights *weights, int *work,
                      ict_avail_sum *out) {
  int when = year ? year : g->plan.last_year;
  int members = g->plan.membership ? g->plan.membership : when;
  size_t n = 0;
  *out = (ict_avail_sum){0};
  for (size_t m = 0; m < group->n; m++) {
    const ict_member *member = &group->members[m];
    long area = ict_names_find(g->plan.areas, member->iso3);
    int latest;
    if (area < 0 || !ict_member_in(member, members)) continue;
    ict_avail_series s = {indicator, breakdown, (size_t)area};
    add_country(g, s, year, ict_avail_people(weights, member->iso3, when), &latest, out);
    if (latest) work[n++] = latest;
  }
  if (!weights) out->people = out->people_any = NAN;
  if (year || n == 0) return;
  qsort(work, n, sizeof *work, by_number);
  out->median_latest = work[(n - 1) / 2];
}
