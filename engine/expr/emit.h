/* emit.h - building a program out of typed values; inside the room only.
 *
 * check.c decides what an operation means; emit.c finds the cheapest instructions for it:
 * it folds constants, picks kernels by width, loads a column at most once, and hands out
 * registers. */
#ifndef ICT_EXPR_EMIT_H
#define ICT_EXPR_EMIT_H

#include "expr/program.h"

typedef enum ict_where {
  ICT_AT_CONSTANT,
  ICT_AT_COLUMN, /* as stored: coded or a number */
  ICT_AT_REGISTER
} ict_where;

/* The value of one piece of the tree. */
typedef struct ict_value {
  ict_type type;
  bool is_null; /* the literal null (or folded to it without a type): fits every type */
  ict_where where;
  double number;           /* constant INTEGER, REAL: NaN is null; BOOLEAN: 0, 1, 2 */
  const char *text;        /* constant TEXT */
  const ict_variable *var; /* COLUMN */
  uint32_t slot;           /* COLUMN, REGISTER */
  bool has_default;        /* nvl(coded variable, code): a missing value counts as ... */
  long default_code;       /* ... this code */
  const ict_ast *node;     /* where it was written, for messages */
} ict_value;

typedef struct ict_builder {
  const ict_expr *expr;
  const ict_scope *scope;
  ict_program *program;
  ict_err *err;
} ict_builder;

/* Values that are constants. */
ict_value ict_value_number(double number, ict_type type);
ict_value ict_value_boolean(uint8_t truth);
ict_value ict_value_null(void);
bool ict_value_is_constant(const ict_value *v);
bool ict_value_is_narrow(const ict_value *v); /* an integer or coded column, as stored */

/* A value that is used twice is held once more before. */
void ict_emit_hold(ict_builder *b, const ict_value *v);
/* One use fewer; after the last its register is free. */
void ict_emit_release(ict_builder *b, const ict_value *v);

/* Kernels on numbers. op is the VV form; x and y are numeric or null. They, like all
 * functions here, release their operands. */
ict_status ict_emit_binary(ict_builder *b, ict_opcode op, ict_value x, ict_value y, ict_type type,
                           ict_value *out);
ict_status ict_emit_unary(ict_builder *b, ict_opcode op, ict_value x, ict_type type,
                          ict_value *out);
/* x = one of n numbers. */
ict_status ict_emit_one_of(ict_builder *b, ict_value x, const double *numbers, size_t n,
                           ict_value *out);
/* Two columns of one width: op is the U8 form. */
ict_status ict_emit_columns(ict_builder *b, ict_opcode op, ict_value x, ict_value y,
                            ict_value *out);
/* A narrow column against a set, which is finished here. */
ict_status ict_emit_test(ict_builder *b, ict_value x, ict_set *set, ict_value *out);
/* Whether a column of reals is missing of that kind. */
ict_status ict_emit_kind(ict_builder *b, ict_value x, ict_missing kind, ict_value *out);

/* op: ICT_OP_AND, _OR or _XOR. */
ict_status ict_emit_logic(ict_builder *b, ict_op op, ict_value x, ict_value y, ict_value *out);
ict_status ict_emit_not(ict_builder *b, ict_value x, ict_value *out);
ict_status ict_emit_isnull(ict_builder *b, ict_value x, ict_value *out);
/* Both of `type` (numbers or BOOLEAN) or null. */
ict_status ict_emit_nvl(ict_builder *b, ict_value x, ict_value y, ict_type type, ict_value *out);
ict_status ict_emit_if(ict_builder *b, ict_value condition, ict_value x, ict_value y, ict_type type,
                       ict_value *out);

/* The last step: the value ends in the program's result register. */
ict_status ict_emit_result(ict_builder *b, ict_value x);

#endif
