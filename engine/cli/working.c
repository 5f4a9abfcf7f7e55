/* working.c - catalogue opened, work done, findings and errors told.
 *
 * In: options. Out: an exit code. Owns: what it opens, for the length of the work. */
#include "cli/working.h"

int working(const args *a, const args *asked, working_fn *work, void *ctx) {
  return working_for(a, asked, NULL, 0, work, ctx);
}

int working_for(const args *a, const args *asked, const char *const *ids, size_t n_ids,
                working_fn *work, void *ctx) {
  ict_catalog *catalog = NULL;
  int code = open_catalog_for(asked, ids, n_ids, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  ict_status st = work(ctx, catalog, findings, &err);
  code = told(a, st, findings, &err);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
