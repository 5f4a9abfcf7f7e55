/* test.c - store and request -> tests of no association: plan, scan, judge, in that order.
 *
 * In: an open store, the catalogue, a request. Out: a list of tests.
 * Owns: the list until it is handed over. */
#include "run/test.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "estimate/tests.h"
#include "run/design_df.h"
#include "run/plans.h"
#include "scan/scan.h"

/* ---- the list ----------------------------------------------------------------------------------
 */

static const char *const FLAGS[ICT_N_TF][2] = {
    [ICT_TF_CELL_EMPTY] = {"cell_empty", "classes that both occur never meet"},
    [ICT_TF_CENSUS] = {"census", "a complete enumeration: nothing to test"},
    [ICT_TF_CLASS_DROPPED] = {"class_dropped", "classes without anybody are left out"},
    [ICT_TF_DEFINITION_DIFFERS] = {"definition_differs",
                                   "the survey's question departs from the definition"},
    [ICT_TF_NO_DF] = {"no_df", "no degrees of freedom are left: no P value"},
    [ICT_TF_NO_SE] = {"no_se", "the sampling variance cannot be told"},
    [ICT_TF_NO_VARIANCE] = {"no_variance", "every PSU says the same: no sampling error, no test"},
    [ICT_TF_ONE_CLASS] = {"one_class", "fewer than two classes or answers: nothing to test"},
    [ICT_TF_REPLICATES_LOST] = {"replicates_lost", "replicates without a value were left out"},
    [ICT_TF_SINGLE_PSU] = {"single_psu_stratum",
                           "a stratum with a single PSU entered under a policy"},
    [ICT_TF_SINGULAR] = {"singular", "too few PSUs or too many empty cells for so many classes"},
};

const char *ict_tests_flag_about(const char *flag) {
  for (size_t i = 0; i < ICT_N_TF; i++)
    if (strcmp(FLAGS[i][0], flag) == 0) return FLAGS[i][1];
  return NULL;
}

ict_status ict_tests_add(ict_tests *tests, ict_test_row row, unsigned flags, ict_err *err) {
  ict_str text;
  ict_str_init(&text);
  for (size_t i = 0; i < ICT_N_TF; i++)
    if (flags >> i & 1) ict_str_addf(&text, "%s%s", text.len ? ";" : "", FLAGS[i][0]);
  row.flags = text.failed ? NULL : ict_arena_strdup(tests->arena, text.text);
  ict_str_done(&text);
  if (!row.flags || ict_grow(&tests->list, tests->n, &tests->capacity, sizeof *tests->list) != 0)
    return ict_err_memory(err);
  tests->list[tests->n++] = row;
  return ICT_OK;
}

size_t ict_tests_count(const ict_tests *tests) { return tests->n; }
const ict_test_row *ict_tests_at(const ict_tests *tests, size_t i) { return &tests->list[i]; }
size_t ict_tests_n_within(const ict_tests *tests) { return tests->n_within; }
const char *ict_tests_within_name(const ict_tests *tests, size_t i) { return tests->within[i]; }

void ict_tests_free(ict_tests *tests) {
  if (!tests) return;
  ict_arena_free(tests->arena);
  ict_free(tests->list);
  ict_free(tests);
}

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
  static const char *const NAMES[] = {[ICT_TEST_F] = "F",
                                      [ICT_TEST_CHISQ] = "chisq",
                                      [ICT_TEST_WALD] = "wald",
                                      [ICT_TEST_ADJWALD] = "adjwald"};
  if (is_table) return NAMES[m->tests->statistic];
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
      own[0] = p.cross[ICT_CROSS_A1_B1]->v_aa;
      own[1] = own[width] = p.cross[ICT_CROSS_A1_B1]->v_ab;
      own[width + 1] = p.cross[ICT_CROSS_A1_B1]->v_bb;
      other[0] = p.cross[ICT_CROSS_A2_B2]->v_aa;
      other[1] = other[width] = p.cross[ICT_CROSS_A2_B2]->v_ab;
      other[width + 1] = p.cross[ICT_CROSS_A2_B2]->v_bb;
      upper[0] = lower[0] = p.cross[ICT_CROSS_A1_A2]->v_ab;
      upper[1] = lower[width] = p.cross[ICT_CROSS_A1_B2]->v_ab;
      upper[width] = lower[1] = p.cross[ICT_CROSS_B1_A2]->v_ab;
      upper[width + 1] = lower[width + 1] = p.cross[ICT_CROSS_B1_B2]->v_ab;
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

static ict_status test_plans(const ict_store *store, const ict_catalog *catalog,
                             const ict_request *request, ict_tests *tests, ict_findings *findings,
                             ict_err *err) {
  ict_plans plans = {0};
  ict_status st = ict_plans_of_store(store, catalog, request, &plans, findings, err);
  for (size_t i = 0; i < plans.n && st == ICT_OK; i++) {
    ict_cube *cube = NULL;
    ict_replicate_totals *totals = NULL;
    st = ict_scan_replicated(plans.plans[i], request->threads, request->progress, &cube, &totals,
                             err);
    if (st == ICT_OK) st = test_plan(plans.plans[i], cube, totals, request, tests, err);
    if (st == ICT_OK) tell_untested(plans.plans[i], findings);
    ict_replicate_totals_free(totals);
    ict_cube_free(cube);
  }
  ict_plans_free(&plans);
  return st;
}

