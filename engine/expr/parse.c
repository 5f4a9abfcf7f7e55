/* parse.c - the text of an expression as a tree (precedence climbing, as in VTL 2).
 *
 * In: text and where it came from. Out: ict_expr, or an error at the very token.
 * Owns: the expression with its arena. The recursion is bounded: every way down passes
 * parse_prefix, which counts; and no node is higher than ICT_EXPR_DEPTH, which bounds the
 * recursions of everyone after us. */
#include <string.h>

#include "base/text.h"
#include "expr/ast.h"
#include "expr/lex.h"

typedef struct ict_parser {
  ict_expr *expr;
  ict_token token; /* the next one, not yet taken */
  size_t pos;      /* behind it */
  unsigned depth;
  ict_err *err;
} ict_parser;

static ict_status parse_infix(ict_parser *p, ict_level level, const ict_ast **out);

/* ---- errors ---------------------------------------------------------------------- */

/* Columns are counted in characters; a CR or LF pair ends a line once. */
ict_status ict_expr_refuse(const ict_expr *expr, size_t at, ict_err *err, const char *fmt, ...) {
  uint64_t line = expr->origin.line, column = expr->origin.column;
  for (size_t i = 0; i < at && line > 0; i++) {
    unsigned char c = (unsigned char)expr->text[i];
    if (c == '\n') {
      line++;
      column = expr->origin.column;
    } else if (column > 0 && (c & 0xC0) != 0x80) {
      column++;
    }
  }
  va_list args;
  va_start(args, fmt);
  ict_err_setv(err, ICT_REFUSED, fmt, args);
  va_end(args);
  ict_err_at(err, expr->origin.file ? expr->origin.file : "", line, line > 0 ? column : 0);
  return ICT_REFUSED;
}

/* Shows the token as found: 'word', or the end. */
static ict_status refuse_token(ict_parser *p, const char *where) {
  const ict_token *t = &p->token;
  if (t->kind == ICT_TOKEN_END)
    return ict_expr_refuse(p->expr, t->at, p->err, "the expression ends %s", where);
  return ict_expr_refuse(p->expr, t->at, p->err, "found '%.*s' %s",
                         (int)(t->len > 60 ? 60 : t->len), p->expr->text + t->at, where);
}

static ict_status refuse_depth(ict_parser *p, size_t at) {
  ict_expr_refuse(p->expr, at, p->err, "the expression is nested more than %d deep",
                  ICT_EXPR_DEPTH);
  ict_err_expected(p->err, "at most %d levels of parentheses, operators and functions",
                   ICT_EXPR_DEPTH);
  ict_err_fix(p->err, "split it, or replace a chain of 'or' by in {...}");
  return ICT_REFUSED;
}

/* ---- tokens ---------------------------------------------------------------------- */

static ict_status advance(ict_parser *p) { return ict_lex(p->expr, &p->pos, &p->token, p->err); }

static ict_status expect(ict_parser *p, ict_token_kind kind, const char *where,
                         const char *expected) {
  if (p->token.kind == kind) return advance(p);
  refuse_token(p, where);
  ict_err_expected(p->err, "%s", expected);
  return ICT_REFUSED;
}

/* ---- nodes ----------------------------------------------------------------------- */

static ict_ast *new_node(ict_parser *p, ict_node_kind kind, size_t at) {
  ict_ast *node = ict_arena_alloc(p->expr->arena, 1, sizeof *node);
  if (!node) return NULL;
  node->kind = kind;
  node->at = node->start = at;
  node->height = 1;
  return node;
}

static ict_status new_call(ict_parser *p, ict_op op, size_t at, size_t start,
                           const ict_ast *const *args, const ict_ast **out) {
  ict_ast *node = new_node(p, ICT_AST_CALL, at);
  size_t n = ict_operations[op].arity;
  ict_ast **copy = ict_arena_alloc(p->expr->arena, n, sizeof *copy);
  if (!node || !copy) return ict_err_memory(p->err);
  memcpy(copy, args, n * sizeof *copy);
  node->op = op;
  node->start = start;
  node->n_args = n;
  node->args = copy;
  for (size_t i = 0; i < n; i++)
    if (args[i]->height >= node->height) node->height = args[i]->height + 1;
  if (node->height > ICT_EXPR_DEPTH) return refuse_depth(p, at);
  *out = node;
  return ICT_OK;
}

