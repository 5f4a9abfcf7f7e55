/* pieces.h - a file read in pieces that are shared out among threads; inside the room only.
 *
 * A fault stops the reading at the lowest piece that has one, for any number of threads: pieces
 * start in order, and one is left out only if a lower one has failed. */
#ifndef ICT_SOURCE_PIECES_H
#define ICT_SOURCE_PIECES_H

#include "source/provider.h"

typedef ict_status (*ict_piece_fn)(void *ctx, size_t i, int thread, ict_err *err);

/* Calls fn for each piece, on request->threads threads, and does request->beside. The failure of
 * the lowest piece, if any. */
ict_status ict_pieces_read(const ict_source_request *request, size_t n_pieces, ict_piece_fn fn,
                           void *ctx, ict_err *err);

#endif
