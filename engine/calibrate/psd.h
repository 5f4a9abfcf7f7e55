/* psd.h - linear equations N b = s with a symmetric, positive semidefinite N.
 *
 * N is what sums of squares and products of columns are, so where columns depend on one another
 * (the categories of two margins add up to the same rows) it is singular. The dependent ones are
 * left out: their b is 0. X b, which is all that matters, is the same whichever are left out. */
#ifndef ICT_CALIBRATE_PSD_H
#define ICT_CALIBRATE_PSD_H

#include "base/err.h"

typedef struct ict_psd {
  size_t n, rank;
  double *matrix; /* n x n, N as given */
  double *factor; /* rank columns of the lower triangle, rows in the order of pivots */
  double *scale;  /* 1 / sqrt of the diagonal; 0 where that is 0 */
  size_t *pivot;  /* row of the factor -> column of N */
  double *work;   /* 4 n */
} ict_psd;

/* Zeroed, for the caller to fill `matrix` with. */
ict_status ict_psd_init(ict_psd *psd, size_t n, ict_err *err);
void ict_psd_done(ict_psd *psd); /* also after a failed init */
/* After `matrix` is filled, both triangles. May be called again after it was filled anew. */
void ict_psd_factor(ict_psd *psd);
/* s becomes b. Not by two threads at once. */
void ict_psd_solve(ict_psd *psd, double *s);

#endif
