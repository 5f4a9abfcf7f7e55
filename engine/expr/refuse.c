/* refuse.c - says what is wrong with an expression whose types do not fit.
 *
 * In: the values that do not fit. Out: an error record at the piece in question, with what
 * was expected and how to mend it. Owns: nothing. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "expr/check.h"

#define LISTED 12  /* names or codes shown before "and n more" */
#define WORDS  160 /* room for what a value is called */

/* What a value is called: "the coded variable 'sex'", "the number 15". */
static const char *describe(const ict_value *v, char buf[WORDS]) {
  const ict_ast *node = v->node;
  bool plain = node->kind != ICT_AST_CALL;
  if (v->is_null) return "null";
  if (v->type == ICT_TYPE_TEXT)
    snprintf(buf, WORDS, "the text \"%.80s\"", v->text);
  else if (v->type == ICT_TYPE_CODE)
    snprintf(buf, WORDS, "the coded variable '%.80s'%s", v->var->name,
             v->has_default ? " (through nvl)" : "");
  else if (v->type == ICT_TYPE_BOOLEAN)
    snprintf(buf, WORDS, "%s", !plain ? "a condition" : node->truth ? "true" : "false");
  else if (plain && node->kind == ICT_AST_NAME)
    snprintf(buf, WORDS, "the %s variable '%.80s'", ict_type_name(v->type), node->text);
  else if (plain)
    snprintf(buf, WORDS, "the number %.80s", node->text);
  else
    snprintf(buf, WORDS, "a number");
  return buf;
}

/* "expected: <lead> a, b, c and 5 more"; each between the quotes given. */
static void expect_list(ict_err *err, const char *lead, const char *const *names, size_t n,
                        const char *quote) {
  ict_str list;
  ict_str_init(&list);
  for (size_t i = 0; i < n && i < LISTED; i++)
    ict_str_addf(&list, "%s%s%s%s", i ? ", " : "", quote, names[i], quote);
  if (n > LISTED) ict_str_addf(&list, " and %zu more", n - LISTED);
  if (!list.failed) ict_err_expected(err, "%s %s", lead, list.text);
  ict_str_done(&list);
}

/* "write '<nearest>'"; with the quote of its kind. */
static void fix_nearest(ict_err *err, const char *word, const char *const *names, size_t n,
                        const char *quote) {
  const char *near = ict_text_nearest(word, names, n);
  if (near) ict_err_fix(err, "write %s%s%s", quote, near, quote);
}

ict_status ict_refuse_name(const ict_builder *b, const ict_ast *name) {
  const ict_schema *schema = b->scope->schema;
  const char **names = ict_alloc(schema->n, sizeof *names);
  if (!names) return ict_err_memory(b->err);
  for (size_t i = 0; i < schema->n; i++) names[i] = schema->vars[i].name;
  ict_expr_refuse(b->expr, name->at, b->err, "there is no variable '%.80s' in %s", name->text,
                  b->scope->what ? b->scope->what : "the data");
  expect_list(b->err, "one of", names, schema->n, "");
  fix_nearest(b->err, name->text, names, schema->n, "'");
  ict_free(names);
  return ICT_REFUSED;
}

/* A code of the list, to make an example with. */
static const char *example(const ict_variable *var) {
  return var->codes && var->codes->n ? var->codes->codes[0].id : "A";
}

ict_status ict_refuse_no_number(const ict_builder *b, const char *what, const ict_value *found) {
  char words[WORDS];
  double number;
  ict_expr_refuse(b->expr, found->node->start, b->err, "%s takes numbers, found %s", what,
                  describe(found, words));
  ict_err_expected(b->err, "an integer or real variable, a number, or arithmetic on them");
  if (found->type == ICT_TYPE_CODE)
    ict_err_fix(b->err, "compare it with a code: %s = \"%s\"", found->var->name,
                example(found->var));
  else if (found->type == ICT_TYPE_TEXT &&
           ict_number_parse(ict_slice_of(found->text), '.', &number))
    ict_err_fix(b->err, "write %s without quotes", found->text);
  else if (found->type == ICT_TYPE_BOOLEAN)
    ict_err_fix(b->err, "turn the condition into a number: if ... then 1 else 0");
  return ICT_REFUSED;
}

ict_status ict_refuse_no_condition(const ict_builder *b, const char *what, const ict_value *found) {
  char words[WORDS];
  ict_expr_refuse(b->expr, found->node->start, b->err, "%s takes conditions, found %s", what,
                  describe(found, words));
  ict_err_expected(b->err, "a comparison, true, false, or conditions joined by and, or, not");
  if (strcmp(what, "'not'") == 0)
    ict_err_fix(b->err, "'not' binds tighter than a comparison: write not (a = b)");
  else if (found->type == ICT_TYPE_CODE)
    ict_err_fix(b->err, "compare it with a code: %s = \"%s\"", found->var->name,
                example(found->var));
  else if (found->type != ICT_TYPE_TEXT)
    ict_err_fix(b->err, "compare it: x <> 0");
  return ICT_REFUSED;
}

