/* `validate` in the library: remarks and their places, what brackets and jumps allow at their
 * edges, groups of rows, and every failed allocation. (One fault a rule: tests/judge/faults.py;
 * words and refusals: tests/golden/validate-*.) */
#include <math.h>

#include "base/mem.h"
#include "folder.h"
#include "ictstat/table.h"
#include "run/validate.h"
#include "suite.h"

#define HEADER                                                                                    \
  "indicator,series,ref_area,time_period,sex,age,urbanisation,education_lev,composite_breakdown," \
  "estimate,unit_measure,unit_mult,se,cv,ci_low,ci_high,deff,df,n_unweighted,n_psu,n_strata,"     \
  "pop_weighted,obs_status,conf_status,nature,flags,source\n"
#define RULES(kind)                                                                            \
  "ictstat: rules/1\nid: t\ntitle: t\nrules:\n  - {id: r, severity: error, about: a, fix: f, " \
  "source: s, " kind "}\n"

static ict_catalog *catalog;

static int open_it(void) { return (int)ict_catalog_open(NULL, NULL, 0, &catalog, NULL, NULL); }

static int close_it(void) {
  ict_catalog_free(catalog);
  return 0;
}

/* A row of 17.8.1: year, sex, estimate and, as text, se and weight. */
typedef struct line {
  const char *year, *sex, *estimate, *se, *weight;
} line;

static void write_table(folder *f, const char *name, const line *lines, size_t n) {
  char text[8192] = HEADER;
  for (size_t i = 0; i < n; i++) {
    size_t len = strlen(text);
    snprintf(text + len, sizeof text - len,
             "17.8.1,,KEN,%s,%s,_T,_T,_T,_T,%s,PT,0,%s,,,,,,0,0,0,%s,A,,C,,s\n", lines[i].year,
             lines[i].sex, lines[i].estimate, lines[i].se, lines[i].weight);
  }
  folder_write(f, name, text, strlen(text));
}

/* Number of remarks, or SIZE_MAX where it fails; the first into *first (terminated "line: what").
 */
static size_t judge(const line *lines, size_t n, const char *rules, char first[256]) {
  folder f = folder_make();
  char est[600], yaml[600];
  const char *const tables[] = {est};
  ict_validation *v = NULL;
  ict_err err = {0};
  size_t found = SIZE_MAX;
  write_table(&f, "est.csv", lines, n);
  snprintf(est, sizeof est, "%s", folder_file(&f, "est.csv"));
  snprintf(yaml, sizeof yaml, "%s", folder_write(&f, "rules.yaml", rules, strlen(rules)));
  ict_validate_request q = {.tables = tables, .n_tables = 1, .rules = yaml};
  if (ict_validate(catalog, &q, &v, NULL, &err) == ICT_OK) {
    found = v->remarks.n;
    if (found)
      snprintf(first, 256, "%d: %.200s", (int)v->remarks.list[0].row->line,
               v->remarks.list[0].what);
  } else {
    snprintf(first, 256, "%.200s", err.what);
  }
  ict_validation_free(v);
  folder_remove(&f);
  return found;
}

#define JUDGE(lines, rules, first) judge(lines, sizeof(lines) / sizeof *(lines), rules, first)

static const char SEXES[] = RULES(
    "kind: bracket, axis: sex, classes: [M, F], everybody: true, tolerance: {absolute: 1e-9, "
    "reason: x}");

/* 100 people, 60 of them in the classes with 30 users; the total's T leaves T - 30 users for 40. */
static void what_is_left_must_be_possible(void) {
  char first[256];
  for (int total = 25; total <= 75; total += 5) {
    char text[8];
    snprintf(text, sizeof text, "%d", total);
    const line lines[] = {{"2016", "_T", text, "", "100"},
                          {"2016", "F", "50", "", "40"},
                          {"2016", "M", "50", "", "20"}};
    CU_ASSERT_EQUAL(JUDGE(lines, SEXES, first), total < 30 || total > 70);
  }
}

static void a_whole_has_the_mean(void) {
  char first[256];
  const line good[] = {{"2016", "_T", "45", "", "100"},
                       {"2016", "F", "40", "", "50"},
                       {"2016", "M", "50", "", "50"}};
  const line bad[] = {{"2016", "_T", "46", "", "100"},
                      {"2016", "F", "40", "", "50"},
                      {"2016", "M", "50", "", "50"}};
  const line heavy[] = {{"2016", "_T", "45", "", "100"},
                        {"2016", "F", "40", "", "60"},
                        {"2016", "M", "50", "", "50"}};
  const line bare[] = {
      {"2016", "_T", "50.1", "", ""}, {"2016", "F", "40", "", ""}, {"2016", "M", "50", "", ""}};
  const line half[] = {{"2016", "_T", "60", "", ""}, {"2016", "F", "40", "", ""}};
  CU_ASSERT_EQUAL(JUDGE(good, SEXES, first), 0);
  CU_ASSERT_EQUAL(JUDGE(bad, SEXES, first), 1);
  CU_ASSERT_STRING_EQUAL(first, "2: 46; by sex the weighted mean is 45");
  CU_ASSERT_EQUAL(JUDGE(heavy, SEXES, first), 1);
  CU_ASSERT_STRING_EQUAL(first, "2: 45; by sex the classes weigh 110");
  CU_ASSERT_EQUAL(JUDGE(bare, SEXES, first), 1);
  CU_ASSERT_STRING_EQUAL(first, "2: 50.1; by sex the nearest class has 50");
  CU_ASSERT_EQUAL(JUDGE(half, SEXES, first), 0); /* men may be what they like */
}

