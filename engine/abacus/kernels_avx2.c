/* kernels_avx2.c - the kernels for machines with AVX2. */
#if defined(__x86_64__)
#define VECTOR  32
#define KERNELS ict_kernels_avx2
#define NAME    "avx2"
#include "abacus/kernels.inc"
#endif
