/* choose.c - which indicators a request wants, and which of their items a table can answer.
 *
 * In: the request, the catalogue, the store's tables. Out: indicators; measures of a table; notes
 * on what is left out. Owns: nothing; measures live in the arena of their plan. */
#include <string.h>

#include "base/text.h"
#include "plan/maker.h"

/* Entries without a definition of their own have nothing to compute. */
static void want(ict_plan_maker *m, const ict_indicator *found, bool named) {
  size_t k = 0;
  while (k < m->n_wanted && m->wanted[k] != found) k++;
  if (found->n_items == 0) return;
  if (k == m->n_wanted) m->wanted[m->n_wanted++] = found;
  m->named[k] = m->named[k] || named;
}

/* An entry that several others answer is answered as far as the data goes. */
static void want_answers(ict_plan_maker *m, const ict_indicator *found) {
  for (size_t i = 0; i < found->n_answers; i++) want(m, found->answers[i], found->n_answers == 1);
}

static bool is_named(const ict_plan_maker *m, const ict_indicator *indicator) {
  for (size_t i = 0; i < m->n_wanted; i++)
    if (m->wanted[i] == indicator) return m->named[i];
  return false;
}

static ict_status refuse_not_computable(const ict_indicator *indicator, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s cannot be computed: %.*s", indicator->id,
              (int)strcspn(indicator->not_computable, "\n"), indicator->not_computable);
  ict_err_fix(err, "leave it out; `ictstat explain %s` says more", indicator->id);
  return ICT_REFUSED;
}

ict_status ict_plan_choose(ict_plan_maker *m) {
  bool all = m->request->n_indicators == 0 && !m->request->everyone;
  size_t n = all ? 0 : m->request->n_indicators, in_all = ict_catalog_indicators(m->catalog);
  m->wanted = ict_arena_alloc(m->arena, in_all + 1, sizeof *m->wanted);
  m->named = ict_arena_alloc(m->arena, in_all + 1, sizeof *m->named);
  if (!m->wanted || !m->named) return ict_err_memory(m->err);
  for (size_t i = 0; i < n; i++) {
    const char *id = m->request->indicators[i];
    const ict_indicator *found = ict_catalog_find_indicator(m->catalog, id);
    if (!found) return ict_catalog_no_indicator(m->catalog, id, m->err);
    if (found->not_computable) return refuse_not_computable(found, m->err);
    want(m, found, true);
    want_answers(m, found);
  }
  for (size_t i = 0; all && i < in_all; i++)
    want(m, ict_catalog_indicator_at(m->catalog, i), false);
  return ICT_OK;
}

static const ict_plan_table *table_of(const ict_plan_maker *m, const ict_indicator *indicator) {
  for (size_t i = 0; i < m->n_tables; i++)
    if (strcmp(m->tables[i].frame->unit, indicator->unit) == 0) return &m->tables[i];
  return NULL;
}

static ict_status no_table(ict_plan_maker *m, const ict_indicator *indicator, ict_err *err) {
  ict_str units;
  ict_str_init(&units);
  for (size_t i = 0; i < m->n_tables; i++) {
    if (i) ict_str_add(&units, ", ");
    ict_str_add(&units, m->tables[i].frame->unit);
  }
  ict_err_set(err, ICT_REFUSED, "%s is computed from units '%s', which %s does not have",
              indicator->id, indicator->unit, m->survey);
  ict_err_expected(err, "one of: %s", units.failed ? "?" : units.text);
  ict_err_fix(err, "map units.%s, if the survey has them, or leave %s out", indicator->unit,
              indicator->id);
  ict_str_done(&units);
  return ICT_REFUSED;
}

/* Items that cannot be computed beside some that can: one line says so; what to do about it would
 * be noise. */
static void left_out_items(ict_plan_maker *m, const char *what, const char *id,
                           const ict_err *why) {
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "left out %s%s: %s", what, id, why->what);
  ict_findings_add(m->findings, ICT_NOTE, &note);
}

/* The indicators nobody named whose units are not there: a household survey has no schools, and
 * one line for all of them is enough. */
static void left_out_units(ict_plan_maker *m, const bool *absent) {
  ict_str units;
  size_t n = 0;
  ict_str_init(&units);
  for (size_t i = 0; i < m->n_wanted; i++) {
    if (!absent[i]) continue;
    n++;
    bool said = false;
    for (size_t k = 0; k < i; k++)
      said = said || (absent[k] && strcmp(m->wanted[k]->unit, m->wanted[i]->unit) == 0);
    if (!said) ict_str_addf(&units, "%s'%s'", units.len ? ", " : "", m->wanted[i]->unit);
  }
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "left out %zu indicators: %s does not have units %s", n, m->survey,
              units.failed ? "" : units.text);
  if (n) ict_findings_add(m->findings, ICT_NOTE, &note);
  ict_str_done(&units);
}

