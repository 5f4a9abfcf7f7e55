/* check.c - what each operation means for the types of its operands.
 *
 * In: tree and schema. Out: a program, or an error at the very piece. Owns: the program
 * until it is handed over.
 * One walk over the tree both types it and (through emit.c) compiles it, so no second
 * table of types can go stale. The walk is as deep as the tree, which parse.c bounds. */
#include "expr/check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ict_status check(ict_builder *b, const ict_ast *node, ict_value *out);

static bool is_number(const ict_value *v) {
  return v->is_null || v->type == ICT_TYPE_INTEGER || v->type == ICT_TYPE_REAL;
}
static bool is_condition(const ict_value *v) { return v->is_null || v->type == ICT_TYPE_BOOLEAN; }

/* The operator's name in messages: 'and', nvl. Thread-private memory of the caller. */
typedef struct ict_words {
  char text[24];
} ict_words;
static ict_words words_of(const ict_ast *node) {
  ict_words w;
  const ict_operation *f = &ict_operations[node->op];
  snprintf(w.text, sizeof w.text, f->level == ICT_LEVEL_CALL ? "%s" : "'%s'", f->text);
  return w;
}

/* ---- leaves ---------------------------------------------------------------------- */

static ict_status check_name(ict_builder *b, const ict_ast *node, ict_value *out) {
  const ict_schema *schema = b->scope->schema;
  const ict_program *p = b->program;
  long index = ict_schema_find(schema, node->text);
  if (index < 0) return ict_refuse_name(b, node);
  *out = (ict_value){
      .type = schema->vars[index].type, .where = ICT_AT_COLUMN, .var = &schema->vars[index]};
  while (p->columns[out->slot] != (size_t)index) out->slot++;
  return ICT_OK;
}

/* ---- numbers and logic ----------------------------------------------------------- */

static const ict_opcode opcodes[ICT_N_OPS] = {
    [ICT_OP_ADD] = ICT_DO_ADD_VV, [ICT_OP_SUB] = ICT_DO_SUB_VV, [ICT_OP_MUL] = ICT_DO_MUL_VV,
    [ICT_OP_DIV] = ICT_DO_DIV_VV, [ICT_OP_MOD] = ICT_DO_MOD_VV, [ICT_OP_POWER] = ICT_DO_POWER_VV,
    [ICT_OP_NEG] = ICT_DO_NEG,    [ICT_OP_ABS] = ICT_DO_ABS,    [ICT_OP_FLOOR] = ICT_DO_FLOOR,
    [ICT_OP_CEIL] = ICT_DO_CEIL,  [ICT_OP_LN] = ICT_DO_LN,      [ICT_OP_EXP] = ICT_DO_EXP,
    [ICT_OP_SQRT] = ICT_DO_SQRT,  [ICT_OP_EQ] = ICT_DO_EQ_VV,   [ICT_OP_NE] = ICT_DO_NE_VV,
    [ICT_OP_LT] = ICT_DO_LT_VV,   [ICT_OP_LE] = ICT_DO_LE_VV,   [ICT_OP_GT] = ICT_DO_GT_VV,
    [ICT_OP_GE] = ICT_DO_GE_VV,
};
static const ict_opcode narrow_opcodes[ICT_N_OPS] = {
    [ICT_OP_EQ] = ICT_DO_EQ_U8, [ICT_OP_NE] = ICT_DO_NE_U8, [ICT_OP_LT] = ICT_DO_LT_U8,
    [ICT_OP_LE] = ICT_DO_LE_U8, [ICT_OP_GT] = ICT_DO_GT_U8, [ICT_OP_GE] = ICT_DO_GE_U8,
};

/* Integer where both are (null fits either). */
static ict_type common_number(const ict_value *x, const ict_value *y) {
  bool integer = (x->is_null || x->type == ICT_TYPE_INTEGER) &&
                 (y->is_null || y->type == ICT_TYPE_INTEGER) && !(x->is_null && y->is_null);
  return integer ? ICT_TYPE_INTEGER : ICT_TYPE_REAL;
}

