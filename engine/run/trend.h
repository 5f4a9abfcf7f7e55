/* trend.h - what the files of `trend` share: series of rounds, targets. */
#ifndef ICT_RUN_TREND_H
#define ICT_RUN_TREND_H

#include <stdbool.h>

#include "data/table.h"
#include "ictstat/trend.h"

#define ICT_TREND_AXIS "trend" /* always the last axis */

typedef struct ict_round {
  const ict_table_row *row;
  size_t series; /* number of its series, in order of appearance */
  size_t table;  /* which of the tables */
  double t;      /* the middle of its period, in years */
} ict_round;

/* All rounds of all tables, by series and time. */
typedef struct ict_rounds {
  ict_arena *arena;
  ict_round *rounds;
  size_t n, capacity;
  const char **axes; /* names of the axes of any table */
  size_t n_axes, axes_capacity;
  size_t **axis_of; /* one a table: which of these each of its axes is */
} ict_rounds;

/* Refused: modelled rows, a key twice in a period, two units in a series, a period that is no time.
 */
ict_status ict_rounds_collect(const ict_table *const *tables, const char *const *names, size_t n,
                              ict_rounds *out, ict_err *err);
void ict_rounds_done(ict_rounds *rounds); /* safe on a zeroed one */
/* Codes of a round on all the axes; NULL is _T. codes has n_axes entries. */
void ict_rounds_codes(const ict_rounds *rounds, const ict_round *round, const char **codes);

/* The first round after the series that `from` is in. */
size_t ict_rounds_next_series(const ict_rounds *rounds, size_t from);
/* An empty table for rows made of the rounds: their axes, and `axis` as the last. NULL on failure.
 */
ict_status ict_rounds_table(const ict_rounds *rounds, double level, const char *axis,
                            const ict_codelist *codes, ict_table **out, ict_err *err);

/* The middle of "2016", "2016-Q1", "2016-S1", "2016-03", "2016-03-01" or a start and a duration
 * ("2016-03-01/P3M"), in years; false where it is none of them. */
bool ict_period_time(const char *period, double *t);

typedef struct ict_target {
  double value;
  bool at_most; /* else at least */
  int by;       /* year */
} ict_target;

typedef struct ict_targets ict_targets;

/* What the request's `target` says; one that is the same for all, or a file. by: year where it
 * tells none. The rounds tell which axes a file's columns may name. */
ict_status ict_targets_new(const char *text, int by, const ict_rounds *rounds, ict_targets **out,
                           ict_err *err);
void ict_targets_free(ict_targets *targets);
/* The target of a row: the first in the file that fits it. False where there is none. */
bool ict_targets_find(const ict_targets *targets, const ict_table_row *row,
                      const ict_rounds *rounds, const char *const *codes, ict_target *out);

#endif
