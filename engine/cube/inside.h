/* inside.h - what the files of the cube share: the cube itself and the layout of its slots.
 *
 *     rows --psu.c--> PSU totals of fine cells, then of margin cells
 *          --stratum.c--> moments of PSU totals in the open stratum, then scaled sums
 *          --moments.c--> moments of the rows themselves, past the PSUs
 *          (--stages.c--> the same within a PSU, for later stages; --pps.c--> other moments)
 *          --cube.c--> partial strata and sums of consecutive chunks joined
 *
 * A slot is an array of doubles: fields of M = n_measures values each, so that the loops over
 * measures run through memory in order; in a stratum's, then one group of moments for each numeric
 * measure. */
#ifndef ICT_CUBE_INSIDE_H
#define ICT_CUBE_INSIDE_H

#include "cube/cube.h"
#include "cube/fit.h"
#include "cube/packed.h"
#include "cube/sheet.h"

/* Fields of a slot. Counts are doubles too: exact to 2^53, and the loops stay simple. */
enum {
  F_A,    /* sum of the first total: yes, w y */
  F_B,    /* sum of the second: no, w x */
  F_N,    /* rows that count, weight > 0 */
  F_ZERO, /* rows that count, weight 0: they make a stratum or PSU present, as in R's subset */
  PSU_FIELDS,
  F_M_AA = PSU_FIELDS, /* stratum: moments of the PSU totals about their mean */
  F_M_AB,
  F_M_BB,
  F_PSU,     /* PSUs with F_N > 0 */
  F_PRESENT, /* PSUs with F_N + F_ZERO > 0 */
  STRATUM_FIELDS
};

/* Where PSUs have their own q = 1 - p, each measure's moments with these weights; then the sum of
 * q. They stand behind the groups of moments of a stratum's slot. */
enum { Q_A, Q_B, Q_AA, Q_AB, Q_BB, PPS_FIELDS };

/* Weighted moments of (y, x), for deff: their means, and squares and products about these. */
typedef struct ict_moments {
  double w, mean_a, mean_b, q_aa, q_ab, q_bb;
} ict_moments;

/* A stratum of which some or all PSUs were seen. One double more at the end of its slots: in
 * how many PSUs the cell was touched. */
typedef struct ict_partial {
  size_t stratum;
  size_t n_psu; /* closed so far */
  ict_sheet cells;
} ict_partial;

/* A stage below the first. The sheets have the layouts of a PSU's and of a stratum's, as a unit is
 * to its stratum what a PSU is to its own. */
typedef struct ict_level {
  ict_sheet unit;      /* totals of the open unit */
  ict_partial stratum; /* moments of the units of the open stratum */
  ict_sheet share;     /* of the open parent's closed strata: n_measures shares a cell (stages.c) */
} ict_level;

/* What a cube of residuals has beside (residual.c). */
typedef struct ict_residual {
  const ict_fit *fit;
  double *total;    /* by column: of the open unit's rows */
  size_t n_touched; /* columns that its rows have entries in */
  uint32_t *touched;
  bool *is_touched;
  uint32_t *column; /* entries of a row */
  double *x;
} ict_residual;

struct ict_cube {
  const ict_cube_shape *shape;
  const ict_design *design;
  size_t n_numeric;
  size_t *numeric;    /* n_numeric: measure of each group of moments */
  size_t *first_cell; /* n_margins + 1: where each margin's cells begin among all;
                         before them, ICT_N_CROSS cross cells a pair */
  bool is_open;       /* a stratum is open */
  bool finished;
  ict_sheet fine;   /* open PSU */
  ict_sheet rows;   /* rows of the open stratum by fine cell: n_numeric ict_moments */
  ict_sheet margin; /* open PSU, rolled up */
  ict_partial open; /* the stratum being fed */
  /* Strata the chunk saw only a part of: at most its first and its last, in order. */
  size_t n_held;
  ict_partial held[2];
  ict_sheet sums;                /* whole strata: n_measures ict_sums a cell */
  uint32_t *slot;                /* of the rows being added, ROWS_AT_ONCE: in fine */
  uint32_t *rows_slot;           /* in rows; NULL where no measure is numeric */
  double *shift;                 /* n_measures */
  uint32_t *pair_from, *pair_of; /* pairs that each cell is in; NULL where there are none */
  size_t n_levels;               /* stages of the design below the first */
  ict_level *levels;
  size_t psu; /* the open one, where the design has PPS */
  /* The sums are packed (packed.h): `sums` holds cells of that layout, and but for these and the
   * shifts nothing else is here. */
  bool packed;
  ict_sheet pairs; /* of packed sums, by pair; otherwise they are cells of `sums` */
  size_t lanes;
  ict_lane *lane;         /* by measure */
  ict_residual *residual; /* NULL: totals are the rows' own */
};
#define ROWS_AT_ONCE 1024

/* What a stratum is, apart from any cell. */
typedef struct ict_scaling {
  double n;       /* n_h */
  double scale;   /* (1 - f_h) n_h / (n_h - 1); for n_h = 1: 1 - f_h */
  bool single;    /* one PSU, and not a certainty stratum by its fpc */
  bool in_domain; /* the policy holds for strata with one PSU in the domain too */
  bool adjust;
} ict_scaling;

