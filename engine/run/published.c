/* published.c - published values: from the store's observations to rows of the result.
 *
 * In: the unit `observation`, a request. Out: rows, with the source, status, nature and standard
 * error that the table gave; and the part of the request that is left to compute.
 * A limit that was not published is not made up here: without it the columns stay empty. */
#include "run/published.h"

#include <math.h>
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "data/countries.h"
#include "plan/by.h"
#include "run/labels.h"
#include "run/published_contrast.h"

#define MOST_AXES 64
#define FLAG      "published"

typedef struct axis {
  const char *name;
  size_t column;
} axis;

struct ict_published {
  const ict_frame *frame;
  const ict_catalog *catalog;
  const char *survey;
  long area, period, kind, series, item, unit, status, nature, source;
  long value, se, ci_low, ci_high, n, unit_mult;
  size_t n_axes;
  axis axes[MOST_AXES];
  bool *there, *asked; /* by code of `series`: published at all; asked for */
  bool every_breakdown;
  ict_by by;
  ict_arena *arena;
  const char **left;            /* indicators of the request that are not here */
  const char *const *contrasts; /* NULL: those of the request are computed, not of these values */
  size_t n_contrasts;
};

bool ict_published_is_unit(const char *unit) { return strcmp(unit, ICT_OBSERVATION) == 0; }

/* ---- reading the frame -------------------------------------------------------------------- */

/* "" where it is missing. */
static const char *text_at(const ict_published *p, long variable, size_t row) {
  return variable < 0 ? "" : ict_frame_code(p->frame, (size_t)variable, row);
}

static double number_at(const ict_published *p, long variable, size_t row) {
  ict_missing kind = ICT_MISSING;
  double x = variable < 0 ? 0
                          : ict_column_number(&p->frame->schema->vars[variable],
                                              p->frame->columns[variable], row, &kind);
  return kind == ICT_PRESENT ? x : (double)NAN;
}

static bool is_published(const ict_published *p, size_t row) {
  return strcmp(text_at(p, p->kind, row), "published") == 0;
}

static ict_status bind(ict_published *p, ict_err *err) {
  const ict_schema *schema = p->frame->schema;
  static const char *const NAMES[] = {
      ICT_VAR_AREA, ICT_VAR_PERIOD, ICT_OBS_KIND,    ICT_OBS_SERIES, ICT_OBS_ITEM,
      ICT_OBS_UNIT, ICT_OBS_STATUS, ICT_OBS_NATURE,  ICT_OBS_SOURCE, ICT_OBS_VALUE,
      ICT_OBS_SE,   ICT_OBS_CI_LOW, ICT_OBS_CI_HIGH, ICT_OBS_N,      ICT_OBS_UNIT_MULT};
  long *const to[] = {&p->area, &p->period, &p->kind,    &p->series, &p->item,
                      &p->unit, &p->status, &p->nature,  &p->source, &p->value,
                      &p->se,   &p->ci_low, &p->ci_high, &p->n,      &p->unit_mult};
  for (size_t i = 0; i < sizeof to / sizeof *to; i++) *to[i] = ict_schema_find(schema, NAMES[i]);
  for (size_t i = 0; i < schema->n && p->n_axes < MOST_AXES; i++)
    if (ict_text_starts(schema->vars[i].name, ICT_OBS_AXIS))
      p->axes[p->n_axes++] = (axis){schema->vars[i].name + strlen(ICT_OBS_AXIS), i};
  if (p->kind >= 0 && p->series >= 0 && p->value >= 0) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "the unit '" ICT_OBSERVATION "' is not one of a statistical table");
  ict_err_expected(err, "the variables series_kind, series and value");
  ict_err_fix(err, "import the table again; units of a mapping cannot have this name");
  return ICT_REFUSED;
}

/* ---- the request -------------------------------------------------------------------------- */

/* Asks for the series that the word means: an id, an SDMX series, or an entry that others answer.
 * False where none of them is published. */
