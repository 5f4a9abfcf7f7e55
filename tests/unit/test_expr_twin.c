/* test_expr_twin.c - random expressions against a twin that walks the tree one row at a
 * time and knows nothing of widths, blocks, registers or folding. */
#include "base/text.h"
#include "expr/ast.h"
#include "suite.h"
#include "test_expr_rows.h"

/* ---- the twin ------------------------------------------------------------------------ */

typedef struct twin {
  bool is_null;
  double x;         /* number, 0 or 1, or index of a code */
  const char *text; /* a literal */
} twin;

static twin twin_of(const ict_ast *node, size_t row);
static twin known(double x) { return (twin){!(fabs(x) <= 1.7976931348623157e308), x, NULL}; }
static const twin nothing = {true, 0, NULL};

/* Text beside a coded variable (or nvl of one) becomes the index of the code. */
static double as_number(twin v, const ict_ast *partner) {
  if (!v.text) return v.x;
  while (partner->kind == ICT_AST_CALL) partner = partner->args[0];
  return (double)ict_codelist_find(vars[ict_schema_find(&schema, partner->text)].codes, v.text);
}

static twin twin_number(ict_op op, double a, double b) {
  switch (op) {
    case ICT_OP_ADD:
      return known(a + b);
    case ICT_OP_SUB:
      return known(a - b);
    case ICT_OP_MUL:
      return known(a * b);
    case ICT_OP_DIV:
      return b == 0 ? nothing : known(a / b);
    case ICT_OP_MOD: {
      if (b == 0) return nothing;
      double r = fmod(a, b);
      return known(r != 0 && (r < 0) != (b < 0) ? r + b : r);
    }
    case ICT_OP_POWER:
      return known(pow(a, b));
    case ICT_OP_NEG:
      return known(-a);
    case ICT_OP_ABS:
      return known(a < 0 ? -a : a);
    case ICT_OP_FLOOR:
      return known(floor(a));
    case ICT_OP_CEIL:
      return known(ceil(a));
    case ICT_OP_LN:
      return a <= 0 ? nothing : known(log(a));
    case ICT_OP_EXP:
      return known(exp(a));
    case ICT_OP_SQRT:
      return a < 0 ? nothing : known(sqrt(a));
    case ICT_OP_EQ:
      return known(a == b);
    case ICT_OP_NE:
      return known(a != b);
    case ICT_OP_LT:
      return known(a < b);
    case ICT_OP_LE:
      return known(a <= b);
    case ICT_OP_GT:
      return known(a > b);
    default:
      return known(a >= b);
  }
}

static twin twin_and(twin a, twin b) {
  if ((!a.is_null && !a.x) || (!b.is_null && !b.x)) return known(0);
  return a.is_null || b.is_null ? nothing : known(1);
}
static twin twin_not(twin a) { return a.is_null ? a : known(!a.x); }

static twin twin_call(const ict_ast *node, size_t row) {
  twin v[3] = {nothing, nothing, nothing};
  if (node->op == ICT_OP_IS_MISSING) {
    ict_missing kind, asked;
    int var = (int)ict_schema_find(&schema, node->args[0]->text);
    ict_missing_find(node->args[1]->text, &asked);
    ict_column_number(&vars[var], columns[var], row, &kind);
    return known(kind == asked);
  }
  for (size_t i = 0; i < node->n_args; i++)
    if (node->args[i]->kind != ICT_AST_SET) v[i] = twin_of(node->args[i], row);
  switch (node->op) {
    case ICT_OP_IF:
      return v[0].is_null ? nothing : v[0].x ? v[1] : v[2];
    case ICT_OP_AND:
      return twin_and(v[0], v[1]);
    case ICT_OP_OR:
      return twin_not(twin_and(twin_not(v[0]), twin_not(v[1])));
    case ICT_OP_XOR:
      return v[0].is_null || v[1].is_null ? nothing : known(v[0].x != v[1].x);
    case ICT_OP_NOT:
      return twin_not(v[0]);
    case ICT_OP_ISNULL:
      return known(v[0].is_null);
    case ICT_OP_NVL:
      if (!v[0].is_null) return v[0];
      return v[1].is_null ? nothing : known(as_number(v[1], node->args[0]));
    case ICT_OP_IN:
    case ICT_OP_NOT_IN: {
      if (v[0].is_null) return nothing;
      bool hit = false;
      for (size_t i = 0; i < node->args[1]->n_args; i++)
        hit = hit || v[0].x == as_number(twin_of(node->args[1]->args[i], row), node->args[0]);
      return known(hit == (node->op == ICT_OP_IN));
    }
    case ICT_OP_BETWEEN:
      return twin_and(v[0].is_null || v[1].is_null ? nothing : known(v[0].x >= v[1].x),
                      v[0].is_null || v[2].is_null ? nothing : known(v[0].x <= v[2].x));
    default:
      break;
  }
  if (v[0].is_null || (node->n_args > 1 && v[1].is_null)) return nothing;
  return twin_number(node->op, as_number(v[0], node->args[node->n_args - 1]),
                     as_number(v[1], node->args[0]));
}

