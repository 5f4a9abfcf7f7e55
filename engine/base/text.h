/* text.h - strings: building, comparing, numbers to text and back, UTF-8.
 *
 * Numbers are always read and written in the C locale, whatever the host set. */
#ifndef ICT_BASE_TEXT_H
#define ICT_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A growing string. `text` is always terminated, never NULL after ict_str_init.
 * A failed growth sets `failed` and drops the text; check it once at the end. */
typedef struct ict_str {
  char *text;
  size_t len, capacity;
  bool failed;
} ict_str;

void ict_str_init(ict_str *s);
void ict_str_done(ict_str *s);
void ict_str_clear(ict_str *s); /* a failure stays */
void ict_str_add(ict_str *s, const char *text);
void ict_str_addn(ict_str *s, const char *text, size_t len);
void ict_str_addf(ict_str *s, const char *fmt, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* With '?' for what a terminal would obey (ict_utf8_unsafe). */
void ict_str_add_safe(ict_str *s, const char *text);
/* Moves the text out (caller frees with ict_free); NULL if any growth failed. */
char *ict_str_take(ict_str *s);

/* A borrowed piece of text, not terminated. */
typedef struct ict_slice {
  const char *text;
  size_t len;
} ict_slice;

ict_slice ict_slice_of(const char *text);
/* Without blanks (space, tab, CR, LF, NBSP) at both ends. */
ict_slice ict_slice_trim_blanks(ict_slice s);
/* Nearly always nothing is to be taken off: that is seen from the two end bytes. */
static inline ict_slice ict_slice_trim(ict_slice s) {
  if (s.len == 0) return s;
  unsigned char first = (unsigned char)s.text[0], last = (unsigned char)s.text[s.len - 1];
  return first > ' ' && first < 0x80 && last > ' ' && last < 0x80 ? s : ict_slice_trim_blanks(s);
}
/* Codes and numbers are short: a call would cost more than they do. */
static inline bool ict_slice_same(ict_slice a, ict_slice b) {
  size_t n = a.len;
  if (n != b.len) return false;
  if (n == 0 || a.text == b.text) return true;
  if (n > 8) return memcmp(a.text, b.text, n) == 0;
  if (n < 4) /* the first, the middle and the last are all of them */
    return a.text[0] == b.text[0] && a.text[n / 2] == b.text[n / 2] &&
           a.text[n - 1] == b.text[n - 1];
  return memcmp(a.text, b.text, 4) == 0 && memcmp(a.text + n - 4, b.text + n - 4, 4) == 0;
}
bool ict_slice_is(ict_slice s, const char *text);
bool ict_text_starts(const char *text, const char *prefix);
/* Names are looked for in lists, and most are told apart by the first letter. */
static inline bool ict_text_same(const char *a, const char *b) {
  return *a == *b && strcmp(a, b) == 0;
}
bool ict_text_ends(const char *text, const char *suffix);
/* Index of the word in a list that ends with NULL, or -1. */
long ict_text_index(const char *word, const char *const *words);
/* Whether the word is one of those that ';' joins: flags of a row, codes of a constraint. */
bool ict_text_lists(const char *list, const char *word);
/* ASCII case folded. */
int ict_text_casecmp(const char *a, const char *b);
/* Runs of digits compare by value, the rest by byte: "2" < "10", "a2" < "a10". Total order. */
int ict_text_natcmp(ict_slice a, ict_slice b);

/* The whole slice as a finite decimal number: sign, digits, `decimal` ('.' or ','),
 * exponent. No inf, nan, hex, blanks or grouping. Correctly rounded. */
bool ict_number_parse(ict_slice s, char decimal, double *out);
bool ict_integer_parse(ict_slice s, int64_t *out);
/* Decimals that such a number is written with: 59.2 has 1, 1.2e3 has -2. */
int64_t ict_number_decimals(const char *text);

/* Shortest decimal text that reads back as the same double; "" for NaN and
 * infinities. buf holds at least ICT_NUMBER_TEXT bytes. Returns the length. */
#define ICT_NUMBER_TEXT 48
size_t ict_number_text(double value, char *buf);

/* Of `names`, the one nearest to `word` (Damerau-Levenshtein, case folded),
 * or NULL where none is near enough to be a slip (distance > 1 + len/4). */
const char *ict_text_nearest(const char *word, const char *const *names, size_t n);

/* Strict UTF-8 (no surrogates, no overlong forms). On failure *bad is the offset. */
bool ict_utf8_valid(const char *text, size_t len, size_t *bad);
/* Columns the text takes on a terminal (wide, combining characters counted right). */
size_t ict_utf8_width(const char *text);
/* Decodes one character, advances *text; 0 at the end, 0xFFFD for a bad byte. */
uint32_t ict_utf8_next(const char **text);
/* Would the character do something to a terminal or to the order of a line (controls,
 * escapes, bidirectional overrides, bad bytes)? Show '?' in its place. */
bool ict_utf8_unsafe(uint32_t c);

#endif
