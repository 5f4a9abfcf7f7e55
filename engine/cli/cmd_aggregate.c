/* cmd_aggregate.c - `ictstat aggregate`. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/working.h"
#include "ictstat/aggregate.h"

const char MANUAL_AGGREGATE[] =
    "  ictstat aggregate est/*.csv --groups world,ldc --population pop.csv -o world.csv\n"
    "  ictstat aggregate est/*.csv --groups itu-region,m49,sdg-region,lldc,sids --population "
    "pop.csv "
    "--year 2023\n"
    "  ictstat aggregate est/*.csv --groups world --population pop.csv --impute "
    "linear,carry:3,hotdeck --countries\n"
    "  ictstat aggregate est/*.csv --groups income --membership 2025 --population pop.csv "
    "--coverage strict\n\n"
    "  The tables are country values as `ictstat compute -f csv` writes them; ref_area is an ISO "
    "alpha-3\n"
    "  code. The population table is CSV, and may have sex, age and urbanisation as well (codes as "
    "in\n"
    "  the tables, _T for all):\n\n"
    "    ref_area,time_period,population\n"
    "    BRA,2016,206859578\n\n"
    "  Sets of groups: world, m49, sdg-region, itu-region, ldc (with graduations), lldc, sids, "
    "sids-un,\n"
    "  income (FY26: --year 2025, or --membership 2025 for other years). A group value is\n"
    "  sum(people x value) / sum(people) over its members with a value. A country without a value "
    "in "
    "the\n"
    "  year is filled by the first method of --impute that can: linear (between years), carry "
    "(forward,\n"
    "  carry:3 at most 3 years), trend (the line of the five years before), hotdeck (mean of the "
    "same\n"
    "  region and income), regression (on the columns of --covariates). Flags tell the verdict of\n"
    "  the coverage rule (uis: below 33 % of the population nothing is published, below 60 % "
    "coverage_low;\n"
    "  itu: none; strict) and what was imputed. n_unweighted counts the countries measured, n_psu "
    "those in\n"
    "  the mean, n_strata those of the group. Standard errors are propagated where every value has "
    "one.\n"
    "  Methods, formulas, files: docs/groups.md.\n";

static bool read_years(const args *a, int **years, size_t *n) {
  char **texts;
  bool good = list_of(a, OPT_YEAR, &texts, n);
  *years = calloc(*n + 1, sizeof **years);
  if (!*years) usage_error(a, "out of memory");
  good = good && *years;
  for (size_t i = 0; i < *n && good; i++) {
    char *end;
    long year = strtol(texts[i], &end, 10);
    good = end != texts[i] && *end == '\0' && year >= 1000 && year <= 9999;
    if (!good) usage_error(a, "--year is a year or several, 2016 or 2010,2016, not '%s'", texts[i]);
    (*years)[i] = (int)year;
  }
  free_list(texts, *n);
  return good;
}

static bool read_request(const args *a, ict_aggregate_request *request) {
  const char *weight = text_of(a, OPT_WEIGHT);
  if (!has(a, OPT_GROUPS) || !has(a, OPT_POPULATION)) {
    usage_error(a, "aggregate needs --groups and --population");
    return false;
  }
  if (weight && strcmp(weight, "population") != 0 && strcmp(weight, "denominator") != 0) {
    usage_error(a, "--weight is population or denominator, not '%s'", weight);
    return false;
  }
  request->by_denominator = weight && strcmp(weight, "denominator") == 0;
  request->population = text_of(a, OPT_POPULATION);
  request->impute = text_of(a, OPT_IMPUTE);
  request->covariates = text_of(a, OPT_COVARIATES);
  request->coverage = text_of(a, OPT_COVERAGE);
  request->countries = has(a, OPT_COUNTRIES);
  return int_of(a, OPT_MEMBERSHIP, 1000, 9999, &request->membership) &&
         level_of(a, &request->level);
}

typedef struct aggregating {
  const args *a;
  ict_aggregate_request request;
} aggregating;

static ict_status aggregate(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                            ict_err *err) {
  const aggregating *g = ctx;
  const args *a = g->a;
  const ict_aggregate_request *request = &g->request;
  ict_table **tables = NULL, *result = NULL;
  ict_status st;
  ICT_TRY(done, st, read_tables(a, &tables, err));
  ICT_TRY(done, st,
          ict_aggregate_table((const ict_table *const *)tables, a->words, a->n_words, catalog,
                              request, &result, findings, err));
  st = write_result(a, result, output_of(a), err);
done:
  ict_table_free(result);
  free_tables(a, tables);
  return st;
}

int run_AGGREGATE(const args *a) {
  aggregating g = {.a = a};
  ict_aggregate_request *request = &g.request;
  int code = ICT_USAGE, *years = NULL;
  char **groups = NULL, **indicators = NULL;
  if (!read_request(a, request) || !read_years(a, &years, &request->n_years) ||
      !list_of(a, OPT_GROUPS, &groups, &request->n_groups) ||
      !list_of(a, OPT_INDICATOR, &indicators, &request->n_indicators))
    goto done;
  request->groups = (const char *const *)groups;
  request->indicators = (const char *const *)indicators;
  request->years = years;
  code = working(a, a, aggregate, &g);
done:
  free_list(groups, request->n_groups);
  free_list(indicators, request->n_indicators);
  free(years);
  return code;
}
