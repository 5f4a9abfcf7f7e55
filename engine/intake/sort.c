/* sort.c - the two sorts of the room.
 *
 * In: row numbers, and their ranks or an order. Out: the row numbers in order. */
#include "intake/sort.h"

#include <string.h>

#include "base/mem.h"
#include "base/par.h"

static void merge(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t *to,
                  ict_compare_fn *compare, const void *ctx) {
  while (n_a > 0 && n_b > 0) {
    if (compare(ctx, *a, *b) <= 0) {
      *to++ = *a++;
      n_a--;
    } else {
      *to++ = *b++;
      n_b--;
    }
  }
  if (n_a > 0) memcpy(to, a, n_a * sizeof *to);
  if (n_b > 0) memcpy(to + n_a, b, n_b * sizeof *to);
}

void ict_sort_by(uint32_t *items, uint32_t *spare, size_t n, ict_compare_fn *compare,
                 const void *ctx) {
  if (n < 2) return;
  size_t half = n / 2;
  ict_sort_by(items, spare, half, compare, ctx);
  ict_sort_by(items + half, spare, n - half, compare, ctx);
  /* Files are mostly in order already. */
  if (compare(ctx, items[half - 1], items[half]) <= 0) return;
  merge(items, half, items + half, n - half, spare, compare, ctx);
  memcpy(items, spare, n * sizeof *items);
}

/* Each task has a slice of the items: it counts them by rank; from the counts of all follows where
 * its items of each rank go. */
typedef struct placing {
  const uint32_t *items, *rank;
  uint32_t *to;
  size_t n, n_slices, n_ranks;
  uint32_t *at; /* n_ranks of each slice: how many, then where the next one goes */
} placing;

static size_t slice_start(const placing *p, size_t slice) { return p->n * slice / p->n_slices; }

static void count_slice(void *ctx, size_t slice, int thread) {
  const placing *p = ctx;
  uint32_t *count = p->at + slice * p->n_ranks;
  (void)thread;
  for (size_t i = slice_start(p, slice); i < slice_start(p, slice + 1); i++)
    count[p->rank[p->items[i]]]++;
}

static void place_slice(void *ctx, size_t slice, int thread) {
  const placing *p = ctx;
  uint32_t *at = p->at + slice * p->n_ranks;
  (void)thread;
  for (size_t i = slice_start(p, slice); i < slice_start(p, slice + 1); i++)
    p->to[at[p->rank[p->items[i]]]++] = p->items[i];
}

bool ict_sort_by_rank(const uint32_t *items, uint32_t *to, size_t n, const uint32_t *rank,
                      size_t n_ranks, int threads) {
  placing p = {items, rank, to, n, (size_t)threads, n_ranks, NULL};
  /* More counts than items are not worth their memory. */
  if (p.n_slices > n / n_ranks) p.n_slices = n / n_ranks > 0 ? n / n_ranks : 1;
  p.at = ict_alloc(p.n_slices * n_ranks, sizeof *p.at);
  if (!p.at) return false;
  ict_par_run(p.n_slices, threads, count_slice, &p);
  uint32_t before = 0;
  for (size_t r = 0; r < n_ranks; r++)
    for (size_t slice = 0; slice < p.n_slices; slice++) {
      uint32_t *at = &p.at[slice * n_ranks + r], count = *at;
      *at = before;
      before += count;
    }
  ict_par_run(p.n_slices, threads, place_slice, &p);
  ict_free(p.at);
  return true;
}
