/* plan.c - request -> plans: choose the measures, make the axes, lay out the cells, in as many
 * passes as these take.
 *
 * In: catalogue, the store's tables, the request. Out: one plan a table, or several where the
 * cross of all axes asked for would be too large for one set of fine cells.
 * Owns: programs, axes and cell tables (arena of each plan). */
#include "plan/plan.h"

#include "plan/maker.h"

_Static_assert(ICT_PLAN_MAX_AXES == ICT_BY_AXES + 2, "area, period and the request's axes");

static ict_status bind_scope(ict_plan_maker *m, ict_plan *plan, const char *text) {
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
static ict_status make_plan(ict_plan_maker *m, const ict_plan_table *table, const unsigned *sets,
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
  st = ict_plan_measures_make(m, table, arena, &measures, &plan->n_measures);
  plan->measures = measures;
  if (st != ICT_OK || plan->n_measures == 0) goto drop;
  ICT_TRY(drop, st, ict_plan_axes_make(m, plan, mask));
  ICT_TRY(drop, st, ict_plan_margins_make(m, plan, mask, sets, n_sets));
  ICT_TRY(drop, st, ict_plan_cells_make(m, plan));
  if (plan->kind == ICT_PLAN_SUMS)
    ICT_TRY(drop, st, ict_plan_pairs_make(&m->contrasts, mask, plan, m->err));
  if (m->request->n_tested > 0) {
    ICT_TRY(drop, st, ict_plan_fill_cells(plan, m->err));
    ICT_TRY(drop, st, ict_plan_tests_make(m->request->n_tested, plan, m->err));
  }
  ICT_TRY(drop, st, bind_scope(m, plan, table->scope));
  ict_df_rule df = m->request->df;
  ict_replicate_request replicates = {m->request->replicates, m->request->seed, m->request->mse,
                                      df == ICT_DF_FIXED || df == ICT_DF_INF};
  ICT_TRY(drop, st,
          ict_replicates_new(&plan->frame->design, &replicates, &plan->replicates, m->err));
  if (!ict_plan_by_abacus(plan) || plan->replicates)
    ICT_TRY(drop, st, ict_plan_fill_cells(plan, m->err));
  ICT_TRY(drop, st, ict_plan_check_kind(plan, m->request, m->err));
  *out = plan;
  return ICT_OK;
drop:
  plan_free(plan);
  return st;
}

/* ---- how many passes ---------------------------------------------------------------------- */

/* One set alone that is too large is an error, and said before the others are worked out. */
static ict_status check_sizes(ict_plan_maker *m, const ict_plan_table *table, const unsigned *sets,
                              size_t n_sets) {
  for (size_t s = 0; s < n_sets; s++) {
    if (ict_plan_fine_cells(m, table, sets[s]) <= ICT_PLAN_MAX_FINE) continue;
    ict_err_set(m->err, ICT_USAGE, "one breakdown has more than %zu cells", ICT_PLAN_MAX_FINE);
    ict_err_fix(m->err, "cross fewer variables, or use a coarser classification");
    return ICT_USAGE;
  }
  return ICT_OK;
}

/* Takes sets from the front for as long as their common cross stays small enough. */
static size_t next_pass(ict_plan_maker *m, const ict_plan_table *table, const unsigned *sets,
                        size_t n_sets) {
  unsigned mask = sets[0];
  size_t taken = 1;
  while (taken < n_sets && ict_plan_fine_cells(m, table, mask | sets[taken]) <= ICT_PLAN_MAX_FINE)
    mask |= sets[taken++];
  return taken;
}

/* Which axes of the request this table has, as a mask. */
static unsigned axes_in(const ict_plan_maker *m, const ict_plan_table *table) {
  unsigned mask = 0;
  for (size_t i = 0; i < m->by.n_axes; i++)
    if (ict_schema_find(table->frame->schema, m->by.axes[i].name) >= 0) mask |= 1u << i;
  return mask;
}

/* Households have no sex: a table is broken down by what it has, and what it lacks is said. A
 * breakdown that no table in question has is an error. */
static ict_status check_axes(ict_plan_maker *m) {
  unsigned somewhere = 0;
  const ict_plan_table *any = NULL;
  for (size_t t = 0; t < m->n_tables; t++) {
    if (!ict_plan_table_is_wanted(m, &m->tables[t])) continue;
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
    if (!ict_plan_table_is_wanted(m, &m->tables[t])) continue;
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
static ict_status sets_for(ict_plan_maker *m, const ict_plan_table *table, const unsigned **sets,
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
static ict_status make_kind(ict_plan_maker *m, const ict_plan_table *table, ict_plans *out,
                            size_t *capacity) {
  const unsigned *sets = NULL;
  size_t left = 0;
  ict_status st = sets_for(m, table, &sets, &left);
  if (st == ICT_OK && ict_plan_table_is_wanted(m, table)) st = check_sizes(m, table, sets, left);
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

static ict_status make_plans_of(ict_plan_maker *m, const ict_plan_table *table, ict_plans *out,
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
  ict_plan_maker m = {.catalog = catalog,
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
  ICT_TRY(done, st, ict_plan_choose(&m));
  ICT_TRY(done, st, ict_by_parse(request->by, request->n_by, m.arena, &m.by, err));
  ICT_TRY(done, st,
          ict_contrasts_make(request->contrasts, request->n_contrasts, m.wanted, m.n_wanted,
                             m.arena, &m.by, &m.contrasts, err));
  ICT_TRY(done, st, ict_plan_share_axes(m.wanted, m.n_wanted, &m.by, &m.share_axes, err));
  ict_plan_tell_not_compared(&m);
  ICT_TRY(done, st, ict_plan_check_units(&m));
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
