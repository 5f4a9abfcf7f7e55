/* values.h - the values of a measure, in order: what quantiles are read off.
 *
 * One pass collects them; they are sorted once, whatever the breakdowns, and then laid out by the
 * cells of one margin after the other. Equal values stand by weight and then by row, so that the
 * order is a function of the data alone. 44 bytes a value are held at most, of one measure at a
 * time. */
#ifndef ICT_SCAN_VALUES_H
#define ICT_SCAN_VALUES_H

#include "estimate/weighted.h"
#include "plan/plan.h"

typedef struct ict_value {
  double y;
  uint32_t row, fine; /* fine cell */
} ict_value;

/* Of the rows that count for the measure, with a weight above 0, ascending. Caller frees with
 * ict_free. Refused: more rows than can be held. */
ict_status ict_scan_values(const ict_plan *plan, size_t measure, int threads, ict_value **out,
                           size_t *n, ict_err *err);

/* The same by cell of a margin, in each in order. */
typedef struct ict_cell_values {
  size_t *first; /* n_cells + 1 */
  double *y, *w, *sum;
  uint32_t *row;
} ict_cell_values;

ict_status ict_cell_values_init(ict_cell_values *cells, const ict_plan *plan, size_t margin,
                                const ict_value *values, size_t n, ict_err *err);
void ict_cell_values_done(ict_cell_values *cells); /* also after a failed init */

static inline ict_weighted ict_cell_values_at(const ict_cell_values *v, size_t cell) {
  size_t at = v->first[cell];
  return (ict_weighted){v->first[cell + 1] - at, v->y + at, v->w + at, v->sum + at};
}

#endif
