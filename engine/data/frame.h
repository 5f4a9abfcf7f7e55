/* frame.h - one whole table of a data set: a unit of observation with its columns and
 * its design, sorted. And a block: a run of its rows, the piece that expressions and
 * the scan work on.
 *
 * A frame comes from `intake` (memory of its own) or from `store` (mapped); who made it
 * frees it. Both are read-only once made, so threads may share them. */
#ifndef ICT_DATA_FRAME_H
#define ICT_DATA_FRAME_H

#include "data/design.h"
#include "data/missing.h"
#include "data/schema.h"

typedef struct ict_frame {
  const char *unit; /* "household", "individual", ... */
  const char *title;
  const ict_schema *schema;
  size_t n_rows;
  const void *const *columns; /* schema->n pointers, each n_rows values of its width */
  ict_design design;
} ict_frame;

/* The code at row of a coded variable, "" where it is missing. */
const char *ict_frame_code(const ict_frame *frame, size_t variable, size_t row);

/* Every frame has these two coded variables, so that one file may hold many surveys:
 * estimates are always made within one area and one period. */
#define ICT_VAR_AREA   "ref_area"
#define ICT_VAR_PERIOD "time_period"

typedef struct ict_block {
  const ict_schema *schema;
  size_t n_rows;
  const void *const *columns; /* each already offset to the block's first row */
} ict_block;

/* Rows a block holds at most: small enough that a dozen columns stay in the cache. */
#define ICT_BLOCK_ROWS 4096

/* Value at row as a number: the index for codes; *kind tells whether it is one. */
double ict_column_number(const ict_variable *var, const void *column, size_t row,
                         ict_missing *kind);

#endif