static bool ask(ict_published *p, const char *word) {
  const ict_codelist *codes = p->frame->schema->vars[p->series].codes;
  const ict_indicator *known = ict_catalog_find_indicator(p->catalog, word);
  bool any = false;
  for (size_t i = 0; i < codes->n; i++) {
    const char *id = codes->codes[i].id;
    bool is = strcmp(id, word) == 0 || (known && strcmp(id, known->id) == 0);
    for (size_t k = 0; known && k < known->n_answers; k++)
      is = is || strcmp(id, known->answers[k]->id) == 0;
    if (!is || !p->there[i]) continue;
    any = p->asked[i] = true;
  }
  return any;
}

static ict_status take_indicators(ict_published *p, const ict_request *request, ict_request *rest,
                                  ict_err *err) {
  const ict_codelist *codes = p->frame->schema->vars[p->series].codes;
  p->there = ict_arena_alloc(p->arena, codes->n, sizeof *p->there);
  p->asked = ict_arena_alloc(p->arena, codes->n, sizeof *p->asked);
  p->left = ict_arena_alloc(p->arena, request->n_indicators, sizeof *p->left);
  if (!p->there || !p->asked || !p->left) return ict_err_memory(err);
  for (size_t i = 0; i < p->frame->n_rows; i++)
    if (is_published(p, i)) p->there[(size_t)number_at(p, p->series, i)] = true;
  if (request->n_indicators == 0) {
    memcpy(p->asked, p->there, codes->n * sizeof *p->asked);
    return ICT_OK;
  }
  rest->n_indicators = 0;
  rest->indicators = p->left;
  for (size_t i = 0; i < request->n_indicators; i++)
    if (!ask(p, request->indicators[i])) p->left[rest->n_indicators++] = request->indicators[i];
  return ICT_OK;
}

static const char *axis_of(const ict_published *p, const ict_by_axis *by) {
  const ict_concept *c = ict_catalog_find_concept(p->catalog, by->name);
  return c && c->axis ? c->axis : by->name;
}

static ict_status take_breakdowns(ict_published *p, const ict_request *request, bool alone,
                                  ict_err *err) {
  p->every_breakdown = request->n_by == 0;
  ict_status st = ict_by_parse(request->by, request->n_by, p->arena, &p->by, err);
  for (size_t i = 0; i < p->by.n_axes && st == ICT_OK && alone; i++) {
    bool there = false;
    for (size_t a = 0; a < p->n_axes; a++)
      there = there || strcmp(p->axes[a].name, axis_of(p, &p->by.axes[i])) == 0;
    if (there) continue;
    ict_str s;
    ict_str_init(&s);
    for (size_t a = 0; a < p->n_axes; a++) ict_str_addf(&s, "%s%s", a ? ", " : "", p->axes[a].name);
    st = ict_err_set(err, ICT_USAGE, "the table has no values by '%s'", p->by.axes[i].name);
    ict_err_expected(err, "%s",
                     p->n_axes == 0 ? "no --by: it has totals only"
                     : s.failed     ? ""
                                    : s.text);
    ict_err_fix(err, "leave --by out for all that the table has");
    ict_str_done(&s);
  }
  return st;
}

/* Of a store with nothing to compute from. */
static ict_status refuse_indicator(const ict_published *p, const char *word, ict_err *err) {
  const ict_codelist *codes = p->frame->schema->vars[p->series].codes;
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < codes->n; i++)
    if (p->there[i]) ict_str_addf(&s, "%s%s", s.len ? ", " : "", codes->codes[i].id);
  ict_err_set(err, ICT_REFUSED, "%s has no values of %s", p->survey, word);
  ict_err_expected(err, "published values, of: %s", s.failed ? "" : s.text);
  ict_err_fix(err, "name the series in the table's mapping, or leave %s out", word);
  ict_str_done(&s);
  return ICT_REFUSED;
}

static bool has_other_units(const ict_store *store) {
  for (size_t i = 0; i < ict_store_units(store); i++)
    if (!ict_published_is_unit(ict_store_unit_name(store, i))) return true;
  return false;
}

