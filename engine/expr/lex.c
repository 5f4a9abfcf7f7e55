/* lex.c - cuts the text of an expression into tokens.
 *
 * In: the text. Out: one token a call, or an error at the very character, with the fix
 * where people bring a habit from another language (==, !=, &&, 'Y').
 * Owns: nothing. */
#include "expr/lex.h"

#include <string.h>

#include "base/text.h"

/* Habits of other languages. Longer first: the first that fits is taken. */
static const struct {
  const char *text, *fix;
} foreign[] = {
    {"==", "write '=' to compare"},
    {"!=", "write '<>' for 'not equal'"},
    {"=<", "write '<='"},
    {"=>", "write '>='"},
    {"**", "write power(x, y)"},
    {"&&", "write 'and'"},
    {"||", "write 'or'"},
    {"&", "write 'and'"},
    {"|", "write 'or'"},
    {"!", "write 'not'"},
    {"%", "write mod(x, y) for a remainder; divide by 100 for a percentage"},
    {"^", "write power(x, y)"},
    {"'", "write text in double quotes: \"Y\""},
    {"\xE2\x80\x9C", "write text in straight double quotes: \"Y\""},
    {"\xE2\x80\x9D", "write text in straight double quotes: \"Y\""},
    {"\xE2\x80\x98", "write text in straight double quotes: \"Y\""},
    {"\xE2\x80\x99", "write text in straight double quotes: \"Y\""},
    {"\xE2\x89\xA4", "write '<='"},
    {"\xE2\x89\xA5", "write '>='"},
    {"\xE2\x89\xA0", "write '<>'"},
    {"[", "a list of values is written in braces: {\"A\", \"B\"}"},
    {"]", "a list of values is written in braces: {\"A\", \"B\"}"},
    {"\xC2\xA0", "this is a no-break space; write an ordinary one"},
};

static const struct {
  const char *word;
  ict_token_kind kind;
  ict_op op;
} keywords[] = {
    {"and", ICT_TOKEN_INFIX, ICT_OP_AND},       {"or", ICT_TOKEN_INFIX, ICT_OP_OR},
    {"xor", ICT_TOKEN_INFIX, ICT_OP_XOR},       {"in", ICT_TOKEN_INFIX, ICT_OP_IN},
    {"not_in", ICT_TOKEN_INFIX, ICT_OP_NOT_IN}, {"between", ICT_TOKEN_INFIX, ICT_OP_BETWEEN},
    {"not", ICT_TOKEN_NOT, ICT_OP_NOT},         {"if", ICT_TOKEN_IF, ICT_OP_IF},
    {"then", ICT_TOKEN_THEN, ICT_OP_IF},        {"else", ICT_TOKEN_ELSE, ICT_OP_IF},
    {"true", ICT_TOKEN_TRUE, ICT_OP_IF},        {"false", ICT_TOKEN_FALSE, ICT_OP_IF},
    {"null", ICT_TOKEN_NULL, ICT_OP_IF},
};

