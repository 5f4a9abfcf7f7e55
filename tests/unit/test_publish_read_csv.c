/* The table's CSV read back: the round trip, and every way in which it is refused. Places are
 * counted by hand in the texts below. */
#include "publish/read_csv.h"

#include "folder.h"
#include "publish/cells.h"
#include "publish_table.h"
#include "suite.h"

#define HEAD "indicator,series,ref_area,time_period,sex,age,urbanisation,education_lev,"
#define TAIL                                                                          \
  "composite_breakdown,estimate,unit_measure,unit_mult,se,cv,ci_low,ci_high,deff,df," \
  "n_unweighted,n_psu,n_strata,pop_weighted,obs_status,conf_status,nature,flags,source\n"
#define ROW \
  "17.8.1,S,BRA,2016,_T,_T,_T,_T,_T,53.5,PT,0,1.5,2,50,56,1.5,98,1200,100,2,1e6,A,,C,,demo\n"

static ict_table *read_text(const char *text, ict_err *err) {
  folder f = folder_make();
  ict_table *table = NULL;
  folder_write(&f, "t.csv", text, strlen(text));
  ict_table_read_csv(f.file, &table, err);
  folder_remove(&f);
  return table;
}

static char *write_text(const ict_table *table) { /* without sorting: the order must have held */
  ict_out *out;
  size_t len;
  if (ict_out_memory(&out, NULL) != ICT_OK) abort();
  ict_format_find("csv")->write(table, 1, out, NULL);
  return ict_out_take(out, &len, NULL);
}