static const char JUMP[] =
    RULES("kind: jump, scale: points, per_year: 2, multiple: 3, min_others: 3, reason: x");

/* By hand: of one step of 2 years 3 x 2 x 2 = 12 points; with SEs of 3 and 4, 3 sqrt(25 + 16)
 * = 19.2. */
static void jumps_at_their_edge(void) {
  static const struct {
    const char *to, *se_from, *se_to;
    size_t n;
  } CASES[] = {{"32", "", "", 0},   {"32.01", "", "", 1},  {"8", "", "", 0},
               {"7.99", "", "", 1}, {"39.2", "3", "4", 0}, {"39.3", "3", "4", 1}};
  char first[256];
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
    const line lines[] = {{"2014", "_T", "20", CASES[i].se_from, ""},
                          {"2016", "_T", CASES[i].to, CASES[i].se_to, ""}};
    CU_ASSERT_EQUAL(JUDGE(lines, JUMP, first), CASES[i].n);
  }
}

/* Yearly changes 3, 3, 3, 3: m = 3, MAD 0, so s = 2, and the fifth may be 3 +- 6. */
static void history_says_what_is_usual(void) {
  char first[256];
  line lines[] = {{"2010", "_T", "10", "", ""}, {"2011", "_T", "13", "", ""},
                  {"2012", "_T", "16", "", ""}, {"2013", "_T", "19", "", ""},
                  {"2014", "_T", "22", "", ""}, {"2015", "_T", "31", "", ""}};
  CU_ASSERT_EQUAL(JUDGE(lines, JUMP, first), 0);
  lines[5].estimate = "31.1";
  CU_ASSERT_EQUAL(JUDGE(lines, JUMP, first), 1);
  CU_ASSERT_STRING_EQUAL(first, "7: 22 in 2014, 31.1 in 2015");
  lines[5].estimate = "19";
  CU_ASSERT_EQUAL(JUDGE(lines, JUMP, first), 0);
  lines[5].estimate = "18.9";
  CU_ASSERT_EQUAL(JUDGE(lines, JUMP, first), 1);
}

static void a_rule_has_a_reason_for_what_it_tolerates(void) {
  char first[256];
  const line lines[] = {{"2016", "_T", "45", "", ""}};
  static const char *const BAD[][2] = {
      {RULES("kind: jump, scale: points, per_year: 2, multiple: 3, min_others: 3"),
       "'reason' is missing"},
      {RULES("kind: order, figures: [17.8.1], tolerance: {absolute: 1}"), "'reason' is missing"},
      {RULES("kind: order, figures: [17.8.1], tolerance: {absolute: -1, reason: x}"),
       "a tolerance below zero"},
      {RULES("kind: jump, scale: points, per_year: 2, multiple: 0, min_others: 3, reason: x"),
       "a number out of range"},
      {RULES("kind: required"), "nothing is required"},
      {RULES("kind: bracket, axis: age, classification: none"), "no classification 'age:none'"},
      {RULES("kind: holds, must: estimate > 0, measures: [part]"), "no measure 'part'"},
      {RULES("kind: twice, indicators: [17.8.2]"), "no indicator '17.8.2'"}};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    CU_ASSERT_EQUAL(JUDGE(lines, BAD[i][0], first), SIZE_MAX);
    CU_ASSERT_STRING_EQUAL(first, BAD[i][1]);
  }
}

static void survives_short_memory(void) {
  folder f = folder_make();
  char est[600], old[600];
  const line lines[] = {{"2016", "_T", "46", "-1", "100"},
                        {"2016", "F", "40", "", "50"},
                        {"2016", "M", "50", "", "50"},
                        {"2016", "M", "50", "", "50"},
                        {"2016", "X", "150", "", "50"}};
  write_table(&f, "est.csv", lines, 5);
  snprintf(est, sizeof est, "%s", folder_file(&f, "est.csv"));
  write_table(&f, "old.csv", &(line){"2015", "_T", "9", "", ""}, 1);
  snprintf(old, sizeof old, "%s", folder_file(&f, "old.csv"));
  const char *const tables[] = {est}, *const history[] = {old};
  ict_validate_request q = {.tables = tables, .n_tables = 1, .history = history, .n_history = 1};
  ict_status st = ICT_FAIL;
  ict_validation *v = NULL;
  for (long n = 0; st != ICT_OK && n < 1000000; n += 1 + n / 50) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_validate(catalog, &q, &v, NULL, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && err.what[0] && !v));
  }
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  size_t errors = ict_validation_count(v, ICT_ERROR);
  CU_ASSERT_TRUE(errors >= 5);
  CU_ASSERT_EQUAL(ict_validation_count(v, ICT_WARNING), 1); /* 9 to 46 in a year */
  static const char *const FORMATS[] = {"table", "csv", "json"};
  for (size_t i = 0; i < 3; i++) {
    st = ICT_FAIL;
    for (long n = 0; st != ICT_OK && n < 100000; n++) {
      ict_err err = {0};
      ict_mem_fail_after(n);
      st = ict_validation_write(v, FORMATS[i], folder_file(&f, "out"), &err);
      ict_mem_fail_after(-1);
      CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && err.what[0]));
    }
    CU_ASSERT_EQUAL(st, ICT_OK);
  }
  ict_validation_free(v);
  folder_remove(&f);
}

SUITE_WITH("run.validate", open_it, close_it, TEST(what_is_left_must_be_possible),
           TEST(a_whole_has_the_mean), TEST(jumps_at_their_edge), TEST(history_says_what_is_usual),
           TEST(a_rule_has_a_reason_for_what_it_tolerates), TEST(survives_short_memory))
