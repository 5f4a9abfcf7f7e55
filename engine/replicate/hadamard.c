/* hadamard.c - Hadamard matrices, entry by entry.
 *
 * In: how many rows are needed. Out: signs.
 * Owns: the table of squares mod q.
 *
 * Paley's first construction (1933): for a prime q = 3 mod 4, with chi the quadratic character,
 *     H = | 1   1 ... 1          |     is of order q + 1 and has orthogonal rows,
 *         | -1  chi(j-i) + [i=j] |
 * and Sylvester's doubling takes any H to (H H / H -H). Row 0 is all 1 in both, so the
 * half-samples, which use rows from 1, are in full orthogonal balance: each PSU is in half of them.
 */
#include "base/mem.h"
#include "replicate/inside.h"

static bool is_prime(size_t n) {
  for (size_t i = 2; i * i <= n; i++)
    if (n % i == 0) return false;
  return n > 1;
}

/* The smallest 2^k (q + 1) >= n; powers of 2 are those without q. */
static void choose(size_t n, size_t *order, size_t *q) {
  *order = 1;
  *q = 0;
  while (*order < n) *order *= 2;
  for (size_t m = 4; m < *order; m += 4) {
    if (!is_prime(m - 1)) continue;
    size_t size = m;
    while (size < n) size *= 2;
    if (size < *order) {
      *order = size;
      *q = m - 1;
    }
  }
}

ict_status ict_hadamard_init(ict_hadamard *h, size_t n, ict_err *err) {
  *h = (ict_hadamard){0};
  choose(n + 1 < 4 ? 4 : n + 1, &h->order, &h->q); /* 4 as R has it, and any survey */
  h->square = ict_alloc(h->q, sizeof *h->square);
  if (!h->square) return ict_err_memory(err);
  for (size_t i = 1; i < h->q; i++) h->square[i * i % h->q] = true;
  return ICT_OK;
}

void ict_hadamard_done(ict_hadamard *h) {
  ict_free(h->square);
  *h = (ict_hadamard){0};
}

static int paley(const ict_hadamard *h, size_t row, size_t column) {
  if (row == 0) return 1;
  if (column == 0) return -1;
  if (row == column) return 1;
  return h->square[(column + h->q - row) % h->q] ? 1 : -1;
}

int ict_hadamard_at(const ict_hadamard *h, size_t row, size_t column) {
  size_t m = h->q ? h->q + 1 : 1;
  int sign = h->q ? paley(h, row % m, column % m) : 1;
  size_t both = (row / m) & (column / m); /* Sylvester: the parity of common bits */
  for (; both; both &= both - 1) sign = -sign;
  return sign;
}
