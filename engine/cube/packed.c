/* packed.c - packed sums read one by one.
 *
 * In: a packed cell. Out: ict_sums. Owns: nothing. */
#include "cube/packed.h"

ict_sums ict_packed_sums(const ict_cube_shape *shape, void *cell, size_t measure) {
  size_t lanes = ict_packed_lanes(shape->n_measures);
  const double *d = ict_packed_doubles(cell) + measure;
  const uint32_t *n = ict_packed_counts(cell, lanes) + measure;
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
  return s;
}
