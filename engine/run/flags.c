/* flags.c - the rules of a reliability profile, and the few facts that hold in every profile.
 *
 * In: rows' numbers and the estimates' notes. Out: the set of flags, and the one SDMX
 * observation status it collapses to.
 * Owns: the sets met so far. A set is a bit a flag; its words are made once, so that a million
 * rows of a few dozen sets have them for a comparison each.
 * Precedence when only one status fits: SDMX guideline "Possible ways of implementing
 * Observation Status", version 2.0. */
#include "run/flags.h"

#include <sched.h>
#include <stdatomic.h>
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
  char obs_status; /* '\0': says nothing about the status */
  const char *about;
} FACTS[] = {
    {ICT_NOTE_EMPTY, "no_cases", 'O', "nobody who counts is in the cell"},
    {ICT_NOTE_NO_DENOMINATOR, "no_denominator", 'O', "the denominator is zero"},
    {ICT_NOTE_DF_LOW, "no_df", 'U', "no degrees of freedom: no confidence interval"},
    {ICT_NOTE_LONELY, "single_psu_stratum", '\0',
     "a stratum with a single PSU entered under a policy"},
    {ICT_NOTE_AT_BORDER, "at_border", '\0',
     "0 or 100 %: the interval is the point, or one-sided (beta, wilson, asin, likelihood)"},
    {ICT_NOTE_REPLICATES_LOST, "replicates_lost", '\0',
     "in some replicates nobody is left: the variance is by the others"},
    {ICT_NOTE_NO_LIMIT, "open_interval", '\0',
     "too few cases beside the quantile: the interval is open on one side or both, and there is no "
     "SE"},
    {ICT_NOTE_NO_SE, "no_se", 'U',
     "no standard error: every stratum of the cell has a single PSU, under `average`; a variance "
     "below 0, under PPS; or no replicate is left"},
    {ICT_NOTE_AT_EXTREME, "at_extreme", '\0',
     "the quantile is the largest value: nothing tells its error"},
};
static const char DIFFERS[] = "definition_differs", INPUTS[] = "input_status";
/* Nothing to judge: no estimate, or no sample behind it. */
enum { NOTHING = ICT_NOTE_EMPTY | ICT_NOTE_NO_DENOMINATOR | ICT_NOTE_CENSUS };
enum { N_FACTS = sizeof FACTS / sizeof *FACTS };

typedef struct flag {
  const char *name;
  char obs_status; /* '\0': says nothing about the status */
  size_t origin;   /* DIFFERS, INPUTS, the facts, the rules: their number in this order */
} flag;
enum { OF_DIFFERS, OF_INPUTS, OF_FACTS, OF_RULES = OF_FACTS + N_FACTS };

/* What a row may carry: flags, and the status of its inputs. */
typedef struct flag_set {
  uint32_t flags; /* bit i: the i-th of the flagger's */
  char input;     /* '\0': normal */
} flag_set;

typedef struct worded {
  flag_set set;
  const char *names, *obs_status; /* the table's */
} worded;

struct ict_flagger {
  const ict_profile_rules *profile;
  const ict_input_status *inputs; /* borrowed, or NULL */
  ict_table *table;
  size_t n_flags;
  flag flags[MAX_FLAGS];    /* by name */
  uint32_t bits[MAX_FLAGS]; /* by origin: which of these it is */
  atomic_flag busy; /* held by the judge that looks at or adds to what follows, and to the table */
  worded *sets;
  size_t n_sets, sets_capacity;
};

static int by_name(const void *a, const void *b) {
  const flag *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : (x->origin > y->origin) - (x->origin < y->origin);
}

static void number_flags(ict_flagger *f) {
  const ict_profile_rules *p = f->profile;
  f->n_flags = OF_RULES + p->n;
  f->flags[OF_DIFFERS] = (flag){DIFFERS, 'D', OF_DIFFERS};
  f->flags[OF_INPUTS] = (flag){INPUTS, '\0', OF_INPUTS};
  for (size_t i = 0; i < N_FACTS; i++)
    f->flags[OF_FACTS + i] = (flag){FACTS[i].name, FACTS[i].obs_status, OF_FACTS + i};
  for (size_t i = 0; i < p->n; i++)
    f->flags[OF_RULES + i] = (flag){p->rules[i].name, p->rules[i].obs_status[0], OF_RULES + i};
  qsort(f->flags, f->n_flags, sizeof *f->flags, by_name);
  for (size_t i = 0; i < f->n_flags; i++) f->bits[f->flags[i].origin] = UINT32_C(1) << i;
}

