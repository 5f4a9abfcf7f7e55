/* aggregate.h - country values to values of groups: weighted means, with the share of the group
 * that was measured, what was imputed, and standard errors. Formulas: docs/groups.md. */
#ifndef ICT_GROUP_AGGREGATE_H
#define ICT_GROUP_AGGREGATE_H

#include "group/coverage.h"
#include "group/impute.h"
#include "group/membership.h"
#include "group/weights.h"

typedef struct ict_group_request {
  const ict_groups *groups;
  const ict_groups *classes;  /* sets sdg-region and income, for the hot deck; NULL without it */
  const ict_weights *weights; /* population */
  const ict_coverage *coverage;
  const ict_impute_rules *rules;
  const ict_impute *methods;
  size_t n_methods;
  const char *methods_text;  /* as they were asked for, for the source */
  const char *coverage_name; /* same */
  const int *years;          /* n_years; none: every year with a value */
  size_t n_years;
  int membership;      /* year whose members are taken for all years; 0: each year's own */
  bool by_denominator; /* weights are the pop_weighted of the values; methods must be none */
  bool countries;      /* also the country values that went in, imputed ones flagged */
  double level;        /* of the intervals */
  const ict_covariates *covariates; /* for regression; NULL without it */
} ict_group_request;

/* values: country rows, no key twice; areas are ISO 3166-1 alpha-3 codes. The result has the same
 * axes, the group's code as area, nature G, and
 *   n_unweighted  countries measured          n_psu     countries in the mean, imputed ones too
 *   n_strata      countries of the group      pop_weighted  their weights in the mean
 * A value whose coverage is too low is there without an estimate, status O. Refused: a country
 * without population in a year, memberships not known for a year, a number instead of a rate.
 * Countries that have no population in any year are left out and told in a finding. */
ict_status ict_group_table(const ict_table *values, const ict_group_request *request,
                           ict_table **out, ict_findings *findings, ict_err *err);

#endif
