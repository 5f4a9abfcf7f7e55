/* recode.h - the `map:` and `missing:` of one variable, compiled for one column of one
 * file; inside the room only. */
#ifndef ICT_INTAKE_RECODE_H
#define ICT_INTAKE_RECODE_H

#include "base/mem.h"
#include "catalog/mapping.h"
#include "intake/cell.h"
#include "intake/labels.h"
#include "source/source.h"

/* What is asked for. */
typedef struct ict_recode_spec {
  ict_type type;             /* CODE, INTEGER, REAL */
  const ict_codelist *codes; /* CODE */
  size_t n_values;
  const ict_map_value *values;
  double scale;
  int64_t lowest, highest; /* INTEGER */
  bool quote;              /* may bad values be shown? */
} ict_recode_spec;

typedef struct ict_recode ict_recode;

/* variable: of the source; decimal: '.' or ','. Everything is in the arena; spec and
 * variable are borrowed. NULL where memory is short. */
ict_recode *ict_recode_compile(const ict_recode_spec *spec, const ict_source_variable *variable,
                               char decimal, ict_arena *arena);
ict_width ict_recode_width(const ict_recode *recode); /* INTEGER: of the concept's range */

/* Recodes a column into `to` (values of ict_recode_width). hits: n_values + 1 counters:
 * how often each line of the map applied, and in the last place how often none did. Cells that fit
 * nothing become ICT_MISSING and go to problems. 0, or -1 where memory is short. Threads may share
 * the recode. */
int ict_recode_run(const ict_recode *recode, const ict_raw_column *column, const uint64_t *line,
                   size_t n_rows, void *to, uint64_t *hits, ict_problems *problems);

#endif
