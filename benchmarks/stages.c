/* stages.c - how long each stage of a computation takes, beside a plain read of the bytes it
 * touches (import.c: the stages before the store).
 *
 *     stages STORE THREADS CUBE EXTRA... -- BY... [--contrast AXIS:A-B...]
 *
 * EXTRA: files of a catalogue as --extra; the indicators asked for are those whose framework is
 * "bench". BY: breakdowns as --by. CUBE: 1 to time the plain cube as well. Times as in timing.h;
 * nothing here is a test.
 *
 *     read      the columns and weights that the request touches, summed by all threads
 *     evaluate  answers and cells of every block of rows, by one thread
 *     scan      evaluate, add, and fold: rows to a finished cube
 *     fold      the partial sums of all segments, as another process would hand them over, made one
 *     estimate  every sum to value, SE, CI, df, deff
 *     compute   plan, scan, estimate, flags: an open store to a sorted table
 *     publish   the table as CSV */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abacus/abacus.h"
#include "base/mem.h"
#include "base/par.h"
#include "catalog/catalog.h"
#include "cube/packed.h"
#include "estimate/estimate.h"
#include "ictstat/catalog.h"
#include "ictstat/compute.h"
#include "ictstat/table.h"
#include "plan/plan.h"
#include "publish/format.h"
#include "scan/inside.h"
#include "store/store.h"
#include "timing.h"

enum { MOST_INDICATORS = 64, PIECE = 1 << 20 };

static void need(ict_status st, const ict_err *err) {
  if (st == ICT_OK) return;
  fprintf(stderr, "stages: %s\n", err->what);
  exit(1);
}

typedef struct piece { /* of a column that the request touches */
  const uint64_t *words;
  size_t n;
} piece;

typedef struct bench {
  ict_store *store;
  ict_catalog *catalog;
  ict_request request;
  ict_plan *plan;
  ict_table *table;
  int threads;
  piece *pieces;
  size_t n_pieces;
  double bytes, read; /* touched by the scan; seconds to read them */
  struct segment {    /* partial sums, as bytes */
    char *bytes;
    size_t len;
  } segments[ICT_SCAN_SEGMENTS];
  ict_cube *cube;
  volatile double seen; /* so that a sum that nobody asks for is still formed */
} bench;

/* Whether the plan's axes and expressions stand on the column. */
static bool wanted(const ict_plan *plan, size_t column) {
  for (size_t a = 0; a < plan->n_axes; a++)
    if (plan->axes[a].column == column) return true;
  for (size_t m = 0; m < plan->n_measures; m++) {
    const char *const *names = NULL;
    size_t n = ict_expr_names(plan->measures[m].item->numerator, &names);
    for (size_t i = 0; i < n; i++)
      if (strcmp(names[i], plan->frame->schema->vars[column].name) == 0) return true;
  }
  return false;
}

static void add_touched(bench *b, const void *column, size_t bytes) {
  for (size_t at = 0; at + sizeof(uint64_t) <= bytes; at += PIECE) {
    size_t left = bytes - at;
    b->pieces = ict_realloc(b->pieces, b->n_pieces + 1, sizeof *b->pieces);
    if (!b->pieces) exit(1);
    b->pieces[b->n_pieces++] = (piece){(const uint64_t *)column + at / sizeof(uint64_t),
                                       (left < PIECE ? left : PIECE) / sizeof(uint64_t)};
  }
  b->bytes += (double)bytes;
}

static void find_touched(bench *b) {
  const ict_frame *frame = b->plan->frame;
  for (size_t v = 0; v < frame->schema->n; v++)
    if (wanted(b->plan, v))
      add_touched(b, frame->columns[v],
                  frame->n_rows * ict_width_bytes(frame->schema->vars[v].width));
  if (frame->design.weight) add_touched(b, frame->design.weight, frame->n_rows * sizeof(double));
}

static void read_piece(void *ctx, size_t i, int thread) {
  bench *b = ctx;
  const piece *p = &b->pieces[i];
  uint64_t all = 0;
  (void)thread;
  for (size_t k = 0; k < p->n; k++) all += p->words[k];
  if (all == UINT64_MAX) b->seen = 1;
}

static void read_all(bench *b, ict_err *err) {
  (void)err;
  ict_par_run(b->n_pieces, b->threads, read_piece, b);
}

