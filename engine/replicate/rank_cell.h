/* rank_cell.h - the rank of one cell's directions, for every measure. */
#ifndef ICT_REPLICATE_RANK_CELL_H
#define ICT_REPLICATE_RANK_CELL_H

#include "replicate/factor.h"
#include "replicate/rank_columns.h"

/* Rows of a fine cell that share a direction and follow one another. */
typedef struct ict_rank_items {
  size_t bytes;            /* of bits */
  size_t *first;           /* of each fine cell, and one more */
  uint32_t *which;         /* their directions */
  uint8_t *bits;           /* measures for which one of the rows counts */
  double *energy;          /* the rows' squared lengths */
  size_t *first_row;       /* of each fine cell, and one more, */
  uint32_t *row;           /* its rows; */
  const uint8_t *row_bits; /* of all rows */
} ict_rank_items;

/* A thread's own. */
typedef struct ict_rank_work {
  const ict_directions *d;
  const ict_rank_items *items;
  size_t n_measures;
  ict_factor factor;
  ict_rank_columns columns; /* none until they are asked for */
  uint8_t *bits;            /* of each direction: measures that have it, */
  double *energy;           /* and what the rows have of it; zero between cells */
  uint32_t *list;           /* the cell's directions */
  uint32_t *shared;         /* those that all asked measures have; */
  uint32_t *others;         /* and those that some lack; */
  uint32_t *own;            /* of these, one measure's */
  size_t n, n_shared, n_others;
  size_t *count;   /* of each measure's directions */
  uint8_t *asked;  /* bits: measures that have any and are not settled; */
  uint8_t *doubt;  /* and of these, those that are in doubt */
  bool *is_taken;  /* directions; false between cells */
  double *inverse; /* most x most, and a line: see rank_cell.c */
  double *shares;  /* of others by what the factor took */
  size_t n_shares, most_shares;
  size_t panel_made; /* of others beyond these */
  double *small;     /* most x most */
  uint32_t *lacking; /* most */
  ict_status st;
} ict_rank_work;

/* Failing (no memory), ict_rank_work_done's all the same. */
ict_status ict_rank_work_init(ict_rank_work *w, const ict_directions *d,
                              const ict_rank_items *items, size_t n_measures);
void ict_rank_work_done(ict_rank_work *w);

/* The cell of these fine cells. rank: of every measure, where it is not d->most already: a part of
 * the cell has as many. strength: the least there is of what was taken, squared; 0: not known. */
ict_status ict_rank_cell(ict_rank_work *w, const uint32_t *fine, size_t n_fine, uint32_t *rank,
                         double *strength);

#endif
