/* ops.c - functions.def as tables: one for the parser and the checker, one for people.
 *
 * In: functions.def. Out: ict_operations, ict_functions. Owns: nothing. */
#include "expr/ast.h"

const ict_operation ict_operations[ICT_N_OPS] = {
#define ICT_OPERATION(id, text, level, arity, rule, result, signature, help) \
  {text, ICT_LEVEL_##level, arity, ICT_RULE_##rule, ICT_RESULT_##result},
#include "expr/functions.def"
#undef ICT_OPERATION
};

static const ict_function functions[ICT_N_OPS] = {
#define ICT_OPERATION(id, text, level, arity, rule, result, signature, help) \
  {text, signature, help},
#include "expr/functions.def"
#undef ICT_OPERATION
};

size_t ict_functions(const ict_function **list) {
  *list = functions;
  return ICT_N_OPS;
}