/* ---- the request -------------------------------------------------------------------------------
 */

/* "age" of "age:itu". */
static ict_slice axis_name(ict_slice axis) {
  return (ict_slice){axis.text,
                     strcspn(axis.text, ":,") < axis.len ? strcspn(axis.text, ":,") : axis.len};
}

/* Cuts "sex,age:itu" at its commas; false where there are other than n parts, or a blank one. */
static bool split(const char *text, size_t n, ict_slice *out) {
  for (size_t i = 0; i < n; i++) {
    size_t len = strcspn(text, ",");
    out[i] = ict_slice_trim((ict_slice){text, len});
    if (out[i].len == 0 || memchr(out[i].text, '(', out[i].len)) return false;
    if ((i + 1 < n) != (text[len] == ',')) return false;
    text += len + 1;
  }
  return true;
}

static ict_status bad_axes(const char *option, const char *text, const char *expected,
                           const char *example, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "%s \"%s\" does not name %s", option, text, expected);
  ict_err_expected(err, "%s, such as %s %s", expected, option, example);
  ict_err_fix(err, "to test within classes of another variable, write --within %s",
              strcmp(option, "--within") == 0 ? "urbanisation" : "VARIABLE");
  return ICT_USAGE;
}

static ict_status take_within(const char *text, ict_tests *tests, ict_err *err) {
  size_t n = 1;
  for (const char *at = text; (at = strchr(at, ',')); at++) n++;
  ict_slice *parts = ict_arena_alloc(tests->arena, n, sizeof *parts);
  tests->within = ict_arena_alloc(tests->arena, n, sizeof *tests->within);
  if (!parts || !tests->within) return ict_err_memory(err);
  if (!split(text, n, parts))
    return bad_axes("--within", text, "variables", "sex,urbanisation", err);
  for (size_t i = 0; i < n; i++) {
    ict_slice name = axis_name(parts[i]);
    tests->within[i] = ict_arena_strndup(tests->arena, name.text, name.len);
    if (!tests->within[i]) return ict_err_memory(err);
  }
  tests->n_within = n;
  return ICT_OK;
}

static ict_status check_apart(const ict_tests *tests, const ict_slice *axes, size_t n,
                              ict_err *err) {
  for (size_t i = 0; i < n; i++) {
    ict_slice name = axis_name(axes[i]);
    bool twice = i > 0 && axis_name(axes[0]).len == name.len &&
                 strncmp(axis_name(axes[0]).text, name.text, name.len) == 0;
    for (size_t k = 0; k < tests->n_within; k++)
      twice = twice || ict_slice_is(name, tests->within[k]);
    if (!twice) continue;
    ict_err_set(err, ICT_USAGE, "'%.*s' would be tested with itself or within its own classes",
                (int)name.len, name.text);
    ict_err_fix(err, "name different variables");
    return ICT_USAGE;
  }
  return ICT_OK;
}

/* The breakdowns of the plan: first each within the classes of `within`, so that its axes come
 * first in every breakdown, then each alone. */
static ict_status breakdowns(const ict_test_request *request, const char *const *texts, size_t n,
                             size_t n_tested, ict_tests *tests, const char ***out, size_t *n_out,
                             ict_err *err) {
  const char **all = ict_arena_alloc(tests->arena, 2 * n, sizeof *all);
  if (!all) return ict_err_memory(err);
  *n_out = 0;
  for (size_t i = 0; i < n; i++) {
    ict_slice axes[2];
    if (!split(texts[i], n_tested, axes))
      return n_tested == 1
                 ? bad_axes("--by", texts[i], "one variable", "sex", err)
                 : bad_axes("--table", texts[i], "two variables", "education_lev:levels,sex", err);
    ict_status st = check_apart(tests, axes, n_tested, err);
    if (st != ICT_OK) return st;
    if (!request->within) continue;
    all[*n_out] = ict_arena_printf(tests->arena, "%s,%s", request->within, texts[i]);
    if (!all[(*n_out)++]) return ict_err_memory(err);
  }
  for (size_t i = 0; i < n; i++) all[(*n_out)++] = texts[i];
  *out = all;
  return ICT_OK;
}

static bool has_axes(const ict_frame *frame, const ict_tests *tests, const char *text) {
  ict_slice axes[2];
  bool all = split(text, 2, axes);
  for (size_t i = 0; i < 2 && all; i++) {
    ict_slice name = axis_name(axes[i]);
    bool found = false;
    for (size_t c = 0; c < frame->schema->n; c++)
      found = found || ict_slice_is(name, frame->schema->vars[c].name);
    all = found;
  }
  for (size_t i = 0; i < tests->n_within && all; i++)
    all = ict_schema_find(frame->schema, tests->within[i]) >= 0;
  return all;
}

