/* scan.c - the parallel pass over the chunks, and their cubes merged in order.
 *
 * In: a plan. Out: the finished cube.
 * Owns: the cubes of chunks on their way, one evaluator a thread.
 *
 * Chunk c has place c mod their number. Whoever finishes one merges all that are ready in order,
 * unless another thread is at it already: so cubes never pile up beyond the places, nobody waits
 * but who is ahead by all of them, and the order of additions is that of the chunks, not of the
 * threads. A pass can also be made in pieces (scan.h): some segments, handed over as bytes; or all
 * of them, taken from bytes. */
#include "scan/scan.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "base/par.h"
#include "scan/inside.h"

/* So that a thread that is slow, or merges, keeps nobody waiting. */
#define CHUNKS_PER_THREAD 4

/* Of one chunk after the other. Its sums are kept for their memory. */
typedef struct place {
  ict_scan_sums sums;
  atomic_bool ready; /* the chunk is done, and not merged */
  ict_status st;
  ict_err err; /* a task that fails writes here; the first in order is reported */
} place;

typedef struct pass {
  const ict_plan *plan;
  const ict_progress *progress;
  const size_t *first_psu;
  size_t n_chunks;           /* of the plan */
  size_t from, to;           /* chunks of this pass */
  ict_evaluator *evaluators; /* by thread */
  size_t n_places;
  place *places;
  atomic_flag merging; /* held by the one thread that merges; who changes the rest: */
  atomic_size_t next;  /* chunk to be merged next */
  atomic_bool failed;  /* nothing more is done */
  ict_status st;
  ict_err *err;
  size_t at; /* segment of the chunk being merged */
  ict_scan_sums segment, whole;
  ict_segment_take_fn *take; /* in place of the whole; NULL: none */
  void *take_ctx;
  ict_abacus_shared shared;   /* its layout is NULL where the plan is not by abacus */
  ict_abacus_worker *workers; /* by thread */
} pass;

static ict_status hand_over(const pass *p, ict_scan_sums *segment, ict_err *err) {
  ict_out *out = NULL;
  size_t len;
  ict_status st = ict_out_memory(&out, err);
  if (st != ICT_OK) return st;
  const uint64_t *row = p->plan->frame->design.psu_first_row;
  size_t from = row[p->first_psu[ict_scan_segment_first(p->n_chunks, p->at)]];
  size_t to = row[p->first_psu[ict_scan_segment_first(p->n_chunks, p->at + 1)]];
  st = ict_scan_sums_save(segment, from, to, out, err);
  if (st != ICT_OK) {
    ict_out_discard(out);
    return st;
  }
  char *bytes = ict_out_take(out, &len, err);
  st = bytes ? p->take(p->take_ctx, p->at, bytes, len, err) : ICT_FAIL;
  ict_free(bytes);
  return st;
}

/* A chunk into its segment, and the segment into the whole with its last chunk. */
static ict_status fold(pass *p, size_t chunk, ict_scan_sums *next, ict_err *err) {
  while (ict_scan_segment_first(p->n_chunks, p->at + 1) <= chunk) p->at++;
  size_t first = ict_scan_segment_first(p->n_chunks, p->at);
  size_t last = ict_scan_segment_first(p->n_chunks, p->at + 1) - 1;
  if (last > first) {
    ict_status st = ict_scan_sums_part(p->plan, p->shared.layout, &p->whole, &p->segment, err);
    if (st == ICT_OK) st = ict_scan_sums_merge(&p->segment, next, err);
    if (st != ICT_OK || chunk < last) return st;
    next = &p->segment;
  }
  return p->take ? hand_over(p, next, err) : ict_scan_sums_merge(&p->whole, next, err);
}

static void merge_next(pass *p, size_t chunk) {
  place *at = &p->places[chunk % p->n_places];
  bool failed = atomic_load(&p->failed);
  if (!failed && at->st == ICT_OK) at->st = fold(p, chunk, &at->sums, &at->err);
  if (!failed && at->st != ICT_OK) {
    p->st = at->st;
    if (p->err) *p->err = at->err;
    atomic_store(&p->failed, true);
  } else if (!failed && p->progress) {
    const uint64_t *row = p->plan->frame->design.psu_first_row;
    uint64_t first = row[p->first_psu[p->from]];
    p->progress->tick(p->progress->ctx, "computing", row[p->first_psu[chunk + 1]] - first,
                      row[p->first_psu[p->to]] - first, "rows");
  }
  atomic_store(&at->ready, false);
  atomic_store(&p->next, chunk + 1); /* the place is free */
}

/* All operations on atomics here are in one order for all threads: who makes a chunk ready and
 * finds another thread merging is seen by that one after it has stopped. */
static void merge_ready(pass *p) {
  for (;;) {
    if (atomic_flag_test_and_set(&p->merging)) return;
    size_t c = atomic_load(&p->next);
    for (; c < p->to && atomic_load(&p->places[c % p->n_places].ready); c++) merge_next(p, c);
    atomic_flag_clear(&p->merging);
    if (c == p->to || !atomic_load(&p->places[c % p->n_places].ready)) return;
  }
}

