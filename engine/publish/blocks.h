/* blocks.h - the rows of a long table formatted by many threads, and written in order. */
#ifndef ICT_PUBLISH_BLOCKS_H
#define ICT_PUBLISH_BLOCKS_H

#include "base/stream.h"

/* Writes rows [from, to) to `out`: bytes that depend on the rows alone. */
typedef void ict_block_write(void *ctx, size_t from, size_t to, int thread, ict_out *out);

/* How many of `threads` are worth their beginning for so many rows: the numbers of threads that
 * `write` is called with are below it. */
int ict_block_threads(size_t n_rows, int threads);
/* All rows. threads: as above. Failed writes are remembered by `out`. */
ict_status ict_write_blocks(size_t n_rows, int threads, ict_block_write *write, void *ctx,
                            ict_out *out, ict_err *err);

#endif
