/* test_expr_run.c - what expressions give, row by row: truth tables written out by hand,
 * results worked out by hand, and every comparison on every width against plain C on the
 * value's meaning. (test_expr_twin.c: random expressions.) */
#include "base/stream.h"
#include "suite.h"
#include "test_expr_rows.h"

/* ---- truth tables by hand ------------------------------------------------------------ */

/* Rows: x = F F F T T T N N N, y = F T N F T N F T N. From the tables of Kleene's strong
 * logic (VTL 2 user manual, "three-valued logic"). */
static const struct {
  const char *text, *expected;
} tables[] = {
    {"%s and %s", "000012022"},
    {"%s or %s", "012111212"},
    {"%s xor %s", "012102222"},
    {"not %s or %s and false", "111000222"},
    {"(%s) = %s", "102012222"},
    {"(%s) <> %s", "012102222"},
    {"nvl(%s, %s)", "000111012"},
    {"isnull(%s) or isnull(%s)", "001001111"},
    {"if %s then %s else true", "111012222"},
    {"if %s then false else %s", "012000222"},
    {"if %s then null else %s", "012222222"},
};

static void follows_the_truth_tables(void) {
  static const uint8_t stored[3] = {0, 1, 255};
  static const char *const literal[3] = {"false", "true", "null"};
  for (size_t t = 0; t < COUNT(tables); t++) {
    char text[200];
    for (size_t i = 0; i < 9; i++) {
      column[AGE].u8[i] = stored[i / 3];
      column[SIZE].u8[i] = stored[i % 3];
    }
    snprintf(text, sizeof text, tables[t].text, "(age = 1)", "(size = 1)");
    CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, 9));
    for (size_t i = 0; i < 9; i++) CU_ASSERT_EQUAL(truths[i], tables[t].expected[i] - '0');
    /* The same with one or both sides known beforehand: folding. */
    for (int x = 0; x < 3; x++) {
      snprintf(text, sizeof text, tables[t].text, literal[x], "(size = 1)");
      CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, 9));
      for (int y = 0; y < 3; y++) CU_ASSERT_EQUAL(truths[y], tables[t].expected[3 * x + y] - '0');
      for (int y = 0; y < 3; y++) {
        snprintf(text, sizeof text, tables[t].text, literal[x], literal[y]);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, 1));
        CU_ASSERT_EQUAL(truths[0], tables[t].expected[3 * x + y] - '0');
        snprintf(text, sizeof text, tables[t].text, "(age = 1)", literal[y]);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, 9));
        CU_ASSERT_EQUAL(truths[3 * x], tables[t].expected[3 * x + y] - '0');
      }
    }
  }
  fill_columns();
}

/* ---- results worked out by hand ------------------------------------------------------ */

/* One row: age 20, size 4, hours 300, year -7, income 2.5; sex F; all others missing.
 * NAN: null. mod(5, -2) = -1 is VTL's own example; -5 %% 3 = 1 is R's. */