static ict_status check_numbers(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value v[2] = {{0}};
  for (size_t i = 0; i < node->n_args; i++) {
    ict_status st = check(b, node->args[i], &v[i]);
    if (st != ICT_OK) return st;
    if (!is_number(&v[i])) return ict_refuse_no_number(b, words_of(node).text, &v[i]);
  }
  ict_result rule = ict_operations[node->op].result;
  ict_type type = rule == ICT_RESULT_INTEGER ? ICT_TYPE_INTEGER
                  : rule == ICT_RESULT_REAL  ? ICT_TYPE_REAL
                                             : common_number(&v[0], &v[node->n_args - 1]);
  if (node->n_args == 1) return ict_emit_unary(b, opcodes[node->op], v[0], type, out);
  return ict_emit_binary(b, opcodes[node->op], v[0], v[1], type, out);
}

static ict_status check_condition(ict_builder *b, const ict_ast *node, const char *what,
                                  ict_value *out) {
  ict_status st = check(b, node, out);
  if (st != ICT_OK || is_condition(out)) return st;
  return ict_refuse_no_condition(b, what, out);
}

static ict_status check_logic(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value x, y;
  ict_status st;
  ICT_TRY(done, st, check_condition(b, node->args[0], words_of(node).text, &x));
  ICT_TRY(done, st, check_condition(b, node->args[1], words_of(node).text, &y));
  st = ict_emit_logic(b, node->op, x, y, out);
done:
  return st;
}

static ict_status check_not(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value x;
  ict_status st = check_condition(b, node->args[0], "'not'", &x);
  return st == ICT_OK ? ict_emit_not(b, x, out) : st;
}

/* ---- comparisons ----------------------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A narrow column, or what stands for it through nvl, is one of the sorted values. */
static ict_status test_values(ict_builder *b, ict_value x, const double *values, size_t n,
                              bool invert, ict_value *out) {
  ict_set *set = ict_set_new(b->program->arena, x.var->width, n + 1);
  if (!set) return ict_err_memory(b->err);
  bool default_hit = false;
  for (size_t i = 0; i < n; i++) {
    ict_set_add(set, values[i], values[i]);
    if (x.has_default && values[i] == (double)x.default_code) default_hit = true;
  }
  if (invert) ict_set_invert(set);
  if (x.has_default) set->missing_as = default_hit != invert ? ICT_TRUE : ICT_FALSE;
  return ict_emit_test(b, x, set, out);
}

/* An integer column between two numbers, both ends in. */
static ict_status test_range(ict_builder *b, ict_value x, double lo, double hi, ict_value *out) {
  ict_set *set = ict_set_new(b->program->arena, x.var->width, 1);
  if (!set) return ict_err_memory(b->err);
  ict_set_add(set, lo, hi);
  return ict_emit_test(b, x, set, out);
}

/* An integer column against a constant that is not null. */
static ict_status compare_constant(ict_builder *b, ict_op op, ict_value x, double k,
                                   ict_value *out) {
  switch (op) {
    case ICT_OP_LT:
      return test_range(b, x, -INFINITY, ceil(k) - 1, out);
    case ICT_OP_LE:
      return test_range(b, x, -INFINITY, k, out);
    case ICT_OP_GT:
      return test_range(b, x, floor(k) + 1, INFINITY, out);
    case ICT_OP_GE:
      return test_range(b, x, k, INFINITY, out);
    default:
      return test_values(b, x, &k, 1, op == ICT_OP_NE, out);
  }
}

static ict_op mirrored(ict_op op) {
  switch (op) {
    case ICT_OP_LT:
      return ICT_OP_GT;
    case ICT_OP_LE:
      return ICT_OP_GE;
    case ICT_OP_GT:
      return ICT_OP_LT;
    case ICT_OP_GE:
      return ICT_OP_LE;
    default:
      return op;
  }
}

static ict_status compare_numbers(ict_builder *b, ict_op op, ict_value x, ict_value y,
                                  ict_value *out) {
  bool x_narrow = ict_value_is_narrow(&x), y_narrow = ict_value_is_narrow(&y);
  if (x_narrow && ict_value_is_constant(&y) && !isnan(y.number))
    return compare_constant(b, op, x, y.number, out);
  if (y_narrow && ict_value_is_constant(&x) && !isnan(x.number))
    return compare_constant(b, mirrored(op), y, x.number, out);
  if (x_narrow && y_narrow && x.var->width == y.var->width)
    return ict_emit_columns(b, narrow_opcodes[op], x, y, out);
  return ict_emit_binary(b, opcodes[op], x, y, ICT_TYPE_BOOLEAN, out);
}

