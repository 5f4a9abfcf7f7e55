/* expr.h - the expression language: a small subset of VTL 2 scalar syntax with
 * three-valued logic. docs/expressions.md is its manual.
 *
 *     age >= 15 and internet_use_3m = "Y"
 *     household_size between 1 and 5
 *     education_lev in {"ISCED11_1", "ISCED11_2"}
 *     if isnull(x) then 0 else nvl(y, 1) / 2
 *
 * Life of an expression: parse (text -> tree), check (names and types against a
 * scope, before any data is read), run (a block at a time, no allocation).
 * Parsed expressions are read-only; a run uses the caller's scratch, so threads may
 * share an expression. */
#ifndef ICT_EXPR_EXPR_H
#define ICT_EXPR_EXPR_H

#include "data/frame.h"

typedef struct ict_expr ict_expr;

/* Where the text came from, so that errors point into the file. line and column are those
 * of the first character of the text (0: not known); where the text has line breaks its
 * other lines are taken to start in the same column, as in a YAML block. */
typedef struct ict_origin {
  const char *file;
  uint64_t line, column;
} ict_origin;

/* Copies the text. Refuses what is not an expression, is longer than 65,536 bytes, or is
 * nested more than 200 deep. origin.file may be NULL. */
ict_status ict_expr_parse(const char *text, ict_origin origin, ict_expr **out, ict_err *err);
void ict_expr_free(ict_expr *expr);

/* What names mean. */
typedef struct ict_scope {
  const ict_schema *schema; /* a name is a variable of this schema */
  const char *what;         /* for messages: "the concepts", "the table's columns" */
} ict_scope;

/* The distinct variable names in the expression, in order of first use. Borrowed. */
size_t ict_expr_names(const ict_expr *expr, const char *const **names);

/* A checked expression bound to a schema: ready to run. */
typedef struct ict_program ict_program;

/* Resolves names, checks types, folds constants. `want` is the type the place needs
 * (BOOLEAN for a condition, REAL for a quantity; INTEGER counts as REAL). A text literal
 * compared with a coded variable must be one of its codes: an unknown one is an error
 * that names the nearest. The program borrows the scope's schema, not the expression. A
 * `want` that is not BOOLEAN, INTEGER or REAL is ICT_USAGE. */
ict_status ict_expr_check(const ict_expr *expr, const ict_scope *scope, ict_type want,
                          ict_program **out, ict_err *err);
void ict_program_free(ict_program *program);
/* What it gives: BOOLEAN, INTEGER or REAL. The null literal alone has the type wanted. */
ict_type ict_program_type(const ict_program *program);

/* Schema indexes the program reads, ascending. Borrowed. */
size_t ict_program_columns(const ict_program *program, const size_t **columns);

/* Where a boolean program reads one column, and that one has a byte a value: what it gives for
 * every stored value (256), and the column; else *has is false. */
ict_status ict_program_table(const ict_program *program, const ict_schema *schema, bool *has,
                             size_t *column, uint8_t *table, ict_err *err);

/* Working memory of one thread for one program. */
typedef struct ict_scratch ict_scratch;
ict_scratch *ict_scratch_new(const ict_program *program); /* NULL where memory is short */
void ict_scratch_free(ict_scratch *scratch);

/* A run never allocates and never fails. The block's schema has the layout of the one the
 * program was checked against. */
/* Boolean programs: out[i] is 0 false, 1 true, 2 null. At most ICT_BLOCK_ROWS rows. */
#define ICT_FALSE 0
#define ICT_TRUE  1
#define ICT_NULL  2
void ict_program_run_boolean(const ict_program *program, const ict_block *block,
                             ict_scratch *scratch, uint8_t *out);
/* Numeric programs: a NaN is null. Division by zero and overflow give null. */
void ict_program_run_number(const ict_program *program, const ict_block *block,
                            ict_scratch *scratch, double *out);

/* The expression written out again: canonical spacing, keywords in lower case, only the
 * parentheses it needs. Parsing it again gives the same tree. Caller frees with ict_free;
 * NULL where memory is short. For explain. */
char *ict_expr_text(const ict_expr *expr);

/* Every operator and function, for manuals and help. Static. */
typedef struct ict_function {
  const char *name;      /* "nvl", "+" */
  const char *signature; /* "nvl(x, y)" */
  const char *help;      /* what it gives, and when it gives null */
} ict_function;
size_t ict_functions(const ict_function **list);

#endif
