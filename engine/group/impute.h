/* impute.h - values for countries that have none in a year: by declared methods, each with a
 * declared uncertainty (datasets/groups/imputation.csv; formulas in docs/groups.md). */
#ifndef ICT_GROUP_IMPUTE_H
#define ICT_GROUP_IMPUTE_H

#include "group/covariates.h"
#include "group/panel.h"

typedef enum ict_impute_kind {
  ICT_IMPUTE_LINEAR,    /* between the nearest measured years before and after */
  ICT_IMPUTE_CARRY,     /* the nearest measured year before, carried forward */
  ICT_IMPUTE_HOTDECK,   /* mean of the countries measured in the year that are alike */
  ICT_IMPUTE_TREND,     /* a line through the years before, carried on */
  ICT_IMPUTE_REGRESSION /* on covariates, over the countries measured in the year */
} ict_impute_kind;
#define ICT_IMPUTE_KINDS 5

typedef struct ict_impute {
  ict_impute_kind kind;
  int max_years; /* carry: back; linear: from the one to the other year; trend: after the last
                    measured year. 0: no limit */
} ict_impute;

/* "none", or methods in the order they are tried: "linear,carry:3,hotdeck". ICT_USAGE where it is
 * not that. methods has room for ICT_IMPUTE_KINDS. */
ict_status ict_impute_parse(const char *text, ict_impute *methods, size_t *n, ict_err *err);
const char *ict_impute_name(ict_impute_kind kind); /* "carry" */

/* Declared numbers. */
typedef struct ict_impute_rules {
  double carry_se_per_year;           /* points: SE of a value carried by one year */
  double linear_se;                   /* points: times sqrt(h1 h2 / (h1 + h2)) */
  double min_donors;                  /* a hot deck with fewer countries is widened */
  double trend_window;                /* years the line goes through */
  double trend_se, trend_se_per_year; /* points: a year after the last, and for each further one */
  double min_regression;              /* countries */
} ict_impute_rules;
ict_status ict_impute_rules_load(ict_impute_rules *out, ict_err *err);

/* Which countries are alike: classes by area, ICT_NO_CLASS where it has none; and what they are
 * regressed on. */
#define ICT_NO_CLASS SIZE_MAX
typedef struct ict_donor_classes {
  const size_t *region, *income;
  const ict_covariates *covariates; /* NULL: none, and no regression */
} ict_donor_classes;

typedef struct ict_imputed {
  double value;
  double se; /* NaN where it is not known */
  ict_impute_kind kind;
  int from, until; /* years it rests on (carry, trend: the last, twice; others: the year) */
  size_t donors;   /* hotdeck, regression: countries; trend: years */
} ict_imputed;

/* The first method that has an answer; false where none has. The cell itself must be empty. */
bool ict_impute_value(const ict_panel *panel, size_t area, int year, const ict_impute *methods,
                      size_t n, const ict_impute_rules *rules, const ict_donor_classes *classes,
                      ict_imputed *out);

#endif
