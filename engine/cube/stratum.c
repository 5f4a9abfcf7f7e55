/* stratum.c - moments of PSU totals within a stratum, and their scaling into sums.
 *
 * In: PSU totals by margin cell. Out: the stratum's share of each cell's sums.
 * Owns: nothing; the sheets are the cube's.
 *
 * Formulas: docs/math.md, "One stratum". The centred moments are kept as Youngs and Cramer
 * (1971) do, from totals alone: with S the sum of k PSU totals t and M their moments about
 * the mean,
 *     one more:   M += (k t - S)^2 / (k (k - 1))        k and S after the addition
 *     two groups: M  = M1 + M2 + (k2 S1 - k1 S2)^2 / (k1 k2 (k1 + k2))
 *     z zeros:    M += z / (k (k + z)) S^2              the second with S2 = M2 = 0 */
#include "cube/inside.h"

void ict_stratum_add_unit(const ict_cube *c, double *restrict into, double *restrict psu) {
  size_t n = c->shape->n_measures;
  for (size_t i = 0; i < PSU_FIELDS * n; i++) into[i] += psu[i];
  double k = *ict_stratum_touched(c, into) += 1;
  double r = k > 1 ? 1 / (k * (k - 1)) : 0;
  for (size_t m = 0; m < n; m++) {
    double da = k * psu[F_A * n + m] - into[F_A * n + m];
    double db = k * psu[F_B * n + m] - into[F_B * n + m];
    into[F_M_AA * n + m] += r * da * da;
    into[F_M_AB * n + m] += r * da * db;
    into[F_M_BB * n + m] += r * db * db;
    into[F_PSU * n + m] += psu[F_N * n + m] > 0;
    into[F_PRESENT * n + m] += psu[F_N * n + m] + psu[F_ZERO * n + m] > 0;
  }
}

