/* nearest.c - "did you mean": the name nearest to a mistyped word. */
#include <string.h>

#include "base/text.h"

#define LONGEST 64 /* longer words are not slips of the finger; and the rows fit the stack */

static char fold(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Optimal string alignment: Damerau-Levenshtein in which no piece is edited twice, the
 * common form for spelling. Three rows of the table are enough. Both at most LONGEST. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb) {
  size_t rows[3][LONGEST + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= nb; j++) above[j] = j;
  for (size_t i = 1; i <= na; i++) {
    row[0] = i;
    for (size_t j = 1; j <= nb; j++) {
      char x = fold(a[i - 1]), y = fold(b[j - 1]);
      size_t d = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y) {
        d = least(d, before[j - 2] + 1);
      }
      row[j] = d;
    }
    size_t *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[nb];
}

const char *ict_text_nearest(const char *word, const char *const *names, size_t n) {
  size_t len = strlen(word);
  if (len == 0 || len > LONGEST) return NULL;
  const char *best = NULL;
  size_t most = 1 + len / 4, best_distance = most + 1;
  for (size_t i = 0; i < n; i++) {
    size_t name_len = strlen(names[i]);
    if (name_len > LONGEST) continue;
    if (name_len > len + most || len > name_len + most) continue;
    size_t d = distance(word, len, names[i], name_len);
    /* A word of which nothing is left is not the same word misspelt. */
    if (d < best_distance && d < len) {
      best = names[i];
      best_distance = d;
    }
  }
  return best;
}