ict_status ict_published_take(const ict_store *store, const ict_catalog *catalog,
                              const ict_request *request, ict_published **out, ict_request *rest,
                              bool *all, ict_err *err) {
  const ict_frame *frame = ict_store_frame_of(store, ICT_OBSERVATION);
  ict_arena *arena = NULL;
  ict_published *p = NULL;
  ict_status st = ICT_OK;
  *out = NULL;
  *rest = *request;
  *all = false;
  if (!frame) return ICT_OK;
  arena = ict_arena_new();
  p = arena ? ict_arena_alloc(arena, 1, sizeof *p) : NULL;
  if (!p) {
    st = ict_err_memory(err);
    goto done;
  }
  *p = (ict_published){
      .frame = frame, .catalog = catalog, .survey = ict_store_survey(store), .arena = arena};
  ICT_TRY(done, st, bind(p, err));
  ICT_TRY(done, st, take_indicators(p, request, rest, err));
  bool none_left = request->n_indicators > 0 && rest->n_indicators == 0;
  if (rest->n_indicators > 0 && !has_other_units(store)) {
    st = refuse_indicator(p, rest->indicators[0], err);
    goto done;
  }
  *all = none_left || (request->n_indicators == 0 && !has_other_units(store));
  ICT_TRY(done, st, take_breakdowns(p, request, *all, err));
  if (*all && request->n_contrasts > 0) {
    p->contrasts = request->contrasts;
    p->n_contrasts = request->n_contrasts;
  }
  *out = p;
  arena = NULL;
done:
  ict_arena_free(arena);
  return st;
}

void ict_published_free(ict_published *published) {
  if (published) ict_arena_free(published->arena); /* holds it */
}

/* ---- rows --------------------------------------------------------------------------------- */

ict_status ict_published_name(const ict_published *p, const ict_indicator *indicator,
                              ict_table *table, ict_err *err) {
  if (!p) return ICT_OK;
  const ict_codelist *codes = p->frame->schema->vars[p->series].codes;
  long at = ict_codelist_find(codes, indicator->id);
  if (at < 0 || !p->asked[at]) return ICT_OK;
  ict_status st = ict_table_add_indicator(table, indicator->id, indicator->title, err);
  for (size_t i = 0; i < indicator->n_items && st == ICT_OK; i++)
    if (indicator->items[i].id[0])
      st = ict_table_add_item(table, indicator->id, indicator->items[i].id,
                              indicator->items[i].label, err);
  return st;
}

/* Whether the row's axes are a breakdown asked for. */
static bool is_wanted(const ict_published *p, size_t row) {
  if (!p->asked[(size_t)number_at(p, p->series, row)] || !is_published(p, row)) return false;
  if (p->every_breakdown) return true;
  unsigned set = 0;
  for (size_t a = 0; a < p->n_axes; a++) {
    if (!text_at(p, (long)p->axes[a].column, row)[0]) continue;
    size_t k = 0;
    while (k < p->by.n_axes && strcmp(axis_of(p, &p->by.axes[k]), p->axes[a].name) != 0) k++;
    if (k == p->by.n_axes) return false;
    set |= 1u << k;
  }
  for (size_t i = 0; i < p->by.n_sets; i++)
    if (p->by.sets[i] == set) return true;
  return false;
}