static ict_status remember_name(ict_parser *p, const char *name) {
  ict_expr *e = p->expr;
  for (size_t i = 0; i < e->n_names; i++)
    if (strcmp(e->names[i], name) == 0) return ICT_OK;
  if (ict_grow(&e->names, e->n_names, &e->names_capacity, sizeof *e->names))
    return ict_err_memory(p->err);
  e->names[e->n_names++] = name;
  return ICT_OK;
}

/* ---- the grammar ----------------------------------------------------------------- */

/* A literal: number, text, true, false, null. */
static ict_status parse_literal(ict_parser *p, ict_ast **out) {
  const ict_token t = p->token;
  const char *text = p->expr->text + t.at;
  ict_node_kind kind = t.kind == ICT_TOKEN_NUMBER ? ICT_AST_NUMBER
                       : t.kind == ICT_TOKEN_TEXT ? ICT_AST_TEXT
                       : t.kind == ICT_TOKEN_NULL ? ICT_AST_NULL
                                                  : ICT_AST_BOOLEAN;
  ict_ast *node = new_node(p, kind, t.at);
  if (!node) return ict_err_memory(p->err);
  node->number = t.number;
  node->is_integer = t.is_integer;
  node->truth = t.kind == ICT_TOKEN_TRUE;
  if (kind == ICT_AST_NUMBER) {
    node->text = ict_arena_strndup(p->expr->arena, text, t.len);
    if (!node->text) return ict_err_memory(p->err);
  } else if (kind == ICT_AST_TEXT) {
    char *copy = ict_arena_strndup(p->expr->arena, text + 1, t.len - 2);
    if (!copy) return ict_err_memory(p->err);
    char *to = copy;
    for (const char *from = copy; *from; from++) {
      if (from[0] == '"' && from[1] == '"') from++;
      *to++ = *from;
    }
    *to = '\0';
    node->text = copy;
  }
  *out = node;
  return advance(p);
}

/* One member of a set: a literal other than null, true and false; numbers may be negative. */
static ict_status parse_member(ict_parser *p, ict_ast **out) {
  size_t start = p->token.at;
  bool negative = p->token.kind == ICT_TOKEN_MINUS;
  ict_status st = ICT_OK;
  if (negative && (st = advance(p)) != ICT_OK) return st;
  ict_token_kind kind = p->token.kind;
  if (kind != ICT_TOKEN_NUMBER && (negative || kind != ICT_TOKEN_TEXT)) {
    refuse_token(p, "in a list of values");
    ict_err_expected(p->err, negative ? "a number" : "text in double quotes or a number");
    if (kind == ICT_TOKEN_NULL)
      ict_err_fix(p->err, "nothing equals null; add 'or isnull(x)'");
    else if (kind == ICT_TOKEN_NAME)
      ict_err_fix(p->err, "write a code in double quotes: \"%.*s\"",
                  (int)(p->token.len > 60 ? 60 : p->token.len), p->expr->text + p->token.at);
    return ICT_REFUSED;
  }
  st = parse_literal(p, out);
  if (st != ICT_OK || !negative) return st;
  const char *text = ict_arena_printf(p->expr->arena, "-%s", (*out)->text);
  if (!text) return ict_err_memory(p->err);
  (*out)->text = text;
  (*out)->number = -(*out)->number;
  (*out)->at = (*out)->start = start;
  return ICT_OK;
}

static ict_status parse_set(ict_parser *p, const ict_ast **out) {
  ict_ast **members = NULL;
  size_t n = 0, capacity = 0;
  ict_ast *set = new_node(p, ICT_AST_SET, p->token.at);
  ict_status st = set ? ICT_OK : ict_err_memory(p->err);
  if (st != ICT_OK) goto done;
  ICT_TRY(done, st,
          expect(p, ICT_TOKEN_OPEN_SET, "where a list of values should be",
                 "a list in braces: {\"A\", \"B\"}"));
  for (;;) {
    if (ict_grow(&members, n, &capacity, sizeof *members)) {
      st = ict_err_memory(p->err);
      goto done;
    }
    ICT_TRY(done, st, parse_member(p, &members[n]));
    n++;
    if (p->token.kind != ICT_TOKEN_COMMA) break;
    ICT_TRY(done, st, advance(p));
  }
  ICT_TRY(done, st, expect(p, ICT_TOKEN_CLOSE_SET, "in a list of values", "',' or '}'"));
  ict_ast **copy = ict_arena_alloc(p->expr->arena, n, sizeof *copy);
  if (!copy) {
    st = ict_err_memory(p->err);
    goto done;
  }
  memcpy(copy, members, n * sizeof *copy);
  set->n_args = n;
  set->args = copy;
  *out = set;
done:
  ict_free(members);
  return st;
}

