/* reading.h - one file while it is read; between bind.c and read.c only. */
#ifndef ICT_ADMIN_READING_H
#define ICT_ADMIN_READING_H

#include "admin/work.h"
#include "base/text.h"
#include "source/source.h"

enum {
  ICT_ODD_AREA,
  ICT_ODD_PERIOD,
  ICT_ODD_SERIES,
  ICT_ODD_NUMBER,
  ICT_ODD_STATUS,
  ICT_ODD_NATURE,
  ICT_ODD_AXIS,
  ICT_N_ODD
};

typedef struct ict_bound_column { /* of a role: where its texts stand in the chunk */
  const ict_table_column *column;
  size_t n;
  const size_t *at;
} ict_bound_column;

typedef struct ict_reading {
  ict_admin_work *work;
  size_t file;
  const ict_table_file *map;
  const char *path;
  ict_source *source;
  size_t n_wanted;
  size_t *wanted;
  size_t n_columns;
  ict_bound_column *columns;
  size_t *values;            /* map->n_values */
  ict_bound_column **beside; /* map->n_values: their columns of numbers */
  size_t *wheres;
  size_t n_roles;
  const char **row, **cell; /* texts by role: of the row; of one value */
  ict_bads bad[ICT_N_ODD];
  uint64_t n_rows, n_where, n_blank, n_areas, n_left_out, n_other;
  ict_str text;
} ict_reading;

/* Finds the columns of the mapping in the file; what is not there is a finding. */
ict_status ict_admin_bind(ict_reading *r, ict_err *err);

#endif
