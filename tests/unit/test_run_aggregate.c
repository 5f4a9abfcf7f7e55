/* The whole way of `aggregate` on a file, when memory is short; and population files. */
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "folder.h"
#include "group_help.h"
#include "ictstat/aggregate.h"
#include "run/population.h"
#include "suite.h"

/* A file of populations, written anew each time. */
static const char *file_of(const char *text) {
  const char *path = scratch("population.csv");
  FILE *f = fopen(path, "w");
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  fputs(text, f);
  CU_ASSERT_EQUAL(fclose(f), 0);
  return path;
}

static void reads_classes(void) {
  static const char *const WOMEN[] = {"F", "Y15T24", "U"}, *const ALL[] = {"_T", "Y15T24", "U"};
  ict_countries *countries;
  ict_weights *weights;
  CU_ASSERT_EQUAL_FATAL(ict_countries_load(&countries, NULL), ICT_OK);
  const char *path =
      file_of("sex;ref_area;population;time_period\n_T;BRA;206.5;2016\nF; BRA ;105;2016\n");
  CU_ASSERT_EQUAL_FATAL(ict_population_read(path, countries, &weights, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_weights_find(weights, "BRA", 2016, WOMEN), 105);
  CU_ASSERT_EQUAL(ict_weights_find(weights, "BRA", 2016, ALL), 206.5);
  CU_ASSERT_TRUE(isnan(ict_weights_find(weights, "BRA", 2017, ALL)));
  CU_ASSERT_TRUE(ict_weights_knows(weights, "BRA"));
  CU_ASSERT_FALSE(ict_weights_knows(weights, "ARG"));
  ict_weights_free(weights);
  ict_countries_free(countries);
}

static void refuses_files(void) {
  static const struct {
    const char *text, *what;
    unsigned line, column;
  } BAD[] = {
      {"ref_area,time_period,people\nBRA,2016,1\n", "there is no column 'population'", 1, 1},
      {"ref_area,time_period,population,region\n", "unknown column 'region'", 1, 33},
      {"ref_area,time_period,population\nBRZ,2016,1\n", "unknown area 'BRZ'", 2, 1},
      {"ref_area,time_period,population\nBRA,16,1\n", "no year: '16'", 2, 5},
      {"ref_area,time_period,population\nBRA,2016,-1\n", "no number of people: '-1'", 2, 10},
      {"ref_area,time_period,population\nBRA,2016,\n", "no number of people: ''", 2, 10},
      {"ref_area,time_period,population,sex\nBRA,2016,1,\n", "no code: ''", 2, 12},
      {"ref_area,time_period,population\nBRA,2016,1\nBRA,2016,1\n", "a second population of 'BRA'",
       3, 1},
  };
  ict_countries *countries;
  CU_ASSERT_EQUAL_FATAL(ict_countries_load(&countries, NULL), ICT_OK);
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    ict_weights *weights;
    ict_err err = {0};
    CU_ASSERT_EQUAL(ict_population_read(file_of(BAD[i].text), countries, &weights, &err),
                    ICT_REFUSED);
    CU_ASSERT_PTR_NULL(weights);
    CU_ASSERT_STRING_EQUAL(err.what, BAD[i].what);
    CU_ASSERT_EQUAL(err.line, BAD[i].line);
    CU_ASSERT_EQUAL(err.column, BAD[i].column);
    CU_ASSERT_NOT_EQUAL(err.fix[0], '\0');
  }
  ict_countries_free(countries);
}

/* Allocation 1, 2, 3 ... fails: no leak, no wild read, and the table of before in the end. The
 * reference tables ask for thousands of small pieces, so the steps grow. */
static void survives_short_memory(void) {
  static const char *const GROUPS[] = {"lldc"};
  ict_table *values = ict_table_new();
  put(values, "NPL", "2022", "_T", 50, 1, NULL);
  put(values, "LAO", "2021", "_T", 60, 2, NULL);
  const char *path = file_of(
      "ref_area,time_period,population\nNPL,2021,30\nNPL,2022,30\nLAO,2021,7\nLAO,2022,7\n");
  const ict_aggregate_request request = {.groups = GROUPS,
                                         .n_groups = 1,
                                         .population = path,
                                         .impute = "linear,carry:3,hotdeck",
                                         .countries = true};
  const ict_table *const tables[] = {values};
  const char *const names[] = {"values.csv"};
  ict_status st = ICT_FAIL;
  ict_table *made = NULL;
  for (long n = 0; st != ICT_OK && n < 1000000; n += 1 + n / 50) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_aggregate_table(tables, names, 1, NULL, &request, &made, NULL, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || (st == ICT_FAIL && err.what[0] && !made));
  }
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
  CU_ASSERT_EQUAL(ict_table_rows(made), 5); /* LAO alone in 2021: under a third, so no value */
  CU_ASSERT_STRING_EQUAL(ict_table_row_at(made, 0)->flags, "coverage_too_low");
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(made, 1)->estimate, 1920.0 / 37, 1e-13);
  ict_table_free(made);
  ict_table_free(values);
}

SUITE("run.aggregate", TEST(reads_classes), TEST(refuses_files), TEST(survives_short_memory))
