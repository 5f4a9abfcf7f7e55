/* admin.h - statistical tables in, frames out: the rows of the files become observations, checked;
 * those that are counts become rows of a unit with its denominators beside them, a census; all of
 * them, published rates too, are kept as they were given in the unit `observation`.
 *
 * In: ict_table_map (checked without data), the files it names.
 * Out: frames for the store, sorted by area and period, and the account. */
#ifndef ICT_ADMIN_ADMIN_H
#define ICT_ADMIN_ADMIN_H

#include "catalog/table_map.h"
#include "ictstat/progress.h"
#include "store/store.h"

/* The unit that keeps every observation, and its variables beside area, period and axes. */
#define ICT_OBSERVATION   "observation"
#define ICT_OBS_KIND      "series_kind" /* "published" or "counted" */
#define ICT_OBS_SERIES    "series"      /* indicator id, or concept */
#define ICT_OBS_ITEM      "item"        /* of the indicator; missing: none */
#define ICT_OBS_VALUE     "value"
#define ICT_OBS_SE        "se"
#define ICT_OBS_CI_LOW    "ci_low"
#define ICT_OBS_CI_HIGH   "ci_high"
#define ICT_OBS_N         "n_unweighted"
#define ICT_OBS_UNIT      "unit_measure"
#define ICT_OBS_UNIT_MULT "unit_mult"
#define ICT_OBS_STATUS    "obs_status"
#define ICT_OBS_NATURE    "nature"
#define ICT_OBS_SOURCE    "source"
#define ICT_OBS_FOOTNOTE  "footnote"
#define ICT_OBS_REPORTER  "reporter"
#define ICT_OBS_AXIS      "axis_" /* and the name of the axis; missing: the total */

/* The treatment of a column that was joined as a denominator; its origin names the source. */
#define ICT_ADMIN_DENOMINATOR "joined as a denominator"

/* The treatment of a column of numbers that the table gives in classes; their codes follow, parted
 * by blanks. */
#define ICT_ADMIN_CLASSES "classes stand for their lowest value: "

typedef struct ict_admin_options {
  const char *data_dir; /* where the files' paths start; NULL: the mapping's folder */
  const ict_progress *progress;
} ict_admin_options;

/* Borrows the map and its catalogue: free it first. */
typedef struct ict_admin {
  size_t n_frames;
  const ict_store_frame *frames;
  ict_provenance provenance;
  ict_arena *arena; /* holds everything */
} ict_admin;

/* Every problem is a finding (unknown areas, two values for one key, mixed units, percentages over
 * 100, no denominator, a part greater than its whole ...), with the first places in the files.
 * ICT_REFUSED where there is an error. */
ict_status ict_admin_run(const ict_table_map *map, const ict_catalog *catalog,
                         const ict_admin_options *options, ict_admin **out, ict_findings *findings,
                         ict_err *err);
void ict_admin_free(ict_admin *admin); /* NULL is fine */

#endif
