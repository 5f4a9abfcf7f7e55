/* stack.c - text files with the same columns as one: the rounds of a survey.
 *
 * In: the bytes of the first file, the paths of the others. Out: the bytes of all, the header line
 * once.
 * Owns: nothing; the joined bytes are the caller's record's.
 *
 * The columns of a text file are where its header says, so headers must be the same to the letter;
 * a file that has other columns, or these in another order, is another file. */
#include <string.h>

#include "base/hash.h"
#include "source/provider.h"

static ict_slice header_of(const ict_bytes *bytes) {
  const char *data = bytes->data, *end = data + bytes->len;
  if (bytes->len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) data += 3;
  const char *line = memchr(data, '\n', (size_t)(end - data));
  size_t len = (size_t)((line ? line : end) - data);
  if (len > 0 && data[len - 1] == '\r') len--;
  return (ict_slice){data, len};
}

/* Where the rows begin. */
static size_t rows_at(const ict_bytes *bytes) {
  const char *line = memchr(bytes->data, '\n', bytes->len);
  return line ? (size_t)(line + 1 - bytes->data) : bytes->len;
}

static bool ends_open(const ict_bytes *bytes) {
  return bytes->len > 0 && bytes->data[bytes->len - 1] != '\n';
}

static ict_status check_header(const ict_source_options *options, const ict_bytes *first,
                               const ict_bytes *next, const char *path, ict_err *err) {
  ict_slice a = header_of(first), b = header_of(next);
  if (options->no_header || ict_slice_same(a, b)) return ICT_OK;
  size_t at = 0;
  while (at < a.len && at < b.len && a.text[at] == b.text[at]) at++;
  ict_err_set(err, ICT_REFUSED, "the header is not that of %s", options->path);
  ict_err_at(err, path, 1, at + 1);
  ict_err_expected(err, "the same columns in the same order in all files of a list");
  ict_err_fix(err, "write the rounds with the same columns, or map them as files of their own");
  return ICT_REFUSED;
}

/* The parts' bytes in one piece, and the hash of all that is on disk. */
static ict_status join(const ict_source_options *options, const ict_bytes *parts, size_t n,
                       ict_bytes *out, ict_err *err) {
  size_t len = 0, file_size = 0;
  for (size_t i = 0; i < n; i++) {
    len += parts[i].len + 1;
    file_size += parts[i].file_size;
  }
  char *data = ict_alloc(len, 1), hex[65] = "";
  if (!data) return ict_err_memory(err);
  ict_sha256 *hash = options->hash ? ict_sha256_new() : NULL;
  if (options->hash && !hash) {
    ict_free(data);
    return ict_err_memory(err);
  }
  len = 0;
  for (size_t i = 0; i < n; i++) {
    size_t from = i > 0 && !options->no_header ? rows_at(&parts[i]) : 0;
    memcpy(data + len, parts[i].data + from, parts[i].len - from);
    len += parts[i].len - from;
    if (ends_open(&parts[i])) data[len++] = '\n';
    if (hash) ict_sha256_add(hash, ict_bytes_raw(&parts[i]), parts[i].file_size);
  }
  if (hash) ict_sha256_done(hash, hex);
  ict_bytes_replace(out, data, len, file_size, hex);
  return ICT_OK;
}

ict_status ict_source_stack(const ict_source_options *options, ict_bytes *bytes, ict_err *err) {
  size_t n = options->n_more + 1;
  ict_bytes *parts = ict_alloc(n, sizeof *parts);
  ict_status st = ICT_OK;
  if (!parts) return ict_err_memory(err);
  parts[0] = *bytes;
  for (size_t i = 1; i < n; i++) {
    ICT_TRY(done, st, ict_bytes_open(options->more[i - 1], 0, false, &parts[i], err));
    ICT_TRY(done, st, check_header(options, &parts[0], &parts[i], options->more[i - 1], err));
  }
  st = join(options, parts, n, bytes, err);
done:
  for (size_t i = 1; i < n; i++) ict_bytes_close(&parts[i]);
  ict_free(parts);
  return st;
}
