/* cmd_trend.c - `ictstat trend`. */
#include <stdlib.h>
#include <string.h>

#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/trend.h"

const char MANUAL_TREND[] =
    "  ictstat trend est2015.csv est2016.csv est2023.csv       change per year, projection to "
    "2030\n"
    "  ictstat trend est*.csv --target 95                      and what it takes to reach 95 % by "
    "then\n"
    "  ictstat trend est*.csv --target targets.csv --to 2035   a target for each area, sex, ...\n"
    "  ictstat trend est*.csv --scale linear -o trend.csv\n\n"
    "  The tables are what `ictstat compute -f csv` wrote, in any order. Each key that has two or "
    "more\n"
    "  rounds becomes a series: a line weighted by 1/SE^2, straight in the log odds for shares, "
    "with\n"
    "  standard errors from those of the rounds (docs/math.md, Trend). A round with observation\n"
    "  status B starts its series anew. Every row of the result is modelled (nature M) and has "
    "its\n"
    "  own code on the axis `trend`: CHANGE per year, FIT, REQUIRED and GAP for a target, "
    "PROJECTION.\n"
    "  targets.csv has a column `target`, and of indicator, item, ref_area, the axes and by (a "
    "year)\n"
    "  those it depends on; the first row that fits is taken:\n\n"
    "    indicator,sex,target,by\n"
    "    17.8.1,F,90,2027\n"
    "    17.8.1,,95,\n\n"
    "  Formats: table, csv, json.\n";

static bool read_request(const args *a, ict_trend_request *request) {
  static const char *const SCALES[] = {"auto", "logistic", "linear"};
  const char *scale = text_of(a, OPT_SCALE);
  size_t i = 0;
  while (scale && i < 3 && strcmp(scale, SCALES[i]) != 0) i++;
  if (i == 3) {
    usage_error(a, "--scale is auto, logistic or linear, not '%s'", scale);
    return false;
  }
  request->scale = (ict_trend_scale)i;
  request->target = text_of(a, OPT_TARGET);
  long year = 0;
  if (has(a, OPT_TO) && !number_of(a, OPT_TO, 1000, 9999, &year)) return false;
  request->to = (int)year;
  return level_of(a, &request->level);
}

static ict_status trend(const args *a, const ict_catalog *catalog, const ict_trend_request *request,
                        ict_table **tables, ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_table *result = NULL;
  ict_status st = ict_format_check_changes(format_of(a, path), path, err); /* before the work */
  if (st == ICT_OK && request->target) st = ict_path_apart(path, request->target, err);
  for (size_t i = 0; i < a->n_words && st == ICT_OK; i++) {
    st = ict_path_apart(path, a->words[i], err);
    if (st == ICT_OK) st = ict_table_read_csv(a->words[i], &tables[i], err);
  }
  if (st == ICT_OK)
    st = ict_trend_table((const ict_table *const *)tables, a->words, a->n_words, catalog, request,
                         &result, findings, err);
  if (st == ICT_OK) st = write_result(a, result, path, err);
  ict_table_free(result);
  return st;
}

int run_TREND(const args *a) {
  ict_trend_request request = {0};
  if (!read_request(a, &request)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  ict_table **tables = calloc(a->n_words, sizeof *tables);
  ict_status st = tables ? trend(a, catalog, &request, tables, findings, &err)
                         : (ict_status)usage_error(a, "out of memory");
  print_findings(a, findings);
  code = st == ICT_OK || !tables ? (int)st : report(&err);
  for (size_t i = 0; tables && i < a->n_words; i++) ict_table_free(tables[i]);
  free(tables);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
