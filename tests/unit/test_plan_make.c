/* test_plan_make.c - the shipped catalogue over a hand-made table of four persons: which measures,
 * which cells, which refusals; then the whole way to the cube's sums, by hand. */
#include <math.h>
#include <string.h>

#include "plan/plan.h"
#include "scan/scan.h"
#include "suite.h"

static const ict_code AREA[] = {{"XAA", "Aland", NULL}}, PERIOD[] = {{"2024", "2024", NULL}},
                      SEX[] = {{"M", "Male", NULL}, {"F", "Female", NULL}},
                      YES_NO[] = {{"Y", "Yes", NULL}, {"N", "No", NULL}};
static const ict_codelist AREAS = {"areas", "", NULL, 1, AREA, NULL},
                          PERIODS = {"periods", "", NULL, 1, PERIOD, NULL},
                          SEXES = {"CL_SEX", "", NULL, 2, SEX, NULL},
                          ANSWERS = {"CL_YES_NO", "", NULL, 2, YES_NO, NULL};
static const ict_condition THREE[] = {{"period_months", "3"}}, TWELVE[] = {{"period_months", "12"}};

#define CODED(id, list) \
  { .name = id, .title = id, .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &list }
static ict_variable VARS[] = {
    CODED("ref_area", AREAS),
    CODED("time_period", PERIODS),
    CODED("sex", SEXES),
    {.name = "age", .title = "Age", .type = ICT_TYPE_INTEGER, .width = ICT_U8},
    CODED("internet_use_3m", ANSWERS),
};
enum { INTERNET = 4 };
static const ict_schema SCHEMA = {5, VARS, NULL};

static const uint8_t ZERO[4] = {0}, SEX_OF[4] = {0, 1, 1, 0}, AGE_OF[4] = {10, 20, 80, 255},
                     USES[4] = {0, 1, 0, 255};
static const void *const COLUMNS[] = {ZERO, ZERO, SEX_OF, AGE_OF, USES};
static const uint64_t ROWS[] = {0, 2, 4}, PSUS[] = {0, 2};
static const double WEIGHT[] = {1, 2, 4, 8};
static const ict_frame FRAME = {.unit = "individual",
                                .schema = &SCHEMA,
                                .n_rows = 4,
                                .columns = COLUMNS,
                                .design = {.has_psu = true,
                                           .has_weight = true,
                                           .n_rows = 4,
                                           .n_psu = 2,
                                           .n_strata = 1,
                                           .psu_first_row = ROWS,
                                           .stratum_first_psu = PSUS,
                                           .weight = WEIGHT}};

static ict_catalog *catalog;

static ict_status make(const char *indicator, const char *by, const char *scope, ict_plans *plans,
                       ict_findings *findings, ict_err *err) {
  ict_plan_table table = {&FRAME, scope};
  ict_request request = {
      .indicators = &indicator, .n_indicators = indicator ? 1 : 0, .by = &by, .n_by = by ? 1 : 0};
  *err = (ict_err){0};
  return ict_plan_make(catalog, &table, 1, "SURVEY", &request, plans, findings, err);
}

