/* CSV and JSON in full, and how a format is chosen. The expected texts are written by hand
 * from the header in the design and the values put into the table. */
#include "folder.h"
#include "publish/field.h"
#include "publish_table.h"
#include "suite.h"

#define HEAD "indicator,series,ref_area,time_period,sex,age,urbanisation,education_lev,"
#define TAIL                                                                          \
  "composite_breakdown,estimate,unit_measure,unit_mult,se,cv,ci_low,ci_high,deff,df," \
  "n_unweighted,n_psu,n_strata,pop_weighted,obs_status,conf_status,nature,flags,source\n"

static void csv_in_full(void) {
  ict_table *t = test_table();
  test_expect(
      t, "csv",
      HEAD TAIL
      "17.8.1,IT_USE_II99,BRA,2016,_T,_T,_T,_T,_T,53.9075,PER_100_POP,0,1.25,"
      "2.3187868107406207,51.4075,56.4075,1.5,98,1200,100,2,2500000,A,,C,,demo-2016\n"
      "17.8.1,IT_USE_II99,BRA,2016,_T,Y15T24,_T,_T,_T,100,PER_100_POP,0,0,0,100,100,1.5,98,"
      "1200,100,2,2500000,A,,C,,demo-2016\n"
      "17.8.1,IT_USE_II99,BRA,2016,_T,Y25T74,_T,_T,_T,0.30000000000000004,PER_100_POP,0,1e-07,"
      "3.333333333333333e-05,0.29999980000000004,0.30000020000000005,1.5,98,1200,100,2,2500000,"
      "A,,C,,demo-2016\n"
      "17.8.1,IT_USE_II99,BRA,2016,M,_T,_T,_T,_T,55.5,PER_100_POP,0,1.5,2.7027027027027026,52.5,"
      "58.5,1.5,98,1200,100,2,2500000,A,,C,,demo-2016\n"
      "17.8.1,IT_USE_II99,BRA,2016,F,_T,_T,_T,_T,52.25,PER_100_POP,0,2.125,4.0669856459330145,48,"
      "56.5,1.5,98,1200,100,2,2500000,A,,C,,demo-2016\n"
      "17.8.1,IT_USE_II99,BRA,2016,F,_T,R,_T,_T,40,PER_100_POP,0,10,25,20,60,1.5,98,24,100,2,"
      "2500000,U,,C,n_lt_25,demo-2016\n");
  ict_table_free(t);
}

/* Further axes, an item without an SDMX code, no values, texts that need quotes. */
static ict_table *awkward_table(void) {
  ict_table *t = ict_table_new();
  ict_table_add_axis(t, "wealth", NULL, NULL, NULL);
  const char *axes[5] = {NULL, NULL, NULL, NULL, "Q1, poorest"};
  ict_table_row row = test_row(axes, NAN, NAN);
  row.indicator = "x";
  row.item = "zip";
  row.series = "";
  row.cv = row.ci_low = row.ci_high = row.deff = row.df = -INFINITY;
  row.pop_weighted = -0.0;
  row.n_unweighted = row.n_psu = row.n_strata = 0;
  row.flags = "a;b";
  row.source = "a \"survey\"\nof two lines";
  test_add(t, &row);
  const char *total[5] = {NULL};
  row = test_row(total, 12, 1);
  row.indicator = "x";
  row.series = "";
  test_add(t, &row);
  return t;
}

static void csv_of_awkward_rows(void) {
  ict_table *t = awkward_table();
  test_expect(
      t, "csv",
      HEAD "item,wealth," TAIL
           "x,,BRA,2016,_T,_T,_T,_T,_T,_T,_T,12,PER_100_POP,0,1,8.333333333333334,10,14,1.5,98,"
           "1200,100,2,2500000,A,,C,,demo-2016\n"
           "x,,BRA,2016,_T,_T,_T,_T,zip,\"Q1, poorest\",_T,,PER_100_POP,0,,,,,,,0,0,0,0,A,,C,a;b,"
           "\"a \"\"survey\"\"\nof two lines\"\n");
  ict_table_free(t);
}

static void json_in_full(void) {
  ict_table *t = awkward_table();
  ict_table_add_indicator(t, "x", "Caf\xC3\xA9 \\ \t\x01 \xFF", NULL);
  test_expect(
      t, "json",
      "{\"ictstat\":\"table/1\",\"axes\":[\"sex\",\"age\",\"urbanisation\",\"education_lev\","
      "\"wealth\"],\"indicators\":{\"x\":\"Caf\xC3\xA9 \\\\ \\u0009\\u0001 \\ufffd\"},\"rows\":[\n"
      "{\"indicator\":\"x\",\"item\":\"\",\"series\":\"\",\"ref_area\":\"BRA\","
      "\"time_period\":\"2016\",\"sex\":\"_T\",\"age\":\"_T\",\"urbanisation\":\"_T\","
      "\"education_lev\":\"_T\",\"wealth\":\"_T\",\"composite_breakdown\":\"_T\","
      "\"estimate\":12,\"unit_measure\":\"PER_100_POP\",\"unit_mult\":0,\"se\":1,"
      "\"cv\":8.333333333333334,\"ci_low\":10,\"ci_high\":14,\"deff\":1.5,\"df\":98,"
      "\"n_unweighted\":1200,\"n_psu\":100,\"n_strata\":2,\"pop_weighted\":2500000,"
      "\"obs_status\":\"A\",\"conf_status\":\"\",\"nature\":\"C\",\"flags\":\"\","
      "\"source\":\"demo-2016\"},\n"
      "{\"indicator\":\"x\",\"item\":\"zip\",\"series\":\"\",\"ref_area\":\"BRA\","
      "\"time_period\":\"2016\",\"sex\":\"_T\",\"age\":\"_T\",\"urbanisation\":\"_T\","
      "\"education_lev\":\"_T\",\"wealth\":\"Q1, poorest\",\"composite_breakdown\":\"_T\","
      "\"estimate\":null,\"unit_measure\":\"PER_100_POP\",\"unit_mult\":0,\"se\":null,"
      "\"cv\":null,\"ci_low\":null,\"ci_high\":null,\"deff\":null,\"df\":null,"
      "\"n_unweighted\":0,\"n_psu\":0,\"n_strata\":0,\"pop_weighted\":0,\"obs_status\":\"A\","
      "\"conf_status\":\"\",\"nature\":\"C\",\"flags\":\"a;b\","
      "\"source\":\"a \\\"survey\\\"\\u000aof two lines\"}\n"
      "]}\n");
  ict_table_free(t);
}

