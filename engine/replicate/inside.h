/* inside.h - what the files of the replicates share.
 *
 *     kinds.c      a request and a design -> replicates of one of six forms
 *     hadamard.c   the signs of half-samples and successive differences
 *     resample.c   counts of the bootstraps of PSUs
 *     successive.c rows of the matrix for each PSU: successive differences
 *     preston.c    the bootstrap of all stages
 *     calibrated.c replicates of calibrated weights
 *     totals.c     rows and PSUs -> totals under each replicate
 *     batch.c      several units at a time
 *     tile*.c      inner loops; choose.c which of them
 *     jackknife.c  totals of PSUs in place of those of replicates
 *     pieces.c     totals as bytes, and back
 *     room.c       the totals of one cell
 *     rank.c       who counted -> degrees of freedom of those made from the design
 *     rank_rows.c  the same of weights of the data: margins from fine to coarse
 *     rank_cell.c  one cell, all measures; directions.c, factor.c what it rests on
 *     rank_columns.c  the same as R does it, where rounding may have a say; triangle.c
 *     span.c       vectors -> how many are independent
 *     variance.c   thetas -> V */
#ifndef ICT_REPLICATE_INSIDE_H
#define ICT_REPLICATE_INSIDE_H

#include "cube/sheet.h"
#include "replicate/replicate.h"
#include "replicate/tile.h"

typedef enum ict_form {
  FORM_ROWS,   /* weights by row, of the data */
  FORM_LEAVE,  /* jackknife: each replicate leaves out one PSU */
  FORM_SIGNS,  /* half-samples: rho or 2 - rho by the sign of a Hadamard matrix */
  FORM_COUNTS, /* bootstrap: factor of the stratum times how often the PSU was drawn */
  FORM_LINKS,  /* successive differences: by two rows of a Hadamard matrix */
  FORM_STAGES  /* multistage bootstrap: multipliers of the units of the last stage */
} ict_form;

/* FORM_LEAVE: the replicate of a stratum's PSUs follow one another. */
typedef struct ict_left_out {
  size_t first, n; /* replicates of the stratum; n 0: none, it has no variance */
  double inside;   /* multiplier of the stratum's other PSUs */
  double outside;  /* of other strata's */
} ict_left_out;

/* LEAVE: replicates of all strata whose `outside` is 1, and of those of another. */
typedef struct ict_left_rest {
  size_t n;
  double rscale; /* of them together */
  double outside;
} ict_left_rest;

typedef struct ict_hadamard {
  size_t order; /* 2^k (q + 1), or 2^k where q is 0 */
  size_t q;     /* a prime, 3 mod 4 */
  bool *square; /* q: is it a square mod q? */
} ict_hadamard;

/* LINKS: the matrix's rows between a PSU and its neighbours. */
typedef struct ict_link {
  uint32_t before, after;
} ict_link;

/* STAGES: one stage of the design; what is the design's is borrowed. */
typedef struct ict_level {
  size_t n_units, n_strata;
  const uint64_t *first_row;  /* of units */
  const uint64_t *first_unit; /* of strata */
  const double *fraction;     /* of strata, or NULL */
  uint32_t *stratum_of;       /* of units */
  uint32_t *parent_of;        /* of strata: the unit of the stage above */
  double *lambda;             /* of strata; 0: no variance at this stage */
  uint64_t *kept;             /* of units: a bit a replicate */
} ict_level;

struct ict_replicates {
  const ict_design *design;
  ict_form form;
  ict_form made_as; /* what their rank is of: calibration may turn any form into weights by row */
  size_t n;
  double scale;
  double *rscale_own;
  const double *rscale; /* NULL: all 1 */
  bool mse;
  double df;        /* 0: by rank; NaN: not to be asked for */
  const char *name; /* one word */
  char text[96];
  const double *weight; /* ROWS: n_rows x n */
  double *weight_own;   /* where they are no one else's */
  ict_left_out *left;   /* LEAVE: n_strata */
  ict_left_rest left_rest[2];
  ict_hadamard hadamard; /* SIGNS, LINKS */
  double rho;
  uint16_t *count;            /* COUNTS: n_psu x n */
  double *factor;             /* COUNTS, LINKS: n_strata */
  uint32_t *stratum_of;       /* n_psu; but for ROWS */
  bool repeats_to_population; /* COUNTS: the draws know the fpc */
  ict_link *link;             /* LINKS: n_psu */
  bool may_coincide;          /* COUNTS, STAGES: see ict_may_coincide */
  size_t n_levels;            /* STAGES */
  ict_level *levels;
};

/* Thetas that differ by less than this share of themselves do so by rounding: all of a domain's
 * replicates of 100 % are 100 %. */
