/* abacus.h - the cube at the speed of the machine, for designs of one stage.
 *
 * The same sums as engine/cube, to the bit, by the same additions in the same order; only what does
 * not change a sum is different:
 *
 *   - all yes/no measures of a row are added at once, under bit masks, by vector instructions; the
 *     values of numeric ones beside them (numbers.c), and from the PSU on they are lanes as others;
 *   - axes of which every stratum has one class (area, period, often the type of area) are not in
 *     the cells that rows, PSUs and strata are added to; they come in when a stratum ends;
 *   - a PSU's totals by margin are never written down: they go from the rows' cells through
 *     registers into the moments of their stratum;
 *   - finished sums are packed (cube/packed.h).
 *
 * What it takes: proportions, counts, means, ratios and totals; pairs of cells; one stage, no PPS,
 * no shares, no pairs whose covariance depends on other cells, less than 2^32 rows. The cube serves
 * all else, and is the oracle here: tests/unit/test_abacus_twin.c.
 *
 * A layout is shared and read-only; a desk is one thread's working memory; an abacus holds what a
 * chunk of PSUs came to. Usage: for each chunk, with one desk: open_stratum(h), for each PSU
 * add..., close_psu, then close_stratum; merge the chunks' abaci in order; finish the whole.
 * After a failure a desk and an abacus can only be freed. */
#ifndef ICT_ABACUS_ABACUS_H
#define ICT_ABACUS_ABACUS_H

#include "cube/cube.h"

#define ICT_ABACUS_MOST_AXES 32

typedef struct ict_abacus_shape {
  const ict_cube_shape *cube;
  const ict_design *design;
  size_t n_axes;           /* at most ICT_ABACUS_MOST_AXES */
  const size_t *n_classes; /* of each axis; a row in none of them has class n */
  /* Of each of the cube's margins, the axes as a bit mask. Its cells are mixed radix over the
   * classes of these axes, the last axis fastest. */
  const uint32_t *margin_axes;
  uint32_t inner; /* axes of which the rows of some stratum have several classes */
  /* n_strata x n_axes: the classes of a stratum's first row, of the axes that are not inner. */
  const uint16_t *stratum_class;
  /* By margin, axes that it does not have and in one of whose classes its rows must be all the
   * same: the whole of a table that is tested. NULL: none. */
  const uint32_t *margin_within;
  /* By margin: it is there for pairs of its cells alone, and no other margin's sums may depend on
   * whether it is. NULL: none is. */
  const bool *beside;
} ict_abacus_shape;

/* Whether the shape and design are such as are taken here. */
bool ict_abacus_takes(const ict_cube_shape *shape, const ict_design *design);

typedef struct ict_abacus_layout ict_abacus_layout;
/* Borrows the shape and what it points to. */
ict_status ict_abacus_layout_new(const ict_abacus_shape *shape, ict_abacus_layout **out,
                                 ict_err *err);
void ict_abacus_layout_free(ict_abacus_layout *layout);
/* The rows of a PSU are first added up by the cells of one or more grids of inner axes; each margin
 * is formed from one of them. A row's cell in a grid is the sum of class x stride over the axes;
 * stride 0: an axis that the grid does not have. n_axes entries. */
size_t ict_abacus_n_grids(const ict_abacus_layout *layout);
const size_t *ict_abacus_strides(const ict_abacus_layout *layout, size_t grid);
/* The grid of the margin. Its sums have the bits that the cube gives them where it is asked for the
 * margins of this grid alone. */
size_t ict_abacus_grid_of(const ict_abacus_layout *layout, size_t margin);

typedef struct ict_abacus_desk ict_abacus_desk;
typedef struct ict_abacus ict_abacus;
ict_status ict_abacus_desk_new(const ict_abacus_layout *layout, ict_abacus_desk **out,
                               ict_err *err);
void ict_abacus_desk_free(ict_abacus_desk *desk);
ict_status ict_abacus_new(const ict_abacus_layout *layout, ict_abacus **out, ict_err *err);
void ict_abacus_free(ict_abacus *abacus);

/* Eight measures' answers of a row are a byte of `yes` and one of `no`: a measure is its bit of the
 * byte at [group * stride + row]. A row that does not count for a measure is in neither; that it
 * counts for a numeric one is a `no`. */
typedef struct ict_abacus_bits {
  const uint8_t *yes, *no;
  size_t stride;
} ict_abacus_bits;

/* How many bytes a row's bits are in each of yes and no. */
size_t ict_abacus_groups(const ict_abacus_layout *layout);
typedef struct ict_abacus_place {
  size_t group;
  uint8_t bit; /* 1, 2, 4 ... 128 */
  bool first;  /* of the group's measures */
} ict_abacus_place;
ict_abacus_place ict_abacus_place_of(const ict_abacus_layout *layout, size_t measure);
/* Passed by the bytes first .. first + span; where `bit` is 0 by none. */
typedef struct ict_abacus_test {
  uint8_t first, span, bit;
} ict_abacus_test;
/* Bits of one measure of a group for n rows: where x passes the test `yes`, its bit in to_yes, and
 * the same of `no`; counts (1 or 0; NULL: all 1) says which rows count. `first`: the bytes are
 * written, else bits are added. */
void ict_abacus_pack(const ict_abacus_layout *layout, const ict_abacus_test *yes,
                     const ict_abacus_test *no, const uint8_t *x, const uint8_t *counts, size_t n,
                     bool first, uint8_t *to_yes, uint8_t *to_no);
/* Of n rows those count (1, else 0) where x passes, and which counted before; `first`: all did. */
void ict_abacus_restrict(const ict_abacus_layout *layout, const ict_abacus_test *test,
                         const uint8_t *x, size_t n, bool first, uint8_t *counts);

/* Rows of the open PSU. */
typedef struct ict_abacus_rows {
  size_t n;
  const uint32_t *cell; /* of each row, in grid g at [g * cell_stride + row] */
  size_t cell_stride;
  const double *weight; /* >= 0; NULL: all 1 */
  ict_abacus_bits bits;
  const ict_cube_values *values; /* by measure; read of numeric ones alone */
} ict_abacus_rows;

void ict_abacus_open_stratum(ict_abacus_desk *desk, size_t stratum);
ict_status ict_abacus_add(ict_abacus_desk *desk, const ict_abacus_rows *rows, ict_err *err);
ict_status ict_abacus_close_psu(ict_abacus_desk *desk, ict_err *err);
/* What the desk has of the stratum goes to the abacus. */
ict_status ict_abacus_close_stratum(ict_abacus_desk *desk, ict_abacus *abacus, ict_err *err);

/* Appends the next chunk's abacus to `into`, and empties it; it keeps its memory. */
ict_status ict_abacus_merge(ict_abacus *into, ict_abacus *next, ict_err *err);
/* What an abacus holds as bytes; it is empty then. And back, into an empty one of the same layout.
 */
void ict_abacus_save(ict_abacus *abacus, ict_out *out);
ict_status ict_abacus_load(ict_abacus *abacus, ict_unpack *from, ict_err *err);
/* The finished cube; the abacus can only be freed then. Refused (ICT_USAGE) where PSUs of some
 * stratum were never closed. */
ict_status ict_abacus_finish(ict_abacus *abacus, ict_cube **out, ict_err *err);

#endif
