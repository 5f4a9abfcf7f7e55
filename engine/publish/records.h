/* records.h - records of named fields as CSV or JSON: what is written beside tables of results,
 * such as findings and tests. Opening and closing words of a JSON file are the caller's. */
#ifndef ICT_PUBLISH_RECORDS_H
#define ICT_PUBLISH_RECORDS_H

#include <stdbool.h>

#include "base/stream.h"

typedef struct ict_record_field {
  const char *name;
  const char *text; /* NULL: the number */
  double number;
} ict_record_field;

typedef struct ict_records {
  ict_out *out;
  bool json;
  size_t n; /* so far */
} ict_records;

/* The names of the fields, whatever their values, as CSV begins; nothing in JSON. */
void ict_records_begin(ict_records *records, const ict_record_field *fields, size_t n);
/* A line of CSV, an element of a JSON list. */
void ict_records_add(ict_records *records, const ict_record_field *fields, size_t n);

/* In which form something that is no table is written; the first n of these. */
typedef enum ict_form { ICT_FORM_TEXT, ICT_FORM_CSV, ICT_FORM_JSON, ICT_FORM_SVG } ict_form;

/* By name ("table", "csv", "json", "svg"); format NULL: by the ending of the path, else for people.
 * An unknown name is ICT_USAGE; whose: "tests have", for the message. */
ict_status ict_form_find(const char *format, const char *path, size_t n, const char *whose,
                         ict_form *out, ict_err *err);

#endif
