/* arena.c - memory for things that die together.
 *
 * A list of chunks, the newest first; a request is cut from the newest, and a request too
 * large for it gets a chunk of its own behind it, so that the rest of the newest is not lost.
 * Owns: every chunk, until ict_arena_free. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/c_locale.h"
#include "base/mem.h"

#define FIRST_CHUNK ((size_t)1 << 10) /* there are hundreds: one for each expression */
#define LAST_CHUNK  ((size_t)1 << 20)

typedef struct chunk {
  struct chunk *next;
  size_t used, size;
  max_align_t bytes[];
} chunk;

struct ict_arena {
  chunk *newest;
  size_t next_size;
};

ict_arena *ict_arena_new(void) {
  ict_arena *arena = ict_alloc(1, sizeof *arena);
  if (arena) arena->next_size = FIRST_CHUNK;
  return arena;
}

void ict_arena_free(ict_arena *arena) {
  if (!arena) return;
  for (chunk *c = arena->newest; c;) {
    chunk *next = c->next;
    ict_free(c);
    c = next;
  }
  ict_free(arena);
}

static chunk *chunk_new(size_t size) {
  if (size > SIZE_MAX - sizeof(chunk)) return NULL;
  chunk *c = ict_alloc(1, sizeof *c + size);
  if (c) c->size = size;
  return c;
}

/* align: a power of two, at most that of max_align_t. */
static void *take(ict_arena *arena, size_t bytes, size_t align) {
  chunk *c = arena->newest;
  if (c) {
    size_t start = (c->used + align - 1) & ~(align - 1);
    if (start <= c->size && bytes <= c->size - start) {
      c->used = start + bytes;
      return (char *)c->bytes + start;
    }
  }
  if (bytes > arena->next_size / 4) {
    chunk *own = chunk_new(bytes);
    if (!own) return NULL;
    own->used = bytes;
    own->next = c ? c->next : NULL;
    if (c) {
      c->next = own;
    } else {
      arena->newest = own;
    }
    return own->bytes;
  }
  chunk *fresh = chunk_new(arena->next_size);
  if (!fresh) return NULL;
  if (arena->next_size < LAST_CHUNK) arena->next_size *= 2;
  fresh->next = c;
  fresh->used = bytes;
  arena->newest = fresh;
  return fresh->bytes;
}

void *ict_arena_alloc(ict_arena *arena, size_t n, size_t size) {
  if (size != 0 && n > SIZE_MAX / size) return NULL;
  return take(arena, n * size, _Alignof(max_align_t));
}

char *ict_arena_strdup(ict_arena *arena, const char *text) {
  return text ? ict_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *ict_arena_strndup(ict_arena *arena, const char *text, size_t len) {
  if (!text || len == SIZE_MAX) return NULL;
  char *copy = take(arena, len + 1, 1);
  if (copy) memcpy(copy, text, len);
  return copy;
}

char *ict_arena_printf(ict_arena *arena, const char *fmt, ...) {
  va_list args, again;
  va_start(args, fmt);
  va_copy(again, args);
  int len = ict_vformat(NULL, 0, fmt, args);
  char *text = len < 0 ? NULL : take(arena, (size_t)len + 1, 1);
  if (text) ict_vformat(text, (size_t)len + 1, fmt, again);
  va_end(again);
  va_end(args);
  return text;
}
