/* test_expr_check.c - names and types, before any data: what is taken, as which type, and
 * what is refused, where and with which advice. And the manual against the tables. */
#include "base/stream.h"
#include "expr/program.h"
#include "suite.h"
#include "test_expr_help.h"

#define Q "\"ISCED11_0\", \"ISCED11_1\""

static const bad_expression bad_conditions[] = {
    {"agee > 3", 1, 1, "no variable 'agee' in the concepts", "'age'"},
    {"1 = 1 and  nothing_like_it > 3", 1, 12, "no variable 'nothing_like_it'", NULL},
    {"Age > 3", 1, 1, "no variable 'Age'", "'age'"},
    {"sex = \"m\"", 1, 7, "\"m\" is not a code of 'sex' (CL_SEX)", "\"M\""},
    {"sex = \"Male\"", 1, 7, "\"Male\" is not a code", "write \"M\""},
    {"\"W\" = sex", 1, 1, "\"W\" is not a code", NULL},
    {"sex in {\"M\",\n \"FF\"}", 2, 2, "\"FF\" is not a code", "\"F\""},
    {"education = \"ISCED11_9\"", 1, 13, "not a code of 'education'", "\"ISCED11_"},
    {"sex = M", 1, 7, "'M' is a code of 'sex', not a variable", "\"M\""},
    {"F <> sex", 1, 1, "'F' is a code of 'sex'", "\"F\""},
    {"sex = 1", 1, 7, "'=' cannot put the coded variable 'sex' and the number 1 together", NULL},
    {"education = 10", 1, 13, "the number 10", "\"10\""},
    {"sex in {1}", 1, 9, "'in' cannot put", NULL},
    {"sex < \"M\"", 1, 1, "'<' cannot order the coded variable 'sex'", "sex in {\"M\""},
    {"\"M\" >= sex", 1, 1, "'>=' cannot order the text \"M\"", NULL},
    {"age < \"15\"", 1, 7, "'<' cannot order the text \"15\"", NULL},
    {"age = \"15\"", 1, 7, "integer variable 'age' and the text \"15\"", "15 without quotes"},
    {"age in {\"15\"}", 1, 9, "'in' cannot put", "15 without quotes"},
    {"income in {\"x\"}", 1, 12, "'in' cannot put", NULL},
    {"age + 1 = \"x\"", 1, 11, "a number and the text \"x\"", NULL},
    {"\"a\" = \"a\"", 1, 7, "text \"a\" and the text \"a\"", NULL},
    {"\"a\" in {\"a\"}", 1, 9, "'in' cannot put", NULL},
    {"(age > 3) in {1}", 1, 15, "a condition and the number 1", NULL},
    {"sex between 1 and 2", 1, 1, "'between' cannot order", "sex in"},
    {"age between \"a\" and 2", 1, 13, "'between' cannot order the text", NULL},
    {"true < false", 1, 1, "'<' cannot order true", "= or <>"},
    {"sex = region", 1, 7, "the coded variable 'region'", "its own codes"},
    {"sex = internet_use", 1, 7, "'internet_use'", "its own codes"},
    {"nvl(sex, \"M\") = partner_sex", 1, 17, "'sex' (through nvl)", "its own codes"},
    {"age = true", 1, 7, "integer variable 'age' and true", NULL},
    {"age and true", 1, 1, "'and' takes conditions, found the integer variable 'age'",
     "compare it"},
    {"true or sex", 1, 9, "'or' takes conditions, found the coded variable 'sex'", "sex = \"M\""},
    {"true xor \"a\"", 1, 10, "'xor' takes conditions, found the text \"a\"", NULL},
    {"not age = 3", 1, 5, "'not' takes conditions", "not (a = b)"},
    {"sex + 1 > 2", 1, 1, "'+' takes numbers, found the coded variable 'sex'", "sex = \"M\""},
    {"1 + \"2\" > 2", 1, 5, "'+' takes numbers, found the text \"2\"", "2 without quotes"},
    {"-(age > 2) = 1", 1, 3, "'-' takes numbers, found a condition", "then 1 else 0"},
    {"mod(age, sex) = 1", 1, 10, "mod takes numbers", "sex = \"M\""},
    {"nvl(sex, \"Q\") = \"M\"", 1, 10, "\"Q\" is not a code", NULL},
    {"nvl(sex, 1) = \"M\"", 1, 10, "nvl cannot put", NULL},
    {"nvl(age, \"M\") = 1", 1, 10, "nvl cannot put", NULL},
    {"nvl(age, true)", 1, 10, "nvl cannot put", NULL},
    {"nvl(null, sex) = \"M\"", 1, 11, "nvl cannot put null and the coded variable", NULL},
    {"if age then true else false", 1, 4, "'if' takes conditions", "compare it"},
    {"if true then sex else partner_sex", 1, 23, "'if' cannot put", "inside the branches"},
    {"if true then age else false", 1, 23, "'if' cannot put", NULL},
    {"if true then \"M\" else \"F\"", 1, 23, "'if' cannot put", "inside the branches"},
    {"is_missing(age + 1, \"refused\")", 1, 12, "looks into a variable", "isnull"},
    {"is_missing(age, \"refusd\")", 1, 17, "\"refusd\" is not a kind", "\"refused\""},
    {"is_missing(age, refused)", 1, 17, "the kind as text", "\"refused\""},
    {"is_missing(age, \"present\")", 1, 17, "\"present\" is not a kind", NULL},
    {"is_missing(agee, \"refused\")", 1, 12, "no variable 'agee'", "'age'"},
    {"age", 1, 1, "found the integer variable 'age' where a condition", NULL},
    {"  age + 1", 1, 3, "found a number where a condition", NULL},
    {"sex", 1, 1, "coded variable 'sex' where a condition", "sex = \"M\""},
    {"\"M\"", 1, 1, "text \"M\" where a condition", NULL},
};

