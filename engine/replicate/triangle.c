/* triangle.c - the rank of some rows' weights as R's qr() has it, whatever their rounding.
 *
 * In: rows. Out: how many of their replicates are independent, in order.
 * Owns: nothing beyond the call.
 *
 * Householder's reflections fold the rows, a block at a time, into a triangle whose columns have
 * the products of theirs. It loses no digits, as sums of products do; it takes longer. */
#include <math.h>

#include "base/mem.h"
#include "replicate/lanes.h"
#include "replicate/rank_columns.h"

#define BLOCK 64 /* rows */

typedef struct triangle {
  size_t n;      /* replicates */
  double *row;   /* n x n, upper */
  size_t n_rows; /* of the block */
  double *block; /* of each replicate BLOCK of them */
} triangle;

/* The block's column j goes: what is left of it is in the triangle. */
static void reflect(triangle *t, size_t j) {
  double *v = t->block + j * BLOCK, *row = t->row + j * t->n;
  double below = ict_lanes_product(v, v, t->n_rows);
  if (!(below > 0)) return;
  double length = sqrt(row[j] * row[j] + below), to = row[j] > 0 ? -length : length;
  double first = row[j] - to, twice = 2 / (first * first + below);
  row[j] = to;
  for (size_t k = j + 1; k < t->n; k++) {
    double *x = t->block + k * BLOCK;
    double share = twice * (first * row[k] + ict_lanes_product(v, x, t->n_rows));
    row[k] -= share * first;
    for (size_t i = 0; i < t->n_rows; i++) x[i] -= share * v[i];
  }
}

static void fold(triangle *t, const ict_replicates *r, const uint32_t *rows, size_t n) {
  for (size_t done = 0; done < n; done += BLOCK) {
    t->n_rows = n - done < BLOCK ? n - done : BLOCK;
    for (size_t i = 0; i < t->n_rows; i++)
      for (size_t j = 0; j < t->n; j++)
        t->block[j * BLOCK + i] = r->weight[(size_t)rows[done + i] * t->n + j];
    for (size_t j = 0; j < t->n; j++) reflect(t, j);
  }
}

static double *at(const triangle *t, size_t row, size_t column) {
  return &t->row[row * t->n + column];
}

/* Column j of rows `first` on becomes one number, of what is left beside the columns that have the
 * rows before; those after it are turned with it. */
static void turn(triangle *t, size_t first, size_t j, double left) {
  double to = *at(t, first, j) > 0 ? -left : left, *v = t->block;
  for (size_t i = first; i <= j; i++) v[i] = *at(t, i, j);
  v[first] -= to;
  double squares = 0;
  for (size_t i = first; i <= j; i++) squares += v[i] * v[i];
  for (size_t k = j; k < t->n; k++) {
    double share = 0;
    for (size_t i = first; i <= j; i++) share += v[i] * *at(t, i, k);
    share *= 2 / squares;
    for (size_t i = first; i <= j; i++) *at(t, i, k) -= share * v[i];
  }
}

static double length_of(const triangle *t, size_t first, size_t j) {
  double squares = 0;
  for (size_t i = first; i <= j; i++) squares += *at(t, i, j) * *at(t, i, j);
  return sqrt(squares);
}

/* Columns in order; while none is dropped, what is left of each is its number on the diagonal. */
static uint32_t take_columns(triangle *t, double *length) {
  uint32_t rank = 0;
  for (size_t j = 0; j < t->n; j++) length[j] = length_of(t, 0, j);
  for (size_t j = 0; j < t->n; j++) {
    double left = length_of(t, rank, j);
    if (!(length[j] > 0) || left < ICT_RANK_TOLERANCE * length[j]) continue;
    if (rank < j) turn(t, rank, j, left);
    rank++;
  }
  return rank;
}

ict_status ict_triangle_rank(const ict_replicates *r, const uint32_t *rows, size_t n,
                             uint32_t *rank) {
  triangle t = {.n = r->n,
                .row = ict_alloc(r->n, r->n * sizeof *t.row),
                .block = ict_alloc(r->n, BLOCK * sizeof *t.block)};
  double *length = ict_alloc(r->n, sizeof *length);
  ict_status st = t.row && t.block && length ? ICT_OK : ICT_FAIL;
  if (st == ICT_OK) {
    fold(&t, r, rows, n);
    *rank = take_columns(&t, length);
  }
  ict_free(t.row);
  ict_free(t.block);
  ict_free(length);
  return st;
}
