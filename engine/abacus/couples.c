/* couples.c - the pairs of cells that the open stratum has come to, and moments of their totals.
 *
 * In: a PSU's totals by cell, as they wait (psu.c). Out: moments of pairs. Owns: the couples.
 *
 * A pair has a PSU where either of its cells has one. Nothing is copied for it: it notes in which
 * places the two totals wait, place 0 for a cell without any, and enters them before either cell's
 * places are free again. */
#include <string.h>

#include "abacus/inside.h"
#include "base/mem.h"

static ict_abacus_couple *couple_of(const ict_abacus_desk *d, uint32_t pair) {
  return &d->couples[d->open.pairs.slot_of[pair] - 1];
}

/* Those of a pair, new to the stratum or not. */
static ict_status open_couple(ict_abacus_desk *d, uint32_t pair, ict_err *err) {
  ict_sheet *pairs = &d->open.pairs;
  if (pairs->slot_of[pair]) return ICT_OK;
  if (ict_sheet_touch_new(pairs, pair) != 0) return ict_err_memory(err);
  if (pairs->capacity > d->couples_capacity) {
    ict_abacus_couple *more = ict_realloc(d->couples, pairs->capacity, sizeof *more);
    if (!more) return ict_err_memory(err);
    d->couples = more;
    d->couples_capacity = pairs->capacity;
  }
  d->couples[pairs->n - 1] = (ict_abacus_couple){0};
  return ICT_OK;
}

ict_status ict_abacus_seat_couples(ict_abacus_desk *d, uint32_t cell, size_t seat, ict_err *err) {
  const ict_abacus_pairs *pairs = &d->layout->pairs;
  for (size_t j = pairs->from[cell]; j < pairs->from[cell + 1]; j++) {
    uint32_t pair = pairs->of[j];
    ict_status st = open_couple(d, pair, err);
    if (st != ICT_OK) return st;
    for (size_t side = 0; side < 2; side++)
      if (pairs->cell[pair][side] == cell) couple_of(d, pair)->seat[side] = (uint32_t)seat;
  }
  return ICT_OK;
}

static void drain(ict_abacus_desk *d, uint32_t pair) {
  ict_abacus_couple *c = couple_of(d, pair);
  uint32_t *k = &d->open.pair_k[pair];
  if (c->n == 0) return;
  d->layout->kernels->enter_pair(d->layout->groups, d->queue.totals, c->place, c->n, *k,
                                 ict_sheet_at(&d->open.pairs, d->open.pairs.slot_of[pair] - 1));
  *k += c->n;
  c->n = 0;
}

void ict_abacus_drain_couples(ict_abacus_desk *d, size_t seat) {
  const ict_abacus_pairs *pairs = &d->layout->pairs;
  uint32_t cell = d->open.cells.cell[seat - 1];
  for (size_t j = pairs->from[cell]; j < pairs->from[cell + 1]; j++) drain(d, pairs->of[j]);
}

/* Measures that the PSU's rows in either cell count for, but all with weight 0. */
static void count_zeros(const ict_abacus_desk *d, uint32_t pair, const uint32_t place[2]) {
  const ict_abacus_layout *l = d->layout;
  const ict_abacus_couple *c = couple_of(d, pair);
  size_t lanes = l->lanes;
  double *moments = ict_sheet_at(&d->open.pairs, d->open.pairs.slot_of[pair] - 1);
  uint32_t *zero_psu = (uint32_t *)(void *)(moments + ICT_PAIR_DOUBLES * lanes) + lanes;
  const double *total[2];
  const uint8_t *zero[2];
  for (size_t side = 0; side < 2; side++) {
    total[side] = (const double *)(const void *)(d->queue.totals + place[side] * l->total_bytes);
    zero[side] = d->queue.zero + c->seat[side] * l->groups; /* of seat 0 nothing is read */
  }
  for (size_t m = 0; m < lanes; m++) {
    bool heavy = false, present = false;
    for (size_t side = 0; side < 2; side++) {
      if (place[side] == 0) continue;
      heavy |= total[side][m] + total[side][lanes + m] > 0;
      present |= zero[side][m / 8] >> m % 8 & 1;
    }
    zero_psu[m] += present && !heavy;
  }
}

static void wait(ict_abacus_desk *d, uint32_t pair) {
  ict_abacus_couple *c = couple_of(d, pair);
  uint32_t psu = (uint32_t)d->open.n_psu + 1;
  if (c->psu == psu) return; /* by its other cell */
  c->psu = psu;
  uint32_t *place = c->place[c->n++];
  for (size_t side = 0; side < 2; side++)
    place[side] = c->seat[side] ? d->queue.from[c->seat[side]] : 0;
  if (d->any_zero) count_zeros(d, pair, place);
  if (c->n == ICT_MOST_WAITING) drain(d, pair);
}

void ict_abacus_couples_wait(ict_abacus_desk *d, size_t n_touched) {
  const ict_abacus_pairs *pairs = &d->layout->pairs;
  for (size_t i = 0; i < n_touched; i++) {
    uint32_t cell = d->open.cells.cell[d->queue.touched[i] - 1];
    for (size_t j = pairs->from[cell]; j < pairs->from[cell + 1]; j++) wait(d, pairs->of[j]);
  }
}
