/* text_lines.h - laying out a table for a terminal: aligned columns, long labels wrapped. */
#ifndef ICT_PUBLISH_TEXT_LINES_H
#define ICT_PUBLISH_TEXT_LINES_H

#include "base/mem.h"
#include "base/stream.h"

#define ICT_PAGE_WIDTH 100

#define ICT_MOST_COLUMNS 9

/* The first column decides: a line without it is a heading. The last is left-aligned: notes. */
typedef struct ict_text_columns {
  size_t n;
  const char *headings[ICT_MOST_COLUMNS];
  size_t interval; /* the column that low and high are joined in; n: none */
} ict_text_columns;

typedef struct ict_text_line {
  int indent;                          /* levels */
  const char *label;                   /* safe to show */
  const char *cells[ICT_MOST_COLUMNS]; /* all NULL: a heading */
  const char *low, *high;              /* the interval, until the layout joins them */
} ict_text_line;

typedef struct ict_text_lines {
  ict_text_line *lines; /* ict_free */
  size_t n, capacity;
} ict_text_lines;

/* Writes header, rule and lines. Columns in which no line has a value are left out.
 * Texts that have to be made live in the arena. */
ict_status ict_text_layout(ict_text_lines *lines, const ict_text_columns *columns, ict_arena *arena,
                           ict_out *out, ict_err *err);

/* Writes text in lines of at most `width` columns, the first after `used` columns already
 * written, the others indented by `indent`. Returns the columns used in the last line, which
 * is left open. */
size_t ict_text_wrap(ict_out *out, const char *text, size_t used, size_t indent, size_t width);

#endif
