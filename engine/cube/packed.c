/* packed.c - where the packed sums of a cell are, and these read one by one.
 *
 * In: a packed cell. Out: ict_sums. Owns: nothing. */
#include "cube/packed.h"

static size_t count_numeric(const ict_cube_shape *shape) {
  size_t n = 0;
  for (size_t m = 0; m < shape->n_measures; m++) n += shape->numeric[m];
  return n;
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
  return (bytes + ICT_SHEET_ALIGN - 1) / ICT_SHEET_ALIGN * ICT_SHEET_ALIGN;
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
