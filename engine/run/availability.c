/* availability.c - tables to what there is of what is expected: tables, expectations, groups,
 * people, grid, in that order.
 *
 * In: paths and words. Out: an availability. Owns: all that it points to but the catalogue. */
#include "run/availability.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "run/population.h"

#define RECENT 3

typedef struct maker {
  const ict_availability_request *q;
  ict_availability *v;
  ict_findings *findings;
  ict_err *err;
} maker;

/* ---- tables ------------------------------------------------------------------------------------
 */

static ict_status read_tables(maker *m) {
  ict_availability *v = m->v;
  ict_status st = ict_judge_set_init(&v->set, v->catalog, v->countries, m->err);
  v->tables = ict_alloc(m->q->n_tables, sizeof *v->tables);
  if (st == ICT_OK && !v->tables) st = ict_err_memory(m->err);
  for (size_t i = 0; i < m->q->n_tables && st == ICT_OK; i++) {
    st = ict_table_read_csv(m->q->tables[i], &v->tables[i], m->err);
    v->n_tables++;
    if (st == ICT_OK) st = ict_judge_set_axes(&v->set, v->tables[i], m->err);
  }
  for (size_t i = 0; i < v->n_tables && st == ICT_OK; i++)
    st = ict_judge_set_add(&v->set, v->tables[i], NULL, "", false, m->err);
  return st;
}

/* ---- indicators --------------------------------------------------------------------------------
 */

static ict_status expect(maker *m, const char *id) {
  return ict_names_add(&m->v->indicators, id, NULL) < 0 ? ict_err_memory(m->err) : ICT_OK;
}

/* An entry that others answer stands for these. Not expected: what cannot be computed, and other
 * ways to the figures of an entry (from counts, from operators), whose items have that one's
 * series. */
static ict_status expect_entry(maker *m, const ict_indicator *entry) {
  ict_status st = ICT_OK;
  if (entry->not_computable) return ICT_OK;
  if (entry->n_items > 0 && !entry->series[0] && entry->items[0].series) return ICT_OK;
  if (entry->n_answers == 0) return expect(m, entry->id);
  for (size_t i = 0; i < entry->n_answers && st == ICT_OK; i++)
    st = expect(m, entry->answers[i]->id);
  return st;
}

static ict_status expect_framework(maker *m, const char *framework) {
  ict_status st = ICT_OK;
  bool any = false;
  for (size_t i = 0; i < ict_catalog_indicators(m->v->catalog) && st == ICT_OK; i++) {
    const ict_indicator *entry = ict_catalog_indicator_at(m->v->catalog, i);
    if (strcmp(entry->framework, framework) != 0) continue;
    any = true;
    st = expect_entry(m, entry);
  }
  if (any || st != ICT_OK) return st;
  ict_err_set(m->err, ICT_USAGE, "no indicator in framework '%s'", framework);
  ict_err_fix(m->err, "`ictstat list` shows the frameworks");
  return ICT_USAGE;
}

static ict_status find_indicators(maker *m) {
  const ict_availability_request *q = m->q;
  ict_availability *v = m->v;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < q->n_indicators && st == ICT_OK; i++) {
    const ict_indicator *entry = ict_catalog_find_indicator(v->catalog, q->indicators[i]);
    st = entry ? expect_entry(m, entry)
               : ict_catalog_no_indicator(v->catalog, q->indicators[i], m->err);
  }
  if (st == ICT_OK && q->framework) st = expect_framework(m, q->framework);
  bool told = q->n_indicators > 0 || q->framework;
  for (size_t i = 0; i < v->set.n && st == ICT_OK && !told; i++)
    st = expect(m, v->set.rows[i].row->indicator);
  v->ids = ict_arena_alloc(v->arena, v->indicators.n, sizeof *v->ids);
  v->series = ict_arena_alloc(v->arena, v->indicators.n, sizeof *v->series);
  if (st == ICT_OK && (!v->ids || !v->series)) st = ict_err_memory(m->err);
  for (size_t i = 0; i < v->indicators.n && st == ICT_OK; i++) {
    v->ids[i] = v->indicators.items[i].text;
    const ict_indicator *known = ict_catalog_find_id(v->catalog, v->ids[i]);
    v->series[i] = known ? known->series : "";
  }
  return st;
}

/* ---- breakdowns --------------------------------------------------------------------------------
 */

