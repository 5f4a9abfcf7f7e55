/* cmd_import.c - `ictstat import`. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/take_in.h"

const char MANUAL_IMPORT[] =
    "  ictstat import survey.yaml -o survey.h5\n"
    "  ictstat import survey.yaml --data /where/the/files/are -o survey.h5\n\n"
    "  Reads every file the mapping names, recodes, joins, checks, sorts by stratum and PSU and\n"
    "  writes one HDF5 file. Nothing is written unless everything is right: an existing store is\n"
    "  replaced whole or not at all.\n";

int run_IMPORT(const args *a) {
  if (!has(a, OPT_OUTPUT)) return usage_error(a, "import needs -o FILE, the store to write");
  return take_in(a, text_of(a, OPT_OUTPUT));
}
