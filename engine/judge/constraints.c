/* constraints.c - SDMX content constraints in memory. Owns: copies of all texts. */
#include "judge/constraints.h"

#include <string.h>

#include "base/text.h"

ict_status ict_constraints_init(ict_constraints *c, const char *path, const char *const *columns,
                                size_t n_columns, ict_err *err) {
  *c = (ict_constraints){.arena = ict_arena_new(), .n_columns = n_columns};
  ict_names_init(&c->series, c->arena);
  if (c->arena) c->path = ict_arena_strdup(c->arena, path);
  if (c->path) c->columns = ict_arena_alloc(c->arena, n_columns, sizeof *c->columns);
  if (!c->columns) return ict_err_memory(err);
  for (size_t i = 0; i < n_columns; i++)
    if (!(c->columns[i] = ict_arena_strdup(c->arena, columns[i]))) return ict_err_memory(err);
  return ICT_OK;
}

void ict_constraints_done(ict_constraints *c) {
  ict_names_done(&c->series);
  ict_free(c->allowed);
  ict_arena_free(c->arena);
  *c = (ict_constraints){0};
}

ict_status ict_constraints_add(ict_constraints *c, const char *series, const char *const *allowed,
                               bool *twice, ict_err *err) {
  *twice = ict_names_find(&c->series, series) >= 0;
  if (*twice) return ICT_OK;
  const char **copy = ict_arena_alloc(c->arena, c->n_columns, sizeof *copy);
  if (!copy || ict_grow(&c->allowed, c->series.n, &c->capacity, sizeof *c->allowed) != 0)
    return ict_err_memory(err);
  for (size_t i = 0; i < c->n_columns; i++)
    if (!(copy[i] = ict_arena_strdup(c->arena, allowed[i]))) return ict_err_memory(err);
  long at = ict_names_add(&c->series, series, NULL);
  if (at < 0) return ict_err_memory(err);
  c->allowed[at] = copy;
  return ICT_OK;
}

bool ict_constraints_allow(const char *list, const char *code) {
  return strcmp(list, "ALL") == 0 || ict_text_lists(list, code);
}
