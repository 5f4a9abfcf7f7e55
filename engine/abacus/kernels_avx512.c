/* kernels_avx512.c - the kernels for machines with AVX-512. */
#if defined(__x86_64__)
#define VECTOR  64
#define KERNELS ict_kernels_avx512
#define NAME    "avx512"
#include "abacus/kernels.inc"
#endif