#define ICT_THETA_ROUNDING 1e-13
/* What is left of a new vector beside its length, of those that count for a rank: R's in degf(). */
#define ICT_RANK_TOLERANCE 1e-5

/* Whether every replicate has the whole stratum with multiplier 1: a certainty stratum, or a
 * single PSU whose policy says so. */
bool ict_replicate_is_fixed(const ict_replicates *r, size_t stratum);

/* Those made from a design whose weights are calibrated become calibrated weights by row. */
ict_status ict_replicates_calibrate(ict_replicates *r, ict_err *err);

/* The smallest order above n. */
ict_status ict_hadamard_init(ict_hadamard *h, size_t n, ict_err *err);
void ict_hadamard_done(ict_hadamard *h);
/* 1 or -1. Row 0 is all 1; the rows are orthogonal. */
int ict_hadamard_at(const ict_hadamard *h, size_t row, size_t column);

/* Fills r->count and r->factor. less: draws fewer than the stratum has PSUs (0: Canty and Davison,
 * with the fpc; 1: Rao and Wu). */
ict_status ict_resample(ict_replicates *r, size_t less, uint64_t seed, ict_err *err);

/* Successive differences, r->n a Hadamard matrix's order: fills r->link and r->factor. */
ict_status ict_successive(ict_replicates *r, ict_err *err);
void ict_successive_multipliers(const ict_replicates *r, size_t psu, double *out);

/* Preston's bootstrap: fills r->levels; those of a failure too are ict_preston_free's. */
ict_status ict_preston(ict_replicates *r, uint64_t seed, ict_err *err);
void ict_preston_free(ict_replicates *r);
void ict_preston_multipliers(const ict_replicates *r, size_t leaf, double *out);

/* A table of draws beyond 2 GiB is refused. */
ict_status ict_refuse_draws(double bytes, const ict_replicates *r, ict_err *err);

/* The unit that holds the row: of n units with n + 1 borders, `from` or a later one; a near one is
 * found soon. */
size_t ict_replicate_unit_of(const uint64_t *first_row, size_t n, size_t from, size_t row);

/* Rank of the multipliers of the units that hold the rows, which ascend. */
ict_status ict_successive_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                               uint32_t *rank);
ict_status ict_preston_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                            uint32_t *rank);

/* span.c: an orthonormal basis that grows. */
typedef struct ict_span {
  size_t length, rank, capacity;
  double *vectors; /* rank of them */
  double *rest;    /* the vector to be added */
} ict_span;
/* Failing (no memory), ict_span_done's all the same. */
ict_status ict_span_init(ict_span *s, size_t length);
void ict_span_done(ict_span *s);
/* s->rest becomes what is left of it beside the basis; returns its length. */
double ict_span_beside(ict_span *s);
/* Such a rest of that length joins the basis. */
ict_status ict_span_join(ict_span *s, double left);
/* What is left of s->rest beside the basis joins it, if it is of R's tolerance beside `whole`. */
ict_status ict_span_add(ict_span *s, double whole);
/* The rank of n vectors, at most `most`; fill writes number i, `length` doubles. */
typedef void ict_vector_fn(const void *ctx, size_t i, double *out);
ict_status ict_span_rank(size_t n, size_t length, size_t most, ict_vector_fn *fill, const void *ctx,
                         uint32_t *rank);

/* A step through n that meets each once and far ones early: neighbours are often alike. n > 0. */
size_t ict_step_through(size_t n);

/* Draws are few where a unit is often drawn in the same way in all of `replicates`: then vectors of
 * different units may be the same, and others depend on one another, by chance. often: the largest
 * share of replicates that draw a unit equally often. */
bool ict_may_coincide(double often, size_t replicates);

/* Which rows counted for which measure, and in which fine cell; filled by all chunks, each its own
 * rows. */
typedef struct ict_counted {
  size_t bytes_a_row; /* of bits */
  uint32_t *fine;     /* n_rows */
  uint8_t *bits;      /* n_rows x bytes_a_row: measures */
} ict_counted;

/* Units (rows, PSUs, units of the last stage) that wait to be added to keys' totals. */
typedef struct ict_batch_item {
  uint32_t unit, next; /* the key's next item, plus 1 */
} ict_batch_item;

typedef struct ict_batch {
  size_t n, n_totals; /* replicates; totals of a key */
  size_t n_units, n_items;
  const double *weight; /* of the first waiting row, where units are rows: of n numbers each */
  size_t first_row;
  double *multiplier; /* of the other units, by tiles of replicates */
  double *total;      /* of the items */
  ict_batch_item *item;
  ict_sheet keys; /* the items of each key */
  const ict_tiles *tiles;
  double *factor; /* room for one key's work */
  uint32_t *place, *n_places;
  size_t most_at_once;
} ict_batch;

