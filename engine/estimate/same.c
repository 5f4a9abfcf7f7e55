/* same.c - the test that the estimates of several classes are the same.
 *
 * In: the sums of the classes' cells and their covariance. Out: Student's t for two classes, Wald's
 * F for more.
 * Owns: its work, for the call.
 *
 * For means, R's svyttest, and regTermTest of svyglm with the classes as a factor: there the
 * classes' means are coefficients, each of which takes a degree of freedom. */
#include <math.h>

#include "base/mem.h"
#include "estimate/inside.h"
#include "estimate/tests.h"

/* What is left of a difference below this share of its terms is their rounding (estimators.c). */
#define ROUNDING 1e-14

typedef struct classes { /* those that have an estimate */
  size_t n;
  size_t *from;
  ict_linear *linear;
  double *v; /* n x n, of the estimates */
} classes;

/* C(z_i, z_k) of z = f a - g b, rounding taken out: a class of one PSU has no variance, and what
 * rounding leaves of it in place of 0 would make it the surest of all, or its variance negative. */
static double covariance(const ict_joint *j, const classes *c, size_t i, size_t k) {
  size_t width = 2 * j->n;
  const double *row = j->v + 2 * c->from[i] * width + 2 * c->from[k];
  const ict_linear *p = &c->linear[i], *q = &c->linear[k];
  double term[] = {p->f * q->f * row[0], -p->f * q->g * row[1], -p->g * q->f * row[width],
                   p->g * q->g * row[width + 1]};
  double value = 0, size = 0;
  for (size_t t = 0; t < 4; t++) {
    value += term[t];
    size += fabs(term[t]);
  }
  if (i == k) return ict_less_rounding(value, size);
  return fabs(value) < ROUNDING * size ? 0 : value;
}

static ict_status replicate(ict_estimator kind, const ict_joint *j, classes *c, ict_arena *arena,
                            unsigned *notes, ict_err *err) {
  const ict_replicates *r = j->cells[0].replicates;
  size_t n_replicates = ict_replicates_n(r), dropped;
  double *theta = ict_arena_alloc(arena, (n_replicates + 1) * c->n, sizeof *theta);
  if (!theta) return ict_err_memory(err);
  for (size_t i = 0; i <= n_replicates; i++)
    for (size_t k = 0; k < c->n; k++) {
      const ict_replicate_cell *cell = &j->cells[c->from[k]];
      theta[i * c->n + k] =
          cell->a ? ict_replicated_theta(kind, &j->sums[c->from[k]], cell, i, j->options)
                  : (double)NAN;
    }
  ict_replicate_covariance(r, c->n, theta, theta + n_replicates * c->n, c->v, &dropped);
  if (dropped > 0) *notes |= ICT_NOTE_REPLICATES_LOST;
  return ICT_OK;
}

/* Differences from the first class: their covariance, rounding taken out. */
static void differ(const classes *c, double *difference, double *v) {
  size_t n = c->n, d = n - 1;
  for (size_t i = 0; i < d; i++) {
    difference[i] = c->linear[i + 1].value - c->linear[0].value;
    for (size_t k = 0; k < d; k++) {
      double x = c->v[(i + 1) * n + k + 1], y = c->v[(i + 1) * n], z = c->v[k + 1], w = c->v[0];
      double value = x - y - z + w, size = fabs(x) + fabs(y) + fabs(z) + fabs(w);
      v[i * d + k] = fabs(value) < ROUNDING * size ? 0 : value;
    }
  }
}

static void judge(const classes *c, double df, double *difference, double *v, double *solved,
                  ict_test_result *r) {
  size_t d = c->n - 1;
  double w = 0;
  differ(c, difference, v);
  bool fixed = true;
  for (size_t i = 0; i < d; i++) {
    fixed = fixed && v[i * d + i] == 0;
    if (isnan(v[i * d + i]) || v[i * d + i] < 0) r->notes |= ICT_TEST_NO_SE;
  }
  if (fixed) r->notes |= ICT_TEST_NO_VARIANCE;
  if (r->notes & (ICT_TEST_NO_SE | ICT_TEST_NO_VARIANCE)) return;
  double spread = v[0];
  for (size_t i = 0; i < d; i++) solved[i] = difference[i];
  if (!ict_solve(d, v, 1, solved)) {
    r->notes |= ICT_TEST_SINGULAR;
    return;
  }
  for (size_t i = 0; i < d; i++) w += difference[i] * solved[i];
  r->ndf = (double)d;
  r->ddf = df - r->ndf;
  r->is_t = d == 1;
  r->statistic = r->is_t ? difference[0] / sqrt(spread) : w / r->ndf;
  if (!(r->ddf > 0))
    r->notes |= ICT_TEST_DF_LOW;
  else
    r->p = r->is_t ? ict_p_value_t(r->statistic, r->ddf)
                   : ict_p_value_f(fmax(r->statistic, 0), r->ndf, r->ddf);
}

ict_status ict_test_same(ict_estimator kind, const ict_joint *j, ict_test_result *out,
                         ict_err *err) {
  *out = (ict_test_result){.statistic = NAN, .ndf = NAN, .ddf = NAN, .p = NAN, .n_rows = 1};
  ict_status st = ICT_OK;
  ict_arena *arena = ict_arena_new();
  classes c = {0};
  double *work = NULL;
  if (arena) {
    c.from = ict_arena_alloc(arena, j->n, sizeof *c.from);
    c.linear = ict_arena_alloc(arena, j->n, sizeof *c.linear);
    c.v = ict_arena_alloc(arena, j->n * j->n, sizeof *c.v);
    work = ict_arena_alloc(arena, (j->n + 2) * j->n, sizeof *work);
  }
  if (!c.from || !c.linear || !c.v || !work) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < j->n; i++) {
    if (j->sums[i].n == 0) continue;
    ict_linear l = ict_linear_of(kind, &j->sums[i], j->options);
    if (!isfinite(l.value)) continue;
    c.from[c.n] = i;
    c.linear[c.n++] = l;
  }
  out->n_cols = c.n;
  if (c.n < 2) out->notes |= ICT_TEST_ONE_CLASS;
  if (j->options->census) out->notes |= ICT_TEST_CENSUS;
  if (out->notes & (ICT_TEST_ONE_CLASS | ICT_TEST_CENSUS)) goto done;
  if (j->cells) {
    ICT_TRY(done, st, replicate(kind, j, &c, arena, &out->notes, err));
  } else {
    for (size_t i = 0; i < c.n; i++)
      for (size_t k = 0; k < c.n; k++) c.v[i * c.n + k] = covariance(j, &c, i, k);
  }
  judge(&c, j->df, work, work + j->n, work + j->n + j->n * j->n, out);
done:
  ict_arena_free(arena);
  return st;
}
