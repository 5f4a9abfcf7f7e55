/* random.h - random numbers of the bootstraps: a function of what they are for.
 *
 * The numbers of a stratum in a replicate are a function of (seed, replicate, stratum) and nothing
 * else, so neither threads nor chunks nor other strata can change them. */
#ifndef ICT_REPLICATE_RANDOM_H
#define ICT_REPLICATE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct ict_stream { /* number i is mix(key + i GOLDEN): SplitMix64 from a hashed start */
  uint64_t at;
} ict_stream;

#define ICT_GOLDEN 0x9e3779b97f4a7c15u

/* The finalizer of SplitMix64 (Steele, Lea and Flood 2014), a bijection with good avalanche. */
static inline uint64_t ict_stream_mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static inline ict_stream ict_stream_of(uint64_t seed, uint64_t replicate, uint64_t stratum) {
  uint64_t key = ict_stream_mix(seed + ICT_GOLDEN);
  key = ict_stream_mix(key ^ (replicate + 1) * 0xd1342543de82ef95u);
  key = ict_stream_mix(key ^ (stratum + 1) * 0xaf251af3b0f025b5u);
  return (ict_stream){key};
}

/* Uniform on 0 .. n-1, 0 < n < 2^32, without bias (Lemire 2019). */
static inline size_t ict_stream_below(ict_stream *s, size_t n) {
  for (;;) {
    uint64_t product = (ict_stream_mix(s->at += ICT_GOLDEN) >> 32) * (uint64_t)n;
    if ((uint32_t)product >= (uint32_t)(0u - (uint32_t)n) % (uint32_t)n) return product >> 32;
  }
}

#endif
