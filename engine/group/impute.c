/* impute.c - values for countries that have none in a year.
 *
 * In: a panel of measured values. Out: one value. Owns: nothing.
 * Only measured values are built on, never imputed ones, so the order of countries does not
 * matter. */
#include "group/impute.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/reference.h"
#include "group/model.h"

#define RULES_FILE "groups/imputation.csv"

static const char *const NAMES[ICT_IMPUTE_KINDS] = {"linear", "carry", "hotdeck", "trend",
                                                    "regression"};

const char *ict_impute_name(ict_impute_kind kind) { return NAMES[kind]; }

/* ---- the words ---------------------------------------------------------------------------------
 */

static bool parse_one(ict_slice word, ict_impute *out) {
  const char *colon = memchr(word.text, ':', word.len);
  ict_slice name = {word.text, colon ? (size_t)(colon - word.text) : word.len};
  int64_t years = 0;
  size_t kind = 0;
  while (kind < ICT_IMPUTE_KINDS && !ict_slice_is(name, NAMES[kind])) kind++;
  if (kind == ICT_IMPUTE_KINDS) return false;
  if (colon) {
    ict_slice rest = {colon + 1, word.len - name.len - 1};
    if (kind == ICT_IMPUTE_HOTDECK || kind == ICT_IMPUTE_REGRESSION ||
        !ict_integer_parse(rest, &years) || years < 1 || years > 100)
      return false;
  }
  *out = (ict_impute){(ict_impute_kind)kind, (int)years};
  return true;
}

ict_status ict_impute_parse(const char *text, ict_impute *methods, size_t *n, ict_err *err) {
  *n = 0;
  if (strcmp(text, "none") == 0) return ICT_OK;
  for (const char *p = text;; p++) {
    ict_slice word = {p, strcspn(p, ",")};
    ict_impute method = {0};
    bool good = parse_one(word, &method);
    for (size_t i = 0; i < *n && good; i++) good = methods[i].kind != method.kind;
    if (!good) {
      ict_err_set(err, ICT_USAGE, "no imputation '%s'", text);
      ict_err_expected(err,
                       "none, or of linear, linear:YEARS, carry, carry:YEARS, trend, trend:YEARS, "
                       "hotdeck and regression those to try, in that order, each once");
      ict_err_fix(err, "for example linear,carry:3,hotdeck");
      return ICT_USAGE;
    }
    methods[(*n)++] = method;
    p += word.len;
    if (*p == '\0') return ICT_OK;
  }
}

ict_status ict_impute_rules_load(ict_impute_rules *out, ict_err *err) {
  static const char *const RULES[] = {
      "carry_se_per_year", "linear_se",         "hotdeck_min_donors",      "trend_window",
      "trend_se",          "trend_se_per_year", "regression_min_countries"};
  double *const to[] = {&out->carry_se_per_year, &out->linear_se, &out->min_donors,
                        &out->trend_window,      &out->trend_se,  &out->trend_se_per_year,
                        &out->min_regression};
  size_t rule, value;
  ict_reference *ref = NULL;
  ict_status st = ICT_OK;
  *out = (ict_impute_rules){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  ICT_TRY(done, st, ict_reference_load(RULES_FILE, &ref, err));
  ICT_TRY(done, st, ict_reference_column(ref, "rule", &rule, err));
  ICT_TRY(done, st, ict_reference_column(ref, "value", &value, err));
  for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
    for (size_t r = 0; r < ict_reference_rows(ref); r++)
      if (strcmp(ict_reference_text(ref, r, rule), RULES[i]) == 0)
        ict_number_parse(ict_slice_of(ict_reference_text(ref, r, value)), '.', to[i]);
    if (*to[i] >= 0) continue;
    st = ict_err_set(err, ICT_REFUSED, "no number for the rule '%s'", RULES[i]);
    ict_err_at(err, "datasets/" RULES_FILE, 0, 0);
    ict_err_fix(err, "add the row, or restore the file");
    goto done;
  }
done:
  ict_reference_free(ref);
  return st;
}

/* ---- the methods -------------------------------------------------------------------------------
 */

/* The nearest measured year before (step -1) or after (step 1); false where there is none. */
static bool nearest(const ict_panel *panel, size_t area, int year, int step, int *found) {
  int end = step < 0 ? panel->first_year - 1 : panel->first_year + (int)panel->n_years;
  int start = step < 0 ? panel->first_year + (int)panel->n_years - 1 : panel->first_year;
  int y = year + step;
  if (step < 0 ? y > start : y < start) y = start;
  for (; step < 0 ? y > end : y < end; y += step) {
    if (!ict_panel_at(panel, area, y)->row) continue;
    *found = y;
    return true;
  }
  return false;
}

static bool carry(const ict_panel *panel, size_t area, int year, const ict_impute *method,
                  const ict_impute_rules *rules, ict_imputed *out) {
  int from;
  if (!nearest(panel, area, year, -1, &from)) return false;
  int h = year - from;
  if (method->max_years && h > method->max_years) return false;
  const ict_panel_cell *cell = ict_panel_at(panel, area, from);
  double grown = panel->in_points ? rules->carry_se_per_year * h : (double)NAN;
  out->value = cell->value;
  out->se = hypot(cell->se, grown);
  out->from = out->until = from;
  return true;
}

