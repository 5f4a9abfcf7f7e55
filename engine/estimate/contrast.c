/* contrast.c - the difference and the ratio of two estimates of one survey.
 *
 * In: the sums of two cells that share no row, and of their pair. Out: an estimate.
 * Owns: nothing.
 *
 * Each estimate behaves as the total of z = f a - g b (estimators.c); the difference as the total
 * of z1 - z2, the ratio R as that of (z1 - R z2) / estimate2 (docs/math.md, "Contrasts"). */
#include <math.h>

#include "estimate/inside.h"

/* What a covariance is made of: its value, and the size of its terms. */
typedef struct form {
  double value, size;
} form;

static void add_term(form *q, double term) {
  q->value += term;
  q->size += fabs(term);
}

/* Adds c^2 V(z), z = f a - g b of one cell. */
static void add_variance(form *q, double c, const ict_linear *l, const ict_sums *own) {
  add_term(q, c * c * l->f * l->f * own->v_aa);
  add_term(q, -2 * c * c * l->f * l->g * own->v_ab);
  add_term(q, c * c * l->g * l->g * own->v_bb);
}

/* Adds c Cov(z1, z2). */
static void add_covariance(form *q, double c, const ict_linear *l1, const ict_linear *l2,
                           const ict_pair_sums *p) {
  add_term(q, c * l1->f * l2->f * p->cross[ICT_CROSS_A1_A2].v_ab);
  add_term(q, -c * l1->f * l2->g * p->cross[ICT_CROSS_A1_B2].v_ab);
  add_term(q, -c * l1->g * l2->f * p->cross[ICT_CROSS_B1_A2].v_ab);
  add_term(q, c * l1->g * l2->g * p->cross[ICT_CROSS_B1_B2].v_ab);
}

static void measure(ict_linear l[2], bool ratio, const ict_pair_sums *pair,
                    const ict_estimate_options *o, ict_estimate_result *r) {
  if (isnan(l[0].value) || isnan(l[1].value) || (ratio && l[1].value == 0)) {
    r->notes |= ICT_NOTE_NO_DENOMINATOR;
    return;
  }
  r->estimate = ratio ? l[0].value / l[1].value : l[0].value - l[1].value;
  double by = ratio ? l[1].value : 1, c = ratio ? r->estimate : 1;
  bool linear = (l[0].f != 0 || l[0].g != 0) && (l[1].f != 0 || l[1].g != 0);
  if (!linear) { /* a value, but nothing is known of its error */
    r->notes |= ICT_NOTE_NO_SE;
    return;
  }
  form q = {0};
  add_variance(&q, 1, &l[0], &pair->cross[ICT_CROSS_A1_B1]);
  add_variance(&q, c, &l[1], &pair->cross[ICT_CROSS_A2_B2]);
  add_covariance(&q, -2 * c, &l[0], &l[1], pair);
  r->se = o->census ? 0 : sqrt(ict_less_rounding(q.value, q.size) / (by * by));
  if (r->estimate != 0) r->cv = r->se / fabs(r->estimate);
  ict_interval(false, o, r);
}

void ict_estimate_contrast(ict_estimator kind, bool ratio, const ict_sums *const sums[2],
                           const ict_pair_sums *pair, const ict_estimate_options *o,
                           ict_estimate_result *out) {
  const ict_sums *both = &pair->cross[ICT_CROSS_A1_A2]; /* every cross cell counts the same units */
  bool empty = sums[0]->n == 0 || sums[1]->n == 0;
  if (!ict_estimate_begin(both, sums[0]->n + sums[1]->n, sums[0]->w + sums[1]->w, empty, o, out))
    return;
  ict_linear l[2] = {ict_linear_of(kind, sums[0], o), ict_linear_of(kind, sums[1], o)};
  if (o->replicate)
    ict_replicated_contrast(kind, ratio, sums, o, out);
  else
    measure(l, ratio, pair, o, out);
}
