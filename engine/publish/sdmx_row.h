/* sdmx_row.h - rows of the table as the SDG data structure wants them. */
#ifndef ICT_PUBLISH_SDMX_ROW_H
#define ICT_PUBLISH_SDMX_ROW_H

#include "base/text.h"
#include "data/countries.h"
#include "data/table.h"
#include "publish/sdmx_dsd.h"

/* What is known of all rows of a table. */
typedef struct ict_sdmx_rows {
  const ict_table *table;
  ict_err *err;
  ict_arena *arena;
  ict_countries *countries;
  const ict_sdmx_dsd *dsd;
  const long *column_of_axis; /* per axis of the table, -1: none */
  long composite_column;
  ict_names item_of_series, several_items;       /* series; those of more than one item */
  ict_names series_of_indicator, several_series; /* indicators; those of more than one series */
  ict_str comment;                               /* of the row at hand */
  ict_names custom;                              /* key of a custom breakdown, its words as label */
} ict_sdmx_rows;

/* One row, texts borrowed. */
typedef struct ict_sdmx_row {
  const ict_table_row *row;
  const char *area, *composite, *status, *comment;
  const char *reporting; /* N: a country's own figure; R: of a group of countries */
  char year[5];
  char custom[4]; /* "_T", or "C01" */
  const char *custom_label;
} ict_sdmx_row;

/* Borrows the table, the structure and column_of_axis. */
ict_status ict_sdmx_rows_init(ict_sdmx_rows *rows, const ict_table *table, const ict_sdmx_dsd *dsd,
                              const long *column_of_axis, ict_err *err);
void ict_sdmx_rows_done(ict_sdmx_rows *rows); /* also after a failed init, and of a zeroed one */

/* Everything about a row that can be refused is decided here; custom breakdowns get their numbers
 * in the order in which rows come. Good until the next row. */
ict_status ict_sdmx_row_of(ict_sdmx_rows *rows, const ict_table_row *row, ict_sdmx_row *out);

/* Whether the structure's column (-1: there is none) has the code. */
bool ict_sdmx_has_code(const ict_sdmx_dsd *dsd, long column, const char *code);

#endif