static twin twin_of(const ict_ast *node, size_t row) {
  switch (node->kind) {
    case ICT_AST_NUMBER:
      return known(node->number);
    case ICT_AST_TEXT:
      return (twin){false, 0, node->text};
    case ICT_AST_BOOLEAN:
      return known(node->truth);
    case ICT_AST_NAME:
      return known(meaning((int)ict_schema_find(&schema, node->text), row));
    case ICT_AST_CALL:
      return twin_call(node, row);
    default:
      return nothing;
  }
}

/* ---- random expressions -------------------------------------------------------------- */

static ict_str made;
static void make_condition(int depth);

static void make_number(int depth) {
  static const char *const leaves[] = {"age",    "size",     "hours", "minutes", "year",  "debt",
                                       "income", "spending", "0",     "1",       "2",     "15",
                                       "-3",     "2.5",      "247",   "65527",   "1e308", "null"};
  static const char *const functions[] = {"abs", "floor", "ceil", "ln", "exp", "sqrt", "-"};
  static const char *const two[] = {"mod", "power", "nvl"};
  static const char *const infix[] = {" + ", " - ", " * ", " / "};
  uint32_t shape = depth > 0 ? any(8) : 0;
  if (shape <= 1) {
    ict_str_add(&made, leaves[any(COUNT(leaves))]);
  } else if (shape == 2) {
    ict_str_addf(&made, "%s(", functions[any(COUNT(functions))]);
    make_number(depth - 1);
    ict_str_add(&made, ")");
  } else if (shape == 3) {
    ict_str_addf(&made, "%s(", two[any(COUNT(two))]);
    make_number(depth - 1);
    ict_str_add(&made, ", ");
    make_number(depth - 1);
    ict_str_add(&made, ")");
  } else if (shape == 4) {
    ict_str_add(&made, "(if ");
    make_condition(depth - 1);
    ict_str_add(&made, " then ");
    make_number(depth - 1);
    ict_str_add(&made, " else ");
    make_number(depth - 1);
    ict_str_add(&made, ")");
  } else {
    ict_str_add(&made, "(");
    make_number(depth - 1);
    ict_str_add(&made, infix[any(COUNT(infix))]);
    make_number(depth - 1);
    ict_str_add(&made, ")");
  }
}

static const char *any_code(int v) {
  return vars[v].codes->codes[any((uint32_t)vars[v].codes->n)].id;
}

static void make_leaf_condition(void) {
  static const int coded[] = {SEX, PARTNER_SEX, USE, EDUCATION, REGION, BIRTH_REGION};
  int v = coded[any(COUNT(coded))];
  const char *name = vars[v].name;
  switch (any(8)) {
    case 0:
      ict_str_add(&made, any(2) ? "true" : any(2) ? "false" : "null");
      break;
    case 1:
      ict_str_addf(&made, "isnull(%s)", vars[any(N_VARS)].name);
      break;
    case 2:
      ict_str_addf(&made, "is_missing(%s, \"%s\")", vars[any(N_VARS)].name,
                   ict_missing_name((ict_missing)(1 + any(ICT_N_MISSING))));
      break;
    case 3:
      ict_str_addf(&made, "nvl(%s, \"%s\") = \"%s\"", name, any_code(v), any_code(v));
      break;
    case 4:
      ict_str_addf(&made, "nvl(%s, \"%s\") not_in {\"%s\", \"%s\"}", name, any_code(v), any_code(v),
                   any_code(v));
      break;
    case 5:
      ict_str_add(&made, any(2) ? "sex = partner_sex" : "region <> birth_region");
      break;
    case 6:
      ict_str_addf(&made, "%s %s {\"%s\"", name, any(2) ? "in" : "not_in", any_code(v));
      for (uint32_t n = any(12); n > 0; n--) ict_str_addf(&made, ", \"%s\"", any_code(v));
      ict_str_add(&made, "}");
      break;
    default:
      ict_str_addf(&made, "%s %s \"%s\"", name, signs[any(2)], any_code(v));
      break;
  }
}

