/* trend.c - rounds of series to rows of a trend: fit, value, flag, in that order.
 *
 * In: tables of several periods. Out: one table of modelled rows.
 * Owns: nothing beyond the call.
 *
 * Measured and modelled values never share a table: a reader who adds up or plots what is here gets
 * models only, and each row says so (nature M). */
#include "run/trend.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/axis.h"
#include "estimate/estimate.h"
#include "estimate/trend.h"
#include "run/labels.h"
#include "run/method.h"

#define POOR_FIT 0.05 /* level of the chi-square test of the line */

/* The codes of the axis `trend`. */
enum { CHANGE, FIT, REQUIRED, GAP, PROJECTION };
static const ict_code CODES[] = {
    [CHANGE] = {"CHANGE", "Change per year", NULL},
    [FIT] = {"FIT", "Chi-square of the line", NULL},
    [REQUIRED] = {"REQUIRED", "Required per year", NULL},
    [GAP] = {"GAP", "Observed less required", NULL},
    [PROJECTION] = {"PROJECTION", "Projection", NULL},
};
static const ict_codelist CODELIST = {
    .id = "CL_TREND", .title = "Trend", .n = sizeof CODES / sizeof *CODES, .codes = CODES};

/* What is said about a series; in the order of the alphabet, as flags are published. */
enum {
  BORDER_ROUND,
  DEFINITION_DIFFERS,
  LINEAR,
  LOGISTIC,
  NO_DF,
  NO_SAMPLING_ERROR,
  NOT_A_SHARE,
  OFF_TRACK,
  ON_TRACK,
  POOR_FIT_FLAG,
  ROUND_MISSING,
  SERIES_BREAK,
  TARGET_REACHED,
  TRACK_UNCERTAIN,
  UNRELIABLE_ROUND,
  N_FLAGS
};
static const char *const FLAGS[N_FLAGS][2] = {
    {"border_round", "a share of 0 or 100 % entered as its empirical log odds"},
    {"definition_differs", "a round's question departs from the definition"},
    {"linear", "a straight line through the values"},
    {"logistic", "a straight line through the log odds"},
    {"no_df", "a round has no degrees of freedom: no interval"},
    {"no_sampling_error", "no round has a sampling error: neither has the line"},
    {"not_a_share", "values outside 0 to 100 %: linear"},
    {"off_track", "the observed change per year is not enough for the target"},
    {"on_track", "the observed change per year is enough for the target"},
    {"poor_fit", "the rounds are further from the line than their errors explain (5 %)"},
    {"round_missing", "a round without an estimate or a standard error is left out"},
    {"series_break", "only the rounds from the last break on"},
    {"target_reached", "the last round has reached the target"},
    {"track_uncertain", "the interval of observed less required change includes 0"},
    {"unreliable_round", "a round has observation status U"},
};

/* One series on its way to rows. */
typedef struct series {
  const ict_round *rounds; /* those that are used */
  size_t n;
  ict_trend_point *points;
  ict_trend fit;
  double scale; /* of the values: 100 where the fit has shares of 1 */
  bool flags[N_FLAGS];
} series;

typedef struct maker {
  const ict_rounds *rounds;
  const ict_catalog *catalog;
  const ict_trend_request *request;
  const ict_targets *targets;
  ict_table *table;
  double level;
  int to;
  size_t n_short, n_mixed; /* series without a trend, and why */
  ict_round *kept;         /* room for the rounds and points of the longest series */
  ict_trend_point *points;
  const char **codes; /* of all axes, and of `trend` */
  ict_err *err;
} maker;

/* ---- which rounds, which scale ----------------------------------------------------------------
 */

static bool is_status(const ict_table_row *row, const char *status) {
  return strcmp(row->obs_status, status) == 0;
}

