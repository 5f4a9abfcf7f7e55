/* Conditions straight to bits, against the evaluator that runs every expression: ranges of codes,
 * several ranges, none, columns of every width, more than one column; with and without scope,
 * universe and denominator; items that share a universe; numbers among them, which lack values or a
 * denominator here and there; every instruction set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "random.h"
#include "scan/inside.h"
#include "suite.h"

enum { USE, AGE, SIZE, HOURS, INCOME, N_VARS };
enum { N_ROWS = 5000, MOST_PROGRAMS = 64 };

static const ict_code codes[] = {{"N", "no", NULL}, {"Y", "yes", NULL}, {"P", "partly", NULL}};
static const ict_codelist list = {"CL_USE", "use", NULL, 3, codes, NULL};
static ict_variable vars[N_VARS] = {
    {.name = "use", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &list},
    {.name = "age", .type = ICT_TYPE_INTEGER, .width = ICT_U8},
    {.name = "size", .type = ICT_TYPE_INTEGER, .width = ICT_U8},
    {.name = "hours", .type = ICT_TYPE_INTEGER, .width = ICT_U16},
    {.name = "income", .type = ICT_TYPE_REAL, .width = ICT_F64}};
static const ict_schema schema = {N_VARS, vars, NULL};

/* NULL: none. The first two are items of one indicator. */
static const struct {
  const char *universe, *numerator, *denominator;
  bool numeric;
} measures[] = {
    {"age >= 15", "use = \"Y\"", NULL, false},
    {"age >= 15", "use = \"N\"", NULL, false},
    {NULL, "use = \"P\"", NULL, false},
    {NULL, "income", NULL, true},
    {"use = \"Y\"", "hours", "income - 500", true},
    {"hours < 30", "if age > 200 then 1 else hours / age", NULL, true},
    {NULL, "use in {\"N\", \"P\"}", "age < 75", false},
    {"age in {1, 3, 5, 7, 9, 11, 40} or age > 60", "age <> 9", "use <> \"P\"", false},
    {NULL, "age in {2, 4, 6, 8, 10, 12, 14}", NULL, false},
    {"size > 2 and age > 20", "hours < 30", NULL, false},
    {"hours < 30", "income > 500", "size = 1", false},
    {NULL, "isnull(use)", NULL, false},
    {NULL, "nvl(use = \"Y\", true)", "not isnull(age)", false},
    {"use = \"Y\" or size = 4", "if age > 30 then use = \"Y\" else size > 1", NULL, false},
    {NULL, "age > 200", NULL, false},
    {"age > 200", "use = \"Y\"", NULL, false},
};
enum { N_MEASURES = sizeof measures / sizeof measures[0] };

typedef struct world {
  uint8_t use[N_ROWS], age[N_ROWS], size[N_ROWS];
  uint16_t hours[N_ROWS];
  double income[N_ROWS];
  const void *columns[N_VARS];
  uint64_t psu_first[2], stratum_first[2];
  ict_frame frame;
  size_t n_programs;
  ict_expr *exprs[MOST_PROGRAMS];
  ict_program *programs[MOST_PROGRAMS];
  ict_plan_measure measures[N_MEASURES];
  ict_plan_axis axis;
  ict_plan plan;
} world;

static const ict_program *program(world *w, const char *text, ict_type want) {
  ict_scope scope = {&schema, "the columns"};
  if (!text) return NULL;
  size_t k = w->n_programs++;
  CU_ASSERT_EQUAL_FATAL(ict_expr_parse(text, (ict_origin){"test", 1, 1}, &w->exprs[k], NULL),
                        ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_expr_check(w->exprs[k], &scope, want, &w->programs[k], NULL), ICT_OK);
  return w->programs[k];
}