/* Which unit a table counts: the one that was named, or the only one that has its variables. */
static ict_status find_unit(const ict_store *store, const ict_test_request *request,
                            const ict_tests *tests, const char *text, const char **unit,
                            ict_err *err) {
  ict_str units;
  size_t n = 0;
  ict_str_init(&units);
  *unit = NULL;
  for (size_t i = 0; i < ict_store_units(store); i++) {
    const char *name = ict_store_unit_name(store, i);
    if (request->unit ? strcmp(name, request->unit) != 0
                      : !has_axes(ict_store_frame_at(store, i), tests, text))
      continue;
    if (!*unit) *unit = name;
    ict_str_addf(&units, "%s%s", n++ ? ", " : "", name);
  }
  if (n > 1) {
    ict_err_set(err, ICT_USAGE, "several units have the variables of --table \"%s\"", text);
    ict_err_expected(err, "one of: %s", units.failed ? "?" : units.text);
    ict_err_fix(err, "write --unit %s", *unit);
  } else if (n == 0) {
    ict_str_clear(&units);
    for (size_t i = 0; i < ict_store_units(store); i++)
      ict_str_addf(&units, "%s%s", i ? ", " : "", ict_store_unit_name(store, i));
    if (request->unit)
      ict_err_set(err, ICT_USAGE, "no units '%s' in %s", request->unit, ict_store_survey(store));
    else
      ict_err_set(err, ICT_USAGE, "no unit has both variables of --table \"%s\"%s", text,
                  tests->n_within ? " and those of --within" : "");
    ict_err_expected(err, request->unit ? "one of: %s" : "variables of one of: %s",
                     units.failed ? "?" : units.text);
    ict_err_fix(err, "`ictstat info` shows the variables of the store");
  }
  ict_str_done(&units);
  return n == 1 ? ICT_OK : ICT_USAGE;
}

static ict_status test_indicators(const ict_store *store, const ict_catalog *catalog,
                                  const ict_test_request *request, ict_tests *tests,
                                  ict_findings *findings, ict_err *err) {
  ict_request plain = request->compute;
  const char **by;
  ict_status st = breakdowns(request, request->compute.by, request->compute.n_by, 1, tests, &by,
                             &plain.n_by, err);
  if (st != ICT_OK) return st;
  plain.by = by;
  plain.contrasts = NULL;
  plain.n_contrasts = 0;
  plain.n_tested = 1;
  return test_plans(store, catalog, &plain, tests, findings, err);
}

/* Each table in a pass of its own, as its unit may be another. */
static ict_status test_tables(const ict_store *store, const ict_catalog *catalog,
                              const ict_test_request *request, ict_tests *tests,
                              ict_findings *findings, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < request->n_tables && st == ICT_OK; i++) {
    ict_request plain = request->compute;
    const char **by;
    st = breakdowns(request, &request->tables[i], 1, 2, tests, &by, &plain.n_by, err);
    if (st == ICT_OK)
      st = find_unit(store, request, tests, request->tables[i], &plain.everyone, err);
    if (st != ICT_OK) return st;
    plain.by = by;
    plain.indicators = NULL;
    plain.contrasts = NULL;
    plain.n_indicators = plain.n_contrasts = 0;
    plain.n_tested = 2;
    st = test_plans(store, catalog, &plain, tests, findings, err);
  }
  return st;
}

ict_status ict_test(const ict_store *store, const ict_catalog *catalog,
                    const ict_test_request *request, ict_tests **out, ict_findings *findings,
                    ict_err *err) {
  *out = NULL;
  ict_status st = ICT_OK;
  ict_tests *tests = ict_alloc(1, sizeof *tests);
  if (tests) tests->arena = ict_arena_new();
  if (!tests || !tests->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  tests->statistic = request->statistic;
  if (request->compute.n_by + request->n_tables + request->compute.n_contrasts == 0) {
    st = ict_err_set(err, ICT_USAGE, "nothing to test");
    ict_err_expected(err, "--by VARIABLE, --table VARIABLE,VARIABLE or --contrast AXIS:A-B");
    ict_err_fix(err, "write for example --by sex");
    goto done;
  }
  if (request->within) ICT_TRY(done, st, take_within(request->within, tests, err));
  if (request->compute.n_by > 0)
    ICT_TRY(done, st, test_indicators(store, catalog, request, tests, findings, err));
  ICT_TRY(done, st, test_tables(store, catalog, request, tests, findings, err));
  if (request->compute.n_contrasts > 0)
    ICT_TRY(done, st, ict_tests_add_contrasts(store, catalog, request, tests, findings, err));
  if (tests->n == 0) {
    st = ict_err_set(err, ICT_REFUSED, "nothing of what was asked can be tested");
    ict_err_expected(err, "an indicator that is a share, a count, a mean or a ratio");
    ict_err_fix(err, "name another with -i");
    goto done;
  }
  *out = tests;
  tests = NULL;
done:
  ict_tests_free(tests);
  return st;
}