static bool find_function(const char *name, ict_op *op) {
  for (int i = 0; i < ICT_N_OPS; i++) {
    if (ict_operations[i].level != ICT_LEVEL_CALL) continue;
    if (ict_text_casecmp(ict_operations[i].text, name) != 0) continue;
    *op = (ict_op)i;
    return true;
  }
  return false;
}

static ict_status refuse_function(ict_parser *p, size_t at, const char *name) {
  const char *known[ICT_N_OPS];
  size_t n = 0;
  ict_str list;
  ict_str_init(&list);
  for (int i = 0; i < ICT_N_OPS; i++) {
    if (ict_operations[i].level != ICT_LEVEL_CALL && i != ICT_OP_BETWEEN) continue;
    ict_str_addf(&list, "%s%s", n ? ", " : "", ict_operations[i].text);
    known[n++] = ict_operations[i].text;
  }
  const char *near = ict_text_nearest(name, known, n);
  ict_expr_refuse(p->expr, at, p->err, "there is no function '%.60s'", name);
  if (!list.failed) ict_err_expected(p->err, "one of %s", list.text);
  if (near) ict_err_fix(p->err, "write '%s'", near);
  ict_str_done(&list);
  return ICT_REFUSED;
}

/* The arguments of a function; the token is its '('. */
static ict_status parse_call(ict_parser *p, ict_op op, size_t at, const ict_ast **out) {
  const ict_operation *f = &ict_operations[op];
  const ict_ast *args[3] = {NULL, NULL, NULL};
  size_t n = 0;
  ict_status st = advance(p);
  if (st != ICT_OK) return st;
  if (p->token.kind != ICT_TOKEN_CLOSE) {
    for (;;) {
      const ict_ast *arg = NULL;
      st = parse_infix(p, ICT_LEVEL_IF, &arg);
      if (st != ICT_OK) return st;
      if (n < f->arity) args[n] = arg;
      n++;
      if (p->token.kind != ICT_TOKEN_COMMA) break;
      st = advance(p);
      if (st != ICT_OK) return st;
    }
  }
  st = expect(p, ICT_TOKEN_CLOSE, "in the arguments of a function", "an operator, ',' or ')'");
  if (st != ICT_OK) return st;
  if (n != f->arity) {
    const ict_function *help;
    ict_functions(&help);
    ict_expr_refuse(p->expr, at, p->err, "%s has %zu argument%s", f->text, n, n == 1 ? "" : "s");
    ict_err_expected(p->err, "%u argument%s", f->arity, f->arity == 1 ? "" : "s");
    ict_err_fix(p->err, "write %s", op == ICT_OP_BETWEEN ? "between(x, a, b)" : help[op].signature);
    return ICT_REFUSED;
  }
  return new_call(p, op, at, at, args, out);
}

static ict_status parse_name(ict_parser *p, const ict_ast **out) {
  const ict_token t = p->token;
  ict_ast *node = new_node(p, ICT_AST_NAME, t.at);
  if (!node) return ict_err_memory(p->err);
  node->text = ict_arena_strndup(p->expr->arena, p->expr->text + t.at, t.len);
  if (!node->text) return ict_err_memory(p->err);
  ict_status st = advance(p);
  if (st != ICT_OK) return st;
  if (p->token.kind == ICT_TOKEN_OPEN) {
    ict_op op;
    if (!find_function(node->text, &op)) return refuse_function(p, t.at, node->text);
    return parse_call(p, op, t.at, out);
  }
  *out = node;
  return remember_name(p, node->text);
}

