/* `availability` in the library: people of the nearest year, and every failed allocation. (Counts:
 * tests/judge/availability.py; words and refusals: tests/golden/availability-*.) */
#include <math.h>

#include "base/mem.h"
#include "folder.h"
#include "group_help.h"
#include "ictstat/table.h"
#include "run/availability.h"
#include "suite.h"

static ict_catalog *catalog;

static int open_it(void) { return (int)ict_catalog_open(NULL, NULL, 0, &catalog, NULL, NULL); }

static int close_it(void) {
  ict_catalog_free(catalog);
  return 0;
}

static void people_of_the_nearest_year(void) {
  static const char *const ALL[] = {"_T", "_T", "_T"};
  ict_weights *w = ict_weights_new();
  bool twice;
  CU_ASSERT_EQUAL(ict_weights_add(w, "KEN", 2010, ALL, 40, &twice, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_weights_add(w, "KEN", 2014, ALL, 44, &twice, NULL), ICT_OK);
  static const struct {
    int year;
    double people;
  } CASES[] = {{2010, 40}, {2011, 40}, {2012, 40}, {2013, 44}, {2014, 44}, {2020, 44}, {1990, 40}};
  for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
    CU_ASSERT_EQUAL(ict_avail_people(w, "KEN", CASES[i].year), CASES[i].people);
  CU_ASSERT_TRUE(isnan(ict_avail_people(w, "UGA", 2010)));
  CU_ASSERT_TRUE(isnan(ict_avail_people(w, "KEN", 1900)));
  CU_ASSERT_TRUE(isnan(ict_avail_people(NULL, "KEN", 2010)));
  ict_weights_free(w);
}

static void survives_short_memory(void) {
  folder f = folder_make();
  ict_table *values = ict_table_new();
  char est[600], pop[600];
  put(values, "NPL", "2021", "_T", 50, 1, NULL);
  put(values, "NPL", "2022", "F", 45, 1, NULL);
  put(values, "LAO", "2021", "_T", 60, 2, NULL);
  snprintf(est, sizeof est, "%s", folder_file(&f, "est.csv"));
  CU_ASSERT_EQUAL_FATAL(ict_table_write(values, "csv", est, NULL), ICT_OK);
  ict_table_free(values);
  const char people[] = "ref_area,time_period,population\nNPL,2022,30\nLAO,2022,7\n";
  snprintf(pop, sizeof pop, "%s", folder_write(&f, "pop.csv", people, strlen(people)));
  const char *const tables[] = {est}, *const groups[] = {"lldc"}, *const by[] = {"sex"};
  const ict_availability_request q = {.tables = tables,
                                      .n_tables = 1,
                                      .framework = "sdg",
                                      .groups = groups,
                                      .n_groups = 1,
                                      .by = by,
                                      .n_by = 1,
                                      .population = pop};
  ict_status st = ICT_FAIL;
  ict_availability *v = NULL;
  for (long n = 0; st != ICT_OK && n < 1000000; n += 1 + n / 50) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_availability_make(catalog, &q, &v, NULL, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && err.what[0] && !v));
  }
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  static const char *const FORMATS[] = {"table", "csv", "json", "svg"};
  static const char *const VIEWS[] = {"summary", "cells", "gaps"};
  for (size_t i = 0; i < 12; i++) {
    if (i % 4 == 3 && i / 4 == 2) continue; /* gaps have no picture */
    st = ICT_FAIL;
    for (long n = 0; st != ICT_OK && n < 100000; n += 1 + n / 50) {
      ict_err err = {0};
      ict_mem_fail_after(n);
      st = ict_availability_write(v, VIEWS[i / 4], FORMATS[i % 4], folder_file(&f, "out"), &err);
      ict_mem_fail_after(-1);
      CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && err.what[0]));
    }
    CU_ASSERT_EQUAL(st, ICT_OK);
  }
  ict_availability_free(v);
  folder_remove(&f);
}

SUITE_WITH("run.availability", open_it, close_it, TEST(people_of_the_nearest_year),
           TEST(survives_short_memory))
