/* scan.c - the parallel pass over the chunks, and their cubes merged in order.
 *
 * In: a plan. Out: the finished cube.
 * Owns: the cubes of chunks on their way, one evaluator a thread.
 *
 * Chunks are taken in waves of some per thread. Whoever finishes one merges all that are
 * ready in order, unless another thread is at it already: so cubes never pile up beyond a wave,
 * and the order of additions is that of the chunks, not of the threads. */
#include "scan/scan.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "base/par.h"
#include "scan/inside.h"

/* A wave ends with its slowest chunk: many a thread, so that little time is lost there. */
#define CHUNKS_PER_THREAD 8
/* Totals under all replicates, of the whole and of the chunks on their way. */
#define MOST_TOTALS_BYTES 2147483648.0

/* Place of a chunk in the wave. Its cube is kept from wave to wave for its memory. */
typedef struct place {
  ict_cube *cube;
  ict_replicate_totals *totals; /* NULL: no replicates */
  ict_abacus *abacus;           /* in the cube's place, where the plan is by_abacus */
  atomic_bool ready;
  ict_status st;
  ict_err err; /* a task that fails writes here; the first in order is reported */
} place;

typedef struct pass {
  const ict_plan *plan;
  const ict_progress *progress;
  const size_t *first_psu;
  ict_evaluator *evaluators; /* by thread */
  place *places;
  size_t wave, n_wave; /* first chunk of the wave, chunks in it */
  atomic_flag merging; /* held by the one thread that merges; guards the rest: */
  size_t n_merged;     /* of the wave */
  bool failed;
  ict_cube *whole;
  ict_replicate_totals *totals; /* of the whole, or NULL */
  ict_abacus_shared shared;     /* its layout is NULL where the plan is not by_abacus */
  ict_abacus_worker *workers;   /* by thread */
  ict_abacus *whole_abacus;
} pass;

static ict_status merge(pass *p, place *at) {
  if (p->shared.layout) return ict_abacus_merge(p->whole_abacus, at->abacus, &at->err);
  ict_status st = ict_cube_merge(p->whole, at->cube, &at->err);
  return st == ICT_OK && p->totals ? ict_replicate_merge(p->totals, at->totals, &at->err) : st;
}

static void merge_next(pass *p) {
  place *at = &p->places[p->n_merged++];
  if (at->st == ICT_OK && !p->failed) at->st = merge(p, at);
  if (at->st != ICT_OK) p->failed = true;
  if (!p->progress) return;
  const ict_design *d = &p->plan->frame->design;
  p->progress->tick(p->progress->ctx, "computing",
                    d->psu_first_row[p->first_psu[p->wave + p->n_merged]], d->n_rows, "rows");
}

static void merge_ready(pass *p) {
  for (;;) {
    if (atomic_flag_test_and_set(&p->merging)) return;
    while (p->n_merged < p->n_wave && atomic_load(&p->places[p->n_merged].ready)) merge_next(p);
    size_t next = p->n_merged;
    atomic_flag_clear(&p->merging);
    /* A chunk that became ready after the look at it found this thread merging and left it to
     * us: look again. */
    if (next == p->n_wave || !atomic_load(&p->places[next].ready)) return;
  }
}

static void abacus_chunk(pass *p, place *at, size_t chunk, int thread) {
  at->st = at->abacus ? ICT_OK : ict_abacus_new(p->shared.layout, &at->abacus, &at->err);
  if (at->st == ICT_OK)
    at->st = ict_abacus_chunk(&p->workers[thread], p->first_psu[chunk], p->first_psu[chunk + 1],
                              at->abacus, &at->err);
}

static void cube_chunk(pass *p, place *at, size_t chunk, int thread) {
  at->st = ICT_OK;
  if (!at->cube)
    at->st = ict_cube_new(&p->plan->shape, &p->plan->frame->design, &at->cube, &at->err);
  if (at->st == ICT_OK && p->totals && !at->totals)
    at->st = ict_replicate_totals_new(p->plan->replicates, &p->plan->shape, p->totals, &at->totals,
                                      &at->err);
  p->evaluators[thread].totals = at->totals;
  if (at->st == ICT_OK)
    at->st = ict_scan_chunk(&p->evaluators[thread], p->first_psu[chunk], p->first_psu[chunk + 1],
                            at->cube, &at->err);
}

static void do_chunk(void *ctx, size_t i, int thread) {
  pass *p = ctx;
  place *at = &p->places[i];
  if (p->shared.layout) {
    abacus_chunk(p, at, p->wave + i, thread);
  } else {
    cube_chunk(p, at, p->wave + i, thread);
  }
  atomic_store(&at->ready, true);
  merge_ready(p);
}

/* The first failure of the wave, in the order of the chunks. */
static ict_status wave_status(const pass *p, ict_err *err) {
  for (size_t i = 0; i < p->n_wave; i++) {
    if (p->places[i].st == ICT_OK) continue;
    if (err) *err = p->places[i].err;
    return p->places[i].st;
  }
  return ICT_OK;
}

