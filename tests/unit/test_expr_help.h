/* test_expr_help.h - a schema with every type and width, for the tests of expr. */
#ifndef ICT_TEST_EXPR_HELP_H
#define ICT_TEST_EXPR_HELP_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/frame.h"
#include "expr/expr.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define N_REGIONS    300 /* more than a byte holds */

enum {
  SEX,
  PARTNER_SEX,
  USE,
  EDUCATION,
  REGION,
  BIRTH_REGION,
  AGE,
  SIZE,
  HOURS,
  MINUTES,
  YEAR,
  DEBT,
  INCOME,
  SPENDING,
  N_VARS
};

static const ict_code sex_codes[] = {
    {"M", "Male", NULL}, {"F", "Female", NULL}, {"_O", "Other", NULL}};
static const ict_code use_codes[] = {{"N", "No", NULL}, {"Y", "Yes", NULL}};
static const ict_code education_codes[] = {{"ISCED11_0", "Less than primary", NULL},
                                           {"ISCED11_1", "Primary", NULL},
                                           {"ISCED11_2", "Lower secondary", NULL},
                                           {"ISCED11_3", "Upper secondary", NULL},
                                           {"ISCED11_4", "Post-secondary", NULL},
                                           {"ISCED11_5", "Short-cycle", NULL},
                                           {"ISCED11_6", "Bachelor", NULL},
                                           {"ISCED11_7", "Master", NULL},
                                           {"ISCED11_8", "Doctor", NULL},
                                           {"10", "ten", NULL},
                                           {"11", "eleven", NULL}};
static ict_code region_codes[N_REGIONS];
static char region_ids[N_REGIONS][16];

static const ict_codelist sex_list = {"CL_SEX", "Sex", NULL, COUNT(sex_codes), sex_codes, NULL};
static const ict_codelist use_list = {"CL_YES_NO",      "Yes or no", NULL,
                                      COUNT(use_codes), use_codes,   NULL};
static const ict_codelist education_list = {"CL_EDUCATION",         "Education",     NULL,
                                            COUNT(education_codes), education_codes, NULL};
static const ict_codelist region_list = {"CL_REGION", "Region",     NULL,
                                         N_REGIONS,   region_codes, NULL};

static ict_variable vars[N_VARS] = {
    [SEX] = {.name = "sex", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &sex_list},
    [PARTNER_SEX] = {.name = "partner_sex",
                     .type = ICT_TYPE_CODE,
                     .width = ICT_U8,
                     .codes = &sex_list},
    [USE] = {.name = "internet_use", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &use_list},
    [EDUCATION] = {.name = "education",
                   .type = ICT_TYPE_CODE,
                   .width = ICT_U8,
                   .codes = &education_list},
    [REGION] = {.name = "region", .type = ICT_TYPE_CODE, .width = ICT_U16, .codes = &region_list},
    [BIRTH_REGION] = {.name = "birth_region",
                      .type = ICT_TYPE_CODE,
                      .width = ICT_U16,
                      .codes = &region_list},
    [AGE] = {.name = "age", .type = ICT_TYPE_INTEGER, .width = ICT_U8},
    [SIZE] = {.name = "size", .type = ICT_TYPE_INTEGER, .width = ICT_U8},
    [HOURS] = {.name = "hours", .type = ICT_TYPE_INTEGER, .width = ICT_U16},
    [MINUTES] = {.name = "minutes", .type = ICT_TYPE_INTEGER, .width = ICT_U16},
    [YEAR] = {.name = "year", .type = ICT_TYPE_INTEGER, .width = ICT_I32},
    [DEBT] = {.name = "debt", .type = ICT_TYPE_INTEGER, .width = ICT_I32},
    [INCOME] = {.name = "income", .type = ICT_TYPE_REAL, .width = ICT_F64},
    [SPENDING] = {.name = "spending", .type = ICT_TYPE_REAL, .width = ICT_F64},
};
static const ict_schema schema = {N_VARS, vars, NULL};
static const ict_scope scope = {&schema, "the concepts"};

__attribute__((unused)) static void make_regions(void) {
  for (int i = 0; i < N_REGIONS; i++) {
    snprintf(region_ids[i], sizeof region_ids[i], "R%d", i);
    region_codes[i] = (ict_code){region_ids[i], region_ids[i], NULL};
  }
}

/* Text to program in one go; NULL, with err set, where it is refused. */
__attribute__((unused)) static ict_program *compile(const char *text, ict_type want, ict_err *err) {
  ict_expr *expr = NULL;
  ict_program *program = NULL;
  ict_origin origin = {"test.yaml", 1, 1};
  if (ict_expr_parse(text, origin, &expr, err) == ICT_OK)
    ict_expr_check(expr, &scope, want, &program, err);
  ict_expr_free(expr);
  return program;
}

/* An expression that must be refused: where, and in which words (a part of each is enough). */
typedef struct bad_expression {
  const char *text;
  uint64_t line, column;
  const char *what, *fix; /* fix: NULL where none is offered */
} bad_expression;

/* 0 where the record says just that; else prints both and gives 1. */
__attribute__((unused)) static int differs(const bad_expression *bad, ict_status st,
                                           const ict_err *err) {
  char text[4096];
  if (st == ICT_REFUSED && err->line == bad->line && err->column == bad->column &&
      strstr(err->what, bad->what) &&
      (bad->fix ? strstr(err->fix, bad->fix) != NULL : !err->fix[0]) &&
      strcmp(err->file, "test.yaml") == 0)
    return 0;
  ict_err_text(err, text, sizeof text);
  printf("\n  %s\n  wanted %d:%d '%s', fix '%s'\n  status %d, got %s", bad->text, (int)bad->line,
         (int)bad->column, bad->what, bad->fix ? bad->fix : "", (int)st, text);
  return 1;
}

#endif
