/* provenance.h - what a store tells of how it was made: the files, the mapping, and lines for
 * people about what became of the rows. Of surveys and of statistical tables. */
#ifndef ICT_INTAKE_PROVENANCE_H
#define ICT_INTAKE_PROVENANCE_H

#include "catalog/yaml.h"
#include "source/source.h"
#include "store/store.h"

/* Lines for people, in the order in which they were added. Begins zeroed, with its arena. */
typedef struct ict_report {
  ict_arena *arena; /* borrowed; holds the texts */
  const char **line;
  size_t n, capacity;
} ict_report;
ict_status ict_report_add(ict_report *report, ict_err *err, const char *fmt, ...) ICT_PRINTF(3, 4);
void ict_report_done(ict_report *report); /* not the texts */

/* A file that was read. id and name are borrowed. */
ict_input ict_input_of(const char *id, const char *name, const ict_dictionary *dictionary,
                       uint64_t rows);
/* Fills what is not of the survey: out->survey, title, source and the inputs are the caller's.
 * Borrows the mapping; the lines are copied into the report's arena. */
ict_status ict_provenance_fill(const ict_yaml *mapping, const ict_report *report,
                               ict_provenance *out, ict_err *err);

#endif
