/* literals.c - type-checks an expression of the catalogue over all concepts.
 *
 * In: a parsed expression. Out: whether it is right, with findings.
 * Owns: open code lists. Their codes come with a mapping, so here every literal of the
 * expression counts as one of their codes; the plan checks them against the survey. */
#include <string.h>

#include "base/text.h"
#include "catalog/room.h"

static bool names_an_open_concept(const ict_catalog *catalog, const ict_expr *expr) {
  const char *const *names;
  size_t n = ict_expr_names(expr, &names);
  for (size_t i = 0; i < n; i++) {
    const ict_concept *found = ict_catalog_find_concept(catalog, names[i]);
    if (found && found->type == ICT_TYPE_CODE && !found->codes) return true;
  }
  return false;
}

/* The texts between double quotes, each once; a quote inside is written twice. */
static bool collect(ict_reader *r, ict_arena *arena, const char *text, ict_codelist *list) {
  size_t room = 0, n = 0;
  for (const char *p = text; *p; p++) room += *p == '"';
  ict_code *codes = ict_arena_alloc(arena, room + 1, sizeof *codes);
  ict_str one;
  ict_str_init(&one);
  bool good = codes != NULL;
  for (const char *p = text; good && *p; p++) {
    if (*p != '"') continue;
    ict_str_clear(&one);
    for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
      if (*p == '"') p++;
      ict_str_addn(&one, p, 1);
    }
    const char *id = one.failed ? NULL : ict_arena_strdup(arena, one.text);
    list->n = n;
    list->codes = codes;
    if (id && ict_codelist_find(list, id) < 0) codes[n++] = (ict_code){.id = id, .label = id};
    good = id != NULL;
    if (!*p) break;
  }
  ict_str_done(&one);
  *list = (ict_codelist){.id = "open", .title = "open", .n = n, .codes = codes};
  if (!good) ict_read_no_memory(r);
  return good;
}

bool ict_check_over_concepts(ict_reader *r, const ict_catalog *catalog, const ict_expr *expr,
                             ict_type want) {
  static const char what[] = "the concepts";
  if (!expr) return false;
  if (!names_an_open_concept(catalog, expr)) {
    ict_scope scope = {&catalog->schema, what};
    return ict_check_expr(r, expr, &scope, want);
  }
  bool good = false;
  ict_codelist literals = {0};
  ict_arena *arena = ict_arena_new();
  char *text = ict_expr_text(expr);
  ict_variable *vars = arena ? ict_arena_alloc(arena, catalog->schema.n, sizeof *vars) : NULL;
  if (!text || !vars) {
    ict_read_no_memory(r);
    goto done;
  }
  if (!collect(r, arena, text, &literals)) goto done;
  for (size_t i = 0; i < catalog->schema.n; i++) {
    vars[i] = catalog->schema.vars[i];
    if (vars[i].type == ICT_TYPE_CODE && !vars[i].codes) vars[i].codes = &literals;
  }
  ict_schema schema = {.n = catalog->schema.n, .vars = vars};
  ict_scope scope = {&schema, what};
  good = ict_check_expr(r, expr, &scope, want);
done:
  ict_free(text);
  ict_arena_free(arena);
  return good;
}
