/* Groups of the real memberships with made-up values: means, errors, coverage, dates; by hand. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "group/aggregate.h"
#include "group_help.h"
#include "suite.h"

static const char *const TOTAL[] = {"_T", "_T", "_T"};

typedef struct fixture {
  ict_table *values;
  ict_weights *weights;
  ict_groups *groups;
  ict_coverage coverage;
  ict_impute_rules rules;
  ict_group_request request;
  ict_findings *findings;
} fixture;

static void weigh(fixture *f, const char *area, int year, double people) {
  bool twice;
  CU_ASSERT_EQUAL(ict_weights_add(f->weights, area, year, TOTAL, people, &twice, NULL), ICT_OK);
  CU_ASSERT_FALSE(twice);
}

/* The LLDC Bhutan (LDC to 2023), Nepal and Laos, with 1, 30 and 7 people. */
static void start(fixture *f, const char *set, const char *coverage) {
  *f = (fixture){.values = ict_table_new(), .weights = ict_weights_new()};
  f->findings = ict_findings_new();
  CU_ASSERT_EQUAL_FATAL(ict_groups_load(&set, 1, &f->groups, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_coverage_load(coverage, &f->coverage, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_impute_rules_load(&f->rules, NULL), ICT_OK);
  for (int year = 2022; year <= 2024; year++) {
    weigh(f, "BTN", year, 1);
    weigh(f, "NPL", year, 30);
    weigh(f, "LAO", year, 7);
  }
  f->request = (ict_group_request){.groups = f->groups,
                                   .weights = f->weights,
                                   .coverage = &f->coverage,
                                   .rules = &f->rules,
                                   .methods_text = "none",
                                   .coverage_name = coverage,
                                   .level = 0.95};
}

static void stop(fixture *f) {
  ict_table_free(f->values);
  ict_weights_free(f->weights);
  ict_groups_free(f->groups);
  ict_findings_free(f->findings);
}

static ict_status make(fixture *f, ict_table **out, ict_err *err) {
  return ict_group_table(f->values, &f->request, out, f->findings, err);
}

static void weights_and_propagates(void) {
  fixture f;
  ict_table *t;
  start(&f, "lldc", "uis");
  put(f.values, "BTN", "2022", "_T", 80, 2, NULL);
  put(f.values, "NPL", "2022", "_T", 50, 1, NULL);
  put(f.values, "LAO", "2022", "_T", 60, 3, NULL);
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(t), 1);
  const ict_table_row *r = ict_table_row_at(t, 0);
  CU_ASSERT_STRING_EQUAL(r->ref_area, "432");
  CU_ASSERT_DOUBLE_EQUAL(r->estimate, 2000.0 / 38, 1e-13); /* 80 + 1500 + 420 */
  CU_ASSERT_DOUBLE_EQUAL(r->se, sqrt(1345.0) / 38, 1e-14); /* 2^2 + 30^2 + 21^2 */
  CU_ASSERT_DOUBLE_EQUAL(r->ci_high, r->estimate + 1.959963984540054 * r->se, 1e-12);
  CU_ASSERT_EQUAL(r->n_unweighted, 3);
  CU_ASSERT_EQUAL(r->n_strata, 3);
  CU_ASSERT_EQUAL(r->pop_weighted, 38);
  CU_ASSERT_STRING_EQUAL(r->flags, "coverage_ok");
  CU_ASSERT_STRING_EQUAL(r->obs_status, "A");
  CU_ASSERT_STRING_EQUAL(r->nature, "G");
  CU_ASSERT_STRING_EQUAL(ict_table_area_label(t, "432"), "Landlocked developing countries (LLDCs)");
  ict_table_free(t);
  stop(&f);
}

static void leaves_an_unknown_error_empty(void) {
  fixture f;
  ict_table *t;
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "2022", "_T", 50, 1, NULL);
  put(f.values, "LAO", "2022", "_T", 60, NAN, NULL);
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_TRUE(isnan(ict_table_row_at(t, 0)->se));
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 0)->flags, "coverage_ok;se_incomplete");
  ict_table_free(t);
  stop(&f);
}

static void judges_coverage(void) {
  fixture f;
  ict_table *t;
  start(&f, "lldc", "uis");
  put(f.values, "LAO", "2022", "_T", 60, 1, NULL); /* 7 of 38 people: 18 % */
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  const ict_table_row *r = ict_table_row_at(t, 0);
  CU_ASSERT_TRUE(isnan(r->estimate) && isnan(r->se) && isnan(r->pop_weighted));
  CU_ASSERT_STRING_EQUAL(r->flags, "coverage_too_low");
  CU_ASSERT_STRING_EQUAL(r->obs_status, "O");
  ict_table_free(t);
  f.request.coverage = &(ict_coverage){.population_publish = 10, .population_complete = 20};
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  r = ict_table_row_at(t, 0);
  CU_ASSERT_EQUAL(r->estimate, 60);
  CU_ASSERT_STRING_EQUAL(r->flags, "coverage_low");
  ict_table_free(t);
  stop(&f);
}