static void same_bytes(const char *text) {
  ict_err err = {0};
  ict_table *again = read_text(text, &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(again);
  char *second = write_text(again);
  CU_ASSERT_STRING_EQUAL(second, text);
  ict_free(second);
  ict_table_free(again);
}

static void round_trip_gives_the_same_bytes(void) {
  ict_table *t = test_table();
  char *first = test_written(t, "csv", NULL);
  same_bytes(first);
  ict_free(first);
  ict_table_free(t);
}

static void round_trip_of_awkward_rows(void) {
  same_bytes(HEAD
             "item,wealth,region," TAIL
             "x,,BRA,2016,_T,_T,_T,_T,zip,\"Q1, poorest\",_T,_T,,PT,0,,,,,,,0,0,0,0,A,,C,a;b,"
             "\"a \"\"survey\"\"\nof two lines \"\n"
             "x,,BRA,2016,_T,_T,_T,_T,_T,_T,N,_T,-12,PT,-3,1e-07,1e+300,0.30000000000000004,14,"
             "1.5,98,1200,100,2,2500000,A,,C,,demo\n");
  /* an item with an SDMX code of its own needs no column; rows out of order stay so */
  same_bytes(HEAD TAIL
             "4.4.1,S,BRA,2016,_T,_T,_T,_T,ISK_B,5,PT,0,1,20,3,7,1.5,98,1200,100,2,1,A,,C,,d\n"
             "4.4.1,S,BRA,2016,_T,_T,_T,_T,ISK_A,6,PT,0,1,20,3,7,1.5,98,1200,100,2,1,A,,C,,d\n");
  same_bytes(HEAD TAIL); /* no rows */
}

static void values_come_back(void) {
  ict_err err = {0};
  ict_table *t = read_text(HEAD "wealth," TAIL
                                "4.4.1,S,BRA,2016,F,_T,_T,_T,Q1,ISK_A,53.5,PT,3,1.5,,50,56,1.5,98,"
                                "1200,100,2,1e6,U,,C,n_lt_25,demo\n",
                           &err);
  CU_ASSERT_PTR_NOT_NULL_FATAL(t);
  CU_ASSERT_EQUAL(ict_table_axes(t), 5);
  CU_ASSERT_STRING_EQUAL(ict_table_axis_name(t, 4), "wealth");
  const ict_table_row *r = ict_table_row_at(t, 0);
  CU_ASSERT_STRING_EQUAL(r->item, "ISK_A"); /* the key needs it */
  CU_ASSERT_STRING_EQUAL(r->axes[0], "F");
  CU_ASSERT_STRING_EQUAL(r->axes[4], "Q1");
  CU_ASSERT_EQUAL(r->estimate, 53.5);
  CU_ASSERT_EQUAL(r->unit_mult, 3);
  CU_ASSERT(isnan(r->cv));
  CU_ASSERT_EQUAL(r->n_unweighted, 1200);
  CU_ASSERT_EQUAL(r->pop_weighted, 1e6);
  CU_ASSERT_STRING_EQUAL(r->flags, "n_lt_25");
  ict_table_free(t);
}

typedef struct refusal {
  const char *text;
  unsigned line, column;
  const char *what, *expected;
} refusal;

static const refusal REFUSALS[] = {
    {"indicator,series,area,time_period\n", 1, 18, "column 3 of the header is 'area'", "ref_area"},
    {"\n \nindicator,ref_area\n", 3, 11, "column 2 of the header is 'ref_area'", "series"},
    {"indicator;series\n", 1, 1, "column 1 of the header is 'indicator;series'", "indicator"},
    {"indicator,series,ref_area\n", 1, 26, "the header ends after column 3", "time_period"},
    {HEAD "estimate\n", 1, 74, "column 9 of the header is 'estimate'", "composite_breakdown"},
    {HEAD "wealth,sex," TAIL, 1, 81, "column 10 of the header is 'sex'", "a name that is not"},
    {HEAD "composite_breakdown,estimate,se\n", 1, 103, "column 11 of the header is 'se'",
     "unit_measure"},
    {"\xEF\xBB\xBF\"indicator\",SERIES\n", 1, 13, "column 2 of the header is 'SERIES'", "series"},
    {HEAD TAIL ROW "17.8.1,S,BRA,2017,_T,_T,_T,_T,_T,\"53,5\",PT,0,1.5,2,50,56,1.5,98,1200,100,2,"
                   "1,A,,C,,demo\n",
     3, 34, "'53,5' in column 'estimate'", "a number like 53.9"},
    {HEAD TAIL "17.8.1,\"S\n\",\xC3\x89,2017,_T,_T,,_T,_T,1,PT,0,1.5,2,50,56,1.5,98,1200,100,2,"
               "1,A,,C,,demo\n",
     3, 16, "nothing in column 'urbanisation'", "a code"},
    {HEAD TAIL "17.8.1,S,,2017,_T,_T,_T,_T,_T,1,PT,0,1.5,2,50,56,1.5,98,1200,100,2,1,A,,C,,d\n", 2,
     10, "nothing in column 'ref_area'", "a code"},
    {HEAD TAIL "17.8.1,S,B,2017,_T,_T,_T,_T,_T,1,PT,0,1.5,2,50,56,1.5,98,-3,100,2,1,A,,C,,d\n", 2,
     58, "'-3' in column 'n_unweighted'", "a whole number from 0"},
    {HEAD TAIL "17.8.1,S,B,2017,_T,_T,_T,_T,_T,1,PT,0.5,1.5,2,50,56,1.5,98,3,100,2,1,A,,C,,d\n", 2,
     37, "'0.5' in column 'unit_mult'", "a whole number, a power"},
    {HEAD TAIL "17.8.1,S,B,2017,_T,_T,_T,_T,_T,nan,PT,0,1.5,2,50,56,1.5,98,3,100,2,1,A,,C,,d\n", 2,
     32, "'nan' in column 'estimate'", "a number"},
    {HEAD TAIL ROW ROW, 3, 1, "the same indicator, item, area, period and breakdown as line 2",
     "one row for each key"},
};

static void refusals_name_the_place(void) {
  for (size_t i = 0; i < sizeof REFUSALS / sizeof *REFUSALS; i++) {
    const refusal *r = &REFUSALS[i];
    ict_err err = {0};
    ict_table *t = read_text(r->text, &err);
    CU_ASSERT_PTR_NULL(t);
    bool ok = err.status == ICT_REFUSED && err.line == r->line && err.column == r->column &&
              strcmp(err.what, r->what) == 0 && strstr(err.expected, r->expected) && err.fix[0] &&
              strstr(err.file, "t.csv");
    CU_ASSERT(ok);
    if (!ok) {
      fprintf(stderr, "case %zu: %llu:%llu %s; expected %s\n", i, (unsigned long long)err.line,
              (unsigned long long)err.column, err.what, err.expected);
    }
    ict_table_free(t);
  }
}

static void short_rows_and_missing_files_are_refused(void) {
  ict_err err = {0};
  CU_ASSERT_PTR_NULL(read_text(HEAD TAIL "17.8.1,S\n", &err));
  CU_ASSERT_EQUAL(err.status, ICT_REFUSED);
  CU_ASSERT_EQUAL(err.line, 2);
  ict_table *t;
  CU_ASSERT_EQUAL(ict_table_read_csv("/nowhere/t.csv", &t, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(t);
}

static void every_failed_allocation_is_told(void) {
  folder f = folder_make();
  const char *text = HEAD
      "wealth," TAIL
      "4.4.1,S,BRA,2016,F,_T,_T,_T,Q1,ISK_A,53.5,PT,3,1.5,,50,56,1.5,98,1200,100,2,1e6,U,,C,,d\n";
  folder_write(&f, "t.csv", text, strlen(text));
  ict_status st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 1000; n++) {
    ict_err err = {0};
    ict_table *t = NULL;
    ict_mem_fail_after(n);
    st = ict_table_read_csv(f.file, &t, &err);
    ict_mem_fail_after(-1);
    CU_ASSERT((st == ICT_OK) == (t != NULL));
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    ict_table_free(t);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  folder_remove(&f);
}

SUITE("publish.read_csv", TEST(round_trip_gives_the_same_bytes), TEST(round_trip_of_awkward_rows),
      TEST(values_come_back), TEST(refusals_name_the_place),
      TEST(short_rows_and_missing_files_are_refused), TEST(every_failed_allocation_is_told))
