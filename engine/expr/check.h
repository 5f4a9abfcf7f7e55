/* check.h - the words for what is wrong with types; inside the room only. */
#ifndef ICT_EXPR_CHECK_H
#define ICT_EXPR_CHECK_H

#include "expr/emit.h"

/* Each starts the whole error record and returns ICT_REFUSED (or ICT_FAIL where memory is
 * short). what: the operation as it is called in messages. */
ict_status ict_refuse_name(const ict_builder *b, const ict_ast *name);
ict_status ict_refuse_no_number(const ict_builder *b, const char *what, const ict_value *found);
ict_status ict_refuse_no_condition(const ict_builder *b, const char *what, const ict_value *found);
/* The text is no code of the variable. */
ict_status ict_refuse_code(const ict_builder *b, const ict_variable *var, const ict_ast *text);
/* Two values that cannot be compared by `op` (or mixed by nvl or if). */
ict_status ict_refuse_pair(const ict_builder *b, const char *what, const ict_value *x,
                           const ict_value *y);
ict_status ict_refuse_order(const ict_builder *b, const char *what, const ict_value *found);
ict_status ict_refuse_kind(const ict_builder *b, const ict_ast *kind);
ict_status ict_refuse_want(const ict_builder *b, ict_type want, const ict_value *found);

#endif
