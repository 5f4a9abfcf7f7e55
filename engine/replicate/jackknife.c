/* jackknife.c - totals of PSUs in place of those of replicates.
 *
 * In: each PSU's totals of the keys that it touches. Out: a cell's totals under the replicates.
 * Owns: the PSUs' totals.
 *
 * With A the full total and A_h that of the stratum, the replicate without PSU i of stratum h has
 * outside (A - A_h) + inside (A_h - t_i). So it takes no replicate to keep them: a cell costs its
 * PSUs, however many others there are. Replicates of a stratum's other PSUs are alike, and those
 * of strata that have nobody in the cell are the full sample's. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"
#include "replicate/lanes.h"

static int grow(ict_left_items *items, size_t wanted, size_t width) {
  if (wanted <= items->capacity) return 0;
  size_t capacity = items->capacity ? 2 * items->capacity : 256;
  if (capacity < wanted) capacity = wanted;
  uint32_t *psu = ict_realloc(items->psu, capacity, sizeof *psu);
  if (!psu) return -1;
  items->psu = psu;
  uint32_t *key = ict_realloc(items->key, capacity, sizeof *key);
  if (!key) return -1;
  items->key = key;
  double *total = ict_realloc(items->total, capacity, width * sizeof *total);
  if (!total) return -1;
  items->total = total;
  items->capacity = capacity;
  return 0;
}

ict_status ict_left_add(ict_replicate_totals *t, size_t psu, uint32_t key, const double *total,
                        ict_err *err) {
  ict_left_items *items = &t->items;
  size_t width = 2 * t->shape->n_measures;
  if (grow(items, items->n + 1, width) != 0) return ict_err_memory(err);
  items->psu[items->n] = (uint32_t)psu;
  items->key[items->n] = key;
  memcpy(items->total + items->n++ * width, total, width * sizeof *total);
  return ICT_OK;
}

ict_status ict_left_append(ict_replicate_totals *into, const ict_left_items *next, ict_err *err) {
  ict_left_items *items = &into->items;
  size_t width = 2 * into->shape->n_measures;
  if (next->n == 0) return ICT_OK;
  if (grow(items, items->n + next->n, width) != 0) return ict_err_memory(err);
  memcpy(items->psu + items->n, next->psu, next->n * sizeof *next->psu);
  memcpy(items->key + items->n, next->key, next->n * sizeof *next->key);
  memcpy(items->total + items->n * width, next->total, next->n * width * sizeof *next->total);
  items->n += next->n;
  return ICT_OK;
}

/* The items are sorted by key, of which they then say no more: they are read key by key, one
 * measure after the other. */
ict_status ict_left_index(ict_replicate_totals *t, ict_err *err) {
  ict_left_items *items = &t->items;
  size_t width = 2 * t->shape->n_measures;
  for (size_t i = 0; i < items->n; i++)
    if (ict_sheet_touch(&t->keys, items->key[i]) == SIZE_MAX) return ict_err_memory(err);
  items->first = ict_alloc(t->keys.n + 2, sizeof *items->first);
  uint32_t *psu = ict_alloc(items->n, sizeof *psu);
  double *total = ict_alloc(items->n, width * sizeof *total);
  if (!items->first || !psu || !total) {
    ict_free(psu);
    ict_free(total);
    return ict_err_memory(err);
  }
  for (size_t i = 0; i < items->n; i++) items->first[t->keys.slot_of[items->key[i]] + 1]++;
  for (size_t s = 2; s < t->keys.n + 2; s++) items->first[s] += items->first[s - 1];
  for (size_t i = 0; i < items->n; i++) {
    size_t to = items->first[t->keys.slot_of[items->key[i]]]++;
    psu[to] = items->psu[i];
    for (size_t m = 0; m < t->shape->n_measures; m++)
      memcpy(total + 2 * (m * items->n + to), items->total + i * width + 2 * m, 2 * sizeof *total);
  }
  ict_free(items->psu);
  ict_free(items->total);
  items->psu = psu;
  items->total = total;
  return ICT_OK;
}

void ict_left_done(ict_left_items *items) {
  ict_free(items->psu);
  ict_free(items->key);
  ict_free(items->total);
  ict_free(items->first);
}

/* After ict_left_index: of an item, a and b. */
static const double *total_of(const ict_left_items *items, size_t measure, size_t i) {
  return items->total + 2 * (measure * items->n + i);
}

static size_t own_replicate(const ict_replicates *r, size_t psu) {
  size_t h = r->stratum_of[psu];
  size_t k = psu - (size_t)r->design->stratum_first_psu[h];
  return k < r->left[h].n ? r->left[h].first + k : SIZE_MAX;
}

/* ---- all replicates -------------------------------------------------------------------- */

/* From the totals of the PSUs that replicates leave out to those of the replicates. */
static void leave_out(const ict_replicates *r, double full, double *a) {
  for (size_t h = 0; h < r->design->n_strata; h++) {
    const ict_left_out *left = &r->left[h];
    double *t = a + left->first, stratum = 0;
    for (size_t i = 0; i < left->n; i++) stratum += t[i];
    for (size_t i = 0; i < left->n; i++)
      t[i] = left->outside * (full - stratum) + left->inside * (stratum - t[i]);
  }
}

