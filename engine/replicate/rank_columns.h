/* rank_columns.h - the rank of some rows' weights as R has it: replicate by replicate. */
#ifndef ICT_REPLICATE_RANK_COLUMNS_H
#define ICT_REPLICATE_RANK_COLUMNS_H

#include "replicate/factor.h"

/* A thread's own. */
typedef struct ict_rank_columns {
  const ict_replicates *r;
  const ict_tiles *tiles;
  ict_directions d;  /* the replicates, as directions */
  ict_factor factor; /* of them */
  double *shared;    /* products of rows that all measures have, less than 0; lines of ICT_PANEL: */
  double *own;       /* and of one measure's others */
  double *whole;     /* squared lengths of replicates */
  double *block;     /* of each replicate some rows, */
  double *panel;     /* and of ICT_PANEL of them */
  uint32_t *list;    /* replicates that are not 0 throughout */
  uint32_t *of_own;  /* rows: room */
  size_t most_of_own;
} ict_rank_columns;

/* Failing (no memory), ict_rank_columns_done's all the same. */
ict_status ict_rank_columns_init(ict_rank_columns *c, const ict_directions *rows);
void ict_rank_columns_done(ict_rank_columns *c);

/* Which rows count for which measure, and for which of these it is asked. */
typedef struct ict_rank_ask {
  const uint8_t *bits; /* bytes of each row */
  size_t bytes, n_measures;
  const uint8_t *asked; /* bits */
} ict_rank_ask;

/* Of n rows, which are put in another order. rank: of the measures that are asked. strength: as
 * ict_factor_strength, of replicates; 0: not known. */
ict_status ict_rank_by_columns(ict_rank_columns *c, uint32_t *rows, size_t n,
                               const ict_rank_ask *ask, uint32_t *rank, double *strength);

/* triangle.c: of all of them, slower, and right however near replicates are to one another. */
ict_status ict_triangle_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                             uint32_t *rank);

#endif
