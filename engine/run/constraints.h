/* constraints.h - SDMX content constraints, from a file. */
#ifndef ICT_RUN_CONSTRAINTS_H
#define ICT_RUN_CONSTRAINTS_H

#include "judge/constraints.h"

/* CSV as the SDG content constraints are kept: a column SERIES, and columns of codes (UNIT_MEASURE,
 * SEX, ...) with ALL, a code, or codes joined by ';'. A row of empty cells allows
 * everything; Name and NOTE are for people. path NULL: datasets/sdmx/constraints.csv. Refused: no
 * SERIES, a series twice, a single empty cell. The caller
 * calls ict_constraints_done in any case. */
ict_status ict_constraints_read(const char *path, ict_constraints *out, ict_err *err);

#endif
