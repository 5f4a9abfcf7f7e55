/* choices.c - what a request chooses, by word.
 *
 * In: words. Out: the choice, and back.
 * Owns: nothing. */
#include "estimate/choices.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

typedef struct choice {
  const char *name, *other, *text; /* other: R's word for it, or NULL */
} choice;

static const choice ci_methods[ICT_N_CI] = {
#define CI(NAME, name, r, text) [ICT_CI_##NAME] = {name, r, text},
#include "estimate/ci_methods.def"
#undef CI
};

static const char *const deff_names[] = {[ICT_DEFF_WR] = "wr", [ICT_DEFF_WOR] = "wor", NULL};
static const char *const statistic_names[] = {[ICT_TEST_F] = "F",
                                              [ICT_TEST_CHISQ] = "chisq",
                                              [ICT_TEST_WALD] = "wald",
                                              [ICT_TEST_ADJWALD] = "adjwald",
                                              NULL};
static const char *const df_names[] = {[ICT_DF_DEGF] = "degf",
                                       [ICT_DF_DESIGN] = "design",
                                       [ICT_DF_FIXED] = "fixed:",
                                       [ICT_DF_INF] = "inf"};
#define N_DF (sizeof df_names / sizeof *df_names)

static long find(const choice *choices, size_t n, const char *word) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(word, choices[i].name) == 0 ||
        (choices[i].other && strcmp(word, choices[i].other) == 0))
      return (long)i;
  return -1;
}

const char *ict_ci_name(ict_ci_method ci) { return ci_methods[ci].name; }
const char *ict_ci_text(ict_ci_method ci) { return ci_methods[ci].text; }

bool ict_ci_find(const char *word, ict_ci_method *ci) {
  long at = find(ci_methods, ICT_N_CI, word);
  if (at >= 0) *ci = (ict_ci_method)at;
  return at >= 0;
}

static const choice rules[ICT_N_QUANTILE_RULES] = {
#define RULE(NAME, name, r, text) [ICT_QUANTILE_##NAME] = {name, r, text},
#include "estimate/quantile_rules.def"
#undef RULE
};

const char *ict_quantile_rule_name(ict_quantile_rule rule) { return rules[rule].name; }
const char *ict_quantile_rule_text(ict_quantile_rule rule) { return rules[rule].text; }

bool ict_quantile_rule_find(const char *word, ict_quantile_rule *rule) {
  long at = find(rules, ICT_N_QUANTILE_RULES, word);
  if (at >= 0) *rule = (ict_quantile_rule)at;
  return at >= 0;
}

ict_ci_method ict_ci_resolve(ict_ci_method ci, bool bounded) {
  if (ci == ICT_CI_QUANTILE) ci = ICT_CI_DEFAULT;
  if (bounded) return ci == ICT_CI_DEFAULT ? ICT_CI_LOGIT : ci;
  return ci == ICT_CI_NORMAL ? ci : ICT_CI_T;
}

const char *ict_deff_name(ict_deff_kind deff) { return deff_names[deff]; }

bool ict_deff_find(const char *word, ict_deff_kind *deff) {
  long at = ict_text_index(word, deff_names);
  if (at >= 0) *deff = (ict_deff_kind)at;
  return at >= 0;
}

const char *ict_test_statistic_name(ict_test_statistic statistic) {
  return statistic_names[statistic];
}

bool ict_test_statistic_find(const char *word, ict_test_statistic *statistic) {
  long at = ict_text_index(word, statistic_names);
  if (at >= 0) *statistic = (ict_test_statistic)at;
  return at >= 0;
}

void ict_df_name(ict_df_rule rule, double fixed, char text[ICT_DF_TEXT]) {
  char number[ICT_NUMBER_TEXT] = "";
  if (rule == ICT_DF_FIXED) ict_number_text(fixed, number);
  snprintf(text, ICT_DF_TEXT, "%s%s", df_names[rule], number);
}

bool ict_df_find(const char *word, ict_df_rule *rule, double *fixed) {
  for (size_t i = 0; i < N_DF; i++) {
    size_t len = strlen(df_names[i]);
    if (i == ICT_DF_FIXED) {
      if (strncmp(word, df_names[i], len) != 0 ||
          !ict_number_parse(ict_slice_of(word + len), '.', fixed) || !(*fixed > 0))
        continue;
    } else if (strcmp(word, df_names[i]) != 0) {
      continue;
    }
    *rule = (ict_df_rule)i;
    return true;
  }
  return false;
}
