/* codelist.h - a list of codes with labels: what a coded column may hold.
 *
 * The order is the order of publication. A coded value is stored as its index. */
#ifndef ICT_DATA_CODELIST_H
#define ICT_DATA_CODELIST_H

#include <stddef.h>

#include "base/err.h"

typedef struct ict_code {
  const char *id;     /* as published: SDMX code where there is one: "M", "Y15T24" */
  const char *label;  /* English, never NULL, may equal id */
  const char *parent; /* id of the broader code of the same list, or NULL */
} ict_code;

typedef struct ict_codelist {
  const char *id; /* "CL_SEX" */
  const char *title;
  const char *source; /* document and version, or NULL */
  size_t n;
  const ict_code *codes;
  void *owner; /* the arena, when the list stands alone */
} ict_codelist;

/* A list in memory of its own, texts copied. At most 65,000 codes; a code twice is
 * refused. Caller frees. */
ict_status ict_codelist_make(const char *id, const char *title, const char *source,
                             const ict_code *codes, size_t n, ict_codelist **out, ict_err *err);
void ict_codelist_free(ict_codelist *list);
/* Index of the code, or -1. Exact match. */
long ict_codelist_find(const ict_codelist *list, const char *id);

#endif