/* Longer first, as above. */
static const struct {
  const char *text;
  ict_token_kind kind;
  ict_op op;
} signs[] = {
    {"<>", ICT_TOKEN_INFIX, ICT_OP_NE},   {"<=", ICT_TOKEN_INFIX, ICT_OP_LE},
    {">=", ICT_TOKEN_INFIX, ICT_OP_GE},   {"<", ICT_TOKEN_INFIX, ICT_OP_LT},
    {">", ICT_TOKEN_INFIX, ICT_OP_GT},    {"=", ICT_TOKEN_INFIX, ICT_OP_EQ},
    {"+", ICT_TOKEN_INFIX, ICT_OP_ADD},   {"-", ICT_TOKEN_MINUS, ICT_OP_SUB},
    {"*", ICT_TOKEN_INFIX, ICT_OP_MUL},   {"/", ICT_TOKEN_INFIX, ICT_OP_DIV},
    {"(", ICT_TOKEN_OPEN, ICT_OP_IF},     {")", ICT_TOKEN_CLOSE, ICT_OP_IF},
    {"{", ICT_TOKEN_OPEN_SET, ICT_OP_IF}, {"}", ICT_TOKEN_CLOSE_SET, ICT_OP_IF},
    {",", ICT_TOKEN_COMMA, ICT_OP_IF},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ASCII only, whatever the host's locale says. */
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool word_is(const char *word, size_t len, const char *keyword) {
  if (strlen(keyword) != len) return false;
  for (size_t i = 0; i < len; i++) {
    char c = word[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    if (c != keyword[i]) return false;
  }
  return true;
}

static size_t digits(const char *p) {
  size_t n = 0;
  while (is_digit(p[n])) n++;
  return n;
}

static ict_status lex_number(const ict_expr *expr, ict_token *token, ict_err *err) {
  const char *p = expr->text + token->at;
  size_t len = digits(p);
  token->kind = ICT_TOKEN_NUMBER;
  token->is_integer = true;
  if (p[len] == '.' && is_digit(p[len + 1])) {
    len += 1 + digits(p + len + 1);
    token->is_integer = false;
  }
  if (p[len] == 'e' || p[len] == 'E') {
    size_t sign = p[len + 1] == '+' || p[len + 1] == '-';
    size_t power = digits(p + len + 1 + sign);
    if (power > 0) {
      len += 1 + sign + power;
      token->is_integer = false;
    }
  }
  token->len = len;
  if (is_letter(p[len]) || p[len] == '.') {
    while (is_letter(p[len]) || is_digit(p[len]) || p[len] == '.') len++;
    ict_expr_refuse(expr, token->at, err, "'%.*s' is not a number", (int)(len > 60 ? 60 : len), p);
    ict_err_expected(
        err, "digits, with a point for decimals: 15, 0.5, 1e6; a name starts with a letter");
    ict_err_fix(err, "write the number in full, or text in double quotes");
    return ICT_REFUSED;
  }
  if (!ict_number_parse((ict_slice){p, len}, '.', &token->number)) {
    ict_expr_refuse(expr, token->at, err, "the number '%.*s' is too large",
                    (int)(len > 60 ? 60 : len), p);
    ict_err_expected(err, "a number below 1.8e308");
    return ICT_REFUSED;
  }
  /* Numbers are doubles when they run; from 2^53 on an integer may change silently. */
  if (token->is_integer && token->number >= 9007199254740992.0) {
    ict_expr_refuse(expr, token->at, err, "the integer '%.*s' is too large to be exact",
                    (int)(len > 60 ? 60 : len), p);
    ict_err_expected(err, "an integer of at most 9007199254740991");
    ict_err_fix(err, "write it as a real number if it need not be exact: 1e17");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static ict_status lex_text(const ict_expr *expr, ict_token *token, ict_err *err) {
  const char *p = expr->text + token->at;
  size_t len = 1, bad = 0;
  token->kind = ICT_TOKEN_TEXT;
  for (;; len++) {
    if (p[len] == '\0') {
      ict_expr_refuse(expr, token->at, err, "the text that starts here has no closing quote");
      ict_err_expected(err, "a closing double quote");
      ict_err_fix(err, "close it with \"; a quote inside text is written twice: \"\"");
      return ICT_REFUSED;
    }
    if (p[len] != '"') continue;
    if (p[len + 1] != '"') break;
    len++;
  }
  token->len = len + 1;
  if (!ict_utf8_valid(p, token->len, &bad)) {
    ict_expr_refuse(expr, token->at + bad, err, "the text holds a byte that is not UTF-8");
    ict_err_expected(err, "text in UTF-8");
    ict_err_fix(err, "save the file as UTF-8");
    return ICT_REFUSED;
  }
  return ICT_OK;
}

static ict_status refuse_character(const ict_expr *expr, size_t at, ict_err *err) {
  const char *p = expr->text + at;
  for (size_t i = 0; i < COUNT(foreign); i++) {
    if (!ict_text_starts(p, foreign[i].text)) continue;
    ict_expr_refuse(expr, at, err, "'%s' has no meaning in an expression", foreign[i].text);
    ict_err_expected(err, "one of + - * / = <> < <= > >= ( ) { } , or a word");
    ict_err_fix(err, "%s", foreign[i].fix);
    return ICT_REFUSED;
  }
  const char *end = p;
  uint32_t c = ict_utf8_next(&end);
  ict_expr_refuse(expr, at, err, "the character '%.*s' (U+%04X) has no meaning in an expression",
                  (int)(end - p), p, (unsigned)c);
  ict_err_expected(err, "one of + - * / = <> < <= > >= ( ) { } , or a word");
  ict_err_fix(err, c == '.' ? "write a digit before the point: 0.5"
                            : "remove it, or write text in double quotes");
  return ICT_REFUSED;
}

ict_status ict_lex(const ict_expr *expr, size_t *pos, ict_token *token, ict_err *err) {
  const char *text = expr->text;
  while (is_blank(text[*pos])) (*pos)++;
  const char *p = text + *pos;
  ict_status st = ICT_OK;
  *token = (ict_token){.kind = ICT_TOKEN_END, .at = *pos};

  if (*p == '\0') return ICT_OK;
  if (is_digit(*p)) {
    st = lex_number(expr, token, err);
  } else if (*p == '"') {
    st = lex_text(expr, token, err);
  } else if (is_letter(*p)) {
    token->kind = ICT_TOKEN_NAME;
    while (is_letter(p[token->len]) || is_digit(p[token->len])) token->len++;
    for (size_t i = 0; i < COUNT(keywords); i++) {
      if (!word_is(p, token->len, keywords[i].word)) continue;
      token->kind = keywords[i].kind;
      token->op = keywords[i].op;
    }
  } else {
    for (size_t i = 0; i < COUNT(foreign); i++)
      if (ict_text_starts(p, foreign[i].text)) return refuse_character(expr, *pos, err);
    for (size_t i = 0; i < COUNT(signs) && token->len == 0; i++) {
      if (!ict_text_starts(p, signs[i].text)) continue;
      token->kind = signs[i].kind;
      token->op = signs[i].op;
      token->len = strlen(signs[i].text);
    }
    if (token->len == 0) return refuse_character(expr, *pos, err);
  }
  *pos += token->len;
  return st;
}
