/* kernels_baseline.c - the kernels for what every machine of this kind has. */
#define VECTOR  16
#define KERNELS ict_kernels_baseline
#define NAME    "baseline"
#include "abacus/kernels.inc"
