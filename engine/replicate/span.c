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

typedef struct basis {
  size_t length, rank;
  double *vectors; /* rank of them, orthonormal */
  size_t capacity;
  double *rest; /* length: the vector being added */
} basis;

static double product(const double *x, const double *y, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/* What is left of the vector beside the basis, if anything, joins it. */
static ict_status take_rest(basis *b) {
  double length = sqrt(product(b->rest, b->rest, b->length));
  if (!(length > 0)) return ICT_OK;
  for (int round = 0; round < ROUNDS; round++)
    for (size_t k = 0; k < b->rank; k++) {
      const double *e = b->vectors + k * b->length;
      double c = product(e, b->rest, b->length);
      for (size_t i = 0; i < b->length; i++) b->rest[i] -= c * e[i];
    }
  double left = sqrt(product(b->rest, b->rest, b->length));
  if (left < ICT_RANK_TOLERANCE * length) return ICT_OK;
  if (ict_grow(&b->vectors, b->rank, &b->capacity, b->length * sizeof *b->vectors) != 0)
    return ICT_FAIL;
  double *e = b->vectors + b->rank++ * b->length;
  for (size_t i = 0; i < b->length; i++) e[i] = b->rest[i] / left;
  return ICT_OK;
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
  basis b = {.length = length, .rest = ict_alloc(length, sizeof(double))};
  ict_status st = b.rest ? ICT_OK : ICT_FAIL;
  size_t at = 0, step = n > 0 ? ict_step_through(n) : 0;
  if (most > length) most = length;
  for (size_t i = 0; i < n && b.rank < most && st == ICT_OK; i++) {
    fill(ctx, at, b.rest);
    st = take_rest(&b);
    at = (at + step) % n;
  }
  *rank = (uint32_t)b.rank;
  ict_free(b.rest);
  ict_free(b.vectors);
  return st;
}
