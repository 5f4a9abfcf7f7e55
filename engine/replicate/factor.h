/* factor.h - directions of weights, and how many of them are independent.
 *
 * A row's weights matter for a rank by their direction alone, and mostly a PSU's rows share one. Of
 * a list of directions Cholesky's factor of their products tells one by one which are new: what is
 * left of a direction beside those taken is the root of its pivot, and R's tolerance of 1e-5 is
 * 1e-10 of that, far from rounding. But rounding grows as pivots become small: what could then have
 * been decided otherwise is told, and is for the directions themselves to decide (ict_span). */
#ifndef ICT_REPLICATE_FACTOR_H
#define ICT_REPLICATE_FACTOR_H

#include "base/err.h"
#include "replicate/inside.h"
#include "replicate/tile.h"

#define ICT_NO_DIRECTION UINT32_MAX

typedef struct ict_directions {
  const ict_replicates *r;
  const ict_tiles *tiles;
  size_t n, capacity, row_capacity;
  uint32_t *of_row; /* ICT_NO_DIRECTION: all weights are 0 */
  uint32_t *row;    /* one with the direction */
  double *length;
  double *table; /* n x n products of unit vectors, and a row of 0; NULL where they are many */
  size_t most;   /* the rank of all, which none exceeds */
} ict_directions;

/* Pivots below this are so near to nothing that rounding may come to R's tolerance. */
#define ICT_FACTOR_NEAR 7e-5

/* Those of the data's weights; failing, the fields are ict_directions_done's as well. ICT_FAIL
 * only: no memory. */
ict_status ict_directions_init(ict_directions *d, const ict_replicates *r);
void ict_directions_done(ict_directions *d);
/* Adds those of the list that are new to the span's basis, until it has `most`, in the order of
 * ict_factor_take: slower, and right however near they are to one another. */
ict_status ict_directions_span(const ict_directions *d, const uint32_t *list, size_t n, size_t most,
                               ict_span *span);

/* out[i][c], lines of ICT_PANEL: product of unit vectors of[i] and with[c]; n: at most ICT_PANEL,
 * the other c are 0. vector: room for r->n lines, where there is no table. */
void ict_directions_products(const ict_directions *d, const uint32_t *of, size_t n_of,
                             const uint32_t *with, size_t n, double *vector, double *out);

/* To be read only. */
typedef struct ict_factor {
  const ict_directions *d;
  size_t rank, most, stride;
  double *l;       /* lower; a row of `stride` numbers a direction taken, and those of a panel's */
  double *inverse; /* of the diagonal */
  uint32_t *taken;
  double *rest;   /* most */
  double least;   /* pivot */
  bool in_doubt;  /* whether rounding could have decided of one that was taken, or was not */
  double *panel;  /* lines: see ict_factor_panel */
  double *vector; /* for products */
} ict_factor;

ict_status ict_factor_init(ict_factor *f, const ict_directions *d, size_t most);
void ict_factor_done(ict_factor *f);

/* It has none. */
void ict_factor_clear(ict_factor *f);
/* Takes those of the list that are new, until it has f->most. Far ones come first. */
void ict_factor_take(ict_factor *f, const uint32_t *list, size_t n);
/* What at most ICT_PANEL directions are by the factor's rows, side by side, `rank` lines of
 * f->panel. */
void ict_factor_panel(ict_factor *f, const uint32_t *list, size_t n);
/* The same system's last lines alone, from line `first`: right sides in, solutions out. */
void ict_factor_solve_from(const ict_factor *f, size_t first, double *panel);

#endif