static const struct {
  const char *text;
  double expected;
} sums[] = {
    {"age", 20},
    {"income", 2.5},
    {"year", -7},
    {"7", 7},
    {"null", NAN},
    {"minutes", NAN},
    {"spending", NAN},
    {"age + size * 2", 28},
    {"(age + size) * 2", 48},
    {"age - size - 1", 15},
    {"age - (size - 1)", 17},
    {"-age", -20},
    {"--age", 20},
    {"-2 * -age", 40},
    {"age / size", 5},
    {"size / age", 0.2},
    {"1 / 4", 0.25},
    {"age / 0", NAN},
    {"0 / 0", NAN},
    {"age / (size - 4)", NAN},
    {"1e308 * 10", NAN},
    {"income * 1e308", NAN},
    {"1e308 + 1e308", NAN},
    {"-1e308 - 1e308", NAN},
    {"age + null", NAN},
    {"null * 0", NAN},
    {"minutes * 0", NAN},
    {"0 * spending", NAN},
    {"abs(year)", 7},
    {"abs(-2.5)", 2.5},
    {"abs(minutes)", NAN},
    {"abs(null)", NAN},
    {"floor(income)", 2},
    {"ceil(income)", 3},
    {"floor(-income)", -3},
    {"ceil(-income)", -2},
    {"floor(spending)", NAN},
    {"ceil(spending)", NAN},
    {"floor(2.999)", 2},
    {"ceil(2.001)", 3},
    {"mod(5, 2)", 1},
    {"mod(5, -2)", -1},
    {"mod(8, 2)", 0},
    {"mod(-5, 3)", 1},
    {"mod(year, 3)", 2},
    {"mod(age, 0)", NAN},
    {"mod(age, size - 4)", NAN},
    {"mod(5.5, 2)", 1.5},
    {"mod(minutes, 2)", NAN},
    {"mod(2, minutes)", NAN},
    {"ln(1)", 0},
    {"ln(0)", NAN},
    {"ln(-1)", NAN},
    {"ln(spending)", NAN},
    {"exp(0)", 1},
    {"exp(1000)", NAN},
    {"exp(-1000)", 0},
    {"exp(spending)", NAN},
    {"ln(exp(1))", 1},
    {"sqrt(size)", 2},
    {"sqrt(year)", NAN},
    {"sqrt(spending)", NAN},
    {"power(2, 10)", 1024},
    {"power(size, 0.5)", 2},
    {"power(0, 0)", 1},
    {"power(0, -1)", NAN},
    {"power(year, 0.5)", NAN},
    {"power(10, 400)", NAN},
    {"power(minutes, 0)", NAN},
    {"power(1, minutes)", NAN},
    {"power(null, 0)", NAN},
    {"power(1, null)", NAN},
    {"power(1e200, 1)", 1e200},
    {"nvl(minutes, 5)", 5},
    {"nvl(minutes, age)", 20},
    {"nvl(age, 5)", 20},
    {"nvl(null, 5)", 5},
    {"nvl(spending, income)", 2.5},
    {"nvl(1 / 0, 3)", 3},
    {"nvl(minutes, null)", NAN},
    {"nvl(null, null)", NAN},
    {"if age > 15 then 1 else 0", 1},
    {"if age > 25 then 1 else 0", 0},
    {"if minutes > 1 then 1 else 0", NAN},
    {"if null then 1 else 0", NAN},
    {"if age > 15 then size else hours", 4},
    {"if age > 25 then size else hours", 300},
    {"if age > 25 then 1 else hours", 300},
    {"if age > 15 then income else 1", 2.5},
    {"if age > 15 then null else 1", NAN},
    {"if age > 15 then 1 else null", 1},
    {"if true then age else null", 20},
    {"if age > 15 then null else null", NAN},
    {"1 + if age > 15 then 2 else 3 + 4", 3},
    {"if sex = \"F\" then 1 else 0", 1},
    {"hours * 1000", 300000},
    {"year * year", 49},
    {"age * income + hours / size", 125},
};
static const struct {
  const char *text;
  int expected;
} conditions[] = {
    {"sex = \"F\"", 1},
    {"sex <> \"F\"", 0},
    {"\"F\" = sex", 1},
    {"sex = \"M\"", 0},
    {"sex in {\"M\", \"F\"}", 1},
    {"sex not_in {\"M\", \"F\"}", 0},
    {"sex in {\"_O\"}", 0},
    {"partner_sex = \"M\"", 2},
    {"partner_sex <> \"M\"", 2},
    {"partner_sex in {\"M\"}", 2},
    {"partner_sex not_in {\"M\"}", 2},
    {"sex = partner_sex", 2},
    {"sex = sex", 1},
    {"sex <> sex", 0},
    {"sex = null", 2},
    {"null = null", 2},
    {"null in {1}", 2},
    {"age = null", 2},
    {"nvl(partner_sex, \"M\") = \"M\"", 1},
    {"nvl(partner_sex, \"M\") <> \"M\"", 0},
    {"nvl(partner_sex, \"M\") = \"F\"", 0},
    {"nvl(partner_sex, \"M\") <> \"F\"", 1},
    {"nvl(partner_sex, \"M\") in {\"M\", \"F\"}", 1},
    {"nvl(partner_sex, \"M\") not_in {\"F\"}", 1},
    {"nvl(sex, \"M\") = \"F\"", 1},
    {"nvl(nvl(partner_sex, \"M\"), \"F\") = \"M\"", 1},
    {"isnull(nvl(partner_sex, \"M\"))", 0},
    {"isnull(partner_sex)", 1},
    {"isnull(sex)", 0},
    {"isnull(null)", 1},
    {"isnull(1)", 0},
    {"isnull(1 / 0)", 1},
    {"isnull(\"a\")", 0},
    {"isnull(true)", 0},
    {"isnull(minutes > 3)", 1},
    {"isnull(age > 3)", 0},
    {"isnull(spending)", 1},
    {"isnull(income)", 0},
    {"isnull(age + spending)", 1},
    {"isnull(isnull(age))", 0},
    {"isnull(age) = false", 1},
    {"age >= 20", 1},
    {"age > 20", 0},
    {"age <= 20", 1},
    {"age < 20", 0},
    {"20 < age", 0},
    {"19.5 < age", 1},
    {"age = 20.0", 1},
    {"age = 20.5", 0},
    {"age <> 20.5", 1},
    {"age < 20.5", 1},
    {"age > 1e300", 0},
    {"age < 1e300", 1},
    {"age > -1e300", 1},
    {"age >= 300", 0},
    {"age <> 255", 1},
    {"age = 255", 0},
    {"minutes <> 65535", 2},
    {"age in {1, 20, 300}", 1},
    {"age in {300, -1, 2.5}", 0},
    {"age not_in {300, -1, 2.5}", 1},
    {"income in {1, 2.5}", 1},
    {"income not_in {1, 2.5}", 0},
    {"spending in {1, 2.5}", 2},
    {"spending not_in {1}", 2},
    {"age + 1 in {21}", 1},
    {"3 in {3}", 1},
    {"3 not_in {3}", 0},
    {"age between 15 and 24", 1},
    {"age between 20 and 20", 1},
    {"age between 21 and 19", 0},
    {"between(age, size, hours)", 1},
    {"income between 2 and 3", 1},
    {"age + size between 24 and 24", 1},
    {"minutes between 1 and 2", 2},
    {"age between null and 19", 0},
    {"age between null and 21", 2},
    {"5 between size and age", 1},
    {"size < age", 1},
    {"age = size", 0},
    {"hours > age", 1},
    {"year < age", 1},
    {"age < minutes", 2},
    {"income < age", 1},
    {"true", 1},
    {"false", 0},
    {"null", 2},
    {"not null", 2},
    {"1 < 2", 1},
    {"1 = 1.0", 1},
    {"is_missing(partner_sex, \"dont_know\")", 1},
    {"is_missing(partner_sex, \"missing\")", 0},
    {"is_missing(sex, \"dont_know\")", 0},
    {"is_missing(minutes, \"refused\")", 1},
    {"is_missing(debt, \"not_asked\")", 1},
    {"is_missing(spending, \"unlinked\")", 1},
    {"is_missing(spending, \"missing\")", 0},
    {"is_missing(income, \"missing\")", 0},
    {"is_missing(region, \"not_applicable\")", 1},
    {"region = \"R299\"", 2},
    {"birth_region = \"R299\"", 1},
    {"birth_region in {\"R1\", \"R3\", \"R5\", \"R7\", \"R9\", \"R299\"}", 1},
    {"education in {\"ISCED11_0\", \"ISCED11_2\", \"ISCED11_4\", \"ISCED11_6\", \"10\"}", 1},
    {"education not_in {\"ISCED11_0\", \"ISCED11_2\", \"ISCED11_4\", \"ISCED11_6\", \"10\"}", 0},
};

