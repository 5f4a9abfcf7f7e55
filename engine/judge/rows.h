/* rows.h - the rows to be judged: those of all tables on one set of axes, each with its place and
 * what the catalogue knows of it. */
#ifndef ICT_JUDGE_ROWS_H
#define ICT_JUDGE_ROWS_H

#include <stdbool.h>

#include "catalog/catalog.h"
#include "data/countries.h"
#include "data/names.h"
#include "data/table.h"

typedef struct ict_judge_row {
  const ict_table_row *row; /* its axes are those of its own table: use the next */
  const char *const *axes;  /* a code for each axis of the set */
  const char *file;
  uint64_t line;
  bool history;                   /* of an earlier publication: known, not judged */
  int year;                       /* the first of its period; 0: it names none */
  const ict_indicator *indicator; /* NULL: not of the catalogue */
  const ict_item *item;           /* NULL: none that the catalogue knows */
  const char *item_id;            /* "" for none, and for all together */
  bool country;                   /* a country or area, not a group of them or a part */
  bool derived;                   /* a difference or a trend, not a level */
  double grain; /* half the last decimal that its file writes for the indicator's estimates */
} ict_judge_row;

typedef struct ict_judge_set {
  ict_arena *arena;
  const ict_catalog *catalog;
  const ict_countries *countries;
  ict_names groups; /* codes of groups of countries; labels: their titles */
  ict_names axes;
  ict_judge_row *rows;
  size_t n, capacity;
} ict_judge_set;

ict_status ict_judge_set_init(ict_judge_set *set, const ict_catalog *catalog,
                              const ict_countries *countries, ict_err *err);
void ict_judge_set_done(ict_judge_set *set); /* safe on a zeroed one */

/* Both calls borrow the table. Axes of all tables first, then their rows. lines: of each row;
 * NULL: none is known. */
ict_status ict_judge_set_axes(ict_judge_set *set, const ict_table *table, ict_err *err);
ict_status ict_judge_set_add(ict_judge_set *set, const ict_table *table, const uint64_t *lines,
                             const char *file, bool history, ict_err *err);

/* Rows by key, parts of the key left out. */
enum { ICT_LEAVE_PERIOD = 1, ICT_LEAVE_ITEM = 2, ICT_LEAVE_INDICATOR = 4, ICT_LEAVE_AXES = 8 };
#define ICT_LEAVE_FIGURE (ICT_LEAVE_ITEM | ICT_LEAVE_INDICATOR)

typedef struct ict_judge_groups {
  ict_arena *arena;
  const ict_judge_row **rows; /* by group, within it in the order of the set */
  size_t *starts;             /* n + 1 of them */
  size_t n;                   /* in order of their first rows */
} ict_judge_groups;

/* Of the rows that `takes`. axis: left out as well; SIZE_MAX: none. */
ict_status ict_judge_group(const ict_judge_set *set, unsigned leave, size_t axis,
                           bool (*takes)(const void *ctx, const ict_judge_row *row),
                           const void *ctx, ict_judge_groups *out, ict_err *err);
void ict_judge_groups_done(ict_judge_groups *groups); /* safe on a zeroed one */

#endif
