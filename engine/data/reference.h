/* reference.h - the small tables that come with the program (datasets/NAME.csv): countries,
 * code lists. CSV after RFC 4180, UTF-8, a header line, every row as long as the header. */
#ifndef ICT_DATA_REFERENCE_H
#define ICT_DATA_REFERENCE_H

#include <stddef.h>

#include "base/err.h"

typedef struct ict_reference ict_reference;

/* name: below datasets/ of the data folder (base/where.h), "sdmx/codes.csv". Caller frees. */
ict_status ict_reference_load(const char *name, ict_reference **out, ict_err *err);
void ict_reference_free(ict_reference *ref); /* NULL is fine */

size_t ict_reference_rows(const ict_reference *ref);
/* Borrowed. */
const char *ict_reference_text(const ict_reference *ref, size_t row, size_t column);
/* Finds a column by its heading; a table without it is refused. */
ict_status ict_reference_column(const ict_reference *ref, const char *heading, size_t *column,
                                ict_err *err);
ict_status ict_reference_columns(const ict_reference *ref, const char *const *headings, size_t n,
                                 size_t *columns, ict_err *err);

#endif
