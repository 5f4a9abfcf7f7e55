/* cells.c - a small delimited text file as cells.
 *
 * In: a path. Out: names and cells as texts, and where each stands.
 * Owns: the texts, in an arena. */
#include "publish/cells.h"

#include <string.h>

#include "base/stream.h"
#include "base/text.h"
#include "source/source.h"

void ict_cells_done(ict_cells *cells) {
  ict_free(cells->rows);
  ict_free(cells->lines);
  ict_arena_free(cells->arena);
  *cells = (ict_cells){0};
}

long ict_cells_find(const ict_cells *cells, const char *name) {
  for (size_t i = 0; i < cells->n_columns; i++) {
    if (strcmp(cells->columns[i], name) == 0) return (long)i;
  }
  return -1;
}

static ict_status add_row(ict_cells *cells, const ict_chunk *chunk, size_t row, ict_err *err) {
  const char **texts = ict_arena_alloc(cells->arena, cells->n_columns, sizeof *texts);
  if (!texts ||
      ict_grow(&cells->rows, cells->n_rows, &cells->rows_capacity, sizeof *cells->rows) != 0 ||
      ict_grow(&cells->lines, cells->n_rows, &cells->lines_capacity, sizeof *cells->lines) != 0) {
    return ict_err_memory(err);
  }
  cells->lines[cells->n_rows] = chunk->line[row];
  cells->rows[cells->n_rows++] = texts;
  for (size_t c = 0; c < cells->n_columns; c++) {
    ict_slice cell = ict_raw_text(&chunk->columns[c], row);
    if (cells->trim) cell = ict_slice_trim(cell);
    texts[c] = ict_arena_strndup(cells->arena, cell.text, cell.len);
    if (!texts[c]) return ict_err_memory(err);
    if (memchr(cell.text, '\0', cell.len)) {
      ict_err_set(err, ICT_REFUSED, "a NUL byte in '%s'", cells->columns[c]);
      ict_cells_at(cells, cells->n_rows - 1, c, err);
      ict_err_fix(err, "write the file again as plain text");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

static ict_status add_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)thread;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < chunk->n_rows && st == ICT_OK; i++) st = add_row(ctx, chunk, i, err);
  return st;
}

static ict_status take_header(const ict_dictionary *dictionary, ict_cells *cells, ict_err *err) {
  cells->delimiter = dictionary->delimiter;
  cells->n_columns = dictionary->n_vars;
  cells->columns = ict_arena_alloc(cells->arena, cells->n_columns, sizeof *cells->columns);
  if (!cells->columns) return ict_err_memory(err);
  for (size_t i = 0; i < cells->n_columns; i++) {
    cells->columns[i] = ict_arena_strdup(cells->arena, dictionary->vars[i].name);
    if (!cells->columns[i]) return ict_err_memory(err);
  }
  return ICT_OK;
}

ict_status ict_cells_read(const char *path, char delimiter, bool trim, ict_cells *out,
                          ict_err *err) {
  ict_source_options options = {.path = path, .format = "csv", .delimiter = delimiter};
  ict_source *source = NULL;
  size_t *all = NULL;
  *out = (ict_cells){.arena = ict_arena_new(), .trim = trim};
  ict_status st = ICT_OK;
  if (!out->arena || !(out->path = ict_arena_strdup(out->arena, path))) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, ict_source_open(&options, &source, err));
  ICT_TRY(done, st, take_header(ict_source_dictionary(source), out, err));
  all = ict_alloc(out->n_columns, sizeof *all);
  if (!all) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < out->n_columns; i++) all[i] = i;
  /* One thread: chunks then come in the order of the file. */
  st = ict_source_read(source, all, out->n_columns, 1, NULL, add_chunk, out, err);
done:
  ict_free(all);
  ict_source_close(source);
  if (st != ICT_OK) ict_cells_done(out);
  return st;
}

/* ---- where a cell stands ------------------------------------------------------------------- */

typedef struct place {
  const char *at, *end;
  uint64_t line, column;
} place;

/* One character on; CR LF is one line end. */
static void advance(place *p) {
  char c = *p->at++;
  if (c == '\n' || (c == '\r' && (p->at == p->end || *p->at != '\n'))) {
    p->line++;
    p->column = 1;
  } else if (c != '\r' && (p->at == p->end || ((unsigned char)*p->at & 0xC0) != 0x80)) {
    p->column++;
  }
}

static bool is_blank(place p) {
  uint64_t line = p.line;
  while (p.at < p.end && p.line == line) {
    if (!strchr(" \t\r\n", *p.at)) return false;
    advance(&p);
  }
  return true;
}

/* The rows know their lines only; columns are for messages, so the file is looked at again. */
void ict_cells_at(const ict_cells *cells, size_t row, size_t column, ict_err *err) {
  uint64_t line = row == ICT_CELLS_HEADER ? 1 : cells->lines[row];
  ict_bytes bytes = {0};
  if (ict_bytes_open(cells->path, 0, false, &bytes, NULL) != ICT_OK) {
    ict_err_at(err, cells->path, line, 0);
    return;
  }
  place p = {bytes.data, bytes.data + bytes.len, 1, 1};
  if (bytes.len >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0) p.at += 3;
  while (p.at < p.end && (row == ICT_CELLS_HEADER ? is_blank(p) : p.line < line)) advance(&p);
  bool inside = false;
  for (size_t field = 0; field < column && p.at < p.end; advance(&p)) {
    if (!inside && (*p.at == '\n' || *p.at == '\r')) break; /* the record ends before it */
    if (*p.at == '"') inside = !inside;
    if (*p.at == cells->delimiter && !inside) field++;
  }
  ict_err_at(err, cells->path, p.line, p.column);
  ict_bytes_close(&bytes);
}

ict_status ict_cells_refuse(const ict_cells *cells, size_t row, size_t column, const char *expected,
                            const char *fix, ict_err *err) {
  const char *cell = cells->rows[row][column];
  if (cell[0])
    ict_err_set(err, ICT_REFUSED, "'%s' in column '%s'", cell, cells->columns[column]);
  else
    ict_err_set(err, ICT_REFUSED, "nothing in column '%s'", cells->columns[column]);
  ict_cells_at(cells, row, column, err);
  ict_err_expected(err, "%s", expected);
  ict_err_fix(err, "%s", fix);
  return ICT_REFUSED;
}
