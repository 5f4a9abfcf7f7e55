/* inside.h - what the files of the cube share: the cube itself and the layout of its slots.
 *
 *     rows --psu.c--> PSU totals of fine cells, then of margin cells
 *          --stratum.c--> moments of PSU totals in the open stratum, then scaled sums
 *          --cube.c--> partial strata and sums of consecutive chunks joined
 *
 * A slot is an array of doubles: fields of M = n_measures values each, so that the loops over
 * measures run through memory in order, and then one group of moments for each numeric measure. */
#ifndef ICT_CUBE_INSIDE_H
#define ICT_CUBE_INSIDE_H

#include "cube/cube.h"
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

/* Weighted moments of (y, x) about their means, for deff. */
typedef struct ict_moments {
  double w, q_aa, q_ab, q_bb;
} ict_moments;

/* A stratum of which some or all PSUs were seen. One double more at the end of its slots: in
 * how many PSUs the cell was touched. */
typedef struct ict_partial {
  size_t stratum;
  size_t n_psu; /* closed so far */
  ict_sheet cells;
} ict_partial;

struct ict_cube {
  const ict_cube_shape *shape;
  const ict_design *design;
  size_t n_numeric;
  size_t *numeric;    /* n_numeric: measure of each group of moments */
  size_t *first_cell; /* n_margins + 1: where each margin's cells begin among all */
  bool is_open;       /* a stratum is open */
  bool finished;
  ict_sheet fine;   /* open PSU */
  ict_sheet margin; /* open PSU, rolled up */
  ict_partial open; /* the stratum being fed */
  /* Strata the chunk saw only a part of: at most its first and its last, in order. */
  size_t n_held;
  ict_partial held[2];
  ict_sheet sums; /* whole strata: n_measures ict_sums a cell */
  uint32_t *slot; /* of the rows being added, ROWS_AT_ONCE */
};
#define ROWS_AT_ONCE 1024

static inline size_t ict_psu_doubles(const ict_cube *c) {
  return PSU_FIELDS * c->shape->n_measures + c->n_numeric * (sizeof(ict_moments) / sizeof(double));
}
static inline size_t ict_stratum_doubles(const ict_cube *c) {
  return STRATUM_FIELDS * c->shape->n_measures +
         c->n_numeric * (sizeof(ict_moments) / sizeof(double)) + 1;
}
/* The groups of moments of a PSU's slot and of a stratum's. */
static inline ict_moments *ict_psu_moments(const ict_cube *c, double *slot) {
  return (ict_moments *)(void *)(slot + PSU_FIELDS * c->shape->n_measures);
}
static inline ict_moments *ict_stratum_moments(const ict_cube *c, double *slot) {
  return (ict_moments *)(void *)(slot + STRATUM_FIELDS * c->shape->n_measures);
}
/* In how many PSUs of the stratum the cell was touched. */
static inline double *ict_stratum_touched(const ict_cube *c, double *slot) {
  return slot + ict_stratum_doubles(c) - 1;
}

/* Adds group (w2, a2, b2, moments m2) to group (w1, a1, b1, m1): totals a, b before the union
 * (docs/math.md, "Moments"). The caller adds a and b. */
static inline void ict_moments_join(ict_moments *m1, double a1, double b1, const ict_moments *m2,
                                    double a2, double b2) {
  if (m2->w == 0) return;
  if (m1->w == 0) {
    *m1 = *m2;
    return;
  }
  double w = m1->w + m2->w;
  double da = a2 / m2->w - a1 / m1->w;
  double db = b2 / m2->w - b1 / m1->w;
  double r = m1->w * (m2->w / w);
  m1->w = w;
  m1->q_aa += m2->q_aa + r * da * da;
  m1->q_ab += m2->q_ab + r * da * db;
  m1->q_bb += m2->q_bb + r * db * db;
}

/* psu.c: the totals of the open PSU, rolled up to the margins, enter the open stratum. */
ict_status ict_psu_roll_up(ict_cube *cube, ict_err *err);

/* stratum.c */
/* The open PSU's margin cells enter the stratum. */
ict_status ict_stratum_take_psu(ict_cube *cube, ict_partial *into, ict_err *err);
/* `next` (later PSUs of the same stratum) is joined to `into` and emptied. */
ict_status ict_stratum_join(ict_cube *cube, ict_partial *into, ict_partial *next, ict_err *err);
/* A stratum all of whose PSUs are in: scaled into the cube's sums, and emptied. */
ict_status ict_stratum_finish(ict_cube *cube, ict_partial *stratum, ict_err *err);
/* Sums of later strata of the same cell and measure. */
void ict_sums_join(ict_sums *into, const ict_sums *next, bool numeric);

#endif
