/* pps.c - the first stage drawn with unequal probabilities, without replacement.
 *
 * In: PSU totals by margin cell, their inclusion probabilities p. Out: moments in the place of
 * those that stratum.c keeps.
 * Owns: nothing; the sheets are the cube's.
 *
 * docs/math.md, "Unequal probabilities". With q = 1 - p, Q the sum of q over all n PSUs of the
 * stratum, t the PSU totals (a, b), T their sum, and the mean and moments with weights q
 *     T_q = sum q t / Q,    M_q = sum q (t - T_q)(t - T_q)'
 * the approximations are V = n/(n-1) times
 *     Brewer     sum q (t - T/n)(t - T/n)'            = M_q + Q (T_q - T/n)(T_q - T/n)'
 *     Overton    sum q t t' - [T/n sum q t']          = M_q + Q [T_q (T_q - T/n)']
 *     Hartley-Rao    [(n+1) M_q - Q/n M + Q (2 [T/n d'] + (n+1) d d')] / n,    d = T_q - T/n
 * where [ ] is the symmetric part and M the moments without weights. M_q is kept as stratum.c keeps
 * M, with weights for counts. */
#include <math.h>

#include "cube/inside.h"

/* The sum of q, behind the fields. */
static double *weight_sum(const ict_cube *c, double *pps) {
  return pps + PPS_FIELDS * c->shape->n_measures;
}

/* M += r (s a1 - t a2)(s b1 - t b2)' over the measures. */
static void add_apart(size_t n, double *pps, double r, double s, const double *one, double t,
                      const double *two) {
  for (size_t m = 0; m < n; m++) {
    double da = s * one[Q_A * n + m] - t * two[Q_A * n + m];
    double db = s * one[Q_B * n + m] - t * two[Q_B * n + m];
    pps[Q_AA * n + m] += r * da * da;
    pps[Q_AB * n + m] += r * da * db;
    pps[Q_BB * n + m] += r * db * db;
  }
}

void ict_pps_add_unit(const ict_cube *c, double *into, const double *unit) {
  size_t n = c->shape->n_measures;
  double *pps = ict_stratum_pps(c, into), *sum = weight_sum(c, pps);
  double q = 1 - c->design->inclusion[c->psu], before = *sum;
  if (q <= 0) return;
  /* F_A and F_B stand as Q_A and Q_B do, so a unit is a group with the weight 1. */
  if (before > 0) add_apart(n, pps, q / (before * (before + q)), before, unit, 1, pps);
  for (size_t i = 0; i < 2 * n; i++) pps[i] += q * unit[i];
  *sum = before + q;
}

void ict_pps_join(const ict_cube *c, double *into, double *next) {
  size_t n = c->shape->n_measures;
  double *to = ict_stratum_pps(c, into), *of = ict_stratum_pps(c, next);
  double *sum = weight_sum(c, to);
  double q1 = *sum, q2 = *weight_sum(c, of);
  if (q1 > 0 && q2 > 0) add_apart(n, to, 1 / (q1 * q2 * (q1 + q2)), q2, to, q1, of);
  for (size_t i = 0; i < PPS_FIELDS * n; i++) to[i] += of[i];
  *sum = q1 + q2;
}

#define ROUNDING 1e-14

/* Of one cell and measure: n and Q of the stratum, the means with and without weights. */
typedef struct means {
  ict_pps kind;
  double n, q;
} means;

/* V by n/(n-1) of two totals t and u: moments with weights, without; means with, without. */
static double settled(const means *s, double m_q, double m, double t_q, double t_mean, double u_q,
                      double u_mean) {
  double dt = t_q - t_mean, du = u_q - u_mean;
  if (s->kind == ICT_PPS_BREWER) return m_q + s->q * dt * du;
  if (s->kind == ICT_PPS_OVERTON) return m_q + s->q * (t_q * du + u_q * dt) / 2;
  /* A PSU with p = 1 and nothing else: the terms cancel. */
  double terms[] = {(s->n + 1) * m_q, -s->q / s->n * m, s->q * (t_mean * du + u_mean * dt),
                    s->q * (s->n + 1) * dt * du};
  double sum = 0, size = 0;
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
    sum += terms[i];
    size += fabs(terms[i]);
  }
  return fabs(sum) > ROUNDING * size ? sum / s->n : 0;
}

void ict_pps_settle(const ict_cube *c, size_t h, double *slot) {
  const ict_design *d = c->design;
  size_t n = c->shape->n_measures;
  double *pps = ict_stratum_pps(c, slot);
  double held = *weight_sum(c, pps), all = 0, n_h = (double)ict_design_psus_in(d, h);
  for (uint64_t p = d->stratum_first_psu[h]; p < d->stratum_first_psu[h + 1]; p++)
    all += 1 - d->inclusion[p];
  double empty = all > held ? all - held : 0; /* weight of the PSUs that the cell is not in */
  double r = held > 0 ? empty / (held * all) : 0, k = *ict_stratum_touched(c, slot);
  double z = (n_h - k) / (k * n_h); /* of M, which has not the empty PSUs yet either */
  means s = {d->pps, n_h, all};
  for (size_t m = 0; m < n; m++) {
    double a = pps[Q_A * n + m], b = pps[Q_B * n + m];
    double a_q = all > 0 ? a / all : 0, b_q = all > 0 ? b / all : 0;
    double a_sum = slot[F_A * n + m], b_sum = slot[F_B * n + m];
    double *aa = &slot[F_M_AA * n + m], *ab = &slot[F_M_AB * n + m], *bb = &slot[F_M_BB * n + m];
    *aa = settled(&s, pps[Q_AA * n + m] + r * a * a, *aa + z * a_sum * a_sum, a_q, a_sum / n_h, a_q,
                  a_sum / n_h);
    *ab = settled(&s, pps[Q_AB * n + m] + r * a * b, *ab + z * a_sum * b_sum, a_q, a_sum / n_h, b_q,
                  b_sum / n_h);
    *bb = settled(&s, pps[Q_BB * n + m] + r * b * b, *bb + z * b_sum * b_sum, b_q, b_sum / n_h, b_q,
                  b_sum / n_h);
  }
}