static void fill(world *w) {
  for (size_t i = 0; i < N_ROWS; i++) {
    bool lost = uniform() < 0.1;
    w->use[i] = lost ? ict_missing_u8(ICT_DONT_KNOW) : (uint8_t)(3 * uniform());
    w->age[i] = uniform() < 0.1 ? ict_missing_u8(ICT_MISSING) : (uint8_t)(90 * uniform());
    w->size[i] = (uint8_t)(5 * uniform());
    w->hours[i] = uniform() < 0.1 ? ict_missing_u16(ICT_NOT_ASKED) : (uint16_t)(60 * uniform());
    w->income[i] = uniform() < 0.1 ? ict_missing_f64(ICT_MISSING) : 1000 * uniform();
  }
}

static world *new_world(const char *scope) {
  static const size_t stride[] = {1}, margin_axes[] = {0};
  static uint16_t lut[UINT8_MAX + 1];
  static uint32_t cell_of[2][4];
  static const ict_margin margins[2] = {{1, cell_of[0]}, {3, cell_of[1]}};
  static bool numeric[N_MEASURES];
  static const ict_indicator items;
  static const ict_plan_margin plan_margins[2] = {{.n_axes = 0},
                                                  {.n_axes = 1, .axes = margin_axes}};
  world *w = calloc(1, sizeof *w);
  CU_ASSERT_PTR_NOT_NULL_FATAL(w);
  for (size_t v = 0; v <= UINT8_MAX; v++) lut[v] = v < 3 ? (uint16_t)v : 3;
  for (uint32_t c = 0; c < 4; c++) cell_of[1][c] = c < 3 ? c : ICT_NO_CELL;
  draw_from(7);
  fill(w);
  w->columns[USE] = w->use;
  w->columns[AGE] = w->age;
  w->columns[SIZE] = w->size;
  w->columns[HOURS] = w->hours;
  w->columns[INCOME] = w->income;
  w->psu_first[1] = N_ROWS;
  w->stratum_first[1] = 1;
  w->frame = (ict_frame){.schema = &schema,
                         .n_rows = N_ROWS,
                         .columns = w->columns,
                         .design = {.n_rows = N_ROWS,
                                    .n_psu = 1,
                                    .n_strata = 1,
                                    .psu_first_row = w->psu_first,
                                    .stratum_first_psu = w->stratum_first}};
  for (size_t m = 0; m < N_MEASURES; m++) {
    ict_type of = measures[m].numeric ? ICT_TYPE_REAL : ICT_TYPE_BOOLEAN;
    numeric[m] = measures[m].numeric;
    w->measures[m] =
        (ict_plan_measure){.indicator = m < 2 ? &items : NULL,
                           .estimator = numeric[m] ? ICT_EST_RATIO : ICT_EST_PROPORTION,
                           .universe = program(w, measures[m].universe, ICT_TYPE_BOOLEAN),
                           .numerator = program(w, measures[m].numerator, of),
                           .denominator = program(w, measures[m].denominator, of)};
  }
  w->axis = (ict_plan_axis){.name = "use", .column = USE, .n = 3, .lut = lut, .n_lut = 256};
  w->plan = (ict_plan){.frame = &w->frame,
                       .scope = program(w, scope, ICT_TYPE_BOOLEAN),
                       .n_measures = N_MEASURES,
                       .measures = w->measures,
                       .n_axes = 1,
                       .axes = &w->axis,
                       .n_fine = 4,
                       .stride = stride,
                       .n_margins = 2,
                       .margins = plan_margins,
                       .shape = {.n_measures = N_MEASURES,
                                 .numeric = numeric,
                                 .n_fine = 4,
                                 .n_margins = 2,
                                 .margins = margins}};
  return w;
}

static void free_world(world *w) {
  for (size_t k = 0; k < w->n_programs; k++) {
    ict_program_free(w->programs[k]);
    ict_expr_free(w->exprs[k]);
  }
  free(w);
}

/* The numbers of all numeric measures, with 0 for none. */
static void numbers_of(const ict_evaluator *e, size_t n, double *out) {
  for (size_t m = 0; m < N_MEASURES; m++)
    for (size_t i = 0; i < n && measures[m].numeric; i++) {
      double y = e->values[m].y[i], x = e->values[m].x ? e->values[m].x[i] : 1;
      *out++ = isnan(y) || isnan(x) ? 0 : y;
      *out++ = isnan(y) || isnan(x) ? 0 : x;
    }
}