static void fill_one_person(void) {
  column[AGE].u8[0] = 20;
  column[SIZE].u8[0] = 4;
  column[HOURS].u16[0] = 300;
  column[YEAR].i32[0] = -7;
  column[INCOME].f64[0] = 2.5;
  column[SEX].u8[0] = 1;
  column[EDUCATION].u8[0] = 9;
  column[BIRTH_REGION].u16[0] = 299;
  column[PARTNER_SEX].u8[0] = ict_missing_u8(ICT_DONT_KNOW);
  column[MINUTES].u16[0] = ict_missing_u16(ICT_REFUSED_ANSWER);
  column[DEBT].i32[0] = ict_missing_i32(ICT_NOT_ASKED);
  column[SPENDING].f64[0] = ict_missing_f64(ICT_UNLINKED);
  column[REGION].u16[0] = ict_missing_u16(ICT_NOT_APPLICABLE);
}

static void gives_what_was_worked_out(void) {
  fill_one_person();
  for (size_t i = 0; i < COUNT(sums); i++) {
    CU_ASSERT_TRUE_FATAL(run(sums[i].text, ICT_TYPE_REAL, 1));
    CU_ASSERT_TRUE(same_number(numbers[0], sums[i].expected));
    if (!same_number(numbers[0], sums[i].expected))
      printf("\n  %s gives %g\n", sums[i].text, numbers[0]);
  }
  for (size_t i = 0; i < COUNT(conditions); i++) {
    CU_ASSERT_TRUE_FATAL(run(conditions[i].text, ICT_TYPE_BOOLEAN, 1));
    CU_ASSERT_EQUAL(truths[0], conditions[i].expected);
    if (truths[0] != conditions[i].expected)
      printf("\n  %s gives %d\n", conditions[i].text, truths[0]);
  }
  fill_columns();
}