/* The fields are void where it fails, and ict_batch_done frees what is there. */
ict_status ict_batch_init(ict_batch *b, size_t n_keys, size_t n_totals, size_t n, bool of_rows,
                          ict_err *err);
void ict_batch_done(ict_batch *b);
/* Other keys, of an empty batch. */
ict_status ict_batch_keys(ict_batch *b, size_t n_keys, ict_err *err);
/* No room for another item, or another unit. */
bool ict_batch_is_full(const ict_batch *b);
void ict_batch_add_unit(ict_batch *b, const double *multiplier);
/* The next row; weight: its own. False where those that wait must be flushed first. */
bool ict_batch_add_row(ict_batch *b, size_t row, const double *weight);
/* The last unit's totals of a key, zeroed, to be filled; NULL: no memory. */
double *ict_batch_add_item(ict_batch *b, uint32_t key);
/* To the slots of `into`: n_totals x n numbers a key. */
ict_status ict_batch_flush(ict_batch *b, ict_sheet *into, ict_err *err);

/* Jackknife: what each PSU that touched a key has there. In order of PSUs; after finish of keys. */
typedef struct ict_left_items {
  size_t n, capacity;
  uint32_t *psu, *key;
  double *total; /* n x measures x (a, b); after finish measures x n x (a, b) */
  size_t *first; /* after finish, of each slot of `keys` and one more */
} ict_left_items;

struct ict_replicate_totals {
  const ict_replicates *replicates;
  const ict_cube_shape *shape;
  ict_replicate_totals *whole; /* NULL: this is it */
  size_t *first_cell;          /* n_margins + 1 */
  /* What totals are kept by: fine cells, or the cells of all margins (first_cell) where these are
   * fewer. */
  bool by_margin;
  size_t n_keys;
  double most_fine;      /* bytes of fine cells, before they roll up */
  ict_sheet psu;         /* the open unit's fine cells: measures x (a, b), full sample */
  ict_sheet rolled;      /* the same by margin */
  ict_sheet keys;        /* a slot: measures x (a, b) x n; of a jackknife: nothing */
  ict_batch batch;       /* but of a jackknife */
  ict_left_items items;  /* of a jackknife */
  double *multiplier;    /* of the unit being closed */
  size_t leaf, leaf_end; /* STAGES: the open unit of the last stage, its end; 0: none is */
  ict_counted counted;   /* the whole's */
  size_t *first_of;      /* after finish, of each margin cell and one more: its first in slot_of; */
  uint32_t *slot_of;     /* slots of `keys` */
  uint32_t *rank;        /* the whole's, after finish: cells x measures; NULL: df is given */
  uint32_t rank_of_all;  /* of all rows' weights */
};

/* jackknife.c: a PSU's totals of a key; those of the PSUs that follow; finish. */
ict_status ict_left_add(ict_replicate_totals *t, size_t psu, uint32_t key, const double *total,
                        ict_err *err);
ict_status ict_left_append(ict_replicate_totals *into, const ict_left_items *next, ict_err *err);
ict_status ict_left_index(ict_replicate_totals *t, ict_err *err);
void ict_left_done(ict_left_items *items);
/* Totals of a cell's slots under every replicate, or of those that differ. */
void ict_left_cell(const ict_replicate_totals *t, const uint32_t *slots, size_t n_slots,
                   size_t measure, double *a, double *b);

/* Where one cell's totals are added up. */
struct ict_replicate_room {
  double *a, *b; /* n, one after the other; of a jackknife as many as there are thetas in brief */
  double *times, *rscale;
  /* Of a jackknife, the cell that was taken last: */
  double *total; /* (a, b) of PSUs; zero but of these n_psus: */
  uint32_t *psus;
  size_t n_psus;
  uint64_t *touched; /* bits of PSUs, zero between calls */
};
size_t ict_left_brief(const ict_replicate_totals *t, const uint32_t *slots, size_t n_slots,
                      size_t measure, ict_replicate_room *room);

/* totals.c: all that waits is added; fine cells become the margins' cells; nothing is left. */
ict_status ict_replicate_settle(ict_replicate_totals *t, ict_err *err);
ict_status ict_replicate_roll_up(ict_replicate_totals *t, ict_err *err);
ict_status ict_replicate_empty(ict_replicate_totals *t, ict_err *err);

/* Fills rank and rank_of_all; of weights of the data, by rank_rows.c. */
ict_status ict_replicate_ranks(ict_replicate_totals *whole, int threads, ict_err *err);
ict_status ict_rank_rows(ict_replicate_totals *whole, int threads, ict_err *err);

#endif