ict_status ict_flagger_new(const ict_catalog *catalog, const char *profile, ict_table *table,
                           ict_flagger **out, ict_err *err) {
  *out = NULL;
  const char *id = profile ? profile : "dhs";
  const ict_profile_rules *rules = ict_catalog_find_profile(catalog, id);
  if (!rules) {
    ict_err_set(err, ICT_USAGE, "no reliability profile '%s'", id);
    ict_err_fix(err,
                "`ictstat list --profiles` shows them; a file of your own comes in by --extra");
    return ICT_USAGE;
  }
  if (OF_RULES + rules->n > MAX_FLAGS)
    return ict_err_set(err, ICT_REFUSED,
                       "profile '%s' has %zu rules, more than the %d there may be", id, rules->n,
                       MAX_FLAGS - OF_RULES);
  ict_flagger *f = ict_alloc(1, sizeof *f);
  if (!f) return ict_err_memory(err);
  f->profile = rules;
  f->table = table;
  atomic_flag_clear(&f->busy);
  number_flags(f);
  *out = f;
  return ICT_OK;
}

void ict_flagger_inputs(ict_flagger *f, const ict_input_status *inputs) { f->inputs = inputs; }

void ict_flagger_free(ict_flagger *f) {
  if (f) ict_free(f->sets);
  ict_free(f);
}

ict_status ict_flagger_explain(const ict_flagger *f, ict_err *err) {
  ict_status st = ict_table_add_flag(f->table, DIFFERS,
                                     "the survey's question departs from the definition", err);
  if (st == ICT_OK && f->inputs)
    st = ict_table_add_flag(f->table, INPUTS, "a number it was computed from has this status", err);
  for (size_t i = 0; i < N_FACTS && st == ICT_OK; i++)
    st = ict_table_add_flag(f->table, FACTS[i].name, FACTS[i].about, err);
  for (size_t i = 0; i < f->profile->n && st == ICT_OK; i++)
    st = ict_table_add_flag(f->table, f->profile->rules[i].name, f->profile->rules[i].about, err);
  return st;
}

void ict_status_worse(char *best, char status) {
  if (!status) return;
  const char *have = strchr(PRECEDENCE, *best), *add = strchr(PRECEDENCE, status);
  if (add && add < have) *best = status;
}

/* ---- the words of a set -------------------------------------------------------------------- */

static bool is_same(flag_set a, flag_set b) { return a.flags == b.flags && a.input == b.input; }

static bool put_in_words(ict_flagger *f, flag_set set, worded *out) {
  char status[2] = "A";
  ict_str names;
  ict_str_init(&names);
  for (size_t i = 0; i < f->n_flags; i++) {
    if (!(set.flags >> i & 1)) continue;
    if (names.len) ict_str_add(&names, ";");
    ict_str_add(&names, f->flags[i].name);
    ict_status_worse(status, f->flags[i].obs_status);
  }
  ict_status_worse(status, set.input);
  *out = (worded){set, names.failed ? NULL : ict_table_keep_text(f->table, names.text),
                  ict_table_keep_text(f->table, status)};
  ict_str_done(&names);
  return out->names && out->obs_status;
}

static bool find_words(ict_flagger *f, flag_set set, worded *out) {
  size_t i = 0;
  while (i < f->n_sets && !is_same(f->sets[i].set, set)) i++;
  if (i == f->n_sets) {
    if (ict_grow(&f->sets, f->n_sets, &f->sets_capacity, sizeof *f->sets) != 0 ||
        !put_in_words(f, set, &f->sets[i]))
      return false;
    f->n_sets++;
  }
  *out = f->sets[i];
  return true;
}

/* By one judge at a time: a few dozen times a thread, so that nobody waits long. */
static bool learn_words(ict_flagger *f, flag_set set, worded *out) {
  while (atomic_flag_test_and_set_explicit(&f->busy, memory_order_acquire)) sched_yield();
  bool good = find_words(f, set, out);
  atomic_flag_clear_explicit(&f->busy, memory_order_release);
  return good;
}

/* ---- judging ------------------------------------------------------------------------------- */

enum { KNOWN = 64 };

struct ict_judge {
  ict_flagger *flagger;
  ict_scratch **scratch; /* one a rule */
  ict_str key;           /* of inputs */
  worded known[KNOWN];   /* names NULL: nothing there */
  double values[ICT_N_Q][ICT_JUDGE_ROWS];
  uint8_t spoke[ICT_JUDGE_ROWS];
  flag_set sets[ICT_JUDGE_ROWS];
};

