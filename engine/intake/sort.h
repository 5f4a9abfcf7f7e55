/* sort.h - the two sorts of the room: by ranks, and by comparison; inside the room only. */
#ifndef ICT_INTAKE_SORT_H
#define ICT_INTAKE_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stable merge sort. less than, equal to, greater than 0, as strcmp. spare: n entries. */
typedef int ict_compare_fn(const void *ctx, uint32_t a, uint32_t b);
void ict_sort_by(uint32_t *items, uint32_t *spare, size_t n, ict_compare_fn *compare,
                 const void *ctx);

/* One pass of a least-significant-first radix sort: stable, items by rank[item], which is
 * below n_ranks; n is below 2^32. The result is in `to`. False: memory is short. */
bool ict_sort_by_rank(const uint32_t *items, uint32_t *to, size_t n, const uint32_t *rank,
                      size_t n_ranks, int threads);

#endif
