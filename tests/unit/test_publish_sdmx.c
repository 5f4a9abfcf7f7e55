/* SDMX-CSV: the header as data.un.org serves it, the codes of the SDG structure, and the
 * refusals. M49: Brazil 076, Afghanistan 004 (UNSD). */
#include <string.h>

#include "data/countries.h"
#include "data/reference.h"
#include "folder.h"
#include "publish_table.h"
#include "suite.h"

#define HEAD                                                                                     \
  "DATAFLOW,FREQ,REPORTING_TYPE,SERIES,REF_AREA,SEX,AGE,URBANISATION,INCOME_WEALTH_QUANTILE,"    \
  "EDUCATION_LEV,OCCUPATION,CUST_BREAKDOWN,COMPOSITE_BREAKDOWN,DISABILITY_STATUS,ACTIVITY,"      \
  "PRODUCT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,UNIT_MEASURE,BASE_PER,NATURE,TIME_DETAIL," \
  "COMMENT_OBS,TIME_COVERAGE,UPPER_BOUND,LOWER_BOUND,SOURCE_DETAIL,COMMENT_TS,GEO_INFO_URL,"     \
  "GEO_INFO_TYPE,CUST_BREAKDOWN_LB,DATA_LAST_UPDATE\n"
#define FLOW "IAEG-SDGs:DF_SDG_GLC(1.24),A,N,"

/* 25 to 74 is not in CL_AGE: it goes to CUST_BREAKDOWN. */
static void in_full(void) {
  ict_table *t = test_table();
  test_expect(
      t, "sdmx-csv",
      HEAD FLOW
      "IT_USE_II99,76,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,53.9075,A,0,PER_100_POP,,C,2016,,,"
      "56.4075,51.4075,demo-2016,,,,,\n" FLOW
      "IT_USE_II99,76,_T,Y15T24,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,100,A,0,PER_100_POP,,C,2016,,,"
      "100,100,demo-2016,,,,,\n" FLOW
      "IT_USE_II99,76,_T,_T,_T,_T,_T,_T,C01,_T,_T,_T,_T,2016,0.30000000000000004,A,0,"
      "PER_100_POP,,C,2016,,,0.30000020000000005,0.29999980000000004,demo-2016,,,,"
      "age: 25 to 74 years old,\n" FLOW
      "IT_USE_II99,76,M,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,55.5,A,0,PER_100_POP,,C,2016,,,58.5,"
      "52.5,demo-2016,,,,,\n" FLOW
      "IT_USE_II99,76,F,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,52.25,A,0,PER_100_POP,,C,2016,,,56.5,"
      "48,demo-2016,,,,,\n" FLOW
      "IT_USE_II99,76,F,_T,R,_T,_T,_T,_T,_T,_T,_T,_T,2016,40,U,0,PER_100_POP,,C,2016,fewer than "
      "25 unweighted "
      "cases,,"
      "60,20,demo-2016,,,,,\n");
  ict_table_free(t);
}

/* An item with a composite code, one without, further axes the structure has and has not,
 * a range of years, an area given by number, no value. */
static void carries_what_has_no_code(void) {
  ict_table *t = ict_table_new();
  ict_table_add_axis(t, "income_wealth_quantile", NULL, NULL, NULL);
  ict_table_add_axis(t, "province", NULL, NULL, NULL);
  ict_table_add_item(t, "4.4.1", "copy", "Copy and paste", NULL);
  ict_table_add_item(t, "4.4.1", "zip", "Zip files", NULL);
  const char *total[6] = {NULL}, *rich[6] = {NULL, NULL, NULL, NULL, "Q5", NULL},
             *north[6] = {"M", NULL, NULL, NULL, NULL, "N"};
  ict_table_row row = test_row(total, 20, 1);
  row.indicator = "4.4.1";
  row.series = "SE_ADT_ACTS";
  row.unit_measure = "PT";
  row.item = "copy";
  row.composite_breakdown = "SKILL_ICTCPT";
  row.ref_area = "AFG";
  row.time_period = "2016-2017";
  test_add(t, &row);
  row.axes = rich;
  test_add(t, &row);
  row.axes = north;
  row.source = "DHS, round 7";
  test_add(t, &row);
  row.item = "zip";
  row.composite_breakdown = "_T";
  row.estimate = row.ci_low = row.ci_high = NAN;
  test_add(t, &row);
  row.axes = total;
  row.flags = "n_lt_25;odd, new"; /* flags that nobody explained */
  row.ref_area = "076";
  row.time_period = "2016";
  test_add(t, &row);
  test_expect(
      t, "sdmx-csv",
      HEAD FLOW
      "SE_ADT_ACTS,76,_T,_T,_T,_T,_T,_T,C01,_T,_T,_T,_T,2016,,O,0,PT,,C,2016,\"n_lt_25; odd, "
      "new\",,,,"
      "\"DHS, round 7\",,,,item: Zip files,\n" FLOW
      "SE_ADT_ACTS,4,_T,_T,_T,_T,_T,_T,_T,SKILL_ICTCPT,_T,_T,_T,2016,20,A,0,PT,,C,2016-2017,,,"
      "22,18,demo-2016,,,,,\n" FLOW
      "SE_ADT_ACTS,4,_T,_T,_T,Q5,_T,_T,_T,SKILL_ICTCPT,_T,_T,_T,2016,20,A,0,PT,,C,2016-2017,,,"
      "22,18,demo-2016,,,,,\n" FLOW
      "SE_ADT_ACTS,4,M,_T,_T,_T,_T,_T,C02,SKILL_ICTCPT,_T,_T,_T,2016,20,A,0,PT,,C,2016-2017,,,"
      "22,18,\"DHS, round 7\",,,,province: N,\n" FLOW
      "SE_ADT_ACTS,4,M,_T,_T,_T,_T,_T,C03,_T,_T,_T,_T,2016,,O,0,PT,,C,2016-2017,,,,,"
      "\"DHS, round 7\",,,,province: N; item: Zip files,\n");
  ict_table_free(t);
}

