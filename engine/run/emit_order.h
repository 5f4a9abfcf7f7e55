/* emit_order.h - which cells of a plan have rows, in the order of the table.
 *
 * The table is sorted by indicator, area, period, item and axes. All cells in the order of area,
 * period and axes, told measure by measure, come out in that order: sorting the cells once saves
 * sorting their estimates, which are as many times more as there are measures. */
#ifndef ICT_RUN_EMIT_ORDER_H
#define ICT_RUN_EMIT_ORDER_H

#include "run/emit_inside.h"

typedef struct ict_emit_cell {
  size_t margin, cell;
  const char *area, *period; /* the table's texts */
} ict_emit_cell;

/* Neighbouring cells of one area and period, ICT_JUDGE_ROWS at most: as many as are told at once,
 * all measures of a cell one after the other, while its sums are in the cache. */
typedef struct ict_emit_block {
  size_t from, to;
} ict_emit_block;

typedef struct ict_emit_order {
  size_t n_cells;
  ict_emit_cell *cells;
  const char **codes; /* of each cell, n_axes: the table's */
  uint8_t *has_row;   /* of each cell, a measure of the plan: 0, 1 */
  size_t n_blocks;
  ict_emit_block *blocks;
  size_t *first_row; /* of each block, a measure of the plan: where its rows begin */
  size_t n_rows;
} ict_emit_order;

/* Keeps in the table what texts the rows need. */
ict_status ict_emit_order_make(ict_emitter *e, const ict_telling *telling, ict_emit_order *out);
void ict_emit_order_done(ict_emit_order *order); /* also after a failed making */

#endif
