/* packed.h - the finished sums of yes/no measures, packed.
 *
 * An ict_sums has a field for everything any measure may need. Of a proportion under one-stage
 * sampling a third of that is never anything but 0, and a cube of a million estimates is read from
 * memory as fast as it is small. A cell holds one array a field, of a lane a measure; lanes are
 * a multiple of 8, so that every array is whole vectors:
 *
 *     doubles  A B W V_AA V_AB V_BB          lanes each
 *     uint32   N PSU STRATA PRESENT LONELY
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

static inline size_t ict_packed_lanes(size_t n_measures) { return (n_measures + 7) / 8 * 8; }
/* Whole vectors of any width, so that the next cell is aligned too. */
static inline size_t ict_packed_bytes(const ict_cube_shape *shape) {
  size_t bytes = ict_packed_lanes(shape->n_measures) *
                 (ICT_PACKED_DOUBLES * sizeof(double) + ICT_PACKED_COUNTS * sizeof(uint32_t));
  return (bytes + ICT_SHEET_ALIGN - 1) / ICT_SHEET_ALIGN * ICT_SHEET_ALIGN;
}

/* The arrays of a cell. */
static inline double *ict_packed_doubles(void *cell) { return (double *)cell; }
static inline uint32_t *ict_packed_counts(void *cell, size_t lanes) {
  return (uint32_t *)cell + 2 * ICT_PACKED_DOUBLES * lanes;
}

/* A finished cube of these cells: margins one after the other, ict_packed_bytes a cell. The cube
 * takes the sheet, also where it fails, and leaves an empty one. No measure is numeric and there
 * are no pairs. */
ict_status ict_cube_of_packed(const ict_cube_shape *shape, const ict_design *design,
                              ict_sheet *cells, ict_cube **out, ict_err *err);

/* cube.c: one measure of a cell. */
ict_sums ict_packed_sums(const ict_cube_shape *shape, void *cell, size_t measure);

#endif
