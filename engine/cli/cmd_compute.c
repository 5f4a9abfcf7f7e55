/* cmd_compute.c - `ictstat compute`. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/stream.h"
#include "cli/cli.h"
#include "estimate/choices.h"
#include "ictstat/compute.h"

const char MANUAL_COMPUTE[] =
    "  ictstat compute xyz.h5                                  all the store can answer, totals\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex --by age      one indicator, two breakdowns\n"
    "  ictstat compute xyz.h5 -i 4.4.1 --by sex,age:ten-year   sex crossed with ten-year bands\n"
    "  ictstat compute xyz.h5 --by 'cube(sex,age,urbanisation)' -o est.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by age --contrast sex:F-M   the gender gap, also by age\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex -f sdmx-csv -o out.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --explain              the plan, nothing computed\n"
    "  ictstat compute xyz.h5 --ci beta --df design -f sampling-errors   as in a survey report\n\n"
    "  Standard errors are Taylor linearised under the store's design, or by its replicates where\n"
    "  it has some; --replicates chooses (docs/math.md). Domains never drop rows from the\n"
    "  design. The same request gives the same bytes for any --threads.\n";

/* Says what an option may be; false. */
static bool no_choice(const args *a, option_id id, const char *expected) {
  fprintf(stderr,
          "ictstat: error: --%s cannot be '%s'\n  expected: one of %s\n"
          "  fix: see `ictstat compute --help`\n",
          OPTIONS[id].name, text_of(a, id), expected);
  return false;
}

static bool read_choices(const args *a, ict_request *request) {
  if (has(a, OPT_CI) && !ict_ci_find(text_of(a, OPT_CI), &request->ci)) {
    char names[256] = "";
    for (int i = 0, at = 0; i < ICT_N_CI; i++)
      at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", i ? ", " : "",
                     ict_ci_name((ict_ci_method)i));
    return no_choice(a, OPT_CI, names);
  }
  if (has(a, OPT_DEFF) && !ict_deff_find(text_of(a, OPT_DEFF), &request->deff))
    return no_choice(a, OPT_DEFF, "wr, wor");
  if (has(a, OPT_DF) && !ict_df_find(text_of(a, OPT_DF), &request->df, &request->df_fixed))
    return no_choice(a, OPT_DF, "degf, design, inf, fixed:N with a number N above 0");
  return true;
}

static bool read_request(const args *a, ict_request *request) {
  if (!read_choices(a, request)) return false;
  request->profile = text_of(a, OPT_PROFILE);
  request->by = a->given[OPT_BY].values;
  request->n_by = a->given[OPT_BY].n;
  request->contrasts = a->given[OPT_CONTRAST].values;
  request->n_contrasts = a->given[OPT_CONTRAST].n;
  long n;
  if (has(a, OPT_THREADS)) {
    if (!number_of(a, OPT_THREADS, 1, 1024, &n)) return false;
    request->threads = (int)n;
  }
  if (!level_of(a, &request->level)) return false;
  request->replicates = text_of(a, OPT_REPLICATES);
  request->mse = has(a, OPT_MSE);
  request->ultimate_cluster = has(a, OPT_ULTIMATE_CLUSTER);
  request->seed = 1;
  if (has(a, OPT_SEED)) {
    if (!number_of(a, OPT_SEED, 0, LONG_MAX, &n)) return false;
    request->seed = (unsigned long long)n;
  }
  request->progress = progress_bar(a);
  return true;
}

static ict_status explain(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  char *text = NULL;
  ict_status st = ict_compute_explain(store, catalog, request, &text, findings, err);
  if (st == ICT_OK && (fputs(text, stdout) == EOF || fflush(stdout) != 0))
    st = ict_err_system(err, "standard output", "cannot write");
  ict_text_free(text);
  return st;
}

static ict_status compute(const args *a, const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_table *table = NULL;
  ict_status st = ict_path_apart(path, a->words[0], err);
  if (st == ICT_OK) st = ict_format_check(format_of(a, path), path, err); /* before the work */
  if (st == ICT_OK) st = ict_compute(store, catalog, request, &table, findings, err);
  progress_end();
  if (st == ICT_OK) st = write_result(a, table, path, err);
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
