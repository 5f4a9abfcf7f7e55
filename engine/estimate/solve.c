/* solve.c - systems of linear equations, as small as the tables that are tested.
 *
 * In: a symmetric matrix and right sides. Out: the solutions, or that there are none.
 * Owns: nothing.
 *
 * Gauss's elimination with row exchanges, after rows and columns are divided by the square roots of
 * the diagonal: variances of a rare and of a common answer differ by many powers of ten, which says
 * nothing about their dependence. */
#include <float.h>
#include <math.h>

#include "estimate/inside.h"

/* A pivot below this, of a matrix whose diagonal is 1, is the rounding of a dependence. */
#define LEAST_PIVOT 1e-13

static void exchange(double *a, double *b, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double t = a[i];
    a[i] = b[i];
    b[i] = t;
  }
}

/* d a d (d b) with d = 1 / sqrt(diagonal); x is then d times the scaled solution. */
static bool scale(size_t n, double *a, size_t n_rhs, double *b, double *d) {
  for (size_t i = 0; i < n; i++) {
    if (!(fabs(a[i * n + i]) > DBL_MIN) || !isfinite(a[i * n + i])) return false;
    d[i] = 1 / sqrt(fabs(a[i * n + i]));
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < n; k++) a[i * n + k] *= d[i] * d[k];
    for (size_t k = 0; k < n_rhs; k++) b[i * n_rhs + k] *= d[i];
  }
  return true;
}

static bool eliminate(size_t n, double *a, size_t n_rhs, double *b) {
  for (size_t c = 0; c < n; c++) {
    size_t pivot = c;
    for (size_t i = c + 1; i < n; i++)
      if (fabs(a[i * n + c]) > fabs(a[pivot * n + c])) pivot = i;
    if (!(fabs(a[pivot * n + c]) > LEAST_PIVOT)) return false;
    if (pivot != c) {
      exchange(a + pivot * n, a + c * n, n);
      exchange(b + pivot * n_rhs, b + c * n_rhs, n_rhs);
    }
    for (size_t i = c + 1; i < n; i++) {
      double f = a[i * n + c] / a[c * n + c];
      for (size_t k = c; k < n; k++) a[i * n + k] -= f * a[c * n + k];
      for (size_t k = 0; k < n_rhs; k++) b[i * n_rhs + k] -= f * b[c * n_rhs + k];
    }
  }
  return true;
}

bool ict_solve(size_t n, double *a, size_t n_rhs, double *b) {
  double d[ICT_SOLVE_MOST];
  if (!scale(n, a, n_rhs, b, d) || !eliminate(n, a, n_rhs, b)) return false;
  for (size_t k = 0; k < n_rhs; k++)
    for (size_t i = n; i-- > 0;) {
      double x = b[i * n_rhs + k];
      for (size_t j = i + 1; j < n; j++) x -= a[i * n + j] * b[j * n_rhs + k];
      b[i * n_rhs + k] = x / a[i * n + i];
    }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n_rhs; k++) b[i * n_rhs + k] *= d[i];
  return true;
}
