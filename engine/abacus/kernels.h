/* kernels.h - the loops over measures, one table of them for each instruction set.
 *
 * All do the same additions and multiplications in the same order, lane by lane, without fused
 * ones: the bits do not depend on the machine. G is the number of groups of 8 measures, L = 8 G
 * the lanes. Slots are arrays of L, one after the other:
 *
 *     unit      doubles A B; uint32 N                          totals of an inner cell in a PSU
 *     moments   doubles A B AA AB BB; uint32 N PSU ZERO_PSU    of PSU totals, as F_M_* in cube
 *     packed    see cube/packed.h
 *
 * ZERO_PSU: PSUs present by rows of weight 0 alone. */
#ifndef ICT_ABACUS_KERNELS_H
#define ICT_ABACUS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { ICT_UNIT_DOUBLES = 2, ICT_UNIT_COUNTS = 1 };
enum { ICT_MOMENTS_DOUBLES = 5, ICT_MOMENTS_COUNTS = 3 };

#define ICT_JOB_END UINT32_MAX
/* One margin cell's PSU total: units first, next[first], ... are added up and enter the moments in
 * slot `slot`, as the k-th PSU. */
typedef struct ict_job {
  uint32_t first, slot, k;
} ict_job;

typedef struct ict_kernels {
  const char *name;
  /* Sets `bit` in yes where the answer is 1, in no where it is 0. */
  void (*pack)(uint8_t bit, const uint8_t *answer, size_t n, uint8_t *yes, uint8_t *no);
  /* Adds rows: slot[i] in units. */
  void (*rows)(size_t G, unsigned char *units, size_t unit_bytes, const uint32_t *slot,
               const double *weight, const uint8_t *yes, const uint8_t *no, size_t bit_stride,
               size_t n);
  void (*close)(size_t G, const ict_job *jobs, size_t n, const unsigned char *units,
                size_t unit_bytes, const uint32_t *next, unsigned char *moments,
                size_t moments_bytes);
  /* Moments of k2 more PSUs join those of k1. */
  void (*join)(size_t G, unsigned char *into, const unsigned char *next, double k1, double k2);
  /* A stratum enters packed sums: V += scale (M + r t t). */
  void (*settle)(size_t G, const unsigned char *moments, double scale, double r,
                 unsigned char *packed);
  /* Doubles and counts of one slot added to another's. */
  void (*add)(size_t n_doubles, size_t n_counts, unsigned char *into, const unsigned char *from);
} ict_kernels;

extern const ict_kernels ict_kernels_baseline;
#if defined(__x86_64__)
extern const ict_kernels ict_kernels_avx2, ict_kernels_avx512;
#endif

/* The widest that this machine has; or the one the environment names in ICTSTAT_SIMD (baseline,
 * avx2, avx512), for tests, where the machine has it. */
const ict_kernels *ict_kernels_choose(void);

#endif