static void make_condition(int depth) {
  static const char *const infix[] = {" and ", " or ", " xor "};
  uint32_t shape = depth > 0 ? any(10) : 0;
  ict_str_add(&made, "(");
  if (shape == 0) {
    make_leaf_condition();
  } else if (shape <= 3) {
    make_condition(depth - 1);
    ict_str_add(&made, infix[any(3)]);
    make_condition(depth - 1);
  } else if (shape == 4) {
    ict_str_add(&made, "not ");
    make_condition(depth - 1);
  } else if (shape == 5) {
    make_number(depth - 1);
    ict_str_add(&made, " between ");
    make_number(depth - 1);
    ict_str_add(&made, " and ");
    make_number(depth - 1);
  } else if (shape == 6) {
    make_number(depth - 1);
    ict_str_addf(&made, " %s {%u, -1, 2.5, %u}", any(2) ? "in" : "not_in", any(300), any(20));
  } else if (shape == 7) {
    ict_str_add(&made, any(2) ? "isnull(" : "nvl(false, ");
    make_condition(depth - 1);
    ict_str_add(&made, any(2) ? ") = " : ") <> ");
    make_condition(depth - 1);
  } else if (shape == 8) {
    ict_str_add(&made, "if ");
    make_condition(depth - 1);
    ict_str_add(&made, " then ");
    make_condition(depth - 1);
    ict_str_add(&made, " else ");
    make_condition(depth - 1);
  } else {
    make_number(depth - 1);
    ict_str_addf(&made, " %s ", signs[any(6)]);
    make_number(depth - 1);
  }
  ict_str_add(&made, ")");
}

static bool row_agrees(const ict_expr *expr, ict_type want, size_t row) {
  twin t = twin_of(expr->root, row);
  if (want != ICT_TYPE_BOOLEAN) return same_number(numbers[row], t.is_null ? NAN : t.x);
  return truths[row] == (t.is_null ? ICT_NULL : (uint8_t)(t.x != 0));
}

static void agrees_with_the_twin(void) {
  enum { ROWS = 130 };
  ict_origin origin = {"random", 1, 1};
  ict_str_init(&made);
  for (int round = 0; round < 6000; round++) {
    ict_type want = round % 3 ? ICT_TYPE_BOOLEAN : ICT_TYPE_REAL;
    ict_str_clear(&made);
    if (want == ICT_TYPE_BOOLEAN)
      make_condition(1 + round % 5);
    else
      make_number(1 + round % 5);
    ict_expr *expr = NULL, *again = NULL;
    CU_ASSERT_EQUAL_FATAL(ict_expr_parse(made.text, origin, &expr, NULL), ICT_OK);
    CU_ASSERT_TRUE_FATAL(run(made.text, want, ROWS));
    size_t row = 0;
    while (row < ROWS && row_agrees(expr, want, row)) row++;
    CU_ASSERT_EQUAL(row, ROWS);
    if (row < ROWS) printf("\n  row %zu of %s: %d %g\n", row, made.text, truths[row], numbers[row]);
    /* What is printed means the same, and prints the same. */
    char *text = ict_expr_text(expr);
    CU_ASSERT_EQUAL_FATAL(ict_expr_parse(text, origin, &again, NULL), ICT_OK);
    char *twice = ict_expr_text(again);
    CU_ASSERT_STRING_EQUAL(text, twice);
    for (row = 0; row < ROWS && row_agrees(again, want, row);) row++;
    CU_ASSERT_EQUAL(row, ROWS);
    ict_free(text);
    ict_free(twice);
    ict_expr_free(expr);
    ict_expr_free(again);
  }
  ict_str_done(&made);
}

SUITE("expr.twin", TEST(fill_columns), TEST(agrees_with_the_twin))