ict_status ict_refuse_code(const ict_builder *b, const ict_variable *var, const ict_ast *text) {
  const ict_codelist *list = var->codes;
  const char **ids = ict_alloc(list->n, sizeof *ids);
  if (!ids) return ict_err_memory(b->err);
  for (size_t i = 0; i < list->n; i++) ids[i] = list->codes[i].id;
  ict_expr_refuse(b->expr, text->at, b->err, "\"%.80s\" is not a code of '%.80s' (%.80s)",
                  text->text, var->name, list->id);
  expect_list(b->err, "one of", ids, list->n, "\"");
  fix_nearest(b->err, text->text, ids, list->n, "\"");
  for (size_t i = 0; i < list->n; i++) /* people write the label */
    if (ict_text_casecmp(list->codes[i].label, text->text) == 0)
      ict_err_fix(b->err, "write \"%s\"", ids[i]);
  ict_free(ids);
  return ICT_REFUSED;
}

ict_status ict_refuse_pair(const ict_builder *b, const char *what, const ict_value *x,
                           const ict_value *y) {
  char words_x[WORDS], words_y[WORDS];
  const ict_value *code = x->type == ICT_TYPE_CODE ? x : y->type == ICT_TYPE_CODE ? y : NULL;
  const ict_value *other = code == x ? y : x;
  const ict_value *text = x->type == ICT_TYPE_TEXT ? x : y->type == ICT_TYPE_TEXT ? y : NULL;
  double number;
  ict_expr_refuse(b->expr, y->node->start, b->err, "%s cannot put %s and %s together", what,
                  describe(x, words_x), describe(y, words_y));
  if (x->type == ICT_TYPE_CODE && y->type == ICT_TYPE_CODE) {
    ict_err_expected(b->err, "two plain coded variables with the same code list, not %s and %s",
                     x->var->codes->id, y->var->codes->id);
    ict_err_fix(b->err, "compare each with its own codes");
  } else if (code) {
    ict_err_expected(b->err, "a code of '%s' in double quotes, such as \"%s\"", code->var->name,
                     example(code->var));
    if (other->node->kind == ICT_AST_NUMBER &&
        ict_codelist_find(code->var->codes, other->node->text) >= 0)
      ict_err_fix(b->err, "write the code in quotes: \"%s\"", other->node->text);
  } else if (text) {
    ict_err_expected(b->err, "a coded variable beside the text, or two numbers");
    if (ict_number_parse(ict_slice_of(text->text), '.', &number))
      ict_err_fix(b->err, "write %s without quotes", text->text);
  } else {
    ict_err_expected(b->err, "two numbers, or two conditions");
  }
  return ICT_REFUSED;
}

ict_status ict_refuse_order(const ict_builder *b, const char *what, const ict_value *found) {
  char words[WORDS];
  ict_expr_refuse(b->expr, found->node->start, b->err, "%s cannot order %s", what,
                  describe(found, words));
  if (found->type == ICT_TYPE_CODE) {
    ict_err_expected(b->err, "numbers: codes have no order");
    ict_err_fix(b->err, "list the codes: %s in {\"%s\", ...}", found->var->name,
                example(found->var));
  } else {
    ict_err_expected(b->err, "numbers");
    if (found->type == ICT_TYPE_BOOLEAN) ict_err_fix(b->err, "compare conditions with = or <>");
  }
  return ICT_REFUSED;
}

ict_status ict_refuse_kind(const ict_builder *b, const ict_ast *kind) {
  const char *names[ICT_N_MISSING];
  for (int k = 0; k < ICT_N_MISSING; k++) names[k] = ict_missing_name((ict_missing)(k + 1));
  if (kind->kind == ICT_AST_TEXT)
    ict_expr_refuse(b->expr, kind->start, b->err, "\"%.80s\" is not a kind of missing", kind->text);
  else
    ict_expr_refuse(b->expr, kind->start, b->err,
                    "is_missing takes the kind as text in double quotes");
  expect_list(b->err, "one of", names, ICT_N_MISSING, "\"");
  if (kind->kind == ICT_AST_TEXT || kind->kind == ICT_AST_NAME)
    fix_nearest(b->err, kind->text, names, ICT_N_MISSING, "\"");
  return ICT_REFUSED;
}

ict_status ict_refuse_want(const ict_builder *b, ict_type want, const ict_value *found) {
  char words[WORDS];
  const char *place = want == ICT_TYPE_BOOLEAN   ? "a condition"
                      : want == ICT_TYPE_INTEGER ? "an integer"
                                                 : "a number";
  ict_expr_refuse(b->expr, found->node->start, b->err, "found %s where %s is needed",
                  describe(found, words), place);
  ict_err_expected(b->err, "%s",
                   want == ICT_TYPE_BOOLEAN   ? "a condition, such as age >= 15"
                   : want == ICT_TYPE_INTEGER ? "an integer; floor(x) makes one"
                                              : "a number, such as age or income / 12");
  if (found->type == ICT_TYPE_CODE && want == ICT_TYPE_BOOLEAN)
    ict_err_fix(b->err, "compare it with a code: %s = \"%s\"", found->var->name,
                example(found->var));
  else if (found->type == ICT_TYPE_BOOLEAN)
    ict_err_fix(b->err, "turn the condition into a number: if ... then 1 else 0");
  return ICT_REFUSED;
}