/* Rows [row, row + n). */
static size_t differences(ict_abacus_worker *w, const ict_abacus_shared *shared, size_t row,
                          size_t n) {
  ict_evaluator *e = w->evaluator;
  size_t wrong = 0;
  static double numbers[2][2 * N_MEASURES * ICT_BLOCK_ROWS];
  ict_evaluate_bits(e, &shared->answers, shared->layout, row, n, w->cell, w->yes, w->no);
  numbers_of(e, n, numbers[0]);
  ict_evaluate(e, row, n);
  numbers_of(e, n, numbers[1]);
  wrong += memcmp(numbers[0], numbers[1], sizeof numbers[0]) != 0;
  for (size_t i = 0; i < n; i++) {
    wrong += w->cell[i] != e->fine[i]; /* the one axis is that of the grid */
    for (size_t m = 0; m < N_MEASURES; m++) {
      ict_abacus_place place = ict_abacus_place_of(shared->layout, m);
      const ict_cube_values *v = &e->values[m];
      size_t at = place.group * ICT_BLOCK_ROWS + i;
      bool lacks = measures[m].numeric && (isnan(v->y[i]) || (v->x && isnan(v->x[i])));
      uint8_t answer = !measures[m].numeric ? v->answer[i] : lacks ? ICT_NULL : ICT_FALSE;
      wrong += ((w->yes[at] & place.bit) != 0) != (answer == ICT_TRUE);
      wrong += ((w->no[at] & place.bit) != 0) != (answer == ICT_FALSE);
    }
  }
  return wrong;
}

static void check(const char *scope) {
  static const char *const sets[] = {"baseline", "avx2", "avx512"};
  static const size_t first_psu[] = {0, 1};
  world *w = new_world(scope);
  for (size_t k = 0; k < 3; k++) {
    ict_evaluator evaluator;
    ict_abacus_shared shared;
    ict_abacus_worker worker;
    setenv("ICTSTAT_SIMD", sets[k], 1);
    CU_ASSERT_EQUAL_FATAL(ict_evaluator_init(&evaluator, &w->plan, NULL), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(ict_abacus_shared_init(&shared, &w->plan, first_psu, 1, 1, NULL), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(ict_abacus_worker_init(&worker, &shared, &evaluator, NULL), ICT_OK);
    CU_ASSERT_EQUAL(differences(&worker, &shared, 0, ICT_BLOCK_ROWS), 0);
    CU_ASSERT_EQUAL(differences(&worker, &shared, 3, 77), 0);
    CU_ASSERT_EQUAL(differences(&worker, &shared, N_ROWS - 1, 1), 0);
    ict_abacus_worker_done(&worker);
    ict_abacus_shared_done(&shared);
    ict_evaluator_done(&evaluator);
  }
  unsetenv("ICTSTAT_SIMD");
  free_world(w);
}

static void without_a_scope(void) { check(NULL); }
static void in_a_scope(void) { check("age <= 80"); }
static void in_a_scope_of_two_columns(void) { check("age <= 80 or size > 2"); }

static void survives_short_memory(void) {
  static const size_t first_psu[] = {0, 1};
  world *w = new_world("age <= 80");
  bool failed = true;
  for (long n = 0; failed; n++) {
    ict_abacus_shared shared;
    ict_mem_fail_after(n);
    ict_status st = ict_abacus_shared_init(&shared, &w->plan, first_psu, 1, 1, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || st == ICT_FAIL);
    failed = st != ICT_OK;
    ict_abacus_shared_done(&shared);
  }
  free_world(w);
}

SUITE("scan.bits", TEST(without_a_scope), TEST(in_a_scope), TEST(in_a_scope_of_two_columns),
      TEST(survives_short_memory))
