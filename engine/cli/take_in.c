/* take_in.c - import and check: the same way, with and without a store at its end. */
#include "cli/take_in.h"

#include <stdio.h>

#include "base/err.h"
#include "ictstat/import.h"

int take_in(const args *a, const char *output) {
  ict_import_options options = {.mapping = a->words[0],
                                .data_dir = text_of(a, OPT_DATA),
                                .output = output,
                                .progress = progress_bar(a)};
  if (!threads_of(a, &options.threads) || !size_of(a, OPT_MEMORY, &options.memory))
    return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  ict_status st = output ? output_ready(a, output, &err) : ICT_OK;
  if (st == ICT_OK)
    st = ict_import(catalog, &options, findings, &err);
  else
    ict_err_while(&err, "importing %s", options.mapping);
  code = told(a, st, findings, &err);
  print_tally(a, findings);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
