/* cube.h - sums per cell: add rows, close PSU, finish stratum, merge in order.
 *
 * A cube knows nothing of indicators or columns. Its shape says how many measures there
 * are and how the *fine* cells (the finest cross of all axes) roll up to the margins that
 * were asked for. A measure is a pair of totals (a, b):
 *
 *   proportion, count  a = sum w [yes], b = sum w [no]  (not "all": see docs/math.md, no
 *                                                        cancellation at p near 0 and 1)
 *   mean, total        a = sum w y,     b = sum w
 *   ratio              a = sum w y,     b = sum w x
 *
 * Per cell and measure the whole pass leaves: A, B, their design covariance
 * V = (aa, ab, bb), and for flags and deff the unweighted n, sum w, and for numeric
 * measures the weighted moments of (y, x) about their means.
 *
 * Within a stratum the second moments of a cell's PSU totals are centred as they come, PSUs
 * in which the cell is empty entering as zeros when the stratum is finished; so the design's
 * n_h, never the domain's, is used, and nothing is squared before the margin's total is whole.
 *
 * Determinism: a cube is fed by one thread, rows in order; cubes of consecutive chunks (whole
 * PSUs) are merged in chunk order. Chunk borders are a function of the data alone.
 *
 * Memory: an index of four bytes a cell, else only cells that were touched; nothing per PSU
 * or per stratum but for the open ones. */
#ifndef ICT_CUBE_CUBE_H
#define ICT_CUBE_CUBE_H

#include "base/err.h"
#include "base/pack.h"
#include "data/design.h"

typedef struct ict_margin { /* one set of axes that was asked for */
  size_t n_cells;
  /* Fine cell -> cell of this margin, or ICT_NO_CELL. n_fine entries. */
  const uint32_t *cell_of;
} ict_margin;
#define ICT_NO_CELL UINT32_MAX

/* Shares across one axis of a margin: how many classes it has, and how far apart cells of
 * neighbouring classes are. Of a cell, a is then the total of y in it and b that in all classes
 * together, whose rows make n, df and the moments (share.c). All measures are numeric. */
typedef struct ict_sharing {
  size_t n_classes, step; /* n_classes 0: none */
} ict_sharing;
/* The cell of the whole, among those of the margin without the axis. */
static inline size_t ict_sharing_whole(const ict_sharing *s, size_t cell) {
  return cell / (s->n_classes * s->step) * s->step + cell % s->step;
}

typedef struct ict_pair { /* two cells of a margin whose covariance is wanted */
  uint32_t margin, cell[2];
  /* n_group > 0: they are two of the cells first, first + 1 ... of a table that is judged as a
   * whole, so that a unit or stratum is present where any of these is. */
  uint32_t first, n_group;
} ict_pair;

typedef struct ict_cube_shape {
  size_t n_measures;
  const bool *numeric; /* n_measures: values are numbers (mean, ratio, total), not yes and no */
  size_t n_fine;       /* fine cells */
  size_t n_margins;
  const ict_margin *margins;
  ict_lonely lonely;     /* FAIL: who made the plan has refused such designs already */
  bool lonely_in_domain; /* adjust and average also where a domain has one PSU in a stratum */
  size_t n_pairs;        /* of cells that are to be compared */
  const ict_pair *pairs;
  bool one_stage; /* R's survey.ultimate.cluster: the stages below the first are left out */
  const ict_sharing *sharing; /* n_margins; NULL: no shares */
} ict_cube_shape;

/* What is kept of one cell and measure. */
typedef struct ict_sums {
  double a, b;              /* totals */
  double v_aa, v_ab, v_bb;  /* design covariance of (a, b), the lonely policy applied */
  double w;                 /* sum of weights of rows that count */
  double q_aa, q_ab, q_bb;  /* numeric: sum w (y-ym)^2, w (y-ym)(x-xm), w (x-xm)^2 */
  uint64_t n;               /* rows that count, weight > 0 */
  uint64_t n_psu, n_strata; /* that hold such rows */
  uint64_t n_present;       /* strata that hold rows that count, of weight 0 too (R's subset) */
  uint64_t n_lonely;        /* of these, strata that entered under the lonely policy */
  /* a, and every v and q, are of y - shift x in place of y (ict_cube_shift); 0 where the measure
   * was not shifted. */
  double shift;
  /* The share of the stages below the first; finish adds it to v. */
  double s_aa, s_ab, s_bb;
  uint64_t n_lonely_below; /* strata below the first stage that entered under the lonely policy */
} ict_sums;

