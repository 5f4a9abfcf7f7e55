/* text.h - what the tables for people share: blocks, sections and labels. A view says which columns
 * they have. */
#ifndef ICT_PUBLISH_TEXT_H
#define ICT_PUBLISH_TEXT_H

#include "data/names.h"
#include "data/table.h"
#include "publish/format.h"
#include "publish/text_lines.h"

typedef struct ict_text_view ict_text_view;

typedef struct ict_text_writer {
  const ict_text_view *view;
  const ict_table *table;
  ict_out *out;
  ict_err *err;
  ict_arena *arena;           /* of the block being written */
  ict_arena *all;             /* of the whole table */
  ict_names flags;            /* that occur, in order of appearance */
  bool gaps;                  /* some value was not there */
  const ict_table_row **rows; /* in the order in which they are shown */
  size_t n_rows;
  size_t hidden_axis; /* the view's; SIZE_MAX: none */
  int decimals, se_decimals;
} ict_text_writer;

/* Both return false where memory is short. */
struct ict_text_view {
  bool (*columns)(ict_text_writer *w, ict_text_columns *columns);
  /* The cells of a row; label and indent are there. */
  bool (*fill)(ict_text_writer *w, const ict_table_row *row, ict_text_line *line);
  /* Optional: only the rows that have this code on this axis are lines (fill may look at the
   * others), and the axis is not told. */
  const char *axis, *code;
};

/* Texts in the block's arena; NULL where memory is short. */
/* "1,234.5"; ".." for NaN. */
const char *ict_text_fixed(ict_text_writer *w, double value, int decimals, const char *unit);
/* The flags of a row with spaces between; they are remembered for the legend. */
const char *ict_text_notes(ict_text_writer *w, const char *flags);

/* "95% CI". */
const char *ict_text_ci(ict_text_writer *w);

ict_status ict_text_write(const ict_table *table, const ict_text_view *view, ict_out *out,
                          ict_err *err);

/* A table that has the axis `trend` (run/trend.c): one line a series instead of one a figure. */
bool ict_text_is_trend(const ict_table *table);
ict_status ict_write_text_trend(const ict_table *table, ict_out *out, ict_err *err);

#endif
