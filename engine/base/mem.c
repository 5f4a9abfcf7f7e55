/* mem.c - the heap behind one door.
 *
 * In: sizes. Out: zeroed blocks, or NULL.
 * Owns: the ceiling and the test hook. These three numbers are the only state the
 * library keeps between calls; they are atomic, and nobody but a test or main() sets them. */
#include "base/mem.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static atomic_size_t ceiling;       /* 0: none */
static atomic_long fail_after = -1; /* -1: hook off */
static atomic_long asked;           /* since the hook was set */

void ict_mem_ceiling(size_t bytes) { atomic_store(&ceiling, bytes); }

void ict_mem_fail_after(long n) {
  atomic_store(&asked, 0);
  atomic_store(&fail_after, n);
}

long ict_mem_count(void) { return atomic_load(&asked); }

/* False where the request must not be passed on to the heap. */
static bool may_have(size_t n, size_t size, size_t *bytes) {
  if (size != 0 && n > SIZE_MAX / size) return false;
  *bytes = n * size;
  if (*bytes > PTRDIFF_MAX) return false;
  size_t most = atomic_load_explicit(&ceiling, memory_order_relaxed);
  if (most != 0 && *bytes > most) return false;
  /* Counting costs a shared cache line, so only where the hook is on. */
  long passes = atomic_load_explicit(&fail_after, memory_order_relaxed);
  if (passes >= 0 && atomic_fetch_add(&asked, 1) >= passes) return false;
  if (*bytes == 0) *bytes = 1; /* so that NULL always means failure */
  return true;
}

/* Fresh memory comes page by page at 1 GB/s, in large pages at 5: worth asking for where a block
 * has several. A hint; whether it is heeded changes no result. All pages that the block touches are
 * named: with some of them left out the kernel would keep the block in pieces, and realloc, which
 * moves a block of one piece without copying it, could not. */
#define PAGE        ((uintptr_t)4 << 10)
#define LARGE_BLOCK ((size_t)8 << 20)
static void *in_large_pages(void *p, size_t bytes) {
#if defined(MADV_HUGEPAGE)
  if (p && bytes >= LARGE_BLOCK) {
    uintptr_t from = (uintptr_t)p / PAGE * PAGE, to = (uintptr_t)p + bytes;
    int kept = errno; /* a kernel without them is no failure of ours */
    madvise((void *)from, (to - from + PAGE - 1) / PAGE * PAGE, MADV_HUGEPAGE);
    errno = kept;
  }
#else
  (void)bytes;
#endif
  return p;
}

void *ict_alloc(size_t n, size_t size) {
  size_t bytes;
  return may_have(n, size, &bytes) ? in_large_pages(calloc(1, bytes), bytes) : NULL;
}

void *ict_realloc(void *p, size_t n, size_t size) {
  size_t bytes;
  return may_have(n, size, &bytes) ? in_large_pages(realloc(p, bytes), bytes) : NULL;
}

void ict_free(void *p) { free(p); }

char *ict_strdup(const char *text) { return text ? ict_strndup(text, strlen(text)) : NULL; }

char *ict_strndup(const char *text, size_t len) {
  if (!text || len == SIZE_MAX) return NULL;
  char *copy = ict_alloc(len + 1, 1);
  if (copy) memcpy(copy, text, len);
  return copy;
}

int ict_grow(void *array_ptr, size_t n, size_t *capacity, size_t size) {
  if (n < *capacity) return 0;
  size_t wanted = *capacity < 8 ? 8 : *capacity * 2;
  if (wanted <= n) return -1; /* doubling overflowed */
  void *old;
  memcpy(&old, array_ptr, sizeof old); /* any T ** comes in; this reads it whatever T is */
  void *grown = ict_realloc(old, wanted, size);
  if (!grown) return -1;
  memcpy(array_ptr, &grown, sizeof grown);
  *capacity = wanted;
  return 0;
}