static ict_status add_row(const ict_published *p, size_t row, const size_t *column_of,
                          const char **axes, ict_table *table, ict_err *err) {
  const char *id = text_at(p, p->series, row), *said = text_at(p, p->source, row);
  const char *status = text_at(p, p->status, row);
  const ict_indicator *known = ict_catalog_find_indicator(p->catalog, id);
  const ict_item *item = known ? ict_indicator_item(known, text_at(p, p->item, row)) : NULL;
  double mult = number_at(p, p->unit_mult, row), n = number_at(p, p->n, row);
  ict_table_row r = {.indicator = known ? known->id : id,
                     .item = item ? ict_table_item_id(item->id) : "",
                     .series = known ? ict_item_series(known, item) : "",
                     .ref_area = text_at(p, p->area, row),
                     .time_period = text_at(p, p->period, row),
                     .axes = axes,
                     .composite_breakdown = item ? item->composite : ICT_TOTAL,
                     .estimate = number_at(p, p->value, row),
                     .unit_measure = text_at(p, p->unit, row),
                     .unit_mult = isnan(mult) ? 0 : (int)mult,
                     .se = number_at(p, p->se, row),
                     .ci_low = number_at(p, p->ci_low, row),
                     .ci_high = number_at(p, p->ci_high, row),
                     .cv = NAN,
                     .deff = NAN,
                     .df = NAN,
                     .n_unweighted = n > 0 ? (uint64_t)n : 0,
                     .pop_weighted = NAN,
                     .obs_status = status[0] ? status : "A",
                     .conf_status = "",
                     .nature = text_at(p, p->nature, row),
                     .flags = FLAG};
  if (r.estimate != 0) r.cv = r.se / fabs(r.estimate) * 100;
  char *source = said[0] ? ict_arena_printf(p->arena, "%s: %s", p->survey, said)
                         : ict_arena_strdup(p->arena, p->survey);
  if (!source) return ict_err_memory(err);
  r.source = source;
  for (size_t a = 0; a < p->n_axes; a++) {
    const char *code = text_at(p, (long)p->axes[a].column, row);
    axes[column_of[a]] = code[0] ? code : NULL;
  }
  return ict_table_add(table, &r, err);
}

static ict_status name_areas(const ict_published *p, ict_table *table, ict_err *err) {
  const ict_codelist *areas = p->frame->schema->vars[p->area].codes;
  ict_countries *countries = NULL;
  ict_status st = ict_countries_load(&countries, err);
  for (size_t i = 0; i < areas->n && st == ICT_OK; i++) {
    const char *name = ict_countries_name(countries, areas->codes[i].id);
    if (name) st = ict_table_add_area(table, areas->codes[i].id, name, err);
  }
  ict_countries_free(countries);
  return st;
}

/* The codes of the axis' concept give the order of its rows; NULL: as the codes sort. */
static const ict_codelist *order_of(const ict_published *p, const char *name) {
  for (size_t i = 0; i < ict_catalog_concepts(p->catalog); i++) {
    const ict_concept *c = ict_catalog_concept_at(p->catalog, i);
    if (c->codes && strcmp(c->axis ? c->axis : c->name, name) == 0) return c->codes;
  }
  return NULL;
}

ict_status ict_published_rows(const ict_published *p, ict_table *table, ict_err *err) {
  size_t column_of[MOST_AXES];
  const char **axes = NULL;
  ict_status st = ICT_OK;
  for (size_t a = 0; a < p->n_axes && st == ICT_OK; a++)
    st = ict_table_add_axis(table, p->axes[a].name, order_of(p, p->axes[a].name), &column_of[a],
                            err);
  if (st == ICT_OK) axes = ict_alloc(ict_table_axes(table), sizeof *axes);
  if (st == ICT_OK && !axes) st = ict_err_memory(err);
  if (st == ICT_OK) st = name_areas(p, table, err);
  if (st == ICT_OK)
    st = ict_table_add_flag(table, FLAG, "as a table gave it, not computed here", err);
  for (size_t i = 0; i < p->frame->n_rows && st == ICT_OK; i++)
    if (is_wanted(p, i)) st = add_row(p, i, column_of, axes, table, err);
  if (st == ICT_OK && p->contrasts)
    st = ict_published_contrast(table, p->contrasts, p->n_contrasts, err);
  if (st == ICT_OK) st = ict_table_add_labels(table, p->catalog, err);
  ict_free(axes);
  return st;
}

void ict_published_explain(const ict_published *p, ict_str *to) {
  size_t n = 0;
  if (!p) return;
  for (size_t i = 0; i < p->frame->n_rows; i++) n += is_wanted(p, i);
  ict_str_addf(to, "%zu published values of %s, as they were given: nothing is computed\n", n,
               p->survey);
}