static void imputes_and_says_so(void) {
  fixture f;
  ict_table *t;
  const ict_impute carry = {ICT_IMPUTE_CARRY, 0};
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "2023", "_T", 50, 1, NULL);
  put(f.values, "LAO", "2022", "_T", 60, 0, NULL);
  f.request.methods = &carry;
  f.request.n_methods = 1;
  f.request.methods_text = "carry";
  f.request.years = &(int){2023};
  f.request.n_years = 1;
  f.request.countries = true;
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(t), 3);
  const ict_table_row *r = ict_table_row_at(t, 0); /* 432, LAO, NPL */
  CU_ASSERT_DOUBLE_EQUAL(r->estimate, (30 * 50 + 7 * 60) / 37.0, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(r->se, sqrt(30 * 30 + 7 * 4.3 * 7 * 4.3) / 37, 1e-14);
  CU_ASSERT_EQUAL(r->n_unweighted, 1);
  CU_ASSERT_EQUAL(r->n_psu, 2);
  CU_ASSERT_STRING_EQUAL(r->flags, "coverage_ok;imputed_carry");
  CU_ASSERT_STRING_EQUAL(r->obs_status, "I");
  r = ict_table_row_at(t, 1);
  CU_ASSERT_STRING_EQUAL(r->ref_area, "LAO");
  CU_ASSERT_STRING_EQUAL(r->time_period, "2023");
  CU_ASSERT_STRING_EQUAL(r->obs_status, "I");
  CU_ASSERT_STRING_EQUAL(r->flags, "imputed_carry");
  CU_ASSERT_EQUAL(r->se, 4.3);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 2)->obs_status, "A");
  ict_table_free(t);
  stop(&f);
}

/* Bhutan left on 13 December 2023: a member in 2023 (1 July), not in 2024. */
static void follows_graduation(void) {
  fixture f;
  ict_table *t;
  start(&f, "ldc", "itu");
  for (int y = 0; y < 2; y++) {
    put(f.values, "BTN", y ? "2024" : "2023", "_T", 80, 0, NULL);
    put(f.values, "NPL", y ? "2024" : "2023", "_T", 50, 0, NULL);
  }
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(t, 0)->estimate, 1580.0 / 31, 1e-13);
  CU_ASSERT_EQUAL(ict_table_row_at(t, 0)->n_strata, 3);
  CU_ASSERT_EQUAL(ict_table_row_at(t, 1)->estimate, 50);
  CU_ASSERT_EQUAL(ict_table_row_at(t, 1)->n_strata, 2);
  ict_table_free(t);
  f.request.membership = 2020; /* the members of then, for all years */
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(t, 1)->estimate, 1580.0 / 31, 1e-13);
  CU_ASSERT_PTR_NOT_NULL(strstr(ict_table_row_at(t, 1)->source, "members of 2020"));
  ict_table_free(t);
  stop(&f);
}

/* Counts of 2023 to 2025: tests/groups/checks.csv. The earlier ones are general knowledge. */
static void counts_least_developed_countries(void) {
  static const struct {
    int year, members;
  } KNOWN[] = {{2013, 49}, {2016, 48}, {2018, 47}, {2021, 46}, {2023, 46}, {2024, 45}, {2025, 44}};
  const char *set = "ldc";
  ict_groups *groups;
  CU_ASSERT_EQUAL_FATAL(ict_groups_load(&set, 1, &groups, NULL), ICT_OK);
  const ict_group *ldc = ict_groups_at(groups, 0);
  for (size_t k = 0; k < sizeof KNOWN / sizeof *KNOWN; k++) {
    int n = 0;
    for (size_t i = 0; i < ldc->n; i++) n += ict_member_in(&ldc->members[i], KNOWN[k].year);
    CU_ASSERT_EQUAL(n, KNOWN[k].members);
  }
  ict_groups_free(groups);
}

