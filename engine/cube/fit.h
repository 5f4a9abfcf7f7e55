/* fit.h - the regression of every cell's values on the auxiliary variables of a calibration.
 *
 * A calibrated design's variance is that of residuals (docs/math.md, "Calibration"). A first pass
 * over the rows sums, for each cell and measure, v x a and v x b; finish solves for the
 * coefficients; a second pass feeds a cube that takes x'b off the totals of every unit
 * (ict_cube_take_fit), and leaves the covariances of the residuals, which then stand in the place
 * of the first pass'.
 *
 * As with cubes: fed by one thread, those of consecutive chunks merged in order. */
#ifndef ICT_CUBE_FIT_H
#define ICT_CUBE_FIT_H

#include "calibrate/calibrate.h"
#include "cube/cube.h"
#include "cube/sheet.h"

typedef struct ict_fit {
  const ict_cube_shape *shape;
  const ict_projection *projection;
  size_t n_columns, n_sums; /* sums: a of each measure, then b of each */
  size_t *first_cell;       /* n_margins + 1 */
  /* A slot: n_columns x n_sums, after finish the coefficients; then n_sums of squares, after finish
   * whether the auxiliary variables explain all there is. */
  ict_sheet cells;
  const uint32_t *survey;    /* after finish: of each column; NULL: all of one */
  uint32_t *cell_survey;     /* of each slot, where there is `survey` */
  uint32_t *column;          /* entries of the row being added */
  double *x, *value, *share; /* share: value, of one class */
} ict_fit;

/* Bytes that it takes at most. */
double ict_fit_bytes(const ict_projection *projection, const ict_cube_shape *shape);
/* Borrows both. */
ict_status ict_fit_new(const ict_projection *projection, const ict_cube_shape *shape, ict_fit **out,
                       ict_err *err);
void ict_fit_free(ict_fit *fit);
/* The same rows as the cube is given, with first_row. */
ict_status ict_fit_add(ict_fit *fit, const ict_cube_rows *rows, ict_err *err);
/* Appends the next chunk's sums and empties them. */
ict_status ict_fit_merge(ict_fit *into, ict_fit *next, ict_err *err);
/* survey: which survey each column is of, where the table holds several (a category of a margin is
 * of one alone); NULL: it holds one. Borrowed. */
ict_status ict_fit_finish(ict_fit *fit, ict_projection *projection, const uint32_t *survey,
                          ict_err *err);
/* After finish: n_sums numbers, 1 where the sum's residuals are all 0. NULL: nobody is in the cell
 * (counted over all margins). */
const double *ict_fit_explained(const ict_fit *fit, size_t cell);

/* Before anything is fed: the cube is for residuals, its rows come with first_row. It borrows the
 * finished fit. */
ict_status ict_cube_take_fit(ict_cube *cube, const ict_fit *fit, ict_err *err);
/* Both finished: the covariances of `residuals` replace those of the cube. */
void ict_cube_take_covariances(ict_cube *cube, const ict_cube *residuals);

#endif
