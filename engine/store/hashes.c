/* hashes.c - who comes first to an array, the writer or the thread beside it, hashes it.
 *
 * In: frames. Out: 64 hex digits for each of their arrays. Owns: the digits.
 *
 * Writing takes the kernel about as long as hashing takes us, so that the two together cost what
 * the longer one does. */
#include "store/hashes.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

typedef enum state { NOT_BEGUN, BEGUN, MADE } state;

typedef struct entry {
  const void *values;
  size_t bytes;
  _Atomic state state;
  char hex[65];
} entry;

struct ict_hashes {
  size_t n;
  entry *entries;
};

static void add(ict_hashes *h, const void *values, size_t bytes) {
  if (values) h->entries[h->n++] = (entry){.values = values, .bytes = bytes};
}

static void add_frame(ict_hashes *h, const ict_frame *f) {
  const ict_design *d = &f->design;
  for (size_t i = 0; i < f->schema->n; i++)
    add(h, f->columns[i], f->n_rows * ict_width_bytes(f->schema->vars[i].width));
  add(h, d->psu_first_row, (d->n_psu + 1) * sizeof *d->psu_first_row);
  add(h, d->weight, d->n_rows * sizeof *d->weight);
  if (d->replicates)
    add(h, d->replicates->weight, d->n_rows * d->replicates->n * sizeof *d->replicates->weight);
}

ict_hashes *ict_hashes_new(const ict_store_frame *frames, size_t n) {
  size_t most = 0;
  for (size_t i = 0; i < n; i++) most += frames[i].frame->schema->n + 3;
  ict_hashes *h = ict_alloc(1, sizeof *h);
  if (h) h->entries = ict_alloc(most, sizeof *h->entries);
  if (!h || !h->entries) {
    ict_free(h);
    return NULL;
  }
  for (size_t i = 0; i < n; i++) add_frame(h, frames[i].frame);
  return h;
}

void ict_hashes_free(ict_hashes *h) {
  if (!h) return;
  ict_free(h->entries);
  ict_free(h);
}

/* False: somebody has begun it. */
static bool make(entry *e) {
  state seen = NOT_BEGUN;
  if (!atomic_compare_exchange_strong(&e->state, &seen, BEGUN)) return false;
  ict_sha256_of(e->values, e->bytes, e->hex);
  atomic_store(&e->state, MADE);
  return true;
}

void ict_hashes_make(ict_hashes *h) {
  for (size_t i = 0; i < h->n; i++) make(&h->entries[i]);
}

void ict_hashes_of(ict_hashes *h, const void *values, size_t bytes, char hex[65]) {
  entry *e = NULL;
  for (size_t i = 0; h && i < h->n && !e; i++)
    if (h->entries[i].values == values && h->entries[i].bytes == bytes) e = &h->entries[i];
  if (!e) {
    ict_sha256_of(values, bytes, hex);
    return;
  }
  if (!make(e))
    while (atomic_load(&e->state) != MADE) sched_yield();
  memcpy(hex, e->hex, sizeof e->hex);
}