static void lays_out_cells(void) {
  ict_plans plans;
  ict_err err;
  VARS[INTERNET].conditions = THREE;
  VARS[INTERNET].n_conditions = 1;
  CU_ASSERT_EQUAL_FATAL(make("17.8.1", "sex,age:itu", NULL, &plans, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(plans.n, 1);
  ict_plan *p = plans.plans[0];
  CU_ASSERT_EQUAL(p->n_measures, 1);
  CU_ASSERT_EQUAL(p->n_axes, 4);
  CU_ASSERT_EQUAL(p->n_fine, (size_t)2 * 2 * 3 * (p->axes[3].n + 1));
  CU_ASSERT_EQUAL(p->n_margins, 2);
  CU_ASSERT_EQUAL(p->shape.margins[0].n_cells, 1);
  CU_ASSERT_EQUAL(p->shape.margins[1].n_cells, 2 * p->axes[3].n);
  CU_ASSERT_EQUAL(p->axes[3].lut[255], p->axes[3].n); /* a missing age is in no band */
  CU_ASSERT_STRING_EQUAL(p->axes[3].codes->codes[p->axes[3].lut[20]].id, "Y15T24");
  /* Nobody asks for the cells of fine cells, until somebody does. */
  CU_ASSERT_TRUE(ict_plan_by_abacus(p));
  CU_ASSERT_PTR_NULL(p->shape.margins[1].cell_of);
  CU_ASSERT_EQUAL_FATAL(ict_plan_fill_cells(p, &err), ICT_OK);
  size_t women = p->stride[2], aged_0 = 0, in_none = p->axes[3].n;
  CU_ASSERT_EQUAL(p->shape.margins[0].cell_of[women + in_none], 0);
  CU_ASSERT_EQUAL(p->shape.margins[1].cell_of[women + aged_0], p->axes[3].n);
  CU_ASSERT_EQUAL(p->shape.margins[1].cell_of[women + in_none], ICT_NO_CELL);
  ict_plans_free(&plans);
}

/* Rows: M 10 uses (w 1), F 20 does not (w 2), F 80 uses (w 4), M missing (w 8). */
static void scans_to_sums_by_hand(void) {
  ict_plans plans;
  ict_err err;
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(make("17.8.1", "sex", NULL, &plans, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_scan(plans.plans[0], 1, NULL, &cube, NULL, &err), ICT_OK);
  const ict_sums *all = (ict_sums[]){ict_cube_sums(cube, 0, 0, 0)},
                 *women = (ict_sums[]){ict_cube_sums(cube, 1, 1, 0)};
  CU_ASSERT_EQUAL(all->a, 5); /* yes: 1 + 4 */
  CU_ASSERT_EQUAL(all->b, 2); /* no: 2 */
  CU_ASSERT_EQUAL(all->n, 3);
  CU_ASSERT_EQUAL(women->a, 4);
  CU_ASSERT_EQUAL(women->b, 2);
  /* PSU totals of yes: 1 and 4; n/(n-1) sum of squares about 2.5 is 2 x 2 x 2.25 = 9 */
  CU_ASSERT_DOUBLE_EQUAL(all->v_aa, 9, 1e-12);
  ict_cube_free(cube);
  ict_plans_free(&plans);
}

/* Whom a table holds as a whole: who has a class; and the policies under which that matters to the
 * covariance of two of its cells. */
static void a_table_that_is_tested(void) {
  static const char *const ages = "age:itu", *const use = "17.8.1";
  ict_request request = {.indicators = &use, .n_indicators = 1, .by = &ages, .n_by = 1};
  request.n_tested = 1;
  uint64_t n[2];
  for (int average = 0; average < 2; average++) {
    ict_frame frame = FRAME;
    frame.design.lonely = average ? ICT_LONELY_AVERAGE : ICT_LONELY_FAIL;
    ict_plan_table table = {&frame, NULL};
    ict_plans plans;
    ict_err err = {0};
    ict_cube *cube = NULL;
    CU_ASSERT_EQUAL_FATAL(ict_plan_make(catalog, &table, 1, "SURVEY", &request, &plans, NULL, &err),
                          ICT_OK);
    const ict_plan *p = plans.plans[0];
    const ict_plan_test *test = &p->tests[0];
    CU_ASSERT_EQUAL(p->n_tests, 1);
    CU_ASSERT_EQUAL(ict_plan_by_abacus(p), !average);
    CU_ASSERT_EQUAL(p->shape.pairs[0].n_group, average ? test->n_cells : 0);
    CU_ASSERT_EQUAL_FATAL(ict_scan(p, 1, NULL, &cube, NULL, &err), ICT_OK);
    n[average] = 0;
    for (size_t c = 0; c < test->n_cells; c++) n[average] += ict_cube_sums(cube, 1, c, 0).n;
    CU_ASSERT_EQUAL(ict_cube_sums(cube, test->whole, 0, 0).n, n[average]);
    /* Women of 20 who do not, in the first PSU, and of 80 who do, in the second: C is -2 x 2 x 4
     * / 2. */
    size_t first = p->axes[2].lut[20], last = p->axes[2].lut[80];
    ict_pair_sums both = ict_cube_pair(cube, ict_plan_test_pair(test, 0, first, last), 0);
    CU_ASSERT_DOUBLE_EQUAL(both.cross[ICT_CROSS_B1_A2].v_ab, -8, 1e-12);
    ict_cube_free(cube);
    ict_plans_free(&plans);
  }
  CU_ASSERT_EQUAL(n[0], n[1]);
}

static void scope_keeps_rows_out(void) {
  ict_plans plans;
  ict_err err;
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(make("17.8.1", NULL, "age >= 15", &plans, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_scan(plans.plans[0], 1, NULL, &cube, NULL, &err), ICT_OK);
  CU_ASSERT_EQUAL(ict_cube_sums(cube, 0, 0, 0).a, 4);
  ict_cube_free(cube);
  ict_plans_free(&plans);
}

static void broken_condition_is_refused_or_flagged(void) {
  ict_plans plans;
  ict_err err;
  VARS[INTERNET].conditions = TWELVE;
  CU_ASSERT_EQUAL(make("17.8.1", NULL, NULL, &plans, NULL, &err), ICT_REFUSED);
  CU_ASSERT_STRING_EQUAL(err.what,
                         "internet_use_3m: period_months is 12 in SURVEY; 17.8.1 asks for 3");
  VARS[INTERNET].proxy = true;
  CU_ASSERT_EQUAL_FATAL(make("17.8.1", NULL, NULL, &plans, NULL, &err), ICT_OK);
  CU_ASSERT(plans.plans[0]->measures[0].differs);
  ict_plans_free(&plans);
  VARS[INTERNET].proxy = false;
  VARS[INTERNET].conditions = THREE;
}

static void wrong_requests_name_the_nearest(void) {
  ict_plans plans;
  ict_err err;
  CU_ASSERT_EQUAL(make("17.8.2", NULL, NULL, &plans, NULL, &err), ICT_USAGE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.fix, "17.8.1"));
  CU_ASSERT_EQUAL(make("17.8.1", "sexx", NULL, &plans, NULL, &err), ICT_USAGE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.fix, "'sex'"));
  CU_ASSERT_EQUAL(make("17.8.1", "age:none-such", NULL, &plans, NULL, &err), ICT_USAGE);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.expected, "itu"));
  CU_ASSERT_EQUAL(make("17.8.1", "age:itu,age:ten-year", NULL, &plans, NULL, &err), ICT_USAGE);
  CU_ASSERT_EQUAL(make("HH6", NULL, NULL, &plans, NULL, &err), ICT_REFUSED);
  CU_ASSERT_EQUAL(plans.n, 0);
}

