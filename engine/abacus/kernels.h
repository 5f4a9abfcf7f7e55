/* kernels.h - the loops over measures, one table of them for each instruction set.
 *
 * All do the same additions and multiplications in the same order, lane by lane, without fused
 * ones: the bits do not depend on the machine. G is the number of groups of 8 measures, L = 8 G
 * the lanes. Slots are arrays of L, one after the other:
 *
 *     total     doubles A B                                  of an inner cell's rows, or a cell's
 *     rows      uint32 N                                     of an inner cell's rows
 *     moments   doubles A B AA AB BB; uint32 N PSU ZERO_PSU  of PSU totals, as F_M_* in cube
 *     packed    see cube/packed.h
 *     moments of a pair of cells   doubles A1 B1 A2 B2 and ICT_PAIR_V products; uint32 PSU ZERO_PSU
 *
 * Totals lie in places; in place 0 there are only zeros, which is what a new total begins from: no
 * place is cleared, and nothing branches on whether a cell is new.
 *
 * ZERO_PSU: PSUs present by rows of weight 0 alone. */
#ifndef ICT_ABACUS_KERNELS_H
#define ICT_ABACUS_KERNELS_H

#include "abacus/abacus.h"
#include "cube/packed.h"

enum { ICT_TOTAL_DOUBLES = 2 };
enum { ICT_MOMENTS_DOUBLES = 5, ICT_MOMENTS_COUNTS = 3 };
enum { ICT_PAIR_DOUBLES = ICT_PAIR_TOTALS + ICT_PAIR_V, ICT_PAIR_MOMENTS_COUNTS = 2 };

/* PSU totals that wait to enter a cell's moments together: so many lines are read and written once
 * in place of ICT_MOST_WAITING times. */
enum { ICT_MOST_WAITING = 8 };

/* A row's weight is added to the total in place `from`, and the sum goes to place `to`; as a row it
 * counts in slot `inner`. */
typedef struct ict_row_move {
  uint32_t from, to, inner;
} ict_row_move;

/* Where the rows go in one grid. */
typedef struct ict_row_grid {
  ict_row_move *move; /* by row */
  unsigned char *units, *rows;
} ict_row_grid;

/* Rows of one PSU. */
typedef struct ict_row_run {
  size_t n;
  const double *weight; /* NULL: all 1 */
  const uint8_t *yes, *no;
  size_t bit_stride, n_grids;
  const ict_row_grid *grids;
} ict_row_run;

/* What a PSU's inner cells are added to: a cell of each set of axes. */
typedef struct ict_spread {
  size_t n_units;             /* in places 1 .. n_units of `units` */
  const unsigned char *units; /* totals */
  const uint32_t *inner_of;   /* by place: its inner cell */
  size_t n_sets;
  const uint32_t *seat; /* by inner cell and set: seat of its cell */
  uint32_t *from, *to;  /* by seat: places in `totals`; `from` is 0 before the PSU's first unit */
  uint32_t *touched;    /* seats of which `from` was 0 */
  unsigned char *totals;
  const unsigned char **source; /* n_sets, of use inside only */
  unsigned char **sink;
} ict_spread;

typedef struct ict_kernels {
  const char *name;
  /* counts: 1 or 0; NULL: all rows count. `first`: bits are written, else added. */
  void (*pack)(const ict_abacus_test *yes, const ict_abacus_test *no, const uint8_t *x,
               const uint8_t *counts, size_t n, bool first, uint8_t *to_yes, uint8_t *to_no);
  /* counts &= the test of x; `first`: counts = the test of x. */
  void (*test)(const ict_abacus_test *test, const uint8_t *x, size_t n, bool first,
               uint8_t *counts);
  void (*rows)(size_t G, const ict_row_run *run);
  /* Returns how many seats were touched. */
  size_t (*spread)(size_t G, const ict_spread *spread);
  /* n totals, ICT_MOST_WAITING at most, enter moments of k. */
  void (*enter)(size_t G, const unsigned char *totals, size_t n, double k, unsigned char *moments);
  /* Moments of k2 more PSUs join those of k1. */
  void (*join)(size_t G, unsigned char *into, const unsigned char *next, double k1, double k2);
  /* A stratum enters packed sums: V += scale (M + r t t). */
  void (*settle)(size_t G, const unsigned char *moments, double scale, double r,
                 unsigned char *packed);
  /* Doubles and counts of one slot added to another's. */
  void (*add)(size_t n_doubles, size_t n_counts, unsigned char *into, const unsigned char *from);
  /* As enter, join and settle, of pairs of cells. places: of each PSU's two totals. */
  void (*enter_pair)(size_t G, const unsigned char *totals, const uint32_t (*places)[2], size_t n,
                     double k, unsigned char *moments);
  void (*join_pair)(size_t G, unsigned char *into, const unsigned char *next, double k1, double k2);
  void (*settle_pair)(size_t G, const unsigned char *moments, double scale, double r,
                      unsigned char *packed);
} ict_kernels;

extern const ict_kernels ict_kernels_baseline;
#if defined(__x86_64__)
extern const ict_kernels ict_kernels_avx2, ict_kernels_avx512;
#endif

/* The widest that this machine has; or the one the environment names in ICTSTAT_SIMD (baseline,
 * avx2, avx512), for tests, where the machine has it. */
const ict_kernels *ict_kernels_choose(void);

#endif