static void empty_table(void) {
  ict_table *t = ict_table_new();
  test_expect(t, "csv", HEAD TAIL);
  test_expect(
      t, "json",
      "{\"ictstat\":\"table/1\",\"axes\":[\"sex\",\"age\",\"urbanisation\",\"education_lev\"],"
      "\"indicators\":{},\"rows\":[\n]}\n");
  test_expect(t, "table", "No rows.\n");
  ict_table_free(t);
}

static void quotes_only_where_needed(void) {
  const struct {
    const char *in, *out;
  } cases[] = {{"", ""},           {"a b", "a b"},       {"a,b", "\"a,b\""},
               {"\"", "\"\"\"\""}, {"a\rb", "\"a\rb\""}, {"'x'", "'x'"},
               {"=1", "=1"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ict_out *out;
    size_t len;
    CU_ASSERT_EQUAL_FATAL(ict_out_memory(&out, NULL), ICT_OK);
    ict_csv_text(out, cases[i].in);
    char *text = ict_out_take(out, &len, NULL);
    CU_ASSERT_STRING_EQUAL(text, cases[i].out);
    ict_free(text);
  }
}

static void lists_its_formats(void) {
  CU_ASSERT_TRUE(ict_format_count() >= 4);
  for (size_t i = 0; i < ict_format_count(); i++) {
    CU_ASSERT_PTR_NOT_NULL(ict_format_find(ict_format_name(i)));
    CU_ASSERT_STRING_NOT_EQUAL(ict_format_about(i), "");
  }
  CU_ASSERT_PTR_NULL(ict_format_name(ict_format_count()));
  CU_ASSERT_PTR_NULL(ict_format_find("xlsx"));
}

static void chooses_by_name_or_extension(void) {
  folder f = folder_make();
  ict_table *t = test_table();
  ict_table_sort(t, NULL);
  const struct {
    const char *format, *file, *start;
  } cases[] = {{NULL, "a.csv", "indicator,"},  {NULL, "a.json", "{\"ictstat\""},
               {NULL, "a.txt", "17.8.1  "},    {"json", "b.csv", "{\"ictstat\""},
               {"csv", "noext", "indicator,"}, {"sdmx-csv", "c.csv", "DATAFLOW,"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ict_err err = {0};
    CU_ASSERT_EQUAL(ict_table_write(t, cases[i].format, folder_file(&f, cases[i].file), &err),
                    ICT_OK);
    char *text = folder_read(&f, cases[i].file, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_EQUAL(strncmp(text, cases[i].start, strlen(cases[i].start)), 0);
    free(text);
  }
  CU_ASSERT_EQUAL(folder_count(&f), 6);
  ict_table_free(t);
  folder_remove(&f);
}

static void refuses_unknown_formats(void) {
  folder f = folder_make();
  ict_table *t = test_table();
  ict_err err;
  CU_ASSERT_EQUAL(ict_table_write(t, "jsno", folder_file(&f, "a.csv"), &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.what, "unknown format 'jsno'");
  CU_ASSERT_STRING_EQUAL(err.expected,
                         "one of csv, json, table, sampling-errors, sampling-errors-csv, sdmx-csv");
  CU_ASSERT_STRING_EQUAL(err.fix, "write 'json'");
  CU_ASSERT_EQUAL(ict_table_write(t, NULL, folder_file(&f, "a.xlsx"), &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.what, "the name of the file does not tell its format");
  CU_ASSERT_EQUAL(ict_table_write(t, "csv", "/dev/full", &err), ICT_FAIL);
  CU_ASSERT_EQUAL(folder_count(&f), 0);
  ict_table_free(t);
  folder_remove(&f);
}

/* Every format, every allocation. */
static void survives_short_memory(void) {
  ict_table *t = test_table();
  ict_table_sort(t, NULL);
  for (size_t f = 0; f < ict_format_count(); f++) {
    char *text = NULL;
    for (long n = 0; n < 5000 && !text; n++) {
      ict_out *out;
      ict_err err = {0};
      ict_mem_fail_after(n);
      ict_status st = ict_out_memory(&out, &err);
      if (st == ICT_OK) {
        st = ict_format_find(ict_format_name(f))->write(t, 1, out, &err);
        size_t len;
        if (st == ICT_OK) {
          text = ict_out_take(out, &len, &err);
        } else {
          ict_out_discard(out);
        }
      }
      ict_mem_fail_after(-1);
      if (!text && strcmp(err.what, "out of memory") != 0) CU_FAIL("another failure");
    }
    CU_ASSERT_PTR_NOT_NULL(text);
    ict_free(text);
  }
  ict_table_free(t);
}

SUITE("publish.formats", TEST(csv_in_full), TEST(csv_of_awkward_rows), TEST(json_in_full),
      TEST(empty_table), TEST(quotes_only_where_needed), TEST(lists_its_formats),
      TEST(chooses_by_name_or_extension), TEST(refuses_unknown_formats),
      TEST(survives_short_memory))