/* As the scan does it: to bits where the plan goes by the abacus. */
static void evaluate_all(bench *b, ict_err *err) {
  ict_evaluator e;
  ict_abacus_shared shared = {0};
  ict_abacus_worker worker = {0};
  bool by_abacus = ict_plan_by_abacus(b->plan);
  need(ict_evaluator_init(&e, b->plan, err), err);
  if (by_abacus) {
    size_t *first_psu = NULL, n_chunks = 0;
    need(ict_scan_borders(&b->plan->frame->design, CHUNK_ROWS, &first_psu, &n_chunks, err), err);
    need(ict_abacus_shared_init(&shared, b->plan, first_psu, n_chunks, 1, err), err);
    ict_free(first_psu);
    need(ict_abacus_worker_init(&worker, &shared, &e, err), err);
  }
  for (size_t row = 0; row < b->plan->frame->n_rows; row += ICT_BLOCK_ROWS) {
    size_t left = b->plan->frame->n_rows - row;
    size_t n = left < ICT_BLOCK_ROWS ? left : ICT_BLOCK_ROWS;
    if (by_abacus)
      ict_evaluate_bits(&e, &shared.answers, shared.layout, row, n, worker.cell, worker.yes,
                        worker.no);
    else
      ict_evaluate(&e, row, n);
  }
  ict_abacus_worker_done(&worker);
  ict_abacus_shared_done(&shared);
  ict_evaluator_done(&e);
}

static void scan_all(bench *b, ict_err *err) {
  ict_cube *cube = NULL;
  need(ict_scan(b->plan, b->threads, NULL, &cube, NULL, err), err);
  ict_cube_free(cube);
}

static void cube_all(bench *b, ict_err *err) {
  ict_cube *cube = NULL;
  need(ict_scan_by_cube(b->plan, b->threads, &cube, err), err);
  ict_cube_free(cube);
}

static ict_status keep_segment(void *ctx, size_t i, const void *bytes, size_t len, ict_err *err) {
  struct segment *to = (struct segment *)ctx + i;
  *to = (struct segment){ict_alloc(len, 1), len};
  if (!to->bytes) return ict_err_memory(err);
  memcpy(to->bytes, bytes, len);
  return ICT_OK;
}

static ict_status give_segment(void *ctx, size_t i, const void **bytes, size_t *len, ict_err *err) {
  const struct segment *from = (const struct segment *)ctx + i;
  (void)err;
  *bytes = from->bytes;
  *len = from->len;
  return ICT_OK;
}

static void fold_all(bench *b, ict_err *err) {
  ict_replicate_totals *none;
  ict_cube_free(b->cube);
  need(ict_scan_join(b->plan, b->threads, give_segment, b->segments, &b->cube, &none, err), err);
}

static void estimate_all(bench *b, ict_err *err) {
  ict_t_known known = {0};
  ict_estimate_options how = {.t_known = &known};
  double all = 0;
  (void)err;
  for (size_t g = 0; g < b->plan->n_margins; g++)
    for (size_t c = 0; c < b->plan->shape.margins[g].n_cells; c++)
      for (size_t m = 0; m < b->plan->n_measures; m++) {
        ict_sums sums = ict_cube_sums(b->cube, g, c, m);
        ict_estimate_result r;
        ict_estimate(b->plan->measures[m].estimator, &sums, &how, &r);
        if (r.n > 0) all += r.estimate;
      }
  b->seen = all;
}

static void compute_all(bench *b, ict_err *err) {
  ict_table_free(b->table);
  need(ict_compute(b->store, b->catalog, &b->request, &b->table, NULL, err), err);
}

static void write_all(bench *b, ict_err *err) {
  need(ict_table_write_by(b->table, "csv", "/dev/null", b->threads, err), err);
}

/* What a stage goes through: rows of the survey, sums, rows of the table; and their bytes. */
typedef struct amount {
  double rows, bytes;
} amount;

static void stage(bench *b, const char *name, void (*run)(bench *, ict_err *), amount of) {
  ict_err err = {0};
  timing t = {0};
  for (int i = 0; i < TIMING_RUNS; i++) {
    timing_start(&t);
    run(b, &err);
    timing_stop(&t);
  }
  if (b->read == 0) b->read = timing_median(&t);
  timing_print(name, &t, of.rows, of.bytes, b->read);
}

