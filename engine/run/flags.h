/* flags.h - which rules speak of a row: quality is data, and a flag comes from a named rule. */
#ifndef ICT_RUN_FLAGS_H
#define ICT_RUN_FLAGS_H

#include "catalog/catalog.h"
#include "data/table.h"
#include "run/input_status.h"

typedef struct ict_flagger ict_flagger;

/* profile NULL: "dhs". An unknown one is ICT_USAGE. The flagger borrows the catalogue. */
ict_status ict_flagger_new(const ict_catalog *catalog, const char *profile, ict_flagger **out,
                           ict_err *err);
void ict_flagger_free(ict_flagger *flagger);
/* Statuses of what values are computed from, to be judged as well; borrowed, or NULL. */
void ict_flagger_inputs(ict_flagger *flagger, ict_input_status *inputs);
/* *best, a code, becomes status where that goes before it (SDMX precedence). */
void ict_status_worse(char *best, const char *status);

/* Every flag there can be, with what it means, into the table's legend. */
ict_status ict_flagger_explain(const ict_flagger *flagger, ict_table *table, ict_err *err);

typedef struct ict_flag_set {
  const char *names;      /* joined by ';', sorted; valid until the next judgement */
  const char *obs_status; /* one code, by the SDMX precedence; "A" where nothing spoke */
} ict_flag_set;

/* notes: ICT_NOTE_* of the estimate. differs: the definition differs (flag D). */
ict_status ict_flagger_judge(ict_flagger *flagger, const ict_table_row *row, unsigned notes,
                             bool differs, ict_flag_set *out, ict_err *err);
/* A comparison: a rule speaks where it speaks of either row; notes are the comparison's. */
ict_status ict_flagger_judge_both(ict_flagger *flagger, const ict_table_row *first,
                                  const ict_table_row *second, unsigned notes, bool differs,
                                  ict_flag_set *out, ict_err *err);

#endif
