/* table_inside.h - the table, for the files that make and sort it. */
#ifndef ICT_DATA_TABLE_INSIDE_H
#define ICT_DATA_TABLE_INSIDE_H

#include "data/names.h"
#include "data/table.h"

typedef struct ict_table_axis {
  const char *name;
  ict_names codes; /* _T is always the first */
} ict_table_axis;

struct ict_table {
  ict_arena *arena;
  ict_names texts;      /* every text of every row */
  ict_names indicators; /* labels: titles */
  ict_names flags;      /* labels: what they mean */
  ict_names areas;      /* that have a name; labels: their names */
  ict_method method;
  ict_names *items; /* one set per indicator, by its index; "" is always the first */
  size_t items_capacity;
  ict_table_axis *axes;
  size_t n_axes, axes_capacity;
  ict_table_row *rows;
  size_t n_rows, rows_capacity;
};

#endif
