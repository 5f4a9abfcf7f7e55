/* test_plan.c - the tests of one plan: its tables, each to a row of the list.
 *
 * In: a plan, its cube and totals. Out: rows. Owns: nothing beyond the call. */
#include <string.h>

#include "data/table.h"
#include "estimate/choices.h"
#include "estimate/tests.h"
#include "run/design_df.h"
#include "run/plans.h"
#include "run/test.h"
#include "scan/scan.h"

/* ---- one table ---------------------------------------------------------------------------------
 */

typedef struct maker {
  const ict_plan *plan;
  const ict_cube *cube;
  const ict_replicate_totals *totals; /* NULL: linearised */
  const ict_design_count *designs;
  ict_estimate_options options;
  ict_tests *tests;
  ict_sums *sums;             /* room for the cells of the largest table */
  ict_replicate_cell *cells;  /* the same; */
  ict_replicate_room **rooms; /* the same and one more */
  double *v;                  /* and twice its square */
  ict_err *err;
} maker;

/* Classes of the axis that is `inner` cells wide in a table of n, in which anybody is, in any table
 * and for any measure. A code list may have classes that a survey does not. */
static size_t classes_in(const maker *m, const ict_plan_test *test, size_t n, size_t inner) {
  size_t n_all = m->plan->shape.margins[test->margin].n_cells, found = 0;
  for (size_t k = 0; k < n; k++) {
    bool anybody = false;
    for (size_t c = 0; c < n_all && !anybody; c++)
      for (size_t i = 0; i < m->plan->n_measures && c / inner % n == k && !anybody; i++)
        anybody = ict_cube_sums(m->cube, test->margin, c, i).n > 0;
    found += anybody;
  }
  return found;
}

static bool is_dropped(const maker *m, const ict_plan_test *test, size_t n_cols, bool is_table,
                       const ict_test_result *r) {
  if (n_cols == 0) return r->n_cols < classes_in(m, test, test->n_cells, 1);
  return is_table && (r->n_cols < classes_in(m, test, n_cols, 1) ||
                      r->n_rows < classes_in(m, test, test->n_cells / n_cols, n_cols));
}

static unsigned flags_of(const maker *m, const ict_test_result *r, const ict_sums *whole,
                         const ict_plan_measure *measure) {
  static const unsigned of_note[][2] = {{ICT_TEST_ONE_CLASS, ICT_TF_ONE_CLASS},
                                        {ICT_TEST_CELL_EMPTY, ICT_TF_CELL_EMPTY},
                                        {ICT_TEST_NO_VARIANCE, ICT_TF_NO_VARIANCE},
                                        {ICT_TEST_NO_SE, ICT_TF_NO_SE},
                                        {ICT_TEST_SINGULAR, ICT_TF_SINGULAR},
                                        {ICT_TEST_DF_LOW, ICT_TF_NO_DF},
                                        {ICT_TEST_CENSUS, ICT_TF_CENSUS},
                                        {ICT_NOTE_REPLICATES_LOST, ICT_TF_REPLICATES_LOST}};
  unsigned flags = 0;
  for (size_t i = 0; i < sizeof of_note / sizeof *of_note; i++)
    if (r->notes & of_note[i][0]) flags |= 1u << of_note[i][1];
  if (measure->differs) flags |= 1u << ICT_TF_DEFINITION_DIFFERS;
  if (whole->n_lonely + whole->n_lonely_below > 0 && !m->totals) flags |= 1u << ICT_TF_SINGLE_PSU;
  return flags;
}

static const char *statistic_name(const maker *m, bool is_table, const ict_test_result *r) {
  if (is_table) return ict_test_statistic_name(m->tests->statistic);
  return r->is_t || r->notes & ICT_TEST_ONE_CLASS ? "t" : "wald";
}

