/* What a guest of the library writes: a store in, a table on standard output. Builds as C and C++.
 */
#include <ictstat/compute.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  ict_err err;
  ict_catalog *catalog = NULL;
  ict_store *store = NULL;
  ict_table *table = NULL;
  const char *by[] = {"sex"}, *indicators[] = {"17.8.1"};
  ict_request request;
  memset(&request, 0, sizeof request); /* zero is the default of everything */
  request.indicators = indicators;
  request.n_indicators = 1;
  request.by = by;
  request.n_by = 1;
  ict_status st = argc == 2 ? ICT_OK : ICT_USAGE;
  if (st == ICT_OK) st = ict_catalog_open(NULL, NULL, 0, &catalog, NULL, &err);
  if (st == ICT_OK) st = ict_store_open(argv[1], &store, &err);
  if (st == ICT_OK) st = ict_compute(store, catalog, &request, &table, NULL, &err);
  if (st == ICT_OK) st = ict_table_write(table, "csv", "-", &err);
  if (st != ICT_OK && argc == 2) fprintf(stderr, "%s\n", err.what);
  ict_table_free(table);
  ict_store_close(store);
  ict_catalog_free(catalog);
  return st;
}
