/* store.h - frames to HDF5 and back (the guests' view: ictstat/store.h).
 *
 * Layout (docs/store.md):
 *
 *   /                      attributes: format "ictstat-store", format_version, survey,
 *                          title, source, tool, units, content_sha256
 *   /provenance            datasets mapping (text), inputs (table: file id, name, bytes,
 *                          sha256, rows), report (text lines: dropped, unmatched, counted as)
 *   /UNIT                  attributes: title, scope, n_rows, n_psu, n_strata, variables (the
 *                          names in order)
 *   /UNIT/columns/NAME     one dataset a variable: enum of u8/u16 for codes (members: codes
 *                          and kinds of missing), u8/u16/i32 for integers, f64 for reals;
 *                          attributes title, labels, unit, conditions, missing marks, origin
 *   /UNIT/design/...       psu_first_row, stratum_first_psu (u64), weight, fraction (f64),
 *                          stratum_label (text); the words of the design are attributes; what
 *                          stages.c, replicates.c and calibration.c add
 *
 * Every dataset is contiguous and unfiltered, so that a reader can map it, and carries
 * its SHA-256. No clock, user or host name is written: same input, same bytes. */
#ifndef ICT_STORE_STORE_H
#define ICT_STORE_STORE_H

#include "data/frame.h"
#include "ictstat/progress.h"
#include "ictstat/store.h"

typedef struct ict_input { /* one source file, for provenance */
  const char *id, *name;   /* id in the mapping; base name of the path, never a folder */
  uint64_t bytes, rows;
  char sha256[65];
} ict_input;

typedef struct ict_provenance {
  const char *survey, *title, *source; /* source may be NULL */
  const char *mapping_name, *mapping_text, *mapping_sha256;
  const char *tool; /* "ictstat 0.1.0" */
  size_t n_inputs;
  const ict_input *inputs;
  size_t n_report; /* lines for people: what was dropped, unmatched, counted as */
  const char *const *report;
} ict_provenance;

typedef struct ict_store_frame {
  const ict_frame *frame;
  const char *scope; /* canonical text of the unit's scope expression, or NULL */
} ict_store_frame;

/* Writes a whole store: temporary name, sync, rename. Frames that would not be read back
 * (index arrays that fall, codes out of range, no ref_area ...) are ICT_REFUSED. threads 0: all
 * cores; a second one hashes what the first writes. */
ict_status ict_store_write(const char *path, const ict_store_frame *frames, size_t n,
                           const ict_provenance *provenance, int threads,
                           const ict_progress *progress, ict_err *err);

/* The table of a unit, or NULL. Columns are mapped from the file, read when touched. Lives
 * as long as the store. */
const ict_frame *ict_store_frame_of(const ict_store *store, const char *unit);
const ict_frame *ict_store_frame_at(const ict_store *store, size_t i);
/* The text of the unit's scope expression, or NULL. */
const char *ict_store_scope(const ict_store *store, const char *unit);
const ict_provenance *ict_store_provenance(const ict_store *store);
/* The SHA-256 of everything in it, as the file says: what `verify` recomputes. */
const char *ict_store_content_sha256(const ict_store *store);

#endif
