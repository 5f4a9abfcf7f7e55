/* `trend` over tables: periods as times, what becomes a series, and every failed allocation. The
 * numbers of the line itself are in test_estimate_trend.c. */
#include "folder.h"
#include "publish_table.h"
#include "run/trend.h"
#include "suite.h"

static void time_is(const char *period, double want) {
  double t = 0;
  bool ok = ict_period_time(period, &t) && fabs(t - want) < 1e-12;
  CU_ASSERT(ok);
  if (!ok) fprintf(stderr, "%s: %.17g, want %.17g\n", period, t, want);
}

/* The middle of each, by hand. */
static void periods_are_their_middles(void) {
  double t;
  time_is("2016", 2016.5);
  time_is("2016-Q1", 2016.125);
  time_is("2016-Q4", 2016.875);
  time_is("2016-S2", 2016.75);
  time_is("2016-03", 2016 + 2.5 / 12);
  time_is("2016-03-01/P3M", 2016 + 2.0 / 12 + 1.5 / 12);
  time_is("2016/P2Y", 2017);
  static const char *const BAD[] = {"",        "16",       "2016-Q5", "2016-S3",   "2016-13",
                                    "2016-00", "2016-3",   "2016Q1",  "wave 3",    "2016-03-32",
                                    "2016/",   "2016/P3X", "2016/3M", "2016/P3M0", "0999"};
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
    CU_ASSERT_FALSE(ict_period_time(BAD[i], &t));
}

static ict_table *round_of(const char *period, double estimate, double se) {
  ict_table *t = ict_table_new();
  const char *total[4] = {NULL}, *female[4] = {"F"};
  ict_table_row row = test_row(total, estimate, se);
  row.time_period = period;
  row.unit_measure = "PT";
  test_add(t, &row);
  row = test_row(female, estimate - 5, 2 * se);
  row.time_period = period;
  row.unit_measure = "PT";
  test_add(t, &row);
  return t;
}

static const char *const NAMES[] = {"a", "b"};

static const ict_table_row *find(const ict_table *t, const char *sex, const char *code) {
  for (size_t i = 0; i < ict_table_rows(t); i++) {
    const ict_table_row *row = ict_table_row_at(t, i);
    if (strcmp(row->axes[0], sex) == 0 && strcmp(row->axes[4], code) == 0) return row;
  }
  return NULL;
}

/* (60 - 50) / 4 = 2.5 a year, SE sqrt(1 + 4) / 4; to 80 by 2030: 20 / 10 = 2 a year. */
static void two_rounds_by_hand(void) {
  ict_table *tables[] = {round_of("2016", 50, 1), round_of("2020", 60, 2)}, *out = NULL;
  ict_trend_request request = {.target = "80"};
  ict_err err = {0};
  ict_status st =
      ict_trend_table((const ict_table *const *)tables, NAMES, 2, NULL, &request, &out, NULL, &err);
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  CU_ASSERT_EQUAL(ict_table_rows(out), 8);
  const ict_table_row *change = find(out, "_T", "CHANGE");
  CU_ASSERT_DOUBLE_EQUAL(change->estimate, 2.5, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(change->se, sqrt(5) / 4, 1e-13);
  CU_ASSERT_STRING_EQUAL(change->time_period, "2016/2020");
  CU_ASSERT_STRING_EQUAL(change->nature, "M");
  CU_ASSERT_STRING_EQUAL(change->obs_status, "E");
  CU_ASSERT_STRING_EQUAL(change->flags, "logistic;on_track;track_uncertain");
  CU_ASSERT_DOUBLE_EQUAL(find(out, "_T", "REQUIRED")->estimate, 2, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(find(out, "_T", "REQUIRED")->se, 0.2, 1e-13);
  /* the gap is y2 (1/4 + 1/10) - y1/4 - 8 */
  CU_ASSERT_DOUBLE_EQUAL(find(out, "_T", "GAP")->estimate, 0.5, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(find(out, "_T", "GAP")->se, sqrt(4 * .35 * .35 + .25 * .25), 1e-13);
  const ict_table_row *to = find(out, "_T", "PROJECTION");
  CU_ASSERT_STRING_EQUAL(to->time_period, "2030");
  CU_ASSERT_STRING_EQUAL(to->obs_status, "F");
  /* log odds: 0 in 2016, log 1.5 in 2020, so 3.5 log 1.5 in 2030 */
  CU_ASSERT_DOUBLE_EQUAL(to->estimate, 100 / (1 + pow(1.5, -3.5)), 1e-11);
  CU_ASSERT_PTR_NOT_NULL(find(out, "F", "CHANGE"));
  ict_table_free(out);
  for (int i = 0; i < 2; i++) ict_table_free(tables[i]);
}

static void every_failed_allocation_is_told(void) {
  folder f = folder_make();
  const char *targets = "sex,target\nF,90\n,95\n";
  folder_write(&f, "t.csv", targets, strlen(targets));
  ict_table *tables[] = {round_of("2016", 50, 1), round_of("2020", 60, 2)};
  ict_trend_request request = {.target = f.file};
  ict_status st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 2000; n++) {
    ict_table *out = NULL;
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_trend_table((const ict_table *const *)tables, NAMES, 2, NULL, &request, &out, NULL,
                         &err);
    ict_mem_fail_after(-1);
    CU_ASSERT((st == ICT_OK) == (out != NULL));
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    ict_table_free(out);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  for (int i = 0; i < 2; i++) ict_table_free(tables[i]);
  folder_remove(&f);
}

static void every_failed_allocation_of_the_table_is_told(void) {
  folder f = folder_make();
  ict_table *tables[] = {round_of("2016", 50, 1), round_of("2020", 60, 2)}, *trend = NULL;
  ict_trend_request request = {.target = "80"};
  ict_trend_table((const ict_table *const *)tables, NAMES, 2, NULL, &request, &trend, NULL, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(trend);
  ict_status st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 2000; n++) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_table_write(trend, "table", folder_file(&f, "t.txt"), &err);
    ict_mem_fail_after(-1);
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  char *text = folder_read(&f, "t.txt", NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "Per year")); /* one line a series, not one a figure */
  CU_ASSERT_PTR_NULL(strstr(text, "Change per year"));
  free(text);
  ict_table_free(trend);
  for (int i = 0; i < 2; i++) ict_table_free(tables[i]);
  folder_remove(&f);
}

SUITE("run.trend", TEST(periods_are_their_middles), TEST(two_rounds_by_hand),
      TEST(every_failed_allocation_is_told), TEST(every_failed_allocation_of_the_table_is_told))
