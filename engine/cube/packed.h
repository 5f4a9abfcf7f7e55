/* packed.h - finished sums, packed.
 *
 * An ict_sums has a field for everything any measure may need. Of a proportion under one-stage
 * sampling a third of that is never anything but 0, and a cube of a million estimates is read from
 * memory as fast as it is small. A cell holds one array a field, of a lane a measure; lanes are
 * a multiple of 8, so that every array is whole vectors:
 *
 *     doubles  A B W V_AA V_AB V_BB          lanes each
 *     uint32   N PSU STRATA PRESENT LONELY
 *     doubles  W Q_AA Q_AB Q_BB              for each numeric measure
 *
 * A numeric measure has two lanes, behind those of the others: one for its totals, whose sign says
 * nothing, and one for who counts, where all answer no: A is 0 there, and B the weights.
 *
 * Of a pair of cells, the design covariance of its four totals, and the same counts but N, of
 * units and strata that hold either:
 *
 *     doubles  V of (A1 A1) (A1 B1) (A1 A2) (A1 B2) (B1 B1) ... (B2 B2)   lanes each
 *     uint32   PSU STRATA PRESENT LONELY
 *
 * Counts are of rows and PSUs of a table of less than 2^32 rows. */
#ifndef ICT_CUBE_PACKED_H
#define ICT_CUBE_PACKED_H

#include "cube/cube.h"
#include "cube/sheet.h"

enum {
  ICT_PACKED_A,
  ICT_PACKED_B,
  ICT_PACKED_W,
  ICT_PACKED_V_AA,
  ICT_PACKED_V_AB,
  ICT_PACKED_V_BB,
  ICT_PACKED_DOUBLES
};
enum {
  ICT_PACKED_N,
  ICT_PACKED_PSU,
  ICT_PACKED_STRATA,
  ICT_PACKED_PRESENT,
  ICT_PACKED_LONELY,
  ICT_PACKED_COUNTS
};

/* Of a pair. */
enum { ICT_PAIR_TOTALS = 4, ICT_PAIR_V = 10 };
enum { ICT_PAIR_PSU, ICT_PAIR_STRATA, ICT_PAIR_PRESENT, ICT_PAIR_LONELY, ICT_PAIR_COUNTS };
/* Place of the covariance of totals i <= k of A1 B1 A2 B2. */
static inline size_t ict_pair_v(size_t i, size_t k) { return i * (7 - i) / 2 + k; }

typedef struct ict_packed_moments { /* of a numeric measure, about its means */
  double w, q_aa, q_ab, q_bb;
} ict_packed_moments;

/* Where a measure's numbers are. */
typedef struct ict_lane {
  uint32_t total;   /* lane of A B and V */
  uint32_t count;   /* of W and the counts; of a yes/no measure the same */
  uint32_t moments; /* of a numeric one: which of the moments */
  bool numeric;
} ict_lane;

size_t ict_packed_lanes(const ict_cube_shape *shape);
/* out: n_measures. */
void ict_packed_lanes_of(const ict_cube_shape *shape, ict_lane *out);
/* Whole vectors of any width, so that the next cell is aligned too. */
size_t ict_packed_bytes(const ict_cube_shape *shape);

/* The arrays of a cell. */
static inline double *ict_packed_doubles(void *cell) { return (double *)cell; }
static inline uint32_t *ict_packed_counts(void *cell, size_t lanes) {
  return (uint32_t *)cell + 2 * ICT_PACKED_DOUBLES * lanes;
}

static inline ict_packed_moments *ict_packed_moments_at(void *cell, size_t lanes) {
  return (ict_packed_moments *)(void *)(ict_packed_counts(cell, lanes) + ICT_PACKED_COUNTS * lanes);
}

size_t ict_packed_pair_bytes(const ict_cube_shape *shape);
/* The counts of a pair. */
static inline uint32_t *ict_packed_pair_counts(void *pair, size_t lanes) {
  return (uint32_t *)pair + 2 * ICT_PAIR_V * lanes;
}

/* A finished cube of these cells, margins one after the other, ict_packed_bytes a cell; and of the
 * shape's pairs. The cube takes the sheets, also where it fails, and leaves empty ones. */
ict_status ict_cube_of_packed(const ict_cube_shape *shape, const ict_design *design,
                              ict_sheet *cells, ict_sheet *pairs, ict_cube **out, ict_err *err);

/* cube.c, pair.c: one measure of a cell, of a pair. */
ict_sums ict_packed_sums(void *cell, size_t lanes, const ict_lane *measure);
ict_pair_sums ict_packed_pair(void *pair, size_t lanes, const ict_lane *measure);

#endif