/* The text as an index into the variable's codes. */
static ict_status code_index(ict_builder *b, const ict_value *code, const ict_ast *text,
                             double *index) {
  long found = ict_codelist_find(code->var->codes, text->text);
  if (found < 0) return ict_refuse_code(b, code->var, text);
  *index = (double)found;
  return ICT_OK;
}

static bool same_codes(const ict_codelist *x, const ict_codelist *y) {
  if (x == y) return true;
  if (x->n != y->n) return false;
  for (size_t i = 0; i < x->n; i++)
    if (strcmp(x->codes[i].id, y->codes[i].id) != 0) return false;
  return true;
}

static bool is_order(ict_op op) { return op != ICT_OP_EQ && op != ICT_OP_NE; }

/* `sex = M`: the quotes were forgotten. True where an error was written. */
static bool forgot_quotes(ict_builder *b, const ict_ast *name, const ict_ast *other) {
  const ict_schema *schema = b->scope->schema;
  if (name->kind != ICT_AST_NAME || other->kind != ICT_AST_NAME) return false;
  if (ict_schema_find(schema, name->text) >= 0) return false;
  long index = ict_schema_find(schema, other->text);
  if (index < 0 || schema->vars[index].type != ICT_TYPE_CODE) return false;
  if (ict_codelist_find(schema->vars[index].codes, name->text) < 0) return false;
  ict_expr_refuse(b->expr, name->at, b->err, "'%.80s' is a code of '%.80s', not a variable",
                  name->text, other->text);
  ict_err_expected(b->err, "a code in double quotes");
  ict_err_fix(b->err, "write \"%s\"", name->text);
  return true;
}

static ict_status check_compare(ict_builder *b, const ict_ast *node, ict_value *out) {
  const ict_words words = words_of(node);
  ict_value x, y;
  ict_status st = ICT_OK;
  if (forgot_quotes(b, node->args[1], node->args[0]) ||
      forgot_quotes(b, node->args[0], node->args[1]))
    return ICT_REFUSED;
  ICT_TRY(done, st, check(b, node->args[0], &x));
  ICT_TRY(done, st, check(b, node->args[1], &y));
  if (is_order(node->op)) {
    if (!is_number(&x)) return ict_refuse_order(b, words.text, &x);
    if (!is_number(&y)) return ict_refuse_order(b, words.text, &y);
  }
  if (is_number(&x) && is_number(&y)) return compare_numbers(b, node->op, x, y, out);
  if (is_condition(&x) && is_condition(&y)) {
    /* Two conditions differ where one of them holds and not the other. */
    ICT_TRY(done, st, ict_emit_logic(b, ICT_OP_XOR, x, y, out));
    if (node->op == ICT_OP_EQ) st = ict_emit_not(b, *out, out);
    return st;
  }
  if (x.is_null || y.is_null) {
    *out = ict_value_boolean(ICT_NULL);
    return ICT_OK;
  }
  const ict_value *code = x.type == ICT_TYPE_CODE ? &x : y.type == ICT_TYPE_CODE ? &y : NULL;
  const ict_value *text = x.type == ICT_TYPE_TEXT ? &x : y.type == ICT_TYPE_TEXT ? &y : NULL;
  if (code && text) {
    double index = 0;
    ICT_TRY(done, st, code_index(b, code, text->node, &index));
    return test_values(b, *code, &index, 1, node->op == ICT_OP_NE, out);
  }
  if (x.type == ICT_TYPE_CODE && y.type == ICT_TYPE_CODE && !x.has_default && !y.has_default &&
      x.var->width == y.var->width && same_codes(x.var->codes, y.var->codes))
    return ict_emit_columns(b, narrow_opcodes[node->op], x, y, out);
  return ict_refuse_pair(b, words.text, &x, &y);
done:
  return st;
}

