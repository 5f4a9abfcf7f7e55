/* read_csv.h - our own CSV back into a table: ict_table_read_csv of ictstat/table.h. (What csv.c
 * writes; nothing more liberal: a list of published figures with fewer columns is cells.h and
 * run/compare.c.) */
#ifndef ICT_PUBLISH_READ_CSV_H
#define ICT_PUBLISH_READ_CSV_H

#include "publish/row_fields.h"

/* As ict_table_read_csv, for those who judge the rows and name their place: a key may come again,
 * and lines has the line of each row (caller frees with ict_free). */
ict_status ict_table_read_csv_lines(const char *path, ict_table **out, uint64_t **lines,
                                    ict_err *err);

#endif