/* From the last break on, those that have an estimate and its error. */
static void choose_rounds(maker *m, const ict_round *all, size_t n, series *s) {
  size_t first = 0;
  for (size_t i = 1; i < n; i++)
    if (is_status(all[i].row, "B")) first = i;
  s->flags[SERIES_BREAK] = first > 0;
  for (size_t i = first; i < n; i++) {
    const ict_table_row *row = all[i].row;
    if (!isfinite(row->estimate) || !(row->se >= 0)) {
      s->flags[ROUND_MISSING] = true;
      continue;
    }
    if (is_status(row, "D") || ict_text_lists(row->flags, FLAGS[DEFINITION_DIFFERS][0]))
      s->flags[DEFINITION_DIFFERS] = true;
    if (is_status(row, "U")) s->flags[UNRELIABLE_ROUND] = true;
    if (row->se > 0 && row->df <= 0) s->flags[NO_DF] = true;
    m->kept[s->n++] = all[i];
  }
  s->rounds = m->kept;
}

/* A class of the axis: in the catalogue, or in the rounds themselves. */
static bool is_class(const maker *m, size_t axis, const char *code, size_t len) {
  if (m->catalog && ict_catalog_has_axis_code(m->catalog, m->rounds->axes[axis], code, len))
    return true;
  for (size_t i = 0; i < m->rounds->n; i++) {
    const ict_round *r = &m->rounds->rounds[i];
    const size_t *axis_of = m->rounds->axis_of[r->table];
    for (size_t k = 0; axis_of[k] != SIZE_MAX; k++)
      if (axis_of[k] == axis && strncmp(r->row->axes[k], code, len) == 0 &&
          r->row->axes[k][len] == '\0')
        return true;
  }
  return false;
}

/* "F-M", "F/M": two classes compared, whose difference is no share though its unit is. */
static bool is_contrast(const maker *m) {
  for (size_t a = 0; a < m->rounds->n_axes; a++) {
    const char *code = m->codes[a] ? m->codes[a] : ICT_TOTAL;
    for (const char *at = strpbrk(code, "-/"); at; at = strpbrk(at + 1, "-/"))
      if (is_class(m, a, code, (size_t)(at - code)) && is_class(m, a, at + 1, strlen(at + 1)))
        return true;
  }
  return false;
}

static bool is_share(const maker *m, const ict_table_row *row) {
  if (m->request->scale != ICT_SCALE_AUTO) return m->request->scale == ICT_SCALE_LOGISTIC;
  if (row->unit_mult != 0 || is_contrast(m)) return false;
  if (strcmp(row->unit_measure, "PT") != 0 && strcmp(row->unit_measure, "PER_100_POP") != 0)
    return false;
  const ict_indicator *known = ict_catalog_find_id(m->catalog, row->indicator);
  if (known) return known->measure == ICT_PROPORTION && !known->contrast_of;
  return strcmp(row->unit_measure, "PT") == 0;
}

static bool choose_scale(const maker *m, series *s) {
  bool logistic = is_share(m, s->rounds[0].row);
  for (size_t i = 0; i < s->n && logistic; i++) {
    double y = s->rounds[i].row->estimate;
    if (y >= 0 && y <= 100) continue;
    s->flags[NOT_A_SHARE] = true;
    logistic = false;
  }
  s->flags[logistic ? LOGISTIC : LINEAR] = true;
  s->scale = logistic ? 100 : 1;
  return logistic;
}

static bool fit_series(const maker *m, series *s) {
  bool logistic = choose_scale(m, s);
  s->points = m->points;
  for (size_t i = 0; i < s->n; i++) {
    const ict_table_row *row = s->rounds[i].row;
    double deff = row->deff > 0 ? row->deff : 1;
    s->points[i] = (ict_trend_point){.t = s->rounds[i].t,
                                     .y = row->estimate / s->scale,
                                     .se = row->se / s->scale,
                                     .df = row->df,
                                     .n = (double)row->n_unweighted / deff};
  }
  bool ok = ict_trend_fit(s->points, s->n, logistic, &s->fit);
  s->flags[NO_SAMPLING_ERROR] = ok && ict_trend_slope(&s->fit).se == 0;
  s->flags[BORDER_ROUND] = s->fit.adjusted;
  s->flags[POOR_FIT_FLAG] = s->fit.p < POOR_FIT;
  return ok;
}

