/* Contrasts as written, over a hand-made table with codes that hold the marks themselves. */
#include <string.h>

#include "plan/plan.h"
#include "suite.h"

static const ict_code AREA[] = {{"XAA", "Aland", NULL}}, PERIOD[] = {{"2024", "2024", NULL}},
                      SEX[] = {{"M", "Male", NULL}, {"F", "Female", NULL}},
                      BAND[] = {{"0-9", "To 9", NULL}, {"10-19", "To 19", NULL}, {"9", "?", NULL}},
                      YES_NO[] = {{"Y", "Yes", NULL}, {"N", "No", NULL}};
static const ict_codelist AREAS = {"areas", "", NULL, 1, AREA, NULL},
                          PERIODS = {"periods", "", NULL, 1, PERIOD, NULL},
                          SEXES = {"CL_SEX", "", NULL, 2, SEX, NULL},
                          BANDS = {"bands", "", NULL, 3, BAND, NULL},
                          ANSWERS = {"CL_YES_NO", "", NULL, 2, YES_NO, NULL};
static const ict_condition THREE[] = {{"period_months", "3"}};
#define CODED(id, list) \
  { .name = id, .title = id, .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &list }
static ict_variable VARS[] = {CODED("ref_area", AREAS), CODED("time_period", PERIODS),
                              CODED("sex", SEXES), CODED("band", BANDS),
                              CODED("internet_use_3m", ANSWERS)};
static const ict_schema SCHEMA = {5, VARS, NULL};
static const uint8_t ZERO[2] = {0};
static const void *const COLUMNS[] = {ZERO, ZERO, ZERO, ZERO, ZERO};
static const uint64_t ROWS[] = {0, 1, 2}, PSUS[] = {0, 2};
static const ict_frame FRAME = {
    .unit = "individual",
    .schema = &SCHEMA,
    .n_rows = 2,
    .columns = COLUMNS,
    .design = {
        .n_rows = 2, .n_psu = 2, .n_strata = 1, .psu_first_row = ROWS, .stratum_first_psu = PSUS}};

static ict_catalog *catalog;

static ict_status make(const char *by, const char *contrast, ict_plans *plans, ict_err *err) {
  const char *indicator = "17.8.1";
  ict_plan_table table = {&FRAME, NULL};
  ict_request request = {.indicators = &indicator,
                         .n_indicators = 1,
                         .by = &by,
                         .n_by = by ? 1 : 0,
                         .contrasts = &contrast,
                         .n_contrasts = 1};
  *err = (ict_err){0};
  return ict_plan_make(catalog, &table, 1, "SURVEY", &request, plans, NULL, err);
}

/* Margins: total, band; behind them, for the contrast alone, sex and sex x band. */
static void stands_in_the_total_and_every_breakdown(void) {
  ict_plans plans;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(make("band", "sex:F-M", &plans, &err), ICT_OK);
  const ict_plan *p = plans.plans[0];
  CU_ASSERT_EQUAL(p->n_margins, 4);
  CU_ASSERT_FALSE(p->margins[1].silent);
  CU_ASSERT_TRUE(p->margins[2].silent && p->margins[3].silent);
  CU_ASSERT_EQUAL(p->shape.n_pairs, 4);
  CU_ASSERT_STRING_EQUAL(p->contrasts[0].text, "F-M");
  CU_ASSERT_STRING_EQUAL(p->contrasts[0].words, "Female - Male");
  /* sex: cells M, F; band is axis 2 and sex axis 3, so cell = 2 band + sex */
  CU_ASSERT_EQUAL(p->shape.pairs[0].cell[0], 1);
  CU_ASSERT_EQUAL(p->shape.pairs[0].cell[1], 0);
  for (uint32_t i = 0; i < 3; i++) {
    CU_ASSERT_EQUAL(p->shape.pairs[1 + i].margin, 3);
    CU_ASSERT_EQUAL(p->shape.pairs[1 + i].cell[0], 2 * i + 1);
    CU_ASSERT_EQUAL(p->shape.pairs[1 + i].cell[1], 2 * i);
  }
  ict_plans_free(&plans);
}

static void a_breakdown_by_the_axis_serves(void) {
  ict_plans plans;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(make("sex", "sex:M/F", &plans, &err), ICT_OK);
  CU_ASSERT_EQUAL(plans.plans[0]->n_margins, 2);
  CU_ASSERT_FALSE(plans.plans[0]->margins[1].silent);
  CU_ASSERT_EQUAL(plans.plans[0]->shape.n_pairs, 1);
  CU_ASSERT_TRUE(plans.plans[0]->contrasts[0].ratio);
  ict_plans_free(&plans);
}

static void codes_may_hold_the_mark(void) {
  ict_plans plans;
  ict_err err;
  CU_ASSERT_EQUAL_FATAL(make(NULL, "band:10-19-0-9", &plans, &err), ICT_OK);
  CU_ASSERT_EQUAL(plans.plans[0]->contrasts[0].cls[0], 1);
  CU_ASSERT_EQUAL(plans.plans[0]->contrasts[0].cls[1], 0);
  ict_plans_free(&plans);
}

static void refuses(void) {
  static const struct {
    const char *text, *what;
  } bad[] = {
      {"sex", "no name of a breakdown"}, {":F-M", "no name of a breakdown"},
      {"sex:F", "no two classes"},       {"sex:-M", "no two classes"},
      {"sex:F/", "no two classes"},      {"sex::F-M", "no classification"},
      {"sex:F-F", "with itself"},        {"sex:F-H", "no class 'H'"},
      {"sex:H-M", "no class 'H'"},       {"sax:F-M", "no breakdown 'sax'"},
      {"ref_area:XAA-XAB", "one area"},  {"sex:none:F-M", "no classification 'none'"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    ict_plans plans;
    ict_err err;
    CU_ASSERT_EQUAL(make(NULL, bad[i].text, &plans, &err), ICT_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.what, bad[i].what));
    CU_ASSERT_EQUAL(plans.n, 0);
  }
}

static void survives_short_memory(void) {
  ict_plans plans;
  ict_err err;
  for (long n = 0;; n++) {
    ict_mem_fail_after(n);
    ict_status st = make("band", "sex:F-M", &plans, &err);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) break;
    CU_ASSERT_EQUAL_FATAL(st, ICT_FAIL);
  }
  ict_plans_free(&plans);
}

static int setup(void) {
  VARS[4].conditions = THREE;
  VARS[4].n_conditions = 1;
  return ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &catalog, NULL, NULL) != ICT_OK;
}

static int teardown(void) {
  ict_catalog_free(catalog);
  return 0;
}

SUITE_WITH("plan.contrast", setup, teardown, TEST(stands_in_the_total_and_every_breakdown),
           TEST(a_breakdown_by_the_axis_serves), TEST(codes_may_hold_the_mark), TEST(refuses),
           TEST(survives_short_memory))
