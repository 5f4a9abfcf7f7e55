/* aggregate.c - country values to values of groups.
 *
 * In: a result table of countries, weights, memberships. Out: a result table of groups.
 * Owns: the panel of the series at hand.
 *
 * Sums run over the members in the order of their file, so the bits do not depend on the input's.
 */
#include "group/aggregate.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "estimate/estimate.h"

/* What is said about a value; in the order of the alphabet, as flags are published. */
enum {
  COVERAGE_LOW,
  COVERAGE_OK,
  COVERAGE_TOO_LOW,
  IMPUTED_CARRY,
  IMPUTED_HOTDECK,
  IMPUTED_LINEAR,
  IMPUTED_REGRESSION,
  IMPUTED_TREND,
  SE_INCOMPLETE,
  TOTAL_POPULATION,
  N_FLAGS
};
static const char *const FLAGS[N_FLAGS][2] = {
    {"coverage_low", "enough of the group was measured to publish, not to call it complete"},
    {"coverage_ok", "the coverage rule is met"},
    {"coverage_too_low", "too little of the group was measured: not published"},
    {"imputed_carry", "with values carried forward from an earlier year"},
    {"imputed_hotdeck", "with means of countries of the same region and income"},
    {"imputed_linear", "with values interpolated between years"},
    {"imputed_regression", "with values regressed on covariates"},
    {"imputed_trend", "with values from the trend of the years before"},
    {"se_incomplete", "no standard error: some values in the mean have none"},
    {"total_population", "weighted by all people: the population table does not tell the class"},
};
static const int IMPUTED_FLAG[ICT_IMPUTE_KINDS] = {[ICT_IMPUTE_LINEAR] = IMPUTED_LINEAR,
                                                   [ICT_IMPUTE_CARRY] = IMPUTED_CARRY,
                                                   [ICT_IMPUTE_HOTDECK] = IMPUTED_HOTDECK,
                                                   [ICT_IMPUTE_TREND] = IMPUTED_TREND,
                                                   [ICT_IMPUTE_REGRESSION] = IMPUTED_REGRESSION};

/* One country in one year of the series at hand. */
typedef struct country {
  bool known;    /* has a population */
  bool measured; /* in the year */
  bool used;     /* measured or imputed */
  bool grouped;  /* a member of a group that is asked for */
  double people, weight, value, se;
  ict_imputed imputed;
} country;

typedef struct maker {
  const ict_group_request *request;
  const ict_series_split *split;
  const ict_table *values;
  ict_names areas;
  ict_arena *arena;
  size_t *region, *income; /* classes by area */
  country *countries;      /* by area: of the year at hand */
  ict_panel panel;
  ict_names unweighted; /* areas with a value and no population at all */
  ict_table *table;
  ict_err *err;
} maker;

/* ---- countries of a year -----------------------------------------------------------------------
 */

static ict_status no_population(const maker *m, const char *area, int year,
                                const ict_table_row *row) {
  ict_err_set(m->err, ICT_REFUSED, "no population of %s in %d", area, year);
  ict_err_expected(m->err,
                   "a row %s,%d of the population table, for indicator %s, sex %s, age %s, "
                   "urbanisation %s",
                   area, year, row->indicator, row->axes[0], row->axes[1], row->axes[2]);
  ict_err_fix(m->err, "add the row; a country that has no row in any year is left out");
  return ICT_REFUSED;
}

static void take_value(const maker *m, size_t area, int year, country *c) {
  const ict_panel_cell *cell = ict_panel_at(&m->panel, area, year);
  c->measured = cell->row != NULL;
  if (c->measured) {
    c->value = cell->value;
    c->se = cell->se;
    c->weight = m->request->by_denominator ? cell->denominator : c->people;
    c->used = true;
    return;
  }
  const ict_group_request *q = m->request;
  c->used =
      ict_impute_value(&m->panel, area, year, q->methods, q->n_methods, q->rules,
                       &(ict_donor_classes){m->region, m->income, q->covariates}, &c->imputed);
  c->value = c->imputed.value;
  c->se = c->imputed.se;
  c->weight = c->people;
}

