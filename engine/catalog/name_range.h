/* name_range.h - the names of many columns in one: "BRRWT{1..96}", "{1960..2020}". */
#ifndef ICT_CATALOG_NAME_RANGE_H
#define ICT_CATALOG_NAME_RANGE_H

#include "catalog/yaml.h"

typedef struct ict_name_range {
  const char *text;  /* borrowed */
  int before, width; /* characters; width: of numbers that begin with 0, as in {01..80} */
  long first, last;
  const char *after; /* in text */
} ict_name_range;

/* False where the text is no range, or one of more than `most` names. */
bool ict_name_range_find(const char *text, long most, ict_name_range *out);
/* The name with the number, in the reader's arena; NULL: memory, recorded. */
const char *ict_name_range_at(ict_reader *r, const ict_name_range *range, long number);

#endif
