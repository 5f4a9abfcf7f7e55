/* psu.c - a PSU closes: its inner cells' totals go to the moments of every margin.
 *
 * In: the desk's units. Out: moments of the open stratum. Owns: nothing.
 *
 * For each set of inner axes the units that fall into one cell become a job, in the order in which
 * they were first touched: the order in which the cube adds them, so that the sums have its bits.
 */
#include <string.h>

#include "abacus/inside.h"
#include "base/mem.h"

static ict_status make_room(ict_abacus_desk *d, ict_err *err) {
  size_t n = d->units.capacity;
  if (n <= d->capacity) return ICT_OK;
  ict_free(d->jobs);
  ict_free(d->next);
  ict_free(d->last);
  ict_free(d->job_cell);
  d->capacity = 0;
  d->jobs = ict_alloc(n + 1, sizeof *d->jobs);
  d->next = ict_alloc(n + 1, sizeof *d->next);
  d->last = ict_alloc(n + 1, sizeof *d->last);
  d->job_cell = ict_alloc(n + 1, sizeof *d->job_cell);
  if (!d->jobs || !d->next || !d->last || !d->job_cell) return ict_err_memory(err);
  d->capacity = n;
  return ICT_OK;
}

/* The jobs of one set, but for their slots; returns how many. A cell's entry in job_of is its job
 * where that job says so, else a remnant: nothing needs to be cleared. Whether a cell is new is as
 * good as random, so nothing branches on it: what a new cell must not write goes to a place that
 * nobody reads. */
static size_t make_jobs(ict_abacus_desk *d, const ict_abacus_set *set) {
  uint32_t n = 0, nowhere = (uint32_t)d->capacity;
  for (size_t u = 0; u < d->units.n; u++) {
    uint32_t cell = set->cell_of[d->units.cell[u]];
    if (cell == ICT_NO_CELL) continue;
    uint32_t known = d->job_of[cell];
    uint32_t is_new = (uint32_t)(known >= n) | (uint32_t)(d->job_cell[known] != cell);
    uint32_t all = 0 - is_new; /* bits */
    uint32_t j = (n & all) | (known & ~all);
    uint32_t before = (nowhere & all) | (d->last[j] & ~all);
    d->next[u] = ICT_JOB_END;
    d->next[before] = (uint32_t)u;
    d->last[j] = (uint32_t)u;
    d->job_of[cell] = j;
    d->jobs[n].first = (uint32_t)u;
    d->job_cell[n] = cell;
    n += is_new;
  }
  return n;
}

/* Each unit is a cell of its own: the set has all inner axes. */
static size_t make_single_jobs(ict_abacus_desk *d, const ict_abacus_set *set) {
  size_t n = 0;
  for (size_t u = 0; u < d->units.n; u++) {
    d->next[u] = ICT_JOB_END;
    d->jobs[n].first = (uint32_t)u;
    d->job_cell[n] = set->cell_of[d->units.cell[u]];
    n += d->job_cell[n] != ICT_NO_CELL;
  }
  return n;
}

/* Measures that a margin cell's rows count for, but all with weight 0. */
static void add_zeros(ict_abacus_desk *d, const ict_job *job) {
  size_t lanes = d->layout->lanes, groups = d->layout->groups;
  uint32_t *zero_psu = (uint32_t *)(void *)((double *)ict_sheet_at(&d->open.cells, job->slot) +
                                            ICT_MOMENTS_DOUBLES * lanes) +
                       2 * lanes;
  for (size_t m = 0; m < lanes; m++) {
    bool zero = false, rows = false;
    for (uint32_t u = job->first; u != ICT_JOB_END; u = d->next[u]) {
      const uint32_t *n =
          (const uint32_t *)(const void *)((const double *)ict_sheet_at(&d->units, u) +
                                           ICT_UNIT_DOUBLES * lanes);
      rows = rows || n[m] > 0;
      zero = zero || (u < d->zero_capacity && d->zero[u * groups + m / 8] >> m % 8 & 1);
    }
    zero_psu[m] += zero && !rows;
  }
}

ict_status ict_abacus_roll_up(ict_abacus_desk *d, ict_err *err) {
  const ict_abacus_layout *l = d->layout;
  ict_abacus_part *part = &d->open;
  ict_status st = make_room(d, err);
  if (st != ICT_OK) return st;
  for (size_t s = 0; s < l->n_sets; s++) {
    const ict_abacus_set *set = &l->sets[s];
    size_t n = set->axes == l->shape->inner ? make_single_jobs(d, set) : make_jobs(d, set);
    for (size_t j = 0; j < n; j++) {
      size_t cell = set->first_cell + d->job_cell[j];
      size_t slot = ict_sheet_touch(&part->cells, (uint32_t)cell);
      if (slot == SIZE_MAX) return ict_err_memory(err);
      d->jobs[j].slot = (uint32_t)slot;
      d->jobs[j].k = ++part->k[cell];
    }
    l->kernels->close(l->groups, d->jobs, n, d->units.data, l->unit_bytes, d->next,
                      part->cells.data, l->moments_bytes);
    for (size_t j = 0; d->any_zero && j < n; j++) add_zeros(d, &d->jobs[j]);
  }
  if (d->any_zero) {
    memset(d->zero, 0, d->zero_capacity * l->groups);
    d->any_zero = false;
  }
  ict_sheet_clear(&d->units);
  part->n_psu++;
  return ICT_OK;
}
