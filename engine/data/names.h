/* names.h - an ordered set of texts with labels: finding is by hash, order is that of
 * adding. What the table keeps its indicators, items, codes and repeated texts in. */
#ifndef ICT_DATA_NAMES_H
#define ICT_DATA_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct ict_name {
  const char *text;
  const char *label; /* NULL where nobody gave one */
} ict_name;

enum { ICT_NAMES_RECENT = 16 };

typedef struct ict_names {
  ict_arena *arena; /* borrowed; holds the texts */
  ict_name *items;
  size_t n, capacity;
  uint32_t *slots; /* index + 1, 0: free; n_slots a power of two, at most half full */
  size_t n_slots;
  /* Index + 1 of what was added last under an address like this: rows repeat their texts, and a
   * comparison is a fifth of a hash. */
  uint32_t recent[ICT_NAMES_RECENT];
} ict_names;

void ict_names_init(ict_names *names, ict_arena *arena);
void ict_names_done(ict_names *names);
/* Index of the text, added (copied) where it is new; -1 where memory is short. The first
 * label that is given stays; NULL gives none. */
long ict_names_add(ict_names *names, const char *text, const char *label);
/* Index, or -1. */
long ict_names_find(const ict_names *names, const char *text);
/* The label, or the text itself where there is none (or no such text). */
const char *ict_names_label(const ict_names *names, const char *text);

#endif
