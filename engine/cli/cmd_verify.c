/* cmd_verify.c - `ictstat verify`. */
#include <stdio.h>

#include "cli/cli.h"
#include "ictstat/store.h"

const char MANUAL_VERIFY[] =
    "  ictstat verify survey.h5\n\n"
    "  Recomputes the SHA-256 of every dataset and the whole, and checks that the design's "
    "indexes\n"
    "  fit the rows and every code is in its list. Exit code 4 where something differs.\n";

int run_VERIFY(const args *a) {
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  ict_status st = ict_store_verify(a->words[0], findings, &err);
  if (st == ICT_OK && !has(a, OPT_QUIET)) printf("%s: all checksums hold\n", a->words[0]);
  int code = told(a, st, findings, &err);
  ict_findings_free(findings);
  return code;
}
