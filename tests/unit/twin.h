/* twin.h - the slow, obvious twin of the cube, as oracle of tests.
 *
 * It writes down every PSU total of one cell and measure, takes the mean over the design's n_h
 * PSUs in a first pass and the squares in a second, and is as near to the textbook (Cochran
 * 1977, chapters 5 and 9; Särndal, Swensson and Wretman 1992, chapter 4) as C can be. */
#ifndef ICT_TEST_TWIN_H
#define ICT_TEST_TWIN_H

#include <math.h>
#include <stdlib.h>

#include "cube_feed.h"

/* The row's (a, b) before weighting; false where it does not count for the measure. */
static bool twin_row(const cube_input *d, size_t row, size_t margin, size_t cell, size_t measure,
                     double *a, double *b) {
  uint32_t fine = d->fine[row];
  if (fine == ICT_NO_CELL || d->shape->margins[margin].cell_of[fine] != cell) return false;
  const ict_cube_values *v = &d->values[measure];
  if (d->shape->numeric[measure]) {
    *a = v->y[row];
    *b = v->x ? v->x[row] : 1;
    return !isnan(*a) && !isnan(*b);
  }
  *a = v->answer[row] == 1;
  *b = v->answer[row] == 0;
  return v->answer[row] <= 1;
}

/* Weighted moments about the means, two passes. */
static void twin_moments(const cube_input *d, size_t margin, size_t cell, size_t measure,
                         ict_sums *s) {
  const double *w = d->design->weight;
  double a, b;
  if (!(s->w > 0)) return;
  for (size_t i = 0; i < d->design->n_rows; i++) {
    if (!twin_row(d, i, margin, cell, measure, &a, &b)) continue;
    double wi = w ? w[i] : 1;
    double da = a - s->a / s->w, db = b - s->b / s->w;
    s->q_aa += wi * da * da;
    s->q_ab += wi * da * db;
    s->q_bb += wi * db * db;
  }
}

static ict_sums twin_sums(const cube_input *d, size_t margin, size_t cell, size_t measure) {
  const ict_design *g = d->design;
  const ict_cube_shape *shape = d->shape;
  ict_sums s = {0};
  for (size_t h = 0; h < g->n_strata; h++) {
    size_t n = ict_design_psus_in(g, h), first = (size_t)g->stratum_first_psu[h];
    double *ta = calloc(n, sizeof *ta), *tb = calloc(n, sizeof *tb);
    size_t psus = 0, present = 0;
    double a, b, mean_a = 0, mean_b = 0, aa = 0, ab = 0, bb = 0;
    for (size_t j = 0; j < n; j++) {
      size_t rows = 0, heavy = 0;
      for (uint64_t i = g->psu_first_row[first + j]; i < g->psu_first_row[first + j + 1]; i++) {
        if (!twin_row(d, i, margin, cell, measure, &a, &b)) continue;
        double w = g->weight ? g->weight[i] : 1;
        ta[j] += w * a;
        tb[j] += w * b;
        s.w += w;
        rows++;
        heavy += w > 0;
      }
      s.a += ta[j];
      s.b += tb[j];
      s.n += heavy;
      psus += heavy > 0;
      present += rows > 0;
      mean_a += ta[j] / (double)n;
      mean_b += tb[j] / (double)n;
    }
    s.n_psu += psus;
    s.n_strata += psus > 0;
    s.n_present += present > 0;
    double f = g->census ? 1 : g->fraction ? g->fraction[h] : 0;
    bool policy = shape->lonely == ICT_LONELY_ADJUST || shape->lonely == ICT_LONELY_AVERAGE;
    bool lonely =
        present > 0 && f < 1 && (n == 1 || (present == 1 && policy && shape->lonely_in_domain));
    double scale = n == 1 ? 1 - f : (1 - f) * (double)n / ((double)n - 1);
    if (lonely) {
      s.n_lonely++;
      mean_a = mean_b = 0;
    }
    for (size_t j = 0; j < n; j++) {
      aa += (ta[j] - mean_a) * (ta[j] - mean_a);
      ab += (ta[j] - mean_a) * (tb[j] - mean_b);
      bb += (tb[j] - mean_b) * (tb[j] - mean_b);
    }
    if (!lonely || shape->lonely == ICT_LONELY_ADJUST) {
      s.v_aa += scale * aa;
      s.v_ab += scale * ab;
      s.v_bb += scale * bb;
    }
    free(ta);
    free(tb);
  }
  if (shape->lonely == ICT_LONELY_AVERAGE && s.n_lonely > 0) {
    double r = s.n_present > s.n_lonely ? (double)s.n_present / (double)(s.n_present - s.n_lonely)
                                        : (double)NAN;
    s.v_aa *= r;
    s.v_ab *= r;
    s.v_bb *= r;
  }
  if (shape->numeric[measure]) twin_moments(d, margin, cell, measure, &s);
  return s;
}

#endif
