/* stages.c - how long each stage of a computation takes, beside a plain read of the bytes it
 * touches.
 *
 *     stages STORE THREADS CUBE EXTRA... -- BY...
 *
 * EXTRA: files of a catalogue as --extra; the indicators asked for are those whose framework is
 * "bench". BY: breakdowns as --by. CUBE: 1 to time the plain cube as well. Times are the least
 * of three runs, of the wall clock; nothing here is a test. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "abacus/abacus.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "ictstat/catalog.h"
#include "ictstat/compute.h"
#include "ictstat/table.h"
#include "plan/plan.h"
#include "scan/inside.h"
#include "store/store.h"

enum { RUNS = 3, MOST_INDICATORS = 64 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of all threads, in user space: what counts where others keep the machine busy. */
static double processor(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec / 1e6;
}

static void need(ict_status st, const ict_err *err) {
  if (st == ICT_OK) return;
  fprintf(stderr, "stages: %s\n", err->what);
  exit(1);
}

typedef struct bench {
  ict_store *store;
  ict_catalog *catalog;
  ict_request request;
  ict_plan *plan;
  ict_table *table;
  int threads;
  double bytes, read; /* touched by the scan; seconds to read them */
} bench;

/* The columns and weights that the plan's axes and expressions stand on. */
static double touched(const bench *b, volatile uint64_t *sum) {
  const ict_frame *frame = b->plan->frame;
  double bytes = 0;
  uint64_t all = 0;
  for (size_t v = 0; v <= frame->schema->n; v++) {
    bool weight = v == frame->schema->n, wanted = weight;
    for (size_t a = 0; a < b->plan->n_axes && !weight; a++)
      wanted = wanted || b->plan->axes[a].column == v;
    for (size_t m = 0; m < b->plan->n_measures && !weight; m++) {
      const char *const *names = NULL;
      size_t n = ict_expr_names(b->plan->measures[m].item->numerator, &names);
      for (size_t i = 0; i < n; i++)
        wanted = wanted || strcmp(names[i], frame->schema->vars[v].name) == 0;
    }
    const uint64_t *word =
        (const uint64_t *)(weight ? (const void *)frame->design.weight : frame->columns[v]);
    if (!wanted || !word) continue;
    size_t size = frame->n_rows * (weight ? 8 : ict_width_bytes(frame->schema->vars[v].width));
    for (size_t i = 0; i < size / 8; i++) all += word[i];
    bytes += (double)size;
  }
  *sum = all;
  return bytes;
}

static void read_all(bench *b, ict_err *err) {
  (void)err;
  static volatile uint64_t sum;
  b->bytes = touched(b, &sum);
}

static void evaluate_all(bench *b, ict_err *err) {
  ict_evaluator e;
  need(ict_evaluator_init(&e, b->plan, err), err);
  for (size_t row = 0; row < b->plan->frame->n_rows; row += ICT_BLOCK_ROWS) {
    size_t left = b->plan->frame->n_rows - row;
    ict_evaluate(&e, row, left < ICT_BLOCK_ROWS ? left : ICT_BLOCK_ROWS);
  }
  ict_evaluator_done(&e);
}

static void scan_all(bench *b, ict_err *err) {
  ict_cube *cube = NULL;
  need(ict_scan(b->plan, b->threads, NULL, &cube, err), err);
  ict_cube_free(cube);
}

static void cube_all(bench *b, ict_err *err) {
  ict_cube *cube = NULL;
  need(ict_scan_by_cube(b->plan, b->threads, &cube, err), err);
  ict_cube_free(cube);
}

static void compute_all(bench *b, ict_err *err) {
  ict_table_free(b->table);
  need(ict_compute(b->store, b->catalog, &b->request, &b->table, NULL, err), err);
}

static void write_all(bench *b, ict_err *err) {
  need(ict_table_write(b->table, "csv", "/dev/null", err), err);
}

static void stage(bench *b, const char *name, void (*run)(bench *, ict_err *)) {
  ict_err err = {0};
  double best = 1e9, least = 1e9;
  for (int i = 0; i < RUNS; i++) {
    double from = now(), used = processor();
    run(b, &err);
    double s = now() - from, u = processor() - used;
    if (s < best) best = s;
    if (u < least) least = u;
  }
  if (b->read == 0) b->read = best;
  printf("%-28s %9.4f s %9.4f s user %9.2f M rows/s %7.0f MB/s %7.1f x reading\n", name, best,
         least, (double)b->plan->frame->n_rows / best / 1e6, b->bytes / best / 1e6, best / b->read);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc < 5) return fprintf(stderr, "usage: stages STORE THREADS CUBE EXTRA... -- BY...\n"), 2;
  int extra = 4, dashes = 4;
  while (dashes < argc && strcmp(argv[dashes], "--") != 0) dashes++;
  ict_err err = {0};
  bench b = {.threads = atoi(argv[2])};
  const char *ids[MOST_INDICATORS];
  size_t n = 0;
  need(ict_store_open(argv[1], &b.store, &err), &err);
  double from = now();
  need(ict_catalog_open(NULL, (const char *const *)argv + extra, (size_t)(dashes - extra),
                        &b.catalog, NULL, &err),
       &err);
  printf("%-28s %9.4f s\n", "open the catalogue", now() - from);
  for (size_t i = 0; i < ict_catalog_indicators(b.catalog) && n < MOST_INDICATORS; i++)
    if (strcmp(ict_catalog_indicator_framework(b.catalog, i), "bench") == 0)
      ids[n++] = ict_catalog_indicator_id(b.catalog, i);
  b.request.indicators = ids;
  b.request.n_indicators = n;
  b.request.by = (const char *const *)argv + dashes + 1;
  b.request.n_by = dashes < argc ? (size_t)(argc - dashes - 1) : 0;
  b.request.threads = b.threads;

  ict_plan_table table = {.frame = ict_store_frame_at(b.store, 0)};
  ict_plans plans = {0};
  from = now();
  need(ict_plan_make(b.catalog, &table, 1, ict_store_survey(b.store), &b.request, &plans, NULL,
                     &err),
       &err);
  b.plan = plans.plans[0];
  printf("%-28s %9.4f s\n", "plan", now() - from);
  stage(&b, "read", read_all);
  stage(&b, "evaluate", evaluate_all);
  stage(&b, "scan", scan_all);
  if (atoi(argv[3])) stage(&b, "scan by the plain cube", cube_all);
  stage(&b, "compute: all to a table", compute_all);
  stage(&b, "publish: the table as CSV", write_all);
  printf("%zu rows of output\n", ict_table_rows(b.table));
  ict_table_free(b.table);
  ict_plans_free(&plans);
  ict_catalog_free(b.catalog);
  ict_store_close(b.store);
  return 0;
}
