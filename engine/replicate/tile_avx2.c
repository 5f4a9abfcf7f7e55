/* tile_avx2.c - the inner loop for machines with AVX2. */
#if defined(__x86_64__)
#define VECTOR 32
#define ADD    ict_tile_add_avx2
#include "replicate/tile.inc"
#endif
