/* association.c - chi-square tests of a table under a sample design.
 *
 * In: the totals of a table's cells and their covariance. Out: statistic, degrees of freedom, P.
 * Owns: its work, for the call.
 *
 * Rao and Scott 1981, 1984, as R's svychisq: Pearson's X^2 of the estimated table, whose
 * distribution under no association is a sum of chi-squares with weights that are the eigenvalues
 * of Delta, the design effects of the interaction contrasts. docs/math.md, "Tests". */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "estimate/inside.h"
#include "estimate/tests.h"

/* What is left of a variance below this share of its terms is their rounding (estimators.c). */
#define ROUNDING 1e-14
#define NEGATIVE 1e-9

/* A table, its empty rows and columns dropped. */
typedef struct table {
  size_t n_rows, n_cols, n; /* n = n_rows n_cols */
  size_t *from;             /* n: number among all totals */
  double *total;            /* n */
  double *row, *col;        /* margins */
  double sum;
  double *inverse; /* n: 1 over the share, 0 where nobody is */
  double *v;       /* n x n: of the totals */
  double *v_share; /* n x n: of the shares */
  double *work;    /* 3 n x n */
} table;

/* ---- totals ------------------------------------------------------------------------------------
 */

/* Total k of all: a of each cell, or the a of all cells and then the b of all. */
static double total_of(const ict_joint *j, size_t k) {
  return k < j->n ? j->sums[k].a : j->sums[k - j->n].b;
}

static double total_under(const ict_joint *j, size_t k, size_t r) {
  const ict_replicate_cell *cell = &j->cells[k % j->n];
  if (!cell->a) return 0; /* nobody has a replicate weight there */
  return k < j->n ? cell->a[r] : cell->b[r];
}

static size_t place_in_v(const ict_joint *j, size_t k) { return 2 * (k % j->n) + (k >= j->n); }

static ict_status make_table(const ict_joint *j, size_t n_rows, size_t n_cols, ict_arena *arena,
                             table *t, ict_err *err) {
  size_t all = n_rows * n_cols;
  double *row = ict_arena_alloc(arena, n_rows, sizeof *row);
  double *col = ict_arena_alloc(arena, n_cols, sizeof *col);
  t->from = ict_arena_alloc(arena, all, sizeof *t->from);
  t->total = ict_arena_alloc(arena, all, sizeof *t->total);
  t->row = ict_arena_alloc(arena, n_rows, sizeof *t->row);
  t->col = ict_arena_alloc(arena, n_cols, sizeof *t->col);
  t->inverse = ict_arena_alloc(arena, all, sizeof *t->inverse);
  t->v = ict_arena_alloc(arena, all * all, sizeof *t->v);
  t->v_share = ict_arena_alloc(arena, all * all, sizeof *t->v_share);
  t->work = ict_arena_alloc(arena, 3 * all * all, sizeof *t->work);
  if (!row || !col || !t->from || !t->total || !t->row || !t->col || !t->inverse || !t->v ||
      !t->v_share || !t->work)
    return ict_err_memory(err);
  for (size_t k = 0; k < all; k++) {
    row[k / n_cols] += total_of(j, k);
    col[k % n_cols] += total_of(j, k);
  }
  for (size_t i = 0; i < n_rows; i++) {
    if (row[i] == 0) continue;
    for (size_t c = 0, at = 0; c < n_cols; c++) {
      if (col[c] == 0) continue;
      t->from[t->n] = i * n_cols + c;
      t->total[t->n] = total_of(j, t->from[t->n]);
      t->row[t->n_rows] += t->total[t->n];
      t->col[at++] += t->total[t->n++];
      t->n_cols = at;
    }
    t->sum += t->row[t->n_rows++];
  }
  for (size_t k = 0; k < t->n; k++) t->inverse[k] = t->total[k] == 0 ? 0 : t->sum / t->total[k];
  return ICT_OK;
}

/* ---- covariances -------------------------------------------------------------------------------
 */

/* Of the shares p = t/X: (e_k - p)' V (e_l - p) / X^2, what is below the rounding of its terms 0.
 * False where a variance is negative. */
static bool linearise(const table *t, double *v_share) {
  size_t n = t->n;
  double *with_sum = t->work; /* C(t_k, X) */
  double sum = 0, size_of_sum = 0;
  for (size_t k = 0; k < n; k++) {
    with_sum[k] = 0;
    for (size_t l = 0; l < n; l++) {
      with_sum[k] += t->v[k * n + l];
      size_of_sum += fabs(t->v[k * n + l]);
    }
    sum += with_sum[k];
  }
  bool ok = true;
  for (size_t k = 0; k < n; k++)
    for (size_t l = 0; l < n; l++) {
      double p = t->total[k] / t->sum, q = t->total[l] / t->sum;
      v_share[k * n + l] =
          (t->v[k * n + l] - q * with_sum[k] - p * with_sum[l] + p * q * sum) / (t->sum * t->sum);
    }
  for (size_t k = 0; k < n; k++) {
    double p = t->total[k] / t->sum, own = v_share[k * n + k] * t->sum * t->sum;
    double size = fabs(t->v[k * n + k]) + 2 * p * fabs(with_sum[k]) + p * p * size_of_sum;
    ok = ok && own >= -NEGATIVE * size;
    if (own > ROUNDING * size) continue;
    for (size_t l = 0; l < n; l++) v_share[k * n + l] = v_share[l * n + k] = 0;
  }
  return ok;
}

