/* pieces.c - a file read in pieces that are shared out among threads.
 *
 * In:   a number of pieces, and what reads one.
 * Out:  the failure of the lowest piece.
 * Owns: one failure a thread. */
#include "source/pieces.h"

#include <stdatomic.h>

#include "base/par.h"

typedef struct failure { /* a thread's first is its lowest */
  size_t piece;          /* SIZE_MAX: none */
  ict_status status;
  ict_err err;
} failure;

typedef struct reading {
  const ict_source_request *request;
  ict_piece_fn fn;
  void *ctx;
  failure *failures;
  atomic_size_t lowest_failed;
} reading;

static void read_piece(reading *r, size_t i, int thread) {
  failure *mine = &r->failures[thread];
  if (mine->piece != SIZE_MAX || atomic_load(&r->lowest_failed) < i) return;
  mine->status = r->fn(r->ctx, i, thread, &mine->err);
  if (mine->status == ICT_OK) return;
  mine->piece = i;
  size_t lowest = atomic_load(&r->lowest_failed);
  while (i < lowest && !atomic_compare_exchange_weak(&r->lowest_failed, &lowest, i)) continue;
}

/* What stands beside the pieces is started first: it may well last longest. */
static void do_task(void *ctx, size_t i, int thread) {
  reading *r = ctx;
  bool beside = r->request->beside != NULL;
  if (beside && i == 0) {
    r->request->beside(r->request->beside_ctx);
  } else {
    read_piece(r, i - beside, thread);
  }
}

ict_status ict_pieces_read(const ict_source_request *request, size_t n_pieces, ict_piece_fn fn,
                           void *ctx, ict_err *err) {
  reading r = {.request = request, .fn = fn, .ctx = ctx, .lowest_failed = SIZE_MAX};
  size_t n_threads = (size_t)request->threads;
  ict_status st = ICT_OK;
  r.failures = ict_alloc(n_threads, sizeof *r.failures);
  if (!r.failures) return ict_err_memory(err);
  for (size_t t = 0; t < n_threads; t++) r.failures[t].piece = SIZE_MAX;
  ict_par_run(n_pieces + (request->beside != NULL), request->threads, do_task, &r);
  size_t lowest = atomic_load(&r.lowest_failed);
  for (size_t t = 0; t < n_threads && lowest != SIZE_MAX; t++) {
    if (r.failures[t].piece != lowest) continue;
    st = r.failures[t].status;
    if (err) *err = r.failures[t].err;
    break;
  }
  ict_free(r.failures);
  return st;
}
