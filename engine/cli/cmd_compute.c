/* cmd_compute.c - `ictstat compute`. */
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/compute.h"

const char MANUAL_COMPUTE[] =
    "  ictstat compute xyz.h5                                  all the store can answer, totals\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex --by age      one indicator, two breakdowns\n"
    "  ictstat compute xyz.h5 -i 4.4.1 --by sex,age:ten-year   sex crossed with ten-year bands\n"
    "  ictstat compute xyz.h5 --by 'cube(sex,age,urbanisation)' -o est.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by age --contrast sex:F-M   the gender gap, also by age\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex -f sdmx-csv -o out.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --explain              the plan, nothing computed\n"
    "  ictstat compute xyz.h5 --ci beta --df design -f sampling-errors   as in a survey report\n\n"
    "  Standard errors are Taylor linearised under the store's design, or by its replicates where\n"
    "  it has some; --replicates chooses (docs/math.md). Domains never drop rows from the\n"
    "  design. The same request gives the same bytes for any --threads.\n";

static ict_status explain(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  char *text = NULL;
  ict_status st = ict_compute_explain(store, catalog, request, &text, findings, err);
  if (st == ICT_OK && (fputs(text, stdout) == EOF || fflush(stdout) != 0))
    st = ict_err_system(err, "standard output", "cannot write");
  ict_text_free(text);
  return st;
}

static ict_status compute(const args *a, const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_table *table = NULL;
  ict_status st = ict_path_apart(path, a->words[0], err);
  if (st == ICT_OK) st = ict_format_check(format_of(a, path), path, err); /* before the work */
  if (st == ICT_OK) st = ict_compute(store, catalog, request, &table, findings, err);
  progress_end();
  if (st == ICT_OK) st = write_result(a, table, path, err);
  ict_table_free(table);
  return st;
}

int run_COMPUTE(const args *a) {
  ict_request request = {0};
  if (!request_of(a, &request)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_store *store = NULL;
  ict_findings *findings = ict_findings_new();
  char **indicators = list_of(a, OPT_INDICATOR, &request.n_indicators);
  request.indicators = (const char *const *)indicators;
  if (has(a, OPT_INDICATOR) && request.n_indicators == 0) { /* `-i ""` is a slip, not "all" */
    code = usage_error(a, "--indicator names no indicator");
    goto done;
  }
  ict_status st = ict_store_open(a->words[0], &store, &err);
  if (st == ICT_OK)
    st = has(a, OPT_EXPLAIN_PLAN) ? explain(store, catalog, &request, findings, &err)
                                  : compute(a, store, catalog, &request, findings, &err);
  fflush(stdout);
  print_findings(a, findings);
  code = st == ICT_OK ? ICT_OK : report(&err);
done:
  free_list(indicators, request.n_indicators);
  ict_store_close(store);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
