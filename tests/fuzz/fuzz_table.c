/* fuzz_table.c - any bytes as a table of ours: refused with a place, or the same table after
 * writing it and reading it again. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "ictstat/table.h"
#include "publish/format.h"

static char *written(const ict_table *table) {
  ict_out *out;
  size_t len;
  if (ict_out_memory(&out, NULL) != ICT_OK) abort();
  ict_format_find("csv")->write(table, 1, out, NULL);
  return ict_out_take(out, &len, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ict_table *table = NULL, *again = NULL;
  ict_err err = {0};
  if (ict_table_read_csv(fuzz_file(data, size, ".csv"), &table, &err) != ICT_OK) {
    if (table || !err.what[0] || err.status == ICT_OK) abort();
    return 0;
  }
  char *first = written(table);
  if (ict_table_read_csv(fuzz_file((const uint8_t *)first, strlen(first), ".csv"), &again, &err) !=
      ICT_OK)
    abort();
  char *second = written(again);
  if (strcmp(first, second) != 0) abort();
  ict_free(first);
  ict_free(second);
  ict_table_free(table);
  ict_table_free(again);
  return 0;
}