ict_status ict_plan_check_units(ict_plan_maker *m) {
  bool *absent = ict_arena_alloc(m->arena, m->n_wanted + 1, sizeof *absent);
  if (!absent) return ict_err_memory(m->err);
  for (size_t i = 0; i < m->n_wanted; i++) {
    absent[i] = !table_of(m, m->wanted[i]);
    if (absent[i] && m->named[i]) return no_table(m, m->wanted[i], m->err);
  }
  left_out_units(m, absent);
  return ICT_OK;
}

/* The indicators nobody named that a table cannot answer. */
typedef struct left_out {
  ict_str ids;
  size_t n;
  ict_err why; /* of the last */
} left_out;

static void left_out_say(ict_plan_maker *m, const ict_plan_table *table, left_out *left) {
  ict_err note = {0};
  if (left->n == 1)
    ict_err_set(&note, ICT_OK, "left out %s: %s",
                left->ids.failed ? "one indicator" : left->ids.text, left->why.what);
  else
    ict_err_set(&note, ICT_OK,
                "left out %s: units '%s' of %s do not answer them; name one with -i to be told why",
                left->ids.failed ? "indicators" : left->ids.text, table->frame->unit, m->survey);
  if (left->n) ict_findings_add(m->findings, ICT_NOTE, &note);
  ict_str_done(&left->ids);
}

/* The items of one indicator that this table can answer, appended to measures. A named indicator
 * of which no item can be computed is an error. */
static ict_status make_items(ict_plan_maker *m, const ict_plan_table *table,
                             const ict_indicator *indicator, ict_arena *arena,
                             ict_plan_measure *measures, size_t *n, left_out *left) {
  size_t before = *n;
  ict_err first = {0}, why = {0};
  ict_str absent;
  ict_str_init(&absent);
  ict_status st = ICT_OK;
  for (size_t k = 0; k < indicator->n_items && st != ICT_FAIL; k++) {
    st = ict_plan_measure_make(indicator, &indicator->items[k], table->frame, m->survey, arena,
                               &measures[*n], &why);
    if (st == ICT_OK) {
      (*n)++;
      continue;
    }
    if (!first.what[0]) first = why;
    /* nobody expects an item of another generation of the definition */
    if (!ict_plan_item_is_of_its_time(&indicator->items[k], table->frame)) continue;
    ict_str_addf(&absent, "%s%s", absent.len ? ", " : "", indicator->items[k].id);
  }
  if (st == ICT_FAIL) {
    if (m->err) *m->err = why;
  } else if (*n == before && is_named(m, indicator)) {
    if (m->err) *m->err = first;
    st = first.status;
  } else {
    st = ICT_OK;
    if (*n == before) {
      ict_str_addf(&left->ids, "%s%s", left->n++ ? ", " : "", indicator->id);
      left->why = first;
    } else if (absent.len) {
      ict_str_add(&absent, " of ");
      left_out_items(m, absent.failed ? "items of " : absent.text, indicator->id, &first);
    }
  }
  ict_str_done(&absent);
  return st;
}

static bool wants_everyone(const ict_plan_maker *m, const ict_plan_table *table) {
  return m->request->everyone && strcmp(m->request->everyone, table->frame->unit) == 0;
}

ict_status ict_plan_measures_make(ict_plan_maker *m, const ict_plan_table *table, ict_arena *arena,
                                  ict_plan_measure **measures, size_t *n) {
  size_t room = 0;
  for (size_t i = 0; i < m->n_wanted; i++) room += m->wanted[i]->n_items;
  *n = 0;
  *measures = ict_arena_alloc(arena, room + 1, sizeof **measures);
  if (!*measures) return ict_err_memory(m->err);
  if (wants_everyone(m, table)) {
    ict_status made = ict_plan_everyone_make(table->frame, arena, *measures, m->err);
    *n = made == ICT_OK;
    return made;
  }
  left_out left = {0};
  ict_str_init(&left.ids);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < m->n_wanted && st == ICT_OK; i++)
    if (table_of(m, m->wanted[i]) == table)
      st = make_items(m, table, m->wanted[i], arena, *measures, n, &left);
  left_out_say(m, table, &left);
  ict_plan_keep(&m->want, &m->by, *measures, n);
  return st;
}

bool ict_plan_table_is_wanted(const ict_plan_maker *m, const ict_plan_table *table) {
  for (size_t i = 0; i < m->n_wanted; i++)
    if (table_of(m, m->wanted[i]) == table) return true;
  return wants_everyone(m, table);
}

/* Contrasts are of what is linear in the sums. */
void ict_plan_tell_not_compared(ict_plan_maker *m) {
  ict_str ids;
  ict_str_init(&ids);
  for (size_t i = 0; i < m->n_wanted && m->request->n_contrasts > 0; i++) {
    ict_measure measure = m->wanted[i]->measure;
    if (measure == ICT_MEDIAN || measure == ICT_QUANTILE || measure == ICT_SHARE)
      ict_str_addf(&ids, "%s%s", ids.len ? ", " : "", m->wanted[i]->id);
  }
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "quantiles and shares are not compared: no contrasts of %s",
              ids.failed ? "some" : ids.text);
  if (ids.len) ict_findings_add(m->findings, ICT_NOTE, &note);
  ict_str_done(&ids);
}
