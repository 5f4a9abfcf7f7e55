/* tile_baseline.c - the inner loop for what every machine of this kind has. */
#define VECTOR 16
#define ADD    ict_tile_add_baseline
#include "replicate/tile.inc"
