/* cmd_compare.c - `ictstat compare`. */
#include <stdlib.h>

#include "cli/cli.h"
#include "ictstat/compare.h"

const char MANUAL_COMPARE[] =
    "  ictstat compare est.csv published.csv                   equal as far as published is "
    "rounded\n"
    "  ictstat compare est.csv published.csv --tol 0.1         within 0.1\n"
    "  ictstat compare new.csv old.csv --tol-rel 1e-10         two runs, every number of every "
    "row\n"
    "  ictstat compare est.csv published.csv -f csv -o diff.csv   every figure, with its result\n\n"
    "  TABLE is what `ictstat compute -f csv` wrote; PUBLISHED the same, or a CSV file with the\n"
    "  columns it needs: indicator, estimate, and of ref_area, time_period, sex, age, ... those "
    "that\n"
    "  tell its rows apart. It speaks of the totals of the axes that it has no column for:\n\n"
    "    indicator,sex,estimate,se\n"
    "    17.8.1,F,56.8,1.7\n\n"
    "  The CSV result also has the columns that rows of TABLE alone need to be told apart.\n"
    "  Exit code 4 where a figure differs or a published row is not in TABLE; where PUBLISHED is "
    "a\n"
    "  table of ours, also where it lacks a row. --format is table or csv.\n";

static bool number(const args *a, option_id id, bool *given, double *out) {
  const char *text = text_of(a, id);
  char *end;
  if (!text) return true;
  *given = true;
  *out = strtod(text, &end);
  if (end != text && !*end && *out >= 0 && *out < 1e300) return true;
  usage_error(a, "--%s takes a number from 0 up, not '%s'", OPTIONS[id].name, text);
  return false;
}

static ict_status compare(const args *a, const ict_compare_request *request, ict_findings *findings,
                          size_t *differences, ict_err *err) {
  const char *path = output_of(a);
  ict_table *table = NULL;
  ict_comparison *comparison = NULL;
  ict_status st = output_ready(a, path, err);
  if (st == ICT_OK) st = ict_table_read_csv(a->words[0], &table, err);
  if (st == ICT_OK)
    st = ict_compare(table, a->words[0], a->words[1], request, &comparison, findings, err);
  if (st == ICT_OK) st = ict_comparison_write(comparison, format_of(a, path), path, err);
  if (st == ICT_OK) *differences = ict_comparison_differences(comparison);
  ict_comparison_free(comparison);
  ict_table_free(table);
  return st;
}

int run_COMPARE(const args *a) {
  ict_compare_request request = {0};
  ict_err err = {0};
  size_t differences = 0;
  ict_findings *findings = ict_findings_new();
  char **figures = NULL;
  int code = ICT_USAGE;
  if (number(a, OPT_TOL, &request.has_tol, &request.tol) &&
      number(a, OPT_TOL_REL, &request.has_tol_rel, &request.tol_rel) &&
      list_of(a, OPT_COLUMNS, &figures, &request.n_figures)) {
    request.figures = (const char *const *)figures;
    code = told(a, compare(a, &request, findings, &differences, &err), findings, &err);
  }
  if (code == ICT_OK && differences > 0) code = ICT_DIFFER;
  free_list(figures, request.n_figures);
  ict_findings_free(findings);
  return code;
}
