/* constraints.c - reading SDMX content constraints.
 *
 * In: a CSV file. Out: what each series may have. Owns: nothing beyond the call. */
#include "run/constraints.h"

#include <ctype.h>
#include <string.h>

#include "base/stream.h"
#include "base/where.h"
#include "publish/cells.h"

#define STANDARD "datasets/sdmx/constraints.csv"

static bool is_for_people(const char *name) {
  return strcmp(name, "SERIES") == 0 || strcmp(name, "Name") == 0 || strcmp(name, "NOTE") == 0;
}

/* Our tables call the columns the same in small letters. */
static const char *our_name(ict_cells *cells, const char *name) {
  char *lower = ict_arena_strdup(cells->arena, name);
  for (char *c = lower; lower && *c; c++) *c = (char)tolower((unsigned char)*c);
  return lower;
}

static ict_status refuse(const ict_cells *cells, size_t row, size_t column, const char *what,
                         const char *expected, const char *fix, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s", what);
  ict_cells_at(cells, row, column, err);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}

static ict_status take_rows(const ict_cells *cells, const size_t *from, size_t n, long series,
                            ict_constraints *out, ict_err *err) {
  const char **allowed = ict_arena_alloc(cells->arena, n, sizeof *allowed);
  if (!allowed) return ict_err_memory(err);
  for (size_t i = 0; i < cells->n_rows; i++) {
    bool twice, any = false;
    for (size_t k = 0; k < n; k++) any = any || cells->rows[i][from[k]][0];
    for (size_t k = 0; k < n; k++) {
      allowed[k] = any ? cells->rows[i][from[k]] : "ALL";
      if (!allowed[k][0])
        return refuse(cells, i, from[k], "an empty cell", "ALL, a code, or codes joined by ';'",
                      "write ALL where every code is allowed", err);
    }
    ict_status st = ict_constraints_add(out, cells->rows[i][series], allowed, &twice, err);
    if (st != ICT_OK) return st;
    if (twice)
      return refuse(cells, i, (size_t)series, "a second row for the series", "one row a series",
                    "join the two", err);
  }
  return ICT_OK;
}

static ict_status take(ict_cells *cells, const char *name, ict_constraints *out, ict_err *err) {
  size_t n = 0;
  long series = ict_cells_find(cells, "SERIES");
  const char **names = ict_arena_alloc(cells->arena, cells->n_columns, sizeof *names);
  size_t *from = ict_arena_alloc(cells->arena, cells->n_columns, sizeof *from);
  if (!names || !from) return ict_err_memory(err);
  if (series < 0)
    return refuse(cells, ICT_CELLS_HEADER, 0, "no column SERIES",
                  "SERIES,Name,UNIT_MEASURE,UNIT_MULT,SEX,AGE, ...",
                  "take the file of the SDG content constraints, or name its columns so", err);
  for (size_t i = 0; i < cells->n_columns; i++) {
    if (is_for_people(cells->columns[i])) continue;
    from[n] = i;
    if (!(names[n++] = our_name(cells, cells->columns[i]))) return ict_err_memory(err);
  }
  ict_status st = ict_constraints_init(out, name, names, n, err);
  return st == ICT_OK ? take_rows(cells, from, n, series, out, err) : st;
}

ict_status ict_constraints_read(const char *path, ict_constraints *out, ict_err *err) {
  ict_cells cells = {0};
  char *own = path ? NULL : ict_path_join(ict_data_dir(), STANDARD);
  *out = (ict_constraints){0};
  ict_status st =
      path || own ? ict_cells_read(path ? path : own, ',', true, &cells, err) : ict_err_memory(err);
  if (st == ICT_OK) st = take(&cells, path ? path : STANDARD, out, err);
  if (st != ICT_OK) ict_err_while(err, "reading the content constraints");
  ict_cells_done(&cells);
  ict_free(own);
  return st;
}