/* The literals of a set as numbers: values, or indexes of codes. Sorted. */
static ict_status set_numbers(ict_builder *b, const ict_ast *node, const ict_value *x,
                              double *numbers) {
  const ict_ast *set = node->args[1];
  for (size_t i = 0; i < set->n_args; i++) {
    const ict_ast *member = set->args[i];
    ict_value v = {.type = member->kind == ICT_AST_TEXT ? ICT_TYPE_TEXT
                           : member->is_integer         ? ICT_TYPE_INTEGER
                                                        : ICT_TYPE_REAL,
                   .text = member->text,
                   .node = member};
    bool fits = x->is_null || (x->type == ICT_TYPE_CODE) == (v.type == ICT_TYPE_TEXT);
    if (!fits || x->type == ICT_TYPE_BOOLEAN || x->type == ICT_TYPE_TEXT)
      return ict_refuse_pair(b, words_of(node).text, x, &v);
    numbers[i] = member->number;
    if (x->type == ICT_TYPE_CODE) {
      ict_status st = code_index(b, x, member, &numbers[i]);
      if (st != ICT_OK) return st;
    }
  }
  qsort(numbers, set->n_args, sizeof *numbers, by_number);
  return ICT_OK;
}

static ict_status check_member(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value x;
  size_t n = node->args[1]->n_args;
  ict_status st = check(b, node->args[0], &x);
  if (st != ICT_OK) return st;
  double *numbers = ict_alloc(n, sizeof *numbers);
  if (!numbers) return ict_err_memory(b->err);
  ICT_TRY(done, st, set_numbers(b, node, &x, numbers));
  if (ict_value_is_narrow(&x)) {
    st = test_values(b, x, numbers, n, node->op == ICT_OP_NOT_IN, out);
    goto done;
  }
  ICT_TRY(done, st, ict_emit_one_of(b, x, numbers, n, out));
  if (node->op == ICT_OP_NOT_IN) st = ict_emit_not(b, *out, out);
done:
  ict_free(numbers);
  return st;
}

static ict_status check_between(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value v[3], low, high;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < 3; i++) {
    ICT_TRY(done, st, check(b, node->args[i], &v[i]));
    if (!is_number(&v[i])) return ict_refuse_order(b, words_of(node).text, &v[i]);
  }
  if (ict_value_is_narrow(&v[0]) && ict_value_is_constant(&v[1]) && ict_value_is_constant(&v[2]) &&
      !isnan(v[1].number) && !isnan(v[2].number))
    return test_range(b, v[0], v[1].number, v[2].number, out);
  ict_emit_hold(b, &v[0]);
  ICT_TRY(done, st, compare_numbers(b, ICT_OP_GE, v[0], v[1], &low));
  ICT_TRY(done, st, compare_numbers(b, ICT_OP_LE, v[0], v[2], &high));
  st = ict_emit_logic(b, ICT_OP_AND, low, high, out);
done:
  return st;
}

/* ---- null and choice ------------------------------------------------------------- */

static ict_status check_isnull(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value x;
  ict_status st = check(b, node->args[0], &x);
  if (st != ICT_OK) return st;
  if (x.has_default) {
    *out = ict_value_boolean(ICT_FALSE);
    return ICT_OK;
  }
  return ict_emit_isnull(b, x, out);
}

/* The stored marks that mean this kind, as runs: asked of data/missing.h mark by mark. */
static ict_status test_kind(ict_builder *b, ict_value x, ict_missing kind, ict_value *out) {
  ict_run domain = ict_width_domain(x.var->width);
  ict_set *set = ict_set_new(b->program->arena, x.var->width, ICT_MISSING_MARKS);
  if (!set) return ict_err_memory(b->err);
  set->missing_as = ICT_FALSE;
  for (int32_t i = 1; i <= ICT_MISSING_MARKS; i++) {
    int32_t mark = domain.last + i;
    ict_missing found = x.var->width == ICT_U8    ? ict_missing_of_u8((uint8_t)mark)
                        : x.var->width == ICT_U16 ? ict_missing_of_u16((uint16_t)mark)
                                                  : ict_missing_of_i32(mark);
    if (found == kind) set->runs[set->n++] = (ict_run){mark, mark};
  }
  return ict_emit_test(b, x, set, out);
}