static ict_status add_chunk(pass *p, int thread, size_t from, size_t to, ict_scan_sums *sums,
                            ict_err *err) {
  ict_evaluator *evaluator = &p->evaluators[thread];
  if (!sums->abacus) return ict_scan_chunk(evaluator, from, to, sums->cube, sums->totals, err);
  ict_status st = ict_abacus_chunk(&p->workers[thread], from, to, sums->abacus, err);
  if (st != ICT_OK || !sums->totals) return st;
  return ict_scan_chunk(evaluator, from, to, NULL, sums->totals, err);
}

static void do_chunk(void *ctx, size_t i, int thread) {
  pass *p = ctx;
  size_t chunk = p->from + i;
  place *at = &p->places[chunk % p->n_places];
  while (chunk - atomic_load(&p->next) >= p->n_places) sched_yield();
  at->st = ICT_OK;
  if (!atomic_load(&p->failed)) {
    at->st = ict_scan_sums_part(p->plan, p->shared.layout, &p->whole, &at->sums, &at->err);
    if (at->st == ICT_OK)
      at->st =
          add_chunk(p, thread, p->first_psu[chunk], p->first_psu[chunk + 1], &at->sums, &at->err);
  }
  atomic_store(&at->ready, true);
  merge_ready(p);
}

static ict_status run_chunks(pass *p, int threads, ict_err *err) {
  p->err = err;
  atomic_store(&p->next, p->from);
  /* With fewer places than threads, some would only wait. */
  if ((size_t)threads > p->n_places) threads = (int)p->n_places;
  ict_par_run(p->to - p->from, threads, do_chunk, p);
  return p->st;
}

/* How many chunks may be on their way at once: each has totals of its own, and with many cells and
 * replicates these are large. */
static size_t fit_totals(const ict_plan *plan, size_t n_places) {
  double one = ict_replicate_bytes(plan->replicates, &plan->shape, CHUNK_ROWS);
  while (n_places > 1 && one * (double)n_places > ICT_REPLICATE_MOST_BYTES) n_places--;
  return n_places;
}

/* What each thread needs, and the shifts. */
static ict_status begin(pass *p, bool by_abacus, bool by_replicates, int threads, double *shift,
                        ict_err *err) {
  const ict_plan *plan = p->plan;
  ict_status st = ICT_OK;
  for (int t = 0; t < threads; t++)
    ICT_TRY(done, st, ict_evaluator_init(&p->evaluators[t], plan, err));
  if (by_abacus) {
    ICT_TRY(done, st,
            ict_abacus_shared_init(&p->shared, plan, p->first_psu, p->n_chunks, threads, err));
    for (int t = 0; t < threads; t++)
      ICT_TRY(done, st, ict_abacus_worker_init(&p->workers[t], &p->shared, &p->evaluators[t], err));
  }
  ict_scan_shifts(&p->evaluators[0], shift);
  for (int t = 0; t < threads; t++) p->evaluators[t].shift = shift;
  st = ict_scan_sums_new(plan, p->shared.layout, by_replicates, &p->whole, err);
done:
  return st;
}

/* All segments from elsewhere, into the whole. */
static ict_status collect(pass *p, ict_segment_give_fn *give, void *ctx, ict_err *err) {
  ict_status st = ict_scan_sums_part(p->plan, p->shared.layout, &p->whole, &p->segment, err);
  for (size_t s = 0; s < ict_scan_segments_of(p->n_chunks) && st == ICT_OK; s++) {
    const void *bytes;
    size_t len;
    ICT_TRY(done, st, give(ctx, s, &bytes, &len, err));
    ict_unpack from = {bytes, len};
    ICT_TRY(done, st, ict_scan_sums_load(&p->segment, &from, err));
    if (from.left > 0) return ict_unpack_short(err);
    ICT_TRY(done, st, ict_scan_sums_merge(&p->whole, &p->segment, err));
  }
done:
  return st;
}

/* What a pass is to do beside the plan. */
typedef struct order {
  bool by_abacus, by_replicates;
  int threads;
  const ict_progress *progress;
  size_t from, to; /* segments */
  ict_segment_take_fn *take;
  ict_segment_give_fn *give;
  void *ctx;
} order;