static bool linear(const ict_panel *panel, size_t area, int year, const ict_impute *method,
                   const ict_impute_rules *rules, ict_imputed *out) {
  int from, until;
  if (!nearest(panel, area, year, -1, &from) || !nearest(panel, area, year, 1, &until))
    return false;
  if (method->max_years && until - from > method->max_years) return false;
  double h1 = year - from, h2 = until - year, f = h1 / (h1 + h2);
  const ict_panel_cell *a = ict_panel_at(panel, area, from);
  const ict_panel_cell *b = ict_panel_at(panel, area, until);
  double between = panel->in_points ? rules->linear_se * sqrt(h1 * h2 / (h1 + h2)) : (double)NAN;
  out->value = (1 - f) * a->value + f * b->value;
  out->se = hypot(hypot((1 - f) * a->se, f * b->se), between);
  out->from = from;
  out->until = until;
  return true;
}

/* Mean and spread of the countries measured in the year that are of the classes; a class of
 * ICT_NO_CLASS does not narrow. */
static bool deck_mean(const ict_panel *panel, int year, const ict_donor_classes *classes,
                      size_t region, size_t income, const ict_impute_rules *rules,
                      ict_imputed *out) {
  double sum = 0, squares = 0;
  size_t n = 0;
  for (int pass = 0; pass < 2; pass++) { /* the mean first: squares about it do not cancel */
    double mean = n > 0 ? sum / (double)n : 0;
    for (size_t i = 0; i < panel->areas->n; i++) {
      const ict_panel_cell *cell = ict_panel_at(panel, i, year);
      if (!cell->row || (region != ICT_NO_CLASS && classes->region[i] != region) ||
          (income != ICT_NO_CLASS && classes->income[i] != income)) {
        continue;
      }
      if (pass == 0) {
        sum += cell->value;
        n++;
      } else {
        squares += (cell->value - mean) * (cell->value - mean);
      }
    }
  }
  if (n == 0 || (double)n < rules->min_donors) return false;
  out->value = sum / (double)n;
  out->se = n > 1 ? sqrt(squares / ((double)n - 1) * (1 + 1 / (double)n)) : (double)NAN;
  out->from = out->until = year;
  out->donors = n;
  return true;
}

/* Region and income; else region; else income. */
static bool hotdeck(const ict_panel *panel, size_t area, int year, const ict_impute_rules *rules,
                    const ict_donor_classes *classes, ict_imputed *out) {
  size_t region = classes->region[area], income = classes->income[area];
  if (region != ICT_NO_CLASS && income != ICT_NO_CLASS &&
      deck_mean(panel, year, classes, region, income, rules, out)) {
    return true;
  }
  if (region != ICT_NO_CLASS && deck_mean(panel, year, classes, region, ICT_NO_CLASS, rules, out)) {
    return true;
  }
  return income != ICT_NO_CLASS &&
         deck_mean(panel, year, classes, ICT_NO_CLASS, income, rules, out);
}

/* A line or a plane knows no bounds, a share does. */
static double within(const ict_panel *panel, double value) {
  if (panel->is_share && value > 100) return 100;
  return panel->in_points && value < 0 ? 0 : value;
}

static bool trend(const ict_panel *panel, size_t area, int year, const ict_impute *method,
                  const ict_impute_rules *rules, ict_imputed *out) {
  ict_modelled line;
  if (!ict_model_trend(panel, area, year, (int)rules->trend_window, &line)) return false;
  int h = year - line.last;
  if (method->max_years && h > method->max_years) return false;
  double grown =
      panel->in_points ? rules->trend_se + rules->trend_se_per_year * (h - 1) : (double)NAN;
  out->value = within(panel, line.value);
  out->se = hypot(line.se, grown);
  out->from = out->until = line.last;
  out->donors = line.n;
  return true;
}

static bool regression(const ict_panel *panel, size_t area, int year, const ict_impute_rules *rules,
                       const ict_covariates *covariates, ict_imputed *out) {
  ict_modelled fit;
  if (!covariates ||
      !ict_model_regression(panel, covariates, area, year, (size_t)rules->min_regression, &fit))
    return false;
  out->value = within(panel, fit.value);
  out->se = fit.se;
  out->from = out->until = year;
  out->donors = fit.n;
  return true;
}

bool ict_impute_value(const ict_panel *panel, size_t area, int year, const ict_impute *methods,
                      size_t n, const ict_impute_rules *rules, const ict_donor_classes *classes,
                      ict_imputed *out) {
  for (size_t i = 0; i < n; i++) {
    bool found = false;
    *out = (ict_imputed){.kind = methods[i].kind};
    switch (methods[i].kind) {
      case ICT_IMPUTE_LINEAR:
        found = linear(panel, area, year, &methods[i], rules, out);
        break;
      case ICT_IMPUTE_CARRY:
        found = carry(panel, area, year, &methods[i], rules, out);
        break;
      case ICT_IMPUTE_HOTDECK:
        found = hotdeck(panel, area, year, rules, classes, out);
        break;
      case ICT_IMPUTE_TREND:
        found = trend(panel, area, year, &methods[i], rules, out);
        break;
      case ICT_IMPUTE_REGRESSION:
        found = regression(panel, area, year, rules, classes->covariates, out);
        break;
    }
    if (found) return true;
  }
  return false;
}
