/* spill.c - arrays in memory up to a budget, the rest in a mapped file without a name.
 *
 * In: sizes. Out: zeroed arrays.
 * Owns: the arrays, the file, its mapped pieces.
 *
 * The file grows by segments. Small arrays share one, so that a long import does not run into the
 * kernel's limit of mappings; a segment's disk space is given back with the last array in it. So do
 * small arrays in memory once there are many: the heap would keep the holes that they leave, and
 * the process be twice as large as the budget. Space is reserved before it is mapped: a full disk
 * is an error here, not a signal later. */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define SEGMENT    ((size_t)64 << 20) /* the heap takes so much from the kernel, and gives it back */
#define ON_ITS_OWN ((uint64_t)16 << 20) /* in memory, before small arrays share segments */
#define ALIGN      ((size_t)64)

typedef struct segment {
  struct segment *next;
  char *base;
  off_t offset;            /* in the file; -1: in memory */
  size_t size, used, live; /* live: arrays in it */
} segment;

/* In front of every array. */
typedef struct head {
  struct head *previous, *next; /* of those in memory, for ict_spill_close */
  segment *segment;             /* NULL: in memory */
  size_t bytes;
} head;
_Static_assert(sizeof(head) <= ALIGN, "an array begins ALIGN bytes after its head");

struct ict_spill {
  atomic_flag busy; /* guards what follows */
  char *folder;
  uint64_t budget, in_memory, on_disk;
  head *arrays; /* in memory, on their own */
  segment *segments;
  segment *open, *open_in_memory; /* that small arrays go to */
  int fd;                         /* -1: no file yet */
  off_t end;                      /* of the file */
  int error;                      /* errno of the first failure of the file */
};

static void enter(ict_spill *s) {
  while (atomic_flag_test_and_set(&s->busy)) sched_yield();
}
static void leave(ict_spill *s) { atomic_flag_clear(&s->busy); }

static uint64_t machine_memory(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : (uint64_t)1 << 32;
}

ict_status ict_spill_new(const char *folder, uint64_t budget, ict_spill **out, ict_err *err) {
  *out = NULL;
  ict_spill *s = ict_alloc(1, sizeof *s);
  if (!s) return ict_err_memory(err);
  s->folder = ict_strdup(folder && *folder ? folder : ".");
  if (!s->folder) {
    ict_free(s);
    return ict_err_memory(err);
  }
  s->budget = budget ? budget : machine_memory() / 4 * 3;
  s->fd = -1;
  atomic_flag_clear(&s->busy);
  *out = s;
  return ICT_OK;
}

/* --- the file --------------------------------------------------------------------- */

/* A file that no folder lists. Where the file system knows none, one whose name is taken away. */
static int open_file(const char *folder) {
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  static const char name[] = "/.ictstat-XXXXXX";
  char *path = ict_alloc(strlen(folder) + sizeof name, 1);
  if (!path) return -1;
  memcpy(path, folder, strlen(folder));
  memcpy(path + strlen(folder), name, sizeof name);
  fd = mkstemp(path);
  if (fd >= 0) unlink(path);
  ict_free(path);
  return fd;
}

static void add_segment(ict_spill *s, segment *g, off_t offset, size_t size) {
  g->offset = offset;
  g->size = size;
  g->next = s->segments;
  s->segments = g;
}

static segment *segment_in_file(ict_spill *s, size_t size) {
  segment *g = ict_alloc(1, sizeof *g);
  if (!g) return NULL;
  if (s->fd < 0) s->fd = open_file(s->folder);
  int failed = s->fd < 0 ? errno : posix_fallocate(s->fd, s->end, (off_t)size);
  if (failed == 0) {
    g->base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, s->end);
    if (g->base == MAP_FAILED) failed = errno;
  }
  if (failed != 0) {
    if (s->error == 0) s->error = failed;
    ict_free(g);
    return NULL;
  }
  add_segment(s, g, s->end, size);
  s->end += (off_t)size;
  s->on_disk += size;
  return g;
}

static segment *segment_in_memory(ict_spill *s, size_t size) {
  if (size > s->budget || s->in_memory > s->budget - size) return NULL;
  segment *g = ict_alloc(1, sizeof *g);
  if (g) g->base = ict_alloc(1, size);
  if (!g || !g->base) {
    ict_free(g);
    return NULL;
  }
  add_segment(s, g, -1, size);
  s->in_memory += size;
  return g;
}