/* "sex", "education_lev x sex". */
static const char *table_name(const maker *m, const ict_plan_test *test) {
  const ict_plan_margin *margin = &m->plan->margins[test->margin];
  const size_t *last = margin->axes + margin->n_axes - 1;
  const ict_plan_axis *axes = m->plan->axes;
  if (test->n_tested == 1) return ict_arena_strdup(m->tests->arena, axes[*last].name);
  return ict_arena_printf(m->tests->arena, "%s x %s", axes[last[-1]].name, axes[*last].name);
}

/* The codes of the whole table's cell: area, period, and of `within` those the margin has. */
static ict_status decode(const maker *m, const ict_plan_test *test, size_t cell,
                         ict_test_row *row) {
  const ict_plan_margin *margin = &m->plan->margins[test->whole];
  const char **codes = ict_arena_alloc(m->tests->arena, m->tests->n_within + 1, sizeof *codes);
  if (!codes) return ict_err_memory(m->err);
  for (size_t i = 0; i < m->tests->n_within; i++) codes[i] = ICT_TOTAL;
  for (size_t i = margin->n_axes; i-- > 0;) {
    const ict_plan_axis *axis = &m->plan->axes[margin->axes[i]];
    const char *code = ict_arena_strdup(m->tests->arena, axis->codes->codes[cell % axis->n].id);
    if (!code) return ict_err_memory(m->err);
    cell /= axis->n;
    if (margin->axes[i] == 0)
      row->ref_area = code;
    else if (margin->axes[i] == 1)
      row->time_period = code;
    else
      codes[i - 2] = code; /* `within` is named first, so its axes stand in its order */
  }
  row->within = codes;
  return ICT_OK;
}

/* The covariance of all totals (a_0, b_0, a_1, ...), from the table's pairs. */
static void gather_covariance(const maker *m, const ict_plan_test *test, size_t table,
                              size_t measure) {
  size_t n = test->n_cells, width = 2 * n;
  for (size_t i = 0; i < n; i++)
    for (size_t k = i + 1; k < n; k++) {
      ict_pair_sums p = ict_cube_pair(m->cube, ict_plan_test_pair(test, table, i, k), measure);
      double *own = m->v + 2 * i * width + 2 * i, *other = m->v + 2 * k * width + 2 * k;
      double *upper = m->v + 2 * i * width + 2 * k, *lower = m->v + 2 * k * width + 2 * i;
      own[0] = p.cross[ICT_CROSS_A1_B1].v_aa;
      own[1] = own[width] = p.cross[ICT_CROSS_A1_B1].v_ab;
      own[width + 1] = p.cross[ICT_CROSS_A1_B1].v_bb;
      other[0] = p.cross[ICT_CROSS_A2_B2].v_aa;
      other[1] = other[width] = p.cross[ICT_CROSS_A2_B2].v_ab;
      other[width + 1] = p.cross[ICT_CROSS_A2_B2].v_bb;
      upper[0] = lower[0] = p.cross[ICT_CROSS_A1_A2].v_ab;
      upper[1] = lower[width] = p.cross[ICT_CROSS_A1_B2].v_ab;
      upper[width] = lower[1] = p.cross[ICT_CROSS_B1_A2].v_ab;
      upper[width + 1] = lower[width + 1] = p.cross[ICT_CROSS_B1_B2].v_ab;
    }
}

static ict_joint gather(maker *m, const ict_plan_test *test, size_t table, size_t measure,
                        const ict_sums *whole) {
  for (size_t i = 0; i < test->n_cells; i++) {
    size_t cell = table * test->n_cells + i;
    m->sums[i] = ict_cube_sums(m->cube, test->margin, cell, measure);
    if (m->totals)
      m->cells[i] = ict_replicate_cell_of(m->totals, test->margin, cell, measure, m->rooms[i]);
  }
  if (!m->totals) gather_covariance(m, test, table, measure);
  ict_replicate_cell of_whole;
  if (m->totals) {
    of_whole =
        ict_replicate_cell_of(m->totals, test->whole, table, measure, m->rooms[test->n_cells]);
    m->options.replicate = &of_whole;
  }
  double df = ict_df_by_rule(&m->options, whole->n_psu, whole->n_strata);
  m->options.replicate = NULL;
  return (ict_joint){.n = test->n_cells,
                     .sums = m->sums,
                     .v = m->totals ? NULL : m->v,
                     .cells = m->totals ? m->cells : NULL,
                     .options = &m->options,
                     .df = df};
}