/* The manual's table of results, for the same person: | `expression` | result | */
static void gives_what_the_manual_says(void) {
  ict_bytes manual = {0};
  size_t n = 0;
  fill_one_person();
  CU_ASSERT_EQUAL_FATAL(
      ict_bytes_open(ICT_TEST_SOURCE "/docs/expressions.md", 0, false, &manual, NULL), ICT_OK);
  char *all = ict_strndup(manual.data, manual.len), *end = strstr(all, "## Where it differs");
  char *p = strstr(all, "## Results");
  CU_ASSERT_FATAL(p && end);
  *end = '\0';
  for (; (p = strstr(p, "\n| `")) != NULL; n++) {
    char text[200], result[20];
    p += 4;
    CU_ASSERT_EQUAL_FATAL(sscanf(p, "%199[^`]` | %19s |", text, result), 2);
    bool number = strchr("-0123456789", result[0]) != NULL;
    ict_program *as_number = compile(text, ICT_TYPE_REAL, NULL);
    double expected = number ? atof(result) : NAN;
    int truth_expected = !strcmp(result, "true")    ? ICT_TRUE
                         : !strcmp(result, "false") ? ICT_FALSE
                                                    : ICT_NULL;
    if (as_number) {
      CU_ASSERT_TRUE(number || strcmp(result, "null") == 0);
      CU_ASSERT_TRUE(run(text, ICT_TYPE_REAL, 1) && same_number(numbers[0], expected));
    } else {
      CU_ASSERT_TRUE(run(text, ICT_TYPE_BOOLEAN, 1) && truths[0] == truth_expected);
    }
    ict_program_free(as_number);
  }
  CU_ASSERT(n > 20);
  ict_free(all);
  ict_bytes_close(&manual);
  fill_columns();
}

/* ---- every comparison on every width --------------------------------------------------- */

static int compare(int sign, double a, double b) {
  if (isnan(a) || isnan(b)) return ICT_NULL;
  switch (sign) {
    case 0:
      return a == b;
    case 1:
      return a != b;
    case 2:
      return a < b;
    case 3:
      return a <= b;
    case 4:
      return a > b;
    default:
      return a >= b;
  }
}

