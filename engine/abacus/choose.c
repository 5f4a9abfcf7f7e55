/* choose.c - which kernels this machine runs.
 *
 * In: the processor, and ICTSTAT_SIMD for tests. Out: a table. Owns: nothing. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abacus/kernels.h"

const ict_kernels *ict_kernels_choose(void) {
  const ict_kernels *best = &ict_kernels_baseline;
  const char *wanted = getenv("ICTSTAT_SIMD");
  if (wanted && strcmp(wanted, best->name) == 0) return best;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) best = &ict_kernels_avx2;
  if (wanted && strcmp(wanted, best->name) == 0) return best;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    best = &ict_kernels_avx512;
#endif
  return best;
}