static void segment_free(ict_spill *s, segment *g) {
  segment **at = &s->segments;
  while (*at != g) at = &(*at)->next;
  *at = g->next;
  if (g->offset < 0) {
    s->in_memory -= g->size;
    ict_free(g->base);
    ict_free(g);
    return;
  }
  munmap(g->base, g->size);
  /* A file system that cannot punch holes keeps the space until the end: that harms nothing. */
  if (fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, g->offset, (off_t)g->size) != 0)
    errno = 0;
  ict_free(g);
}

static head *take_from(segment *g, size_t bytes) {
  head *h = (head *)(void *)(g->base + g->used);
  g->used += bytes;
  g->live++;
  h->segment = g;
  return h;
}

/* From the segment that small arrays go to, or the next one; NULL: there is no room for that. */
static head *take_shared(ict_spill *s, segment **open, segment *(*make)(ict_spill *, size_t),
                         size_t bytes) {
  if (!*open || (*open)->size - (*open)->used < bytes) {
    segment *g = make(s, SEGMENT);
    if (!g) return NULL;
    if (*open && (*open)->live == 0) segment_free(s, *open);
    *open = g;
  }
  return take_from(*open, bytes);
}

static bool is_small(size_t bytes) { return bytes <= SEGMENT / 4; }

static head *take_from_file(ict_spill *s, size_t bytes) {
  if (is_small(bytes)) return take_shared(s, &s->open, segment_in_file, bytes);
  segment *g = segment_in_file(s, bytes);
  return g ? take_from(g, bytes) : NULL;
}

/* --- arrays ----------------------------------------------------------------------- */

static head *take_from_memory(ict_spill *s, size_t bytes) {
  if (is_small(bytes) && s->in_memory >= ON_ITS_OWN)
    return take_shared(s, &s->open_in_memory, segment_in_memory, bytes);
  if (bytes > s->budget || s->in_memory > s->budget - bytes) return NULL;
  head *h = ict_alloc(1, bytes);
  if (!h) return NULL;
  s->in_memory += bytes;
  h->next = s->arrays;
  if (h->next) h->next->previous = h;
  s->arrays = h;
  return h;
}

void *ict_spill_alloc(ict_spill *s, size_t n, size_t size) {
  const size_t page = (size_t)64 << 10; /* the largest of any machine: files are mapped by pages */
  if (size != 0 && n > (PTRDIFF_MAX - ALIGN - page) / size) return NULL;
  size_t bytes = ALIGN + (n * size + ALIGN - 1) / ALIGN * ALIGN;
  if (!is_small(bytes)) bytes = (bytes + page - 1) / page * page; /* a segment of its own */
  enter(s);
  head *h = take_from_memory(s, bytes);
  if (!h) h = take_from_file(s, bytes);
  if (h) h->bytes = bytes;
  leave(s);
  return h ? (char *)h + ALIGN : NULL;
}

void ict_spill_free(ict_spill *s, void *array) {
  if (!array) return;
  head *h = (head *)(void *)((char *)array - ALIGN);
  enter(s);
  segment *g = h->segment;
  if (!g) {
    s->in_memory -= h->bytes;
    *(h->previous ? &h->previous->next : &s->arrays) = h->next;
    if (h->next) h->next->previous = h->previous;
    ict_free(h);
  } else if (--g->live == 0 && g != s->open && g != s->open_in_memory) {
    segment_free(s, g);
  }
  leave(s);
}

void ict_spill_close(ict_spill *s) {
  if (!s) return;
  for (head *h = s->arrays; h;) {
    head *next = h->next;
    ict_free(h);
    h = next;
  }
  while (s->segments) segment_free(s, s->segments);
  if (s->fd >= 0) close(s->fd);
  ict_free(s->folder);
  ict_free(s);
}

ict_status ict_spill_short(ict_spill *s, ict_err *err) {
  enter(s); /* other threads may still be asking */
  int error = s->error;
  leave(s);
  if (error == 0) return ict_err_memory(err);
  errno = error;
  ict_status st = ict_err_system(err, s->folder, "cannot keep what memory has no room for");
  if (error == ENOSPC || error == EDQUOT) {
    ict_err_fix(err, "free space in that folder, or allow more memory");
  } else if (error != EFBIG) { /* for which ict_err_system has said more */
    ict_err_fix(err, "write to a folder that is there and takes files, or allow more memory");
  }
  return st;
}

uint64_t ict_spill_on_disk(const ict_spill *s) { return s->on_disk; }
