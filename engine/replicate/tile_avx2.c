/* tile_avx2.c - the inner loops for machines with AVX2. */
#if defined(__x86_64__)
#define VECTOR 32
#define ROWS   4
#define TILES  ict_tiles_avx2
#include "replicate/tile.inc"
#endif
