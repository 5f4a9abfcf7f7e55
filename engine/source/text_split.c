/* text_split.c - the body of a text file in pieces that start at records.
 *
 * In:   the mapped file.
 * Out:  pieces in file order, each with the line it starts in.
 * Owns: the array it hands over.
 *
 * Whether a newline ends a record depends on every quote before it. So: count quotes and
 * newlines block by block (in parallel, at the speed of memory), add the counts up, and
 * move each border to the next record. */
#include <string.h>

#include "base/par.h"
#include "source/text.h"

typedef struct counting {
  const ict_text_file *file;
  size_t chunk_size;
  ict_text_counts *counts;
} counting;

static const char *nominal(const ict_text_file *file, size_t chunk_size, size_t i) {
  size_t size = (size_t)(file->end - file->body);
  return i > size / chunk_size ? file->end : file->body + i * chunk_size;
}

static void count_block(void *ctx, size_t i, int thread) {
  (void)thread;
  const counting *c = ctx;
  const ict_text_file *file = c->file;
  const char *start = nominal(file, c->chunk_size, i);
  const char *stop = nominal(file, c->chunk_size, i + 1);
  c->counts[i] = ict_text_count(start, stop, file->end, file->quote);
}

/* p is outside quotes: does a record start here? */
static bool after_newline(const ict_text_file *file, const char *p) {
  if (p[-1] == '\n') return true;
  return p[-1] == '\r' && (p == file->end || *p != '\n');
}

ict_status ict_text_split(const ict_text_file *file, size_t chunk_size, int threads,
                          ict_text_piece **pieces, size_t *n_pieces, ict_err *err) {
  *pieces = NULL;
  *n_pieces = 0;
  size_t size = (size_t)(file->end - file->body);
  if (size == 0) return ICT_OK;
  size_t n_blocks = size / chunk_size + (size % chunk_size != 0);
  ict_text_counts *counts = ict_alloc(n_blocks, sizeof *counts);
  ict_text_piece *out = ict_alloc(n_blocks, sizeof *out);
  if (!counts || !out) {
    ict_free(counts);
    ict_free(out);
    return ict_err_memory(err);
  }
  counting c = {file, chunk_size, counts};
  ict_par_run(n_blocks, threads, count_block, &c);

  size_t n = 0;
  uint64_t line = file->body_line; /* at the nominal border */
  bool inside = false;             /* quotes, at the nominal border */
  for (size_t i = 0; i < n_blocks; i++) {
    const char *border = nominal(file, chunk_size, i);
    /* A border inside the record that the last one was moved over is passed by, so each
     * byte is looked at once, however long a record is. */
    if (n == 0 || out[n - 1].start < border) {
      const char *start = border;
      if (i > 0 && (inside || !after_newline(file, border))) {
        start = ict_text_next_start(border, file->end, file->quote, inside);
      }
      if (start == file->end) break;
      uint64_t skipped = ict_text_newlines(border, start, file->end);
      out[n++] = (ict_text_piece){.start = start, .line = line + skipped};
    }
    line += counts[i].newlines;
    inside ^= counts[i].quotes & 1;
  }
  uint64_t last_line = file->body_line;
  for (size_t i = 0; i < n_blocks; i++) last_line += counts[i].newlines;
  for (size_t i = 0, rows = 0; i < n; rows += out[i++].rows_most) {
    bool last = i + 1 == n;
    out[i].end = last ? file->end : out[i + 1].start;
    size_t lines = (size_t)((last ? last_line + 1 : out[i + 1].line) - out[i].line);
    size_t fits = (size_t)(out[i].end - out[i].start) / file->n_fields + 1;
    out[i].rows_most = lines < fits ? lines : fits;
    out[i].rows_before = rows;
  }
  ict_free(counts);
  *pieces = out;
  *n_pieces = n;
  return ICT_OK;
}
