/* constraints.h - SDMX content constraints: which codes a series may have, column by column. Filled
 * by run/constraints.c from a file. */
#ifndef ICT_JUDGE_CONSTRAINTS_H
#define ICT_JUDGE_CONSTRAINTS_H

#include <stdbool.h>

#include "base/err.h"
#include "data/names.h"

typedef struct ict_constraints {
  ict_arena *arena;
  const char *path;
  size_t n_columns;
  const char **columns; /* as our tables call them: "unit_measure", "sex" */
  ict_names series;
  const char *const **allowed; /* by series, then column: "ALL", or codes joined by ';' */
  size_t capacity;
} ict_constraints;

ict_status ict_constraints_init(ict_constraints *c, const char *path, const char *const *columns,
                                size_t n_columns, ict_err *err);
void ict_constraints_done(ict_constraints *c); /* safe on a zeroed one */
/* Copies. *twice: the series is there already; nothing is taken. */
ict_status ict_constraints_add(ict_constraints *c, const char *series, const char *const *allowed,
                               bool *twice, ict_err *err);
/* Whether one of the list "A;B;C" (or "ALL") is the code. */
bool ict_constraints_allow(const char *list, const char *code);

#endif
