/* `compare` in the library: what rounding allows, and every failed allocation. (Keys, columns and
 * words: tests/golden/compare-*.) */
#include "folder.h"
#include "ictstat/compare.h"
#include "publish_table.h"
#include "suite.h"

static ict_status compare_with(const ict_table *t, const char *text,
                               const ict_compare_request *request, size_t *differences,
                               ict_err *err) {
  folder f = folder_make();
  ict_comparison *c = NULL;
  folder_write(&f, "p.csv", text, strlen(text));
  ict_status st = ict_compare(t, "t", f.file, request, &c, NULL, err);
  if (st == ICT_OK) *differences = ict_comparison_differences(c);
  ict_comparison_free(c);
  folder_remove(&f);
  return st;
}

/* The total of test_table is 53.9075. */
static const struct {
  const char *published;
  bool equal;
} ROUNDED[] = {{"53.9", true},    {"53.91", true},    {"53.908", true},     {"53.907", true},
               {"53.9075", true}, {"53.90750", true}, {"54", true},         {"5.4e1", true},
               {"5.4e+1", true},  {"0.539e2", true},  {"53.90", false},     {"53.8", false},
               {"53", false},     {"53.9074", false}, {"53.907501", false}, {"55", false}};

static void rounding_is_half_of_the_last_decimal(void) {
  ict_table *t = test_table();
  ict_compare_request request = {0};
  for (size_t i = 0; i < sizeof ROUNDED / sizeof *ROUNDED; i++) {
    char text[128];
    size_t n = 9;
    ict_err err = {0};
    snprintf(text, sizeof text, "indicator,estimate\n17.8.1,%s\n", ROUNDED[i].published);
    CU_ASSERT_EQUAL(compare_with(t, text, &request, &n, &err), ICT_OK);
    CU_ASSERT_EQUAL(n, !ROUNDED[i].equal);
    if (n != !ROUNDED[i].equal) fprintf(stderr, "%s: %zu\n", ROUNDED[i].published, n);
  }
  ict_table_free(t);
}

static void tolerances(void) {
  ict_table *t = test_table();
  ict_err err = {0};
  size_t n = 9;
  const char *text = "indicator,estimate\n17.8.1,53.9\n";
  ict_compare_request tight = {.has_tol = true, .tol = 0.007},
                      loose = {.has_tol = true, .tol = 0.008}, exact = {.has_tol = true},
                      relative = {.has_tol_rel = true, .tol_rel = 2e-4};
  CU_ASSERT_EQUAL(compare_with(t, text, &tight, &n, &err), ICT_OK);
  CU_ASSERT_EQUAL(n, 1);
  CU_ASSERT_EQUAL(compare_with(t, text, &loose, &n, &err), ICT_OK);
  CU_ASSERT_EQUAL(n, 0);
  CU_ASSERT_EQUAL(compare_with(t, text, &exact, &n, &err), ICT_OK);
  CU_ASSERT_EQUAL(n, 1);
  CU_ASSERT_EQUAL(compare_with(t, text, &relative, &n, &err), ICT_OK);
  CU_ASSERT_EQUAL(n, 0);
  ict_table_free(t);
}

static void every_failed_allocation_is_told(void) {
  ict_table *t = test_table();
  folder f = folder_make();
  const char *text = "indicator,sex,estimate,unit_measure\n17.8.1,F,1,PT\n17.8.1,X,2,\n";
  folder_write(&f, "p.csv", text, strlen(text));
  char path[600];
  snprintf(path, sizeof path, "%s", f.file);
  ict_compare_request request = {0};
  ict_status st = ICT_FAIL;
  for (long n = 0; st != ICT_OK && n < 2000; n++) {
    ict_comparison *c = NULL;
    ict_err err = {0};
    ict_mem_fail_after(n);
    st = ict_compare(t, "t", path, &request, &c, NULL, &err);
    if (st == ICT_OK) st = ict_comparison_write(c, "table", folder_file(&f, "out.txt"), &err);
    ict_mem_fail_after(-1);
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    ict_comparison_free(c);
  }
  CU_ASSERT_EQUAL(st, ICT_OK);
  folder_remove(&f);
  ict_table_free(t);
}

SUITE("run.compare", TEST(rounding_is_half_of_the_last_decimal), TEST(tolerances),
      TEST(every_failed_allocation_is_told))
