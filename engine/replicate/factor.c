/* factor.c - Cholesky's factor of some directions' products, a panel of them at a time.
 *
 * In: directions. Out: those that are independent, and what others are by them.
 * Owns: the factor.
 *
 * A panel's ICT_PANEL directions are solved for side by side; what is then left of their products
 * is a small matrix, in which they are looked at one after the other. */
#include "replicate/factor.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

ict_status ict_factor_init(ict_factor *f, const ict_directions *d, size_t most) {
  size_t lines = (most + ICT_PANEL - 1) / ICT_PANEL | 1; /* odd: rows do not share a cache's set */
  *f = (ict_factor){.d = d, .most = most, .stride = lines * ICT_PANEL, .least = 1};
  f->l = ict_alloc(most + ICT_PANEL, f->stride * sizeof *f->l);
  f->inverse = ict_alloc(most, sizeof *f->inverse);
  f->taken = ict_alloc(most, sizeof *f->taken);
  f->rest = ict_alloc(most, sizeof *f->rest);
  f->panel = ict_alloc(most, ICT_PANEL * sizeof *f->panel);
  f->vector = ict_alloc(d->table ? 0 : d->r->n, ICT_PANEL * sizeof *f->vector);
  return f->l && f->inverse && f->taken && f->rest && f->panel && f->vector ? ICT_OK : ICT_FAIL;
}

void ict_factor_done(ict_factor *f) {
  ict_free(f->l);
  ict_free(f->inverse);
  ict_free(f->taken);
  ict_free(f->rest);
  ict_free(f->panel);
  ict_free(f->vector);
}

void ict_factor_clear(ict_factor *f) {
  f->rank = 0;
  f->between = false;
  f->least = 1;
  f->in_doubt = false;
}

void ict_factor_panel(ict_factor *f, const uint32_t *list, size_t n) {
  ict_directions_products(f->d, f->taken, f->rank, list, n, f->vector, f->panel);
  ict_factor_solve_from(f, 0, f->panel);
}

void ict_factor_solve_from(const ict_factor *f, size_t first, double *panel) {
  f->d->tiles->solve(panel, f->l + first * f->stride + first, f->stride, f->inverse + first,
                     f->rank - first);
}

/* What is left of the panel's products beside the factor: left[i][c]. The panel's columns become
 * the rows of l that follow. */
static void leave(ict_factor *f, const uint32_t *list, size_t n, double *left) {
  const double *rows[ICT_PANEL];
  for (size_t c = 0; c < n; c++) {
    double *row = f->l + (f->rank + c) * f->stride;
    for (size_t k = 0; k < f->rank; k++) row[k] = f->panel[k * ICT_PANEL + c];
    rows[c] = row;
  }
  ict_directions_products(f->d, list, n, list, n, f->vector, left);
  f->d->tiles->subtract(left, rows, n, f->panel, f->rank);
}

/* The squared length of L'^-1 y, 1 more: rounding's in what is left of the direction with row y,
 * which is made of those taken in such shares. */
static double squared_shares(ict_factor *f, const double *y) {
  double sum = 1, *rest = f->rest;
  memcpy(rest, y, f->rank * sizeof *rest);
  for (size_t k = f->rank; k-- > 0;) {
    const double *l = f->l + k * f->stride;
    double share = rest[k] * f->inverse[k];
    for (size_t j = 0; j < k; j++) rest[j] -= share * l[j];
    sum += share * share;
  }
  return sum;
}

/* What is left of a direction; the least pivot says when the shares may be large. */
static bool is_nothing(ict_factor *f, const double *y, double left) {
  double rounding = ICT_RANK_TOLERANCE * ICT_RANK_TOLERANCE * ICT_FACTOR_NEAR;
  double beside = fabs(left - f->nothing);
  if (!(beside * f->least > rounding))
    f->in_doubt = f->in_doubt || !(beside > rounding * squared_shares(f, y));
  return !(left >= f->nothing);
}

static bool is_new(ict_factor *f, uint32_t direction, const double *y, double left) {
  bool nothing = is_nothing(f, y, left);
  if (nothing || left < f->clear) {
    f->between = f->between || !nothing || ict_directions_uneven(f->d, direction);
    return false;
  }
  if (left < f->least) f->least = left;
  return true;
}

static void take_panel(ict_factor *f, const uint32_t *list, size_t n) {
  double left[ICT_PANEL * ICT_PANEL];
  size_t first = f->rank;
  ict_factor_panel(f, list, n);
  leave(f, list, n, left);
  for (size_t c = 0; c < n && f->rank < f->most; c++) {
    double *of_c = left + c * ICT_PANEL;
    if (!is_new(f, list[c], f->l + (first + c) * f->stride, of_c[c])) continue;
    double root = sqrt(of_c[c]);
    double *row = f->l + f->rank * f->stride;
    if (first + c != f->rank) memcpy(row, f->l + (first + c) * f->stride, f->rank * sizeof *row);
    row[f->rank] = root;
    for (size_t i = c + 1; i < n; i++) {
      double share = left[i * ICT_PANEL + c] / root;
      f->l[(first + i) * f->stride + f->rank] = share;
      for (size_t k = c + 1; k <= i; k++)
        left[i * ICT_PANEL + k] -= share * (left[k * ICT_PANEL + c] / root);
    }
    f->inverse[f->rank] = 1 / root;
    f->taken[f->rank++] = list[c];
  }
}

static void take(ict_factor *f, const uint32_t *list, size_t n, size_t step) {
  size_t at = 0;
  for (size_t done = 0; done < n && f->rank < f->most;) {
    uint32_t next[ICT_PANEL];
    size_t n_next = 0;
    for (; n_next < ICT_PANEL && done < n; done++, n_next++) {
      next[n_next] = list[at];
      at = (at + step) % n;
    }
    take_panel(f, next, n_next);
  }
}

/* With all there can be, nothing is in doubt. */
static void settle(ict_factor *f) {
  f->in_doubt = f->rank < f->most && (f->in_doubt || f->between);
}

void ict_factor_take(ict_factor *f, const uint32_t *list, size_t n) {
  f->nothing = ICT_RANK_NOTHING * ICT_RANK_NOTHING;
  f->clear = ICT_RANK_CLEAR * ICT_RANK_CLEAR;
  take(f, list, n, n > 0 ? ict_step_through(n) : 0);
  settle(f);
}

void ict_factor_take_as_r(ict_factor *f, const uint32_t *list, size_t n) {
  f->nothing = f->clear = ICT_RANK_TOLERANCE * ICT_RANK_TOLERANCE;
  take(f, list, n, 1);
}

double ict_factor_strength(const ict_factor *f, const double *energy) {
  double least = INFINITY;
  for (size_t k = 0; k < f->rank; k++) {
    double left = energy[f->taken[k]] / (f->inverse[k] * f->inverse[k]);
    if (left < least) least = left;
  }
  return least;
}
