/* print.c - writes a tree out again, in one canonical form.
 *
 * In: ict_expr. Out: text the parser reads as the same tree. Owns: nothing.
 * Numbers stay as they were written: 2.0 is real and 2 is not. */
#include "base/text.h"
#include "expr/ast.h"

static void print(ict_str *s, const ict_ast *node, ict_level level);

static void print_text(ict_str *s, const char *text) {
  ict_str_add(s, "\"");
  for (const char *p = text; *p; p++) ict_str_addn(s, *p == '"' ? "\"\"" : p, *p == '"' ? 2 : 1);
  ict_str_add(s, "\"");
}

static void print_list(ict_str *s, const ict_ast *node) {
  for (size_t i = 0; i < node->n_args; i++) {
    if (i > 0) ict_str_add(s, ", ");
    print(s, node->args[i], ICT_LEVEL_IF);
  }
}

static void print_call(ict_str *s, const ict_ast *node) {
  const ict_operation *f = &ict_operations[node->op];
  ict_ast *const *args = node->args;
  switch (f->level) {
    case ICT_LEVEL_IF:
      ict_str_add(s, "if ");
      print(s, args[0], ICT_LEVEL_IF);
      ict_str_add(s, " then ");
      print(s, args[1], ICT_LEVEL_IF);
      ict_str_add(s, " else ");
      print(s, args[2], ICT_LEVEL_IF);
      return;
    case ICT_LEVEL_CALL:
      ict_str_addf(s, "%s(", f->text);
      print_list(s, node);
      ict_str_add(s, ")");
      return;
    case ICT_LEVEL_UNARY:
      ict_str_addf(s, node->op == ICT_OP_NOT ? "%s " : "%s", f->text);
      print(s, args[0], ICT_LEVEL_UNARY);
      return;
    default:
      break;
  }
  /* Comparisons do not chain, so both sides bind tighter; the others lean left. */
  print(s, args[0], f->level == ICT_LEVEL_COMPARE ? ICT_LEVEL_ADD : f->level);
  ict_str_addf(s, " %s ", f->text);
  print(s, args[1], f->level + 1);
  if (node->op == ICT_OP_BETWEEN) {
    ict_str_add(s, " and ");
    print(s, args[2], f->level + 1);
  }
}

/* In parentheses where the place binds tighter than the piece. */
static void print(ict_str *s, const ict_ast *node, ict_level level) {
  switch (node->kind) {
    case ICT_AST_NUMBER:
    case ICT_AST_NAME:
      ict_str_add(s, node->text);
      break;
    case ICT_AST_TEXT:
      print_text(s, node->text);
      break;
    case ICT_AST_BOOLEAN:
      ict_str_add(s, node->truth ? "true" : "false");
      break;
    case ICT_AST_NULL:
      ict_str_add(s, "null");
      break;
    case ICT_AST_SET:
      ict_str_add(s, "{");
      print_list(s, node);
      ict_str_add(s, "}");
      break;
    case ICT_AST_CALL: {
      bool wrap = ict_operations[node->op].level < level;
      if (wrap) ict_str_add(s, "(");
      print_call(s, node);
      if (wrap) ict_str_add(s, ")");
      break;
    }
  }
}

char *ict_expr_text(const ict_expr *expr) {
  ict_str s;
  ict_str_init(&s);
  print(&s, expr->root, ICT_LEVEL_IF);
  return ict_str_take(&s);
}
