/* cmd_compute.c - `ictstat compute`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stream.h"
#include "cli/cli.h"
#include "ictstat/compute.h"

const char MANUAL_COMPUTE[] =
    "  ictstat compute xyz.h5                                  all the store can answer, totals\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex --by age      one indicator, two breakdowns\n"
    "  ictstat compute xyz.h5 -i 4.4.1 --by sex,age:ten-year   sex crossed with ten-year bands\n"
    "  ictstat compute xyz.h5 --by 'cube(sex,age,urbanisation)' -o est.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex -f sdmx-csv -o out.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --explain              the plan, nothing computed\n\n"
    "  Standard errors are Taylor linearised under the store's design (docs/math.md). Domains\n"
    "  never drop rows from the design. The same request gives the same bytes for any --threads.\n";

static bool word_of(const args *a, option_id id, const char *const *words, int n, int *out) {
  const char *text = text_of(a, id);
  if (!text) return true;
  for (int i = 0; i < n; i++)
    if (strcmp(text, words[i]) == 0) {
      *out = i;
      return true;
    }
  fprintf(stderr, "ictstat: error: --%s cannot be '%s'\n  expected: one of", OPTIONS[id].name,
          text);
  for (int i = 0; i < n; i++) fprintf(stderr, "%s %s", i ? "," : "", words[i]);
  fputc('\n', stderr);
  return false;
}

static bool read_request(const args *a, ict_request *request) {
  static const char *const ci[] = {"default", "logit", "t", "normal"};
  static const char *const deff[] = {"wr", "wor"};
  int which_ci = ICT_CI_DEFAULT, which_deff = ICT_DEFF_WR;
  if (!word_of(a, OPT_CI, ci, 4, &which_ci) || !word_of(a, OPT_DEFF, deff, 2, &which_deff))
    return false;
  request->ci = (ict_ci_method)which_ci;
  request->deff = (ict_deff_kind)which_deff;
  request->profile = text_of(a, OPT_PROFILE);
  request->by = a->given[OPT_BY].values;
  request->n_by = a->given[OPT_BY].n;
  long n;
  if (has(a, OPT_THREADS)) {
    if (!number_of(a, OPT_THREADS, 1, 1024, &n)) return false;
    request->threads = (int)n;
  }
  if (has(a, OPT_LEVEL)) {
    char *end;
    double level = strtod(text_of(a, OPT_LEVEL), &end);
    if (*end || !(level > 0 && level < 100)) {
      usage_error(a, "--level takes a percentage between 0 and 100, not '%s'",
                  text_of(a, OPT_LEVEL));
      return false;
    }
    request->level = level / 100;
  }
  request->progress = progress_bar(a);
  return true;
}

/* A table for people, csv for programs, unless told otherwise. */
static const char *format_of(const args *a, const char *path) {
  if (has(a, OPT_FORMAT)) return text_of(a, OPT_FORMAT);
  if (strcmp(path, "-") != 0) return NULL;
  return isatty(STDOUT_FILENO) ? "table" : "csv";
}

static ict_status explain(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  char *text = NULL;
  ict_status st = ict_compute_explain(store, catalog, request, &text, findings, err);
  if (st == ICT_OK) fputs(text, stdout);
  ict_text_free(text);
  return st;
}

static ict_status compute(const args *a, const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_table *table = NULL;
  ict_status st = ict_path_apart(path, a->words[0], err);
  if (st == ICT_OK) st = ict_compute(store, catalog, request, &table, findings, err);
  progress_end();
  if (st == ICT_OK) st = ict_table_write(table, format_of(a, path), path, err);
  if (st == ICT_OK && strcmp(path, "-") != 0 && !has(a, OPT_QUIET))
    fprintf(stderr, "%s: %zu rows\n", path, ict_table_rows(table));
  ict_table_free(table);
  return st;
}

int run_COMPUTE(const args *a) {
  ict_request request = {0};
  if (!read_request(a, &request)) return ICT_USAGE;
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  ict_store *store = NULL;
  ict_findings *findings = ict_findings_new();
  char **indicators = list_of(a, OPT_INDICATOR, &request.n_indicators);
  request.indicators = (const char *const *)indicators;
  if (has(a, OPT_INDICATOR) && request.n_indicators == 0) { /* `-i ""` is a slip, not "all" */
    code = usage_error(a, "--indicator names no indicator");
    goto done;
  }
  ict_status st = ict_store_open(a->words[0], &store, &err);
  if (st == ICT_OK)
    st = has(a, OPT_EXPLAIN_PLAN) ? explain(store, catalog, &request, findings, &err)
                                  : compute(a, store, catalog, &request, findings, &err);
  fflush(stdout);
  print_findings(a, findings);
  code = st == ICT_OK ? ICT_OK : report(&err);
done:
  free_list(indicators, request.n_indicators);
  ict_store_close(store);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
