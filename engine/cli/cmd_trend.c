/* cmd_trend.c - `ictstat trend`. */
#include <string.h>

#include "base/err.h"
#include "cli/working.h"
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
  return int_of(a, OPT_TO, 1000, 9999, &request->to) && level_of(a, &request->level);
}

typedef struct trending {
  const args *a;
  ict_trend_request request;
} trending;

static ict_status trend(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                        ict_err *err) {
  const trending *t = ctx;
  const args *a = t->a;
  const char *path = output_of(a);
  ict_table **tables = NULL, *result = NULL;
  ict_status st;
  ICT_TRY(done, st, ict_format_check_changes(format_of(a, path), path, err)); /* before the work */
  ICT_TRY(done, st, read_tables(a, &tables, err));
  ICT_TRY(done, st,
          ict_trend_table((const ict_table *const *)tables, a->words, a->n_words, catalog,
                          &t->request, &result, findings, err));
  st = write_result(a, result, path, err);
done:
  ict_table_free(result);
  free_tables(a, tables);
  return st;
}

int run_TREND(const args *a) {
  trending t = {.a = a};
  return read_request(a, &t.request) ? working(a, a, trend, &t) : ICT_USAGE;
}
