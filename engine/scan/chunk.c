/* chunk.c - where chunks begin and end, and how one is fed to its cube.
 *
 * In: the design, an evaluator. Out: a cube, or totals under replicates, that hold the chunk's
 * PSUs. Owns: nothing.
 *
 * Expressions run over blocks of ICT_BLOCK_ROWS rows whatever the PSUs, so that PSUs of ten
 * rows do not pay for a run each; the cube is then fed PSU by PSU. */
#include "base/mem.h"
#include "scan/inside.h"

ict_status ict_scan_borders(const ict_design *d, size_t chunk_rows, size_t **first_psu,
                            size_t *n_chunks, ict_err *err) {
  size_t *first = NULL, n = 0, capacity = 0;
  *first_psu = NULL;
  *n_chunks = 0;
  uint64_t begin = 0; /* row */
  for (size_t p = 0; p <= d->n_psu; p++) {
    uint64_t row = d->n_psu ? d->psu_first_row[p] : 0;
    if (p != 0 && p != d->n_psu && row - begin < chunk_rows) continue;
    if (ict_grow(&first, n, &capacity, sizeof *first) != 0) {
      ict_free(first);
      return ict_err_memory(err);
    }
    first[n++] = p;
    begin = row;
  }
  *first_psu = first;
  *n_chunks = n - 1;
  return ICT_OK;
}

/* Rows [from, to) of the block that begins at block_row, all of one PSU. */
static ict_status add_rows(ict_evaluator *b, size_t block_row, size_t from, size_t to,
                           ict_cube *cube, ict_replicate_totals *totals, ict_err *err) {
  size_t at = from - block_row;
  ict_evaluator_run(b, at);
  const double *weight = b->plan->frame->design.weight;
  ict_cube_rows rows = {.n = to - from,
                        .fine = b->fine + at,
                        .weight = weight ? weight + from : NULL,
                        .values = b->run,
                        .first_row = from};
  ict_status st = totals ? ict_replicate_add(totals, &rows, from, err) : ICT_OK;
  return st == ICT_OK && cube ? ict_cube_add(cube, &rows, err) : st;
}

/* A chunk on its way into its cube and totals. The block that is evaluated is rows [block_row,
 * block_end). */
typedef struct feeding {
  ict_evaluator *evaluator;
  ict_cube *cube;
  ict_replicate_totals *totals;
  size_t block_row, block_end, chunk_end;
} feeding;

/* Rows of one PSU, evaluating the next block of the chunk whenever the last one is used up. */
static ict_status feed_rows(void *ctx, uint64_t from, uint64_t to, ict_err *err) {
  feeding *f = ctx;
  size_t row = (size_t)from, end = (size_t)to;
  while (row < end) {
    if (row == f->block_end) {
      size_t left = f->chunk_end - row;
      size_t n = left < ICT_BLOCK_ROWS ? left : ICT_BLOCK_ROWS;
      ict_evaluate(f->evaluator, row, n);
      f->block_row = row;
      f->block_end = row + n;
    }
    size_t last = end < f->block_end ? end : f->block_end;
    ict_status st = add_rows(f->evaluator, f->block_row, row, last, f->cube, f->totals, err);
    if (st != ICT_OK) return st;
    row = last;
  }
  return ICT_OK;
}

size_t ict_scan_stratum_of(const ict_design *d, size_t psu) {
  size_t low = 0, high = d->n_strata; /* stratum_first_psu[low] <= psu < [high] */
  while (high - low > 1) {
    size_t mid = low + (high - low) / 2;
    if (d->stratum_first_psu[mid] <= psu) {
      low = mid;
    } else {
      high = mid;
    }
  }
  return low;
}

static ict_status feed_psu(feeding *f, size_t psu, ict_err *err) {
  const uint64_t *row = f->evaluator->plan->frame->design.psu_first_row + psu;
  ict_status st = f->cube ? ict_cube_take_psu(f->cube, psu, feed_rows, f, err)
                          : feed_rows(f, row[0], row[1], err);
  return st == ICT_OK && f->totals ? ict_replicate_close_psu(f->totals, psu, err) : st;
}

ict_status ict_scan_chunk(ict_evaluator *b, size_t from, size_t to, ict_cube *cube,
                          ict_replicate_totals *totals, ict_err *err) {
  const ict_design *d = &b->plan->frame->design;
  size_t first_row = (size_t)d->psu_first_row[from];
  feeding f = {b, cube, totals, first_row, first_row, (size_t)d->psu_first_row[to]};
  ict_status st = ICT_OK;
  size_t psu = from;
  for (size_t h = ict_scan_stratum_of(d, from); psu < to; h++) {
    size_t last = (size_t)d->stratum_first_psu[h + 1];
    if (last > to) last = to;
    if (cube) ICT_TRY(done, st, ict_cube_open_stratum(cube, h, err));
    for (; psu < last; psu++) ICT_TRY(done, st, feed_psu(&f, psu, err));
    if (cube) ICT_TRY(done, st, ict_cube_close_stratum(cube, err));
  }
done:
  return st;
}
