/* batch.c - totals of several units at a time, added under every replicate.
 *
 * In: units with their multipliers, each with totals of fine cells. Out: fine cells' totals under
 * each replicate. Owns: the queue.
 *
 * One unit after the other would load and store every total of a cell for each of them. Here a tile
 * of a cell's replicates stays in registers while the waiting units are added, in their order: the
 * same sums, to the bit, several times as fast. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"
#include "replicate/tile.h"

#define TILE       ICT_TILE
#define MOST_UNITS 32 /* waiting: their tiles stay in a first-level cache */
#define MOST_ITEMS 1024

typedef struct chain { /* a cell's items, by number plus 1 */
  uint32_t first, last;
} chain;

static size_t tiles_of(size_t n) { return (n + TILE - 1) / TILE; }

/* What this machine runs; ICTSTAT_SIMD is for tests. */
static ict_tile_add *choose(void) {
#if defined(__x86_64__)
  const char *wanted = getenv("ICTSTAT_SIMD");
  if (__builtin_cpu_supports("avx2") && !(wanted && strcmp(wanted, "baseline") == 0))
    return ict_tile_add_avx2;
#endif
  return ict_tile_add_baseline;
}

ict_status ict_batch_init(ict_batch *b, size_t n_cells, size_t n_totals, size_t n, ict_err *err) {
  b->n = n;
  b->add_tile = choose();
  b->n_totals = n_totals;
  b->multiplier = ict_alloc(tiles_of(n) * MOST_UNITS * TILE, sizeof *b->multiplier);
  b->total = ict_alloc(MOST_ITEMS * n_totals, sizeof *b->total);
  b->item = ict_alloc(MOST_ITEMS, sizeof *b->item);
  b->weight = ict_alloc(MOST_UNITS * n_totals, sizeof *b->weight);
  b->row = ict_alloc(MOST_UNITS * n_totals, sizeof *b->row);
  b->n_rows = ict_alloc(n_totals, sizeof *b->n_rows);
  if (!b->multiplier || !b->total || !b->item || !b->weight || !b->row || !b->n_rows ||
      ict_sheet_init(&b->cells, n_cells, sizeof(chain)) != 0)
    return ict_err_memory(err);
  return ICT_OK;
}

void ict_batch_done(ict_batch *b) {
  ict_free(b->multiplier);
  ict_free(b->total);
  ict_free(b->item);
  ict_free(b->weight);
  ict_free(b->row);
  ict_free(b->n_rows);
  ict_sheet_done(&b->cells);
}

bool ict_batch_is_full(const ict_batch *b, bool of_items) {
  return of_items ? b->n_items == MOST_ITEMS : b->n_units == MOST_UNITS;
}

void ict_batch_add_unit(ict_batch *b, const double *multiplier) {
  double *to = b->multiplier + b->n_units++ * TILE;
  for (size_t i = 0; i < b->n; i += TILE, to += MOST_UNITS * TILE)
    memcpy(to, multiplier + i, (b->n - i < TILE ? b->n - i : TILE) * sizeof *to);
}

double *ict_batch_add_item(ict_batch *b, uint32_t cell) {
  size_t slot = ict_sheet_touch(&b->cells, cell);
  if (slot == SIZE_MAX) return NULL;
  chain *c = ict_sheet_at(&b->cells, slot);
  uint32_t i = (uint32_t)b->n_items++;
  b->item[i] = (ict_batch_item){(uint32_t)b->n_units - 1, 0};
  if (c->first == 0)
    c->first = i + 1;
  else
    b->item[c->last - 1].next = i + 1;
  c->last = i + 1;
  return memset(b->total + i * b->n_totals, 0, b->n_totals * sizeof *b->total);
}

/* What is not 0, by total: the unit's place in a tile, its total. */
static void gather(ict_batch *b, uint32_t first) {
  memset(b->n_rows, 0, b->n_totals * sizeof *b->n_rows);
  for (uint32_t i = first; i != 0; i = b->item[i - 1].next) {
    const double *total = b->total + (i - 1) * b->n_totals;
    for (size_t k = 0; k < b->n_totals; k++) {
      if (total[k] == 0) continue;
      size_t at = k * MOST_UNITS + b->n_rows[k]++;
      b->weight[at] = total[k];
      b->row[at] = b->item[i - 1].unit * TILE;
    }
  }
}

static void add_cell(ict_batch *b, uint32_t first, double *slot) {
  gather(b, first);
  for (size_t r = 0; r < b->n; r += TILE) {
    const double *tile = b->multiplier + r * MOST_UNITS;
    for (size_t k = 0; k < b->n_totals; k++) {
      const double *weight = b->weight + k * MOST_UNITS;
      const uint32_t *row = b->row + k * MOST_UNITS;
      double *to = slot + k * b->n + r, rest[TILE] = {0};
      if (b->n - r >= TILE) {
        b->add_tile(to, tile, weight, row, b->n_rows[k]);
        continue;
      }
      memcpy(rest, to, (b->n - r) * sizeof *to);
      b->add_tile(rest, tile, weight, row, b->n_rows[k]);
      memcpy(to, rest, (b->n - r) * sizeof *to);
    }
  }
}

ict_status ict_batch_flush(ict_batch *b, ict_replicate_totals *t, ict_err *err) {
  for (size_t i = 0; i < b->cells.n; i++) {
    double *slot = ict_replicate_fine_slot(t, b->cells.cell[i], err);
    if (!slot) return ICT_FAIL;
    add_cell(b, ((const chain *)ict_sheet_at(&b->cells, i))->first, slot);
  }
  ict_sheet_clear(&b->cells);
  b->n_units = b->n_items = 0;
  return ICT_OK;
}