/* What is kept of a pair of cells and a measure: as of a cell, but with two of (a1, b1, a2, b2) in
 * the place of (a, b), and of units and strata that hold either cell. Kept are the covariances and
 * the counts of PSUs and strata; totals and rows are those of the two cells. */
enum {
  ICT_CROSS_A1_B1,
  ICT_CROSS_A2_B2,
  ICT_CROSS_A1_A2,
  ICT_CROSS_A1_B2,
  ICT_CROSS_B1_A2,
  ICT_CROSS_B1_B2,
  ICT_N_CROSS
};
typedef struct ict_pair_sums {
  ict_sums cross[ICT_N_CROSS];
} ict_pair_sums;

typedef struct ict_cube ict_cube;

/* The cube borrows the shape and the design. */
ict_status ict_cube_new(const ict_cube_shape *shape, const ict_design *design, ict_cube **out,
                        ict_err *err);
void ict_cube_free(ict_cube *cube);

/* A measure's values in a run of rows, before weighting. */
typedef struct ict_cube_values {
  const uint8_t *answer; /* yes/no measures: 0 no, 1 yes, else: the row does not count */
  const double *y;       /* numeric ones: NaN in y or x: the row does not count */
  const double *x;       /* NULL: all 1 */
} ict_cube_values;

/* Rows of the current PSU (all or some of them), as the scan evaluated them. */
typedef struct ict_cube_rows {
  size_t n;
  const uint32_t *fine;          /* fine cell of each row, or ICT_NO_CELL */
  const double *weight;          /* >= 0; NULL: all 1 */
  const ict_cube_values *values; /* n_measures */
  size_t first_row;              /* of the table; only fits and residuals ask (cube/fit.h) */
} ict_cube_rows;

/* Usage: for each chunk of PSUs one cube: open_stratum(h), then for each PSU: add..., close_psu,
 * then close_stratum; a chunk may begin or end inside a stratum. finish is called once on the
 * merged whole. After a failure a cube can only be freed. */
ict_status ict_cube_open_stratum(ict_cube *cube, size_t stratum, ict_err *err);
ict_status ict_cube_add(ict_cube *cube, const ict_cube_rows *rows, ict_err *err);
ict_status ict_cube_close_psu(ict_cube *cube, ict_err *err);
ict_status ict_cube_close_stratum(ict_cube *cube, ict_err *err);

/* One whole PSU of the open stratum, closed. Designs with stages below the first or with PPS need
 * this in place of add and close_psu; the others may use either, with the same bits. `add` hands
 * rows [from, to) of the table to ict_cube_add; it is called for runs that follow one another and
 * never cross a border that matters. */
typedef ict_status ict_cube_feed_fn(void *ctx, uint64_t from, uint64_t to, ict_err *err);
ict_status ict_cube_take_psu(ict_cube *cube, size_t psu, ict_cube_feed_fn *add, void *ctx,
                             ict_err *err);

/* Appends the next chunk's cube to `into` (which holds the chunks just before it). `next` is
 * emptied and may be fed another chunk; it keeps its memory. */
ict_status ict_cube_merge(ict_cube *into, ict_cube *next, ict_err *err);
/* The chunks that a cube holds, as bytes; it is empty then. And back, into an empty cube of the
 * same shape and design, to be merged. */
void ict_cube_save(ict_cube *cube, ict_out *out);
ict_status ict_cube_load(ict_cube *cube, ict_unpack *from, ict_err *err);
/* Refused (ICT_USAGE) where PSUs of some stratum were never closed. */
ict_status ict_cube_finish(ict_cube *cube, ict_err *err);
/* Says that the values of a measure were fed as y - shift x. What a ratio varies by is y - R x; fed
 * without its bulk, a small standard error beside a large mean keeps its digits. */
void ict_cube_shift(ict_cube *cube, size_t measure, double shift);

/* After finish. Cells nobody is in have n = 0. By value, as a cube may keep its sums packed. */
ict_sums ict_cube_sums(const ict_cube *cube, size_t margin, size_t cell, size_t measure);
/* The n of these alone, and whether it can be other than 0 for any measure: for a fraction of what
 * all the sums cost. */
uint64_t ict_cube_n(const ict_cube *cube, size_t margin, size_t cell, size_t measure);
bool ict_cube_touched(const ict_cube *cube, size_t margin, size_t cell);
ict_pair_sums ict_cube_pair(const ict_cube *cube, size_t pair, size_t measure);

#endif
