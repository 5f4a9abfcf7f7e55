/* validate.h - tables of estimates judged by rules: what cannot be, what does not fit together,
 * what needs a second look. Belongs to: engine/run. docs/validate.md has the rules and how to write
 * them. */
#ifndef ICTSTAT_VALIDATE_H
#define ICTSTAT_VALIDATE_H

#include <stddef.h>

#include "ictstat/catalog.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Paths of our CSV (ictstat/table.h) and of data files. */
typedef struct ict_validate_request {
  const char *const *tables; /* at least one */
  size_t n_tables;
  const char *const *history; /* what was published before: for changes, not judged itself */
  size_t n_history;
  const char *rules;       /* NULL: datasets/rules/standard.yaml */
  const char *constraints; /* SDMX content constraints; NULL: datasets/sdmx/constraints.csv */
} ict_validate_request;

typedef struct ict_validation ict_validation;

/* Finding something is ICT_OK: ask for the counts. Refused: tables, rules or constraints that
 * cannot be read. findings (may be NULL): the problems of a file of rules. Caller frees. */
ict_status ict_validate(const ict_catalog *catalog, const ict_validate_request *request,
                        ict_validation **out, ict_findings *findings, ict_err *err);
size_t ict_validation_count(const ict_validation *validation, ict_severity severity);
/* format: "table" (for people), "csv" or "json"; NULL: from the extension. path: as for
 * ict_table_write. */
ict_status ict_validation_write(const ict_validation *validation, const char *format,
                                const char *path, ict_err *err);
void ict_validation_free(ict_validation *validation); /* NULL is fine */

/* The rules themselves, with their sources, in the same formats. rules: a path, or NULL. */
ict_status ict_rules_write(const ict_catalog *catalog, const char *rules, const char *format,
                           const char *path, ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
