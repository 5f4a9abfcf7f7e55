/* trend.h - a line through the rounds of a series: change per year, projection, the gap to a
 * target.
 *
 * The rounds are independent samples with known sampling variances, so each has the weight 1/SE^2
 * and every SE here comes from those variances alone, not from the residuals: two rounds have an
 * SE, and a series that leaves the line shows in chi2 instead. docs/math.md, "Trend". */
#ifndef ICT_ESTIMATE_TREND_H
#define ICT_ESTIMATE_TREND_H

#include <stdbool.h>
#include <stddef.h>

/* One round. Shares are 0..1. */
typedef struct ict_trend_point {
  double t;     /* time in years */
  double y, se; /* both must be there */
  double df;    /* of se; NaN: known without error */
  double n;     /* rows behind it: what a share of 0 or 1 gets its variance from */
  /* The fit's own: the scale of the line, variance on it, weight, dy/deta, a gradient. */
  double eta, v, w, dy, g;
} ict_trend_point;

typedef struct ict_trend {
  ict_trend_point *points; /* borrowed */
  size_t n;
  bool logistic, adjusted; /* adjusted: a share of 0 or 1 entered as its empirical logit */
  double centre, level, slope,
      s_tt;       /* eta = level + slope (t - centre); s_tt = sum w (t-centre)^2 */
  double chi2, p; /* of the residuals with n - 2 df; NaN with two rounds */
} ict_trend;

typedef struct ict_trend_value {
  double value, se, df; /* df: Satterthwaite's, of the rounds' own; inf where none has any */
} ict_trend_value;

/* points: at least two, by t, no t twice; kept and written to. False where there is no line: with
 * more than two rounds some, but not all, have no sampling error (their weight would be infinite).
 */
bool ict_trend_fit(ict_trend_point *points, size_t n, bool logistic, ict_trend *out);

/* Per year on the scale of the line: log odds for shares. */
ict_trend_value ict_trend_slope(const ict_trend *trend);
/* Per year from the first to the last round, along the line; with two rounds, their exact
 * difference over the years between them. */
ict_trend_value ict_trend_change(const ict_trend *trend);
/* That, less what it takes per year to get from the last round to the target at time `by`. */
ict_trend_value ict_trend_gap(const ict_trend *trend, double target, double by);
/* The line at t, with limits at a confidence level: on the log odds for shares, then transformed.
 */
ict_trend_value ict_trend_at(const ict_trend *trend, double t, double level, double *low,
                             double *high);

#endif
