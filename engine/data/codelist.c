/* codelist.c - code lists in memory of their own.
 *
 * In: codes with labels. Out: a checked copy. Owns: an arena per list, in `owner`. */
#include "data/codelist.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define MOST_CODES 65000 /* a uint16 holds 65,528 beside the marks of missing */

/* Refuses a code that comes twice; a throw-away hash table keeps this linear. */
static ict_status check_twice(const char *id, const ict_code *codes, size_t n, ict_err *err) {
  size_t size = 16;
  while (size < 2 * n) size *= 2;
  size_t *slots = ict_alloc(size, sizeof *slots); /* index + 1, 0: free */
  if (!slots) return ict_err_memory(err);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    size_t at = ict_hash64(codes[i].id, strlen(codes[i].id), 0) & (size - 1);
    while (slots[at] && strcmp(codes[slots[at] - 1].id, codes[i].id) != 0) {
      at = (at + 1) & (size - 1);
    }
    if (slots[at]) {
      st = ict_err_set(err, ICT_REFUSED, "code list %s has the code '%s' twice", id, codes[i].id);
      ict_err_fix(err, "remove one of them");
    }
    slots[at] = i + 1;
  }
  ict_free(slots);
  return st;
}

static ict_status copy(ict_arena *arena, const char *text, const char **out, ict_err *err) {
  *out = text ? ict_arena_strdup(arena, text) : NULL;
  return text && !*out ? ict_err_memory(err) : ICT_OK;
}

ict_status ict_codelist_make(const char *id, const char *title, const char *source,
                             const ict_code *codes, size_t n, ict_codelist **out, ict_err *err) {
  ict_status st = ICT_OK;
  ict_arena *arena = NULL;
  *out = NULL;
  if (n > MOST_CODES) {
    ict_err_set(err, ICT_REFUSED, "code list %s has %zu codes", id, n);
    ict_err_expected(err, "at most %d", MOST_CODES);
    return ICT_REFUSED;
  }
  ICT_TRY(done, st, check_twice(id, codes, n, err));
  arena = ict_arena_new();
  ict_codelist *list = arena ? ict_arena_alloc(arena, 1, sizeof *list) : NULL;
  ict_code *copies = arena ? ict_arena_alloc(arena, n, sizeof *copies) : NULL;
  if (!list || !copies) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, copy(arena, id, &list->id, err));
  ICT_TRY(done, st, copy(arena, title, &list->title, err));
  ICT_TRY(done, st, copy(arena, source, &list->source, err));
  for (size_t i = 0; i < n; i++) {
    ICT_TRY(done, st, copy(arena, codes[i].id, &copies[i].id, err));
    ICT_TRY(done, st,
            copy(arena, codes[i].label ? codes[i].label : codes[i].id, &copies[i].label, err));
    ICT_TRY(done, st, copy(arena, codes[i].parent, &copies[i].parent, err));
  }
  list->n = n;
  list->codes = copies;
  list->owner = arena;
  *out = list;
done:
  if (st != ICT_OK) ict_arena_free(arena);
  return st;
}

void ict_codelist_free(ict_codelist *list) {
  if (list) ict_arena_free(list->owner); /* the list itself lives in it */
}

long ict_codelist_find(const ict_codelist *list, const char *id) {
  for (size_t i = 0; i < list->n; i++) {
    if (strcmp(list->codes[i].id, id) == 0) return (long)i;
  }
  return -1;
}
