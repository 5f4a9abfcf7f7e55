/* cmd_test.c - `ictstat test`. */
#include <stdio.h>
#include <string.h>

#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/test.h"

const char MANUAL_TEST[] =
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --by urbanisation     is use associated with them?\n"
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --within urbanisation  also in towns and villages\n"
    "  ictstat test xyz.h5 --table education_lev,sex                two variables, no indicator\n"
    "  ictstat test xyz.h5 -i 17.8.1 --contrast sex:F-M             t and P of the gap\n"
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --statistic adjwald -o tests.csv\n\n"
    "  Shares and counts: the chi-square test of the table indicator x classes with Rao and "
    "Scott's\n"
    "  correction, as R's svychisq. Means and ratios: the t test of two classes, as R's svyttest, "
    "or\n"
    "  Wald's F for more. The design, its replicates and lonely PSUs count as in `compute`; "
    "classes\n"
    "  without anybody are dropped and flagged (docs/math.md, Tests). --format is table, csv or "
    "json.\n";

static bool read_statistic(const args *a, ict_test_statistic *out) {
  static const char *const NAMES[] = {[ICT_TEST_F] = "F",
                                      [ICT_TEST_CHISQ] = "chisq",
                                      [ICT_TEST_WALD] = "wald",
                                      [ICT_TEST_ADJWALD] = "adjwald"};
  const char *text = text_of(a, OPT_STATISTIC);
  for (size_t i = 0; text && i < sizeof NAMES / sizeof *NAMES; i++) {
    if (strcmp(text, NAMES[i]) != 0) continue;
    *out = (ict_test_statistic)i;
    return true;
  }
  if (text) usage_error(a, "--statistic is F, chisq, wald or adjwald, not '%s'", text);
  return !text;
}

static bool read_request(const args *a, ict_test_request *request) {
  if (!request_of(a, &request->compute) || !read_statistic(a, &request->statistic)) return false;
  request->within = text_of(a, OPT_WITHIN);
  request->tables = a->given[OPT_TABLE].values;
  request->n_tables = a->given[OPT_TABLE].n;
  request->unit = text_of(a, OPT_UNIT);
  return true;
}

static ict_status test(const args *a, const ict_store *store, const ict_catalog *catalog,
                       const ict_test_request *request, ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_tests *tests = NULL;
  ict_status st = ict_path_apart(path, a->words[0], err);
  if (st == ICT_OK) st = ict_test(store, catalog, request, &tests, findings, err);
  progress_end();
  if (st == ICT_OK) st = ict_tests_write(tests, format_of(a, path), path, err);
  ict_tests_free(tests);
  return st;
}

int run_TEST(const args *a) {
  ict_test_request request = {0};
  if (!read_request(a, &request)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_store *store = NULL;
  ict_findings *findings = ict_findings_new();
  char **indicators = list_of(a, OPT_INDICATOR, &request.compute.n_indicators);
  request.compute.indicators = (const char *const *)indicators;
  ict_status st = ict_store_open(a->words[0], &store, &err);
  if (st == ICT_OK) st = test(a, store, catalog, &request, findings, &err);
  fflush(stdout);
  print_findings(a, findings);
  code = st == ICT_OK ? ICT_OK : report(&err);
  free_list(indicators, request.compute.n_indicators);
  ict_store_close(store);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