static ict_status no_axis(const maker *m, const char *name) {
  size_t n = m->v->set.axes.n;
  const char **names = ict_arena_alloc(m->v->arena, n, sizeof *names);
  for (size_t i = 0; names && i < n; i++) names[i] = m->v->set.axes.items[i].text;
  const char *near = names ? ict_text_nearest(name, names, n) : NULL;
  ict_err_set(m->err, ICT_USAGE, "no axis '%s' in the tables", name);
  ict_err_expected(m->err, "sex, age, urbanisation, education_lev, or another column of theirs");
  if (near)
    ict_err_fix(m->err, "write '%s'", near);
  else
    ict_err_fix(m->err, "name the axis alone: --by age, whatever its classes");
  return ICT_USAGE;
}

static ict_status read_breakdown(maker *m, const char *text, ict_avail_breakdown *out) {
  ict_arena *arena = m->v->arena;
  char *copy = ict_arena_strdup(arena, text), *rest;
  const char **axes = ict_arena_alloc(arena, m->v->set.axes.n + 1, sizeof *axes);
  out->text = ict_arena_strdup(arena, text);
  out->axes = axes;
  if (!copy || !axes || !out->text) return ict_err_memory(m->err);
  for (char *axis = strtok_r(copy, ",", &rest); axis; axis = strtok_r(NULL, ",", &rest)) {
    if (ict_names_find(&m->v->set.axes, axis) < 0) return no_axis(m, axis);
    for (size_t k = 0; k < out->n; k++)
      if (strcmp(out->axes[k], axis) == 0) {
        ict_err_set(m->err, ICT_USAGE, "the axis '%s' twice in '%s'", axis, text);
        ict_err_fix(m->err, "name it once");
        return ICT_USAGE;
      }
    axes[out->n++] = axis;
  }
  if (out->n > 0) return ICT_OK;
  ict_err_set(m->err, ICT_USAGE, "no axis in '%s'", text);
  ict_err_fix(m->err, "write --by sex, or --by sex,age");
  return ICT_USAGE;
}

static ict_status find_breakdowns(maker *m, ict_avail_plan *plan) {
  ict_avail_breakdown *list = ict_arena_alloc(m->v->arena, m->q->n_by + 1, sizeof *list);
  ict_status st = list ? ICT_OK : ict_err_memory(m->err);
  if (st == ICT_OK) list[0].text = "total";
  for (size_t i = 0; i < m->q->n_by && st == ICT_OK; i++)
    st = read_breakdown(m, m->q->by[i], &list[i + 1]);
  plan->breakdowns = list;
  plan->n_breakdowns = m->q->n_by + 1;
  return st;
}

/* ---- countries, groups, people -----------------------------------------------------------------
 */

static ict_status expect_area(maker *m, const char *iso3) {
  if (!ict_countries_m49(m->v->countries, iso3)) {
    ict_err_set(m->err, ICT_USAGE, "no country '%s'", iso3);
    ict_err_expected(m->err, "ISO 3166-1 alpha-3 codes as in datasets/countries.csv");
    ict_err_fix(m->err, "write --areas KEN,UGA");
    return ICT_USAGE;
  }
  const char *name = ict_countries_name(m->v->countries, iso3);
  return ict_names_add(&m->v->areas, iso3, name) < 0 ? ict_err_memory(m->err) : ICT_OK;
}

static int by_label(const void *a, const void *b, void *countries) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  const char *p = ict_countries_name(countries, x), *q = ict_countries_name(countries, y);
  int order = strcmp(p ? p : x, q ? q : y);
  return order ? order : strcmp(x, y);
}

/* All of them, by name. */
static ict_status expect_world(maker *m) {
  static const char *const WORLD[] = {"world"};
  ict_groups *world;
  ict_status st = ict_groups_load(WORLD, 1, &world, m->err);
  for (size_t i = 0; st == ICT_OK && i < ict_groups_count(world); i++) {
    const ict_group *group = ict_groups_at(world, i);
    const char **codes = ict_arena_alloc(m->v->arena, group->n, sizeof *codes);
    if (!codes) st = ict_err_memory(m->err);
    for (size_t k = 0; codes && k < group->n; k++) codes[k] = group->members[k].iso3;
    if (codes) qsort_r(codes, group->n, sizeof *codes, by_label, m->v->countries);
    for (size_t k = 0; k < group->n && st == ICT_OK; k++) st = expect_area(m, codes[k]);
  }
  ict_groups_free(world);
  return st;
}

/* Countries that no group has would be nowhere: they are told. */
static ict_status find_areas(maker *m) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < m->q->n_areas && st == ICT_OK; i++) st = expect_area(m, m->q->areas[i]);
  if (m->q->n_areas == 0) st = expect_world(m);
  ict_names told;
  ict_names_init(&told, m->v->arena);
  for (size_t i = 0; i < m->v->set.n && st == ICT_OK; i++) {
    const ict_judge_row *row = &m->v->set.rows[i];
    const char *area = row->row->ref_area;
    if (ict_names_find(&m->v->areas, area) >= 0 || ict_names_find(&told, area) >= 0) continue;
    if (ict_names_add(&told, area, NULL) < 0) st = ict_err_memory(m->err);
    ict_err note;
    ict_err_set(&note, ICT_OK, "%s is not among the expected countries and left out", area);
    bool group = ict_names_find(&m->v->set.groups, area) >= 0;
    if (!group && m->q->n_areas == 0) ict_findings_add(m->findings, ICT_WARNING, &note);
  }
  ict_names_done(&told);
  return st;
}

