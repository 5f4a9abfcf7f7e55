/* cmd_check.c - `ictstat check`. */
#include <stdio.h>

#include "catalog/table_map.h"
#include "cli/cli.h"
#include "cli/take_in.h"

const char MANUAL_CHECK[] =
    "  ictstat check survey.yaml                  the mapping and the data it names\n"
    "  ictstat check survey.yaml --no-data        the mapping alone\n\n"
    "  Shows every problem with file, line and column: unknown keys and concepts, codes that do "
    "not\n"
    "  exist or are not mapped, keys that repeat or do not match, bad weights, single-PSU strata.\n"
    "  Writes nothing. Exit code 3 where import would refuse.\n";

static int check_mapping_alone(const args *a) {
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_mapping *mapping = NULL;
  ict_table_map *table = NULL;
  ict_findings *findings = ict_findings_new();
  const char *path = a->words[0];
  ict_status st = ict_mapping_or_table_load(path, catalog, &mapping, &table, findings, &err);
  code = told(a, st, findings, &err);
  print_tally(a, findings);
  ict_mapping_free(mapping);
  ict_table_map_free(table);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}

int run_CHECK(const args *a) {
  int code = has(a, OPT_NO_DATA) ? check_mapping_alone(a) : take_in(a, NULL);
  if (code == ICT_OK && !has(a, OPT_QUIET)) fprintf(stderr, "%s: ready to import\n", a->words[0]);
  return code;
}
