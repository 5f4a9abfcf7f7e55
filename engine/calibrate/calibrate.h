/* calibrate.h - weights adjusted to population totals, and the residuals their variances use.
 *
 *     columns.c     a row's auxiliary variables as a few entries of a vector
 *     weights.c     design weights -> calibrated weights
 *     newton.c      those that solve equations: linear, multiplicative, logit
 *     trim.c        weights that are too far away
 *     projection.c  the regression on the auxiliary variables, for the residuals
 *     psd.c         linear equations
 *
 * Pure functions over arrays: nothing of files, tables or cubes. docs/math.md, "Calibration". */
#ifndef ICT_CALIBRATE_CALIBRATE_H
#define ICT_CALIBRATE_CALIBRATE_H

#include "base/err.h"
#include "calibrate/psd.h"
#include "data/calibration.h"

/* More columns than this are no calibration but a mistake: their equations alone would take
 * minutes. Post-stratification needs none. */
#define ICT_MOST_COLUMNS 2000

/* What became of it. */
typedef struct ict_calibrated {
  size_t rounds;
  double ratio[2];    /* lowest and highest w / d of rows with d > 0 */
  size_t n_trimmed;   /* rows outside the limits of the trimming */
  double off;         /* largest relative miss of a total by w; trimming alone makes it matter */
  char furthest[160]; /* that total, for people: "margin 'sex', category 'M'" */
} ict_calibrated;

/* Whether c and w differ. */
bool ict_calibrate_trims_weights(const ict_calibration *model);
/* From d to c and w (n_rows each; the same array where they do not differ). What cannot be had is
 * refused (ICT_REFUSED), with the total that is missed most: "margin 'sex', category 'M': the
 * weights add up to ..." The model's own weights are not looked at. Rows with d = 0 keep it. */
ict_status ict_calibrate(const ict_calibration *model, const double *d, double *c, double *w,
                         ict_calibrated *out, ict_err *err);

/* ---- residuals --------------------------------------------------------------------------- */

/* Residuals of w y are e = w y - c x'b with b from sums over rows, so that whoever has many y (the
 * cells of a table) sums v x y w / c over rows, solves for b, and takes x'b off the totals of PSUs.
 */
typedef struct ict_projection ict_projection;

/* Borrows the model and the weight w (n_rows; NULL: all 1). */
ict_status ict_projection_new(const ict_calibration *model, const double *weight,
                              ict_projection **out, ict_err *err);
void ict_projection_free(ict_projection *projection);

size_t ict_projection_columns(const ict_projection *projection);
/* Entries of a row's x that may differ from 0: as many of each row. */
size_t ict_projection_entries(const ict_projection *projection);
void ict_projection_row(const ict_projection *projection, size_t row, uint32_t *column, double *x);
/* v of the row: 0, and it takes no part. */
double ict_projection_base(const ict_projection *projection, size_t row);
/* w / c, where v is not 0. */
double ict_projection_ratio(const ict_projection *projection, size_t row);
/* c. */
double ict_projection_weight(const ict_projection *projection, size_t row);
/* n right sides at once: sums (columns x n) of v z x, z = y w / c, become b. squares (n), sums of
 * v z^2, become 1 where x explains z entirely, so that the residuals are rounding; else 0. Not by
 * two threads at once. */
void ict_projection_solve(ict_projection *projection, double *sums, double *squares, size_t n);

#endif
