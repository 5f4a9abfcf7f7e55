/* tile.h - the inner loop of replicates: a tile of a total under ICT_TILE replicates.
 *
 * to[j] += sum over i of weight[i] * tile[row[i] + j], one i after the other, whatever the
 * instructions: the same bits. */
#ifndef ICT_REPLICATE_TILE_H
#define ICT_REPLICATE_TILE_H

#include <stddef.h>
#include <stdint.h>

#define ICT_TILE 16 /* two cache lines; in registers */

typedef void ict_tile_add(double *to, const double *tile, const double *weight, const uint32_t *row,
                          size_t n);
ict_tile_add ict_tile_add_baseline, ict_tile_add_avx2;

#endif
