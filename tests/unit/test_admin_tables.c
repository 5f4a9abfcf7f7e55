/* Statistical tables on a desk: observations kept, reporters folded, totals and parts,
 * denominators; and every allocation of reading, importing and computing fails once. */
#include <math.h>

#include "admin/admin.h"
#include "base/err.h"
#include "base/mem.h"
#include "folder.h"
#include "ictstat/compute.h"
#include "ictstat/import.h"
#include "suite.h"

static const char MAPPING[] =
    "ictstat: table/1\n"
    "survey: {id: T, title: Test}\n"
    "axes: [race]\n"
    "denominators: {concepts: [population, population_urban]}\n"
    "files:\n"
    "  op:\n"
    "    path: op.csv\n"
    "    columns: {area: a, period: y, reporter: op, sex: s, status: st, source: src}\n"
    "    values: {subs: {series: S}, cov: {series: C}, \"use{2020..2021}\": {series: U, se: se}}\n"
    "    codes: {sex: {all: _T}, status: {normal: A, nothing: \"\"}}\n"
    "    where: {keep: [yes]}\n"
    "    blank: [none]\n"
    "    unknown_areas: drop\n"
    "    series:\n"
    "      S: {concept: subscriptions, fold: sum, scale: 1000}\n"
    "      C: {concept: covered_4g, fold: max}\n"
    "      U: {indicator: \"17.8.1\", scale: 100, nature: E}\n"
    "  pop:\n"
    "    path: pop.csv\n"
    "    source: Somebody\n"
    "    columns: {area: a, period: y, sex: s, value: n, series: what}\n"
    "    areas: m49\n"
    "    series: {T: {concept: population}, U: {concept: population_urban}, X: drop}\n";

static const char OPERATORS[] =
    "op,a,y,s,subs,cov,use2020,use2021,se,st,src,keep\n"
    "Alpha,ken,2022,all,1.5,300,.25,none,.01,normal,Survey,yes\n"
    "Beta,KEN,2022,all,2.25,200,,,,nothing,,yes\n"
    "Gamma,KEN,2022,all,9,900,,,,nothing,,no\n"
    "Alpha,UGA,2022.0,all,1,50,none,.5,,E,\"Survey, of 2021\",yes\n"
    "Alpha,XXX,2022,all,1,50,,,,,,yes\n";
static const char PEOPLE[] =
    "a,y,s,n,what\n404,2022,F,510,T\n404,2022,M,490,T\n404,2022,_T,1000,T\n"
    "404,2022,_T,300,U\n800,2022,_T,500,T\nUGA,2022,_T,100,U\n800,2022,_T,1,X\n";

typedef struct table_desk {
  folder dir;
  ict_catalog *catalog;
  char mapping[512], store[512];
} table_desk;

static table_desk start(const char *mapping, const char *operators, const char *people) {
  table_desk d = {.dir = folder_make()};
  CU_ASSERT_EQUAL_FATAL(
      ict_catalog_open(ICT_TEST_SOURCE "/indicators", NULL, 0, &d.catalog, NULL, NULL), ICT_OK);
  folder_write(&d.dir, "op.csv", operators, strlen(operators));
  folder_write(&d.dir, "pop.csv", people, strlen(people));
  strcpy(d.mapping, folder_write(&d.dir, "t.yaml", mapping, strlen(mapping)));
  strcpy(d.store, folder_file(&d.dir, "t.h5"));
  return d;
}

static void stop(table_desk *d) {
  ict_catalog_free(d->catalog);
  folder_remove(&d->dir);
}

static double at(const ict_frame *f, const char *name, size_t row) {
  long v = ict_schema_find(f->schema, name);
  ict_missing kind;
  CU_ASSERT_FATAL(v >= 0);
  double x = ict_column_number(&f->schema->vars[v], f->columns[v], row, &kind);
  return kind == ICT_PRESENT ? x : (double)NAN;
}

static const char *code_at(const ict_frame *f, const char *name, size_t row) {
  double x = at(f, name, row);
  return isnan(x) ? ""
                  : f->schema->vars[ict_schema_find(f->schema, name)].codes->codes[(size_t)x].id;
}

static ict_status load(const table_desk *d, ict_table_map **map, ict_err *err) {
  ict_mapping *none = NULL;
  ict_status st = ict_mapping_or_table_load(d->mapping, d->catalog, &none, map, NULL, err);
  CU_ASSERT_PTR_NULL(none);
  return st;
}

