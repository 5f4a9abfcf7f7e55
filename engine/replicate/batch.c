/* batch.c - totals of several units at a time, added under every replicate.
 *
 * In: units with their multipliers, each with totals of keys. Out: the keys' totals under each
 * replicate. Owns: the queue.
 *
 * One unit after the other would load and store every total of a key for each of them. Here a tile
 * of a key's replicates stays in registers while the waiting units are added, in their order: the
 * same sums, to the bit, several times as fast. Rows that have weights of their own are not copied:
 * their weights are the tiles. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"
#include "replicate/tile.h"

#define TILE       ICT_TILE
#define MOST_UNITS 128 /* waiting: a tile of all of them stays in a first-level cache */
#define MOST_ITEMS 8192
/* Rows that wait lie this close together: their places in the weights are 32 bits. */
#define MOST_ROWS 65536

typedef struct chain { /* a key's items, by number plus 1 */
  uint32_t first, last;
} chain;

static size_t tiles_of(size_t n) { return (n + TILE - 1) / TILE; }

ict_status ict_batch_init(ict_batch *b, size_t n_keys, size_t n_totals, size_t n, bool of_rows,
                          ict_err *err) {
  b->n = n;
  b->tiles = ict_tiles_choose();
  b->n_totals = n_totals;
  b->most_at_once = of_rows ? MOST_ITEMS : MOST_UNITS;
  b->multiplier = ict_alloc(of_rows ? 0 : tiles_of(n) * MOST_UNITS * TILE, sizeof *b->multiplier);
  b->total = ict_alloc(MOST_ITEMS * n_totals, sizeof *b->total);
  b->item = ict_alloc(MOST_ITEMS, sizeof *b->item);
  b->factor = ict_alloc(b->most_at_once * n_totals, sizeof *b->factor);
  b->place = ict_alloc(b->most_at_once * n_totals, sizeof *b->place);
  b->n_places = ict_alloc(n_totals, sizeof *b->n_places);
  if (!b->multiplier || !b->total || !b->item || !b->factor || !b->place || !b->n_places ||
      ict_sheet_init(&b->keys, n_keys, sizeof(chain)) != 0)
    return ict_err_memory(err);
  return ICT_OK;
}

ict_status ict_batch_keys(ict_batch *b, size_t n_keys, ict_err *err) {
  ict_sheet_done(&b->keys);
  return ict_sheet_init(&b->keys, n_keys, sizeof(chain)) != 0 ? ict_err_memory(err) : ICT_OK;
}

void ict_batch_done(ict_batch *b) {
  ict_free(b->multiplier);
  ict_free(b->total);
  ict_free(b->item);
  ict_free(b->factor);
  ict_free(b->place);
  ict_free(b->n_places);
  ict_sheet_done(&b->keys);
}

bool ict_batch_is_full(const ict_batch *b) {
  return b->n_items == MOST_ITEMS || (!b->weight && b->n_units == MOST_UNITS);
}

void ict_batch_add_unit(ict_batch *b, const double *multiplier) {
  double *to = b->multiplier + b->n_units++ * TILE;
  for (size_t i = 0; i < b->n; i += TILE, to += MOST_UNITS * TILE)
    memcpy(to, multiplier + i, (b->n - i < TILE ? b->n - i : TILE) * sizeof *to);
}

bool ict_batch_add_row(ict_batch *b, size_t row, const double *weight) {
  if (b->n_items == 0) {
    b->first_row = row;
    b->weight = weight;
  }
  if (b->n_items == MOST_ITEMS || row - b->first_row >= MOST_ROWS) return false;
  b->n_units = row - b->first_row + 1;
  return true;
}

double *ict_batch_add_item(ict_batch *b, uint32_t key) {
  size_t slot = ict_sheet_touch(&b->keys, key);
  if (slot == SIZE_MAX) return NULL;
  chain *c = ict_sheet_at(&b->keys, slot);
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
  size_t step = b->weight ? b->n : TILE;
  memset(b->n_places, 0, b->n_totals * sizeof *b->n_places);
  for (uint32_t i = first; i != 0; i = b->item[i - 1].next) {
    const double *total = b->total + (i - 1) * b->n_totals;
    uint32_t place = (uint32_t)(b->item[i - 1].unit * step);
    for (size_t k = 0; k < b->n_totals; k++) {
      if (total[k] == 0) continue;
      size_t at = k * b->most_at_once + b->n_places[k]++;
      b->factor[at] = total[k];
      b->place[at] = place;
    }
  }
}

/* A tile that is not whole. */
static void add_rest(double *to, const double *tile, const double *factor, const uint32_t *place,
                     size_t n, size_t width) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) to[j] += factor[i] * tile[place[i] + j];
}

static void add_key(ict_batch *b, uint32_t first, double *slot) {
  gather(b, first);
  for (size_t r = 0; r < b->n; r += TILE) {
    const double *tile = b->weight ? b->weight + r : b->multiplier + r * MOST_UNITS;
    for (size_t k = 0; k < b->n_totals; k++) {
      const double *factor = b->factor + k * b->most_at_once;
      const uint32_t *place = b->place + k * b->most_at_once;
      if (b->n - r >= TILE)
        b->tiles->add(slot + k * b->n + r, tile, factor, place, b->n_places[k]);
      else
        add_rest(slot + k * b->n + r, tile, factor, place, b->n_places[k], b->n - r);
    }
  }
}

ict_status ict_batch_flush(ict_batch *b, ict_sheet *into, ict_err *err) {
  for (size_t i = 0; i < b->keys.n; i++) {
    size_t slot = ict_sheet_touch(into, b->keys.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    add_key(b, ((const chain *)ict_sheet_at(&b->keys, i))->first, ict_sheet_at(into, slot));
  }
  ict_sheet_clear(&b->keys);
  b->n_units = b->n_items = 0;
  return ICT_OK;
}