static const bad_expression bad_numbers[] = {
    {"age > 3", 1, 1, "found a condition where a number", "then 1 else 0"},
    {"true", 1, 1, "found true where a number", "then 1 else 0"},
    {"sex", 1, 1, "coded variable 'sex' where a number", NULL},
    {"abs(sex)", 1, 5, "abs takes numbers", "sex = \"M\""},
};

static const bad_expression bad_integers[] = {
    {"income", 1, 1, "real variable 'income' where an integer", NULL},
    {"2.0", 1, 1, "number 2.0 where an integer", NULL},
    {"age / 2", 1, 1, "a number where an integer", NULL},
};

static int refused(const bad_expression *bad, size_t n, ict_type want) {
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    ict_err err = {0};
    ict_program *program = compile(bad[i].text, want, &err);
    wrong += differs(&bad[i], program ? ICT_OK : err.status, &err);
    ict_program_free(program);
  }
  return wrong;
}

static void refuses_with_advice(void) {
  CU_ASSERT_EQUAL(refused(bad_conditions, COUNT(bad_conditions), ICT_TYPE_BOOLEAN), 0);
  CU_ASSERT_EQUAL(refused(bad_numbers, COUNT(bad_numbers), ICT_TYPE_REAL), 0);
  CU_ASSERT_EQUAL(refused(bad_integers, COUNT(bad_integers), ICT_TYPE_INTEGER), 0);
}

static void lists_what_is_there(void) {
  ict_err err;
  CU_ASSERT_PTR_NULL(compile("sex = \"x\"", ICT_TYPE_BOOLEAN, &err));
  CU_ASSERT_STRING_EQUAL(err.expected, "one of \"M\", \"F\", \"_O\"");
  CU_ASSERT_PTR_NULL(compile("region = \"x\"", ICT_TYPE_BOOLEAN, &err));
  CU_ASSERT_PTR_NOT_NULL(strstr(err.expected, "\"R11\" and 288 more"));
  CU_ASSERT_PTR_NULL(compile("zzz", ICT_TYPE_BOOLEAN, &err));
  CU_ASSERT_PTR_NOT_NULL(strstr(err.expected, "one of sex, partner_sex, "));
  CU_ASSERT_PTR_NULL(compile("zzz", ICT_TYPE_BOOLEAN, NULL));
}

static void wants_only_what_an_expression_gives(void) {
  ict_err err;
  CU_ASSERT_PTR_NULL(compile("sex", ICT_TYPE_CODE, &err));
  CU_ASSERT_EQUAL(err.status, ICT_USAGE);
  CU_ASSERT_PTR_NULL(compile("sex", ICT_TYPE_TEXT, &err));
  CU_ASSERT_EQUAL(err.status, ICT_USAGE);
}