/* Both covariances by replicates: of the totals, and of the shares of each replicate. */
static ict_status replicate(const ict_joint *j, table *t, ict_arena *arena, unsigned *notes,
                            ict_err *err) {
  const ict_replicates *r = j->cells[0].replicates;
  size_t n = t->n, n_replicates = ict_replicates_n(r), dropped;
  double *theta = ict_arena_alloc(arena, n_replicates * n, sizeof *theta);
  double *share = ict_arena_alloc(arena, (n_replicates + 1) * n, sizeof *share);
  if (!theta || !share) return ict_err_memory(err);
  for (size_t i = 0; i < n_replicates; i++) {
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += theta[i * n + k] = total_under(j, t->from[k], i);
    for (size_t k = 0; k < n; k++) share[i * n + k] = theta[i * n + k] / sum; /* 0/0: none */
  }
  double *full = share + n_replicates * n;
  for (size_t k = 0; k < n; k++) full[k] = t->total[k] / t->sum;
  ict_replicate_covariance(r, n, theta, t->total, t->v, &dropped);
  ict_replicate_covariance(r, n, share, full, t->v_share, &dropped);
  if (dropped > 0) *notes |= ICT_NOTE_REPLICATES_LOST;
  return ICT_OK;
}

static bool has_nan(const double *v, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (isnan(v[i])) return true;
  return false;
}

static ict_status covary(const ict_joint *j, table *t, ict_arena *arena, unsigned *notes,
                         ict_err *err) {
  size_t n = t->n;
  if (j->cells) {
    ict_status st = replicate(j, t, arena, notes, err);
    if (st != ICT_OK) return st;
  } else {
    for (size_t k = 0; k < n; k++)
      for (size_t l = 0; l < n; l++)
        t->v[k * n + l] = j->v[place_in_v(j, t->from[k]) * 2 * j->n + place_in_v(j, t->from[l])];
    if (!linearise(t, t->v_share)) *notes |= ICT_TEST_NO_SE;
  }
  if (has_nan(t->v_share, n * n) || has_nan(t->v, n * n)) *notes |= ICT_TEST_NO_SE;
  return ICT_OK;
}

/* ---- Rao and Scott -----------------------------------------------------------------------------
 */

/* Pearson's X^2 of the shares; times the number of rows it is the textbook's. */
static double pearson(const table *t) {
  double x2 = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t k = 0; k < t->n_cols; k++) {
      double expected = t->row[i] / t->sum * (t->col[k] / t->sum);
      double off = t->total[i * t->n_cols + k] / t->sum - expected;
      x2 += off * off / expected;
    }
  return x2;
}

/* Delta = (C' D^-1 C)^-1 (C' D^-1 V D^-1 C), D the shares, 1/0 being 0; C: d contrasts, which
 * become D^-1 C. False where the first is singular. */
static bool make_delta(const table *t, size_t d, double *c, double *denominator, double *delta) {
  size_t n = t->n;
  for (size_t e = 0; e < d; e++)
    for (size_t f = 0; f < d; f++) {
      double sum = 0;
      for (size_t k = 0; k < n; k++) sum += c[e * n + k] * c[f * n + k] * t->inverse[k];
      denominator[e * d + f] = sum;
    }
  for (size_t e = 0; e < d; e++)
    for (size_t k = 0; k < n; k++) c[e * n + k] *= t->inverse[k];
  for (size_t e = 0; e < d; e++)
    for (size_t f = 0; f < d; f++) {
      double sum = 0;
      for (size_t k = 0; k < n; k++) {
        if (c[e * n + k] == 0) continue;
        double half = 0;
        for (size_t l = 0; l < n; l++) half += t->v_share[k * n + l] * c[f * n + l];
        sum += c[e * n + k] * half;
      }
      delta[e * d + f] = sum;
    }
  return ict_solve(d, denominator, d, delta);
}

