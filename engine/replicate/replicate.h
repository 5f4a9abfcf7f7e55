/* replicate.h - replicate weights: where they come from, totals under each, degrees of freedom.
 *
 * Replicates come with the data (one weight a row and replicate) or are made from the sample
 * design (one multiplier a PSU, or unit of the last stage, and replicate, never stored by row). For
 * each margin cell and measure the pass keeps the totals (a, b) of the cube under every replicate;
 * estimate/ makes a theta of each and V = scale sum rscale (theta_r - centre)^2. docs/math.md,
 * "Replicates".
 *
 * Totals are linear, so what is kept is kept once, of fine cells, and a margin's cell is added up
 * from them when it is asked for (or of the margins' cells, where these are fewer). Of jackknives,
 * of which each replicate differs from the full sample in one stratum, PSUs' totals are kept in
 * place of replicates'. As with cubes, totals are fed by one thread and those of consecutive chunks
 * merged in order: same bits for any number of threads. */
#ifndef ICT_REPLICATE_REPLICATE_H
#define ICT_REPLICATE_REPLICATE_H

#include "cube/cube.h"

/* What is asked for. */
typedef struct ict_replicate_request {
  /* NULL: those of the data where it has some, else none; "none"; "jk1", "jkn", "brr", "fay:RHO",
   * "sdr:N", "bootstrap:N", "subbootstrap:N", "mrbbootstrap:N": made from the design. */
  const char *kind;
  uint64_t seed; /* of the bootstraps */
  bool mse;      /* of those made from the design */
  bool no_df;    /* nobody will ask for degrees of freedom: ranks cost much */
} ict_replicate_request;

typedef struct ict_replicates ict_replicates;

/* *out is NULL where the variance is by linearisation: none asked for, or a census. The design is
 * borrowed. Refused: designs from which the kind cannot be made. */
ict_status ict_replicates_new(const ict_design *design, const ict_replicate_request *request,
                              ict_replicates **out, ict_err *err);
void ict_replicates_free(ict_replicates *replicates);

size_t ict_replicates_n(const ict_replicates *replicates);
double ict_replicates_rscale(const ict_replicates *replicates, size_t i);
const char *ict_replicates_name(const ict_replicates *replicates); /* "jkn", "bootstrap", ... */
const char *ict_replicates_text(const ict_replicates *replicates); /* for people */
/* The weights of all rows, n numbers each; NULL: the replicates were made from the design. */
const double *ict_replicates_of_rows(const ict_replicates *replicates);
/* The units that have multipliers, PSUs or units of the last stage; *first_row: their borders. */
size_t ict_replicates_units(const ict_replicates *replicates, const uint64_t **first_row);
/* The multipliers of one PSU, n numbers; only for those made from the design. Of "mrbbootstrap": of
 * one unit of the last stage. */
void ict_replicates_multipliers(const ict_replicates *replicates, size_t unit, double *out);

/* ---- totals ---------------------------------------------------------------------------- */

typedef struct ict_replicate_totals ict_replicate_totals;

/* What totals may take; beyond it, merging refuses. */
#define ICT_REPLICATE_MOST_BYTES 2147483648.0
/* Bytes that the totals of n_rows rows take at most. */
double ict_replicate_bytes(const ict_replicates *replicates, const ict_cube_shape *shape,
                           size_t n_rows);

/* The whole, or a chunk's: `whole` is then the one it will be merged into. */
ict_status ict_replicate_totals_new(const ict_replicates *replicates, const ict_cube_shape *shape,
                                    ict_replicate_totals *whole, ict_replicate_totals **out,
                                    ict_err *err);
void ict_replicate_totals_free(ict_replicate_totals *totals);

/* The same rows as the cube is given; the first is row `row` of the frame. */
ict_status ict_replicate_add(ict_replicate_totals *totals, const ict_cube_rows *rows, size_t row,
                             ict_err *err);
/* All rows of the PSU are in. */
ict_status ict_replicate_close_psu(ict_replicate_totals *totals, size_t psu, ict_err *err);
/* Appends the next chunk's totals and empties them. Refused where they are too many. */
ict_status ict_replicate_merge(ict_replicate_totals *into, ict_replicate_totals *next,
                               ict_err *err);
/* The chunks that totals hold, rows [from, to) of the frame, as bytes; they are empty then. And
 * back, into empty ones of the same replicates and shape, to be merged. */
ict_status ict_replicate_save(ict_replicate_totals *totals, size_t from, size_t to, ict_out *out,
                              ict_err *err);
ict_status ict_replicate_load(ict_replicate_totals *totals, ict_unpack *from, ict_err *err);
/* Once, on the whole: the totals are ready, and the degrees of freedom counted. */
ict_status ict_replicate_finish(ict_replicate_totals *totals, int threads, ict_err *err);

/* One cell and measure. */
typedef struct ict_replicate_cell {
  const ict_replicates *replicates;
  const double *a, *b;          /* totals under each replicate; NULL: nobody is in the cell */
  double df;                    /* rank of the replicate weights of the rows that count, less 1;
                                 * NaN where it was not to be asked for */
  double df_design;             /* the same of all rows */
  size_t n;                     /* replicates; or where some are alike, how many differ: */
  const double *times, *rscale; /* how many each stands for, and their rscales together; or NULL */
} ict_replicate_cell;

/* Where one cell's totals are added up, a thread's own. */
typedef struct ict_replicate_room ict_replicate_room;
ict_status ict_replicate_room_new(const ict_replicate_totals *totals, ict_replicate_room **out,
                                  ict_err *err);
void ict_replicate_room_free(ict_replicate_room *room);

/* After finish; in the room until it is used again. */
ict_replicate_cell ict_replicate_cell_of(const ict_replicate_totals *totals, size_t margin,
                                         size_t cell, size_t measure, ict_replicate_room *room);
/* The same with the replicates that are alike told once: enough for a variance. */
ict_replicate_cell ict_replicate_cell_in_brief(const ict_replicate_totals *totals, size_t margin,
                                               size_t cell, size_t measure,
                                               ict_replicate_room *room);
/* Thetas that a cell can have, also in brief. */
size_t ict_replicates_most_thetas(const ict_replicates *replicates);

/* V of the thetas (NaN: the replicate has none and is left out), centred at `full` with mse.
 * NaN where no replicate has one. *n_dropped: how many were left out. */
double ict_replicate_variance(const ict_replicates *replicates, const double *theta, double full,
                              size_t *n_dropped);
/* The same of a cell's thetas, also in brief. */
double ict_replicate_cell_variance(const ict_replicate_cell *cell, const double *theta, double full,
                                   size_t *n_dropped);

/* Their covariances, for n_of values at once: theta has n_of numbers a replicate; a replicate that
 * lacks one of them is left out. out: n_of x n_of; all NaN where none is left. */
void ict_replicate_covariance(const ict_replicates *replicates, size_t n_of, const double *theta,
                              const double *full, double *out, size_t *n_dropped);

#endif
