/* text_bits.h - 64 bytes of text at once: which of them are a given byte, as bits; inside the room
 * only. The first byte in memory is the lowest bit. */
#ifndef ICT_SOURCE_TEXT_BITS_H
#define ICT_SOURCE_TEXT_BITS_H

#include <stdint.h>
#include <string.h>

enum { ICT_BITS = 64 };

static inline unsigned ict_bits_count(uint64_t bits) {
  bits -= bits >> 1 & UINT64_C(0x5555555555555555);
  bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
  bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
  return (unsigned)(bits * UINT64_C(0x0101010101010101) >> 56);
}

#if defined(__SSE2__)
#include <emmintrin.h>

typedef struct ict_bits_block {
  __m128i a, b, c, d;
} ict_bits_block;

static inline ict_bits_block ict_bits_load(const char *p) {
  const __m128i *at = (const __m128i *)(const void *)p;
  return (ict_bits_block){_mm_loadu_si128(at), _mm_loadu_si128(at + 1), _mm_loadu_si128(at + 2),
                          _mm_loadu_si128(at + 3)};
}

/* Bytes that are no ASCII: the highest bits, side by side. */
static inline uint64_t ict_bits_high(const ict_bits_block *x) {
  uint64_t low = (unsigned)_mm_movemask_epi8(x->a) | (unsigned)_mm_movemask_epi8(x->b) << 16;
  uint64_t high = (unsigned)_mm_movemask_epi8(x->c) | (unsigned)_mm_movemask_epi8(x->d) << 16;
  return low | high << 32;
}

static inline uint64_t ict_bits_equal(const ict_bits_block *x, char c) {
  const __m128i all = _mm_set1_epi8(c);
  const ict_bits_block same = {_mm_cmpeq_epi8(x->a, all), _mm_cmpeq_epi8(x->b, all),
                               _mm_cmpeq_epi8(x->c, all), _mm_cmpeq_epi8(x->d, all)};
  return ict_bits_high(&same);
}

#else

typedef struct ict_bits_block {
  uint64_t word[8];
} ict_bits_block;

static inline ict_bits_block ict_bits_load(const char *p) {
  ict_bits_block b;
  memcpy(b.word, p, sizeof b.word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  for (int i = 0; i < 8; i++) b.word[i] = __builtin_bswap64(b.word[i]);
#endif
  return b;
}

/* Bytes that are no ASCII: the highest bits, side by side. */
static inline uint64_t ict_bits_high(const ict_bits_block *b) {
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++)
    bits |= ((b->word[i] >> 7 & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56)
            << (8 * i);
  return bits;
}

static inline uint64_t ict_bits_equal(const ict_bits_block *b, char c) {
  const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
  ict_bits_block same;
  for (int i = 0; i < 8; i++) {
    uint64_t word = b->word[i] ^ (unsigned char)c * UINT64_C(0x0101010101010101);
    same.word[i] = ~(((word & low) + low) | word | low);
  }
  return ict_bits_high(&same);
}

#endif

#endif