/* Countries that were named are one group where no set is. */
static ict_status named_group(maker *m) {
  ict_availability *v = m->v;
  ict_group *group = ict_arena_alloc(v->arena, 1, sizeof *group);
  ict_member *members = ict_arena_alloc(v->arena, v->areas.n, sizeof *members);
  v->groups = ict_arena_alloc(v->arena, 1, sizeof *v->groups);
  if (!group || !members || !v->groups) return ict_err_memory(m->err);
  for (size_t i = 0; i < v->areas.n; i++) members[i].iso3 = v->areas.items[i].text;
  *group = (ict_group){"areas", "areas", "The countries asked for", members, v->areas.n};
  v->groups[v->n_groups++] = group;
  return ICT_OK;
}

static ict_status load_groups(maker *m, int first, int last) {
  static const char *const WORLD[] = {"world"};
  ict_availability *v = m->v;
  const char *const *sets = m->q->n_groups ? m->q->groups : WORLD;
  ict_status st = ict_groups_load(sets, m->q->n_groups ? m->q->n_groups : 1, &v->sets, m->err);
  if (m->q->membership) first = last = m->q->membership;
  for (int year = first; year <= last && st == ICT_OK; year++)
    st = ict_groups_know(v->sets, year, m->err);
  if (st != ICT_OK) return st;
  v->groups = ict_arena_alloc(v->arena, ict_groups_count(v->sets), sizeof *v->groups);
  if (!v->groups) return ict_err_memory(m->err);
  while (v->n_groups < ict_groups_count(v->sets)) {
    v->groups[v->n_groups] = ict_groups_at(v->sets, v->n_groups);
    v->n_groups++;
  }
  return ICT_OK;
}

static ict_status find_groups(maker *m, int first, int last) {
  ict_availability *v = m->v;
  size_t most = 0;
  bool named = m->q->n_areas > 0 && m->q->n_groups == 0;
  ict_status st = named ? named_group(m) : load_groups(m, first, last);
  for (size_t i = 0; i < v->n_groups; i++)
    if (v->groups[i]->n > most) most = v->groups[i]->n;
  if (st != ICT_OK) return st;
  v->work = ict_arena_alloc(v->arena, most, sizeof *v->work);
  return v->work ? ICT_OK : ict_err_memory(m->err);
}

static ict_status find_people(maker *m) {
  if (!m->q->population) return ICT_OK;
  ict_availability *v = m->v;
  ict_status st = ict_population_read(m->q->population, v->countries, &v->weights, m->err);
  ict_str list;
  size_t n = 0;
  ict_str_init(&list);
  for (size_t i = 0; i < v->areas.n && st == ICT_OK; i++) {
    if (ict_weights_knows(v->weights, v->areas.items[i].text)) continue;
    ict_str_addf(&list, "%s%s", n++ ? ", " : "", v->areas.items[i].text);
  }
  if (st == ICT_OK && n > 0) {
    ict_err note;
    ict_err_set(&note, ICT_OK, "no population of %zu expected countr%s, which count%s as none: %s",
                n, n == 1 ? "y" : "ies", n == 1 ? "s" : "", list.text);
    ict_findings_add(m->findings, ICT_WARNING, &note);
  }
  ict_str_done(&list);
  return st;
}

/* ---- years, and the way through ----------------------------------------------------------------
 */

static ict_status find_years(const maker *m, ict_avail_plan *plan) {
  plan->first_year = m->q->first_year;
  plan->last_year = m->q->last_year;
  for (size_t i = 0; i < m->v->set.n; i++) {
    int year = m->v->set.rows[i].year;
    if (!year || m->v->set.rows[i].derived) continue;
    if (!m->q->first_year && (!plan->first_year || year < plan->first_year))
      plan->first_year = year;
    if (!m->q->last_year && year > plan->last_year) plan->last_year = year;
  }
  if (plan->first_year && plan->first_year <= plan->last_year) return ICT_OK;
  ict_err_set(m->err, ICT_REFUSED, "no row of the tables has a year");
  ict_err_expected(m->err, "time_period with a year, 2016");
  ict_err_fix(m->err, "check the tables, or say --years 2015-2024");
  return ICT_REFUSED;
}

