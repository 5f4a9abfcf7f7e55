/* totals.h - a file of population totals; inside the room only. */
#ifndef ICT_INTAKE_TOTALS_H
#define ICT_INTAKE_TOTALS_H

#include "intake/work.h"

/* The rows of one, in the order of the file. */
typedef struct ict_totals {
  size_t n_rows, n_keys;
  char **key; /* n_rows x n_keys */
  double *value;
  uint64_t *line;
  const char *path, *name; /* for messages: with its folder, and without; the work's */
} ict_totals;

/* The columns `keys` and `value`, and no others. What is wrong with the file is a finding at its
 * line, and *good false; the status is for the machine's failures. The file goes into the
 * provenance. */
ict_status ict_totals_read(ict_work *work, const ict_map_margin *map, const char *const *keys,
                           size_t n_keys, ict_totals *out, bool *good, ict_err *err);
void ict_totals_done(ict_totals *totals);
/* A finding at a row of the file; work fails. */
void ict_totals_refuse(ict_work *work, const ict_totals *totals, size_t row, const char *expected,
                       const char *fix, const char *fmt, ...) ICT_PRINTF(6, 7);

#endif
