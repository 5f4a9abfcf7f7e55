/* text_scan.c - where records end.
 *
 * In:   a piece of text and the quote character.
 * Out:  borders of records, counts of lines, positions for messages.
 * Owns: nothing. */
#include <string.h>

#include "source/text.h"
#include "source/text_bits.h"

/* The next CR or LF, or `end`. Looked for window by window: in a file whose lines end in
 * CR alone a search for LF would run to the end of the file for every record. */
static const char *find_newline(const char *p, const char *end) {
  enum { WINDOW = 1024 };
  while (p < end) {
    size_t n = (size_t)(end - p);
    if (n > WINDOW) n = WINDOW;
    const char *lf = memchr(p, '\n', n);
    const char *cr = memchr(p, '\r', lf ? (size_t)(lf - p) : n);
    if (cr) return cr;
    if (lf) return lf;
    p += n;
  }
  return end;
}

static const char *skip_newline(const char *p, const char *end) {
  if (p == end) return end;
  return *p == '\r' && p + 1 < end && p[1] == '\n' ? p + 2 : p + 1;
}

ict_text_record ict_text_scan(const char *p, const char *end, char quote) {
  ict_text_record record = {.start = p};
  const char *stop = find_newline(p, end);
  const char *opening;
  while ((opening = memchr(p, quote, (size_t)(stop - p)))) {
    record.has_quotes = true;
    const char *closing = memchr(opening + 1, quote, (size_t)(end - opening - 1));
    if (!closing) {
      record.open = opening;
      stop = end;
      break;
    }
    p = closing + 1;
    if (p > stop) stop = find_newline(p, end);
  }
  record.end = stop;
  record.next = skip_newline(stop, end);
  return record;
}

const char *ict_text_next_start(const char *p, const char *end, char quote, bool inside) {
  if (inside) {
    p = memchr(p, quote, (size_t)(end - p));
    if (!p) return end;
    p++;
  }
  return ict_text_scan(p, end, quote).next;
}

ict_text_counts ict_text_count(const char *p, const char *stop, const char *end, char quote) {
  ict_text_counts n = {0};
  uint64_t after_cr = 0;
  const char *start = p;
  for (; p < stop; p += ICT_BITS) {
    char last[ICT_BITS];
    const char *from = p;
    if (stop - p < ICT_BITS) {
      memset(last, ' ', sizeof last);
      from = memcpy(last, p, (size_t)(stop - p));
    }
    const ict_bits_block block = ict_bits_load(from);
    uint64_t lf = ict_bits_equal(&block, '\n'), cr = ict_bits_equal(&block, '\r');
    uint64_t quotes = ict_bits_equal(&block, quote);
    n.newlines += ict_bits_count(lf);
    if (cr | after_cr) {
      n.newlines += ict_bits_count(cr);
      n.newlines -= ict_bits_count((cr << 1 | after_cr) & lf);
    }
    if (quotes) n.quotes += ict_bits_count(quotes);
    after_cr = cr >> 63;
  }
  /* A CR LF over the border ends with its LF. */
  if (stop > start && stop[-1] == '\r' && stop < end && *stop == '\n') n.newlines--;
  return n;
}

uint64_t ict_text_newlines(const char *p, const char *stop, const char *end) {
  return ict_text_count(p, stop, end, '\n').newlines;
}

bool ict_text_blank(const ict_text_record *record, char delimiter) {
  for (const char *p = record->start; p < record->end; p++) {
    if (*p == delimiter || (*p != ' ' && *p != '\t')) return false;
  }
  return true;
}

void ict_text_position(const char *start, const char *at, const char *end, uint64_t *line,
                       uint64_t *column) {
  const char *p = start;
  for (;;) {
    const char *newline = find_newline(p, at);
    if (newline == at) break;
    const char *next = skip_newline(newline, end);
    if (next > at) break; /* at the LF of a CR LF */
    (*line)++;
    p = next;
  }
  *column = 1;
  for (; p < at; p++) {
    if (((unsigned char)*p & 0xC0) != 0x80) (*column)++;
  }
}
