/* row_fields.c - the columns of the table, from row_fields.def. */
#include "publish/row_fields.h"

#include <string.h>

#define MEMBER(name, kind) {#name, kind, offsetof(ict_table_row, name)},
#define KEY(name)          MEMBER(name, ICT_FIELD_KEY)
#define TEXT(name)         MEMBER(name, ICT_FIELD_TEXT)
#define NUMBER(name)       MEMBER(name, ICT_FIELD_NUMBER)
#define COUNT(name)        MEMBER(name, ICT_FIELD_COUNT)
#define WHOLE(name)        MEMBER(name, ICT_FIELD_WHOLE)

#define BEFORE_AXES
const ict_field ict_fields_before[] = {
#include "publish/row_fields.def"
};
#undef BEFORE_AXES
#define AFTER_AXES
const ict_field ict_fields_after[] = {
#include "publish/row_fields.def"
};
#undef AFTER_AXES

const size_t ict_fields_n_before = sizeof ict_fields_before / sizeof *ict_fields_before;
const size_t ict_fields_n_after = sizeof ict_fields_after / sizeof *ict_fields_after;

const ict_field *ict_field_find(const char *name) {
  for (size_t i = 0; i < ict_fields_n_before; i++) {
    if (strcmp(ict_fields_before[i].name, name) == 0) return &ict_fields_before[i];
  }
  for (size_t i = 0; i < ict_fields_n_after; i++) {
    if (strcmp(ict_fields_after[i].name, name) == 0) return &ict_fields_after[i];
  }
  return NULL;
}

/* The member of the row, wherever it stands. */
static const void *member(const ict_field *column, const ict_table_row *row) {
  return (const char *)row + column->offset;
}

bool ict_field_is_text(const ict_field *column) {
  return column->kind == ICT_FIELD_KEY || column->kind == ICT_FIELD_TEXT;
}

const char *ict_field_text(const ict_field *column, const ict_table_row *row) {
  return *(const char *const *)member(column, row);
}

double ict_field_number(const ict_field *column, const ict_table_row *row) {
  const void *at = member(column, row);
  if (column->kind == ICT_FIELD_COUNT) return (double)*(const uint64_t *)at;
  if (column->kind == ICT_FIELD_WHOLE) return *(const int *)at;
  return *(const double *)at;
}
