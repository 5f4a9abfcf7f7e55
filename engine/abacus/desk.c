/* desk.c - rows of the open PSU to totals of its inner cells.
 *
 * In: rows with their bits. Out: units, handed to psu.c. Owns: the desk. */
#include <string.h>

#include "abacus/inside.h"
#include "base/mem.h"

ict_status ict_abacus_desk_new(const ict_abacus_layout *l, ict_abacus_desk **out, ict_err *err) {
  *out = NULL;
  ict_abacus_desk *d = ict_alloc(1, sizeof *d);
  if (!d) return ict_err_memory(err);
  d->layout = l;
  ict_status st = ICT_OK;
  d->slot = ict_alloc(ROWS_AT_ONCE, sizeof *d->slot);
  d->job_of = ict_alloc(l->most_cells, sizeof *d->job_of);
  if (!d->slot || !d->job_of || ict_sheet_init(&d->units, l->n_inner, l->unit_bytes) != 0)
    st = ict_err_memory(err);
  if (st == ICT_OK) st = ict_abacus_part_init(l, &d->open, err);
  if (st == ICT_OK) {
    *out = d;
  } else {
    ict_abacus_desk_free(d);
  }
  return st;
}

void ict_abacus_desk_free(ict_abacus_desk *d) {
  if (!d) return;
  ict_sheet_done(&d->units);
  ict_abacus_part_done(&d->open);
  ict_free(d->slot);
  ict_free(d->zero);
  ict_free(d->job_of);
  ict_free(d->job_cell);
  ict_free(d->jobs);
  ict_free(d->next);
  ict_free(d->last);
  ict_free(d);
}

void ict_abacus_pack(const ict_abacus_layout *l, const uint8_t *answer, size_t n, size_t m,
                     bool first, uint8_t *yes, uint8_t *no) {
  if (first) {
    memset(yes, 0, n);
    memset(no, 0, n);
  }
  l->kernels->pack((uint8_t)(1u << m), answer, n, yes, no);
}

/* Rows of weight 0 make a cell present, and nothing else: which measures, is kept by bits. */
static ict_status note_zeros(ict_abacus_desk *d, const ict_abacus_rows *rows, size_t first,
                             size_t n, ict_err *err) {
  size_t groups = d->layout->groups;
  for (size_t i = 0; i < n; i++) {
    if (rows->weight[first + i] > 0) continue;
    if (d->units.capacity > d->zero_capacity) {
      uint8_t *zero = ict_realloc(d->zero, d->units.capacity, groups);
      if (!zero) return ict_err_memory(err);
      memset(zero + d->zero_capacity * groups, 0, (d->units.capacity - d->zero_capacity) * groups);
      d->zero = zero;
      d->zero_capacity = d->units.capacity;
    }
    for (size_t g = 0; g < groups; g++) {
      size_t at = g * rows->bits.stride + first + i;
      d->zero[d->slot[i] * groups + g] |= rows->bits.yes[at] | rows->bits.no[at];
    }
    d->any_zero = true;
  }
  return ICT_OK;
}

ict_status ict_abacus_add(ict_abacus_desk *d, const ict_abacus_rows *rows, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  for (size_t first = 0; first < rows->n; first += ROWS_AT_ONCE) {
    size_t n = rows->n - first < ROWS_AT_ONCE ? rows->n - first : ROWS_AT_ONCE;
    bool zeros = false;
    for (size_t i = 0; i < n; i++) {
      size_t slot = ict_sheet_touch(&d->units, rows->cell[first + i]);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      d->slot[i] = (uint32_t)slot;
      zeros |= rows->weight && !(rows->weight[first + i] > 0);
    }
    l->kernels->rows(l->groups, d->units.data, l->unit_bytes, d->slot,
                     rows->weight ? rows->weight + first : NULL, rows->bits.yes + first,
                     rows->bits.no + first, rows->bits.stride, n);
    ict_status st = zeros ? note_zeros(d, rows, first, n, err) : ICT_OK;
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}
