/* blocks.c - blocks of rows, formatted by many threads, written by whichever has the time.
 *
 * In: rows, who formats them. Out: their bytes, in order.
 * Owns: a ring of buffers.
 *
 * Block b is formatted into buffer b mod the size of the ring. A thread that is done with one
 * writes all that is ready in order, unless another thread is at it, which then does so too; so
 * nobody waits but who is a whole ring ahead. */
#include "publish/blocks.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/par.h"

/* Some hundred kilobytes of text a block: they stay in a core's cache until they are written. */
enum { BLOCK_ROWS = 512, BLOCKS_A_THREAD = 4, ROWS_A_THREAD = 8192 };

typedef struct ring {
  size_t n_rows, n_blocks;
  ict_block_write *write;
  void *ctx;
  size_t size;
  ict_out **buffers;
  atomic_bool *ready; /* of each buffer: its block is whole */
  atomic_flag busy;   /* held by who writes */
  atomic_size_t next; /* the block to be written next; changed by who writes, as is out */
  ict_out *out;
} ring;

/* All operations on atomics here are in one order for all threads: who makes a block ready and
 * finds another writing is seen by that one after it has stopped. */
static void write_ready(ring *r) {
  for (;;) {
    if (atomic_flag_test_and_set(&r->busy)) return;
    size_t b = atomic_load(&r->next);
    while (b < r->n_blocks && atomic_load(&r->ready[b % r->size])) {
      ict_out_move(r->buffers[b % r->size], r->out);
      atomic_store(&r->ready[b % r->size], false);
      atomic_store(&r->next, ++b);
    }
    atomic_flag_clear(&r->busy);
    if (b == r->n_blocks || !atomic_load(&r->ready[b % r->size])) return;
  }
}

static void do_block(void *ctx, size_t b, int thread) {
  ring *r = ctx;
  size_t from = b * BLOCK_ROWS, to = from + BLOCK_ROWS;
  while (b - atomic_load(&r->next) >= r->size) sched_yield();
  r->write(r->ctx, from, to < r->n_rows ? to : r->n_rows, thread, r->buffers[b % r->size]);
  atomic_store(&r->ready[b % r->size], true);
  write_ready(r);
}

int ict_block_threads(size_t n_rows, int threads) {
  size_t most = n_rows / ROWS_A_THREAD;
  return most >= (size_t)threads ? threads : most > 0 ? (int)most : 1;
}

ict_status ict_write_blocks(size_t n_rows, int threads, ict_block_write *write, void *ctx,
                            ict_out *out, ict_err *err) {
  threads = ict_block_threads(n_rows, threads);
  if (threads <= 1) {
    write(ctx, 0, n_rows, 0, out);
    return ICT_OK;
  }
  ring r = {.n_rows = n_rows,
            .n_blocks = (n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS,
            .write = write,
            .ctx = ctx,
            .size = (size_t)threads * BLOCKS_A_THREAD,
            .busy = ATOMIC_FLAG_INIT,
            .out = out};
  r.buffers = ict_alloc(r.size, sizeof *r.buffers);
  r.ready = ict_alloc(r.size, sizeof *r.ready);
  ict_status st = r.buffers && r.ready ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < r.size && st == ICT_OK; i++) st = ict_out_memory(&r.buffers[i], err);
  if (st == ICT_OK) ict_par_run(r.n_blocks, threads, do_block, &r);
  for (size_t i = 0; r.buffers && i < r.size; i++) ict_out_discard(r.buffers[i]);
  ict_free(r.buffers);
  ict_free(r.ready);
  return st;
}
