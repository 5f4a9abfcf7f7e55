/* row_fields.h - the columns of the table that are not axes, as data: what the CSV's writer and its
 * reader share, so that they cannot disagree. */
#ifndef ICT_PUBLISH_ROW_FIELDS_H
#define ICT_PUBLISH_ROW_FIELDS_H

#include <stdbool.h>

#include "ictstat/table.h"

typedef enum ict_field_kind {
  ICT_FIELD_KEY,    /* text, never empty */
  ICT_FIELD_TEXT,   /* may be empty */
  ICT_FIELD_NUMBER, /* a double, empty where it is NaN */
  ICT_FIELD_COUNT,  /* uint64_t */
  ICT_FIELD_WHOLE   /* int */
} ict_field_kind;

typedef struct ict_field {
  const char *name;
  ict_field_kind kind;
  size_t offset; /* of its member in ict_table_row */
} ict_field;

#define ICT_FIXED_AXES  4      /* the axes every table has; an item's column comes after them */
#define ICT_ITEM_COLUMN "item" /* only in tables whose key needs it */

extern const ict_field ict_fields_before[]; /* the axes */
extern const size_t ict_fields_n_before;
extern const ict_field ict_fields_after[];
extern const size_t ict_fields_n_after;

/* By name, or NULL. */
const ict_field *ict_field_find(const char *name);
/* Whether it is a text (KEY, TEXT) or a number of any kind; and either. */
bool ict_field_is_text(const ict_field *column);
const char *ict_field_text(const ict_field *column, const ict_table_row *row);
double ict_field_number(const ict_field *column, const ict_table_row *row);

#endif
