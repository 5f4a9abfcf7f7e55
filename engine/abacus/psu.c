/* psu.c - a PSU closes: its units go to a cell of each set of axes, and some PSUs'
 * totals together into the moments.
 *
 * In: a tray's units. Out: moments of the open stratum. Owns: the queue.
 *
 * A cell's total is the sum of its units in the order in which they were first touched, and totals
 * enter the moments in the order of the PSUs: the order in which the cube adds them, so that the
 * sums have its bits. */
#include <string.h>

#include "abacus/inside.h"
#include "base/lines.h"
#include "base/mem.h"

enum { FIRST_PLACE = 2 }; /* of seat 1 */

/* An odd number of places a seat: with 8, the places in use would share a few sets of the nearest
 * cache. */
static size_t place_of(const ict_abacus_layout *l, size_t seat) {
  return FIRST_PLACE + (seat - 1) * (l->depth | 1);
}

/* Room for the sheet's capacity of cells. */
static ict_status make_room(ict_abacus_desk *d, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  ict_abacus_queue *q = &d->queue;
  size_t n = d->open.cells.capacity, used = place_of(l, q->n + 1) * l->total_bytes;
  if (q->totals && n <= q->capacity) return ICT_OK;
  bool is_first = !q->totals;
  if (n > UINT32_MAX / ICT_MOST_WAITING - 1) return ict_err_memory(err);
  uint32_t *from = ict_realloc(q->from, n + 1, sizeof *from);
  if (!from) return ict_err_memory(err);
  q->from = from;
  uint32_t *to = ict_realloc(q->to, n + 1, sizeof *to);
  if (!to) return ict_err_memory(err);
  q->to = to;
  uint32_t *touched = ict_realloc(q->touched, n + 1, sizeof *touched);
  if (!touched) return ict_err_memory(err);
  q->touched = touched;
  if (ict_lines_grow(&q->memory, &q->totals, used, place_of(l, n + 1) * l->total_bytes) != 0)
    return ict_err_memory(err);
  if (is_first) memset(q->totals, 0, FIRST_PLACE * l->total_bytes);
  q->from[0] = q->to[0] = 1;
  q->capacity = n;
  return ICT_OK;
}

void ict_abacus_queue_done(ict_abacus_queue *q) {
  ict_free(q->from);
  ict_free(q->to);
  ict_free(q->touched);
  ict_free(q->zero);
  ict_free(q->memory);
}

ict_status ict_abacus_seat(ict_abacus_desk *d, ict_abacus_tray *t, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  ict_abacus_queue *q = &d->queue;
  size_t inner = t->inner.n - 1, n_sets = t->grid->n_sets;
  const uint32_t *cell_of = t->grid->cell_of + t->inner.cell[inner] * n_sets;
  for (size_t s = 0; s < n_sets; s++) {
    size_t seat = 0;
    if (cell_of[s] != ICT_NO_CELL) {
      seat = ict_sheet_touch(&d->open.cells, cell_of[s]) + 1;
      if (seat == 0) return ict_err_memory(err); /* SIZE_MAX + 1 */
    }
    ict_status st = make_room(d, err);
    if (st != ICT_OK) return st;
    if (seat > q->n) {
      q->n = seat;
      q->from[seat] = 0;
      q->to[seat] = (uint32_t)place_of(l, seat);
      if (l->pairs.n > 0) st = ict_abacus_seat_couples(d, cell_of[s], seat, err);
      if (st != ICT_OK) return st;
    }
    t->seat[inner * n_sets + s] = (uint32_t)seat;
  }
  return ICT_OK;
}

/* What waits for a cell's moments enters them. */
static void drain(ict_abacus_desk *d, size_t seat) {
  const ict_abacus_layout *l = d->layout;
  ict_abacus_queue *q = &d->queue;
  uint32_t *k = &d->open.k[d->open.cells.cell[seat - 1]];
  size_t first = place_of(l, seat), n = q->to[seat] - first;
  if (l->pairs.n > 0) ict_abacus_drain_couples(d, seat);
  l->kernels->enter(l->groups, q->totals + first * l->total_bytes, n, *k,
                    ict_sheet_at(&d->open.cells, seat - 1));
  *k += (uint32_t)n;
  q->to[seat] = (uint32_t)first;
}

/* ---- rows of weight 0 ---------------------------------------------------------------------- */

static ict_status room_for_zeros(ict_abacus_desk *d, ict_err *err) {
  ict_abacus_queue *q = &d->queue;
  size_t groups = d->layout->groups;
  if (q->capacity + 1 <= q->zero_capacity) return ICT_OK;
  uint8_t *zero = ict_realloc(q->zero, q->capacity + 1, groups);
  if (!zero) return ict_err_memory(err);
  memset(zero + q->zero_capacity * groups, 0, (q->capacity + 1 - q->zero_capacity) * groups);
  q->zero = zero;
  q->zero_capacity = q->capacity + 1;
  return ICT_OK;
}

