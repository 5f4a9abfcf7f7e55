/* mem.h - the one door to the heap, and arenas.
 *
 * Every allocation of the library goes through here, so that one place holds
 * the ceiling (a broken file must not ask for the moon) and the test hook that
 * fails the n-th allocation. Sizes are checked for overflow. */
#ifndef ICT_BASE_MEM_H
#define ICT_BASE_MEM_H

#include <stddef.h>

/* n * size bytes, zeroed; NULL where they cannot be had. n * size = 0 gives a
 * pointer that may be freed. Caller owns. */
void *ict_alloc(size_t n, size_t size);
/* Keeps the old block on failure (returns NULL). New bytes are not cleared. */
void *ict_realloc(void *p, size_t n, size_t size);
void ict_free(void *p);
char *ict_strdup(const char *text);              /* NULL in, NULL out */
char *ict_strndup(const char *text, size_t len); /* always terminated */

/* Makes room for one more element: doubles *capacity (from 8) when *n reaches it.
 * Returns 0, or -1 where memory is short (nothing changed). */
int ict_grow(void *array_ptr, size_t n, size_t *capacity, size_t size);

/* A single request above the ceiling is refused; 0 (the start) means no ceiling. */
void ict_mem_ceiling(size_t bytes);

/* Test hook: let n allocations pass, then fail every one; -1 turns it off. */
void ict_mem_fail_after(long n);
/* Allocations asked for since the hook was set. */
long ict_mem_count(void);

/* An arena: things that die together. Nothing in it is freed alone.
 * Memory is zeroed and aligned for any type. Not shared between threads. */
typedef struct ict_arena ict_arena;
ict_arena *ict_arena_new(void);
void ict_arena_free(ict_arena *arena);
void *ict_arena_alloc(ict_arena *arena, size_t n, size_t size);
char *ict_arena_strdup(ict_arena *arena, const char *text);
char *ict_arena_strndup(ict_arena *arena, const char *text, size_t len);
char *ict_arena_printf(ict_arena *arena, const char *fmt, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