static inline size_t ict_psu_doubles(const ict_cube *c) {
  return PSU_FIELDS * c->shape->n_measures;
}
static inline size_t ict_stratum_doubles(const ict_cube *c) {
  return STRATUM_FIELDS * c->shape->n_measures +
         c->n_numeric * (sizeof(ict_moments) / sizeof(double)) +
         (c->design->inclusion ? PPS_FIELDS * c->shape->n_measures + 1 : 0) + 1;
}
/* The groups of moments of a stratum's slot. */
static inline ict_moments *ict_stratum_moments(const ict_cube *c, double *slot) {
  return (ict_moments *)(void *)(slot + STRATUM_FIELDS * c->shape->n_measures);
}
static inline double *ict_stratum_pps(const ict_cube *c, double *slot) {
  return (double *)(void *)(ict_stratum_moments(c, slot) + c->n_numeric);
}
/* In how many PSUs of the stratum the cell was touched. */
static inline double *ict_stratum_touched(const ict_cube *c, double *slot) {
  return slot + ict_stratum_doubles(c) - 1;
}

/* Adds a group of rows to another (docs/math.md, "Moments"). */
static inline void ict_moments_join(ict_moments *into, const ict_moments *next) {
  if (next->w == 0) return;
  if (into->w == 0) {
    *into = *next;
    return;
  }
  double w = into->w + next->w, share = next->w / w, r = into->w * share;
  double da = next->mean_a - into->mean_a, db = next->mean_b - into->mean_b;
  into->w = w;
  into->mean_a += share * da;
  into->mean_b += share * db;
  into->q_aa += next->q_aa + r * da * da;
  into->q_ab += next->q_ab + r * da * db;
  into->q_bb += next->q_bb + r * db * db;
}
/* One row. */
static inline void ict_moments_add(ict_moments *into, double w, double y, double x) {
  ict_moments_join(into, &(ict_moments){.w = w, .mean_a = y, .mean_b = x});
}
/* The same of a group whose totals (a, b) are known in place of its means. */
static inline ict_moments ict_moments_of(double w, double a, double b, double q_aa, double q_ab,
                                         double q_bb) {
  return (ict_moments){w, a / w, b / w, q_aa, q_ab, q_bb};
}

/* psu.c */
/* The rows added since the last time, rolled up to the margins, enter the unit's totals. */
ict_status ict_psu_roll_up(ict_cube *cube, ict_sheet *unit, ict_err *err);
/* Totals of a unit's cell are added to those of the unit that holds it. */
void ict_psu_add_slot(const ict_cube *cube, double *into, double *from);

/* moments.c: those of the stratum's rows go from fine cells to the cells of all margins. */
ict_status ict_moments_roll_up(ict_cube *cube, ict_err *err);

/* stratum.c */
/* What a stratum of n units with the fraction f is. */
ict_scaling ict_scaling_of(const ict_cube_shape *shape, double n, double f);
/* One more unit's totals enter a cell of its stratum. */
void ict_stratum_add_unit(const ict_cube *cube, double *into, double *unit);
/* A stratum's part of the design covariance of one cell and measure, whose fields begin at `cell`.
 * r: z / (k (k + z)), for z empty units beside k. */
void ict_stratum_covariance(const ict_scaling *scaling, const double *cell, size_t n, double r,
                            ict_sums *sums);
/* The open PSU's margin cells enter the stratum. */
ict_status ict_stratum_take_psu(ict_cube *cube, ict_partial *into, ict_err *err);
/* `next` (later PSUs of the same stratum) is joined to `into` and emptied. */
ict_status ict_stratum_join(ict_cube *cube, ict_partial *into, ict_partial *next, ict_err *err);
/* A stratum all of whose PSUs are in: scaled into the cube's sums, and emptied. */
ict_status ict_stratum_finish(ict_cube *cube, ict_partial *stratum, ict_err *err);
/* pair.c */
ict_status ict_pairs_init(ict_cube *cube, ict_err *err);
void ict_pairs_done(ict_cube *cube);
/* A fine cell's totals on their way to the cell of a margin (its number among all) enter the cross
 * cells of that cell's pairs. Called where there are pairs. */
ict_status ict_pairs_add(ict_cube *cube, size_t cell, const double *fine, ict_sheet *unit,
                         ict_err *err);

/* The cell among all, and the field of it (0: F_A, 1: F_B), that a cross cell's first (own = 0) or
 * second total is. */
size_t ict_pair_source(const ict_cube *cube, size_t pair, size_t cross, int own, int *field);

/* residual.c: called where the cube is of residuals. */
void ict_residual_free(ict_residual *residual);
/* Rows of the open unit. */
void ict_residual_add(ict_residual *residual, size_t first_row, size_t n);
/* The rows added since the last time are taken off the unit's cells. */
ict_status ict_residual_roll_up(ict_cube *cube, ict_sheet *unit, ict_err *err);

/* share.c: a fine cell's totals enter the cells of all classes of the margin's shares: as the part
 * in its own, and as the whole in each. */
ict_status ict_share_add(ict_cube *cube, size_t margin, size_t cell, double *fine, ict_sheet *unit,
                         ict_err *err);

/* stages.c */
ict_status ict_levels_init(ict_cube *cube, ict_err *err);
void ict_levels_done(ict_cube *cube);
/* The later stages' share of every cell is added to its covariance. */
void ict_levels_finish(ict_cube *cube);

/* pps.c: called where the design has inclusion probabilities. */
/* The open PSU's totals enter the weighted moments of its stratum. */
void ict_pps_add_unit(const ict_cube *cube, double *into, const double *unit);
void ict_pps_join(const ict_cube *cube, double *into, double *next);
/* The stratum is whole: writes F_M_AA .. F_M_BB, the empty PSUs counted in. */
void ict_pps_settle(const ict_cube *cube, size_t stratum, double *slot);

/* Sums of later strata of the same cell and measure. */
void ict_sums_join(ict_sums *into, const ict_sums *next, bool numeric);
/* cube.c: what `average` makes of covariances, once all strata are in. */
void ict_sums_average(ict_sums *sums);

#endif
