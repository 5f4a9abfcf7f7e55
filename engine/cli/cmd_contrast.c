/* cmd_contrast.c - `ictstat contrast`. */
#include <stdio.h>

#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/contrast.h"
#include "ictstat/table.h"

const char MANUAL_CONTRAST[] =
    "  ictstat contrast est2020.csv est2024.csv                what changed between two rounds\n"
    "  ictstat contrast est2020.csv est2024.csv -o change.csv\n\n"
    "  The tables are what `ictstat compute -f csv` wrote, in any order. Rows of the same "
    "indicator,\n"
    "  item, area and breakdown are compared: the later round less the earlier, as of independent\n"
    "  samples, with standard error, interval, and the P value of the t test that nothing changed\n"
    "  (docs/math.md, Contrasts). Classes within one survey, the gender gap say, share PSUs: "
    "compare\n"
    "  them by `ictstat compute --contrast sex:F-M`. Formats: table, csv, json.\n";

static ict_status contrast(const args *a, const ict_catalog *catalog, double level,
                           ict_table *tables[2], ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_table *result = NULL;
  ict_status st = ict_format_check_changes(format_of(a, path), path, err); /* before the work */
  for (size_t i = 0; i < 2 && st == ICT_OK; i++) {
    st = ict_path_apart(path, a->words[i], err);
    if (st == ICT_OK) st = ict_table_read_csv(a->words[i], &tables[i], err);
  }
  if (st == ICT_OK)
    st = ict_contrast_tables((const ict_table *const *)tables, a->words, catalog, level, &result,
                             findings, err);
  if (st == ICT_OK) st = write_result(a, result, path, err);
  ict_table_free(result);
  return st;
}

int run_CONTRAST(const args *a) {
  double level = 0;
  if (!level_of(a, &level)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  ict_table *tables[2] = {NULL, NULL};
  ict_status st = contrast(a, catalog, level, tables, findings, &err);
  fflush(stdout);
  print_findings(a, findings);
  code = st == ICT_OK ? ICT_OK : report(&err);
  ict_table_free(tables[0]);
  ict_table_free(tables[1]);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
