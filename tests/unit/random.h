/* random.h - numbers drawn at random, and the same in every run. */
#ifndef ICT_TEST_RANDOM_H
#define ICT_TEST_RANDOM_H

#include <stddef.h>
#include <stdint.h>

static uint64_t random_state = 1;

static inline void draw_from(uint64_t seed) { random_state = seed * 0x9E3779B97F4A7C15u + 1; }

static inline double uniform(void) { /* xorshift64*, on [0, 1) */
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (double)((random_state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

static inline size_t below(size_t n) { return (size_t)(uniform() * (double)n); }

#endif
