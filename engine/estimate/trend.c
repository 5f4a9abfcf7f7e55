/* trend.c - weighted least squares through the rounds of one series.
 *
 * In: rounds with their standard errors. Out: values with SE and df.
 * Owns: nothing; the caller's points hold the work.
 *
 * Every value is a function of the rounds' independent eta_i, so its variance is sum g_i^2 v_i with
 * g its gradient, and its df are Satterthwaite's (1946): V^2 / sum((g_i^2 v_i)^2 / df_i). */
#include "estimate/trend.h"

#include <math.h>

#include "estimate/estimate.h"

/* ---- the scale of the line ------------------------------------------------------------------- */

static double expit(double eta) { return 1 / (1 + exp(-eta)); }

static double natural(const ict_trend *f, double eta) { return f->logistic ? expit(eta) : eta; }

/* dy/deta at eta. */
static double steepness(const ict_trend *f, double eta) {
  return f->logistic ? expit(eta) * expit(-eta) : 1;
}

/* log odds with their delta variance. At 0 and 1 there are none: there the empirical logit stands
 * in, half a case being added to either side (Haldane 1956, Anscombe 1956). */
static void to_log_odds(ict_trend_point *p, ict_trend *f) {
  bool at_border = p->y <= 0 || p->y >= 1;
  double yes = p->y, no = 1 - p->y;
  if (at_border) {
    f->adjusted = true;
    yes = (p->n * p->y + 0.5) / (p->n + 1);
    no = (p->n * (1 - p->y) + 0.5) / (p->n + 1);
  }
  p->eta = log(yes) - log(no);
  p->dy = yes * no;
  p->v = p->se * p->se / (p->dy * p->dy);
  if (at_border && !isnan(p->df)) p->v = (1 / yes + 1 / no) / (p->n + 1);
}

/* ---- the line -------------------------------------------------------------------------------- */

/* Two rounds need no weights; neither do rounds of which none has a sampling error. */
static bool weigh(ict_trend *f) {
  size_t exact = 0;
  for (size_t i = 0; i < f->n; i++) exact += f->points[i].v == 0;
  if (exact > 0 && exact < f->n && f->n > 2) return false;
  for (size_t i = 0; i < f->n; i++) f->points[i].w = exact > 0 ? 1 : 1 / f->points[i].v;
  return true;
}

static void fit_line(ict_trend *f) {
  const ict_trend_point *p = f->points;
  double w = 0, t = 0, eta = 0, s_te = 0;
  for (size_t i = 0; i < f->n; i++) w += p[i].w;
  for (size_t i = 0; i < f->n; i++) t += p[i].w / w * p[i].t;
  for (size_t i = 0; i < f->n; i++) eta += p[i].w / w * p[i].eta;
  for (size_t i = 0; i < f->n; i++) {
    f->s_tt += p[i].w * (p[i].t - t) * (p[i].t - t);
    s_te += p[i].w * (p[i].t - t) * (p[i].eta - eta);
  }
  f->centre = t;
  f->level = eta;
  f->slope = s_te / f->s_tt;
}

static double eta_at(const ict_trend *f, double t) { return f->level + f->slope * (t - f->centre); }

static void judge_fit(ict_trend *f) {
  f->chi2 = f->p = NAN;
  if (f->n < 3 || f->points[0].v == 0) return;
  double sum = 0;
  for (size_t i = 0; i < f->n; i++) {
    double residual = f->points[i].eta - eta_at(f, f->points[i].t);
    sum += f->points[i].w * residual * residual;
  }
  f->chi2 = sum;
  f->p = ict_p_value_chi2(sum, (double)(f->n - 2));
}

bool ict_trend_fit(ict_trend_point *points, size_t n, bool logistic, ict_trend *out) {
  *out = (ict_trend){.points = points, .n = n, .logistic = logistic};
  for (size_t i = 0; i < n; i++) {
    ict_trend_point *p = &points[i];
    if (logistic) {
      to_log_odds(p, out);
    } else {
      p->eta = p->y;
      p->dy = 1;
      p->v = p->se * p->se;
    }
  }
  if (!weigh(out)) return false;
  fit_line(out);
  judge_fit(out);
  return true;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

/* How the line at t moves with eta_i. */
static double pull(const ict_trend *f, double t, const ict_trend_point *p) {
  double w = 0;
  for (size_t i = 0; i < f->n; i++) w += f->points[i].w;
  return p->w / w + p->w * (t - f->centre) * (p->t - f->centre) / f->s_tt;
}

static void clear(const ict_trend *f) {
  for (size_t i = 0; i < f->n; i++) f->points[i].g = 0;
}

/* The value with the SE of its gradient. of_y: the gradient is over y, not over eta. */
static ict_trend_value with_error(const ict_trend *f, double value, bool of_y) {
  double v = 0, square = 0;
  for (size_t i = 0; i < f->n; i++) {
    const ict_trend_point *p = &f->points[i];
    double part = p->g * p->g * (of_y ? p->se * p->se : p->v);
    v += part;
    if (!isnan(p->df)) square += part * part / p->df;
  }
  return (ict_trend_value){value, sqrt(v), square > 0 ? v * v / square : (double)INFINITY};
}

ict_trend_value ict_trend_slope(const ict_trend *f) {
  for (size_t i = 0; i < f->n; i++) {
    ict_trend_point *p = &f->points[i];
    p->g = p->w * (p->t - f->centre) / f->s_tt;
  }
  return with_error(f, f->slope, false);
}

/* The change, and its gradient into the points; over y with two rounds, where the line goes through
 * both and so their own SEs hold even at 0 and 1. */
static double change_and_gradient(const ict_trend *f) {
  ict_trend_point *first = &f->points[0], *last = &f->points[f->n - 1];
  double years = last->t - first->t;
  clear(f);
  if (f->n == 2) {
    first->g = -1 / years;
    last->g = 1 / years;
    return (last->y - first->y) / years;
  }
  double from = eta_at(f, first->t), to = eta_at(f, last->t);
  for (size_t i = 0; i < f->n; i++) {
    ict_trend_point *p = &f->points[i];
    p->g = (steepness(f, to) * pull(f, last->t, p) - steepness(f, from) * pull(f, first->t, p)) /
           years;
  }
  return (natural(f, to) - natural(f, from)) / years;
}

ict_trend_value ict_trend_change(const ict_trend *f) {
  double change = change_and_gradient(f);
  return with_error(f, change, f->n == 2);
}

ict_trend_value ict_trend_gap(const ict_trend *f, double target, double by) {
  ict_trend_point *last = &f->points[f->n - 1];
  double years = by - last->t;
  double gap = change_and_gradient(f) - (target - last->y) / years;
  last->g += (f->n == 2 ? 1 : last->dy) / years;
  return with_error(f, gap, f->n == 2);
}

ict_trend_value ict_trend_at(const ict_trend *f, double t, double level, double *low,
                             double *high) {
  double eta = eta_at(f, t);
  for (size_t i = 0; i < f->n; i++) f->points[i].g = pull(f, t, &f->points[i]);
  ict_trend_value r = with_error(f, natural(f, eta), false);
  double half = r.se > 0 ? ict_quantile_t(0.5 + level / 2, r.df) * r.se : 0;
  *low = natural(f, eta - half);
  *high = natural(f, eta + half);
  r.se *= steepness(f, eta);
  return r;
}
