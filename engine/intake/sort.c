/* sort.c - the two sorts of the room.
 *
 * In: row numbers, and their ranks or an order. Out: the row numbers in order. */
#include "intake/sort.h"

#include <string.h>

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

void ict_sort_by_rank(const uint32_t *items, uint32_t *to, size_t n, const uint32_t *rank,
                      size_t n_ranks, size_t *counts) {
  memset(counts, 0, (n_ranks + 1) * sizeof *counts);
  for (size_t i = 0; i < n; i++) counts[rank[items[i]] + 1]++;
  for (size_t r = 0; r < n_ranks; r++) counts[r + 1] += counts[r];
  for (size_t i = 0; i < n; i++) to[counts[rank[items[i]]]++] = items[i];
}
