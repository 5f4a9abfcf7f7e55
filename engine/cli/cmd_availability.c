/* cmd_availability.c - `ictstat availability`. */
#include <stdlib.h>

#include "cli/working.h"
#include "ictstat/availability.h"

const char MANUAL_AVAILABILITY[] =
    "  ictstat availability est/*.csv --groups itu-region,ldc --years 2015-2024\n"
    "  ictstat availability est/*.csv -i 17.8.1,5.b.1 --by sex --by age --population pop.csv\n"
    "  ictstat availability est/*.csv --framework sdg --show gaps --population pop.csv\n"
    "  ictstat availability est/*.csv --groups sdg-region -o map.svg\n"
    "  ictstat availability est/*.csv --show cells -f csv\n\n"
    "  What there is of what is expected: the indicators of -i and --framework (else those in the\n"
    "  tables), for every country of the world (or of --areas), in every year, as a total and by\n"
    "  every --by. --show: summary (by group, over all years and by year), cells (every country "
    "and\n"
    "  year, with quality and CV), gaps (countries without a value or a recent one, by people).\n"
    "  Formats: table, csv, json, and svg, a heat map. Definitions: docs/availability.md.\n";

static bool read_years(const args *a, int *first, int *last) {
  const char *text = text_of(a, OPT_YEARS);
  char *end;
  if (!text) return true;
  long from = strtol(text, &end, 10), until = from;
  if (*end == '-') until = strtol(end + 1, &end, 10);
  *first = (int)from;
  *last = (int)until;
  if (*end == '\0' && from >= 1000 && until <= 9999 && from <= until && until - from < 200)
    return true;
  usage_error(a, "--years is a year or a span, 2015-2024, not '%s'", text);
  return false;
}

typedef struct looking {
  const args *a;
  ict_availability_request request;
} looking;

static ict_status availability(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                               ict_err *err) {
  const looking *l = ctx;
  const args *a = l->a;
  const char *path = output_of(a);
  ict_availability *made = NULL;
  ict_status st = output_ready(a, path, err);
  if (st == ICT_OK) st = ict_availability_make(catalog, &l->request, &made, findings, err);
  if (st == ICT_OK)
    st = ict_availability_write(made, text_of(a, OPT_SHOW), format_of(a, path), path, err);
  ict_availability_free(made);
  return st;
}

int run_AVAILABILITY(const args *a) {
  ict_availability_request q = {.tables = a->words,
                                .n_tables = a->n_words,
                                .framework = text_of(a, OPT_FRAMEWORK),
                                .by = a->given[OPT_BY].values,
                                .n_by = a->given[OPT_BY].n,
                                .population = text_of(a, OPT_POPULATION)};
  int code = ICT_USAGE;
  char **indicators = NULL, **groups = NULL, **areas = NULL;
  if (!list_of(a, OPT_INDICATOR, &indicators, &q.n_indicators) ||
      !list_of(a, OPT_GROUPS, &groups, &q.n_groups) || !list_of(a, OPT_AREAS, &areas, &q.n_areas) ||
      !int_of(a, OPT_RECENT, 1, 100, &q.recent) ||
      !int_of(a, OPT_MEMBERSHIP, 1000, 9999, &q.membership) ||
      !read_years(a, &q.first_year, &q.last_year))
    goto done;
  q.indicators = (const char *const *)indicators;
  q.groups = (const char *const *)groups;
  q.areas = (const char *const *)areas;
  code = working(a, a, availability, &(looking){a, q});
done:
  free_list(indicators, q.n_indicators);
  free_list(groups, q.n_groups);
  free_list(areas, q.n_areas);
  return code;
}