static ict_status rao_scott(const table *t, double df, bool second_order, ict_arena *arena,
                            ict_test_result *r, ict_err *err) {
  size_t d = (t->n_rows - 1) * (t->n_cols - 1);
  double *delta = t->work + d * d, trace = 0, trace2 = 0;
  double *contrasts = ict_arena_alloc(arena, d * t->n, sizeof *contrasts);
  if (!contrasts) return ict_err_memory(err);
  ict_status st = ict_interactions(t->n_rows, t->n_cols, t->inverse, arena, contrasts, err);
  if (st != ICT_OK) return st;
  if (!make_delta(t, d, contrasts, t->work, delta)) {
    r->notes |= ICT_TEST_SINGULAR;
    return ICT_OK;
  }
  for (size_t i = 0; i < d; i++) {
    trace += delta[i * d + i];
    for (size_t k = 0; k < d; k++) trace2 += delta[i * d + k] * delta[k * d + i];
  }
  if (!(trace > 0 && trace2 > 0)) {
    r->notes |= ICT_TEST_NO_VARIANCE;
    return ICT_OK;
  }
  double x2 = pearson(t);
  if (!second_order) {
    r->statistic = x2 / (trace / (double)d);
    r->ndf = (double)d;
    r->ddf = INFINITY;
    r->p = ict_p_value_chi2(r->statistic, r->ndf);
    return ICT_OK;
  }
  r->statistic = x2 / trace;
  r->ndf = trace * trace / trace2;
  r->ddf = r->ndf * df;
  if (r->ddf > 0)
    r->p = ict_p_value_f(r->statistic, r->ndf, r->ddf);
  else
    r->notes |= ICT_TEST_DF_LOW;
  return ICT_OK;
}

/* ---- Wald --------------------------------------------------------------------------------------
 */

/* d(t_k - row col / X) / d t_l, where l is in row i and column c of the table. */
static double slope(const table *t, size_t k, size_t l) {
  size_t i = k / t->n_cols, c = k % t->n_cols;
  double s = k == l;
  if (l / t->n_cols == i) s -= t->col[c] / t->sum;
  if (l % t->n_cols == c) s -= t->row[i] / t->sum;
  return s + t->row[i] / t->sum * (t->col[c] / t->sum);
}

static void wald(const table *t, double df, bool adjusted, ict_test_result *r) {
  size_t n = t->n, d = (t->n_rows - 1) * (t->n_cols - 1);
  double *off = t->work, *solved = off + n, *v = solved + n, *half = v + n * n, w = 0;
  for (size_t e = 0; e < d; e++) { /* all but the first row and column */
    size_t k = (e / (t->n_cols - 1) + 1) * t->n_cols + e % (t->n_cols - 1) + 1;
    off[e] = solved[e] = t->total[k] - t->row[k / t->n_cols] * t->col[k % t->n_cols] / t->sum;
    for (size_t l = 0; l < n; l++) {
      half[e * n + l] = 0;
      for (size_t m = 0; m < n; m++) half[e * n + l] += slope(t, k, m) * t->v[m * n + l];
    }
  }
  for (size_t e = 0; e < d; e++)
    for (size_t f = 0; f < d; f++) {
      size_t k = (f / (t->n_cols - 1) + 1) * t->n_cols + f % (t->n_cols - 1) + 1;
      v[e * d + f] = 0;
      for (size_t l = 0; l < n; l++) v[e * d + f] += half[e * n + l] * slope(t, k, l);
    }
  if (!ict_solve(d, v, 1, solved)) {
    r->notes |= ICT_TEST_SINGULAR;
    return;
  }
  for (size_t e = 0; e < d; e++) w += off[e] * solved[e];
  r->ndf = (double)d;
  r->ddf = adjusted ? df - r->ndf + 1 : df;
  r->statistic = adjusted ? w * r->ddf / (r->ndf * df) : w / r->ndf;
  if (r->ddf > 0 && df > 0) {
    if (isinf(df)) r->statistic = w / r->ndf;
    r->p = ict_p_value_f(r->statistic, r->ndf, r->ddf);
  } else {
    r->statistic = NAN;
    r->notes |= ICT_TEST_DF_LOW;
  }
}

/* ---- the way through ---------------------------------------------------------------------------
 */

ict_status ict_test_table(const ict_joint *j, size_t n_cols, ict_test_statistic statistic,
                          ict_test_result *out, ict_err *err) {
  size_t n_rows = n_cols > 0 ? j->n / n_cols : 2;
  if (n_cols == 0) n_cols = j->n;
  *out = (ict_test_result){.statistic = NAN, .ndf = NAN, .ddf = NAN, .p = NAN};
  table t = {0};
  ict_arena *arena = ict_arena_new();
  ict_status st = arena ? make_table(j, n_rows, n_cols, arena, &t, err) : ict_err_memory(err);
  if (st != ICT_OK) goto done;
  out->n_rows = t.n_rows;
  out->n_cols = t.n_cols;
  if (t.n_rows < 2 || t.n_cols < 2) out->notes |= ICT_TEST_ONE_CLASS;
  if (j->options->census) out->notes |= ICT_TEST_CENSUS;
  for (size_t k = 0; k < t.n; k++)
    if (t.total[k] == 0) out->notes |= ICT_TEST_CELL_EMPTY;
  if (out->notes & (ICT_TEST_ONE_CLASS | ICT_TEST_CENSUS)) goto done;
  ICT_TRY(done, st, covary(j, &t, arena, &out->notes, err));
  if (out->notes & ICT_TEST_NO_SE) goto done;
  if (statistic == ICT_TEST_WALD || statistic == ICT_TEST_ADJWALD)
    wald(&t, j->df, statistic == ICT_TEST_ADJWALD, out);
  else
    st = rao_scott(&t, j->df, statistic == ICT_TEST_F, arena, out, err);
done:
  ict_arena_free(arena);
  return st;
}
