/* intake.h - source files and a mapping in, sorted frames out: read, recode, join, sort,
 * build the design, check all of it.
 *
 * In: ict_mapping (checked without data), the files it names.
 * Out: one frame per unit, rows sorted by (area, period, stratum, PSU, key), and the account of
 * what happened to every row and value.
 *
 * Order within a PSU is by key where the file declares one, so the result does not depend
 * on the order of the rows in the file, nor on its format. Where it declares none, the rows of
 * a PSU keep the order of the file. */
#ifndef ICT_INTAKE_INTAKE_H
#define ICT_INTAKE_INTAKE_H

#include "catalog/mapping.h"
#include "data/frame.h"
#include "ictstat/progress.h"
#include "store/store.h"

typedef struct ict_intake_options {
  const char *data_dir; /* where the mapping's paths start; NULL: the mapping's folder */
  int threads;          /* 0: all cores */
  const ict_progress *progress;
  bool check_only;       /* read, recode, join and check; make no frames */
  uint64_t memory;       /* bytes for columns, as ict_spill_new takes it; beyond: a file without */
  const char *spill_dir; /* a name in this folder; NULL: the current one */
} ict_intake_options;

/* Borrows the mapping and its catalogue: free it first. */
typedef struct ict_intake {
  size_t n_frames;
  const ict_store_frame *frames; /* empty with check_only */
  ict_provenance provenance;
  ict_arena *arena;
  struct ict_intake_impl *impl; /* design arrays */
  struct ict_spill *spill;      /* columns */
} ict_intake;

/* Every problem is a finding (unmapped codes, bad weights, duplicate and unmatched keys,
 * lonely PSUs under `fail`, PSUs in two strata ...), each with the mapping's file:line:column
 * for the rule and the data's file and line for the first offending rows (at most five), and how
 * many there are. Warnings (a mapped code that never occurs, a constant column, strata with one PSU
 * under another policy) do not stop. Returns ICT_REFUSED when there is an error. */
ict_status ict_intake_run(const ict_mapping *mapping, const ict_intake_options *options,
                          ict_intake **out, ict_findings *findings, ict_err *err);
void ict_intake_free(ict_intake *intake);

#endif
