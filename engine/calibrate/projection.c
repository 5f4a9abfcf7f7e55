/* projection.c - the regression that a calibrated design's variance takes its residuals from.
 *
 * In: a model and the weights it led to. Out: b for sums over rows.
 * Owns: the sums of squares and products of the auxiliary variables.
 *
 * R's svyrecvar. With z = w y / c, what is projected is z, by weights v:
 *
 *     N = sum v x x',   S = sum v z x,   N b = S,   e = w y - c x'b = c (z - x'b)
 *
 * v = d for the regression methods and for post-stratification (where N is diagonal and b are the
 * means of the post-strata). For raking R takes the plain means (v = 1) of one margin after the
 * other, ten times over: ten sweeps of Gauss and Seidel's method for the same equations. Ten do not
 * quite bring the residuals of the margins themselves to 0, so whether x explains z is asked of the
 * equations. */
#include <string.h>

#include "base/mem.h"
#include "calibrate/inside.h"

#define SWEEPS 10

struct ict_projection {
  ict_columns columns;
  const double *weight;
  ict_psd system;   /* of post-stratification the matrix is not made */
  double *diagonal; /* post-stratification */
  double *side;     /* the sums of one right side */
};

static bool is_diagonal(const ict_projection *p) {
  return p->columns.model->method == ICT_CALIBRATE_POST_STRATIFY;
}
static bool is_raked(const ict_projection *p) {
  return p->columns.model->method == ICT_CALIBRATE_RAKE;
}

static double weight_at(const ict_projection *p, size_t row) {
  return p->weight ? p->weight[row] : 1;
}

double ict_projection_weight(const ict_projection *p, size_t row) {
  const double *c = p->columns.model->calibrated;
  return c ? c[row] : weight_at(p, row);
}

/* A weight that was cut to 0 has no residual, and so no say in b. */
double ict_projection_base(const ict_projection *p, size_t row) {
  double d = p->columns.model->design_weight[row];
  if (!(d > 0 && ict_projection_weight(p, row) > 0)) return 0;
  return is_raked(p) ? 1 : d;
}

double ict_projection_ratio(const ict_projection *p, size_t row) {
  return p->columns.model->calibrated ? weight_at(p, row) / ict_projection_weight(p, row) : 1;
}

static ict_status make_system(ict_projection *p, ict_err *err) {
  const ict_columns *columns = &p->columns;
  size_t n = columns->n, entries = columns->n_entries;
  uint32_t *column = ict_alloc(entries, sizeof *column);
  double *x = ict_alloc(entries, sizeof *x);
  ict_status st = column && x ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; st == ICT_OK && i < columns->model->n_rows; i++) {
    double v = ict_projection_base(p, i);
    if (!(v > 0)) continue;
    ict_columns_row(columns, i, column, x);
    if (is_diagonal(p))
      p->diagonal[column[0]] += v;
    else
      ict_columns_square(p->system.matrix, n, column, x, entries, v);
  }
  if (st == ICT_OK && !is_diagonal(p)) ict_psd_factor(&p->system);
  ict_free(column);
  ict_free(x);
  return st;
}

ict_status ict_projection_new(const ict_calibration *model, const double *weight,
                              ict_projection **out, ict_err *err) {
  *out = NULL;
  ict_projection *p = ict_alloc(1, sizeof *p);
  if (!p) return ict_err_memory(err);
  p->weight = weight;
  ict_status st;
  ICT_TRY(done, st, ict_columns_init(&p->columns, model, err));
  size_t n = p->columns.n;
  p->diagonal = ict_alloc(n, sizeof *p->diagonal);
  p->side = ict_alloc(2 * n, sizeof *p->side);
  if (!p->diagonal || !p->side) {
    st = ict_err_memory(err);
    goto done;
  }
  if (!is_diagonal(p)) ICT_TRY(done, st, ict_psd_init(&p->system, n, err));
  ICT_TRY(done, st, make_system(p, err));
  *out = p;
  p = NULL;
done:
  ict_projection_free(p);
  return st;
}

void ict_projection_free(ict_projection *p) {
  if (!p) return;
  ict_columns_done(&p->columns);
  ict_psd_done(&p->system);
  ict_free(p->diagonal);
  ict_free(p->side);
  ict_free(p);
}

size_t ict_projection_columns(const ict_projection *p) { return p->columns.n; }
size_t ict_projection_entries(const ict_projection *p) { return p->columns.n_entries; }
void ict_projection_row(const ict_projection *p, size_t row, uint32_t *column, double *x) {
  ict_columns_row(&p->columns, row, column, x);
}

/* Within a margin N is diagonal, so category by category is margin by margin. */
static void sweep(const ict_projection *p, const double *s, double *b) {
  size_t n = p->columns.n;
  const double *matrix = p->system.matrix;
  memset(b, 0, n * sizeof *b);
  for (int i = 0; i < SWEEPS; i++)
    for (size_t k = 0; k < n; k++) {
      if (!(matrix[k * n + k] > 0)) continue;
      double rest = s[k];
      for (size_t j = 0; j < n; j++) rest -= matrix[k * n + j] * b[j];
      b[k] += rest / matrix[k * n + k];
    }
}

/* b of one right side, by the equations themselves. */
static void solve(ict_projection *p, const double *s, double *b) {
  size_t n = p->columns.n;
  memcpy(b, s, n * sizeof *b);
  if (!is_diagonal(p)) {
    ict_psd_solve(&p->system, b);
    return;
  }
  for (size_t k = 0; k < n; k++) b[k] = p->diagonal[k] > 0 ? s[k] / p->diagonal[k] : 0;
}

/* What is left of the sum of squares below this share of it is rounding. */
#define EXPLAINED 1e-12

void ict_projection_solve(ict_projection *p, double *sums, double *squares, size_t n) {
  size_t columns = p->columns.n;
  double *s = p->side, *b = p->side + columns;
  for (size_t j = 0; j < n; j++) {
    double left = squares[j];
    for (size_t k = 0; k < columns; k++) s[k] = sums[k * n + j];
    solve(p, s, b);
    for (size_t k = 0; k < columns; k++) left -= s[k] * b[k];
    squares[j] = left <= EXPLAINED * squares[j];
    if (is_raked(p)) sweep(p, s, b);
    for (size_t k = 0; k < columns; k++) sums[k * n + j] = b[k];
  }
}
