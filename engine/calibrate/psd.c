/* psd.c - Cholesky's factor with diagonal pivoting (Higham 2002, section 10.3) of the matrix scaled
 * to a unit diagonal, and one round of iterative refinement.
 *
 * In: a matrix. Out: solutions. Owns: the factor.
 *
 * The matrix has a row for each category of a margin, some hundred at most, so that the plain
 * loops are a small part of making it. */
#include "calibrate/psd.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* A column of which less than this share (of its square) is left beside the others depends on
 * them. */
#define DEPENDENT 1e-11

ict_status ict_psd_init(ict_psd *p, size_t n, ict_err *err) {
  *p = (ict_psd){.n = n};
  p->matrix = ict_alloc(n * n, sizeof *p->matrix);
  p->factor = ict_alloc(n * n, sizeof *p->factor);
  p->scale = ict_alloc(n, sizeof *p->scale);
  p->pivot = ict_alloc(n, sizeof *p->pivot);
  p->work = ict_alloc(4 * n, sizeof *p->work);
  return p->matrix && p->factor && p->scale && p->pivot && p->work ? ICT_OK : ict_err_memory(err);
}

void ict_psd_done(ict_psd *p) {
  ict_free(p->matrix);
  ict_free(p->factor);
  ict_free(p->scale);
  ict_free(p->pivot);
  ict_free(p->work);
  *p = (ict_psd){0};
}

static void swap_rows(ict_psd *p, size_t i, size_t j) {
  size_t n = p->n, t = p->pivot[i];
  p->pivot[i] = p->pivot[j];
  p->pivot[j] = t;
  for (size_t k = 0; k < p->rank; k++) {
    double x = p->factor[i * n + k];
    p->factor[i * n + k] = p->factor[j * n + k];
    p->factor[j * n + k] = x;
  }
}

void ict_psd_factor(ict_psd *p) {
  size_t n = p->n;
  double *left = p->work; /* of the diagonal, by row of the factor */
  for (size_t i = 0; i < n; i++) {
    double d = p->matrix[i * n + i];
    p->scale[i] = d > 0 ? 1 / sqrt(d) : 0;
    p->pivot[i] = i;
    left[i] = d > 0;
  }
  for (p->rank = 0; p->rank < n; p->rank++) {
    size_t r = p->rank, best = r;
    for (size_t i = r + 1; i < n; i++)
      if (left[i] > left[best]) best = i;
    if (!(left[best] > DEPENDENT)) return;
    swap_rows(p, r, best);
    double pivot = sqrt(left[best]);
    left[best] = left[r];
    const double *top = p->factor + r * n;
    size_t column = p->pivot[r];
    p->factor[r * n + r] = pivot;
    for (size_t i = r + 1; i < n; i++) {
      double *row = p->factor + i * n;
      size_t at = p->pivot[i];
      double x = p->matrix[at * n + column] * p->scale[at] * p->scale[column];
      for (size_t k = 0; k < r; k++) x -= row[k] * top[k];
      row[r] = x / pivot;
      left[i] -= row[r] * row[r];
    }
  }
}

/* b = N^-1 s, for entries s. */
static void solve_once(const ict_psd *p, const double *s, double *b) {
  size_t n = p->n;
  double *x = p->work;
  for (size_t i = 0; i < p->rank; i++) {
    x[i] = s[p->pivot[i]] * p->scale[p->pivot[i]];
    for (size_t k = 0; k < i; k++) x[i] -= p->factor[i * n + k] * x[k];
    x[i] /= p->factor[i * n + i];
  }
  for (size_t i = p->rank; i-- > 0;) {
    for (size_t k = i + 1; k < p->rank; k++) x[i] -= p->factor[k * n + i] * x[k];
    x[i] /= p->factor[i * n + i];
  }
  memset(b, 0, n * sizeof *b);
  for (size_t i = 0; i < p->rank; i++) b[p->pivot[i]] = x[i] * p->scale[p->pivot[i]];
}

void ict_psd_solve(ict_psd *p, double *s) {
  size_t n = p->n;
  double *rest = p->work + n, *b = p->work + 2 * n, *more = p->work + 3 * n;
  for (size_t i = 0; i < n; i++) rest[i] = s[i];
  solve_once(p, rest, b);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++) rest[i] -= p->matrix[i * n + k] * b[k];
  solve_once(p, rest, more);
  for (size_t i = 0; i < n; i++) s[i] = b[i] + more[i];
}
