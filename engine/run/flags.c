/* flags.c - the rules of a reliability profile, and the few facts that hold in every profile.
 *
 * In: a row's numbers and the estimate's notes. Out: the set of flags, and the one SDMX
 * observation status it collapses to.
 * Precedence when only one status fits: SDMX guideline "Possible ways of implementing
 * Observation Status", version 2.0. */
#include "run/flags.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "estimate/estimate.h"

static const char PRECEDENCE[] = "BOMLHQJSDKWIFEPNUVGA";
#define MAX_FLAGS 32

/* Facts, not judgements: what the estimate itself reported. */
static const struct fact {
  unsigned note;
  const char *name;
  const char *obs_status; /* NULL: says nothing about the status */
  const char *about;
} FACTS[] = {
    {ICT_NOTE_EMPTY, "no_cases", "O", "nobody who counts is in the cell"},
    {ICT_NOTE_NO_DENOMINATOR, "no_denominator", "O", "the denominator is zero"},
    {ICT_NOTE_DF_LOW, "no_df", "U", "no degrees of freedom: no confidence interval"},
    {ICT_NOTE_LONELY, "single_psu_stratum", NULL,
     "a stratum with a single PSU entered under a policy"},
    {ICT_NOTE_AT_BORDER, "at_border", NULL,
     "0 or 100 %: the interval is the point, or one-sided (beta, wilson, asin, likelihood)"},
    {ICT_NOTE_REPLICATES_LOST, "replicates_lost", NULL,
     "in some replicates nobody is left: the variance is by the others"},
    {ICT_NOTE_NO_LIMIT, "open_interval", NULL,
     "too few cases beside the quantile: the interval is open on one side or both, and there is no "
     "SE"},
    {ICT_NOTE_NO_SE, "no_se", "U",
     "no standard error: every stratum of the cell has a single PSU, under `average`; a variance "
     "below 0, under PPS; or no replicate is left"},
    {ICT_NOTE_AT_EXTREME, "at_extreme", NULL,
     "the quantile is the largest value: nothing tells its error"},
};
static const char DIFFERS[] = "definition_differs", INPUTS[] = "input_status";
/* Nothing to judge: no estimate, or no sample behind it. */
enum { NOTHING = ICT_NOTE_EMPTY | ICT_NOTE_NO_DENOMINATOR | ICT_NOTE_CENSUS };
enum { N_FACTS = sizeof FACTS / sizeof *FACTS };

struct ict_flagger {
  const ict_profile_rules *profile;
  ict_scratch **scratch; /* one a rule */
  ict_str names;
  char status[2];
  ict_input_status *inputs; /* borrowed, or NULL */
};

ict_status ict_flagger_new(const ict_catalog *catalog, const char *profile, ict_flagger **out,
                           ict_err *err) {
  *out = NULL;
  const char *id = profile ? profile : "dhs";
  const ict_profile_rules *rules = ict_catalog_find_profile(catalog, id);
  if (!rules) {
    ict_err_set(err, ICT_USAGE, "no reliability profile '%s'", id);
    ict_err_fix(err,
                "`ictstat list --profiles` shows them; a file of your own comes in by --extra");
    return ICT_USAGE;
  }
  if (rules->n + N_FACTS + 2 > MAX_FLAGS)
    return ict_err_set(err, ICT_REFUSED,
                       "profile '%s' has %zu rules, more than the %d there may be", id, rules->n,
                       MAX_FLAGS - N_FACTS - 2);
  ict_flagger *f = ict_alloc(1, sizeof *f);
  if (!f) return ict_err_memory(err);
  ict_str_init(&f->names);
  f->profile = rules;
  f->scratch = ict_alloc(rules->n + 1, sizeof *f->scratch);
  bool ok = f->scratch != NULL;
  for (size_t i = 0; ok && i < rules->n; i++) {
    f->scratch[i] = ict_scratch_new(rules->rules[i].when);
    ok = f->scratch[i] != NULL;
  }
  if (!ok) {
    ict_flagger_free(f);
    return ict_err_memory(err);
  }
  *out = f;
  return ICT_OK;
}