/* By the rules of docs/expressions.md: I integer, R real. */
static const struct {
  const char *text;
  ict_type type;
} types[] = {
    {"age", ICT_TYPE_INTEGER},
    {"income", ICT_TYPE_REAL},
    {"3", ICT_TYPE_INTEGER},
    {"3.0", ICT_TYPE_REAL},
    {"1e3", ICT_TYPE_REAL},
    {"age + 1", ICT_TYPE_INTEGER},
    {"age + 1.0", ICT_TYPE_REAL},
    {"age / 1", ICT_TYPE_REAL},
    {"-age", ICT_TYPE_INTEGER},
    {"abs(income)", ICT_TYPE_REAL},
    {"floor(income)", ICT_TYPE_INTEGER},
    {"ceil(2.5)", ICT_TYPE_INTEGER},
    {"mod(age, 2)", ICT_TYPE_INTEGER},
    {"mod(age, 2.0)", ICT_TYPE_REAL},
    {"power(age, 2)", ICT_TYPE_REAL},
    {"sqrt(4)", ICT_TYPE_REAL},
    {"nvl(age, 0)", ICT_TYPE_INTEGER},
    {"nvl(age, 0.5)", ICT_TYPE_REAL},
    {"nvl(null, 1)", ICT_TYPE_INTEGER},
    {"age + null", ICT_TYPE_INTEGER},
    {"if true then 1 else 2.0", ICT_TYPE_REAL},
    {"if age > 1 then 1 else null", ICT_TYPE_INTEGER},
    {"null", ICT_TYPE_REAL},
    {"null + null", ICT_TYPE_REAL},
};

