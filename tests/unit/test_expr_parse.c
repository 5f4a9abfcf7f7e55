/* test_expr_parse.c - text to tree and back; syntax errors at their very place. */
#include "suite.h"
#include "test_expr_help.h"

static const ict_origin origin = {"test.yaml", 1, 1};

/* The canonical text, or "" where the expression is refused. Caller frees. */
static char *canonical(const char *text) {
  ict_expr *expr = NULL;
  ict_err err;
  if (ict_expr_parse(text, origin, &expr, &err) != ICT_OK) return ict_strdup("");
  char *out = ict_expr_text(expr);
  ict_expr_free(expr);
  return out;
}

static const struct {
  const char *text, *canonical;
} forms[] = {
    {"age>=15", "age >= 15"},
    {"  age\t>=\r\n15 ", "age >= 15"},
    {"a AND b Or NOT c", "a and b or not c"},
    {"TRUE xor False XOR null", "true xor false xor null"},
    {"1+2*3", "1 + 2 * 3"},
    {"(1+2)*3", "(1 + 2) * 3"},
    {"1+(2*3)", "1 + 2 * 3"},
    {"1-(2-3)", "1 - (2 - 3)"},
    {"(1-2)-3", "1 - 2 - 3"},
    {"1/(2*3)", "1 / (2 * 3)"},
    {"-a*b", "-a * b"},
    {"-(a*b)", "-(a * b)"},
    {"- - 3", "--3"},
    {"a - -3", "a - -3"},
    {"not(a=b)", "not (a = b)"},
    {"not not (a<>b)", "not not (a <> b)"},
    {"(a and b) or c", "a and b or c"},
    {"a and (b or c)", "a and (b or c)"},
    {"a or (b xor c)", "a or (b xor c)"},
    {"(a = 1) = (b = 2)", "(a = 1) = (b = 2)"},
    {"a in {\"x\",\"y\"}", "a in {\"x\", \"y\"}"},
    {"a NOT_IN{1,-2,3.50}", "a not_in {1, -2, 3.50}"},
    {"a+1 in {2}", "a + 1 in {2}"},
    {"x between 1 and 5 and y", "x between 1 and 5 and y"},
    {"between(x,1,5)", "x between 1 and 5"},
    {"BETWEEN (x, 1, 5) and y", "x between 1 and 5 and y"},
    {"x between a+1 and -b", "x between a + 1 and -b"},
    {"x between (a between 1 and 2) and 3", "x between (a between 1 and 2) and 3"},
    {"isnull( x )", "isnull(x)"},
    {"NVL(x,1)/2", "nvl(x, 1) / 2"},
    {"if isnull(x) then 0 else nvl(y, 1) / 2", "if isnull(x) then 0 else nvl(y, 1) / 2"},
    {"if a then b else c or d", "if a then b else c or d"},
    {"(if a then b else c) or d", "(if a then b else c) or d"},
    {"1 + if a then 2 else 3 + 4", "1 + (if a then 2 else 3 + 4)"},
    {"if a then if b then 1 else 2 else 3", "if a then if b then 1 else 2 else 3"},
    {"x = \"say \"\"yes\"\"\"", "x = \"say \"\"yes\"\"\""},
    {"x = \"\"", "x = \"\""},
    {"x = \"\xC3\xA9t\xC3\xA9\nx\"", "x = \"\xC3\xA9t\xC3\xA9\nx\""},
    {"1e6 + 2.50 + 1E-3", "1e6 + 2.50 + 1E-3"},
    {"9007199254740991", "9007199254740991"},
    {"((((a))))", "a"},
    {"abs = 1", "abs = 1"}, /* a function's name is one only before '(' */
    {"_a1 = Not_", "_a1 = Not_"},
    {"is_missing(x, \"refused\")", "is_missing(x, \"refused\")"},
    {"power(mod(a,2),floor(ceil(abs(sqrt(ln(exp(b)))))))",
     "power(mod(a, 2), floor(ceil(abs(sqrt(ln(exp(b)))))))"},
};

static void prints_canonical_form(void) {
  for (size_t i = 0; i < COUNT(forms); i++) {
    char *once = canonical(forms[i].text), *twice = canonical(once);
    CU_ASSERT_STRING_EQUAL(once, forms[i].canonical);
    CU_ASSERT_STRING_EQUAL(twice, once);
    if (strcmp(once, forms[i].canonical) != 0) printf("\n  %s -> %s\n", forms[i].text, once);
    ict_free(once);
    ict_free(twice);
  }
}