static ict_status parse_if(ict_parser *p, const ict_ast **out) {
  size_t at = p->token.at;
  const ict_ast *args[3];
  ict_status st;
  ICT_TRY(done, st, advance(p));
  ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_IF, &args[0]));
  ICT_TRY(done, st, expect(p, ICT_TOKEN_THEN, "in the condition of 'if'", "an operator or 'then'"));
  ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_IF, &args[1]));
  ICT_TRY(done, st,
          expect(p, ICT_TOKEN_ELSE, "after 'then'",
                 "an operator or 'else': every 'if' says what holds otherwise"));
  ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_IF, &args[2]));
  st = new_call(p, ICT_OP_IF, at, at, args, out);
done:
  return st;
}

static ict_status refuse_value(ict_parser *p) {
  const ict_token *t = &p->token;
  refuse_token(p, "where a value should be");
  ict_err_expected(
      p->err, "a variable, a number, \"text\", true, false, null, not, -, if, (, or a function");
  if (t->kind == ICT_TOKEN_INFIX && t->op == ICT_OP_ADD)
    ict_err_fix(p->err, "leave the sign out; a number is positive without it");
  else if (t->kind == ICT_TOKEN_OPEN_SET)
    ict_err_fix(p->err, "write 'x in {...}' or 'x not_in {...}'");
  return ICT_REFUSED;
}

static ict_status parse_here(ict_parser *p, const ict_ast **out) {
  const ict_token t = p->token;
  ict_status st = ICT_OK;
  switch (t.kind) {
    case ICT_TOKEN_NUMBER:
    case ICT_TOKEN_TEXT:
    case ICT_TOKEN_TRUE:
    case ICT_TOKEN_FALSE:
    case ICT_TOKEN_NULL: {
      ict_ast *literal = NULL;
      st = parse_literal(p, &literal);
      *out = literal;
      return st;
    }
    case ICT_TOKEN_NAME:
      return parse_name(p, out);
    case ICT_TOKEN_IF:
      return parse_if(p, out);
    case ICT_TOKEN_OPEN:
      ICT_TRY(done, st, advance(p));
      ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_IF, out));
      return expect(p, ICT_TOKEN_CLOSE, "inside parentheses", "an operator or ')'");
    case ICT_TOKEN_MINUS:
    case ICT_TOKEN_NOT: {
      const ict_ast *arg = NULL;
      ICT_TRY(done, st, advance(p));
      ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_UNARY, &arg));
      return new_call(p, t.kind == ICT_TOKEN_NOT ? ICT_OP_NOT : ICT_OP_NEG, t.at, t.at, &arg, out);
    }
    case ICT_TOKEN_INFIX:
      if (t.op == ICT_OP_BETWEEN) {
        ICT_TRY(done, st, advance(p));
        if (p->token.kind == ICT_TOKEN_OPEN) return parse_call(p, ICT_OP_BETWEEN, t.at, out);
        p->token = t;
      }
      return refuse_value(p);
    default:
      return refuse_value(p);
  }
done:
  return st;
}

/* What may stand before an infix operator. Everything that nests passes here. */
static ict_status parse_prefix(ict_parser *p, const ict_ast **out) {
  if (p->depth >= ICT_EXPR_DEPTH) return refuse_depth(p, p->token.at);
  p->depth++;
  ict_status st = parse_here(p, out);
  p->depth--;
  return st;
}

static bool is_infix(const ict_token *t) {
  return t->kind == ICT_TOKEN_INFIX || t->kind == ICT_TOKEN_MINUS;
}

static ict_status refuse_chain(ict_parser *p) {
  refuse_token(p, "after a comparison");
  ict_err_expected(p->err, "one comparison; they do not chain");
  ict_err_fix(p->err, "write 'a < b and b < c', or put one comparison in parentheses");
  return ICT_REFUSED;
}

