/* model.c - a line through a country's years; a regression over the countries of a year.
 *
 * In: a panel of measured values, covariates. Out: one value and its standard error.
 * Owns: nothing. Both are ordinary least squares about means, so that nothing large cancels. */
#include "group/model.h"

#include <math.h>

#define K ICT_COVARIATES_MOST

/* ---- the line ---------------------------------------------------------------------------------
 * b = sum (t - T)(y - Y) / S, S = sum (t - T)^2; the value is Y + b (x - T) = sum c y with
 * c = 1/n + (t - T)(x - T)/S, so var = sum c^2 SE^2. */

bool ict_model_trend(const ict_panel *panel, size_t area, int year, int window, ict_modelled *out) {
  int last = year - 1, n = 0;
  double mean_t = 0, s = 0;
  int newest = panel->first_year + (int)panel->n_years - 1;
  if (last > newest) last = newest;
  while (last >= panel->first_year && !ict_panel_at(panel, area, last)->row) last--;
  if (last < panel->first_year) return false;
  for (int t = last - window + 1; t <= last; t++) {
    if (!ict_panel_at(panel, area, t)->row) continue;
    mean_t += t;
    n++;
  }
  if (n < 3) return false;
  mean_t /= n;
  for (int t = last - window + 1; t <= last; t++)
    if (ict_panel_at(panel, area, t)->row) s += (t - mean_t) * (t - mean_t);
  double value = 0, variance = 0;
  for (int t = last - window + 1; t <= last; t++) {
    const ict_panel_cell *cell = ict_panel_at(panel, area, t);
    if (!cell->row) continue;
    double c = 1.0 / n + (t - mean_t) * (year - mean_t) / s;
    value += c * cell->value;
    variance += c * c * cell->se * cell->se;
  }
  *out = (ict_modelled){value, sqrt(variance), (size_t)n, last};
  return true;
}

/* ---- the regression ---------------------------------------------------------------------------
 */

/* S = L L' in place; false where a pivot is as good as zero beside its own diagonal. */
static bool cholesky(double s[K][K], size_t k) {
  for (size_t j = 0; j < k; j++) {
    double whole = s[j][j], pivot = whole;
    for (size_t i = 0; i < j; i++) pivot -= s[j][i] * s[j][i];
    if (!(pivot > 1e-10 * whole)) return false;
    s[j][j] = sqrt(pivot);
    for (size_t r = j + 1; r < k; r++) {
      double x = s[r][j];
      for (size_t i = 0; i < j; i++) x -= s[r][i] * s[j][i];
      s[r][j] = x / s[j][j];
    }
  }
  return true;
}

/* L z = x, in place. */
static void solve_lower(double s[K][K], size_t k, double *x) {
  for (size_t j = 0; j < k; j++) {
    for (size_t i = 0; i < j; i++) x[j] -= s[j][i] * x[i];
    x[j] /= s[j][j];
  }
}

/* A measured value with covariates, or false. */
static bool donor(const ict_panel *panel, const ict_covariates *covariates, size_t area, int year,
                  double *y, const double **x) {
  const ict_panel_cell *cell = ict_panel_at(panel, area, year);
  if (!cell->row) return false;
  *x = ict_covariates_find(covariates, panel->areas->items[area].text, year);
  *y = cell->value;
  return *x != NULL;
}

/* With x and y about their means, S = X'X = L L', u = L^-1 X'y, z = L^-1 (x0 - mean):
 * value = Y + z'u, SSE = y'y - u'u, var of a new value = SSE/(n - k - 1) (1 + 1/n + z'z). */
bool ict_model_regression(const ict_panel *panel, const ict_covariates *covariates, size_t area,
                          int year, size_t least, ict_modelled *out) {
  size_t k = ict_covariates_count(covariates), n = 0;
  const double *own = ict_covariates_find(covariates, panel->areas->items[area].text, year), *x;
  double mean_x[K] = {0}, mean_y = 0, s[K][K] = {{0}}, u[K] = {0}, z[K] = {0}, yy = 0, y;
  if (!own) return false;
  for (size_t i = 0; i < panel->areas->n; i++) {
    if (!donor(panel, covariates, i, year, &y, &x)) continue;
    for (size_t a = 0; a < k; a++) mean_x[a] += x[a];
    mean_y += y;
    n++;
  }
  if (n < least || n < k + 3) return false;
  for (size_t a = 0; a < k; a++) mean_x[a] /= (double)n;
  mean_y /= (double)n;
  for (size_t i = 0; i < panel->areas->n; i++) {
    if (!donor(panel, covariates, i, year, &y, &x)) continue;
    yy += (y - mean_y) * (y - mean_y);
    for (size_t a = 0; a < k; a++) {
      u[a] += (x[a] - mean_x[a]) * (y - mean_y);
      for (size_t b = 0; b <= a; b++) s[a][b] += (x[a] - mean_x[a]) * (x[b] - mean_x[b]);
    }
  }
  if (!cholesky(s, k)) return false;
  solve_lower(s, k, u);
  for (size_t a = 0; a < k; a++) z[a] = own[a] - mean_x[a];
  solve_lower(s, k, z);
  double value = mean_y, explained = 0, leverage = 0;
  for (size_t a = 0; a < k; a++) {
    value += z[a] * u[a];
    explained += u[a] * u[a];
    leverage += z[a] * z[a];
  }
  double left = fmax(yy - explained, 0) / (double)(n - k - 1);
  *out = (ict_modelled){value, sqrt(left * (1 + 1.0 / (double)n + leverage)), n, year};
  return true;
}
