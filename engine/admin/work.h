/* work.h - what the files of the room hand to each other; inside the room only.
 *
 *   admin.c     the order of everything
 *   bind.c      the columns that the mapping names
 *   read.c      one pass over a file -> observations
 *   cell.c      one cell: what its text means in its role
 *   tell.c      findings
 *   check.c     keys twice, mixed units, percentages over 100
 *   count.c     counts: reporters folded, totals and parts told apart -> rows of the unit
 *   join.c      denominators beside the rows; parts not greater than their wholes
 *   frame.c     observations, and the unit's rows, as frames */
#ifndef ICT_ADMIN_WORK_H
#define ICT_ADMIN_WORK_H

#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "data/countries.h"
#include "data/names.h"
#include "data/reference.h"
#include "data/table.h"
#include "intake/provenance.h"

/* Problems of a kind that are shown; the others are counted. */
#define ICT_ADMIN_SHOWN 5

static inline bool ict_is_total(const char *code) { return strcmp(code, ICT_TOTAL) == 0; }

/* Natural order; most texts are of work->texts, where equal ones are one pointer. */
static inline int ict_order_texts(const char *a, const char *b) {
  return a == b ? 0 : ict_text_natcmp(ict_slice_of(a), ict_slice_of(b));
}
/* By area, then by period. */
static inline int ict_order_places(const char *area, const char *period, const char *other_area,
                                   const char *other_period) {
  int c = ict_order_texts(area, other_area);
  return c ? c : ict_order_texts(period, other_period);
}

/* Texts are of work->texts: equal texts are one pointer. "" where nothing is said. */
typedef struct ict_observation {
  size_t file; /* of the map */
  uint64_t line;
  const ict_table_series *series;
  const char *area, *period, *unit, *status, *nature, *source, *footnote, *reporter;
  const char *const *axes;              /* map->n_axes codes, "_T" for the total */
  double value, se, ci_low, ci_high, n; /* NaN where there is none, but value */
  int unit_mult;
} ict_observation;

/* A row of the unit: one area, period and class. */
typedef struct ict_count_row {
  const char *area, *period;
  const char *const *axes;
  double *values;               /* by work->concepts; NaN: none */
  const ict_observation *first; /* for messages */
} ict_count_row;

typedef struct ict_count_rows {
  size_t n, capacity;
  ict_count_row *at;
} ict_count_rows;

typedef struct ict_admin_work {
  const ict_table_map *map;
  const ict_catalog *catalog;
  const ict_admin_options *options;
  ict_findings *findings;
  ict_err *err;
  bool failed;
  ict_status status;
  ict_arena *arena; /* of what is made */
  ict_admin *made;
  ict_names texts;
  ict_countries *countries;
  ict_reference *codes; /* datasets/sdmx/codes.csv */
  size_t code_list, code_id;
  char iso3[4]; /* cell.c: the last area */
  size_t n, capacity;
  ict_observation *observations;
  size_t n_inputs;
  ict_input *inputs; /* map->n_files */
  size_t n_concepts;
  const ict_concept **concepts; /* counted ones, denominators last */
  size_t n_plain;               /* those that are no denominators */
  ict_count_rows rows;
  ict_count_rows bases; /* denominators, a value each, by concept, area, period */
  ict_report report;
} ict_admin_work;

/* --- tell.c ----------------------------------------------------------------------- */

/* Problems of one kind, gathered by text: shown with their first line, at most five. */
typedef struct ict_bads {
  ict_names texts;
  struct ict_bad_place {
    uint64_t line, rows;
  } * of;
  size_t capacity;
  uint64_t rows;
} ict_bads;
void ict_bads_init(ict_bads *bad, ict_arena *arena);
void ict_bads_done(ict_bads *bad);
bool ict_bads_add(ict_bads *bad, const char *text, uint64_t line); /* false: memory */

/* A finding at a place of the mapping (file NULL), or of a data file. expected, fix: or NULL. */
void ict_admin_say(ict_admin_work *work, ict_severity severity, const char *file, uint64_t line,
                   uint64_t column, const char *expected, const char *fix, const char *fmt, ...)
    ICT_PRINTF(8, 9);
/* "WHAT 'a' (3 rows, from line 7), 'b' (line 9)" at the first line; nothing where it is empty. */
void ict_admin_say_bad(ict_admin_work *work, const ict_bads *bad, const char *file,
                       const char *what, const char *expected, const char *fix);
/* "AIA 2004", "AIA 2004, sex F": in the arena; NULL where memory is short. */
const char *ict_admin_place(const ict_admin_work *work, const char *area, const char *period,
                            const char *const *axes);

/* --- cell.c ----------------------------------------------------------------------- */

/* The text with its translation for the role: the one of the file, or itself. */
const char *ict_cell_translate(const ict_table_file *file, size_t role, const char *text);
/* ISO 3166-1 alpha-3 of the text as the file writes areas (kept where any will do); NULL: none.
 * Borrowed until the next call. */
const char *ict_cell_area(ict_admin_work *work, const ict_table_file *file, const char *text);
/* Whether it is a code of the SDMX list. */
bool ict_cell_is_code(const ict_admin_work *work, const char *list, const char *text);
/* Whether the axis may have the code: those of a coded concept must be in its list. */
bool ict_cell_axis(const ict_admin_work *work, const char *axis, const char *code);

/* --- the steps -------------------------------------------------------------------- */

ict_status ict_admin_read(ict_admin_work *work, size_t file, ict_err *err);
/* Sorts the observations and checks them; keys of counts that several report are left to count.c.
 */
ict_status ict_admin_check(ict_admin_work *work, ict_err *err);
/* Order of observations: series, area, period, axes, reporter, place. */
int ict_observation_order(const ict_admin_work *work, const ict_observation *a,
                          const ict_observation *b);
/* Whether both are of one key, whoever reported them and wherever they stand. */
bool ict_observation_same_key(const ict_admin_work *work, const ict_observation *a,
                              const ict_observation *b);
ict_status ict_admin_count(ict_admin_work *work, ict_err *err);
/* Place of a counted concept in work->concepts. */
size_t ict_concept_at(const ict_admin_work *work, const ict_concept *c);
ict_status ict_admin_join(ict_admin_work *work, ict_err *err);
ict_status ict_admin_frames(ict_admin_work *work, ict_err *err);

#endif
