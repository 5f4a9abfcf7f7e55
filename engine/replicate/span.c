/* span.c - how many of some vectors are independent.
 *
 * In: vectors of weights or multipliers, one after the other. Out: their rank.
 * Owns: an orthonormal basis, for the call.
 *
 * Gram and Schmidt's method with R's tolerance, that of qr(tol = 1e-5) in degf(), beside the length
 * of the vector that is being added. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

/* Twice is enough (Kahan; Parlett 1980): the second round makes good what the first cancelled. */
#define ROUNDS 2

static double product(const double *x, const double *y, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static double length_of(const ict_span *s) { return sqrt(product(s->rest, s->rest, s->length)); }

ict_status ict_span_init(ict_span *s, size_t length) {
  *s = (ict_span){.length = length, .rest = ict_alloc(length, sizeof *s->rest)};
  return s->rest ? ICT_OK : ICT_FAIL;
}

void ict_span_done(ict_span *s) {
  ict_free(s->vectors);
  ict_free(s->rest);
}

double ict_span_beside(ict_span *s) {
  for (int round = 0; round < ROUNDS; round++)
    for (size_t k = 0; k < s->rank; k++) {
      const double *e = s->vectors + k * s->length;
      double c = product(e, s->rest, s->length);
      for (size_t i = 0; i < s->length; i++) s->rest[i] -= c * e[i];
    }
  return length_of(s);
}

ict_status ict_span_join(ict_span *s, double left) {
  if (ict_grow(&s->vectors, s->rank, &s->capacity, s->length * sizeof *s->vectors) != 0)
    return ICT_FAIL;
  double *e = s->vectors + s->rank++ * s->length;
  for (size_t i = 0; i < s->length; i++) e[i] = s->rest[i] / left;
  return ICT_OK;
}

ict_status ict_span_add(ict_span *s, double whole) {
  if (!(whole > 0)) return ICT_OK;
  double left = ict_span_beside(s);
  return left < ICT_RANK_TOLERANCE * whole ? ICT_OK : ict_span_join(s, left);
}

size_t ict_step_through(size_t n) {
  size_t step = (size_t)(0.6180339887498949 * (double)n) | 1;
  for (;; step++) {
    size_t a = n, b = step;
    while (b) {
      size_t c = a % b;
      a = b;
      b = c;
    }
    if (a == 1) return step;
  }
}

ict_status ict_span_rank(size_t n, size_t length, size_t most, ict_vector_fn *fill, const void *ctx,
                         uint32_t *rank) {
  ict_span s;
  ict_status st = ict_span_init(&s, length);
  size_t at = 0, step = n > 0 ? ict_step_through(n) : 0;
  if (most > length) most = length;
  for (size_t i = 0; i < n && s.rank < most && st == ICT_OK; i++) {
    fill(ctx, at, s.rest);
    st = ict_span_add(&s, length_of(&s));
    at = (at + step) % n;
  }
  *rank = (uint32_t)s.rank;
  ict_span_done(&s);
  return st;
}
