/* tile_baseline.c - the inner loops for what every machine of this kind has. */
#define VECTOR 16
#define ROWS   2
#define TILES  ict_tiles_baseline
#include "replicate/tile.inc"
