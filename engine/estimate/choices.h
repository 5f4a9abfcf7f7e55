/* choices.h - what a request chooses, by the words of the command line, the plan and the output. */
#ifndef ICT_ESTIMATE_CHOICES_H
#define ICT_ESTIMATE_CHOICES_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/request.h"

enum { ICT_N_CI = ICT_CI_QUANTILE + 1, ICT_N_QUANTILE_RULES = ICT_QUANTILE_HF9 + 1 };
#define ICT_DF_TEXT 48 /* room for a rule in words */

const char *ict_ci_name(ict_ci_method ci); /* "logit" */
const char *ict_ci_text(ict_ci_method ci); /* a line for people */
/* Also by R's word for it. */
bool ict_ci_find(const char *word, ict_ci_method *ci);
/* What the method comes to for a proportion (bounded) or anything else: never DEFAULT. */
ict_ci_method ict_ci_resolve(ict_ci_method ci, bool bounded);

const char *ict_quantile_rule_name(ict_quantile_rule rule); /* "math" */
const char *ict_quantile_rule_text(ict_quantile_rule rule); /* a line for people */
bool ict_quantile_rule_find(const char *word, ict_quantile_rule *rule);

const char *ict_deff_name(ict_deff_kind deff); /* "wr", "wor" */
bool ict_deff_find(const char *word, ict_deff_kind *deff);

const char *ict_test_statistic_name(ict_test_statistic statistic); /* "F", "chisq", ... */
bool ict_test_statistic_find(const char *word, ict_test_statistic *statistic);

/* "degf", "design", "fixed:30", "inf". */
void ict_df_name(ict_df_rule rule, double fixed, char text[ICT_DF_TEXT]);
/* False where it is none of these; N is a number above 0. */
bool ict_df_find(const char *word, ict_df_rule *rule, double *fixed);

#endif
