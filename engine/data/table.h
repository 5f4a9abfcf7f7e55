/* table.h - making the result table (reading it is public: ictstat/table.h). */
#ifndef ICT_DATA_TABLE_H
#define ICT_DATA_TABLE_H

#include <stdbool.h>

#include "base/mem.h"
#include "data/codelist.h"
#include "ictstat/table.h"

#define ICT_TOTAL "_T"

/* Starts with the four axes every table has: sex, age, urbanisation, education_lev. */
ict_table *ict_table_new(void);

/* Adds an axis (or finds it); codes give the labels and the order of its codes and are
 * copied; several lists for one axis (two sets of age bands) are joined in order. Adding
 * an axis after rows fills those rows with _T. */
ict_status ict_table_add_axis(ict_table *table, const char *name, const ict_codelist *codes,
                              size_t *index, ict_err *err);
ict_status ict_table_add_indicator(ict_table *table, const char *indicator, const char *title,
                                   ict_err *err);
ict_status ict_table_add_item(ict_table *table, const char *indicator, const char *item,
                              const char *label, ict_err *err);

/* What a flag means, for legends. */
ict_status ict_table_add_flag(ict_table *table, const char *flag, const char *about, ict_err *err);
/* Name of a reference area, for headings. */
ict_status ict_table_add_area(ict_table *table, const char *ref_area, const char *name,
                              ict_err *err);
/* Those that have one, in the order in which they were added. */
size_t ict_table_areas(const ict_table *table);
const char *ict_table_area_at(const ict_table *table, size_t i);
/* How the numbers were made; texts are copied. */
ict_status ict_table_set_method(ict_table *table, const ict_method *method, ict_err *err);
/* The confidence level alone. */
void ict_table_set_level(ict_table *table, double level);

/* An item's id as rows have it: "" for all items together, "_T". */
const char *ict_table_item_id(const char *id);

/* Copies the row and its texts. axes has ict_table_axes entries; NULL entries are _T. */
ict_status ict_table_add(ict_table *table, const ict_table_row *row, ict_err *err);

/* Whether any indicator has items, rows of its own or not. */
bool ict_table_has_items(const ict_table *table);

/* For who makes many rows at once, in table_rows.c. The table's own copy of a text, of a code on an
 * axis: an address for it, as long as the table lives. NULL: memory is short. */
const char *ict_table_keep_text(ict_table *table, const char *text);
const char *ict_table_keep_code(ict_table *table, size_t axis, const char *code);
/* Where they stand in the order of rows; for texts that the table has. */
size_t ict_table_place_of_indicator(const ict_table *table, const char *indicator);
size_t ict_table_place_of_item(const ict_table *table, const char *indicator, const char *item);
size_t ict_table_place_of_code(const ict_table *table, size_t axis, const char *code);
/* Room for the codes of n cells, ict_table_axes each, which rows may share. NULL: memory. */
const char **ict_table_cells(ict_table *table, size_t n);
/* n more rows at the end, all to be written before anything else is done with the table: every text
 * its own, the item known to it (ict_table_add_item). */
ict_status ict_table_extend(ict_table *table, size_t n, ict_table_row **rows, ict_err *err);

/* Sorts by (indicator, area, period, item, axes). Order of indicators, items and codes: as they
 * were added; areas and periods in natural order; _T before all codes. A key twice is an error. */
ict_status ict_table_sort(ict_table *table, ict_err *err);
/* The same by many threads; 0: the cores of this process. */
ict_status ict_table_sort_by(ict_table *table, int threads, ict_err *err);

#endif