static void everything_takes_what_it_can(void) {
  ict_plans plans;
  ict_err err;
  ict_findings *findings = ict_findings_new();
  CU_ASSERT_EQUAL_FATAL(make(NULL, NULL, NULL, &plans, findings, &err), ICT_OK);
  CU_ASSERT_EQUAL(plans.n, 1);
  CU_ASSERT(plans.plans[0]->n_measures >= 1);
  CU_ASSERT(ict_findings_count_of(findings, ICT_NOTE) > 0); /* what was left out is said */
  ict_findings_free(findings);
  ict_plans_free(&plans);
}

static void oom_every_allocation_may_fail(void) {
  for (long n = 0; n < 5000; n++) {
    ict_plans plans = {0};
    ict_err err;
    ict_mem_fail_after(n);
    ict_status st = make("17.8.1", "cube(sex,age:itu)", "age >= 15", &plans, NULL, &err);
    char *text = st == ICT_OK ? ict_plan_text(plans.plans[0]) : NULL;
    ict_mem_fail_after(-1);
    bool done = text != NULL;
    ict_free(text);
    ict_plans_free(&plans);
    if (done) return;
    if (st != ICT_OK) CU_ASSERT_EQUAL(st, ICT_FAIL);
  }
  CU_FAIL("never succeeded");
}

static int setup(void) {
  return ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &catalog, NULL, NULL) != ICT_OK;
}

static int teardown(void) {
  ict_catalog_free(catalog);
  return 0;
}

SUITE_WITH("plan.make", setup, teardown, TEST(lays_out_cells), TEST(scans_to_sums_by_hand),
           TEST(a_table_that_is_tested), TEST(scope_keeps_rows_out),
           TEST(broken_condition_is_refused_or_flagged), TEST(wrong_requests_name_the_nearest),
           TEST(everything_takes_what_it_can), TEST(oom_every_allocation_may_fail))
