/* request.c - the options of a computation to an ict_request, for the commands that have them.
 *
 * In: parsed options. Out: a request; what it borrows lives as long as they do.
 * Owns: nothing. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "estimate/choices.h"

/* Says what an option may be; false. */
static bool no_choice(const args *a, option_id id, const char *expected) {
  fprintf(stderr,
          "ictstat: error: --%s cannot be '%s'\n  expected: one of %s\n"
          "  fix: see `ictstat compute --help`\n",
          OPTIONS[id].name, text_of(a, id), expected);
  return false;
}

static bool read_choices(const args *a, ict_request *request) {
  if (has(a, OPT_CI) && !ict_ci_find(text_of(a, OPT_CI), &request->ci)) {
    char names[256] = "";
    for (int i = 0, at = 0; i < ICT_N_CI; i++)
      at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", i ? ", " : "",
                     ict_ci_name((ict_ci_method)i));
    return no_choice(a, OPT_CI, names);
  }
  if (has(a, OPT_DEFF) && !ict_deff_find(text_of(a, OPT_DEFF), &request->deff))
    return no_choice(a, OPT_DEFF, "wr, wor");
  if (has(a, OPT_QUANTILE_RULE) &&
      !ict_quantile_rule_find(text_of(a, OPT_QUANTILE_RULE), &request->quantile_rule))
    return no_choice(a, OPT_QUANTILE_RULE, "math, school, hf3, hf4, hf5, hf6, hf7, hf8, hf9");
  if (has(a, OPT_DF) && !ict_df_find(text_of(a, OPT_DF), &request->df, &request->df_fixed))
    return no_choice(a, OPT_DF, "degf, design, inf, fixed:N with a number N above 0");
  return true;
}

/* Replicate weights that come with the data keep what their mapping says, and linearisation draws
 * nothing: without a kind to make, these two options would change nothing. */
static bool check_replicates(const args *a) {
  static const option_id OF_REPLICATES[] = {OPT_SEED, OPT_MSE};
  const char *kind = text_of(a, OPT_REPLICATES);
  if (kind && strcmp(kind, "none") != 0) return true;
  for (size_t i = 0; i < sizeof OF_REPLICATES / sizeof *OF_REPLICATES; i++) {
    const char *name = OPTIONS[OF_REPLICATES[i]].name;
    if (!has(a, OF_REPLICATES[i])) continue;
    fprintf(stderr,
            "ictstat: error: --%s changes nothing, as no replicates are made from the design\n"
            "  expected: --replicates with a kind to make, such as jkn or bootstrap:500\n"
            "  fix: add --replicates KIND, or leave --%s out\n",
            name, name);
    return false;
  }
  return true;
}

bool request_of(const args *a, ict_request *request) {
  if (!read_choices(a, request) || !check_replicates(a)) return false;
  request->profile = text_of(a, OPT_PROFILE);
  request->by = a->given[OPT_BY].values;
  request->n_by = a->given[OPT_BY].n;
  request->contrasts = a->given[OPT_CONTRAST].values;
  request->n_contrasts = a->given[OPT_CONTRAST].n;
  if (!threads_of(a, &request->threads) || !level_of(a, &request->level)) return false;
  request->replicates = text_of(a, OPT_REPLICATES);
  request->mse = has(a, OPT_MSE);
  request->ultimate_cluster = has(a, OPT_ULTIMATE_CLUSTER);
  long seed = 1;
  if (!number_of(a, OPT_SEED, 0, LONG_MAX, &seed)) return false;
  request->seed = (unsigned long long)seed;
  request->progress = progress_bar(a);
  return true;
}
