/* ast.h - the tree of a parsed expression; inside the room only.
 *
 * Nodes live in the expression's arena and are never changed after parsing, so any
 * number of checks may read one tree at once. No tree is higher than ICT_EXPR_DEPTH,
 * which is what makes recursion over it safe whatever text somebody sends us. */
#ifndef ICT_EXPR_AST_H
#define ICT_EXPR_AST_H

#include "base/mem.h"
#include "expr/expr.h"

#define ICT_EXPR_DEPTH 200
#define ICT_EXPR_BYTES 65536 /* longest text taken */

typedef enum ict_op {
#define ICT_OPERATION(id, ...) ICT_OP_##id,
#include "expr/functions.def"
#undef ICT_OPERATION
  ICT_N_OPS
} ict_op;

/* From loose to tight, as in VTL 2. */
typedef enum ict_level {
  ICT_LEVEL_IF,
  ICT_LEVEL_OR, /* or, xor */
  ICT_LEVEL_AND,
  ICT_LEVEL_COMPARE, /* = <> < <= > >= in not_in between; do not chain */
  ICT_LEVEL_ADD,
  ICT_LEVEL_MUL,
  ICT_LEVEL_UNARY,
  ICT_LEVEL_CALL /* functions, literals, names, parentheses */
} ict_level;

typedef enum ict_rule {
  ICT_RULE_IF,
  ICT_RULE_LOGIC,
  ICT_RULE_COMPARE,
  ICT_RULE_MEMBER,
  ICT_RULE_BETWEEN,
  ICT_RULE_NUMBERS,
  ICT_RULE_NOT,
  ICT_RULE_ISNULL,
  ICT_RULE_IS_MISSING,
  ICT_RULE_NVL
} ict_rule;

typedef enum ict_result {
  ICT_RESULT_SAME,
  ICT_RESULT_INTEGER,
  ICT_RESULT_REAL,
  ICT_RESULT_BOOLEAN
} ict_result;

typedef struct ict_operation {
  const char *text;
  ict_level level;
  unsigned arity;
  ict_rule rule;
  ict_result result;
} ict_operation;

extern const ict_operation ict_operations[ICT_N_OPS];

typedef enum ict_node_kind {
  ICT_AST_NUMBER,
  ICT_AST_TEXT,
  ICT_AST_BOOLEAN,
  ICT_AST_NULL,
  ICT_AST_NAME,
  ICT_AST_SET, /* {literal, ...}: only as second operand of in and not_in */
  ICT_AST_CALL /* op applied to args */
} ict_node_kind;

typedef struct ict_ast ict_ast;
struct ict_ast {
  ict_node_kind kind;
  ict_op op;        /* CALL */
  size_t at;        /* offset in the text: the operator, or the only token */
  size_t start;     /* offset of the first token of the whole piece */
  unsigned height;  /* 1 for a leaf */
  double number;    /* NUMBER */
  bool is_integer;  /* NUMBER */
  bool truth;       /* BOOLEAN */
  const char *text; /* NAME; TEXT without its quotes; NUMBER as it was written */
  size_t n_args;    /* CALL, SET */
  ict_ast *const *args;
};

struct ict_expr {
  ict_arena *arena;
  const char *text;
  ict_origin origin;
  const ict_ast *root;
  const char **names; /* heap: it grows while parsing */
  size_t n_names, names_capacity;
};

/* Starts an error record at an offset of the text; returns ICT_REFUSED. The caller adds
 * what was expected and the fix. */
ict_status ict_expr_refuse(const ict_expr *expr, size_t at, ict_err *err, const char *fmt, ...)
    ICT_PRINTF(4, 5);

#endif