static ict_status check_is_missing(ict_builder *b, const ict_ast *node, ict_value *out) {
  const ict_ast *name = node->args[0], *text = node->args[1];
  ict_missing kind;
  ict_value x;
  if (name->kind != ICT_AST_NAME) {
    ict_expr_refuse(b->expr, name->start, b->err,
                    "is_missing looks into a variable, not into a result");
    ict_err_expected(b->err, "the name of a variable");
    ict_err_fix(b->err, "write isnull(x) for a result");
    return ICT_REFUSED;
  }
  ict_status st = check(b, name, &x);
  if (st != ICT_OK) return st;
  if (text->kind != ICT_AST_TEXT || !ict_missing_find(text->text, &kind) || kind == ICT_PRESENT)
    return ict_refuse_kind(b, text);
  return ict_value_is_narrow(&x) ? test_kind(b, x, kind, out) : ict_emit_kind(b, x, kind, out);
}

/* nvl on a coded variable emits nothing: the comparison around it takes the default in. */
static ict_status nvl_code(ict_builder *b, const ict_ast *node, ict_value x, const ict_value *y,
                           ict_value *out) {
  double index = 0;
  if (y->type != ICT_TYPE_TEXT) return ict_refuse_pair(b, words_of(node).text, &x, y);
  ict_status st = code_index(b, &x, y->node, &index);
  if (st != ICT_OK) return st;
  if (!x.has_default) x.default_code = (long)index;
  x.has_default = true;
  *out = x;
  return ICT_OK;
}

static ict_status check_nvl(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value x, y;
  ict_status st = ICT_OK;
  ICT_TRY(done, st, check(b, node->args[0], &x));
  ICT_TRY(done, st, check(b, node->args[1], &y));
  if (x.is_null && y.is_null) {
    *out = x;
    return ICT_OK;
  }
  if (is_number(&x) && is_number(&y)) return ict_emit_nvl(b, x, y, common_number(&x, &y), out);
  if (is_condition(&x) && is_condition(&y)) return ict_emit_nvl(b, x, y, ICT_TYPE_BOOLEAN, out);
  if (x.type == ICT_TYPE_CODE && !x.is_null) return nvl_code(b, node, x, &y, out);
  st = ict_refuse_pair(b, words_of(node).text, &x, &y);
done:
  return st;
}

static ict_status check_if(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_value condition, x, y;
  ict_status st = ICT_OK;
  ICT_TRY(done, st, check_condition(b, node->args[0], "'if'", &condition));
  ICT_TRY(done, st, check(b, node->args[1], &x));
  ICT_TRY(done, st, check(b, node->args[2], &y));
  if (x.is_null && y.is_null) {
    ict_emit_release(b, &condition);
    *out = x;
    return ICT_OK;
  }
  if (is_number(&x) && is_number(&y))
    return ict_emit_if(b, condition, x, y, common_number(&x, &y), out);
  if (is_condition(&x) && is_condition(&y))
    return ict_emit_if(b, condition, x, y, ICT_TYPE_BOOLEAN, out);
  st = ict_refuse_pair(b, "'if'", &x, &y);
  if ((x.type == ICT_TYPE_CODE || x.type == ICT_TYPE_TEXT) && st == ICT_REFUSED) {
    ict_err_expected(b->err, "two numbers, or two conditions: a code is not a result");
    ict_err_fix(b->err, "compare inside the branches: if c then x = \"A\" else x = \"B\"");
  }
done:
  return st;
}

/* ---- the walk -------------------------------------------------------------------- */

static ict_status check_call(ict_builder *b, const ict_ast *node, ict_value *out) {
  switch (ict_operations[node->op].rule) {
    case ICT_RULE_IF:
      return check_if(b, node, out);
    case ICT_RULE_LOGIC:
      return check_logic(b, node, out);
    case ICT_RULE_COMPARE:
      return check_compare(b, node, out);
    case ICT_RULE_MEMBER:
      return check_member(b, node, out);
    case ICT_RULE_BETWEEN:
      return check_between(b, node, out);
    case ICT_RULE_NUMBERS:
      return check_numbers(b, node, out);
    case ICT_RULE_NOT:
      return check_not(b, node, out);
    case ICT_RULE_ISNULL:
      return check_isnull(b, node, out);
    case ICT_RULE_IS_MISSING:
      return check_is_missing(b, node, out);
    case ICT_RULE_NVL:
      return check_nvl(b, node, out);
  }
  return ICT_FAIL; /* not reached: the rules are all there */
}

