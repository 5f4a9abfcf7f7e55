/* bind.c - the columns that the mapping names, found in the file.
 *
 * In: an open file. Out: which variables are read, and where each role stands among them. */
#include <stdio.h>

#include "admin/reading.h"

static size_t want(ict_reading *r, size_t variable) {
  for (size_t i = 0; i < r->n_wanted; i++)
    if (r->wanted[i] == variable) return i;
  r->wanted[r->n_wanted] = variable;
  return r->n_wanted++;
}

static bool find(ict_reading *r, const char *name, ict_mark at, bool optional, size_t *place) {
  const ict_dictionary *d = ict_source_dictionary(r->source);
  long variable = ict_source_find(r->source, name);
  if (variable >= 0) {
    *place = want(r, (size_t)variable);
    return true;
  }
  if (optional) return false;
  const char **names = ict_alloc(d->n_vars, sizeof *names);
  for (size_t i = 0; names && i < d->n_vars; i++) names[i] = d->vars[i].name;
  const char *near = names ? ict_text_nearest(name, names, d->n_vars) : NULL;
  ict_free(names);
  char fix[256] = "";
  if (near) snprintf(fix, sizeof fix, "write '%.200s'", near);
  ict_admin_say(r->work, ICT_ERROR, NULL, at.line, at.column, "the name of a column of the file",
                near ? fix : "`ictstat inspect` shows the columns", "%s has no column '%s'",
                r->map->text.path, name);
  return false;
}

/* False where it is not there. */
static bool bind_column(ict_reading *r, const ict_table_column *column, ict_bound_column *out) {
  size_t *at = ict_arena_alloc(r->work->arena, column->n, sizeof *at);
  bool all = at != NULL;
  *out = (ict_bound_column){.column = column, .at = at};
  for (size_t i = 0; i < column->n && at; i++) {
    /* Of a form's several names for a series those that are there make the key. */
    if (find(r, column->names[i], column->at, column->optional, &at[out->n]))
      out->n++;
    else
      all = false;
  }
  return column->optional ? out->n > 0 : all;
}

ict_status ict_admin_bind(ict_reading *r, ict_err *err) {
  const ict_table_file *map = r->map;
  ict_arena *arena = r->work->arena;
  size_t n_vars = ict_source_dictionary(r->source)->n_vars;
  r->wanted = ict_arena_alloc(arena, n_vars, sizeof *r->wanted);
  r->columns = ict_arena_alloc(arena, map->n_columns, sizeof *r->columns);
  r->values = ict_arena_alloc(arena, map->n_values, sizeof *r->values);
  r->beside = ict_arena_alloc(arena, map->n_values, sizeof *r->beside);
  r->wheres = ict_arena_alloc(arena, map->n_wheres, sizeof *r->wheres);
  r->row = ict_arena_alloc(arena, r->n_roles, sizeof *r->row);
  r->cell = ict_arena_alloc(arena, r->n_roles, sizeof *r->cell);
  if (!r->wanted || !r->columns || !r->values || !r->beside || !r->wheres || !r->row || !r->cell)
    return ict_err_memory(err);
  for (size_t i = 0; i < map->n_columns; i++) {
    if (map->columns[i].role == ICT_ROLE_VALUE) continue; /* among the values */
    if (bind_column(r, &map->columns[i], &r->columns[r->n_columns])) r->n_columns++;
  }
  for (size_t i = 0; i < map->n_values; i++) {
    const ict_table_value *v = &map->values[i];
    find(r, v->column, v->at, false, &r->values[i]);
    r->beside[i] = ict_arena_alloc(arena, v->n_columns, sizeof **r->beside);
    if (!r->beside[i]) return ict_err_memory(err);
    for (size_t k = 0; k < v->n_columns; k++) bind_column(r, &v->columns[k], &r->beside[i][k]);
  }
  for (size_t i = 0; i < map->n_wheres; i++)
    find(r, map->wheres[i].column, map->wheres[i].at, false, &r->wheres[i]);
  return ICT_OK;
}
