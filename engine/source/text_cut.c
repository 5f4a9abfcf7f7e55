/* text_cut.c - the quick way through a piece of text that is as nearly all are: no quotes, and in
 * every line the fields of the header.
 *
 * In:   text in UTF-8, from the start of a record to the end of one.
 * Out:  where each field ends, row after row; or false, and text_parse.c goes the general way,
 *       which alone knows what else there may be and how to say what is wrong.
 * Owns: nothing.
 *
 * Delimiters and newlines of 64 bytes are bits of a word; which field a bit ends is told by how
 * many there were before it. So no field is looked at by itself: that each n-th of them is a
 * newline, and no other one is, shows that every line has n. Processors that can list the bits of
 * a word do so in one step; the list is the same. */
#include <stdlib.h>

#include "source/text.h"
#include "source/text_bits.h"

enum { FILLER = ' ' }; /* which delimits nothing */

typedef struct cutting {
  char delimiter, quote;
  uint32_t *end, *most; /* where the next one goes; none from `most` on */
  size_t n_newlines;
  uint64_t after_cr; /* 1: the last byte was a CR */
  uint64_t high;     /* 0: all is ASCII so far */
} cutting;

/* What 64 bytes are. */
typedef struct marks {
  uint64_t newline, cr, delimiter, other, high; /* other: quotes and NULs */
} marks;

/* The bits that end a field, to be listed; *ours is false where this is not for us. */
static inline uint64_t take_marks(cutting *c, const marks *m, bool *ours) {
  /* A CR that no LF follows ends a line by itself. */
  uint64_t lone = (m->cr << 1 | c->after_cr) & ~m->newline;
  *ours = !(lone | m->other) && c->most - c->end >= ICT_BITS;
  c->after_cr = m->cr >> 63;
  c->high |= m->high;
  return m->newline | m->delimiter;
}

static bool cut_blocks(cutting *c, const char *text, size_t len, uint32_t at) {
  for (const char *p = text; p < text + len; p += ICT_BITS, at += ICT_BITS) {
    const ict_bits_block block = ict_bits_load(p);
    const marks m = {
        .newline = ict_bits_equal(&block, '\n'),
        .cr = ict_bits_equal(&block, '\r'),
        .delimiter = ict_bits_equal(&block, c->delimiter),
        .other = ict_bits_equal(&block, c->quote) | ict_bits_equal(&block, '\0'),
        .high = ict_bits_high(&block),
    };
    bool ours;
    uint64_t bits = take_marks(c, &m, &ours);
    if (!ours) return false;
    c->n_newlines += ict_bits_count(m.newline);
    uint32_t *end = c->end;
    for (; bits; bits &= bits - 1) *end++ = at + (uint32_t)__builtin_ctzll(bits);
    c->end = end;
  }
  return true;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))) static bool cut_blocks_wide(
    cutting *c, const char *text, size_t len, uint32_t at) {
  static const uint8_t counted[ICT_BITS] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i each = _mm512_loadu_si512(counted);
  const __m512i quote = _mm512_set1_epi8(c->quote), delimiter = _mm512_set1_epi8(c->delimiter);
  const __m512i newline = _mm512_set1_epi8('\n'), cr = _mm512_set1_epi8('\r');
  for (const char *p = text; p < text + len; p += ICT_BITS, at += ICT_BITS) {
    const __m512i block = _mm512_loadu_si512(p);
    const marks m = {
        .newline = _mm512_cmpeq_epi8_mask(block, newline),
        .cr = _mm512_cmpeq_epi8_mask(block, cr),
        .delimiter = _mm512_cmpeq_epi8_mask(block, delimiter),
        .other = _mm512_cmpeq_epi8_mask(block, quote) | _mm512_testn_epi8_mask(block, block),
        .high = _mm512_movepi8_mask(block),
    };
    bool ours;
    uint64_t bits = take_marks(c, &m, &ours);
    if (!ours) return false;
    c->n_newlines += (unsigned)__builtin_popcountll(m.newline);
    const __m512i list = _mm512_maskz_compress_epi8(bits, each), base = _mm512_set1_epi32((int)at);
    const int n = __builtin_popcountll(bits);
    /* Sixteen at a time; there is room for more than there are. */
#define PUT(k)           \
  _mm512_storeu_si512(   \
      c->end + 16 * (k), \
      _mm512_add_epi32(base, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(list, (k)))))
    PUT(0);
    PUT(1);
    if (n > 32) {
      PUT(2);
      PUT(3);
    }
#undef PUT
    c->end += n;
  }
  return true;
}
#endif

typedef bool cut_fn(cutting *c, const char *text, size_t len, uint32_t at);

/* ICTSTAT_SIMD is for tests, as in engine/abacus/choose.c. */
static cut_fn *choose(void) {
#if defined(__x86_64__)
  const char *wanted = getenv("ICTSTAT_SIMD");
  if ((!wanted || strcmp(wanted, "avx512") == 0) && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2"))
    return cut_blocks_wide;
#endif
  return cut_blocks;
}

bool ict_text_cut(const char *text, size_t len, const ict_text_file *file, uint32_t *end,
                  size_t room, size_t *n_rows) {
  cutting c = {.delimiter = file->delimiter, .quote = file->quote, .end = end, .most = end + room};
  const size_t n_fields = file->n_fields, whole = len / ICT_BITS * ICT_BITS;
  /* A blank line is no row; with one field to a line it would look like one. */
  if (len == 0 || len > ICT_TEXT_RECORD_MOST || n_fields < 2) return false;
  /* Nobody shall have to ask whether the last cell has a first byte. */
  if (text[len - 1] == file->delimiter) return false;
  if (!choose()(&c, text, whole, 0)) return false;
  /* The rest, and the newline that the last line of a file may lack. */
  char last[ICT_BITS];
  memset(last, FILLER, sizeof last);
  memcpy(last, text + whole, len - whole);
  if (text[len - 1] != '\n') last[len - whole] = '\n';
  if (!cut_blocks(&c, last, ICT_BITS, (uint32_t)whole)) return false;

  *n_rows = c.n_newlines;
  if (c.high && !ict_utf8_valid(text, len, NULL)) return false;
  if ((size_t)(c.end - end) != *n_rows * n_fields) return false;
  for (size_t row = 1; row <= *n_rows; row++) {
    size_t at = end[row * n_fields - 1];
    if (at < len && text[at] != '\n') return false;
  }
  return true;
}