void ict_flagger_inputs(ict_flagger *f, ict_input_status *inputs) { f->inputs = inputs; }

void ict_flagger_free(ict_flagger *f) {
  if (!f) return;
  for (size_t i = 0; f->scratch && i < f->profile->n; i++) ict_scratch_free(f->scratch[i]);
  ict_free(f->scratch);
  ict_str_done(&f->names);
  ict_free(f);
}

ict_status ict_flagger_explain(const ict_flagger *f, ict_table *table, ict_err *err) {
  ict_status st =
      ict_table_add_flag(table, DIFFERS, "the survey's question departs from the definition", err);
  if (st == ICT_OK && f->inputs)
    st = ict_table_add_flag(table, INPUTS, "a number it was computed from has this status", err);
  for (size_t i = 0; i < N_FACTS && st == ICT_OK; i++)
    st = ict_table_add_flag(table, FACTS[i].name, FACTS[i].about, err);
  for (size_t i = 0; i < f->profile->n && st == ICT_OK; i++)
    st = ict_table_add_flag(table, f->profile->rules[i].name, f->profile->rules[i].about, err);
  return st;
}

static bool holds(ict_flagger *f, size_t rule, const ict_table_row *row) {
  double values[ICT_N_Q];
  ict_quality_values(row, values);
  const void *columns[ICT_N_Q];
  for (size_t i = 0; i < ICT_N_Q; i++) columns[i] = &values[i];
  ict_block block = {ict_quality_schema(), 1, columns};
  uint8_t result = ICT_NULL;
  ict_program_run_boolean(f->profile->rules[rule].when, &block, f->scratch[rule], &result);
  return result == ICT_TRUE;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void ict_status_worse(char *best, const char *status) {
  if (!status || !status[0]) return;
  const char *have = strchr(PRECEDENCE, *best), *add = strchr(PRECEDENCE, status[0]);
  if (add && add < have) *best = status[0];
}

ict_status ict_flagger_judge(ict_flagger *f, const ict_table_row *row, unsigned notes, bool differs,
                             ict_flag_set *out, ict_err *err) {
  return ict_flagger_judge_both(f, row, row, notes, differs, out, err);
}

ict_status ict_flagger_judge_both(ict_flagger *f, const ict_table_row *first,
                                  const ict_table_row *second, unsigned notes, bool differs,
                                  ict_flag_set *out, ict_err *err) {
  const char *names[MAX_FLAGS];
  size_t n = 0;
  f->status[0] = 'A';
  for (size_t i = 0; i < N_FACTS; i++) {
    if (!(notes & FACTS[i].note)) continue;
    names[n++] = FACTS[i].name;
    ict_status_worse(f->status, FACTS[i].obs_status);
  }
  if (differs) {
    names[n++] = DIFFERS;
    ict_status_worse(f->status, "D");
  }
  const char *status = notes & ICT_NOTE_EMPTY ? "" : ict_input_status_of(f->inputs, first);
  if (status[0]) {
    names[n++] = INPUTS;
    ict_status_worse(f->status, status);
  }
  for (size_t i = 0; i < f->profile->n && !(notes & NOTHING); i++) {
    if (!holds(f, i, first) && (second == first || !holds(f, i, second))) continue;
    names[n++] = f->profile->rules[i].name;
    ict_status_worse(f->status, f->profile->rules[i].obs_status);
  }
  qsort(names, n, sizeof *names, by_name);
  ict_str_clear(&f->names);
  for (size_t i = 0; i < n; i++) ict_str_addf(&f->names, "%s%s", i ? ";" : "", names[i]);
  if (f->names.failed) return ict_err_memory(err);
  *out = (ict_flag_set){f->names.text, f->status};
  return ICT_OK;
}
