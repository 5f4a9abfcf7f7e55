/* plan.c - request -> plans: choose the measures, make the axes, lay out the cells.
 *
 * In: catalogue, the store's tables, the request. Out: one plan a table, or several where the
 * cross of all axes asked for would be too large for one set of fine cells.
 * Owns: programs, axes and cell tables (arena of each plan). */
#include "plan/plan.h"

#include <string.h>

#include "base/text.h"
#include "plan/parts.h"

_Static_assert(ICT_PLAN_MAX_AXES == ICT_BY_AXES + 2, "area, period and the request's axes");

/* Fine cells one pass may have. 4 M cells x 4 bytes is what a margin's cell table costs; the
 * standard publication cross (area, period, sex, age, area type, education) is far below. */
#define MAX_FINE ((size_t)1 << 22)

/* What was asked, shared by all plans of one request. */
typedef struct maker {
  const ict_catalog *catalog;
  const ict_plan_table *tables;
  size_t n_tables;
  const char *survey;
  const ict_request *request;
  ict_findings *findings;
  ict_err *err;
  ict_arena *arena; /* of the parsed breakdowns; dies with the maker */
  ict_by by;
  ict_contrasts contrasts;
  const ict_indicator **wanted;
  bool *named; /* of each: the request asked for this very one */
  size_t n_wanted;
  unsigned share_axes; /* of the shares wanted, among those of `by` */
  ict_plan_want want;  /* what the plan being made is for */
} maker;

/* ---- which indicators --------------------------------------------------------------------- */

/* Entries without a definition of their own have nothing to compute. */
static void want(maker *m, const ict_indicator *found, bool named) {
  size_t k = 0;
  while (k < m->n_wanted && m->wanted[k] != found) k++;
  if (found->n_items == 0) return;
  if (k == m->n_wanted) m->wanted[m->n_wanted++] = found;
  m->named[k] = m->named[k] || named;
}

/* An entry that several others answer is answered as far as the data goes. */
static void want_answers(maker *m, const ict_indicator *found) {
  for (size_t i = 0; i < found->n_answers; i++) want(m, found->answers[i], found->n_answers == 1);
}