/* Measures that a cell's rows in this PSU count for, but all with weight 0. */
static void count_zeros(ict_abacus_desk *d, size_t seat) {
  const ict_abacus_layout *l = d->layout;
  size_t lanes = l->lanes;
  const double *total =
      (const double *)(const void *)(d->queue.totals + d->queue.to[seat] * l->total_bytes);
  uint32_t *zero_psu = (uint32_t *)(void *)((double *)ict_sheet_at(&d->open.cells, seat - 1) +
                                            ICT_MOMENTS_DOUBLES * lanes) +
                       2 * lanes;
  uint8_t *zero = d->queue.zero + seat * l->groups;
  for (size_t m = 0; m < lanes; m++)
    zero_psu[m] += (zero[m / 8] >> m % 8 & 1) && !(total[m] + total[lanes + m] > 0);
  memset(zero, 0, l->groups);
}

static ict_status add_zeros(ict_abacus_desk *d, ict_abacus_tray *t, ict_err *err) {
  size_t groups = d->layout->groups, n_sets = t->grid->n_sets;
  ict_status st = room_for_zeros(d, err);
  if (st != ICT_OK) return st;
  for (size_t u = 1; u <= t->n_units && u < t->zero_capacity; u++)
    for (size_t s = 0; s < n_sets; s++) {
      size_t seat = t->seat[t->inner_of[u] * n_sets + s];
      for (size_t g = 0; g < groups; g++)
        d->queue.zero[seat * groups + g] |= t->zero[u * groups + g];
    }
  memset(t->zero, 0, t->zero_capacity * groups);
  return ICT_OK;
}

/* ---- the PSU, the stratum ------------------------------------------------------------------ */

static ict_status close_tray(ict_abacus_desk *d, ict_abacus_tray *t, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  ict_abacus_queue *q = &d->queue;
  ict_spread spread = {.n_units = t->n_units,
                       .units = t->unit,
                       .inner_of = t->inner_of,
                       .n_sets = t->grid->n_sets,
                       .seat = t->seat,
                       .from = q->from,
                       .to = q->to,
                       .touched = q->touched,
                       .totals = q->totals,
                       .source = d->source,
                       .sink = d->sink};
  size_t n_touched = l->kernels->spread(l->groups, &spread);
  ict_status st = d->any_zero ? add_zeros(d, t, err) : ICT_OK;
  if (st != ICT_OK) return st;
  if (l->pairs.n > 0) ict_abacus_couples_wait(d, n_touched);
  for (size_t i = 0; i < n_touched; i++) {
    size_t seat = q->touched[i];
    if (d->any_zero) count_zeros(d, seat);
    q->from[seat] = 0;
    if (++q->to[seat] == place_of(l, seat) + l->depth) drain(d, seat);
  }
  for (size_t u = 1; u <= t->n_units; u++) t->unit_of[t->inner_of[u]] = 0;
  t->n_units = 0;
  return ICT_OK;
}

ict_status ict_abacus_roll_up(ict_abacus_desk *d, ict_err *err) {
  for (size_t g = 0; g < d->layout->n_grids; g++) {
    ict_status st = close_tray(d, &d->trays[g], err);
    if (st != ICT_OK) return st;
  }
  d->any_zero = false;
  d->open.n_psu++;
  return ICT_OK;
}

/* The rows of the stratum, by cell of the grid, to its sets' cells: how many, and their moments. */
static void add_rows(ict_abacus_desk *d, ict_abacus_tray *t) {
  const ict_abacus_layout *l = d->layout;
  size_t n_sets = t->grid->n_sets;
  for (size_t i = 0; i < t->inner.n * n_sets; i++) {
    if (t->seat[i] == 0) continue;
    double *moments = ict_sheet_at(&d->open.cells, t->seat[i] - 1);
    l->kernels->add(0, l->lanes, (unsigned char *)(moments + ICT_MOMENTS_DOUBLES * l->lanes),
                    ict_sheet_at(&t->inner, i / n_sets));
    ict_abacus_join_numbers(l, moments, t->rows + i / n_sets * l->n_numeric);
  }
  ict_sheet_clear(&t->inner);
}

void ict_abacus_empty_desk(ict_abacus_desk *d) {
  ict_abacus_queue *q = &d->queue;
  size_t bytes = d->layout->total_bytes;
  for (size_t seat = 1; seat <= q->n; seat++) drain(d, seat);
  for (size_t g = 0; g < d->layout->n_grids; g++) add_rows(d, &d->trays[g]);
  if (q->totals) memset(q->totals + bytes, 0, bytes); /* nobody's rows */
  q->n = 0;
}