static const bad_expression bad[] = {
    {"", 1, 1, "is empty", NULL},
    {" \n ", 2, 2, "is empty", NULL},
    {"age >=", 1, 7, "ends where a value should be", NULL},
    {"age > 15 and", 1, 13, "ends where a value", NULL},
    {"age 15", 1, 5, "found '15' after a complete", NULL},
    {"age == 15", 1, 5, "'=='", "write '='"},
    {"age != 15", 1, 5, "'!='", "'<>'"},
    {"age => 15", 1, 5, "'=>'", "'>='"},
    {"a && b", 1, 3, "'&&'", "'and'"},
    {"a || b", 1, 3, "'||'", "'or'"},
    {"!a", 1, 1, "'!'", "'not'"},
    {"sex = 'M'", 1, 7, "'''", "double quotes"},
    {"sex = \xE2\x80\x9CM\xE2\x80\x9D", 1, 7, "no meaning", "straight double quotes"},
    {"\"\xC3\xA9\" = x ; y", 1, 9, "';' (U+003B)", "remove it"},
    {"x = .5", 1, 5, "'.' (U+002E)", "0.5"},
    {"x = 5.", 1, 5, "'5.' is not a number", "in full"},
    {"x = 15a", 1, 5, "'15a' is not a number", "in full"},
    {"x = 1.2.3", 1, 5, "'1.2.3' is not a number", "in full"},
    {"x = 1e999", 1, 5, "too large", NULL},
    {"x = 9007199254740992", 1, 5, "too large to be exact", "1e17"},
    {"x = 1,5", 1, 6, "',' after a complete", "with a point"},
    {"sex = \"M", 1, 7, "no closing quote", "close it"},
    {"a\n  and sex = \"M", 2, 13, "no closing quote", "close it"},
    {"sex = \"\xFF\"", 1, 8, "not UTF-8", "UTF-8"},
    {"(age > 15", 1, 10, "ends inside parentheses", NULL},
    {"age > 15)", 1, 9, "')' after a complete", "remove it"},
    {"sex not in {\"M\"}", 1, 5, "'not' after a complete", "not_in"},
    {"sex is null", 1, 5, "'is' after a complete", "isnull"},
    {"sex in \"M\"", 1, 8, "where a list of values should be", NULL},
    {"sex in (\"M\")", 1, 8, "found '(' where a list", NULL},
    {"sex in {}", 1, 9, "'}' in a list", NULL},
    {"sex in {\"M\", null}", 1, 14, "'null' in a list", "isnull"},
    {"sex in {M}", 1, 9, "'M' in a list", "\"M\""},
    {"x in {1, -\"a\"}", 1, 11, "in a list", NULL},
    {"x in {1; 2}", 1, 8, "';'", "remove"},
    {"x in {1 2}", 1, 9, "'2' in a list", NULL},
    {"x in {1", 1, 8, "ends in a list", NULL},
    {"x in [1]", 1, 6, "'['", "braces"},
    {"{1}", 1, 1, "'{' where a value", "x in {...}"},
    {"1 < x < 5", 1, 7, "'<' after a comparison", "a < b and b < c"},
    {"x = 1 in {2}", 1, 7, "'in' after a comparison", "parentheses"},
    {"x between 1 or 5", 1, 13, "'or' after the lower bound", NULL},
    {"x between 1", 1, 12, "ends after the lower bound", NULL},
    {"between 1 and 2", 1, 1, "'between' where a value", NULL},
    {"if a then b", 1, 12, "ends after 'then'", NULL},
    {"if a b else c", 1, 6, "'b' in the condition of 'if'", NULL},
    {"a + then", 1, 5, "'then' where a value", NULL},
    {"+3", 1, 1, "'+' where a value", "leave the sign out"},
    {"isnul(x)", 1, 1, "no function 'isnul'", "'isnull'"},
    {"a = sum(x)", 1, 5, "no function 'sum'", NULL},
    {"a or nvl(x)", 1, 6, "nvl has 1 argument", "nvl(x, y)"},
    {"isnull()", 1, 1, "isnull has 0 arguments", "isnull(x)"},
    {"between(x, 1)", 1, 1, "between has 2 arguments", "between(x, a, b)"},
    {"nvl(x 1)", 1, 7, "'1' in the arguments", NULL},
    {"nvl(x, 1", 1, 9, "ends in the arguments", NULL},
    {"a ** 2", 1, 3, "'**'", "power"},
    {"a % 2", 1, 3, "'%'", "mod"},
    {"a\xC2\xA0= 1", 1, 2, "no meaning", "no-break"},
};

