/* The table of sampling errors, for people and as CSV, and what JSON says of areas and methods. */
#include "base/text.h"
#include "publish_table.h"
#include "suite.h"

static ict_table *small_table(void) {
  ict_table *t = ict_table_new();
  if (!t) abort();
  ict_table_add_axis(t, "sex", &test_sex, NULL, NULL);
  ict_table_add_indicator(t, "17.8.1", "Internet users", NULL);
  ict_table_add_area(t, "BRA", "Brazil", NULL);
  ict_table_add_flag(t, "no_cases", "nobody is there", NULL);
  const char *total[4] = {NULL}, *male[4] = {"M"}, *female[4] = {"F"};
  ict_table_row row = test_row(total, 50, 1.25); /* deff 1.5 */
  test_add(t, &row);
  row = test_row(male, 98, 2.5);
  row.deff = 2.25;
  test_add(t, &row);
  row = test_row(female, NAN, NAN);
  row.deff = row.cv = NAN;
  row.n_unweighted = 0;
  row.pop_weighted = 0;
  row.flags = "no_cases";
  test_add(t, &row);
  return t;
}

static void for_people(void) {
  ict_table *t = small_table();
  test_expect(t, "sampling-errors",
              "17.8.1  Internet users\n"
              "Per 100 inhabitants · Brazil · 2016 · demo-2016\n"
              "\n"
              "              R    SE      N         WN   DEFT   SE/R  R-2SE   R+2SE  Notes\n"
              "──────────────────────────────────────────────────────────────────────────────\n"
              "Total     50.00  1.25  1,200  2,500,000  1.225  0.025  47.50   52.50\n"
              "Sex\n"
              "  Male    98.00  2.50  1,200  2,500,000  1.500  0.026  93.00  103.00\n"
              "  Female     ..    ..      0          0     ..     ..     ..      ..  no_cases\n"
              "\n"
              "no_cases  nobody is there\n"
              "..        not available\n");
  ict_table_free(t);
}

static void for_programs(void) {
  ict_table *t = small_table();
  test_expect(t, "sampling-errors-csv",
              "indicator,item,ref_area,time_period,sex,age,urbanisation,education_lev,unit_measure,"
              "unit_mult,r,se,n,wn,deft,se_over_r,r_minus_2se,r_plus_2se,flags,source\n"
              "17.8.1,_T,BRA,2016,_T,_T,_T,_T,PER_100_POP,0,50,1.25,1200,2500000,1.224744871391589,"
              "0.025,47.5,52.5,,demo-2016\n"
              "17.8.1,_T,BRA,2016,M,_T,_T,_T,PER_100_POP,0,98,2.5,1200,2500000,1.5,"
              "0.025510204081632654,93,103,,demo-2016\n"
              "17.8.1,_T,BRA,2016,F,_T,_T,_T,PER_100_POP,0,,,0,0,,,,,no_cases,demo-2016\n");
  ict_table_free(t);
}

/* The head of the JSON: names of areas, and how the numbers were made. */
static void json_head(void) {
  ict_table *t = small_table();
  ict_table_add_area(t, "ARG", "Argentina", NULL);
  ict_method method = {"beta", "t", 0.9, "fixed:30", "wor", "taylor, jkn"};
  CU_ASSERT_EQUAL(ict_table_set_method(t, &method, NULL), ICT_OK);
  char *text = test_written(t, "json", NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  static const char expected[] =
      ",\"areas\":{\"BRA\":\"Brazil\",\"ARG\":\"Argentina\"},\"method\":{\"ci\":\"beta\","
      "\"ci_others\":\"t\",\"level\":0.9,\"df\":\"fixed:30\",\"deff\":\"wor\","
      "\"variance\":\"taylor, jkn\"},\"rows\":[\n";
  CU_ASSERT_PTR_NOT_NULL(strstr(text, expected));
  ict_free(text);
  CU_ASSERT_EQUAL(ict_table_level(t), 0.9);
  CU_ASSERT_STRING_EQUAL(ict_table_method(t)->df, "fixed:30");
  CU_ASSERT_STRING_EQUAL(ict_table_area_label(t, "BRA"), "Brazil");
  CU_ASSERT_STRING_EQUAL(ict_table_area_label(t, "XXX"), "XXX");
  ict_table_free(t);
}

SUITE("publish.sampling", TEST(for_people), TEST(for_programs), TEST(json_head))