static ict_status test_table(maker *m, const ict_plan_test *test, size_t table, size_t measure) {
  const ict_plan_measure *p = &m->plan->measures[measure];
  const ict_sums of_whole = ict_cube_sums(m->cube, test->whole, table, measure);
  const ict_sums *whole = &of_whole;
  if (whole->n == 0) return ICT_OK;
  ict_design_choose(m->designs, m->plan, &m->plan->margins[test->whole], table, &m->options);
  ict_joint joint = gather(m, test, table, measure, whole);
  bool is_table = p->estimator == ICT_EST_PROPORTION || p->estimator == ICT_EST_COUNT;
  size_t n_cols = 0;
  if (test->n_tested == 2) {
    const ict_plan_margin *margin = &m->plan->margins[test->margin];
    n_cols = m->plan->axes[margin->axes[margin->n_axes - 1]].n;
  }
  ict_test_result r;
  ict_status st = is_table ? ict_test_table(&joint, n_cols, m->tests->statistic, &r, m->err)
                           : ict_test_same(p->estimator, &joint, &r, m->err);
  if (st != ICT_OK) return st;
  unsigned flags = flags_of(m, &r, whole, p);
  if (is_dropped(m, test, n_cols, is_table, &r)) flags |= 1u << ICT_TF_CLASS_DROPPED;
  ict_arena *arena = m->tests->arena;
  ict_test_row row = {.indicator = ict_arena_strdup(arena, p->indicator->id),
                      .item = ict_arena_strdup(arena, ict_table_item_id(p->item->id)),
                      .table = table_name(m, test),
                      .statistic = statistic_name(m, is_table, &r),
                      .classes = is_table ? ict_arena_printf(arena, "%zux%zu", r.n_rows, r.n_cols)
                                          : ict_arena_printf(arena, "%zu", r.n_cols),
                      .value = r.statistic,
                      .ndf = r.ndf,
                      .ddf = r.ddf,
                      .p = r.p,
                      .n_unweighted = whole->n,
                      .n_psu = whole->n_psu,
                      .n_strata = whole->n_strata,
                      .source = ict_arena_strdup(arena, m->plan->survey)};
  if (!row.indicator || !row.item || !row.table || !row.classes || !row.source)
    return ict_err_memory(m->err);
  st = decode(m, test, table, &row);
  return st == ICT_OK ? ict_tests_add(m->tests, row, flags, m->err) : st;
}

/* ---- one plan ----------------------------------------------------------------------------------
 */

/* A contrast's indicator is tested by its contrast; a total grows with the class, whatever is
 * associated. */
static bool is_tested(const ict_plan_measure *measure) {
  return !measure->indicator->contrast_of && measure->estimator != ICT_EST_TOTAL;
}

static void tell_untested(const ict_plan *plan, ict_findings *findings) {
  for (size_t i = 0; i < plan->n_measures; i++) {
    const ict_plan_measure *p = &plan->measures[i];
    if (is_tested(p) || (i > 0 && p->indicator == p[-1].indicator)) continue;
    ict_err note = {0};
    ict_err_set(&note, ICT_OK, "left out %s: %s", p->indicator->id,
                p->indicator->contrast_of ? "a comparison of classes itself; test its indicator "
                                            "with --contrast"
                                          : "a total is larger in a larger class; test a mean");
    ict_findings_add(findings, ICT_NOTE, &note);
  }
}

