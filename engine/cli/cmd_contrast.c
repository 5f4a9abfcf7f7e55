/* cmd_contrast.c - `ictstat contrast`. */
#include "base/err.h"
#include "cli/working.h"
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

typedef struct contrasting {
  const args *a;
  double level;
} contrasting;

static ict_status contrast(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                           ict_err *err) {
  const contrasting *c = ctx;
  const args *a = c->a;
  const char *path = output_of(a);
  ict_table **tables = NULL, *result = NULL;
  ict_status st;
  ICT_TRY(done, st, ict_format_check_changes(format_of(a, path), path, err)); /* before the work */
  ICT_TRY(done, st, read_tables(a, &tables, err));
  ICT_TRY(done, st,
          ict_contrast_tables((const ict_table *const *)tables, a->words, catalog, c->level,
                              &result, findings, err));
  st = write_result(a, result, path, err);
done:
  ict_table_free(result);
  free_tables(a, tables);
  return st;
}

int run_CONTRAST(const args *a) {
  contrasting c = {.a = a};
  return level_of(a, &c.level) ? working(a, a, contrast, &c) : ICT_USAGE;
}
