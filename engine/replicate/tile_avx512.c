/* tile_avx512.c - the inner loops for machines with AVX-512. */
#if defined(__x86_64__)
#define VECTOR 64
#define ROWS   8
#define TILES  ict_tiles_avx512
#include "replicate/tile.inc"
#endif