/* Tests of one axis follow one another, that of all classes of `within` together first. */
static bool comes_before(const ict_plan *plan, size_t x, size_t y) {
  const ict_plan_margin *a = &plan->margins[plan->tests[x].margin],
                        *b = &plan->margins[plan->tests[y].margin];
  size_t last_a = a->axes[a->n_axes - 1], last_b = b->axes[b->n_axes - 1];
  return last_a != last_b ? last_a < last_b : a->n_axes < b->n_axes;
}

static size_t *order_of(const ict_plan *plan) {
  size_t *order = ict_alloc(plan->n_tests, sizeof *order);
  for (size_t t = 0; order && t < plan->n_tests; t++) {
    size_t at = t;
    for (; at > 0 && comes_before(plan, t, order[at - 1]); at--) order[at] = order[at - 1];
    order[at] = t;
  }
  return order;
}

static ict_status make_rooms(maker *m, size_t n) {
  ict_status st = ICT_OK;
  if (!m->totals) return ICT_OK;
  m->rooms = ict_alloc(n, sizeof *m->rooms);
  if (!m->rooms) return ict_err_memory(m->err);
  for (size_t i = 0; i < n && st == ICT_OK; i++)
    st = ict_replicate_room_new(m->totals, &m->rooms[i], m->err);
  return st;
}

static ict_status test_plan(const ict_plan *plan, const ict_cube *cube,
                            const ict_replicate_totals *totals, const ict_request *request,
                            ict_tests *tests, ict_err *err) {
  maker m = {
      .plan = plan,
      .cube = cube,
      .totals = totals,
      .tests = tests,
      .err = err,
      .options = {
          .df = request->df, .df_fixed = request->df_fixed, .census = plan->frame->design.census}};
  ict_design_count *designs = NULL;
  ict_status st = ICT_OK;
  size_t most = 1;
  for (size_t t = 0; t < plan->n_tests; t++)
    if (plan->tests[t].n_cells > most) most = plan->tests[t].n_cells;
  m.sums = ict_alloc(most, sizeof *m.sums);
  m.cells = ict_alloc(most, sizeof *m.cells);
  m.v = ict_alloc(4 * most * most, sizeof *m.v);
  size_t *order = order_of(plan);
  if (!m.sums || !m.cells || !m.v || !order) st = ict_err_memory(err);
  if (st == ICT_OK) st = make_rooms(&m, most + 1);
  if (st == ICT_OK && request->df == ICT_DF_DESIGN) st = ict_design_counts(plan, &designs, err);
  m.designs = designs;
  for (size_t k = 0; k < plan->n_measures && st == ICT_OK; k++)
    for (size_t t = 0; t < plan->n_tests && is_tested(&plan->measures[k]); t++) {
      const ict_plan_test *test = &plan->tests[order[t]];
      for (size_t c = 0; c < plan->shape.margins[test->whole].n_cells && st == ICT_OK; c++)
        st = test_table(&m, test, c, k);
    }
  for (size_t i = 0; m.rooms && i < most + 1; i++) ict_replicate_room_free(m.rooms[i]);
  ict_free(m.rooms);
  ict_free(order);
  ict_free(m.sums);
  ict_free(m.cells);
  ict_free(m.v);
  ict_free(designs);
  return st;
}

ict_status ict_tests_add_plans(const ict_store *store, const ict_catalog *catalog,
                               const ict_request *request, ict_tests *tests, ict_findings *findings,
                               ict_err *err) {
  ict_plans plans = {0};
  ict_status st = ict_plans_of_store(store, catalog, request, &plans, findings, err);
  for (size_t i = 0; i < plans.n && st == ICT_OK; i++) {
    ict_cube *cube = NULL;
    ict_replicate_totals *totals = NULL;
    st = ict_scan(plans.plans[i], request->threads, request->progress, &cube, &totals, err);
    if (st == ICT_OK) st = test_plan(plans.plans[i], cube, totals, request, tests, err);
    if (st == ICT_OK) tell_untested(plans.plans[i], findings);
    ict_replicate_totals_free(totals);
    ict_cube_free(cube);
  }
  ict_plans_free(&plans);
  return st;
}
