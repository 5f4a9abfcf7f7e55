/* cmd_test.c - `ictstat test`. */
#include "cli/computing.h"
#include "estimate/choices.h"
#include "ictstat/test.h"

const char MANUAL_TEST[] =
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --by urbanisation     is use associated with them?\n"
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --within urbanisation  also in towns and villages\n"
    "  ictstat test xyz.h5 --table education_lev:levels,sex         two variables, no indicator\n"
    "  ictstat test xyz.h5 -i 17.8.1 --contrast sex:F-M             t and P of the gap\n"
    "  ictstat test xyz.h5 -i 17.8.1 --by sex --statistic adjwald -o tests.csv\n\n"
    "  Shares and counts: the chi-square test of the table indicator x classes with Rao and "
    "Scott's\n"
    "  correction, as R's svychisq. Means and ratios: the t test of two classes, as R's svyttest, "
    "or\n"
    "  Wald's F for more. The design, its replicates and lonely PSUs count as in `compute`; "
    "classes\n"
    "  without anybody are dropped and flagged (docs/math.md, Tests). Formats: table, csv, "
    "json.\n";

static bool read_statistic(const args *a, ict_test_statistic *out) {
  const char *text = text_of(a, OPT_STATISTIC);
  if (!text || ict_test_statistic_find(text, out)) return true;
  usage_error(a, "--statistic is F, chisq, wald or adjwald, not '%s'", text);
  return false;
}

typedef struct testing {
  const args *a;
  ict_test_request request; /* but for what it shares with `compute` */
} testing;

static ict_status test(void *ctx, const ict_store *store, const ict_catalog *catalog,
                       const ict_request *compute, ict_findings *findings, ict_err *err) {
  testing *t = ctx;
  const char *path = output_of(t->a);
  ict_tests *tests = NULL;
  t->request.compute = *compute;
  ict_status st = output_ready(t->a, path, err);
  if (st == ICT_OK) st = ict_test(store, catalog, &t->request, &tests, findings, err);
  progress_end();
  if (st == ICT_OK) st = ict_tests_write(tests, format_of(t->a, path), path, err);
  ict_tests_free(tests);
  return st;
}

int run_TEST(const args *a) {
  testing t = {.a = a,
               .request = {.within = text_of(a, OPT_WITHIN),
                           .tables = a->given[OPT_TABLE].values,
                           .n_tables = a->given[OPT_TABLE].n,
                           .unit = text_of(a, OPT_UNIT)}};
  if (!read_statistic(a, &t.request.statistic)) return ICT_USAGE;
  return computing(a, a, a->words[0], test, &t);
}