static ict_status check(ict_builder *b, const ict_ast *node, ict_value *out) {
  ict_status st = ICT_OK;
  switch (node->kind) {
    case ICT_AST_NUMBER:
      *out = ict_value_number(node->number, node->is_integer ? ICT_TYPE_INTEGER : ICT_TYPE_REAL);
      break;
    case ICT_AST_TEXT:
      *out = (ict_value){.type = ICT_TYPE_TEXT, .where = ICT_AT_CONSTANT, .text = node->text};
      break;
    case ICT_AST_BOOLEAN:
      *out = ict_value_boolean(node->truth ? ICT_TRUE : ICT_FALSE);
      break;
    case ICT_AST_NULL:
      *out = ict_value_null();
      break;
    case ICT_AST_NAME:
      st = check_name(b, node, out);
      break;
    case ICT_AST_CALL:
      st = check_call(b, node, out);
      break;
    case ICT_AST_SET:
      return ICT_FAIL; /* not reached: check_member takes it */
  }
  out->node = node;
  return st;
}

static ict_status check_whole(ict_builder *b, ict_type want) {
  ict_value v;
  ict_status st = check(b, b->expr->root, &v);
  if (st != ICT_OK) return st;
  if (v.is_null)
    v = want == ICT_TYPE_BOOLEAN ? ict_value_boolean(ICT_NULL) : ict_value_number(NAN, want);
  bool fits = v.type == want || (want == ICT_TYPE_REAL && v.type == ICT_TYPE_INTEGER);
  return fits ? ict_emit_result(b, v) : ict_refuse_want(b, want, &v);
}

static int by_index(const void *a, const void *b) {
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  return (x > y) - (x < y);
}

/* The columns the expression names, ascending; names that mean nothing are left for the
 * walk, which knows where they stand. */
static ict_status find_columns(ict_builder *b) {
  ict_program *p = b->program;
  p->columns = ict_alloc(b->expr->n_names, sizeof *p->columns);
  if (!p->columns) return ict_err_memory(b->err);
  for (size_t i = 0; i < b->expr->n_names; i++) {
    long index = ict_schema_find(b->scope->schema, b->expr->names[i]);
    if (index >= 0) p->columns[p->n_columns++] = (size_t)index;
  }
  qsort(p->columns, p->n_columns, sizeof *p->columns, by_index);
  return ICT_OK;
}

ict_status ict_expr_check(const ict_expr *expr, const ict_scope *scope, ict_type want,
                          ict_program **out, ict_err *err) {
  ict_status st = ICT_OK;
  *out = NULL;
  if (want != ICT_TYPE_BOOLEAN && want != ICT_TYPE_INTEGER && want != ICT_TYPE_REAL)
    return ict_err_set(err, ICT_USAGE, "no expression gives a value of type %s",
                       ict_type_name(want));
  ict_program *p = ict_alloc(1, sizeof *p);
  if (!p) return ict_err_memory(err);
  ict_builder b = {.expr = expr, .scope = scope, .program = p, .err = err};
  p->arena = ict_arena_new();
  if (!p->arena) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, find_columns(&b));
  ICT_TRY(done, st, check_whole(&b, want));
  *out = p;
  p = NULL;
done:
  ict_program_free(p);
  return st;
}

void ict_program_free(ict_program *p) {
  if (!p) return;
  ict_free(p->insts);
  ict_free(p->registers);
  ict_free(p->columns);
  ict_arena_free(p->arena);
  ict_free(p);
}

ict_type ict_program_type(const ict_program *program) { return program->type; }

size_t ict_program_columns(const ict_program *program, const size_t **columns) {
  *columns = program->columns;
  return program->n_columns;
}
