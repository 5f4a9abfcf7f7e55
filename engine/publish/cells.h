/* cells.h - a delimited text file with a header, whole, as text cells: what readers of result
 * tables, targets and published figures stand on. For files of thousands of rows, not of
 * microdata: it keeps everything. The text itself is read by source (encoding, quotes, gzip). */
#ifndef ICT_PUBLISH_CELLS_H
#define ICT_PUBLISH_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

typedef struct ict_cells {
  ict_arena *arena; /* holds all texts; readers may keep their own in it */
  const char *path;
  char delimiter;
  bool trim;
  size_t n_columns, n_rows;
  const char **columns;     /* names, without blanks around them */
  const char *const **rows; /* n_rows times n_columns cells, never NULL */
  uint64_t *lines;          /* where each row starts */
  size_t rows_capacity, lines_capacity;
} ict_cells;

#define ICT_CELLS_HEADER SIZE_MAX /* as a row: the line of the names */

/* delimiter 0: told from the header line. trim: cells without the blanks around them; else each is
 * as in the file. Every row has every column, or it is refused. */
ict_status ict_cells_read(const char *path, char delimiter, bool trim, ict_cells *out,
                          ict_err *err);
void ict_cells_done(ict_cells *cells); /* safe on a zeroed one */

/* Column of the name, exactly; -1 where there is none. */
long ict_cells_find(const ict_cells *cells, const char *name);
/* Adds file, line and column of a cell to a record that ict_err_set started. */
void ict_cells_at(const ict_cells *cells, size_t row, size_t column, ict_err *err);
/* "'text' in column 'name'", at its place; always ICT_REFUSED. */
ict_status ict_cells_refuse(const ict_cells *cells, size_t row, size_t column, const char *expected,
                            const char *fix, ict_err *err);

#endif