/* Segments come from a pass in parts, which is not timed. */
static void stage_fold(bench *b) {
  ict_err err = {0};
  size_t n;
  amount all = {0};
  need(ict_scan_n_segments(b->plan, &n, &err), &err);
  need(ict_scan_part(b->plan, b->threads, NULL, 0, n, keep_segment, b->segments, &err), &err);
  for (size_t i = 0; i < n; i++) all.bytes += (double)b->segments[i].len;
  all.rows = all.bytes / (double)ict_packed_bytes(&b->plan->shape) * (double)b->plan->n_measures;
  stage(b, "fold (of sums)", fold_all, all);
  for (size_t i = 0; i < n; i++) ict_free(b->segments[i].bytes);
}

static void stage_estimate(bench *b) {
  amount all = {0};
  for (size_t g = 0; g < b->plan->n_margins; g++)
    all.rows += (double)(b->plan->shape.margins[g].n_cells * b->plan->n_measures);
  all.bytes = all.rows * sizeof(ict_sums);
  stage(b, "estimate (of sums)", estimate_all, all);
}

static void stage_publish(bench *b) {
  ict_err err = {0};
  ict_out *out = NULL;
  size_t len = 0;
  need(ict_out_memory(&out, &err), &err);
  need(ict_format_find("csv")->write(b->table, b->threads, out, &err), &err);
  ict_free(ict_out_take(out, &len, &err));
  stage(b, "publish (rows of CSV)", write_all, (amount){(double)ict_table_rows(b->table), len});
}

/* Where it is from `at` on, or argc. */
static int find_word(int argc, char **argv, int at, const char *word) {
  while (at < argc && strcmp(argv[at], word) != 0) at++;
  return at;
}

int main(int argc, char **argv) {
  if (argc < 5) return fprintf(stderr, "usage: stages STORE THREADS CUBE EXTRA... -- BY...\n"), 2;
  int extra = 4, dashes = find_word(argc, argv, 4, "--");
  int contrasts = find_word(argc, argv, dashes, "--contrast");
  ict_err err = {0};
  bench b = {.threads = atoi(argv[2])};
  const char *ids[MOST_INDICATORS];
  size_t n = 0;
  need(ict_store_open(argv[1], &b.store, &err), &err);
  double from = timing_now();
  need(ict_catalog_open(NULL, (const char *const *)argv + extra, (size_t)(dashes - extra),
                        &b.catalog, NULL, &err),
       &err);
  printf("%-28s %9.4f s\n", "open the catalogue", timing_now() - from);
  for (size_t i = 0; i < ict_catalog_indicators(b.catalog) && n < MOST_INDICATORS; i++)
    if (strcmp(ict_catalog_indicator_framework(b.catalog, i), "bench") == 0)
      ids[n++] = ict_catalog_indicator_id(b.catalog, i);
  b.request.indicators = ids;
  b.request.n_indicators = n;
  b.request.by = (const char *const *)argv + dashes + 1;
  b.request.n_by = dashes < argc ? (size_t)(contrasts - dashes - 1) : 0;
  b.request.contrasts = (const char *const *)argv + contrasts + 1;
  b.request.n_contrasts = contrasts < argc ? (size_t)(argc - contrasts - 1) : 0;
  b.request.threads = b.threads;

  ict_plan_table table = {.frame = ict_store_frame_at(b.store, 0)};
  ict_plans plans = {0};
  from = timing_now();
  need(ict_plan_make(b.catalog, &table, 1, ict_store_survey(b.store), &b.request, &plans, NULL,
                     &err),
       &err);
  b.plan = plans.plans[0];
  printf("%-28s %9.4f s\n", "plan", timing_now() - from);
  find_touched(&b);
  read_all(&b, &err); /* into the page cache, where it was not */
  amount rows = {(double)b.plan->frame->n_rows, b.bytes};
  stage(&b, "read", read_all, rows);
  stage(&b, "evaluate", evaluate_all, rows);
  stage(&b, "scan", scan_all, rows);
  if (atoi(argv[3])) {
    need(ict_plan_fill_cells(b.plan, &err), &err);
    stage(&b, "scan by the plain cube", cube_all, rows);
  }
  stage_fold(&b);
  stage_estimate(&b);
  stage(&b, "compute: all to a table", compute_all, rows);
  stage_publish(&b);
  printf("%zu rows of output\n", ict_table_rows(b.table));
  ict_free(b.pieces);
  ict_cube_free(b.cube);
  ict_table_free(b.table);
  ict_plans_free(&plans);
  ict_catalog_free(b.catalog);
  ict_store_close(b.store);
  return 0;
}
