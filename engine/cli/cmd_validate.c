/* cmd_validate.c - `ictstat validate`. */
#include "cli/working.h"
#include "ictstat/table.h"
#include "ictstat/validate.h"

const char MANUAL_VALIDATE[] =
    "  ictstat validate est.csv                              by the rules that came with the "
    "program\n"
    "  ictstat validate est/*.csv --history published.csv    also changes since what was "
    "published\n"
    "  ictstat validate est.csv --rules mine.yaml            by rules of your own\n"
    "  ictstat validate est.csv -f json -o findings.json\n"
    "  ictstat validate --list                               the rules, what they allow and why\n\n"
    "  Tables are what `ictstat compute -f csv` wrote, or any in that form. All are judged "
    "together:\n"
    "  what does not fit may stand in two files. Exit code 4 where an error or a warning was "
    "found, 0\n"
    "  where nothing was, or notes alone. Nothing is changed. Formats: table, csv, json.\n"
    "  Rules and how to write them: docs/validate.md.\n";

typedef struct judging {
  const args *a;
  ict_validate_request request;
  size_t found;
} judging;

static ict_status validate(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                           ict_err *err) {
  judging *j = ctx;
  const args *a = j->a;
  const ict_validate_request *q = &j->request;
  const char *path = output_of(a);
  ict_validation *validation = NULL;
  ict_status st = output_ready(a, path, err);
  if (st == ICT_OK && has(a, OPT_LIST))
    return ict_rules_write(catalog, q->rules, format_of(a, path), path, findings, err);
  if (st == ICT_OK) st = ict_validate(catalog, q, &validation, findings, err);
  if (st == ICT_OK) st = ict_validation_write(validation, format_of(a, path), path, err);
  if (st == ICT_OK)
    j->found =
        ict_validation_count(validation, ICT_ERROR) + ict_validation_count(validation, ICT_WARNING);
  ict_validation_free(validation);
  return st;
}

int run_VALIDATE(const args *a) {
  if (a->n_words == 0 && !has(a, OPT_LIST))
    return usage_error(a, "ictstat validate takes tables, or --list");
  judging j = {.a = a,
               .request = {.tables = a->words,
                           .n_tables = a->n_words,
                           .history = a->given[OPT_HISTORY].values,
                           .n_history = a->given[OPT_HISTORY].n,
                           .rules = text_of(a, OPT_RULES),
                           .constraints = text_of(a, OPT_CONSTRAINTS)}};
  int code = working(a, a, validate, &j);
  return code == ICT_OK && j.found > 0 ? ICT_DIFFER : code;
}
