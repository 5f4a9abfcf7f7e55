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
 * newline, and no other one is, shows that every line has n. */
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

/* The bytes at text + at; false: this is not for us. */
static inline bool cut_block(cutting *c, const char *bytes, uint32_t at) {
  const ict_bits_block block = ict_bits_load(bytes);
  uint64_t newlines = ict_bits_equal(&block, '\n'), cr = ict_bits_equal(&block, '\r');
  /* A CR that no LF follows ends a line by itself. */
  if (((cr << 1 | c->after_cr) & ~newlines) | ict_bits_equal(&block, c->quote) |
      ict_bits_equal(&block, '\0'))
    return false;
  c->after_cr = cr >> 63;
  c->high |= ict_bits_high(&block);
  c->n_newlines += ict_bits_count(newlines);
  if (c->most - c->end < ICT_BITS) return false;
  uint32_t *end = c->end;
  for (uint64_t bits = newlines | ict_bits_equal(&block, c->delimiter); bits; bits &= bits - 1)
    *end++ = at + (uint32_t)__builtin_ctzll(bits);
  c->end = end;
  return true;
}

bool ict_text_cut(const char *text, size_t len, const ict_text_file *file, uint32_t *end,
                  size_t room, size_t *n_rows) {
  cutting c = {file->delimiter, file->quote, end, end + room, 0, 0, 0};
  const size_t n_fields = file->n_fields, whole = len / ICT_BITS * ICT_BITS;
  /* A blank line is no row; with one field to a line it would look like one. */
  if (len == 0 || len > ICT_TEXT_RECORD_MOST || n_fields < 2) return false;
  /* Nobody shall have to ask whether the last cell has a first byte. */
  if (text[len - 1] == file->delimiter) return false;
  for (size_t at = 0; at < whole; at += ICT_BITS)
    if (!cut_block(&c, text + at, (uint32_t)at)) return false;
  /* The rest, and the newline that the last line of a file may lack. */
  char last[ICT_BITS];
  memset(last, FILLER, sizeof last);
  memcpy(last, text + whole, len - whole);
  if (text[len - 1] != '\n') last[len - whole] = '\n';
  if (!cut_block(&c, last, (uint32_t)whole)) return false;

  *n_rows = c.n_newlines;
  if (c.high && !ict_utf8_valid(text, len, NULL)) return false;
  if ((size_t)(c.end - end) != *n_rows * n_fields) return false;
  for (size_t row = 1; row <= *n_rows; row++) {
    size_t at = end[row * n_fields - 1];
    if (at < len && text[at] != '\n') return false;
  }
  return true;
}