/* Items with a series each (network technologies) need no words. */
/* 419 is Latin America and the Caribbean: no country's own figure. */
static void groups_are_regional(void) {
  ict_table *t = ict_table_new();
  const char *total[4] = {NULL};
  ict_table_row row = test_row(total, 20, 1);
  row.ref_area = "419";
  test_add(t, &row);
  char *text = test_written(t, "sdmx-csv", NULL);
  CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nIAEG-SDGs:DF_SDG_GLC(1.24),A,R,IT_USE_II99,419,"));
  ict_free(text);
  ict_table_free(t);
}

static void items_by_series(void) {
  ict_table *t = ict_table_new();
  const char *total[4] = {NULL};
  ict_table_row row = test_row(total, 90, NAN);
  row.indicator = "9.c.1";
  row.unit_measure = "PT";
  row.ci_low = row.ci_high = NAN;
  row.item = "3g";
  row.series = "IT_MOB_3GNTWK";
  test_add(t, &row);
  row.item = "4g";
  row.series = "IT_MOB_4GNTWK";
  test_add(t, &row);
  test_expect(
      t, "sdmx-csv",
      HEAD FLOW
      "IT_MOB_3GNTWK,76,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,90,A,0,PT,,C,2016,,,,,demo-2016,,,,,"
      "\n" FLOW
      "IT_MOB_4GNTWK,76,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2016,90,A,0,PT,,C,2016,,,,,demo-2016,,,,,"
      "\n");
  ict_table_free(t);
}

static void refuses(ict_table_row row, const char *what) {
  ict_table *t = test_table();
  ict_err err = {0};
  row.indicator = "z";
  test_add(t, &row);
  char *text = test_written(t, "sdmx-csv", &err);
  CU_ASSERT_PTR_NULL(text);
  CU_ASSERT_EQUAL(err.status, ICT_REFUSED);
  if (!strstr(err.what, what)) fprintf(stderr, "got '%s', not '%s'\n", err.what, what);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, what));
  CU_ASSERT_STRING_NOT_EQUAL(err.fix, "");
  ict_table_free(t);
}

static void refuses_what_cannot_be_carried(void) {
  const char *total[4] = {NULL};
  const ict_table_row good = test_row(total, 1, 1);
  ict_table_row row = good;
  row.series = "";
  refuses(row, "the indicator 'z'");
  row = good;
  row.ref_area = "BR-SP";
  refuses(row, "the area 'BR-SP'");
  row.ref_area = "XYZ";
  refuses(row, "the area 'XYZ'");
  row.ref_area = "000";
  refuses(row, "the area '000'");
  const char *const periods[] = {"2016-03", "2016-Q1", "16", "", "2016-2017-2018", "2016-20x7"};
  for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
    row = good;
    row.time_period = periods[i];
    refuses(row, "the period '");
  }
  row = good;
  row.unit_measure = "FURLONG";
  refuses(row, "UNIT_MEASURE 'FURLONG'");
  row = good;
  row.nature = "Q";
  refuses(row, "NATURE 'Q'");
  row = good;
  row.obs_status = "?";
  refuses(row, "OBS_STATUS '?'");
}