static void weighs_by_sex(void) {
  fixture f;
  ict_table *t;
  bool twice;
  start(&f, "lldc", "itu");
  put(f.values, "NPL", "2022", "F", 50, 0, NULL);
  put(f.values, "LAO", "2022", "F", 60, 0, NULL);
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK); /* not told apart: all people, flagged */
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(t, 0)->estimate, 1920.0 / 37, 1e-13);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 0)->flags, "coverage_ok;total_population");
  ict_table_free(t);
  ict_weights_free(f.weights);
  f.request.weights = f.weights = ict_weights_new();
  ict_weights_has(f.weights, ICT_WEIGHT_SEX);
  const char *women[] = {"F", "_T", "_T"};
  ict_weights_add(f.weights, "NPL", 2022, women, 10, &twice, NULL);
  ict_weights_add(f.weights, "LAO", 2022, women, 30, &twice, NULL);
  ict_weights_add(f.weights, "LAO", 2022, women, 31, &twice, NULL);
  CU_ASSERT_TRUE(twice);
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(t, 0)->estimate, 57.5, 1e-13);
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(t, 0)->flags, "coverage_ok");
  ict_table_free(t);
  stop(&f);
}

static void weighs_by_denominator(void) {
  fixture f;
  ict_table *t;
  start(&f, "lldc", "itu");
  put(f.values, "NPL", "2022", "_T", 50, 0, NULL); /* both with pop_weighted 10 */
  put(f.values, "LAO", "2022", "_T", 60, 0, NULL);
  f.request.by_denominator = true;
  CU_ASSERT_EQUAL_FATAL(make(&f, &t, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_table_row_at(t, 0)->estimate, 55);
  CU_ASSERT_EQUAL(ict_table_row_at(t, 0)->pop_weighted, 20);
  ict_table_free(t);
  stop(&f);
}

static void expect_refusal(fixture *f, const char *what) {
  ict_table *t;
  ict_err err = {0};
  CU_ASSERT_EQUAL(make(f, &t, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(t);
  CU_ASSERT_STRING_EQUAL(err.what, what);
  CU_ASSERT_NOT_EQUAL(err.fix[0], '\0');
  stop(f);
}

static void refuses(void) {
  fixture f;
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "2021", "_T", 50, 1, NULL);
  expect_refusal(&f, "no population of BTN in 2021");
  start(&f, "income", "uis");
  put(f.values, "NPL", "2022", "_T", 50, 1, NULL);
  expect_refusal(&f,
                 "the memberships of income (World Bank income groups (FY26)) are not known for "
                 "2022");
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "2022", "_T", 100.5, 1, NULL);
  expect_refusal(&f, "a percentage outside 0 to 100: 17.8.1, NPL, 2022 _T");
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "2022", "_T", 50, 1, NULL);
  put(f.values, "NPL", "2022-Q3", "_T", 51, 1, NULL);
  expect_refusal(&f, "two values of a country in one year: 17.8.1, NPL, 2022-Q3 _T");
  start(&f, "lldc", "uis");
  put(f.values, "NPL", "spring", "_T", 50, 1, NULL);
  expect_refusal(&f, "a period that tells no year: 17.8.1, NPL, spring _T");
}

static void survives_short_memory(void) {
  fixture f;
  start(&f, "lldc", "itu");
  put(f.values, "NPL", "2022", "_T", 50, 1, NULL);
  put(f.values, "LAO", "2023", "_T", 60, 1, NULL);
  put(f.values, "AIA", "2023", "_T", 60, 1, NULL);
  const ict_impute carry = {ICT_IMPUTE_CARRY, 3};
  f.request.methods = &carry;
  f.request.n_methods = 1;
  f.request.countries = true;
  ict_status st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 100000; n++) {
    ict_table *t = NULL;
    ict_mem_fail_after(n);
    st = make(&f, &t, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || st == ICT_FAIL);
    ict_table_free(t);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 100000; n++) {
    static const char *const SETS[] = {"ldc", "sids"};
    ict_groups *groups = NULL;
    ict_mem_fail_after(n);
    st = ict_groups_load(SETS, 2, &groups, NULL);
    ict_mem_fail_after(-1);
    ict_groups_free(groups);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  stop(&f);
}

static void names_the_nearest_set(void) {
  const char *set = "itu-regions";
  ict_groups *groups;
  ict_err err = {0};
  CU_ASSERT_EQUAL(ict_groups_load(&set, 1, &groups, &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.fix, "write 'itu-region'");
}

SUITE("group.aggregate", TEST(weights_and_propagates), TEST(leaves_an_unknown_error_empty),
      TEST(judges_coverage), TEST(imputes_and_says_so), TEST(follows_graduation),
      TEST(counts_least_developed_countries), TEST(weighs_by_sex), TEST(weighs_by_denominator),
      TEST(refuses), TEST(survives_short_memory), TEST(names_the_nearest_set))