ict_status ict_stratum_take_psu(ict_cube *c, ict_partial *into, ict_err *err) {
  for (size_t i = 0; i < c->margin.n; i++) {
    size_t slot = ict_sheet_touch(&into->cells, c->margin.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    ict_stratum_add_unit(c, ict_sheet_at(&into->cells, slot), ict_sheet_at(&c->margin, i));
    if (c->design->inclusion)
      ict_pps_add_unit(c, ict_sheet_at(&into->cells, slot), ict_sheet_at(&c->margin, i));
  }
  ict_sheet_clear(&c->margin);
  into->n_psu++;
  return ICT_OK;
}

static void join_slots(const ict_cube *c, double *restrict into, double *restrict next) {
  size_t n = c->shape->n_measures;
  double *k = ict_stratum_touched(c, into);
  double k1 = *k, k2 = *ict_stratum_touched(c, next);
  double r = k1 > 0 ? 1 / (k1 * k2 * (k1 + k2)) : 0;
  ict_moments *to = ict_stratum_moments(c, into);
  const ict_moments *of = ict_stratum_moments(c, next);
  for (size_t i = 0; i < c->n_numeric; i++) ict_moments_join(to + i, of + i);
  for (size_t m = 0; m < n; m++) {
    double da = k2 * into[F_A * n + m] - k1 * next[F_A * n + m];
    double db = k2 * into[F_B * n + m] - k1 * next[F_B * n + m];
    into[F_M_AA * n + m] += r * da * da;
    into[F_M_AB * n + m] += r * da * db;
    into[F_M_BB * n + m] += r * db * db;
  }
  for (size_t i = 0; i < STRATUM_FIELDS * n; i++) into[i] += next[i];
  if (c->design->inclusion) ict_pps_join(c, into, next);
  *k = k1 + k2;
}

ict_status ict_stratum_join(ict_cube *c, ict_partial *into, ict_partial *next, ict_err *err) {
  for (size_t i = 0; i < next->cells.n; i++) {
    size_t slot = ict_sheet_touch(&into->cells, next->cells.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    join_slots(c, ict_sheet_at(&into->cells, slot), ict_sheet_at(&next->cells, i));
  }
  ict_sheet_clear(&next->cells);
  into->n_psu += next->n_psu;
  next->n_psu = 0;
  return ICT_OK;
}

ict_scaling ict_scaling_of(const ict_cube_shape *shape, double n, double f) {
  ict_lonely policy = shape->lonely;
  ict_scaling s = {.n = n, .scale = 1 - f};
  s.single = s.n == 1 && s.scale > 0;
  if (s.n > 1) s.scale *= s.n / (s.n - 1);
  s.adjust = policy == ICT_LONELY_ADJUST;
  s.in_domain =
      shape->lonely_in_domain && s.scale > 0 && (s.adjust || policy == ICT_LONELY_AVERAGE);
  return s;
}

static ict_scaling scaling_of(const ict_cube *c, size_t h) {
  const ict_design *d = c->design;
  double n = (double)ict_design_psus_in(d, h);
  if (!d->inclusion) {
    ict_scaling s = ict_scaling_of(c->shape, n, ict_design_fraction(d, h, 0));
    s.in_domain = s.in_domain && !c->residual; /* residuals are everywhere */
    return s;
  }
  /* PPS: 1 - p stands in the moments, but for a PSU alone. No PSU is lonely in a domain only, as
   * R keeps the rows outside it. */
  double p = n == 1 ? d->inclusion[d->stratum_first_psu[h]] : 0;
  ict_scaling s = ict_scaling_of(c->shape, n, p);
  s.in_domain = false;
  return s;
}

/* The stratum's part of the design covariance of one cell and measure. r: z / (k (k + z)). */
void ict_stratum_covariance(const ict_scaling *s, const double *cell, size_t n, double r,
                            ict_sums *sums) {
  double a = cell[F_A * n], b = cell[F_B * n];
  if (s->single || (s->in_domain && cell[F_PRESENT * n] == 1)) {
    sums->n_lonely++;
    /* Certainty, remove (and fail): nothing. Average: the other strata are scaled up at the
     * end. Adjust: not centred, so that the one non-empty PSU is all there is. */
    if (!s->adjust) return;
    sums->v_aa += s->scale * a * a;
    sums->v_ab += s->scale * a * b;
    sums->v_bb += s->scale * b * b;
  } else {
    sums->v_aa += s->scale * (cell[F_M_AA * n] + r * a * a);
    sums->v_ab += s->scale * (cell[F_M_AB * n] + r * a * b);
    sums->v_bb += s->scale * (cell[F_M_BB * n] + r * b * b);
  }
}

ict_status ict_stratum_finish(ict_cube *c, ict_partial *stratum, ict_err *err) {
  size_t n = c->shape->n_measures;
  ict_scaling s = scaling_of(c, stratum->stratum);
  for (size_t i = 0; i < stratum->cells.n; i++) {
    size_t slot = ict_sheet_touch(&c->sums, stratum->cells.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    ict_sums *sums = ict_sheet_at(&c->sums, slot);
    double *cell = ict_sheet_at(&stratum->cells, i);
    const ict_moments *moments = ict_stratum_moments(c, cell);
    double k = *ict_stratum_touched(c, cell);
    double r = (s.n - k) / (k * s.n);
    if (c->design->inclusion) {
      ict_pps_settle(c, stratum->stratum, cell);
      r = 0;
    }
    for (size_t m = 0; m < n; m++) {
      bool numeric = c->shape->numeric[m];
      const ict_moments *q = numeric ? moments++ : NULL;
      if (cell[F_PRESENT * n + m] == 0) continue;
      double a = cell[F_A * n + m], b = cell[F_B * n + m];
      ict_sums add = {.a = a, .b = b, .w = a + b, .n_present = 1};
      add.n = (uint64_t)cell[F_N * n + m];
      add.n_psu = (uint64_t)cell[F_PSU * n + m];
      add.n_strata = add.n_psu > 0;
      if (q) {
        add.w = q->w;
        add.q_aa = q->q_aa;
        add.q_ab = q->q_ab;
        add.q_bb = q->q_bb;
      }
      ict_stratum_covariance(&s, cell + m, n, r, &add);
      ict_sums_join(sums + m, &add, numeric);
    }
  }
  ict_sheet_clear(&stratum->cells);
  stratum->n_psu = 0;
  return ICT_OK;
}

void ict_sums_join(ict_sums *into, const ict_sums *next, bool numeric) {
  if (numeric) {
    ict_moments q = ict_moments_of(into->w, into->a, into->b, into->q_aa, into->q_ab, into->q_bb);
    ict_moments r = ict_moments_of(next->w, next->a, next->b, next->q_aa, next->q_ab, next->q_bb);
    ict_moments_join(&q, &r);
    into->q_aa = q.q_aa;
    into->q_ab = q.q_ab;
    into->q_bb = q.q_bb;
  }
  into->a += next->a;
  into->b += next->b;
  into->w += next->w;
  into->v_aa += next->v_aa;
  into->v_ab += next->v_ab;
  into->v_bb += next->v_bb;
  into->n += next->n;
  into->n_psu += next->n_psu;
  into->n_strata += next->n_strata;
  into->n_present += next->n_present;
  into->n_lonely += next->n_lonely;
  into->s_aa += next->s_aa;
  into->s_ab += next->s_ab;
  into->s_bb += next->s_bb;
  into->n_lonely_below += next->n_lonely_below;
}
