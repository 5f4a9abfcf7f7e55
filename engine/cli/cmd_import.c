/* cmd_import.c - `ictstat import`. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/take_in.h"
#include "ictstat/store.h"

const char MANUAL_IMPORT[] =
    "  ictstat import survey.yaml -o survey.h5\n"
    "  ictstat import survey.yaml --data /where/the/files/are -o survey.h5\n\n"
    "  Reads every file the mapping names, recodes, joins, checks, sorts by stratum and PSU and\n"
    "  writes one HDF5 file. A mapping of a statistical table (`ictstat: table/1`, docs/admin.md) "
    "is\n"
    "  imported the same way. Nothing is written unless everything is right: an existing store is\n"
    "  replaced whole or not at all.\n";

/* "survey.h5: household 1137 rows, individual 3350 rows" */
static void tell(const char *path) {
  ict_store *store = NULL;
  if (ict_store_open(path, &store, NULL) != ICT_OK) return; /* a device: nothing to open */
  fprintf(stderr, "%s:", path);
  for (size_t i = 0; i < ict_store_units(store); i++)
    fprintf(stderr, "%s %s %" PRIu64 " rows", i ? "," : "", ict_store_unit_name(store, i),
            ict_store_unit_rows(store, i));
  fputc('\n', stderr);
  ict_store_close(store);
}

int run_IMPORT(const args *a) {
  if (!has(a, OPT_OUTPUT)) return usage_error(a, "import needs -o FILE, the store to write");
  if (strcmp(text_of(a, OPT_OUTPUT), "-") == 0)
    return usage_error(a, "a store cannot be written to standard output; name a file with -o");
  int code = take_in(a, text_of(a, OPT_OUTPUT));
  if (code == ICT_OK && !has(a, OPT_QUIET)) tell(text_of(a, OPT_OUTPUT));
  return code;
}