static ict_status scan(const ict_plan *plan, const order *o, ict_cube **out,
                       ict_replicate_totals **totals, ict_err *err) {
  pass p = {.plan = plan,
            .progress = o->progress,
            .take = o->take,
            .take_ctx = o->ctx,
            .merging = ATOMIC_FLAG_INIT};
  double *shift = NULL;
  size_t *first_psu = NULL;
  int threads = ict_par_threads(o->threads);
  ict_status st;
  ICT_TRY(done, st,
          ict_scan_borders(&plan->frame->design, CHUNK_ROWS, &first_psu, &p.n_chunks, err));
  p.first_psu = first_psu;
  p.from = ict_scan_segment_first(p.n_chunks, o->from);
  p.to = ict_scan_segment_first(p.n_chunks, o->to);
  if ((size_t)threads > p.n_chunks) threads = p.n_chunks > 0 ? (int)p.n_chunks : 1;
  p.n_places = threads == 1 ? 1 : (size_t)threads * CHUNKS_PER_THREAD;
  if (p.n_places > p.n_chunks) p.n_places = p.n_chunks;
  if (o->by_replicates) p.n_places = fit_totals(plan, p.n_places);
  shift = ict_alloc(plan->n_measures, sizeof *shift);
  p.places = ict_alloc(p.n_places, sizeof *p.places);
  p.evaluators = ict_alloc((size_t)threads, sizeof *p.evaluators);
  p.workers = ict_alloc((size_t)threads, sizeof *p.workers);
  if (!p.places || !p.evaluators || !p.workers || !shift) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, begin(&p, o->by_abacus, o->by_replicates, threads, shift, err));
  st = o->give ? collect(&p, o->give, o->ctx, err) : run_chunks(&p, threads, err);
  if (st != ICT_OK || o->take) goto done;
  ICT_TRY(done, st, ict_scan_sums_finish(&p.whole, out, err));
  for (size_t m = 0; m < plan->n_measures; m++) ict_cube_shift(*out, m, shift[m]);
  if (plan->frame->design.calibration && !plan->replicates)
    ICT_TRY(done, st,
            ict_scan_residuals(plan, p.evaluators, threads, first_psu, p.n_chunks, *out, err));
  if (o->by_replicates) {
    ICT_TRY(done, st, ict_replicate_finish(p.whole.totals, threads, err));
    *totals = p.whole.totals;
    p.whole.totals = NULL;
  }
done:
  if (st != ICT_OK && out) {
    ict_cube_free(*out);
    *out = NULL;
  }
  for (int t = 0; p.workers && t < threads; t++) ict_abacus_worker_done(&p.workers[t]);
  for (int t = 0; p.evaluators && t < threads; t++) ict_evaluator_done(&p.evaluators[t]);
  for (size_t i = 0; p.places && i < p.n_places; i++) ict_scan_sums_done(&p.places[i].sums);
  ict_scan_sums_done(&p.segment);
  ict_scan_sums_done(&p.whole);
  ict_abacus_shared_done(&p.shared);
  ict_free(p.workers);
  ict_free(p.evaluators);
  ict_free(shift);
  ict_free(p.places);
  ict_free(first_psu);
  return st;
}

ict_status ict_scan(const ict_plan *plan, int threads, const ict_progress *progress, ict_cube **out,
                    ict_replicate_totals **totals, ict_err *err) {
  order o = {.by_abacus = ict_plan_by_abacus(plan),
             .by_replicates = totals && plan->replicates,
             .threads = threads,
             .progress = progress,
             .to = ICT_SCAN_SEGMENTS};
  *out = NULL;
  if (totals) *totals = NULL;
  return scan(plan, &o, out, totals, err);
}

ict_status ict_scan_by_cube(const ict_plan *plan, int threads, ict_cube **out, ict_err *err) {
  order o = {.threads = threads, .to = ICT_SCAN_SEGMENTS};
  *out = NULL;
  return scan(plan, &o, out, NULL, err);
}

/* ---- in pieces ----------------------------------------------------------------------------- */

/* As many as there are chunks, where they are few: then a segment is a chunk. */
size_t ict_scan_segments_of(size_t n_chunks) {
  return n_chunks < ICT_SCAN_SEGMENTS ? n_chunks : ICT_SCAN_SEGMENTS;
}

size_t ict_scan_segment_first(size_t n_chunks, size_t segment) {
  size_t n = ict_scan_segments_of(n_chunks);
  return segment < n ? segment * n_chunks / n : n_chunks;
}

ict_status ict_scan_n_segments(const ict_plan *plan, size_t *n, ict_err *err) {
  size_t *first_psu, n_chunks;
  ict_status st = ict_scan_borders(&plan->frame->design, CHUNK_ROWS, &first_psu, &n_chunks, err);
  ict_free(first_psu);
  *n = ict_scan_segments_of(n_chunks);
  return st;
}

ict_status ict_scan_part(const ict_plan *plan, int threads, const ict_progress *progress,
                         size_t from, size_t to, ict_segment_take_fn *take, void *ctx,
                         ict_err *err) {
  order o = {.by_abacus = ict_plan_by_abacus(plan),
             .by_replicates = plan->replicates != NULL,
             .threads = threads,
             .progress = progress,
             .from = from,
             .to = to,
             .take = take,
             .ctx = ctx};
  return scan(plan, &o, NULL, NULL, err);
}

ict_status ict_scan_join(const ict_plan *plan, int threads, ict_segment_give_fn *give, void *ctx,
                         ict_cube **out, ict_replicate_totals **totals, ict_err *err) {
  order o = {.by_abacus = ict_plan_by_abacus(plan),
             .by_replicates = plan->replicates != NULL,
             .threads = threads,
             .give = give,
             .ctx = ctx};
  *out = NULL;
  *totals = NULL;
  ict_status st = scan(plan, &o, out, totals, err);
  /* Strata that do not come together are no misuse here: the bytes are not of this plan. */
  return st == ICT_USAGE ? ict_unpack_short(err) : st;
}
