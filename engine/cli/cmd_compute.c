/* cmd_compute.c - `ictstat compute`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/computing.h"
#include "cli/part_words.h"
#include "cli/spread.h"
#include "ictstat/part.h"

const char MANUAL_COMPUTE[] =
    "  ictstat compute xyz.h5                                  all the store can answer, totals\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex --by age      one indicator, two breakdowns\n"
    "  ictstat compute xyz.h5 -i 4.4.1 --by sex,age:ten-year   sex crossed with ten-year bands\n"
    "  ictstat compute xyz.h5 --by 'cube(sex,age,urbanisation)' -o est.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by age --contrast sex:F-M   the gender gap, also by age\n"
    "  ictstat compute panel.h5 -i 17.8.1 --contrast period:2023-2022   what changed between "
    "rounds\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --by sex -f sdmx-csv -o out.csv\n"
    "  ictstat compute xyz.h5 -i 17.8.1 --explain              the plan, nothing computed\n"
    "  ictstat compute xyz.h5 --ci beta --df design -f sampling-errors   as in a survey report\n"
    "  ictstat compute xyz.h5 --by sex --part 2/8 -o part.2      an eighth of the work; see "
    "merge\n"
    "  mpirun -n 8 ictstat compute xyz.h5 --by sex -o est.csv    many processes, or machines\n\n"
    "  Standard errors are Taylor linearised under the store's design, or by its replicates where\n"
    "  it has some; --replicates chooses (docs/math.md). Domains never drop rows from the\n"
    "  design. The same request gives the same bytes for any --threads, parts or processes.\n";

static ict_status explain(const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  char *text = NULL;
  ict_status st = ict_compute_explain(store, catalog, request, &text, findings, err);
  if (st == ICT_OK && (fputs(text, stdout) == EOF || fflush(stdout) != 0))
    st = ict_err_system(err, "standard output", "cannot write");
  ict_text_free(text);
  return st;
}

typedef struct asked {
  const args *a;
  unsigned k, n; /* --part k/n; n 0: all */
} asked;

static ict_status part(const asked *q, const ict_store *store, const ict_catalog *catalog,
                       const ict_request *request, ict_findings *findings, ict_err *err) {
  const char *path = output_of(q->a);
  char *note = part_words(q->a, err);
  if (!note) return err->status;
  ict_status st = ict_compute_part(store, catalog, request, q->k, q->n, note, path, findings, err);
  if (st == ICT_OK && !has(q->a, OPT_QUIET))
    fprintf(stderr, "%s: part %u of %u\n", path, q->k, q->n);
  free(note);
  return st;
}

static ict_status compute(void *ctx, const ict_store *store, const ict_catalog *catalog,
                          const ict_request *request, ict_findings *findings, ict_err *err) {
  const asked *q = ctx;
  const args *a = q->a;
  if (has(a, OPT_EXPLAIN_PLAN)) return explain(store, catalog, request, findings, err);
  const char *path = output_of(a);
  ict_table *table = NULL;
  ict_status st = spread_writes() ? output_ready(a, path, err) : ICT_OK;
  if (st == ICT_OK && q->n > 0) return part(q, store, catalog, request, findings, err);
  if (st == ICT_OK) st = ict_format_check(format_of(a, path), path, err); /* before the work */
  if (st == ICT_OK) st = spread_compute(store, catalog, request, &table, findings, err);
  progress_end();
  if (st == ICT_OK && table) st = write_result(a, table, path, err);
  ict_table_free(table);
  return st;
}

int run_COMPUTE(const args *a) {
  asked q = {.a = a};
  if (has(a, OPT_PART)) {
    if (!part_of(a, &q.k, &q.n)) return ICT_USAGE;
    if (strcmp(output_of(a), "-") == 0)
      return usage_error(a, "--part needs -o FILE, the file of this part");
    if (has(a, OPT_FORMAT))
      return usage_error(a, "--format is for `ictstat merge`, not for a part");
  }
  return computing(a, a, a->words[0], compute, &q);
}
