/* panel.h - country values as panels: one series (indicator, item, breakdown), countries by
 * years. */
#ifndef ICT_GROUP_PANEL_H
#define ICT_GROUP_PANEL_H

#include <stdbool.h>

#include "data/names.h"
#include "data/table.h"

/* The rows of a table by series. */
typedef struct ict_series_split {
  ict_arena *arena;
  const ict_table_row **rows; /* by series, within it as in the table */
  int *years;                 /* of these rows */
  size_t *starts;             /* n_series + 1 of them */
  size_t n_series;
  int first_year, last_year; /* with any value */
} ict_series_split;

/* Refused: a period without a year, two units in a series, a share below 0 or above 100. Borrows
 * the table. */
ict_status ict_series_split_make(const ict_table *values, ict_series_split *out, ict_err *err);
void ict_series_split_done(ict_series_split *split); /* safe on a zeroed one */

typedef struct ict_panel_cell {
  double value, se, denominator; /* NaN where there is none */
  const ict_table_row *row;      /* NULL: nothing was measured */
} ict_panel_cell;

typedef struct ict_panel {
  const ict_names *areas; /* rows of the panel; borrowed */
  int first_year;
  size_t n_years;
  bool in_points; /* the unit is percent or per 100 */
  bool is_share;  /* percent: not above 100 */
  ict_panel_cell *cells;
} ict_panel;

/* Makes room; areas may not grow afterwards. */
ict_status ict_panel_init(ict_panel *panel, const ict_names *areas, int first_year, int last_year,
                          ict_err *err);
void ict_panel_done(ict_panel *panel); /* safe on a zeroed one */
/* Puts one series into it, in place of what was there. Refused: two values of a country in a year.
 */
ict_status ict_panel_fill(ict_panel *panel, const ict_series_split *split, size_t series,
                          ict_err *err);
/* Never NULL; a year outside the panel is an empty cell. */
const ict_panel_cell *ict_panel_at(const ict_panel *panel, size_t area, int year);

#endif
