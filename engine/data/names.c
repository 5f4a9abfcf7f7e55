/* names.c - an ordered set of texts. Owns: its two arrays; the texts are in the arena. */
#include "data/names.h"

#include <string.h>

#include "base/hash.h"

void ict_names_init(ict_names *names, ict_arena *arena) { *names = (ict_names){.arena = arena}; }

void ict_names_done(ict_names *names) {
  ict_free(names->items);
  ict_free(names->slots);
  ict_names_init(names, NULL);
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t *slot_of(const ict_names *names, const char *text) {
  size_t at = ict_hash64(text, strlen(text), 0) & (names->n_slots - 1);
  while (names->slots[at] && strcmp(names->items[names->slots[at] - 1].text, text) != 0) {
    at = (at + 1) & (names->n_slots - 1);
  }
  return &names->slots[at];
}

static int rehash(ict_names *names) {
  ict_names larger = *names;
  larger.n_slots = names->n_slots ? names->n_slots * 2 : 16;
  larger.slots = ict_alloc(larger.n_slots, sizeof *larger.slots);
  if (!larger.slots) return -1;
  for (size_t i = 0; i < names->n; i++) {
    *slot_of(&larger, names->items[i].text) = (uint32_t)i + 1;
  }
  ict_free(names->slots);
  *names = larger;
  return 0;
}

long ict_names_find(const ict_names *names, const char *text) {
  return names->n_slots ? (long)*slot_of(names, text) - 1 : -1;
}

/* The address is a hint; the text decides. */
static uint32_t *recent_of(ict_names *names, const char *text) {
  return &names->recent[((uintptr_t)text >> 3 ^ (uintptr_t)text) % ICT_NAMES_RECENT];
}

long ict_names_add(ict_names *names, const char *text, const char *label) {
  uint32_t *recent = recent_of(names, text);
  if (*recent && !label && strcmp(names->items[*recent - 1].text, text) == 0)
    return (long)*recent - 1;
  long found = ict_names_find(names, text);
  if (found < 0) {
    if (names->n >= UINT32_MAX / 2) return -1;
    if (2 * (names->n + 1) > names->n_slots && rehash(names) != 0) return -1;
    if (ict_grow(&names->items, names->n, &names->capacity, sizeof *names->items) != 0) return -1;
    char *copy = ict_arena_strdup(names->arena, text);
    if (!copy) return -1;
    found = (long)names->n;
    *slot_of(names, text) = (uint32_t)found + 1;
    names->items[names->n++] = (ict_name){copy, NULL};
  }
  if (label && !names->items[found].label) {
    names->items[found].label = ict_arena_strdup(names->arena, label);
    if (!names->items[found].label) return -1;
  }
  *recent = (uint32_t)found + 1;
  return found;
}

const char *ict_names_label(const ict_names *names, const char *text) {
  long i = ict_names_find(names, text);
  return i >= 0 && names->items[i].label ? names->items[i].label : text;
}