static bool is_named(const maker *m, const ict_indicator *indicator) {
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

static ict_status choose_indicators(maker *m) {
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

static const ict_plan_table *table_of(const maker *m, const ict_indicator *indicator) {
  for (size_t i = 0; i < m->n_tables; i++)
    if (strcmp(m->tables[i].frame->unit, indicator->unit) == 0) return &m->tables[i];
  return NULL;
}

static ict_status no_table(maker *m, const ict_indicator *indicator, ict_err *err) {
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
static void left_out_items(maker *m, const char *what, const char *id, const ict_err *why) {
  ict_err note = {0};
  ict_err_set(&note, ICT_OK, "left out %s%s: %s", what, id, why->what);
  ict_findings_add(m->findings, ICT_NOTE, &note);
}

/* The indicators nobody named whose units are not there: a household survey has no schools, and
 * one line for all of them is enough. */
static void left_out_units(maker *m, const bool *absent) {
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

/* The indicators nobody named that a table cannot answer. */
typedef struct left_out {
  ict_str ids;
  size_t n;
  ict_err why; /* of the last */
} left_out;

static void left_out_say(maker *m, const ict_plan_table *table, left_out *left) {
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
static ict_status make_items(maker *m, const ict_plan_table *table, const ict_indicator *indicator,
                             ict_arena *arena, ict_plan_measure *measures, size_t *n,
                             left_out *left) {
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

static bool wants_everyone(const maker *m, const ict_plan_table *table) {
  return m->request->everyone && strcmp(m->request->everyone, table->frame->unit) == 0;
}

static ict_status make_measures(maker *m, const ict_plan_table *table, ict_arena *arena,
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

/* Contrasts are of what is linear in the sums. */
static void not_compared(maker *m) {
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

/* ---- axes and cells ----------------------------------------------------------------------- */

/* Area and period come first and belong to every margin; then the axes of `mask`. */
static ict_status make_axes(maker *m, ict_plan *plan, unsigned mask) {
  ict_plan_axis *axes = ict_arena_alloc(plan->arena, ICT_PLAN_MAX_AXES, sizeof *axes);
  if (!axes) return ict_err_memory(m->err);
  plan->axes = axes;
  static const char *const always[] = {ICT_VAR_AREA, ICT_VAR_PERIOD};
  for (size_t i = 0; i < 2; i++) {
    ict_status st = ict_plan_axis_make(m->catalog, plan->frame, always[i], NULL, plan->arena,
                                       &axes[plan->n_axes], m->err);
    if (st != ICT_OK) return st;
    plan->n_axes++;
  }
  for (size_t i = 0; i < m->by.n_axes; i++) {
    if (!(mask >> i & 1)) continue;
    ict_status st =
        ict_plan_axis_make(m->catalog, plan->frame, m->by.axes[i].name,
                           m->by.axes[i].classification, plan->arena, &axes[plan->n_axes], m->err);
    if (st != ICT_OK) return st;
    plan->n_axes++;
  }
  return ICT_OK;
}

static ict_status refuse_same_column(maker *m, const ict_plan *plan,
                                     const ict_plan_margin *margin) {
  for (size_t i = 0; i < margin->n_axes; i++)
    for (size_t k = 0; k < i; k++) {
      const ict_plan_axis *a = &plan->axes[margin->axes[i]], *b = &plan->axes[margin->axes[k]];
      if (strcmp(a->name, b->name) != 0) continue;
      if (margin->axes[k] < 2) { /* area or period */
        ict_err_set(m->err, ICT_USAGE, "every result is for one area and one period already");
        ict_err_fix(m->err, "leave '%s' out of --by", a->name);
        return ICT_USAGE;
      }
      ict_err_set(m->err, ICT_USAGE, "'%s' is crossed with itself in one breakdown", a->name);
      ict_err_fix(m->err, "give each classification its own --by");
      return ICT_USAGE;
    }
  return ICT_OK;
}

/* The set's place in the request, where its contrasts and its rows are told. */
static size_t set_at(const maker *m, unsigned set) {
  size_t s = 0;
  while (m->by.sets[s] != set) s++;
  return s;
}

static ict_status make_margins(maker *m, ict_plan *plan, unsigned mask, const unsigned *sets,
                               size_t n_sets) {
  ict_plan_margin *margins = ict_arena_alloc(plan->arena, n_sets, sizeof *margins);
  if (!margins) return ict_err_memory(m->err);
  for (size_t s = 0; s < n_sets; s++) {
    size_t *axes = ict_arena_alloc(plan->arena, plan->n_axes, sizeof *axes);
    if (!axes) return ict_err_memory(m->err);
    size_t n = 0;
    axes[n++] = 0;
    axes[n++] = 1;
    for (size_t i = 0; i < m->by.n_axes; i++)
      if (sets[s] >> i & 1) axes[n++] = ict_plan_axis_at(mask, i);
    margins[s] = (ict_plan_margin){.n_axes = n, .axes = axes};
    if (plan->kind == ICT_PLAN_SUMS) {
      size_t at = set_at(m, sets[s]);
      margins[s].contrasts = m->contrasts.of_set[at];
      margins[s].silent = at >= m->contrasts.n_published;
    }
    ict_status st = refuse_same_column(m, plan, &margins[s]);
    if (st != ICT_OK) return st;
  }
  plan->margins = margins;
  plan->n_margins = n_sets;
  return ICT_OK;
}

/* Fine cell f -> cell of a margin: the digits of f on the margin's axes, or no cell where one of
 * them is "in none". The digits turn like a counter's: no cell is worked out from its number. */
static void fill_cells(const ict_plan *plan, const ict_plan_margin *margin, uint32_t *cell_of) {
  size_t digit[ICT_PLAN_MAX_AXES] = {0}, stride[ICT_PLAN_MAX_AXES] = {0};
  bool in[ICT_PLAN_MAX_AXES] = {false};
  size_t product = 1, cell = 0, none = 0; /* none: digits that are "in none" */
  for (size_t i = margin->n_axes; i-- > 0;) {
    size_t a = margin->axes[i];
    in[a] = true;
    stride[a] = product;
    product *= plan->axes[a].n;
    none += plan->axes[a].n == 0;
  }
  for (size_t f = 0; f < plan->n_fine; f++) {
    cell_of[f] = none == 0 ? (uint32_t)cell : ICT_NO_CELL;
    for (size_t a = plan->n_axes; a-- > 0;) {
      size_t n = plan->axes[a].n;
      bool turns_over = digit[a] == n;
      digit[a] = turns_over ? 0 : digit[a] + 1;
      if (in[a] && n > 0) {
        if (turns_over) {
          none--;
          cell -= (n - 1) * stride[a];
        } else if (digit[a] == n) {
          none++;
        } else {
          cell += stride[a];
        }
      }
      if (!turns_over) break;
    }
  }
}

static ict_status lay_out_cells(maker *m, ict_plan *plan) {
  size_t *stride = ict_arena_alloc(plan->arena, plan->n_axes, sizeof *stride);
  ict_margin *margins = ict_arena_alloc(plan->arena, plan->n_margins, sizeof *margins);
  bool *numeric = ict_arena_alloc(plan->arena, plan->n_measures, sizeof *numeric);
  if (!stride || !margins || !numeric) return ict_err_memory(m->err);
  plan->n_fine = 1;
  for (size_t i = plan->n_axes; i-- > 0;) { /* the last axis is the fastest */
    stride[i] = plan->n_fine;
    plan->n_fine *= plan->axes[i].n + 1;
  }
  plan->stride = stride;
  for (size_t s = 0; s < plan->n_margins; s++) {
    uint32_t *cell_of = ict_arena_alloc(plan->arena, plan->n_fine, sizeof *cell_of);
    if (!cell_of) return ict_err_memory(m->err);
    fill_cells(plan, &plan->margins[s], cell_of);
    margins[s] = (ict_margin){1, cell_of};
    for (size_t i = 0; i < plan->margins[s].n_axes; i++)
      margins[s].n_cells *= plan->axes[plan->margins[s].axes[i]].n;
  }
  for (size_t i = 0; i < plan->n_measures; i++)
    numeric[i] = plan->measures[i].estimator != ICT_EST_PROPORTION &&
                 plan->measures[i].estimator != ICT_EST_COUNT &&
                 plan->measures[i].estimator != ICT_EST_QUANTILE;
  plan->shape = (ict_cube_shape){.n_measures = plan->n_measures,
                                 .numeric = numeric,
                                 .n_fine = plan->n_fine,
                                 .n_margins = plan->n_margins,
                                 .margins = margins,
                                 .lonely = plan->frame->design.lonely,
                                 .lonely_in_domain = plan->frame->design.lonely_in_domain,
                                 .one_stage = m->request->ultimate_cluster};
  return plan->kind == ICT_PLAN_SHARES ? ict_plan_sharing(plan, m->err) : ICT_OK;
}

static ict_status bind_scope(maker *m, ict_plan *plan, const char *text) {
  if (!text) return ICT_OK;
  ict_expr *expr = NULL;
  ict_program *program = NULL;
  ict_scope scope = {plan->frame->schema, "the store's variables"};
  ict_status st = ict_expr_parse(text, (ict_origin){"scope", 1, 1}, &expr, m->err);
  if (st == ICT_OK) st = ict_expr_check(expr, &scope, ICT_TYPE_BOOLEAN, &program, m->err);
  if (st != ICT_OK) ict_err_while(m->err, "reading the scope of units '%s'", plan->frame->unit);
  ict_expr_free(expr);
  plan->scope = program;
  plan->scope_text = text;
  return st;
}

static void plan_free(ict_plan *plan) {
  if (!plan) return;
  for (size_t i = 0; i < plan->n_measures; i++)
    ict_plan_measure_done((ict_plan_measure *)&plan->measures[i]);
  ict_program_free((ict_program *)plan->scope);
  ict_replicates_free(plan->replicates);
  ict_arena_free(plan->arena);
}

/* One plan over one table for the sets given. *out is NULL where the table has no measures. */
static ict_status make_plan(maker *m, const ict_plan_table *table, const unsigned *sets,
                            size_t n_sets, ict_plan **out) {
  *out = NULL;
  ict_arena *arena = ict_arena_new();
  ict_plan *plan = arena ? ict_arena_alloc(arena, 1, sizeof *plan) : NULL;
  if (!plan) {
    ict_arena_free(arena);
    return ict_err_memory(m->err);
  }
  plan->arena = arena;
  plan->frame = table->frame;
  plan->survey = m->survey;
  plan->kind = m->want.kind;
  unsigned mask = 0;
  for (size_t s = 0; s < n_sets; s++) mask |= sets[s];
  if (plan->kind == ICT_PLAN_SHARES) plan->across = ict_plan_axis_at(mask, m->want.across);

  ict_status st;
  ict_plan_measure *measures = NULL;
  st = make_measures(m, table, arena, &measures, &plan->n_measures);
  plan->measures = measures;
  if (st != ICT_OK || plan->n_measures == 0) goto drop;
  ICT_TRY(drop, st, make_axes(m, plan, mask));
  ICT_TRY(drop, st, make_margins(m, plan, mask, sets, n_sets));
  ICT_TRY(drop, st, lay_out_cells(m, plan));
  if (plan->kind == ICT_PLAN_SUMS)
    ICT_TRY(drop, st, ict_plan_pairs_make(&m->contrasts, mask, plan, m->err));
  if (m->request->n_tested > 0)
    ICT_TRY(drop, st, ict_plan_tests_make(m->request->n_tested, plan, m->err));
  ICT_TRY(drop, st, bind_scope(m, plan, table->scope));
  ict_replicate_request replicates = {m->request->replicates, m->request->seed, m->request->mse};
  ICT_TRY(drop, st,
          ict_replicates_new(&plan->frame->design, &replicates, &plan->replicates, m->err));
  ICT_TRY(drop, st, ict_plan_check_kind(plan, m->request, m->err));
  *out = plan;
  return ICT_OK;
drop:
  plan_free(plan);
  return st;
}

/* ---- how many passes ---------------------------------------------------------------------- */

/* Fine cells the axes of `mask` need over this table; SIZE_MAX where an axis cannot be made (the
 * plan will say why). */
static size_t fine_cells(maker *m, const ict_plan_table *table, unsigned mask) {
  ict_arena *arena = ict_arena_new();
  size_t n = 1;
  const ict_schema *schema = table->frame->schema;
  for (size_t i = 0; arena && i < m->by.n_axes; i++) {
    if (!(mask >> i & 1)) continue;
    ict_plan_axis axis;
    if (ict_plan_axis_make(m->catalog, table->frame, m->by.axes[i].name,
                           m->by.axes[i].classification, arena, &axis, NULL) == ICT_OK)
      n *= axis.n + 1;
    if (n > MAX_FINE) break;
  }
  static const char *const always[] = {ICT_VAR_AREA, ICT_VAR_PERIOD};
  for (size_t i = 0; i < 2; i++) {
    long c = ict_schema_find(schema, always[i]);
    if (c >= 0 && schema->vars[c].codes) n *= schema->vars[c].codes->n + 1;
  }
  ict_arena_free(arena);
  return n;
}

/* One set alone that is too large is an error, and said before the others are worked out. */
static ict_status check_sizes(maker *m, const ict_plan_table *table, const unsigned *sets,
                              size_t n_sets) {
  for (size_t s = 0; s < n_sets; s++) {
    if (fine_cells(m, table, sets[s]) <= MAX_FINE) continue;
    ict_err_set(m->err, ICT_USAGE, "one breakdown has more than %zu cells", MAX_FINE);
    ict_err_fix(m->err, "cross fewer variables, or use a coarser classification");
    return ICT_USAGE;
  }
  return ICT_OK;
}

/* Takes sets from the front for as long as their common cross stays small enough. */
static size_t next_pass(maker *m, const ict_plan_table *table, const unsigned *sets,
                        size_t n_sets) {
  unsigned mask = sets[0];
  size_t taken = 1;
  while (taken < n_sets && fine_cells(m, table, mask | sets[taken]) <= MAX_FINE)
    mask |= sets[taken++];
  return taken;
}

/* Which axes of the request this table has, as a mask. */
static unsigned axes_in(const maker *m, const ict_plan_table *table) {
  unsigned mask = 0;
  for (size_t i = 0; i < m->by.n_axes; i++)
    if (ict_schema_find(table->frame->schema, m->by.axes[i].name) >= 0) mask |= 1u << i;
  return mask;
}

static bool is_wanted(const maker *m, const ict_plan_table *table) {
  for (size_t i = 0; i < m->n_wanted; i++)
    if (table_of(m, m->wanted[i]) == table) return true;
  return wants_everyone(m, table);
}

/* Households have no sex: a table is broken down by what it has, and what it lacks is said. A
 * breakdown that no table in question has is an error. */
static ict_status check_axes(maker *m) {
  unsigned somewhere = 0;
  const ict_plan_table *any = NULL;
  for (size_t t = 0; t < m->n_tables; t++) {
    if (!is_wanted(m, &m->tables[t])) continue;
    somewhere |= axes_in(m, &m->tables[t]);
    any = &m->tables[t];
  }
  for (size_t i = 0; any && i < m->contrasts.n_axes_asked; i++) {
    ict_plan_axis unused;
    if (!(somewhere >> i & 1))
      return ict_plan_axis_make(m->catalog, any->frame, m->by.axes[i].name, NULL, m->arena, &unused,
                                m->err);
  }
  for (size_t t = 0; t < m->n_tables; t++) {
    if (!is_wanted(m, &m->tables[t])) continue;
    unsigned have = axes_in(m, &m->tables[t]);
    for (size_t i = 0; i < m->contrasts.n_axes_asked; i++) {
      if (have >> i & 1) continue;
      ict_err note = {0};
      ict_err_set(&note, ICT_OK,
                  "units '%s' have no '%s': their indicators are not broken down by it",
                  m->tables[t].frame->unit, m->by.axes[i].name);
      ict_findings_add(m->findings, ICT_NOTE, &note);
    }
  }
  return ICT_OK;
}

/* The sets whose axes the table has, in order. */
static ict_status sets_for(maker *m, const ict_plan_table *table, const unsigned **sets,
                           size_t *n) {
  unsigned have = axes_in(m, table);
  unsigned *kept = ict_arena_alloc(m->arena, m->by.n_sets, sizeof *kept);
  if (!kept) return ict_err_memory(m->err);
  *n = 0;
  size_t asked = m->want.kind == ICT_PLAN_SUMS ? m->by.n_sets : m->contrasts.n_published;
  for (size_t s = 0; s < asked; s++)
    if ((m->by.sets[s] & ~have) == 0) kept[(*n)++] = m->by.sets[s];
  if (m->want.kind != ICT_PLAN_SUMS) *n = ict_plan_sets_of(&m->want, kept, *n, kept);
  *sets = kept;
  return ICT_OK;
}

/* All plans of one kind over one table. */
static ict_status make_kind(maker *m, const ict_plan_table *table, ict_plans *out,
                            size_t *capacity) {
  const unsigned *sets = NULL;
  size_t left = 0;
  ict_status st = sets_for(m, table, &sets, &left);
  if (st == ICT_OK && is_wanted(m, table)) st = check_sizes(m, table, sets, left);
  while (st == ICT_OK && left > 0) {
    size_t taken = next_pass(m, table, sets, left);
    if (ict_grow(&out->plans, out->n, capacity, sizeof *out->plans) != 0)
      return ict_err_memory(m->err);
    ict_plan *plan;
    st = make_plan(m, table, sets, taken, &plan);
    if (st != ICT_OK) return st;
    if (!plan) return ICT_OK; /* nothing to compute from this table */
    out->plans[out->n++] = plan;
    sets += taken;
    left -= taken;
    m->findings = NULL; /* a second pass over the table has nothing new to tell */
  }
  return st;
}

static ict_status make_plans_of(maker *m, const ict_plan_table *table, ict_plans *out,
                                size_t *capacity) {
  unsigned have = axes_in(m, table);
  m->want = (ict_plan_want){.kind = ICT_PLAN_SUMS};
  ict_status st = make_kind(m, table, out, capacity);
  m->findings = NULL;                      /* what is left out was told */
  if (m->request->n_tested > 0) return st; /* tests are of sums */
  m->want.kind = ICT_PLAN_QUANTILES;
  if (st == ICT_OK) st = make_kind(m, table, out, capacity);
  m->want.kind = ICT_PLAN_SHARES;
  for (size_t i = 0; i < m->by.n_axes && st == ICT_OK; i++) {
    m->want.across = i;
    if (m->share_axes & have & 1u << i) st = make_kind(m, table, out, capacity);
  }
  return st;
}

ict_status ict_plan_make(const ict_catalog *catalog, const ict_plan_table *tables, size_t n_tables,
                         const char *survey, const ict_request *request, ict_plans *out,
                         ict_findings *findings, ict_err *err) {
  *out = (ict_plans){0};
  maker m = {.catalog = catalog,
             .tables = tables,
             .n_tables = n_tables,
             .survey = survey,
             .request = request,
             .err = err,
             .findings = findings,
             .arena = ict_arena_new()};
  if (!m.arena) return ict_err_memory(err);
  size_t capacity = 0;
  ict_status st;
  ICT_TRY(done, st, choose_indicators(&m));
  ICT_TRY(done, st, ict_by_parse(request->by, request->n_by, m.arena, &m.by, err));
  ICT_TRY(done, st,
          ict_contrasts_make(request->contrasts, request->n_contrasts, m.wanted, m.n_wanted,
                             m.arena, &m.by, &m.contrasts, err));
  ICT_TRY(done, st, ict_plan_share_axes(m.wanted, m.n_wanted, &m.by, &m.share_axes, err));
  not_compared(&m);
  bool *absent = ict_arena_alloc(m.arena, m.n_wanted + 1, sizeof *absent);
  if (!absent) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < m.n_wanted; i++) {
    absent[i] = !table_of(&m, m.wanted[i]);
    if (!absent[i]) continue;
    if (m.named[i]) {
      st = no_table(&m, m.wanted[i], err);
      goto done;
    }
  }
  left_out_units(&m, absent);
  ICT_TRY(done, st, check_axes(&m));
  for (size_t i = 0; i < n_tables; i++) {
    m.findings = findings;
    ICT_TRY(done, st, make_plans_of(&m, &tables[i], out, &capacity));
  }
  if (out->n == 0) {
    st = ict_err_set(err, ICT_REFUSED, "no indicator of the catalogue can be computed from %s",
                     survey);
    ict_err_fix(err, "name one with -i to be told what it lacks");
  }
done:
  if (st != ICT_OK) ict_plans_free(out);
  ict_arena_free(m.arena);
  return st;
}

void ict_plans_free(ict_plans *plans) {
  for (size_t i = 0; i < plans->n; i++) plan_free(plans->plans[i]);
  ict_free(plans->plans);
  *plans = (ict_plans){0};
}