static bool has_any_value(const maker *m, size_t area) {
  for (size_t y = 0; y < m->panel.n_years; y++)
    if (ict_panel_at(&m->panel, area, m->panel.first_year + (int)y)->row) return true;
  return false;
}

static ict_status take_countries(maker *m, int year, const ict_table_row *first) {
  const ict_group_request *q = m->request;
  for (size_t i = 0; i < m->areas.n; i++) {
    country *c = &m->countries[i];
    const char *area = m->areas.items[i].text;
    *c = (country){.people = NAN};
    c->known = ict_weights_knows(q->weights, area);
    if (!c->known) {
      if (has_any_value(m, i) && ict_names_add(&m->unweighted, area, NULL) < 0)
        return ict_err_memory(m->err);
      continue;
    }
    /* the weights' axes are the first three of every table */
    c->people = ict_weights_find(q->weights, area, year, first->axes);
    if (isnan(c->people)) return no_population(m, area, year, first);
    take_value(m, i, year, c);
    if (c->used && !(c->weight >= 0)) {
      ict_err_set(m->err, ICT_REFUSED, "%s has no denominator in %d: pop_weighted is empty", area,
                  year);
      ict_err_fix(m->err, "weight by population, or leave the value out");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

/* ---- a group -----------------------------------------------------------------------------------
 */

typedef struct mean {
  size_t members, measured, used, imputed;
  double all_people, measured_people;
  double w, wy, wse2; /* sums of weight, weight * value, (weight * se)^2 */
  bool some_se, every_se;
  bool flags[N_FLAGS];
} mean;

static void add_country(const country *c, mean *g) {
  g->members++;
  g->all_people += c->people;
  if (c->measured) {
    g->measured++;
    g->measured_people += c->people;
  }
  if (!c->used) return;
  g->used++;
  g->w += c->weight;
  g->wy += c->weight * c->value;
  if (!c->measured) {
    g->imputed++;
    g->flags[IMPUTED_FLAG[c->imputed.kind]] = true;
  }
  if (isnan(c->se)) {
    g->every_se = false;
    return;
  }
  g->wse2 += c->weight * c->se * (c->weight * c->se);
  if (c->measured) g->some_se = true;
}

static mean add_members(const maker *m, const ict_group *group, int year) {
  int members_of = m->request->membership ? m->request->membership : year;
  mean g = {.every_se = true};
  for (size_t i = 0; i < group->n; i++) {
    if (!ict_member_in(&group->members[i], members_of)) continue;
    country *c = &m->countries[ict_names_find(&m->areas, group->members[i].iso3)];
    if (!c->known) continue;
    c->grouped = true;
    add_country(c, &g);
  }
  return g;
}

static double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

static ict_coverage_verdict judge(const maker *m, mean *g) {
  static const int FLAG[] = {[ICT_COVERAGE_OK] = COVERAGE_OK,
                             [ICT_COVERAGE_LOW] = COVERAGE_LOW,
                             [ICT_COVERAGE_TOO_LOW] = COVERAGE_TOO_LOW};
  ict_coverage_verdict verdict =
      ict_coverage_judge(m->request->coverage, percent(g->measured_people, g->all_people),
                         percent((double)g->measured, (double)g->members));
  if (!(g->w > 0)) verdict = ICT_COVERAGE_TOO_LOW;
  g->flags[FLAG[verdict]] = true;
  return verdict;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void fill_value(const maker *m, const mean *g, ict_table_row *row) {
  row->estimate = g->wy / g->w;
  if (!g->every_se) return;
  row->se = sqrt(g->wse2) / g->w;
  row->cv = row->estimate != 0 ? 100 * row->se / fabs(row->estimate) : (double)NAN;
  double half = ict_quantile_normal(0.5 + m->request->level / 2) * row->se;
  row->ci_low = row->estimate - half;
  row->ci_high = row->estimate + half;
}

/* The series' own words; all numbers empty. */
static ict_table_row common_row(const ict_table_row *first) {
  return (ict_table_row){.indicator = first->indicator,
                         .item = first->item,
                         .series = first->series,
                         .axes = first->axes,
                         .composite_breakdown = first->composite_breakdown,
                         .estimate = NAN,
                         .unit_measure = first->unit_measure,
                         .unit_mult = first->unit_mult,
                         .se = NAN,
                         .cv = NAN,
                         .ci_low = NAN,
                         .ci_high = NAN,
                         .deff = NAN,
                         .df = NAN,
                         .pop_weighted = NAN,
                         .conf_status = ""};
}

static bool weighted_by_total(const maker *m, const ict_table_row *first) {
  for (size_t i = 0; i < ict_table_axes(m->values); i++) {
    bool told = i < ICT_WEIGHT_AXES && ict_weights_tells(m->request->weights, i);
    if (!told && strcmp(first->axes[i], ICT_TOTAL) != 0) return true;
  }
  return false;
}

static void join_flags(const bool *flags, ict_str *text) {
  for (size_t i = 0; i < N_FLAGS; i++)
    if (flags[i]) ict_str_addf(text, "%s%s", text->len ? ";" : "", FLAGS[i][0]);
}

static void say_source(const maker *m, const mean *g, ict_str *text) {
  const ict_group_request *q = m->request;
  ict_str_addf(text,
               "mean weighted by %s; measured: %zu of %zu countries, %.2f %% of population; "
               "imputed: %zu",
               q->by_denominator ? "denominator" : "population", g->measured, g->members,
               percent(g->measured_people, g->all_people), g->imputed);
  if (g->imputed > 0) ict_str_addf(text, " (%s)", q->methods_text);
  ict_str_addf(text, "; coverage rule %s", q->coverage_name);
  if (q->membership) ict_str_addf(text, "; members of %d", q->membership);
}

static ict_status add_group(maker *m, const ict_group *group, int year,
                            const ict_table_row *first) {
  char period[ICT_NUMBER_TEXT];
  ict_str flags, source;
  mean g = add_members(m, group, year);
  if (g.members == 0) return ICT_OK; /* no country of it has a population */
  ict_coverage_verdict verdict = judge(m, &g);
  ict_table_row row = common_row(first);
  ict_number_text(year, period);
  ict_str_init(&flags);
  ict_str_init(&source);
  if (verdict == ICT_COVERAGE_TOO_LOW) {
    for (int i = 0; i < ICT_IMPUTE_KINDS; i++) g.flags[IMPUTED_FLAG[i]] = false;
  } else {
    fill_value(m, &g, &row);
    g.flags[SE_INCOMPLETE] = g.some_se && !g.every_se;
    g.flags[TOTAL_POPULATION] = !m->request->by_denominator && weighted_by_total(m, first);
    row.pop_weighted = g.w;
  }
  join_flags(g.flags, &flags);
  say_source(m, &g, &source);
  row.ref_area = group->code;
  row.time_period = period;
  row.n_unweighted = g.measured;
  row.n_psu = g.used;
  row.n_strata = g.members;
  row.obs_status = verdict == ICT_COVERAGE_TOO_LOW ? "O" : g.imputed > 0 ? "I" : "A";
  row.nature = "G";
  row.flags = flags.text;
  row.source = source.text;
  ict_status st = flags.failed || source.failed ? ict_err_memory(m->err)
                                                : ict_table_add(m->table, &row, m->err);
  if (st == ICT_OK) st = ict_table_add_area(m->table, group->code, group->title, m->err);
  ict_str_done(&flags);
  ict_str_done(&source);
  return st;
}

static void say_imputed(const ict_imputed *v, ict_str *text) {
  ict_str_addf(text, "imputed: %s", ict_impute_name(v->kind));
  switch (v->kind) {
    case ICT_IMPUTE_CARRY:
      ict_str_addf(text, " from %d", v->from);
      break;
    case ICT_IMPUTE_LINEAR:
      ict_str_addf(text, " between %d and %d", v->from, v->until);
      break;
    case ICT_IMPUTE_HOTDECK:
      ict_str_addf(text, ", mean of %zu countries", v->donors);
      break;
    case ICT_IMPUTE_TREND:
      ict_str_addf(text, " of %zu years to %d", v->donors, v->until);
      break;
    case ICT_IMPUTE_REGRESSION:
      ict_str_addf(text, " over %zu countries", v->donors);
      break;
  }
}

static ict_status add_imputed(maker *m, const char *area, const country *c, int year,
                              const ict_table_row *first) {
  char period[ICT_NUMBER_TEXT];
  ict_str source;
  ict_str_init(&source);
  ict_table_row row = common_row(first);
  ict_number_text(year, period);
  say_imputed(&c->imputed, &source);
  row.ref_area = area;
  row.time_period = period;
  row.estimate = c->value;
  row.se = c->se;
  row.pop_weighted = c->weight;
  row.obs_status = "I";
  row.nature = "E";
  row.flags = FLAGS[IMPUTED_FLAG[c->imputed.kind]][0];
  row.source = source.text;
  ict_status st = source.failed ? ict_err_memory(m->err) : ict_table_add(m->table, &row, m->err);
  ict_str_done(&source);
  return st;
}

/* The countries that went into the groups. */
static ict_status add_countries(maker *m, int year, const ict_table_row *first) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < m->areas.n && st == ICT_OK; i++) {
    const country *c = &m->countries[i];
    if (!c->used || !c->grouped) continue;
    st = c->measured ? ict_table_add(m->table, ict_panel_at(&m->panel, i, year)->row, m->err)
                     : add_imputed(m, m->areas.items[i].text, c, year, first);
  }
  return st;
}

/* ---- the way through ---------------------------------------------------------------------------
 */

static ict_status add_year(maker *m, int year, const ict_table_row *first) {
  const ict_group_request *q = m->request;
  ict_status st = ict_groups_know(q->groups, q->membership ? q->membership : year, m->err);
  if (st == ICT_OK) st = take_countries(m, year, first);
  for (size_t i = 0; i < ict_groups_count(q->groups) && st == ICT_OK; i++)
    st = add_group(m, ict_groups_at(q->groups, i), year, first);
  if (st == ICT_OK && q->countries) st = add_countries(m, year, first);
  return st;
}

static bool any_measured(const maker *m, int year) {
  for (size_t i = 0; i < m->areas.n; i++)
    if (ict_panel_at(&m->panel, i, year)->row) return true;
  return false;
}

static ict_status refuse_number(const maker *m, const ict_table_row *row) {
  ict_err_set(m->err, ICT_REFUSED, "%s is a number (unit %s), and groups get means", row->indicator,
              row->unit_measure);
  ict_err_expected(m->err, "shares and rates");
  ict_err_fix(m->err, "choose other indicators with -i");
  return ICT_REFUSED;
}

static ict_status add_series(maker *m, size_t series) {
  const ict_group_request *q = m->request;
  const ict_table_row *first = m->split->rows[m->split->starts[series]];
  if (strcmp(first->unit_measure, "NUMBER") == 0) return refuse_number(m, first);
  ict_status st = ict_panel_fill(&m->panel, m->split, series, m->err);
  for (size_t i = 0; i < q->n_years && st == ICT_OK; i++) st = add_year(m, q->years[i], first);
  for (int y = m->split->first_year; q->n_years == 0 && y <= m->split->last_year; y++) {
    if (st == ICT_OK && any_measured(m, y)) st = add_year(m, y, first);
  }
  return st;
}

/* All areas there are: of the groups, and of the values. */
static ict_status take_areas(maker *m) {
  for (size_t g = 0; g < ict_groups_count(m->request->groups); g++) {
    const ict_group *group = ict_groups_at(m->request->groups, g);
    for (size_t i = 0; i < group->n; i++)
      if (ict_names_add(&m->areas, group->members[i].iso3, NULL) < 0) return ict_err_memory(m->err);
  }
  for (size_t i = 0; i < ict_table_rows(m->values); i++)
    if (ict_names_add(&m->areas, ict_table_row_at(m->values, i)->ref_area, NULL) < 0)
      return ict_err_memory(m->err);
  return ICT_OK;
}

/* Numbers of the classes by area. */
static ict_status take_class(maker *m, const char *set, size_t **out) {
  const ict_groups *classes = m->request->classes;
  *out = ict_arena_alloc(m->arena, m->areas.n, sizeof **out);
  if (!*out) return ict_err_memory(m->err);
  for (size_t i = 0; i < m->areas.n; i++) {
    const ict_group *of = classes ? ict_groups_of(classes, set, m->areas.items[i].text) : NULL;
    (*out)[i] = of ? (size_t)(of - ict_groups_at(classes, 0)) : ICT_NO_CLASS;
  }
  return ICT_OK;
}

static ict_status make_room(maker *m) {
  ict_status st = take_areas(m);
  if (st == ICT_OK) st = take_class(m, "sdg-region", &m->region);
  if (st == ICT_OK) st = take_class(m, "income", &m->income);
  if (st != ICT_OK) return st;
  m->countries = ict_arena_alloc(m->arena, m->areas.n, sizeof *m->countries);
  if (!m->countries) return ict_err_memory(m->err);
  return ict_panel_init(&m->panel, &m->areas, m->split->first_year, m->split->last_year, m->err);
}

static ict_status start_table(maker *m) {
  ict_status st = ICT_OK;
  for (size_t a = 0; a < ict_table_axes(m->values) && st == ICT_OK; a++)
    st = ict_table_add_axis(m->table, ict_table_axis_name(m->values, a), NULL, NULL, m->err);
  for (size_t i = 0; i < N_FLAGS && st == ICT_OK; i++)
    st = ict_table_add_flag(m->table, FLAGS[i][0], FLAGS[i][1], m->err);
  if (st != ICT_OK) return st;
  return ict_table_set_method(
      m->table, &(ict_method){"normal", "normal", m->request->level, "inf", "", ""}, m->err);
}

static ict_status tell_left_out(const maker *m, ict_findings *findings) {
  ict_err note;
  ict_str all;
  if (m->unweighted.n == 0) return ICT_OK;
  ict_str_init(&all);
  for (size_t i = 0; i < m->unweighted.n; i++)
    ict_str_addf(&all, "%s%s", i > 0 ? ", " : "", m->unweighted.items[i].text);
  ict_err_set(&note, ICT_OK, "left out, no population in any year: %s", all.text);
  ict_findings_add(findings, ICT_WARNING, &note);
  bool failed = all.failed;
  ict_str_done(&all);
  return failed ? ict_err_memory(m->err) : ICT_OK;
}

ict_status ict_group_table(const ict_table *values, const ict_group_request *request,
                           ict_table **out, ict_findings *findings, ict_err *err) {
  ict_status st = ICT_OK;
  ict_series_split split = {0};
  maker m = {.request = request, .split = &split, .values = values, .err = err};
  *out = NULL;
  m.arena = ict_arena_new();
  ict_names_init(&m.areas, m.arena);
  ict_names_init(&m.unweighted, m.arena);
  m.table = ict_table_new();
  if (!m.arena || !m.table) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_series_split_make(values, &split, err));
  ICT_TRY(done, st, make_room(&m));
  ICT_TRY(done, st, start_table(&m));
  for (size_t i = 0; i < split.n_series; i++) ICT_TRY(done, st, add_series(&m, i));
  ICT_TRY(done, st, tell_left_out(&m, findings));
  ICT_TRY(done, st, ict_table_sort(m.table, err));
  *out = m.table;
  m.table = NULL;
done:
  ict_table_free(m.table);
  ict_panel_done(&m.panel);
  ict_series_split_done(&split);
  ict_names_done(&m.areas);
  ict_names_done(&m.unweighted);
  ict_arena_free(m.arena);
  return st;
}