ict_status ict_judge_new(ict_flagger *flagger, ict_judge **out, ict_err *err) {
  const ict_profile_rules *rules = flagger->profile;
  ict_judge *j = ict_alloc(1, sizeof *j);
  *out = NULL;
  if (!j) return ict_err_memory(err);
  j->flagger = flagger;
  ict_str_init(&j->key);
  j->scratch = ict_alloc(rules->n + 1, sizeof *j->scratch);
  bool ok = j->scratch != NULL;
  for (size_t i = 0; ok && i < rules->n; i++) {
    j->scratch[i] = ict_scratch_new(rules->rules[i].when);
    ok = j->scratch[i] != NULL;
  }
  if (!ok) {
    ict_judge_free(j);
    return ict_err_memory(err);
  }
  *out = j;
  return ICT_OK;
}

void ict_judge_free(ict_judge *j) {
  if (!j) return;
  for (size_t i = 0; j->scratch && i < j->flagger->profile->n; i++) ict_scratch_free(j->scratch[i]);
  ict_free(j->scratch);
  ict_str_done(&j->key);
  ict_free(j);
}

/* What the rules say of n rows, into sets. */
static void ask_rules(ict_judge *j, const ict_table_row *rows, size_t n) {
  const void *columns[ICT_N_Q];
  double values[ICT_N_Q];
  for (size_t i = 0; i < n; i++) {
    ict_quality_values(&rows[i], values);
    for (size_t q = 0; q < ICT_N_Q; q++) j->values[q][i] = values[q];
  }
  for (size_t q = 0; q < ICT_N_Q; q++) columns[q] = j->values[q];
  ict_block block = {ict_quality_schema(), n, columns};
  memset(j->sets, 0, n * sizeof *j->sets);
  for (size_t r = 0; r < j->flagger->profile->n; r++) {
    ict_program_run_boolean(j->flagger->profile->rules[r].when, &block, j->scratch[r], j->spoke);
    for (size_t i = 0; i < n; i++)
      if (j->spoke[i] == ICT_TRUE) j->sets[i].flags |= j->flagger->bits[OF_RULES + r];
  }
}

/* Beside the rules: what the estimate itself, the mapping and its inputs say. */
static void add_facts(const ict_judge *j, unsigned notes, bool differs, char input, flag_set *set) {
  const ict_flagger *f = j->flagger;
  if (notes & NOTHING) set->flags = 0;
  for (size_t i = 0; notes && i < N_FACTS; i++)
    if (notes & FACTS[i].note) set->flags |= f->bits[OF_FACTS + i];
  if (differs) set->flags |= f->bits[OF_DIFFERS];
  if (input) set->flags |= f->bits[OF_INPUTS];
  set->input = input;
}

static char input_of(ict_judge *j, const ict_table_row *row, unsigned notes) {
  if (!j->flagger->inputs || notes & ICT_NOTE_EMPTY) return '\0';
  return ict_input_status_of(j->flagger->inputs, row, &j->key);
}

static bool write_words(ict_judge *j, flag_set set, ict_table_row *row) {
  worded *w = &j->known[(set.flags ^ set.flags >> 6 ^ set.flags >> 13 ^ set.flags >> 21) % KNOWN];
  if ((!w->names || !is_same(w->set, set)) && !learn_words(j->flagger, set, w)) return false;
  row->flags = w->names;
  row->obs_status = w->obs_status;
  return true;
}

ict_status ict_judge_rows(ict_judge *j, ict_table_row *rows, size_t n, const unsigned *notes,
                          bool differs, ict_err *err) {
  bool good = true;
  ask_rules(j, rows, n);
  for (size_t i = 0; i < n && good; i++) {
    char input = input_of(j, &rows[i], notes[i]);
    add_facts(j, notes[i], differs, input, &j->sets[i]);
    good = !j->key.failed && write_words(j, j->sets[i], &rows[i]);
  }
  return good ? ICT_OK : ict_err_memory(err);
}

ict_status ict_judge_pair(ict_judge *j, const ict_table_row sides[2], unsigned notes, bool differs,
                          ict_table_row *row, ict_err *err) {
  ask_rules(j, sides, 2);
  flag_set set = {j->sets[0].flags | j->sets[1].flags, '\0'};
  add_facts(j, notes, differs, input_of(j, &sides[0], notes), &set);
  return !j->key.failed && write_words(j, set, row) ? ICT_OK : ict_err_memory(err);
}
