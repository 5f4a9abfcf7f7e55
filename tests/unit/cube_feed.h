/* cube_feed.h - the rows of a design into a cube as the scan feeds them: PSU by PSU, in chunks. */
#ifndef ICT_TEST_CUBE_FEED_H
#define ICT_TEST_CUBE_FEED_H

#include "base/mem.h"
#include "cube/cube.h"
#include "random.h"
#include "suite.h"

typedef struct cube_input {
  const ict_design *design;
  const ict_cube_shape *shape;
  const uint32_t *fine;          /* n_rows */
  const ict_cube_values *values; /* n_measures, n_rows each */
} cube_input;

typedef struct cube_feeding {
  const cube_input *in;
  ict_cube *cube;
} cube_feeding;

static inline ict_status cube_add_rows(void *ctx, uint64_t from, uint64_t to, ict_err *err) {
  enum { MOST = 40 };
  const cube_feeding *f = ctx;
  const cube_input *in = f->in;
  ict_cube_values v[MOST];
  if (in->shape->n_measures > MOST) abort();
  for (size_t m = 0; m < in->shape->n_measures; m++) {
    v[m] = in->values[m];
    if (v[m].answer) v[m].answer += from;
    if (v[m].y) v[m].y += from;
    if (v[m].x) v[m].x += from;
  }
  ict_cube_rows rows = {.n = to - from,
                        .fine = in->fine + from,
                        .weight = in->design->weight ? in->design->weight + from : NULL,
                        .values = v};
  return ict_cube_add(f->cube, &rows, err);
}

/* PSUs [from, to). */
static inline ict_status cube_feed(ict_cube *cube, const cube_input *in, size_t from, size_t to) {
  const ict_design *d = in->design;
  cube_feeding f = {in, cube};
  ict_status st = ICT_OK;
  size_t h = 0;
  while (d->stratum_first_psu[h + 1] <= from) h++;
  for (size_t p = from; p < to && st == ICT_OK; h++) {
    st = ict_cube_open_stratum(cube, h, NULL);
    for (; p < to && p < d->stratum_first_psu[h + 1] && st == ICT_OK; p++)
      st = ict_cube_take_psu(cube, p, cube_add_rows, &f, NULL);
    if (st == ICT_OK) st = ict_cube_close_stratum(cube, NULL);
  }
  return st;
}

/* Chunks of `size` PSUs (0: random sizes), one cube used again and again for all but the first, as
 * the scan does. */
static inline ict_status cube_in_chunks(const cube_input *in, size_t size, ict_cube **out) {
  ict_cube *whole = NULL, *next = NULL;
  ict_status st = ict_cube_new(in->shape, in->design, &whole, NULL);
  if (st == ICT_OK) st = ict_cube_new(in->shape, in->design, &next, NULL);
  for (size_t p = 0, to; st == ICT_OK && p < in->design->n_psu; p = to) {
    to = p + (size ? size : 1 + below(7));
    if (to > in->design->n_psu) to = in->design->n_psu;
    st = cube_feed(next, in, p, to);
    if (st == ICT_OK) st = ict_cube_merge(whole, next, NULL);
  }
  if (st == ICT_OK) st = ict_cube_finish(whole, NULL);
  ict_cube_free(next);
  if (st != ICT_OK) {
    ict_cube_free(whole);
    whole = NULL;
  }
  *out = whole;
  return st;
}

static inline ict_cube *cube_of(const cube_input *in, size_t size) {
  ict_cube *cube;
  CU_ASSERT_EQUAL_FATAL(cube_in_chunks(in, size, &cube), ICT_OK);
  return cube;
}

/* Allocation 1, 2, 3 ... fails, and nothing else goes wrong. */
static inline void cube_of_short_memory(const cube_input *in) {
  for (long n = 0;; n++) {
    ict_cube *cube;
    ict_mem_fail_after(n);
    ict_status st = cube_in_chunks(in, 2, &cube);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) {
      ict_cube_free(cube);
      return;
    }
    CU_ASSERT_EQUAL_FATAL(st, ICT_FAIL);
  }
}

#endif
