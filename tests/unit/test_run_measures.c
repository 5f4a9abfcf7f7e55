/* Quantiles and shares of a small survey from the file to the rows, and every allocation of the
 * computation failing once: nothing leaks, nothing crashes, and the failure is told. */
#include "base/err.h"
#include "base/mem.h"
#include "folder.h"
#include "ictstat/compute.h"
#include "ictstat/import.h"
#include "suite.h"

static const char MAPPING[] =
    "ictstat: mapping/1\n"
    "survey: {id: T, title: Test, area: BRA, period: 2024}\n"
    "files: {f: {path: f.csv, delimiter: \",\"}}\n"
    "units:\n"
    "  individual:\n"
    "    file: f\n"
    "    design: {strata: h, psu: p, weight: w%s}\n"
    "    variables: {sex: {from: s, map: {1: M, 2: F}}, cost: {from: c}}\n";
static const char CALIBRATION[] =
    ", calibration: {method: post-stratify, margins: [{by: [sex], totals: t.csv}]}";
static const char TOTALS[] = "sex,total\nM,9\nF,7\n";
static const char ROWS[] =
    "h,p,w,s,c\n1,1,1,1,1\n1,1,1,2,2\n1,2,2,1,3\n1,2,1,2,4\n2,3,1,1,5\n2,3,3,2,6\n2,4,1,1,7\n"
    "2,4,2,2,8\n";
static const char CATALOG[] =
    "ictstat: concepts/1\n"
    "concepts: {cost: {title: Cost, type: real}}\n";
static const char QUANTILES[] =
    "ictstat: indicator/1\nid: Q\ntitle: Quantiles\nframework: t\nunit: individual\n"
    "measure: quantile\nprobability: [0.25, 0.5]\nnumerator: cost\nsource: a test\n";
static const char SHARES[] =
    "ictstat: indicator/1\nid: S\ntitle: Shares\nframework: t\nunit: individual\n"
    "measure: share\nacross: sex\nnumerator: cost\nsource: a test\n";

typedef struct world {
  folder dir;
  ict_catalog *catalog;
  ict_store *store;
} world;

static world make(const char *calibration) {
  world w = {.dir = folder_make()};
  char text[2048], mapping[512], path[512], extra[3][512];
  const char *names[] = {"c.yaml", "q.yaml", "s.yaml"};
  const char *texts[] = {CATALOG, QUANTILES, SHARES}, *extras[3];
  folder_write(&w.dir, "f.csv", ROWS, strlen(ROWS));
  folder_write(&w.dir, "t.csv", TOTALS, strlen(TOTALS));
  snprintf(text, sizeof text, MAPPING, calibration);
  snprintf(mapping, sizeof mapping, "%s", folder_write(&w.dir, "m.yaml", text, strlen(text)));
  snprintf(path, sizeof path, "%s", folder_file(&w.dir, "s.h5"));
  for (int i = 0; i < 3; i++) {
    folder_write(&w.dir, names[i], texts[i], strlen(texts[i]));
    snprintf(extra[i], sizeof extra[i], "%s", w.dir.file);
    extras[i] = extra[i];
  }
  ict_err err = {0};
  CU_ASSERT_EQUAL_FATAL(
      ict_catalog_open(ICT_TEST_SOURCE "/indicators", extras, 3, &w.catalog, NULL, &err), ICT_OK);
  ict_import_options how = {.mapping = mapping, .output = path, .threads = 1};
  ict_import(w.catalog, &how, NULL, &err);
  CU_ASSERT_STRING_EQUAL_FATAL(err.what, "");
  CU_ASSERT_EQUAL_FATAL(ict_store_open(path, &w.store, &err), ICT_OK);
  return w;
}

static void stop(world *w) {
  ict_store_close(w->store);
  ict_catalog_free(w->catalog);
  folder_remove(&w->dir);
}

static ict_request asked(const char *const *indicator, const char *replicates, ict_ci_method ci) {
  static const char *const BY[] = {"sex"};
  return (ict_request){.indicators = indicator,
                       .n_indicators = 1,
                       .by = BY,
                       .n_by = 1,
                       .replicates = replicates,
                       .ci = ci,
                       .threads = 1};
}

static const char *const Q[] = {"Q"}, *const S[] = {"S"};

/* The values 1 to 8 with weights 1 1 2 1 1 3 1 2, running sums 1 2 4 5 6 9 10 12: a quarter of 12
 * is reached by 3, half of it by 5. Men have 1 + 6 + 5 + 7 = 19, women 2 + 4 + 18 + 16 = 40. */
static void values_by_hand(void) {
  world w = make("");
  ict_request quantiles = asked(Q, "none", ICT_CI_DEFAULT);
  ict_request shares = asked(S, "none", ICT_CI_DEFAULT);
  ict_table *table = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_compute(w.store, w.catalog, &quantiles, &table, NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(table), 6);
  CU_ASSERT_EQUAL(ict_table_row_at(table, 0)->estimate, 3);
  CU_ASSERT_EQUAL(ict_table_row_at(table, 3)->estimate, 5);
  ict_table_free(table);
  CU_ASSERT_EQUAL_FATAL(ict_compute(w.store, w.catalog, &shares, &table, NULL, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_table_rows(table), 2);
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(table, 0)->estimate, 19.0 / 59, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(ict_table_row_at(table, 1)->estimate, 40.0 / 59, 1e-15);
  ict_table_free(table);
  stop(&w);
}

static void survives(const world *w, ict_request request) {
  ict_status st = ICT_FAIL;
  long n = 0;
  for (bool passed = false; !passed && n < 20000; n++) {
    ict_err err = {0};
    ict_table *table = NULL;
    ict_mem_fail_after(n);
    st = ict_compute(w->store, w->catalog, &request, &table, NULL, &err);
    passed = ict_mem_count() <= n;
    ict_mem_fail_after(-1);
    if (passed) {
      CU_ASSERT_PTR_NOT_NULL(table);
    } else {
      CU_ASSERT_EQUAL_FATAL(st, ICT_FAIL);
      CU_ASSERT_PTR_NULL(table);
      CU_ASSERT_TRUE(err.what[0] != '\0');
    }
    ict_table_free(table);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  CU_ASSERT_TRUE(n > 100);
}

static void survive_want_of_memory(void) {
  world plain = make(""), calibrated = make(CALIBRATION);
  survives(&plain, asked(Q, "none", ICT_CI_DEFAULT));
  survives(&plain, asked(Q, "bootstrap:3", ICT_CI_QUANTILE));
  survives(&plain, asked(S, "jkn", ICT_CI_DEFAULT));
  survives(&calibrated, asked(Q, "none", ICT_CI_DEFAULT));
  survives(&calibrated, asked(S, "none", ICT_CI_DEFAULT));
  stop(&plain);
  stop(&calibrated);
}

SUITE("run.measures", TEST(values_by_hand), TEST(survive_want_of_memory))