/* Every byte, every word near its ends, the ends of int32, each mark of missing. */
static size_t fill_borders(int v) {
  size_t n = 0;
  switch (vars[v].width) {
    case ICT_U8:
      for (; n < 256; n++) column[v].u8[n] = (uint8_t)n;
      break;
    case ICT_U16:
      for (; n < 400; n++) column[v].u16[n] = (uint16_t)(n - 200);
      break;
    case ICT_I32:
      for (; n < 400; n++) column[v].i32[n] = (int32_t)(n - 200);
      for (; n < 420; n++) column[v].i32[n] = INT32_MAX - (int32_t)(n - 400);
      for (; n < 430; n++) column[v].i32[n] = INT32_MIN + (int32_t)(n - 420);
      break;
    case ICT_F64:
      for (; n < 7; n++) column[v].f64[n] = ict_missing_f64((ict_missing)n);
      column[v].f64[0] = NAN;
      for (; n < 100; n++) column[v].f64[n] = ((double)n - 50) / 2;
      break;
  }
  return n;
}

static void compares_every_width_with_constants(void) {
  static const int tested[] = {AGE, HOURS, YEAR, INCOME};
  static const double constants[] = {
      -2147483648.0, -2147483649.0, -200,         -1,    -0.5,    0,     0.5,   1,
      127,           128,           199,          246.5, 247,     248,   249,   254,
      255,           256,           65526,        65527, 65527.5, 65528, 65535, 65536,
      2147483639.0,  2147483640.0,  2147483647.0, 1e300, -1e300};
  for (size_t t = 0; t < COUNT(tested); t++) {
    int v = tested[t], wrong = 0;
    size_t n = fill_borders(v);
    for (size_t k = 0; k < COUNT(constants); k++) {
      for (int s = 0; s < 6; s++) {
        char text[100];
        snprintf(text, sizeof text, "%s %s %.17g", vars[v].name, signs[s], constants[k]);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, n));
        for (size_t i = 0; i < n; i++)
          wrong += truths[i] != compare(s, meaning(v, i), constants[k]);
        snprintf(text, sizeof text, "%.17g %s %s", constants[k], signs[s], vars[v].name);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, n));
        for (size_t i = 0; i < n; i++)
          wrong += truths[i] != compare(s, constants[k], meaning(v, i));
      }
      for (size_t m = 0; m < COUNT(constants); m += 3) {
        char text[200];
        snprintf(text, sizeof text, "%s between %.17g and %.17g", vars[v].name, constants[m],
                 constants[k]);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, n));
        for (size_t i = 0; i < n; i++) {
          double x = meaning(v, i);
          wrong += truths[i] != (isnan(x) ? ICT_NULL : x >= constants[m] && x <= constants[k]);
        }
      }
    }
    CU_ASSERT_EQUAL(wrong, 0);
  }
  fill_columns();
}

