/* fuzz_csv.c - any bytes as a delimited text file: the same rows whatever the chunk size. */
#include "base/hash.h"
#include "fuzz.h"
#include "source/provider.h"
#include "source/source.h"

typedef struct tally {
  uint64_t rows, hash; /* of the cells, added up so that the order of chunks does not matter */
} tally;

static ict_status count(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  tally *t = ctx;
  (void)thread;
  (void)err;
  for (size_t r = 0; r < chunk->n_rows; r++)
    t->hash +=
        ict_hash64(chunk->columns[0].text[r].text, chunk->columns[0].text[r].len, chunk->line[r]);
  t->rows += chunk->n_rows;
  return ICT_OK;
}

static ict_status read_all(const char *path, size_t chunk_size, tally *t) {
  ict_source_options options = {.path = path, .format = "csv"};
  ict_source *source = NULL;
  size_t first = 0;
  ict_status st = ict_source_open(&options, &source, NULL);
  if (st == ICT_OK && chunk_size) ict_source_set_chunk_size(source, chunk_size);
  if (st == ICT_OK) st = ict_source_read(source, &first, 1, 1, NULL, count, t, NULL);
  ict_source_close(source);
  return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *path = fuzz_file(data, size, ".csv");
  tally whole = {0}, pieces = {0};
  ict_status a = read_all(path, 0, &whole), b = read_all(path, 3, &pieces);
  if (a != b) abort();
  if (a == ICT_OK && (whole.rows != pieces.rows || whole.hash != pieces.hash)) abort();
  return 0;
}