static void gives_types_by_the_rules(void) {
  for (size_t i = 0; i < COUNT(types); i++) {
    ict_program *program = compile(types[i].text, ICT_TYPE_REAL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(program);
    CU_ASSERT_EQUAL(ict_program_type(program), types[i].type);
    ict_program_free(program);
  }
  ict_program *program = compile("null", ICT_TYPE_INTEGER, NULL);
  CU_ASSERT_EQUAL(ict_program_type(program), ICT_TYPE_INTEGER);
  ict_program_free(program);
}

static void reports_its_columns(void) {
  const size_t *read;
  ict_program *program =
      compile("income > 1 and (sex = \"M\" or nvl(age, 1) = income)", ICT_TYPE_BOOLEAN, NULL);
  CU_ASSERT_EQUAL_FATAL(ict_program_columns(program, &read), 3);
  CU_ASSERT_EQUAL(read[0], SEX);
  CU_ASSERT_EQUAL(read[1], AGE);
  CU_ASSERT_EQUAL(read[2], INCOME);
  ict_program_free(program);
  program = compile("1 < 2", ICT_TYPE_BOOLEAN, NULL);
  CU_ASSERT_EQUAL(ict_program_columns(program, &read), 0);
  ict_program_free(program);
}

static size_t count_of(const ict_program *p, ict_opcode op) {
  size_t n = 0;
  for (size_t i = 0; i < p->n_insts; i++) n += p->insts[i].op == op;
  return n;
}

/* The promises of speed: one instruction for a comparison of a narrow column, constants
 * folded, a column converted once, registers used again. */
static void compiles_to_few_instructions(void) {
  static const struct {
    const char *text;
    ict_opcode op;
    size_t insts;
  } shapes[] = {
      {"sex = \"M\"", ICT_DO_TEST_U8, 1},
      {"sex not_in {\"M\", \"_O\"}", ICT_DO_TEST_U8, 1},
      {"age between 15 and 74", ICT_DO_TEST_U8, 1},
      {"15 + 2 * 3 <= age", ICT_DO_TEST_U8, 1},
      {"hours > 65000", ICT_DO_TEST_U16, 1},
      {"year = 2024", ICT_DO_TEST_I32, 1},
      {"education in {\"ISCED11_0\", \"ISCED11_2\", \"ISCED11_4\", \"ISCED11_6\", \"ISCED11_8\"}",
       ICT_DO_TABLE_U8, 1},
      {"region in {\"R1\", \"R3\", \"R5\", \"R7\", \"R299\"}", ICT_DO_TABLE_U16, 1},
      {"isnull(age)", ICT_DO_TEST_U8, 1},
      {"is_missing(year, \"refused\")", ICT_DO_TEST_I32, 1},
      {"nvl(sex, \"M\") = \"M\"", ICT_DO_TEST_U8, 1},
      {"region = birth_region", ICT_DO_EQ_U16, 1},
      {"age < size", ICT_DO_LT_U8, 1},
      {"income > 1.5", ICT_DO_GT_VK, 1},
      {"true and age > 3", ICT_DO_TEST_U8, 1},
      {"if 1 < 2 then age > 3 else sqrt(income) > 2 / 0", ICT_DO_TEST_U8, 1},
      {"age + 1 > age * 2 and age / 3 < 7", ICT_DO_LOAD_U8, 7},
  };
  for (size_t i = 0; i < COUNT(shapes); i++) {
    ict_program *p = compile(shapes[i].text, ICT_TYPE_BOOLEAN, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    CU_ASSERT_EQUAL(count_of(p, shapes[i].op), 1);
    CU_ASSERT_EQUAL(p->n_insts, shapes[i].insts);
    if (p->n_insts != shapes[i].insts)
      printf("\n  %s: %zu instructions\n", shapes[i].text, p->n_insts);
    ict_program_free(p);
  }
  char chain[4096] = "age = 1 and size = 2";
  for (int i = 0; i < 150; i++) strcat(chain, i % 2 ? " or income > 1" : " and hours < 7");
  ict_program *p = compile(chain, ICT_TYPE_BOOLEAN, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(p);
  CU_ASSERT(p->n_registers <= 4);
  ict_program_free(p);
}

static void survives_lack_of_memory(void) {
  static const char *const texts[] = {
      "if education in {" Q
      ", \"ISCED11_3\", \"ISCED11_5\", \"ISCED11_7\", \"10\"} then age + size * 2 > nvl(income, "
      "hours) "
      "else year between 1 and debt or isnull(sex) xor (null or mod(age, 2) in {0, 1})",
      "sex = \"x\"", "no_such > 1", "is_missing(age, \"x\")"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    ict_expr *expr = NULL;
    ict_origin origin = {"test.yaml", 1, 1};
    CU_ASSERT_EQUAL_FATAL(ict_expr_parse(texts[i], origin, &expr, NULL), ICT_OK);
    for (long n = 0;; n++) {
      ict_program *program = NULL;
      ict_err err = {0};
      ict_mem_fail_after(n);
      ict_status st = ict_expr_check(expr, &scope, ICT_TYPE_BOOLEAN, &program, &err);
      ict_scratch *scratch = st == ICT_OK ? ict_scratch_new(program) : NULL;
      bool enough = ict_mem_count() <= n;
      ict_mem_fail_after(-1);
      CU_ASSERT(st == ICT_FAIL ? program == NULL : st == (i == 0 ? ICT_OK : ICT_REFUSED));
      if (enough && i == 0) CU_ASSERT_PTR_NOT_NULL(scratch);
      ict_scratch_free(scratch);
      ict_program_free(program);
      if (enough) break;
    }
    ict_expr_free(expr);
  }
}

/* A row of functions.def without a line in the manual is a fault of the manual. */
static void is_all_in_the_manual(void) {
  ict_bytes manual = {0};
  const ict_function *list;
  size_t n = ict_functions(&list);
  CU_ASSERT_EQUAL_FATAL(
      ict_bytes_open(ICT_TEST_SOURCE "/docs/expressions.md", 0, false, &manual, NULL), ICT_OK);
  for (size_t i = 0; i < n; i++) {
    char line[400];
    int len = snprintf(line, sizeof line, "| `%s` | %s |", list[i].signature, list[i].help);
    CU_ASSERT_PTR_NOT_NULL(memmem(manual.data, manual.len, line, (size_t)len));
    if (!memmem(manual.data, manual.len, line, (size_t)len)) printf("\n%s\n", line);
  }
  ict_bytes_close(&manual);
}

/* Each `expression` of the manual's last part is followed by what is really said. */
static void gives_the_messages_of_the_manual(void) {
  ict_bytes manual = {0};
  size_t n = 0;
  CU_ASSERT_EQUAL_FATAL(
      ict_bytes_open(ICT_TEST_SOURCE "/docs/expressions.md", 0, false, &manual, NULL), ICT_OK);
  char *all = ict_strndup(manual.data, manual.len), *p = strstr(all, "## Errors");
  CU_ASSERT_PTR_NOT_NULL_FATAL(p);
  while ((p = strstr(p, "\n`")) != NULL) {
    char *end = strstr(p, "`\n\n"), text[2000], shown[2400] = "";
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    *end = '\0';
    ict_err err = {0};
    CU_ASSERT_PTR_NULL(compile(p + 2, ICT_TYPE_BOOLEAN, &err));
    ict_err_text(&err, text, sizeof text);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
      sprintf(shown + strlen(shown), "    %s\n", line);
    CU_ASSERT_EQUAL(strncmp(end + 3, shown, strlen(shown)), 0);
    p = end + 1;
    n++;
  }
  CU_ASSERT(n >= 5);
  ict_free(all);
  ict_bytes_close(&manual);
}

SUITE("expr.check", TEST(make_regions), TEST(refuses_with_advice), TEST(lists_what_is_there),
      TEST(wants_only_what_an_expression_gives), TEST(gives_types_by_the_rules),
      TEST(reports_its_columns), TEST(compiles_to_few_instructions), TEST(survives_lack_of_memory),
      TEST(is_all_in_the_manual), TEST(gives_the_messages_of_the_manual))
