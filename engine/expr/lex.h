/* lex.h - the text of an expression as tokens; inside the room only. */
#ifndef ICT_EXPR_LEX_H
#define ICT_EXPR_LEX_H

#include "expr/ast.h"

typedef enum ict_token_kind {
  ICT_TOKEN_END,
  ICT_TOKEN_NUMBER,
  ICT_TOKEN_TEXT,
  ICT_TOKEN_NAME,
  ICT_TOKEN_OPEN,
  ICT_TOKEN_CLOSE,
  ICT_TOKEN_OPEN_SET,
  ICT_TOKEN_CLOSE_SET,
  ICT_TOKEN_COMMA,
  ICT_TOKEN_MINUS, /* infix or prefix: the parser knows */
  ICT_TOKEN_INFIX, /* any other infix operator: see op */
  ICT_TOKEN_NOT,
  ICT_TOKEN_IF,
  ICT_TOKEN_THEN,
  ICT_TOKEN_ELSE,
  ICT_TOKEN_TRUE,
  ICT_TOKEN_FALSE,
  ICT_TOKEN_NULL
} ict_token_kind;

typedef struct ict_token {
  ict_token_kind kind;
  ict_op op;       /* INFIX and MINUS */
  size_t at, len;  /* in the expression's text */
  double number;   /* NUMBER */
  bool is_integer; /* NUMBER */
} ict_token;

/* Reads the token that starts at or after *pos and moves *pos behind it. At the end of
 * the text gives END for ever. A TEXT token is complete and valid UTF-8. */
ict_status ict_lex(const ict_expr *expr, size_t *pos, ict_token *token, ict_err *err);

#endif
