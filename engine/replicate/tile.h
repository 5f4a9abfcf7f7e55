/* tile.h - the inner loops of replicates, for one set of instructions each.
 *
 * Every number is added up in the order that is told here, whatever the instructions, without fused
 * operations: the same bits. A panel is vectors side by side: number k of vector c is
 * panel[k * ICT_PANEL + c]. */
#ifndef ICT_REPLICATE_TILE_H
#define ICT_REPLICATE_TILE_H

#include <stddef.h>
#include <stdint.h>

#define ICT_TILE  16 /* two cache lines; in registers */
#define ICT_PANEL 8  /* one line; of several rows in registers */

typedef struct ict_tiles {
  /* A tile of a total under ICT_TILE replicates: to[j] += sum over i of weight[i] * tile[row[i] +
   * j], one i after the other. */
  void (*add)(double *to, const double *tile, const double *weight, const uint32_t *row, size_t n);
  /* to[i] -= sum over k < n of rows[i][k] * panel[k], one k after the other; each to[i] a line of
   * ICT_PANEL. */
  void (*subtract)(double *to, const double *const *rows, size_t n_rows, const double *panel,
                   size_t n);
  /* A triangular system: panel[i] becomes (panel[i] - sum over k < i of l[i * stride + k] *
   * panel[k]) * inverse[i]. */
  void (*solve)(double *panel, const double *l, size_t stride, const double *inverse, size_t n);
} ict_tiles;

extern const ict_tiles ict_tiles_baseline, ict_tiles_avx2, ict_tiles_avx512;

/* What this machine runs; ICTSTAT_SIMD names another, for tests. */
const ict_tiles *ict_tiles_choose(void);

#endif