static void compares_every_width_with_every_other(void) {
  static const int numeric[] = {AGE, SIZE, HOURS, MINUTES, YEAR, DEBT, INCOME, SPENDING};
  int wrong = 0;
  for (size_t x = 0; x < COUNT(numeric); x++) {
    for (size_t y = 0; y < COUNT(numeric); y++) {
      for (int s = 0; s < 6; s++) {
        char text[100];
        snprintf(text, sizeof text, "%s %s %s", vars[numeric[x]].name, signs[s],
                 vars[numeric[y]].name);
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, ICT_BLOCK_ROWS));
        for (size_t i = 0; i < ICT_BLOCK_ROWS; i++)
          wrong += truths[i] != compare(s, meaning(numeric[x], i), meaning(numeric[y], i));
      }
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

/* Sets of each size, so that runs and tables are both taken, on bytes, words and integers. */
static void finds_members_of_any_set(void) {
  static const int tested[] = {EDUCATION, REGION, AGE, HOURS, YEAR, INCOME};
  int wrong = 0;
  for (size_t t = 0; t < COUNT(tested); t++) {
    int v = tested[t];
    for (int size = 1; size < 24; size++) {
      for (int negated = 0; negated < 2; negated++) {
        char text[1000];
        double members[24];
        int at = snprintf(text, sizeof text, "%s %s {", vars[v].name, negated ? "not_in" : "in");
        for (int m = 0; m < size; m++) {
          members[m] = vars[v].codes ? any((uint32_t)vars[v].codes->n) : any(60);
          at += snprintf(text + at, sizeof text - (size_t)at, vars[v].codes ? "%s\"%s\"" : "%s%s",
                         m ? ", " : "",
                         vars[v].codes ? vars[v].codes->codes[(int)members[m]].id
                                       : (char[4]){(char)('0' + (int)members[m] / 10),
                                                   (char)('0' + (int)members[m] % 10)});
        }
        snprintf(text + at, sizeof text - (size_t)at, "}");
        CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, ICT_BLOCK_ROWS));
        for (size_t i = 0; i < ICT_BLOCK_ROWS; i++) {
          double x = meaning(v, i);
          bool hit = false;
          for (int m = 0; m < size; m++) hit = hit || x == members[m];
          wrong += truths[i] != (isnan(x) ? ICT_NULL : hit != negated);
        }
      }
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void tells_the_kinds_of_missing(void) {
  static const int tested[] = {AGE, HOURS, YEAR, INCOME, SEX, REGION};
  int wrong = 0;
  for (size_t t = 0; t < COUNT(tested); t++) {
    size_t n = fill_borders(tested[t]);
    for (int k = ICT_MISSING; k <= ICT_N_MISSING; k++) {
      char text[100];
      snprintf(text, sizeof text, "is_missing(%s, \"%s\")", vars[tested[t]].name,
               ict_missing_name((ict_missing)k));
      CU_ASSERT_TRUE_FATAL(run(text, ICT_TYPE_BOOLEAN, n));
      for (size_t i = 0; i < n; i++) {
        ict_missing kind;
        ict_column_number(&vars[tested[t]], columns[tested[t]], i, &kind);
        wrong += truths[i] != ((int)kind == k);
      }
    }
  }
  CU_ASSERT_EQUAL(wrong, 0);
  fill_columns();
}

/* ---- blocks and scratch -------------------------------------------------------------- */

/* The same values whatever the block's size, nothing written behind it, and scratch that
 * was used before makes no difference. */
static void gives_the_same_in_any_block(void) {
  static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 63, 64, 65, 4095, ICT_BLOCK_ROWS};
  static const char *const texts[] = {
      "age >= 15 and internet_use = \"Y\" or isnull(income)",
      "if education in {\"ISCED11_0\", \"ISCED11_2\", \"11\"} then age < size else hours > minutes",
      "year + 1 > debt or income in {1, 2}"};
  static uint8_t whole[ICT_BLOCK_ROWS], part[ICT_BLOCK_ROWS + 1];
  for (size_t t = 0; t < COUNT(texts); t++) {
    ict_program *program = compile(texts[t], ICT_TYPE_BOOLEAN, NULL);
    ict_scratch *scratch = ict_scratch_new(program);
    ict_block block = block_of(ICT_BLOCK_ROWS);
    ict_program_run_boolean(program, &block, scratch, whole);
    for (size_t s = 0; s < COUNT(sizes); s++) {
      block.n_rows = sizes[s];
      memset(part, 77, sizeof part);
      ict_program_run_boolean(program, &block, scratch, part);
      CU_ASSERT_EQUAL(memcmp(part, whole, sizes[s]), 0);
      CU_ASSERT_EQUAL(part[sizes[s]], 77);
    }
    ict_scratch_free(scratch);
    ict_program_free(program);
  }
  ict_scratch_free(NULL);
  ict_program_free(NULL);
  ict_expr_free(NULL);
}

SUITE("expr.run", TEST(fill_columns), TEST(follows_the_truth_tables),
      TEST(gives_what_was_worked_out), TEST(gives_what_the_manual_says),
      TEST(compares_every_width_with_constants), TEST(compares_every_width_with_every_other),
      TEST(finds_members_of_any_set), TEST(tells_the_kinds_of_missing),
      TEST(gives_the_same_in_any_block))
