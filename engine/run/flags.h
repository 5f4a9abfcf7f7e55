/* flags.h - which rules speak of a row: quality is data, and a flag comes from a named rule.
 *
 * A flagger has the rules, and the sets of flags it has met; each thread that tells rows has a
 * judge of its own. */
#ifndef ICT_RUN_FLAGS_H
#define ICT_RUN_FLAGS_H

#include "catalog/catalog.h"
#include "data/table.h"
#include "run/input_status.h"

typedef struct ict_flagger ict_flagger;
typedef struct ict_judge ict_judge;

/* profile NULL: "dhs". An unknown one is ICT_USAGE. Borrows the catalogue and the table, whose rows
 * are judged. */
ict_status ict_flagger_new(const ict_catalog *catalog, const char *profile, ict_table *table,
                           ict_flagger **out, ict_err *err);
void ict_flagger_free(ict_flagger *flagger);
/* Statuses of what values are computed from, to be judged as well; borrowed, or NULL. */
void ict_flagger_inputs(ict_flagger *flagger, const ict_input_status *inputs);
/* *best, a code, becomes status where that goes before it (SDMX precedence). */
void ict_status_worse(char *best, char status);

/* Every flag there can be, with what it means, into the table's legend. */
ict_status ict_flagger_explain(const ict_flagger *flagger, ict_err *err);

ict_status ict_judge_new(ict_flagger *flagger, ict_judge **out, ict_err *err);
void ict_judge_free(ict_judge *judge); /* NULL is fine */

/* Writes into n rows `flags`, the names joined by ';', sorted, and `obs_status`, one code by the
 * SDMX precedence, "A" where nothing spoke; both are the table's texts. notes: ICT_NOTE_* of each
 * row's estimate. differs: the definition differs (flag D). Judges of one flagger may do so at the
 * same time. */
enum { ICT_JUDGE_ROWS = 128 }; /* at most */
ict_status ict_judge_rows(ict_judge *judge, ict_table_row *rows, size_t n, const unsigned *notes,
                          bool differs, ict_err *err);
/* A comparison: a rule speaks where it speaks of either side; notes are the comparison's. */
ict_status ict_judge_pair(ict_judge *judge, const ict_table_row sides[2], unsigned notes,
                          bool differs, ict_table_row *row, ict_err *err);

#endif