static ict_status run_waves(pass *p, size_t n_chunks, size_t n_places, int threads, ict_err *err) {
  for (p->wave = 0; p->wave < n_chunks; p->wave += n_places) {
    p->n_wave = n_chunks - p->wave < n_places ? n_chunks - p->wave : n_places;
    p->n_merged = 0;
    for (size_t i = 0; i < p->n_wave; i++) atomic_store(&p->places[i].ready, false);
    ict_par_run(p->n_wave, threads, do_chunk, p);
    ict_status st = wave_status(p, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

/* How many chunks may be on their way at once: each has totals of its own, and with many cells and
 * replicates these are large. */
static ict_status fit_totals(const ict_plan *plan, size_t *n_places, ict_err *err) {
  double one = ict_replicate_bytes(plan->replicates, &plan->shape);
  while (*n_places > 1 && one * (double)(*n_places + 1) > MOST_TOTALS_BYTES) --*n_places;
  if (one * (double)(*n_places + 1) <= MOST_TOTALS_BYTES) return ICT_OK;
  ict_err_set(err, ICT_REFUSED, "%zu replicates of so many cells and indicators need %.1f GB",
              ict_replicates_n(plan->replicates), one * 2 / 1e9);
  ict_err_expected(err, "%.1f GB at most", MOST_TOTALS_BYTES / 1e9);
  ict_err_fix(err, "compute fewer indicators or breakdowns at a time, or fewer replicates");
  return ICT_REFUSED;
}

/* The cube of the whole, or the abacus in its place, and what each thread needs for it. */
static ict_status begin(pass *p, bool by_abacus, size_t n_chunks, int threads, double *shift,
                        ict_err *err) {
  const ict_plan *plan = p->plan;
  ict_status st = ICT_OK;
  for (int t = 0; t < threads; t++)
    ICT_TRY(done, st, ict_evaluator_init(&p->evaluators[t], plan, err));
  if (by_abacus) {
    ICT_TRY(done, st,
            ict_abacus_shared_init(&p->shared, plan, p->first_psu, n_chunks, threads, err));
    for (int t = 0; t < threads; t++)
      ICT_TRY(done, st, ict_abacus_worker_init(&p->workers[t], &p->shared, &p->evaluators[t], err));
    return ict_abacus_new(p->shared.layout, &p->whole_abacus, err);
  }
  ICT_TRY(done, st, ict_cube_new(&plan->shape, &plan->frame->design, &p->whole, err));
  ict_scan_shifts(&p->evaluators[0], shift);
  for (int t = 0; t < threads; t++) p->evaluators[t].shift = shift;
  for (size_t m = 0; m < plan->n_measures; m++) ict_cube_shift(p->whole, m, shift[m]);
done:
  return st;
}

static ict_status finish(pass *p, ict_err *err) {
  if (p->whole_abacus) return ict_abacus_finish(p->whole_abacus, &p->whole, err);
  return ict_cube_finish(p->whole, err);
}

static ict_status scan(const ict_plan *plan, bool by_abacus, int threads,
                       const ict_progress *progress, ict_cube **out, ict_replicate_totals **totals,
                       ict_err *err) {
  *out = NULL;
  pass p = {.plan = plan, .progress = progress, .merging = ATOMIC_FLAG_INIT};
  double *shift = NULL;
  size_t *first_psu = NULL, n_chunks = 0, n_places = 0;
  ict_status st;
  ICT_TRY(done, st, ict_scan_borders(&plan->frame->design, CHUNK_ROWS, &first_psu, &n_chunks, err));
  p.first_psu = first_psu;
  threads = ict_par_threads(threads);
  if ((size_t)threads > n_chunks) threads = n_chunks > 0 ? (int)n_chunks : 1;
  n_places = threads == 1 ? 1 : (size_t)threads * CHUNKS_PER_THREAD;
  if (n_places > n_chunks) n_places = n_chunks;
  if (totals) {
    *totals = NULL;
    if (plan->replicates) {
      ICT_TRY(done, st, fit_totals(plan, &n_places, err));
      ICT_TRY(done, st,
              ict_replicate_totals_new(plan->replicates, &plan->shape, NULL, &p.totals, err));
    }
  }
  shift = ict_alloc(plan->n_measures, sizeof *shift);
  p.places = ict_alloc(n_places, sizeof *p.places);
  p.evaluators = ict_alloc((size_t)threads, sizeof *p.evaluators);
  p.workers = ict_alloc((size_t)threads, sizeof *p.workers);
  if (!p.places || !p.evaluators || !p.workers || !shift) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, begin(&p, by_abacus && !p.totals, n_chunks, threads, shift, err));
  ICT_TRY(done, st, run_waves(&p, n_chunks, n_places, threads, err));
  ICT_TRY(done, st, finish(&p, err));
  if (p.totals) {
    ICT_TRY(done, st, ict_replicate_finish(p.totals, threads, err));
    *totals = p.totals;
    p.totals = NULL;
  }
  *out = p.whole;
  p.whole = NULL;
done:
  for (int t = 0; p.workers && t < threads; t++) ict_abacus_worker_done(&p.workers[t]);
  for (int t = 0; p.evaluators && t < threads; t++) ict_evaluator_done(&p.evaluators[t]);
  for (size_t i = 0; p.places && i < n_places; i++) {
    ict_cube_free(p.places[i].cube);
    ict_abacus_free(p.places[i].abacus);
    ict_replicate_totals_free(p.places[i].totals);
  }
  ict_replicate_totals_free(p.totals);
  ict_abacus_free(p.whole_abacus);
  ict_abacus_shared_done(&p.shared);
  ict_free(p.workers);
  ict_free(p.evaluators);
  ict_free(shift);
  ict_free(p.places);
  ict_free(first_psu);
  ict_cube_free(p.whole);
  return st;
}

ict_status ict_scan_replicated(const ict_plan *plan, int threads, const ict_progress *progress,
                               ict_cube **out, ict_replicate_totals **totals, ict_err *err) {
  return scan(plan, ict_scan_by_abacus(plan), threads, progress, out, totals, err);
}

ict_status ict_scan(const ict_plan *plan, int threads, const ict_progress *progress, ict_cube **out,
                    ict_err *err) {
  return ict_scan_replicated(plan, threads, progress, out, NULL, err);
}

ict_status ict_scan_by_cube(const ict_plan *plan, int threads, ict_cube **out, ict_err *err) {
  return scan(plan, false, threads, NULL, out, NULL, err);
}
