/* factor.h - directions of weights, and how many of them are independent.
 *
 * A row's weights matter for a rank by their direction alone, and mostly a PSU's rows share one. Of
 * a list of directions Cholesky's factor of their products tells one by one which are new: what is
 * left of a direction beside those taken is the root of its pivot. R looks at replicates, not at
 * rows, and drops one of which 1e-5 of its length is left. Where all that is left of rows is far
 * above that or below it, both ways have the same rank. Where something is between, R's own way
 * decides (rank_columns.c): it may be no more than the rounding of printed weights. */
#ifndef ICT_REPLICATE_FACTOR_H
#define ICT_REPLICATE_FACTOR_H

#include "base/err.h"
#include "replicate/inside.h"
#include "replicate/tile.h"

#define ICT_NO_DIRECTION UINT32_MAX

typedef struct ict_directions {
  const ict_replicates *r;
  const ict_tiles *tiles;
  size_t n, capacity, row_capacity, uneven_capacity;
  uint32_t *of_row; /* ICT_NO_DIRECTION: all weights are 0 */
  uint32_t *row;    /* one with the direction */
  double *length;
  bool *uneven; /* as another but in replicates where it has little: looks like nothing, and may be
                   something to R; or NULL */
  double *energy; /* of each row: its squared length */
  double *table;  /* n x n products of unit vectors, and a row of 0; NULL where they are many */
  size_t rank;    /* of all, */
  bool in_doubt;  /* if that is not for the replicates themselves to decide */
  size_t most;    /* no cell's rows have more */
  double least;   /* all are independent, with this pivot at least; 0: they are not */
} ict_directions;

/* Of its length is left of a direction that is none beside the others: half of R's tolerance; */
#define ICT_RANK_NOTHING 5e-6
/* of one that is: more than rounding leaves of weights that are printed with three digits. */
#define ICT_RANK_CLEAR 1e-2
/* What is left of the weights of one that counts, beside a replicate's length among all rows: five
 * times R's tolerance. */
#define ICT_RANK_LIGHT 5e-5
/* Pivots below this are so near to nothing that rounding may come to R's tolerance. */
#define ICT_FACTOR_NEAR 7e-5

/* Those of the data's weights; failing, the fields are ict_directions_done's as well. ICT_FAIL
 * only: no memory. */
ict_status ict_directions_init(ict_directions *d, const ict_replicates *r);
void ict_directions_done(ict_directions *d);

/* Beside rows of this energy, squared weights are not light from here on. */
double ict_rank_heavy(const ict_directions *d, double energy);

static inline bool ict_directions_uneven(const ict_directions *d, uint32_t direction) {
  return d->uneven && d->uneven[direction];
}

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
  double nothing; /* pivots below are none, */
  double clear;   /* others below are neither one nor the other */
  bool between;   /* whether there was such a one */
  bool in_doubt;  /* whether one may count or not, by rounding of weights or of sums */
  double *panel;  /* lines: see ict_factor_panel */
  double *vector; /* for products */
} ict_factor;

ict_status ict_factor_init(ict_factor *f, const ict_directions *d, size_t most);
void ict_factor_done(ict_factor *f);

/* It has none. */
void ict_factor_clear(ict_factor *f);
/* Takes those of the list that are new, until it has f->most. Far ones come first. If it has not
 * then, and something was between, it is in doubt. */
void ict_factor_take(ict_factor *f, const uint32_t *list, size_t n);
/* The same in the list's order, by R's tolerance. */
void ict_factor_take_as_r(ict_factor *f, const uint32_t *list, size_t n);
/* The least that is left of one that was taken, squared. energy: what the rows have of each
 * direction. */
double ict_factor_strength(const ict_factor *f, const double *energy);
/* What at most ICT_PANEL directions are by the factor's rows, side by side, `rank` lines of
 * f->panel. */
void ict_factor_panel(ict_factor *f, const uint32_t *list, size_t n);
/* The same system's last lines alone, from line `first`: right sides in, solutions out. */
void ict_factor_solve_from(const ict_factor *f, size_t first, double *panel);

#endif
