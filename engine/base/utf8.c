/* utf8.c - UTF-8: checking, decoding, and how wide it is on a terminal. */
#include <string.h>

#include "base/text.h"

/* Bytes of the well-formed character at p (RFC 3629, table 3-7 of the Unicode standard), 0
 * where there is none. len > 0. */
static size_t character(const unsigned char *p, size_t len, uint32_t *c) {
  if (p[0] < 0x80) {
    *c = p[0];
    return 1;
  }
  size_t n;
  unsigned lo = 0x80, hi = 0xBF; /* what the second byte may be */
  if (p[0] >= 0xC2 && p[0] <= 0xDF) {
    n = 2;
    *c = p[0] & 0x1Fu;
  } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    n = 3;
    *c = p[0] & 0x0Fu;
    if (p[0] == 0xE0) lo = 0xA0; /* overlong */
    if (p[0] == 0xED) hi = 0x9F; /* surrogates */
  } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    n = 4;
    *c = p[0] & 0x07u;
    if (p[0] == 0xF0) lo = 0x90; /* overlong */
    if (p[0] == 0xF4) hi = 0x8F; /* above U+10FFFF */
  } else {
    return 0;
  }
  if (len < n) return 0;
  for (size_t i = 1; i < n; i++) {
    if (p[i] < lo || p[i] > hi) return 0;
    *c = *c << 6 | (p[i] & 0x3Fu);
    lo = 0x80;
    hi = 0xBF;
  }
  return n;
}

bool ict_utf8_valid(const char *text, size_t len, size_t *bad) {
  const unsigned char *p = (const unsigned char *)text;
  for (size_t i = 0; i < len;) {
    uint64_t eight; /* at once, where they are ASCII, as nearly all bytes of a survey are */
    for (; len - i >= sizeof eight; i += sizeof eight) {
      memcpy(&eight, p + i, sizeof eight);
      if (eight & 0x8080808080808080u) break;
    }
    while (i < len && p[i] < 0x80) i++;
    while (i < len && p[i] >= 0x80) {
      uint32_t c;
      size_t n = character(p + i, len - i, &c);
      if (n == 0) {
        if (bad) *bad = i;
        return false;
      }
      i += n;
    }
  }
  return true;
}

uint32_t ict_utf8_next(const char **text) {
  const unsigned char *p = (const unsigned char *)*text;
  if (!p[0]) return 0;
  size_t len = 1; /* up to four bytes, none behind the terminator */
  while (len < 4 && p[len]) len++;
  uint32_t c;
  size_t n = character(p, len, &c);
  if (n == 0) {
    ++*text;
    return 0xFFFD;
  }
  *text += n;
  return c;
}

bool ict_utf8_unsafe(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || /* C0, DEL, C1: escapes */
         (c >= 0x200E && c <= 0x200F) ||         /* direction marks */
         (c >= 0x2028 && c <= 0x202E) ||         /* line separators, bidi embeddings, overrides */
         (c >= 0x2066 && c <= 0x2069) ||         /* bidi isolates */
         c == 0x061C || c == 0xFEFF || c == 0xFFFD; /* Arabic mark, BOM, a bad byte */
}

typedef struct range {
  uint32_t first, last;
} range;

/* Characters that take no column: combining marks and format characters of the scripts in
 * use for labels (Unicode 15, general categories Mn, Me, Cf; abridged to blocks). */
static const range no_column[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x05C7, 0x05C7},  {0x0610, 0x061A}, {0x061C, 0x061C}, {0x064B, 0x065F},
    {0x0670, 0x0670}, {0x06D6, 0x06DC},  {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED},
    {0x0900, 0x0902}, {0x093A, 0x093A},  {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
    {0x0951, 0x0957}, {0x0981, 0x0981},  {0x09BC, 0x09BC}, {0x09C1, 0x09C4}, {0x09CD, 0x09CD},
    {0x0B82, 0x0B82}, {0x0BC0, 0x0BC0},  {0x0BCD, 0x0BCD}, {0x0DCA, 0x0DCA}, {0x0DD2, 0x0DD6},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},  {0x0E47, 0x0E4E}, {0x0EB1, 0x0EB1}, {0x0EB4, 0x0EBC},
    {0x0EC8, 0x0ECE}, {0x102D, 0x1030},  {0x1032, 0x1037}, {0x1039, 0x103A}, {0x135D, 0x135F},
    {0x17B4, 0x17B5}, {0x17B7, 0x17BD},  {0x17C6, 0x17C6}, {0x17C9, 0x17D3}, {0x1AB0, 0x1ACE},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x206F},
    {0x20D0, 0x20F0}, {0x302A, 0x302D},  {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};

/* Characters of two columns (Unicode 15, East Asian Width W and F; abridged to blocks). */
static const range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x17000, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

static bool is_in(uint32_t c, const range *ranges, size_t n) {
  size_t lo = 0;
  while (lo < n) {
    size_t mid = lo + (n - lo) / 2;
    if (c > ranges[mid].last) {
      lo = mid + 1;
    } else if (c < ranges[mid].first) {
      n = mid;
    } else {
      return true;
    }
  }
  return false;
}

size_t ict_utf8_width(const char *text) {
  size_t width = 0;
  for (uint32_t c; (c = ict_utf8_next(&text)) != 0;) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) continue;
    if (c >= 0x300 && is_in(c, no_column, sizeof no_column / sizeof *no_column)) continue;
    width += c >= 0x1100 && is_in(c, two_columns, sizeof two_columns / sizeof *two_columns) ? 2 : 1;
  }
  return width;
}
