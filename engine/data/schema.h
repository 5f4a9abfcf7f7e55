/* schema.h - what the columns of a table are.
 *
 * A variable is one standard concept as one survey kept it: its type, its codes, the
 * conditions under which it was asked (a reference period), and whether it is only a
 * stand-in (proxy). */
#ifndef ICT_DATA_SCHEMA_H
#define ICT_DATA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "data/codelist.h"

typedef enum ict_type {
  ICT_TYPE_CODE,    /* an index into a code list */
  ICT_TYPE_INTEGER, /* whole numbers: age in years, household size */
  ICT_TYPE_REAL,    /* measurements, amounts */
  ICT_TYPE_BOOLEAN, /* expressions only: a condition, never a column */
  ICT_TYPE_TEXT     /* expressions only: a literal that becomes a code */
} ict_type;
const char *ict_type_name(ict_type type); /* "code", "integer", "real", "boolean", "text" */

typedef enum ict_width { ICT_U8, ICT_U16, ICT_I32, ICT_F64 } ict_width;
size_t ict_width_bytes(ict_width width);

typedef struct ict_condition { /* e.g. period_months = 3 */
  const char *name;
  const char *value; /* as written, numbers too */
} ict_condition;

typedef struct ict_variable {
  const char *name; /* the concept: "sex", "internet_use_3m" */
  const char *title;
  ict_type type;             /* CODE, INTEGER or REAL */
  ict_width width;           /* CODE: U8 or U16; INTEGER: U8, U16 or I32; REAL: F64 */
  const ict_codelist *codes; /* CODE only; else NULL */
  const char *unit;          /* of measurement: "years", NULL where none */
  size_t n_conditions;
  const ict_condition *conditions;
  bool proxy;            /* the user accepts that a condition is broken; carried with flag D */
  const char *origin;    /* where the survey keeps it: "ind.C3", for provenance; may be NULL */
  const char *treatment; /* what was done to kinds of missing, one line; may be NULL */
} ict_variable;

typedef struct ict_schema {
  size_t n;
  ict_variable *vars;
  ict_arena *arena; /* holds vars and all texts; code lists may be borrowed */
} ict_schema;

/* Index of the variable, or -1. */
long ict_schema_find(const ict_schema *schema, const char *name);

/* The narrowest width that holds codes 0..n-1, or integers lo..hi, beside the marks. */
ict_width ict_width_for_codes(size_t n);
ict_width ict_width_for_range(int64_t lo, int64_t hi); /* outside int32: ICT_I32, caller refuses */

#endif