/* The right side of an infix operator whose token is taken. args[0] is the left side. */
static ict_status parse_right(ict_parser *p, ict_op op, const ict_ast **args) {
  ict_status st;
  if (op == ICT_OP_IN || op == ICT_OP_NOT_IN) return parse_set(p, &args[1]);
  if (op != ICT_OP_BETWEEN) return parse_infix(p, ict_operations[op].level + 1, &args[1]);
  ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_ADD, &args[1]));
  if (p->token.kind != ICT_TOKEN_INFIX || p->token.op != ICT_OP_AND) {
    refuse_token(p, "after the lower bound of 'between'");
    ict_err_expected(p->err, "'and' and the upper bound: x between a and b");
    return ICT_REFUSED;
  }
  ICT_TRY(done, st, advance(p));
  st = parse_infix(p, ICT_LEVEL_ADD, &args[2]);
done:
  return st;
}

static ict_status parse_infix(ict_parser *p, ict_level level, const ict_ast **out) {
  const ict_ast *args[3] = {NULL, NULL, NULL};
  ict_status st = parse_prefix(p, &args[0]);
  if (st != ICT_OK) return st;
  while (is_infix(&p->token) && ict_operations[p->token.op].level >= level) {
    const ict_token t = p->token;
    ICT_TRY(done, st, advance(p));
    ICT_TRY(done, st, parse_right(p, t.op, args));
    ICT_TRY(done, st, new_call(p, t.op, t.at, args[0]->start, args, &args[0]));
    if (ict_operations[t.op].level == ICT_LEVEL_COMPARE && is_infix(&p->token) &&
        ict_operations[p->token.op].level == ICT_LEVEL_COMPARE)
      return refuse_chain(p);
  }
  *out = args[0];
done:
  return st;
}

static ict_status refuse_rest(ict_parser *p) {
  const ict_token *t = &p->token;
  ict_slice found = {p->expr->text + t->at, t->len};
  refuse_token(p, "after a complete expression");
  ict_err_expected(p->err, "an operator or the end");
  if (t->kind == ICT_TOKEN_NOT)
    ict_err_fix(p->err, "write 'not_in' in one word, or 'and not'");
  else if (t->kind == ICT_TOKEN_CLOSE)
    ict_err_fix(p->err, "remove it, or open a parenthesis before");
  else if (t->kind == ICT_TOKEN_COMMA)
    ict_err_fix(p->err, "write decimals with a point: 0.5");
  else if (ict_slice_is(found, "is") || ict_slice_is(found, "IS"))
    ict_err_fix(p->err, "write isnull(x)");
  return ICT_REFUSED;
}

static ict_status parse_whole(ict_parser *p) {
  ict_status st;
  ICT_TRY(done, st, advance(p));
  if (p->token.kind == ICT_TOKEN_END) {
    ict_expr_refuse(p->expr, p->token.at, p->err, "the expression is empty");
    ict_err_expected(p->err, "an expression, such as age >= 15");
    return ICT_REFUSED;
  }
  ICT_TRY(done, st, parse_infix(p, ICT_LEVEL_IF, &p->expr->root));
  if (p->token.kind != ICT_TOKEN_END) st = refuse_rest(p);
done:
  return st;
}

ict_status ict_expr_parse(const char *text, ict_origin origin, ict_expr **out, ict_err *err) {
  ict_status st = ICT_OK;
  *out = NULL;
  ict_expr *expr = ict_alloc(1, sizeof *expr);
  if (!expr) return ict_err_memory(err);
  expr->origin = origin;
  expr->text = text; /* until it is copied, for the message */
  if (strlen(text) > ICT_EXPR_BYTES) {
    st = ict_expr_refuse(expr, 0, err, "the expression is longer than %d bytes", ICT_EXPR_BYTES);
    goto done;
  }
  expr->arena = ict_arena_new();
  if (!expr->arena || !(expr->text = ict_arena_strdup(expr->arena, text)) ||
      (origin.file && !(expr->origin.file = ict_arena_strdup(expr->arena, origin.file)))) {
    st = ict_err_memory(err);
    goto done;
  }
  ict_parser parser = {.expr = expr, .err = err};
  ICT_TRY(done, st, parse_whole(&parser));
  *out = expr;
  expr = NULL;
done:
  ict_expr_free(expr);
  return st;
}

void ict_expr_free(ict_expr *expr) {
  if (!expr) return;
  ict_free(expr->names);
  ict_arena_free(expr->arena);
  ict_free(expr);
}

size_t ict_expr_names(const ict_expr *expr, const char *const **names) {
  *names = expr->names;
  return expr->n_names;
}
