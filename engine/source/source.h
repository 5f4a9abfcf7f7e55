/* source.h - foreign files, for those who read them (for those who add a format:
 * source/provider.h).
 *
 * A source has a dictionary (variables, labels, value labels, user-missing codes) and
 * gives its rows as chunks of raw values. Only the variables asked for are converted.
 * docs/source-formats.md is the manual. */
#ifndef ICT_SOURCE_SOURCE_H
#define ICT_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "ictstat/progress.h"

typedef struct ict_source ict_source;

typedef struct ict_source_options {
  const char *path;
  const char *format; /* NULL: by content; "csv", "sav", "por", "dta", "sas7bdat", "xpt" */
  const char
      *encoding;  /* NULL: utf-8 (text files), as declared (others); "latin1", "windows-1252" */
  char delimiter; /* 0: from the header line, refused where it is not clear */
  char decimal;   /* 0: '.' */
  char quote;     /* 0: '"' */
  bool no_header; /* text files: variables are then named V1, V2, ... */
  bool hash;      /* also compute the SHA-256 of the file, beside the reading */
  /* Text files with the same header line, whose rows follow those of `path`: lines are counted on,
   * the SHA-256 is that of all of them one after the other. */
  const char *const *more;
  size_t n_more;
} ict_source_options;

typedef enum ict_raw_type {
  ICT_RAW_TEXT,  /* slices of UTF-8 */
  ICT_RAW_NUMBER /* doubles; NaN is system-missing; see `tag` for .a .. .z */
} ict_raw_type;

typedef struct ict_value_label {
  bool is_text;
  double number;    /* when not text */
  char tag;         /* 'a'..'z' for extended missing values of Stata and SAS, else 0 */
  const char *text; /* when text */
  const char *label;
} ict_value_label;

typedef struct ict_missing_range { /* user-missing values: lo <= v <= hi, or a text */
  double lo, hi;
  const char *text; /* NULL for numbers */
} ict_missing_range;

typedef struct ict_source_variable {
  const char *name;
  const char *label;  /* "" where there is none */
  ict_raw_type type;  /* text files: always TEXT */
  const char *format; /* display format, "" where there is none: "F8.2", "%9.0g", "DATE" */
  size_t n_labels;
  const ict_value_label *labels;
  size_t n_missing;
  const ict_missing_range *missing;
} ict_source_variable;

typedef struct ict_dictionary {
  const char *format;       /* "csv", "sav", ... as found */
  const char *format_about; /* "SPSS system file (.sav), compressed" */
  const char *encoding;
  const char *title; /* file label, "" where there is none */
  int64_t n_rows;    /* -1: not known without reading */
  size_t n_vars;
  const ict_source_variable *vars;
  uint64_t file_size;
  char sha256[65];         /* where asked for, once the rows were read; else "" */
  char delimiter, decimal; /* text files */
} ict_dictionary;

ict_status ict_source_open(const ict_source_options *options, ict_source **out, ict_err *err);
void ict_source_close(ict_source *source);                             /* NULL is fine */
const ict_dictionary *ict_source_dictionary(const ict_source *source); /* borrowed */
/* Index, or -1. Exact first; else the only one that matches case-folded; -2 where several do. */
long ict_source_find(const ict_source *source, const char *name);

/* One column of a chunk. */
typedef struct ict_raw_column {
  ict_raw_type type;
  /* TEXT, valid for the call; read by ict_raw_text: slices; or, where that is NULL, cells that lie
   * side by side in `bytes`: that of row r ends at end[r * stride], and begins a byte behind the
   * end of the one before it, end[r * stride - 1]. */
  const ict_slice *text;
  const char *bytes;
  const uint32_t *end;
  size_t stride;
  const double *number; /* NUMBER */
  const char *tag;      /* NUMBER: 0, or 'a'..'z', '_' of an extended missing value; NULL: all 0 */
} ict_raw_column;

/* A cell between delimiters, with the blanks around it. */
static inline ict_slice ict_raw_cell(const ict_raw_column *column, size_t row) {
  const uint32_t *end = column->end + row * column->stride;
  uint32_t start = end[-1] + 1;
  return (ict_slice){column->bytes + start, end[0] - start};
}

/* A cell of text as the file means it: within quotes not trimmed. */
static inline ict_slice ict_raw_text(const ict_raw_column *column, size_t row) {
  return column->text ? column->text[row] : ict_slice_trim(ict_raw_cell(column, row));
}

typedef struct ict_chunk {
  size_t index; /* chunks are numbered in file order, without gaps */
  size_t n_rows;
  const ict_raw_column *columns; /* in the order asked for */
  /* Where each row starts in the file: 1-based line for text files, 1-based row number
   * of the data for others. */
  const uint64_t *line;
  /* Where its rows may lie in an array of `room` rows that all chunks share, so that each thread
   * can fill its place of it: in file order, with gaps where chunks have fewer rows than could be
   * told before they were read. The same `room` in every chunk; 0: not known. */
  size_t first, room;
} ict_chunk;

/* The column from a row of it on. */
static inline ict_raw_column ict_raw_from(const ict_raw_column *column, size_t row) {
  ict_raw_column c = *column;
  if (c.text) c.text += row;
  if (c.end) c.end += row * c.stride;
  if (c.number) c.number += row;
  if (c.tag) c.tag += row;
  return c;
}

/* What to do with a chunk. Called from several threads at once, each chunk once, in any
 * order; a failure stops the reading, and that of the lowest chunk is reported.
 * The chunk is valid for the call. */
typedef ict_status (*ict_chunk_fn)(void *ctx, const ict_chunk *chunk, int thread, ict_err *err);

/* Reads all rows of the variables asked for. threads 0: all cores. May be called again
 * (reads the file again). A short or ragged row, a bad byte, a broken quote is an error
 * with file, line and column. */
ict_status ict_source_read(ict_source *source, const size_t *vars, size_t n_vars, int threads,
                           const ict_progress *progress, ict_chunk_fn fn, void *ctx, ict_err *err);

#endif