static void makes_rows_of_counts(void) {
  table_desk d = start(MAPPING, OPERATORS, PEOPLE);
  ict_table_map *map = NULL;
  ict_admin *made = NULL;
  CU_ASSERT_EQUAL_FATAL(load(&d, &map, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_admin_run(map, d.catalog, &(ict_admin_options){0}, &made, NULL, NULL),
                        ICT_OK);
  CU_ASSERT_EQUAL_FATAL(made->n_frames, 2);
  const ict_frame *f = made->frames[0].frame;
  CU_ASSERT_STRING_EQUAL(f->unit, "country");
  CU_ASSERT_EQUAL_FATAL(f->n_rows, 2);
  CU_ASSERT_TRUE(f->design.census);
  CU_ASSERT_STRING_EQUAL(code_at(f, "ref_area", 0), "KEN");
  CU_ASSERT_EQUAL(at(f, "subscriptions", 0), 3750);
  CU_ASSERT_EQUAL(at(f, "covered_4g", 0), 300);
  CU_ASSERT_EQUAL(at(f, "population", 0), 1000); /* the parts, not the total again */
  CU_ASSERT_EQUAL(at(f, "population_urban", 0), 300);
  CU_ASSERT_STRING_EQUAL(code_at(f, "time_period", 1), "2022");
  CU_ASSERT_EQUAL(at(f, "population", 1), 500);
  CU_ASSERT_EQUAL(ict_schema_find(f->schema, "sex"), -1); /* all rows are of all */
  ict_admin_free(made);
  ict_table_map_free(map);
  stop(&d);
}

static void keeps_observations(void) {
  table_desk d = start(MAPPING, OPERATORS, PEOPLE);
  ict_table_map *map = NULL;
  ict_admin *made = NULL;
  CU_ASSERT_EQUAL_FATAL(load(&d, &map, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_admin_run(map, d.catalog, &(ict_admin_options){0}, &made, NULL, NULL),
                        ICT_OK);
  const ict_frame *f = made->frames[1].frame;
  CU_ASSERT_STRING_EQUAL(f->unit, ICT_OBSERVATION);
  CU_ASSERT_EQUAL(f->n_rows, 14); /* 6 counts, 2 published, 6 of people */
  size_t published = 0;
  for (size_t i = 0; i < f->n_rows; i++) {
    if (strcmp(code_at(f, ICT_OBS_KIND, i), "published") != 0) continue;
    bool ken = strcmp(code_at(f, "ref_area", i), "KEN") == 0;
    published++;
    CU_ASSERT_STRING_EQUAL(code_at(f, "time_period", i), ken ? "2020" : "2021");
    CU_ASSERT_EQUAL(at(f, ICT_OBS_VALUE, i), ken ? 25 : 50);
    CU_ASSERT_TRUE(ken ? at(f, ICT_OBS_SE, i) == 1 : isnan(at(f, ICT_OBS_SE, i)));
    CU_ASSERT_STRING_EQUAL(code_at(f, ICT_OBS_STATUS, i), ken ? "A" : "E");
    CU_ASSERT_STRING_EQUAL(code_at(f, ICT_OBS_NATURE, i), "E");
    CU_ASSERT_STRING_EQUAL(code_at(f, ICT_OBS_SOURCE, i), ken ? "Survey" : "Survey, of 2021");
    CU_ASSERT_STRING_EQUAL(code_at(f, ICT_OBS_UNIT, i), "PT");
  }
  CU_ASSERT_EQUAL(published, 2);
  ict_admin_free(made);
  ict_table_map_free(map);
  stop(&d);
}

static void refuses_and_says_where(void) {
  static const char *const BAD[][2] = {
      {"a,y,s,n,what\n404,2022,_T,1000,T\n404,2022,_T,300,U\n", "no population for these rows"},
      {"a,y,s,n,what\n404,2022,_T,1000,T\n404,2022,_T,1001,T\n", "is there twice"},
      {"a,y,s,n,what\n404,2022,_T,200,T\n404,2022,_T,300,U\n800,2022,_T,500,T\n800,2022,_T,1,U\n",
       "more than the 200 of population"},
      {"a,y,s,n,what\n404,2022,_T,-5,T\n", "is -5"},
      {"a,y,s,n,what\n2,2022,_T,5,T\n", "unknown areas: '2' (line 2)"},
  };
  for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
    table_desk d = start(MAPPING, OPERATORS, BAD[i][0]);
    ict_err err = {0};
    ict_import_options how = {.mapping = d.mapping, .output = d.store};
    CU_ASSERT_EQUAL(ict_import(d.catalog, &how, NULL, &err), ICT_REFUSED);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.what, BAD[i][1]));
    CU_ASSERT_TRUE(err.expected[0] && err.fix[0]);
    CU_ASSERT_EQUAL(access(d.store, F_OK), -1);
    stop(&d);
  }
}

/* ---- memory ------------------------------------------------------------------------------- */

static ict_status read_map(table_desk *d, ict_err *err) {
  ict_table_map *map = NULL;
  ict_status st = load(d, &map, err);
  ict_table_map_free(map);
  return st;
}

static ict_status take_in(table_desk *d, ict_err *err) {
  ict_import_options how = {.mapping = d->mapping}; /* HDF5 has its own tests */
  return ict_import(d->catalog, &how, NULL, err);
}

static ict_store *open_store;

static ict_status compute(table_desk *d, ict_err *err) {
  static const char *const ASKED[] = {"17.8.1", "17.6.1"};
  ict_request request = {.indicators = ASKED, .n_indicators = 2, .threads = 1};
  ict_table *table = NULL;
  ict_status st = ict_compute(open_store, d->catalog, &request, &table, NULL, err);
  ict_table_free(table);
  return st;
}

static void survives(table_desk *d, ict_status (*work)(table_desk *, ict_err *)) {
  ict_status st = ICT_FAIL;
  long n = 0;
  for (bool passed = false; !passed && n < 40000; n++) {
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = work(d, &err);
    passed = ict_mem_count() <= n;
    ict_mem_fail_after(-1);
    if (!passed && st == ICT_OK) CU_FAIL("a failed allocation went unseen");
    CU_ASSERT_TRUE(st == ICT_OK || err.what[0]);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  CU_ASSERT_TRUE(n > 20);
}

static void survives_want_of_memory(void) {
  table_desk d = start(MAPPING, OPERATORS, PEOPLE);
  ict_import_options how = {.mapping = d.mapping, .output = d.store};
  survives(&d, read_map);
  survives(&d, take_in);
  CU_ASSERT_EQUAL_FATAL(ict_import(d.catalog, &how, NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_store_open(d.store, &open_store, NULL), ICT_OK);
  survives(&d, compute);
  ict_store_close(open_store);
  stop(&d);
}

SUITE("admin.tables", TEST(makes_rows_of_counts), TEST(keeps_observations),
      TEST(refuses_and_says_where), TEST(survives_want_of_memory))