void ict_left_cell(const ict_replicate_totals *t, const uint32_t *slots, size_t n_slots,
                   size_t measure, double *a, double *b) {
  const ict_left_items *items = &t->items;
  double full_a = 0, full_b = 0;
  memset(a, 0, t->replicates->n * sizeof *a);
  memset(b, 0, t->replicates->n * sizeof *b);
  for (size_t s = 0; s < n_slots; s++)
    for (size_t i = items->first[slots[s]]; i < items->first[slots[s] + 1]; i++) {
      const double *total = total_of(items, measure, i);
      size_t own = own_replicate(t->replicates, items->psu[i]);
      full_a += total[0];
      full_b += total[1];
      if (own == SIZE_MAX) continue;
      a[own] += total[0];
      b[own] += total[1];
    }
  leave_out(t->replicates, full_a, a);
  leave_out(t->replicates, full_b, b);
}

/* ---- those that differ ----------------------------------------------------------------- */

/* The cell's totals by PSU, and its PSUs in order. */
static void take_cell(const ict_replicate_totals *t, const uint32_t *slots, size_t n_slots,
                      size_t measure, ict_replicate_room *room) {
  const ict_left_items *items = &t->items;
  size_t first = SIZE_MAX, last = 0;
  for (size_t i = 0; i < room->n_psus; i++)
    room->total[2 * room->psus[i]] = room->total[2 * room->psus[i] + 1] = 0;
  room->n_psus = 0;
  for (size_t s = 0; s < n_slots; s++) {
    size_t from = items->first[slots[s]], n = items->first[slots[s] + 1] - from;
    const ict_pair_of *total = (const ict_pair_of *)total_of(items, measure, from);
    ict_pair_of *sum = (ict_pair_of *)room->total;
    for (size_t i = 0; i < n; i++) {
      size_t psu = items->psu[from + i], word = psu / 64;
      sum[psu] += total[i];
      room->touched[word] |= UINT64_C(1) << psu % 64;
      if (word < first) first = word;
      if (word > last) last = word;
    }
  }
  for (size_t word = first; word != SIZE_MAX && word <= last; word++) {
    for (uint64_t bits = room->touched[word]; bits; bits &= bits - 1)
      room->psus[room->n_psus++] = (uint32_t)(64 * word + (size_t)__builtin_ctzll(bits));
    room->touched[word] = 0;
  }
}

typedef struct telling {
  const ict_replicates *r;
  ict_replicate_room *room;
  double a, b;           /* full totals */
  size_t n;              /* told */
  ict_left_rest rest[2]; /* replicates of strata not met */
} telling;

static void tell(telling *to, double a, double b, double times, double rscale) {
  ict_replicate_room *room = to->room;
  room->a[to->n] = a;
  room->b[to->n] = b;
  room->times[to->n] = times;
  room->rscale[to->n++] = rscale;
}

/* PSUs [from, to) of room->psus are the stratum's. */
static void tell_stratum(telling *t, size_t h, size_t from, size_t to) {
  const ict_left_out *left = &t->r->left[h];
  const ict_replicate_room *room = t->room;
  double a = 0, b = 0;
  if (left->n == 0) return;
  for (size_t i = from; i < to; i++) {
    const double *total = room->total + 2 * room->psus[i];
    a += total[0];
    b += total[1];
  }
  double other_a = left->outside * (t->a - a), other_b = left->outside * (t->b - b);
  double rscale = t->r->rscale[left->first];
  size_t own = 0;
  for (size_t i = from; i < to; i++) {
    if (own_replicate(t->r, room->psus[i]) == SIZE_MAX) continue;
    own++;
    const double *total = room->total + 2 * room->psus[i];
    tell(t, other_a + left->inside * (a - total[0]), other_b + left->inside * (b - total[1]), 1,
         rscale);
  }
  double alike = (double)(left->n - own);
  if (alike > 0)
    tell(t, other_a + left->inside * a, other_b + left->inside * b, alike, alike * rscale);
  ict_left_rest *rest = &t->rest[left->outside != 1];
  rest->n -= left->n;
  rest->rscale -= (double)left->n * rscale;
}

size_t ict_left_brief(const ict_replicate_totals *totals, const uint32_t *slots, size_t n_slots,
                      size_t measure, ict_replicate_room *room) {
  const ict_replicates *r = totals->replicates;
  take_cell(totals, slots, n_slots, measure, room);
  telling t = {.r = r, .room = room, .rest = {r->left_rest[0], r->left_rest[1]}};
  for (size_t i = 0; i < room->n_psus; i++) {
    t.a += room->total[2 * room->psus[i]];
    t.b += room->total[2 * room->psus[i] + 1];
  }
  for (size_t from = 0, to; from < room->n_psus; from = to) {
    size_t h = r->stratum_of[room->psus[from]], end = (size_t)r->design->stratum_first_psu[h + 1];
    for (to = from; to < room->n_psus && room->psus[to] < end; to++) continue;
    tell_stratum(&t, h, from, to);
  }
  for (int k = 0; k < 2; k++) {
    const ict_left_rest *rest = &t.rest[k];
    if (rest->n > 0)
      tell(&t, rest->outside * t.a, rest->outside * t.b, (double)rest->n, rest->rscale);
  }
  return t.n;
}