static ict_status make(maker *m) {
  ict_availability *v = m->v;
  ict_avail_plan plan = {.areas = &v->areas,
                         .recent = m->q->recent ? m->q->recent : RECENT,
                         .membership = m->q->membership};
  ict_status st = ict_countries_load(&v->countries, m->err);
  if (st == ICT_OK) st = read_tables(m);
  if (st == ICT_OK) st = find_indicators(m);
  if (st == ICT_OK) st = find_breakdowns(m, &plan);
  if (st == ICT_OK) st = find_years(m, &plan);
  if (st == ICT_OK) st = find_areas(m);
  if (st == ICT_OK) st = find_groups(m, plan.first_year, plan.last_year);
  if (st == ICT_OK) st = find_people(m);
  plan.indicators = v->ids;
  plan.series = v->series;
  plan.n_indicators = v->indicators.n;
  return st == ICT_OK ? ict_avail_make(&plan, &v->set, &v->grid, m->err) : st;
}

ict_status ict_availability_make(const ict_catalog *catalog,
                                 const ict_availability_request *request, ict_availability **out,
                                 ict_findings *findings, ict_err *err) {
  *out = NULL;
  ict_availability *v = ict_alloc(1, sizeof *v);
  if (!v) return ict_err_memory(err);
  v->arena = ict_arena_new();
  v->catalog = catalog;
  ict_names_init(&v->indicators, v->arena);
  ict_names_init(&v->areas, v->arena);
  maker m = {request, v, findings, err};
  ict_status st = v->arena ? make(&m) : ict_err_memory(err);
  if (st == ICT_OK)
    *out = v;
  else
    ict_availability_free(v);
  return st;
}

void ict_availability_free(ict_availability *v) {
  if (!v) return;
  ict_avail_done(&v->grid);
  ict_names_done(&v->indicators);
  ict_names_done(&v->areas);
  ict_judge_set_done(&v->set);
  for (size_t i = 0; i < v->n_tables; i++) ict_table_free(v->tables[i]);
  ict_free(v->tables);
  ict_weights_free(v->weights);
  ict_groups_free(v->sets);
  ict_countries_free(v->countries);
  ict_arena_free(v->arena);
  ict_free(v);
}

/* ---- gaps --------------------------------------------------------------------------------------
 */

static size_t place(const ict_availability *v, const ict_avail_gap *g) {
  const ict_avail_plan *p = &v->grid.plan;
  return (g->series.indicator * p->n_breakdowns + g->series.breakdown) * p->areas->n +
         g->series.area;
}

static int by_people(const void *a, const void *b, void *ctx) {
  const ict_avail_gap *x = a, *y = b;
  double px = isfinite(x->people) ? x->people : -1, py = isfinite(y->people) ? y->people : -1;
  if (px != py) return px > py ? -1 : 1;
  size_t i = place(ctx, x), k = place(ctx, y);
  return i < k ? -1 : i > k;
}

/* Whether a group shows the country in the last year: else it is not expected. */
static bool is_expected(const ict_availability *v, const char *iso3) {
  const ict_avail_plan *p = &v->grid.plan;
  int year = p->membership ? p->membership : p->last_year;
  for (size_t i = 0; i < v->n_groups; i++) {
    const ict_group *group = v->groups[i];
    for (size_t k = 0; k < group->n; k++)
      if (strcmp(group->members[k].iso3, iso3) == 0 && ict_member_in(&group->members[k], year))
        return true;
  }
  return false;
}

ict_status ict_avail_gaps(const ict_availability *v, ict_avail_gap **out, size_t *n, ict_err *err) {
  const ict_avail_plan *p = &v->grid.plan;
  ict_avail_gap *list = ict_alloc(p->n_indicators * p->n_breakdowns * p->areas->n, sizeof *list);
  *n = 0;
  *out = list;
  if (!list) return ict_err_memory(err);
  for (size_t a = 0; a < p->areas->n; a++) {
    const char *iso3 = p->areas->items[a].text;
    if (!is_expected(v, iso3)) continue;
    double people = ict_avail_people(v->weights, iso3, p->last_year);
    for (size_t k = 0; k < p->n_indicators * p->n_breakdowns; k++) {
      ict_avail_series s = {k / p->n_breakdowns, k % p->n_breakdowns, a};
      int latest = ict_avail_latest(&v->grid, s);
      if (latest >= p->last_year - p->recent && latest) continue;
      if (!latest) latest = ict_avail_before(&v->grid, s);
      list[(*n)++] = (ict_avail_gap){s, latest, people};
    }
  }
  qsort_r(list, *n, sizeof *list, by_people, (void *)(uintptr_t)v);
  return ICT_OK;
}