static void refuses_more_than_99_breakdowns(void) {
  for (int n = 99; n <= 100; n++) {
    ict_table *t = ict_table_new();
    ict_table_add_axis(t, "district", NULL, NULL, NULL);
    for (int i = 0; i < n; i++) {
      char code[16];
      snprintf(code, sizeof code, "D%d", i);
      const char *axes[5] = {NULL, NULL, NULL, NULL, code};
      ict_table_row row = test_row(axes, 1, 1);
      test_add(t, &row);
    }
    ict_err err = {0};
    char *text = test_written(t, "sdmx-csv", &err);
    CU_ASSERT_EQUAL(text != NULL, n == 99);
    if (text) CU_ASSERT_PTR_NOT_NULL(strstr(text, ",C99,"));
    ict_free(text);
    ict_table_free(t);
  }
}

static void leaves_no_file_behind(void) {
  folder f = folder_make();
  const char *total[4] = {NULL};
  ict_table *t = ict_table_new();
  ict_table_row row = test_row(total, 1, 1);
  row.series = "";
  test_add(t, &row);
  CU_ASSERT_EQUAL(ict_table_write(t, "sdmx-csv", folder_file(&f, "a.csv"), NULL), ICT_REFUSED);
  CU_ASSERT_EQUAL(folder_count(&f), 0);
  ict_table_free(t);
  folder_remove(&f);
}

static void knows_countries(void) {
  ict_countries *c;
  CU_ASSERT_EQUAL_FATAL(ict_countries_load(&c, NULL), ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_countries_m49(c, "AFG"), "4");
  CU_ASSERT_STRING_EQUAL(ict_countries_m49(c, "ZWE"), "716");
  CU_ASSERT_PTR_NULL(ict_countries_m49(c, "afg"));
  CU_ASSERT_PTR_NULL(ict_countries_m49(c, ""));
  ict_countries_free(c);
  ict_countries_free(NULL);
}

/* A data folder of one's own, with reference tables that are broken in every way. */
static void checks_reference_tables(void) {
  folder f = folder_make();
  CU_ASSERT_EQUAL_FATAL(mkdir(folder_file(&f, "datasets"), 0777), 0);
  setenv("ICTSTAT_DATA", f.path, 1);
  const struct {
    const char *text, *what;
    unsigned line;
  } broken[] = {{"", "the file is empty", 1},
                {"a,b\n1,2\n3\n", "the row has not as many fields as the header", 3},
                {"a,b\n\"1\n2\",\"3\n", "a quote is not closed", 3}};
  ict_reference *ref;
  ict_err err;
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    folder_write(&f, "datasets/x.csv", broken[i].text, strlen(broken[i].text));
    CU_ASSERT_EQUAL(ict_reference_load("x.csv", &ref, &err), ICT_REFUSED);
    CU_ASSERT_PTR_NULL(ref);
    CU_ASSERT_STRING_EQUAL(err.what, broken[i].what);
    CU_ASSERT_EQUAL(err.line, broken[i].line);
  }
  const char *good = "a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n,";
  folder_write(&f, "datasets/x.csv", good, strlen(good));
  CU_ASSERT_EQUAL_FATAL(ict_reference_load("x.csv", &ref, &err), ICT_OK);
  size_t b;
  CU_ASSERT_EQUAL(ict_reference_column(ref, "b", &b, &err), ICT_OK);
  CU_ASSERT_EQUAL(b, 1);
  CU_ASSERT_EQUAL(ict_reference_rows(ref), 2);
  CU_ASSERT_STRING_EQUAL(ict_reference_text(ref, 0, 0), "x, \"y\"\nz");
  CU_ASSERT_STRING_EQUAL(ict_reference_text(ref, 0, b), "2");
  CU_ASSERT_STRING_EQUAL(ict_reference_text(ref, 1, b), "");
  CU_ASSERT_EQUAL(ict_reference_column(ref, "c", &b, &err), ICT_REFUSED);
  ict_reference_free(ref);
  CU_ASSERT_EQUAL(ict_reference_load("gone.csv", &ref, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.context, "ICTSTAT_DATA"));
  unsetenv("ICTSTAT_DATA");
  folder_remove(&f);
}

SUITE("publish.sdmx", TEST(in_full), TEST(carries_what_has_no_code), TEST(items_by_series),
      TEST(groups_are_regional), TEST(refuses_what_cannot_be_carried),
      TEST(refuses_more_than_99_breakdowns), TEST(leaves_no_file_behind), TEST(knows_countries),
      TEST(checks_reference_tables))
