/* computing.c - catalogue, store and request opened, work done, findings and errors told.
 *
 * In: options. Out: an exit code. Owns: what it opens, for the length of the work. */
#include "cli/computing.h"

#include <stdio.h>

static int with_catalog(const args *a, const char *path, const ict_request *request,
                        const ict_catalog *catalog, computing_fn *work, void *ctx) {
  ict_err err = {0};
  ict_store *store = NULL;
  ict_findings *findings = ict_findings_new();
  ict_status st = ict_store_open(path, &store, &err);
  if (st == ICT_OK) st = work(ctx, store, catalog, request, findings, &err);
  progress_end();
  fflush(stdout);
  print_findings(a, findings);
  ict_store_close(store);
  ict_findings_free(findings);
  return st == ICT_OK ? ICT_OK : report(&err);
}

int computing(const args *a, const args *asked, const char *store, computing_fn *work, void *ctx) {
  ict_request request = {0};
  if (!request_of(asked, &request)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(asked, &catalog);
  if (code != ICT_OK) return code;
  char **indicators = list_of(asked, OPT_INDICATOR, &request.n_indicators);
  request.indicators = (const char *const *)indicators;
  if (has(asked, OPT_INDICATOR) && request.n_indicators == 0) { /* `-i ""` is a slip, not "all" */
    code = usage_error(asked, "--indicator names no indicator");
  } else {
    code = with_catalog(a, store, &request, catalog, work, ctx);
  }
  free_list(indicators, request.n_indicators);
  ict_catalog_free(catalog);
  return code;
}
