/* emit_inside.h - what the files of the emission share: one plan on its way to rows.
 *
 *     emit.c            the emitter, and sums
 *     emit_cells.c      the cells of margins, by many threads
 *     emit_order.c      which of them have rows, in the table's order
 *     emit_pair.c       two cells compared
 *     emit_quantile.c   quantiles
 *     emit_share.c      shares
 *     emit_row.c        the parts of a row */
#ifndef ICT_RUN_EMIT_INSIDE_H
#define ICT_RUN_EMIT_INSIDE_H

#include "run/design_df.h"
#include "run/emit.h"

typedef struct ict_emitter {
  const ict_plan *plan;
  const ict_cube *cube;               /* ict_emit_from's */
  const ict_replicate_totals *totals; /* NULL: variances are linearised */
  ict_estimate_options options;
  ict_table *table;
  ict_flagger *flagger;
  ict_judge *judge;
  int threads;
  size_t column_of[ICT_PLAN_MAX_AXES]; /* of each axis of the plan, in the table */
  const char **axes;                   /* of the row being made: n_axes */
  size_t n_axes;
  ict_err *err;
  ict_design_count *designs; /* of each area and period; NULL: nobody needs them */
  ict_replicate_cell replicate[2];
  ict_replicate_room *room[2]; /* of the totals, where there are any */
  const char **sources;        /* of each measure of the plan */
  const double *nobody;        /* shares by replicates: zeros */
} ict_emitter;

/* What makes the estimates of cells: whether a cell has a row for a measure, and its numbers. Both
 * may be asked by many threads, `estimate` with an emitter of the thread's own. */
typedef struct ict_telling {
  bool (*has_row)(const ict_emitter *e, size_t margin, size_t cell, size_t measure);
  void (*estimate)(ict_emitter *e, size_t margin, size_t cell, size_t measure,
                   ict_estimate_result *out);
} ict_telling;

/* A row for each cell of the margins that `telling` has one for. */
ict_status ict_emit_cells(ict_emitter *e, const ict_telling *telling);

/* Borrows all but the scratch; the axes of the plan join the table. */
ict_status ict_emitter_init(ict_emitter *e, const ict_plan *plan, const ict_request *request,
                            ict_flagger *flagger, ict_table *table, ict_err *err);
void ict_emitter_done(ict_emitter *e); /* also after a failed init, and of a zeroed one */
/* One for another thread, to make estimates and judge rows: scratch and judge of its own. */
ict_status ict_emitter_fork(ict_emitter *mine, const ict_emitter *e);
void ict_emitter_join(ict_emitter *mine); /* also after a failed fork, and of a zeroed one */

/* Whether an earlier margin of the plan has the same cell. */
bool ict_emit_told_before(const ict_plan *plan, size_t margin, size_t cell);
/* A breakdown cell that nobody is in has no row; a total that nobody is in has one, flagged, so
 * that an indicator asked for is never just absent. */
bool ict_emit_even_empty(const ict_emitter *e, size_t margin, size_t cell);
ict_status ict_emit_row(ict_emitter *e, size_t margin_at, size_t cell, const ict_plan_measure *m,
                        const ict_estimate_result *r);

/* The design that a cell's df come from, where the rule is `design`. */
void ict_emit_choose_design(ict_emitter *e, size_t margin, size_t cell);
/* The sums and totals that rows are made of from now on, borrowed. */
ict_status ict_emit_from(ict_emitter *e, const ict_cube *cube, const ict_replicate_totals *totals);

/* The cell's replicates, in brief; and of two cells that are compared. */
void ict_emit_choose_replicates(ict_emitter *e, size_t margin, size_t cell, size_t measure);
void ict_emit_choose_pair(ict_emitter *e, size_t margin, const uint32_t cell[2], size_t measure);

/* What all rows of a measure have in common; the rest is 0. */
void ict_emit_names(const ict_emitter *e, const ict_plan_measure *m, ict_table_row *row);
/* The codes of a cell, the axes' until the next call. */
void ict_emit_codes(ict_emitter *e, const ict_plan_margin *margin, size_t cell, ict_table_row *row);
void ict_emit_numbers(const ict_plan_measure *m, const ict_estimate_result *r, ict_table_row *row);

/* Two classifications of one axis may share a class (Y15T24 of ITU's bands and of ten-year bands).
 * Codes are SDMX codes and mean the same in both, so the class is published once: by the first
 * margin that has it. Whether `earlier` has the cell of `margin`. */
bool ict_emit_has_cell(const ict_plan *plan, const ict_plan_margin *earlier,
                       const ict_plan_margin *margin, size_t cell);

ict_status ict_emit_pairs(ict_emitter *e);

#endif
