/* jobs.c - many small surveys: how many a second, each from an open store to a table.
 *
 *     jobs STORE THREADS TIMES EXTRA... -- BY...
 *
 * The store stands for TIMES surveys of its size. Each job is one computation on one thread;
 * THREADS of them run at a time, as a publication's batch would. Indicators are those whose
 * framework is "bench". */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/par.h"
#include "ictstat/compute.h"
#include "timing.h"

enum { MOST_INDICATORS = 64 };

typedef struct batch {
  const ict_store *store;
  const ict_catalog *catalog;
  ict_request request;
  atomic_size_t rows, failed;
} batch;

static void job(void *ctx, size_t i, int thread) {
  batch *b = ctx;
  ict_table *table = NULL;
  (void)i, (void)thread;
  if (ict_compute(b->store, b->catalog, &b->request, &table, NULL, NULL) != ICT_OK)
    atomic_fetch_add(&b->failed, 1);
  if (table) atomic_fetch_add(&b->rows, ict_table_rows(table));
  ict_table_free(table);
}

int main(int argc, char **argv) {
  int dashes = 4;
  while (dashes < argc && strcmp(argv[dashes], "--") != 0) dashes++;
  if (dashes >= argc)
    return fprintf(stderr, "usage: jobs STORE THREADS TIMES EXTRA... -- BY...\n"), 2;
  ict_store *store = NULL;
  ict_catalog *catalog = NULL;
  const char *ids[MOST_INDICATORS];
  size_t n = 0, times = strtoul(argv[3], NULL, 10);
  if (ict_store_open(argv[1], &store, NULL) != ICT_OK ||
      ict_catalog_open(NULL, (const char *const *)argv + 4, (size_t)(dashes - 4), &catalog, NULL,
                       NULL) != ICT_OK)
    return fprintf(stderr, "jobs: cannot open the store or the catalogue\n"), 1;
  for (size_t i = 0; i < ict_catalog_indicators(catalog) && n < MOST_INDICATORS; i++)
    if (strcmp(ict_catalog_indicator_framework(catalog, i), "bench") == 0)
      ids[n++] = ict_catalog_indicator_id(catalog, i);
  batch b = {.store = store, .catalog = catalog};
  b.request.indicators = ids;
  b.request.n_indicators = n;
  b.request.by = (const char *const *)argv + dashes + 1;
  b.request.n_by = (size_t)(argc - dashes - 1);
  b.request.threads = 1;
  double from = timing_now();
  ict_par_run(times, atoi(argv[2]), job, &b);
  double s = timing_now() - from;
  printf(
      "%zu surveys of %llu rows, %zu indicators, %zu breakdowns, %s threads: %.3f s, %.1f "
      "surveys/s, %zu estimates a survey\n",
      times, (unsigned long long)ict_store_unit_rows(store, 0), n, b.request.n_by, argv[2], s,
      (double)times / s, b.rows / (times ? times : 1));
  ict_catalog_free(catalog);
  ict_store_close(store);
  return b.failed > 0;
}
