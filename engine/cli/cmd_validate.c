/* cmd_validate.c - `ictstat validate`. */
#include <stdlib.h>

#include "base/stream.h"
#include "cli/cli.h"
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

static ict_status validate(const args *a, const ict_catalog *catalog, const ict_validate_request *q,
                           ict_findings *findings, size_t *found, ict_err *err) {
  const char *path = has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-";
  ict_validation *validation = NULL;
  ict_status st = ICT_OK;
  if (has(a, OPT_LIST))
    return ict_rules_write(catalog, q->rules, format_of(a, path), path, findings, err);
  for (size_t i = 0; i < a->n_words && st == ICT_OK; i++)
    st = ict_path_apart(path, a->words[i], err);
  for (size_t i = 0; i < q->n_history && st == ICT_OK; i++)
    st = ict_path_apart(path, q->history[i], err);
  if (st == ICT_OK) st = ict_validate(catalog, q, &validation, findings, err);
  if (st == ICT_OK) st = ict_validation_write(validation, format_of(a, path), path, err);
  if (st == ICT_OK)
    *found =
        ict_validation_count(validation, ICT_ERROR) + ict_validation_count(validation, ICT_WARNING);
  ict_validation_free(validation);
  return st;
}

int run_VALIDATE(const args *a) {
  if (a->n_words == 0 && !has(a, OPT_LIST))
    return usage_error(a, "ictstat validate takes tables, or --list");
  ict_validate_request q = {.tables = a->words,
                            .n_tables = a->n_words,
                            .history = a->given[OPT_HISTORY].values,
                            .n_history = a->given[OPT_HISTORY].n,
                            .rules = text_of(a, OPT_RULES),
                            .constraints = text_of(a, OPT_CONSTRAINTS)};
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  ict_err err = {0};
  size_t found = 0;
  ict_findings *findings = ict_findings_new();
  ict_status st = validate(a, catalog, &q, findings, &found, &err);
  print_findings(a, findings);
  code = st == ICT_OK ? (found ? ICT_DIFFER : ICT_OK) : (int)st;
  if (st != ICT_OK && ict_findings_count_of(findings, ICT_ERROR) == 0) code = report(&err);
  ict_findings_free(findings);
  ict_catalog_free(catalog);
  return code;
}
