/* packed.c - where the packed sums of a cell are, and these read one by one.
 *
 * In: a packed cell. Out: ict_sums. Owns: nothing. */
#include "cube/packed.h"

static size_t count_numeric(const ict_cube_shape *shape) {
  size_t n = 0;
  for (size_t m = 0; m < shape->n_measures; m++) n += shape->numeric[m];
  return n;
}

static size_t whole_lines(size_t bytes) {
  return (bytes + ICT_SHEET_ALIGN - 1) / ICT_SHEET_ALIGN * ICT_SHEET_ALIGN;
}

size_t ict_packed_lanes(const ict_cube_shape *shape) {
  return (shape->n_measures + count_numeric(shape) + 7) / 8 * 8;
}

void ict_packed_lanes_of(const ict_cube_shape *shape, ict_lane *out) {
  uint32_t n_answers = 0, n_numeric = 0;
  uint32_t first_numeric = (uint32_t)(shape->n_measures - count_numeric(shape));
  for (size_t m = 0; m < shape->n_measures; m++) {
    if (shape->numeric[m]) {
      uint32_t lane = first_numeric + 2 * n_numeric;
      out[m] = (ict_lane){lane, lane + 1, n_numeric++, true};
    } else {
      out[m] = (ict_lane){n_answers, n_answers, 0, false};
      n_answers++;
    }
  }
}

size_t ict_packed_bytes(const ict_cube_shape *shape) {
  size_t bytes = ict_packed_lanes(shape) *
                     (ICT_PACKED_DOUBLES * sizeof(double) + ICT_PACKED_COUNTS * sizeof(uint32_t)) +
                 count_numeric(shape) * sizeof(ict_packed_moments);
  return whole_lines(bytes);
}

size_t ict_packed_pair_bytes(const ict_cube_shape *shape) {
  return whole_lines(ict_packed_lanes(shape) *
                     (ICT_PAIR_V * sizeof(double) + ICT_PAIR_COUNTS * sizeof(uint32_t)));
}

ict_sums ict_packed_sums(void *cell, size_t lanes, const ict_lane *measure) {
  const double *d = ict_packed_doubles(cell) + measure->total;
  const uint32_t *n = ict_packed_counts(cell, lanes) + measure->count;
  ict_sums s = {.a = d[ICT_PACKED_A * lanes],
                .b = d[ICT_PACKED_B * lanes],
                .w = d[ICT_PACKED_W * lanes],
                .v_aa = d[ICT_PACKED_V_AA * lanes],
                .v_ab = d[ICT_PACKED_V_AB * lanes],
                .v_bb = d[ICT_PACKED_V_BB * lanes],
                .n = n[ICT_PACKED_N * lanes],
                .n_psu = n[ICT_PACKED_PSU * lanes],
                .n_strata = n[ICT_PACKED_STRATA * lanes],
                .n_present = n[ICT_PACKED_PRESENT * lanes],
                .n_lonely = n[ICT_PACKED_LONELY * lanes]};
  if (measure->numeric) {
    const ict_packed_moments *q = ict_packed_moments_at(cell, lanes) + measure->moments;
    s.w = q->w;
    s.q_aa = q->q_aa;
    s.q_ab = q->q_ab;
    s.q_bb = q->q_bb;
  }
  return s;
}

/* The two of A1 B1 A2 B2 that a cross cell is of. */
static const size_t totals_of[ICT_N_CROSS][2] = {
    [ICT_CROSS_A1_B1] = {0, 1}, [ICT_CROSS_A2_B2] = {2, 3}, [ICT_CROSS_A1_A2] = {0, 2},
    [ICT_CROSS_A1_B2] = {0, 3}, [ICT_CROSS_B1_A2] = {1, 2}, [ICT_CROSS_B1_B2] = {1, 3}};

ict_pair_sums ict_packed_pair(void *pair, size_t lanes, const ict_lane *measure) {
  const double *v = ict_packed_doubles(pair) + measure->total;
  const uint32_t *n = ict_packed_pair_counts(pair, lanes) + measure->count;
  ict_pair_sums all = {0};
  for (size_t x = 0; x < ICT_N_CROSS; x++) {
    size_t i = totals_of[x][0], k = totals_of[x][1];
    all.cross[x] = (ict_sums){.v_aa = v[ict_pair_v(i, i) * lanes],
                              .v_ab = v[ict_pair_v(i, k) * lanes],
                              .v_bb = v[ict_pair_v(k, k) * lanes],
                              .n_psu = n[ICT_PAIR_PSU * lanes],
                              .n_strata = n[ICT_PAIR_STRATA * lanes],
                              .n_present = n[ICT_PAIR_PRESENT * lanes],
                              .n_lonely = n[ICT_PAIR_LONELY * lanes]};
  }
  return all;
}
