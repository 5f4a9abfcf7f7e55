/* choose.c - which inner loops this machine runs.
 *
 * In: the processor, and ICTSTAT_SIMD for tests. Out: a table. Owns: nothing. */
#include <stdlib.h>
#include <string.h>

#include "replicate/tile.h"

const ict_tiles *ict_tiles_choose(void) {
  const ict_tiles *best = &ict_tiles_baseline;
  const char *wanted = getenv("ICTSTAT_SIMD");
  if (wanted && strcmp(wanted, "baseline") == 0) return best;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) best = &ict_tiles_avx2;
  if (wanted && strcmp(wanted, "avx2") == 0) return best;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    best = &ict_tiles_avx512;
#endif
  return best;
}
