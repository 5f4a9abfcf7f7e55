/* blocks.c - blocks of rows, formatted by many threads in waves.
 *
 * In: rows, who formats them. Out: their bytes, in order.
 * Owns: buffers of two waves: while one is formatted, the one before is written. */
#include "publish/blocks.h"

#include "base/mem.h"
#include "base/par.h"

/* Some hundred kilobytes of text a block: they stay in a core's cache until they are written. */
enum { BLOCK_ROWS = 1024, BLOCKS_A_THREAD = 4 };

typedef struct waves {
  size_t n_rows, n_blocks;
  ict_block_write *write;
  void *ctx;
  ict_out *out;
  size_t size;       /* blocks a wave */
  ict_out **buffers; /* of two waves */
  size_t now;        /* the wave being formatted */
} waves;

static size_t blocks_of(const waves *w, size_t wave) {
  size_t from = wave * w->size;
  return from >= w->n_blocks ? 0 : w->n_blocks - from < w->size ? w->n_blocks - from : w->size;
}

static ict_out **buffers_of(const waves *w, size_t wave) { return w->buffers + wave % 2 * w->size; }

/* Task 0 writes the wave before, if there is one; the others format one block each. */
static void do_task(void *ctx, size_t i, int thread) {
  waves *w = ctx;
  if (i > 0) {
    size_t from = (w->now * w->size + i - 1) * BLOCK_ROWS, to = from + BLOCK_ROWS;
    w->write(w->ctx, from, to < w->n_rows ? to : w->n_rows, thread,
             buffers_of(w, w->now)[i - 1]);
  } else if (w->now > 0) {
    for (size_t b = 0; b < blocks_of(w, w->now - 1); b++)
      ict_out_move(buffers_of(w, w->now - 1)[b], w->out);
  }
}

int ict_block_threads(size_t n_rows, int threads) {
  size_t n_blocks = n_rows / BLOCK_ROWS + 1;
  return n_blocks < (size_t)threads ? (int)n_blocks : threads;
}

ict_status ict_write_blocks(size_t n_rows, int threads, ict_block_write *write, void *ctx,
                            ict_out *out, ict_err *err) {
  threads = ict_block_threads(n_rows, threads);
  if (threads <= 1) {
    write(ctx, 0, n_rows, 0, out);
    return ICT_OK;
  }
  waves w = {.n_rows = n_rows,
             .n_blocks = (n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS,
             .write = write,
             .ctx = ctx,
             .out = out,
             .size = (size_t)threads * BLOCKS_A_THREAD};
  w.buffers = ict_alloc(2 * w.size, sizeof *w.buffers);
  ict_status st = w.buffers ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < 2 * w.size && st == ICT_OK; i++)
    st = ict_out_memory(&w.buffers[i], err);
  for (; st == ICT_OK && (w.now == 0 || blocks_of(&w, w.now - 1) > 0); w.now++)
    ict_par_run(1 + blocks_of(&w, w.now), threads, do_task, &w);
  for (size_t i = 0; w.buffers && i < 2 * w.size; i++) ict_out_discard(w.buffers[i]);
  ict_free(w.buffers);
  return st;
}