/* ---- the target --------------------------------------------------------------------------------
 */

typedef struct verdict {
  bool has;
  ict_target target;
  ict_trend_value required, gap;
} verdict;

static ict_status judge_target(const maker *m, series *s, verdict *v) {
  const ict_round *last = &s->rounds[s->n - 1];
  v->has = ict_targets_find(m->targets, last->row, m->rounds, m->codes, &v->target);
  if (!v->has) return ICT_OK;
  double by = v->target.by + 0.5, years = by - last->t; /* the middle of the year */
  if (years <= 0) {
    ict_err_set(m->err, ICT_USAGE, "the year of the target, %d, is not after the last round, %s",
                v->target.by, last->row->time_period);
    ict_err_fix(m->err, "give a later year");
    return ICT_USAGE;
  }
  double target = v->target.value / s->scale, y = s->points[s->n - 1].y;
  v->required = (ict_trend_value){(target - y) / years, s->points[s->n - 1].se / years,
                                  isnan(last->row->df) ? (double)INFINITY : last->row->df};
  v->gap = ict_trend_gap(&s->fit, target, by);
  if (v->target.at_most ? y <= target : y >= target) {
    s->flags[TARGET_REACHED] = true;
    return ICT_OK;
  }
  bool on = v->target.at_most ? v->gap.value <= 0 : v->gap.value >= 0;
  s->flags[on ? ON_TRACK : OFF_TRACK] = true;
  /* also where there is no interval, as the quantile is then NaN */
  s->flags[TRACK_UNCERTAIN] =
      v->gap.se > 0 &&
      !(fabs(v->gap.value) > ict_quantile_t(0.5 + m->level / 2, v->gap.df) * v->gap.se);
  return ICT_OK;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void join_flags(const series *s, ict_str *text) {
  for (size_t i = 0; i < N_FLAGS; i++)
    if (s->flags[i]) ict_str_addf(text, "%s%s", text->len ? ";" : "", FLAGS[i][0]);
}

/* Each survey once, in the order of the rounds. */
static void join_sources(const series *s, ict_str *text) {
  for (size_t i = 0; i < s->n; i++) {
    const char *source = s->rounds[i].row->source;
    bool told = source[0] == '\0';
    for (size_t k = 0; k < i; k++) told = told || strcmp(s->rounds[k].row->source, source) == 0;
    if (!told) ict_str_addf(text, "%s%s", text->len ? ";" : "", source);
  }
}

/* What all rows of a series have in common; the counts are what the line rests on. */
static ict_table_row common_row(const maker *m, const series *s) {
  const ict_table_row *last = s->rounds[s->n - 1].row;
  ict_table_row row = {.indicator = last->indicator,
                       .item = last->item,
                       .series = last->series,
                       .ref_area = last->ref_area,
                       .axes = m->codes,
                       .composite_breakdown = last->composite_breakdown,
                       .unit_mult = last->unit_mult,
                       .deff = NAN,
                       .pop_weighted = NAN,
                       .conf_status = "",
                       .nature = "M"};
  for (size_t i = 0; i < s->n; i++) {
    row.n_unweighted += s->rounds[i].row->n_unweighted;
    row.n_psu += s->rounds[i].row->n_psu;
    row.n_strata += s->rounds[i].row->n_strata;
  }
  return row;
}

static void fill_value(const series *s, ict_trend_value v, double low, double high,
                       ict_table_row *row) {
  row->estimate = v.value * s->scale;
  row->se = v.se * s->scale;
  row->cv = v.value != 0 ? 100 * v.se / fabs(v.value) : (double)NAN;
  row->ci_low = low * s->scale;
  row->ci_high = high * s->scale;
  row->df = v.df; /* infinite is written as nothing */
}

static void fill_rate(const maker *m, const series *s, ict_trend_value v, ict_table_row *row) {
  double half = v.se > 0 ? ict_quantile_t(0.5 + m->level / 2, v.df) * v.se : 0;
  fill_value(s, v, v.value - half, v.value + half, row);
}

typedef struct texts {
  ict_str flags, source, unit, span, ahead, to;
} texts;

static ict_status add(const maker *m, ict_table_row row, int code, const char *period,
                      const char *unit, const char *status) {
  m->codes[m->rounds->n_axes] = CODES[code].id;
  row.time_period = period;
  row.unit_measure = unit;
  row.obs_status = status;
  return ict_table_add(m->table, &row, m->err);
}

static ict_status add_fit(const maker *m, const series *s, ict_table_row row, const texts *t) {
  if (isnan(s->fit.chi2)) return ICT_OK;
  row.estimate = s->fit.chi2;
  row.se = row.cv = row.ci_low = row.ci_high = NAN;
  row.df = (double)(s->n - 2);
  row.unit_mult = 0;
  return add(m, row, FIT, t->span.text, "CHI2", "E");
}

static ict_status add_projection(const maker *m, const series *s, ict_table_row row,
                                 const texts *t) {
  double low, high;
  ict_trend_value v = ict_trend_at(&s->fit, m->to + 0.5, m->level, &low, &high);
  fill_value(s, v, low, high, &row);
  return add(m, row, PROJECTION, t->to.text, s->rounds[0].row->unit_measure, "F");
}

static ict_status add_target(const maker *m, const series *s, const verdict *v, ict_table_row row,
                             const texts *t) {
  fill_rate(m, s, v->required, &row);
  ict_status st = add(m, row, REQUIRED, t->ahead.text, t->unit.text, "E");
  if (st != ICT_OK) return st;
  fill_rate(m, s, v->gap, &row);
  return add(m, row, GAP, t->ahead.text, t->unit.text, "E");
}

static ict_status add_rows(const maker *m, const series *s, const verdict *v, texts *t) {
  const ict_table_row *first = s->rounds[0].row, *last = s->rounds[s->n - 1].row;
  join_flags(s, &t->flags);
  join_sources(s, &t->source);
  ict_str_addf(&t->unit, "%s%sPER_YEAR", first->unit_measure, first->unit_measure[0] ? "_" : "");
  ict_str_addf(&t->span, "%s/%s", first->time_period, last->time_period);
  ict_str_addf(&t->ahead, "%s/%d", last->time_period, v->target.by);
  ict_str_addf(&t->to, "%d", m->to);
  if (t->flags.failed || t->source.failed || t->unit.failed || t->span.failed || t->ahead.failed ||
      t->to.failed)
    return ict_err_memory(m->err);
  ict_table_row row = common_row(m, s);
  row.flags = t->flags.text;
  row.source = t->source.text;
  fill_rate(m, s, ict_trend_change(&s->fit), &row);
  ict_status st = add(m, row, CHANGE, t->span.text, t->unit.text, "E");
  if (st == ICT_OK) st = add_fit(m, s, row, t);
  if (st == ICT_OK && v->has) st = add_target(m, s, v, row, t);
  if (st == ICT_OK) st = add_projection(m, s, row, t);
  return st;
}

static ict_status check_year(const maker *m, const series *s) {
  const ict_round *last = &s->rounds[s->n - 1];
  if (m->to + 0.5 > last->t) return ICT_OK;
  ict_err_set(m->err, ICT_USAGE, "the projection to %d is not after the last round, %s", m->to,
              last->row->time_period);
  ict_err_fix(m->err, "give a later year: --to %d", (int)last->t + 5);
  return ICT_USAGE;
}

static ict_status make_series(maker *m, const ict_round *all, size_t n) {
  series s = {0};
  verdict v = {0};
  texts t;
  choose_rounds(m, all, n, &s);
  if (s.n < 2) {
    m->n_short++;
    return ICT_OK;
  }
  ict_rounds_codes(m->rounds, &s.rounds[s.n - 1], m->codes);
  ict_status st = check_year(m, &s);
  if (st != ICT_OK) return st;
  if (!fit_series(m, &s)) {
    m->n_mixed++;
    return ICT_OK;
  }
  st = judge_target(m, &s, &v);
  if (st != ICT_OK) return st;
  ict_str *const all_texts[] = {&t.flags, &t.source, &t.unit, &t.span, &t.ahead, &t.to};
  for (size_t i = 0; i < sizeof all_texts / sizeof *all_texts; i++) ict_str_init(all_texts[i]);
  st = add_rows(m, &s, &v, &t);
  for (size_t i = 0; i < sizeof all_texts / sizeof *all_texts; i++) ict_str_done(all_texts[i]);
  return st;
}

/* ---- the way through ---------------------------------------------------------------------------
 */

static ict_status prepare(maker *m) {
  const ict_rounds *r = m->rounds;
  size_t longest = 0;
  for (size_t i = 0, next; i < r->n; i = next) {
    next = ict_rounds_next_series(r, i);
    if (next - i > longest) longest = next - i;
  }
  m->kept = ict_alloc(longest, sizeof *m->kept);
  m->points = ict_alloc(longest, sizeof *m->points);
  m->codes = ict_alloc(r->n_axes + 1, sizeof *m->codes);
  if (!m->kept || !m->points || !m->codes) return ict_err_memory(m->err);
  ict_status st = ict_rounds_table(r, m->level, ICT_TREND_AXIS, &CODELIST, &m->table, m->err);
  for (size_t i = 0; i < N_FLAGS && st == ICT_OK; i++)
    st = ict_table_add_flag(m->table, FLAGS[i][0], FLAGS[i][1], m->err);
  return st;
}

static ict_status refuse_single(const maker *m, size_t n_tables) {
  ict_err_set(m->err, ICT_REFUSED,
              "no series has two rounds with an estimate and a standard error");
  ict_err_expected(m->err, "the same indicator, area and breakdown in two or more periods");
  ict_err_fix(m->err, n_tables < 2 ? "give the tables of at least two rounds"
                                   : "check that the tables have areas and breakdowns in common");
  return ICT_REFUSED;
}

static void tell(const maker *m, ict_findings *findings) {
  ict_err note = {0};
  if (m->n_short > 0) {
    ict_err_set(&note, ICT_OK,
                "series without a trend, as they have fewer than two rounds to compare: %zu",
                m->n_short);
    ict_findings_add(findings, ICT_WARNING, &note);
  }
  if (m->n_mixed > 0) {
    ict_err_set(
        &note, ICT_OK,
        "series without a trend, as some of their rounds have an SE of 0 and others not: %zu",
        m->n_mixed);
    ict_findings_add(findings, ICT_WARNING, &note);
  }
}

ict_status ict_trend_table(const ict_table *const *tables, const char *const *names, size_t n,
                           const ict_catalog *catalog, const ict_trend_request *request,
                           ict_table **out, ict_findings *findings, ict_err *err) {
  ict_rounds rounds = {0};
  ict_targets *targets = NULL;
  maker m = {.rounds = &rounds,
             .catalog = catalog,
             .request = request,
             .level = ict_level(request->level),
             .to = request->to ? request->to : 2030,
             .err = err};
  ict_status st;
  *out = NULL;
  ICT_TRY(done, st, ict_rounds_collect(tables, names, n, &rounds, err));
  ICT_TRY(done, st, ict_targets_new(request->target, m.to, &rounds, &targets, err));
  m.targets = targets;
  ICT_TRY(done, st, prepare(&m));
  for (size_t i = 0, next; i < rounds.n; i = next) {
    next = ict_rounds_next_series(&rounds, i);
    ICT_TRY(done, st, make_series(&m, &rounds.rounds[i], next - i));
  }
  if (ict_table_rows(m.table) == 0) {
    st = refuse_single(&m, n);
    goto done;
  }
  if (catalog) ICT_TRY(done, st, ict_table_add_labels(m.table, catalog, err));
  ICT_TRY(done, st, ict_table_sort(m.table, err));
  tell(&m, findings);
  *out = m.table;
  m.table = NULL;
done:
  ict_table_free(m.table);
  ict_targets_free(targets);
  ict_free(m.kept);
  ict_free(m.points);
  ict_free(m.codes);
  ict_rounds_done(&rounds);
  return st;
}
