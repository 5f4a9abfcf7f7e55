/* code_set.h - the distinct values of a variable, counted, as long as they are few. */
#ifndef ICT_SOURCE_CODE_SET_H
#define ICT_SOURCE_CODE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

enum { ICT_CODES_MOST = 256 };

typedef struct ict_seen {
  ict_slice text; /* {NULL, 0}: the code is a number */
  double number;  /* never NaN but for a tag; zero for texts */
  char tag;       /* of an extended missing value, else 0 */
  uint64_t n;     /* how often */
} ict_seen;

typedef struct ict_code_set { /* zeroed: empty */
  ict_seen *slots;            /* n 0: free */
  size_t capacity, n_codes;
  bool overflow; /* more than ICT_CODES_MOST; the codes are then forgotten */
} ict_code_set;

/* Adds code->n to the count of the code; a new text is copied into the arena.
 * False where memory is short. */
bool ict_code_set_add(ict_code_set *set, ict_arena *arena, const ict_seen *code);
void ict_code_set_done(ict_code_set *set);
/* Numbers by value, then tags, then texts in natural order. Total. For qsort. */
int ict_code_order(const void *a, const void *b);

#endif
