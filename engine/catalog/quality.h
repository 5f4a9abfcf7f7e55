/* quality.h - reliability profiles: named rules over the statistics of a cell.
 *
 * A rule is an expression over the numeric columns of the result table (estimate, se, cv,
 * ci_low, ci_high, deff, df, n_unweighted, n_psu, n_strata, pop_weighted), so a new
 * profile is a text file: indicators/quality/NAME.yaml. */
#ifndef ICT_CATALOG_QUALITY_H
#define ICT_CATALOG_QUALITY_H

#include "catalog/read.h"
#include "expr/expr.h"
#include "ictstat/table.h"

typedef struct ict_quality_rule {
  const char *name;        /* the flag: "n_lt_25" */
  const char *about;       /* for the legend: "fewer than 25 unweighted cases" */
  const char *obs_status;  /* SDMX code the rule speaks for: "U" */
  const ict_program *when; /* BOOLEAN over ict_quality_schema; null counts as not */
} ict_quality_rule;

typedef struct ict_profile_rules {
  const char *id, *title, *source;
  size_t n;
  const ict_quality_rule *rules; /* in file order; every rule that holds speaks */
  const char *file;
} ict_profile_rules;

/* The columns a rule may use: all REAL, in this order. */
enum {
  ICT_Q_ESTIMATE,
  ICT_Q_SE,
  ICT_Q_CV,
  ICT_Q_CI_LOW,
  ICT_Q_CI_HIGH,
  ICT_Q_DEFF,
  ICT_Q_DF,
  ICT_Q_N_UNWEIGHTED,
  ICT_Q_N_PSU,
  ICT_Q_N_STRATA,
  ICT_Q_POP_WEIGHTED,
  ICT_N_Q
};
const ict_schema *ict_quality_schema(void);
/* The row's numbers under these columns. */
void ict_quality_values(const ict_table_row *row, double values[ICT_N_Q]);

/* body[key] as a condition over these columns; it and its program are added to the lists, whose
 * owner frees them. NULL where it is missing or wrong (recorded). */
const ict_program *ict_quality_condition(ict_reader *r, const ict_node *body, const char *key,
                                         bool required, ict_list *exprs, ict_list *programs);

#endif
