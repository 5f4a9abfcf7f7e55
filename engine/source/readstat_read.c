/* readstat_read.c - the second pass over an SPSS, Stata or SAS file: its rows.
 *
 * In:   the bytes, and the variables wanted.
 * Out:  chunks of columns.
 * Owns: the pieces, and each thread's buffers, for the length of a read.
 *
 * ReadStat reads on one thread. A file that can be cut between rows is therefore read by as many
 * parsers as there are threads, each of which is shown the dictionary and some of the rows; any
 * other by one. Where a chunk begins depends on neither. */
#include "source/pieces.h"
#include "source/readstat_in.h"

/* A parser reads the dictionary again: that must be little beside its rows. */
enum { PIECE_BYTES = 1 << 20, DICTIONARIES = 16 };

typedef struct reading {
  ict_readstat_wanted wanted;
  ict_readstat_piece *pieces;
  ict_readstat_rows **rows; /* one a thread, made when it first has something to do */
} reading;

static int64_t rows_of_pieces(const ict_readstat_wanted *wanted) {
  const ict_readstat_file *file = wanted->file;
  int64_t chunk = (int64_t)wanted->chunk_rows;
  if (wanted->request->chunk_size) return chunk;
  size_t bytes = file->rows_at * DICTIONARIES;
  if (bytes < PIECE_BYTES) bytes = PIECE_BYTES;
  double rows = (double)bytes / (double)file->bytes->len * (double)file->n_rows;
  return ((int64_t)rows / chunk + 1) * chunk;
}

/* *n is 0 where the file is to be read whole. */
static ict_status cut(reading *r, size_t *n, ict_err *err) {
  const ict_readstat_file *file = r->wanted.file;
  *n = 0;
  if (!file->kind->cut || file->n_rows <= 0 || r->wanted.request->threads == 1) return ICT_OK;
  int64_t piece_rows = rows_of_pieces(&r->wanted);
  size_t pieces = (size_t)((file->n_rows - 1) / piece_rows + 1);
  if (pieces == 1) return ICT_OK;
  r->pieces = ict_alloc(pieces, sizeof *r->pieces);
  if (!r->pieces) return ict_err_memory(err);
  if (file->kind->cut(file, piece_rows, r->pieces, pieces)) *n = pieces;
  return ICT_OK;
}

static ict_status whole(reading *r, size_t *n, ict_err *err) {
  ict_free(r->pieces);
  r->pieces = ict_alloc(1, sizeof *r->pieces);
  if (!r->pieces) return ict_err_memory(err);
  r->pieces[0] = ict_readstat_whole(r->wanted.file);
  *n = 1;
  return ICT_OK;
}

static ict_status read_piece(void *ctx, size_t i, int thread, ict_err *err) {
  reading *r = ctx;
  ict_readstat_rows **mine = &r->rows[thread];
  ict_status st = *mine ? ICT_OK : ict_readstat_rows_new(&r->wanted, thread, mine, err);
  return st == ICT_OK ? ict_readstat_rows_read(*mine, &r->pieces[i], err) : st;
}

ict_status ict_readstat_read(void *state, const ict_source_request *request, ict_err *err) {
  reading r = {0};
  size_t n = 0, n_threads = (size_t)request->threads;
  ict_status st = ict_readstat_wanted_init(&r.wanted, state, request, err);
  if (st != ICT_OK) goto done;
  r.rows = ict_alloc(n_threads, sizeof *r.rows);
  if (!r.rows) {
    st = ict_err_memory(err);
    goto done;
  }
  ICT_TRY(done, st, cut(&r, &n, err));
  if (n == 0) ICT_TRY(done, st, whole(&r, &n, err));
  st = ict_pieces_read(request, n, read_piece, &r, err);
done:
  for (size_t t = 0; r.rows && t < n_threads; t++) ict_readstat_rows_free(r.rows[t]);
  ict_free(r.rows);
  ict_free(r.pieces);
  ict_readstat_wanted_done(&r.wanted);
  return st;
}