static void refuses_at_the_token(void) {
  int wrong = 0;
  for (size_t i = 0; i < COUNT(bad); i++) {
    ict_expr *expr = (ict_expr *)&wrong;
    ict_err err;
    ict_status st = ict_expr_parse(bad[i].text, origin, &expr, &err);
    CU_ASSERT_PTR_NULL(expr);
    wrong += differs(&bad[i], st, &err);
    ict_expr_free(expr);
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static void counts_from_the_origin(void) {
  ict_expr *expr;
  ict_err err;
  ict_origin block = {"m.yaml", 14, 9};
  CU_ASSERT_EQUAL(ict_expr_parse("a = \"\xC3\xA9\" and\nb ==", block, &expr, &err), ICT_REFUSED);
  CU_ASSERT_EQUAL(err.line, 15);
  CU_ASSERT_EQUAL(err.column, 11);
  CU_ASSERT_STRING_EQUAL(err.file, "m.yaml");
  ict_origin unknown = {NULL, 0, 0};
  CU_ASSERT_EQUAL(ict_expr_parse("a\nb", unknown, &expr, &err), ICT_REFUSED);
  CU_ASSERT_EQUAL(err.line, 0);
  CU_ASSERT_EQUAL(err.column, 0);
  CU_ASSERT_STRING_EQUAL(err.file, "");
  CU_ASSERT_EQUAL(ict_expr_parse("a b", origin, &expr, NULL), ICT_REFUSED);
}

static void lists_names_once(void) {
  ict_expr *expr = NULL;
  const char *const *names;
  CU_ASSERT_EQUAL(ict_expr_parse("b = a or nvl(b, c) > A", origin, &expr, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_expr_names(expr, &names), 4);
  CU_ASSERT_STRING_EQUAL(names[0], "b");
  CU_ASSERT_STRING_EQUAL(names[1], "a");
  CU_ASSERT_STRING_EQUAL(names[2], "c");
  CU_ASSERT_STRING_EQUAL(names[3], "A");
  ict_expr_free(expr);
}

/* `before` n times, then `middle`, then `after` n times. Caller frees. */
static char *nested(const char *before, const char *middle, const char *after, size_t n) {
  size_t size = n * (strlen(before) + strlen(after)) + strlen(middle) + 1;
  char *text = calloc(size, 1), *p = text;
  for (size_t i = 0; i < n; i++) p += sprintf(p, "%s", before);
  p += sprintf(p, "%s", middle);
  for (size_t i = 0; i < n; i++) p += sprintf(p, "%s", after);
  return text;
}

static void bounds_the_nesting(void) {
  static const struct {
    const char *before, *middle, *after;
  } shapes[] = {
      {"(", "x", ")"},   {"-", "x", ""},    {"not ", "x", ""},  {"abs(", "x", ")"},
      {"", "x", " + x"}, {"x*(", "x", ")"}, {"", "x", " or x"}, {"if a then b else ", "c", ""}};
  for (size_t i = 0; i < COUNT(shapes); i++) {
    for (int deep = 0; deep < 2; deep++) {
      char *text = nested(shapes[i].before, shapes[i].middle, shapes[i].after, deep ? 3000 : 198);
      ict_expr *expr;
      ict_err err;
      ict_status st = ict_expr_parse(text, origin, &expr, &err);
      CU_ASSERT_EQUAL(st, deep ? ICT_REFUSED : ICT_OK);
      if (deep) CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "nested more than 200"));
      ict_expr_free(expr);
      free(text);
    }
  }
  char *long_text = nested(" ", "x", "", 70000);
  ict_err err;
  ict_expr *expr;
  CU_ASSERT_EQUAL(ict_expr_parse(long_text, origin, &expr, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "longer than 65536"));
  free(long_text);
}

/* Every prefix of valid texts, and every text with one byte changed: refused or taken, never
 * worse (the sanitizers watch); what is taken prints and parses again. */
static void survives_broken_text(void) {
  for (size_t i = 0; i < COUNT(forms); i++) {
    size_t len = strlen(forms[i].text);
    for (size_t cut = 0; cut < len; cut++) {
      for (const char *byte = "({\"0,-\xC3"; *byte; byte++) {
        char text[256];
        snprintf(text, sizeof text, "%s", forms[i].text);
        text[cut] = *byte;
        char *once = canonical(text), *twice = canonical(once);
        CU_ASSERT_STRING_EQUAL(once, twice);
        ict_free(once);
        ict_free(twice);
      }
    }
  }
}

static void survives_lack_of_memory(void) {
  const char *texts[] = {
      "if x in {1, 2, -3, 4, 5, 6, 7, 8, 9} then nvl(a, \"b\") = c else d between 1 and e",
      "a = frist(x)"};
  for (size_t i = 0; i < COUNT(texts); i++) {
    for (long n = 0;; n++) {
      ict_expr *expr = NULL;
      ict_err err;
      ict_mem_fail_after(n);
      ict_status st = ict_expr_parse(texts[i], origin, &expr, &err);
      char *text = st == ICT_OK ? ict_expr_text(expr) : NULL;
      bool enough = ict_mem_count() <= n;
      ict_mem_fail_after(-1);
      CU_ASSERT(st == ICT_FAIL ? expr == NULL : st == (i == 0 ? ICT_OK : ICT_REFUSED));
      if (enough && i == 0) CU_ASSERT_PTR_NOT_NULL(text);
      ict_free(text);
      ict_expr_free(expr);
      if (enough) break;
    }
  }
}

SUITE("expr.parse", TEST(prints_canonical_form), TEST(refuses_at_the_token),
      TEST(counts_from_the_origin), TEST(lists_names_once), TEST(bounds_the_nesting),
      TEST(survives_broken_text), TEST(survives_lack_of_memory))
