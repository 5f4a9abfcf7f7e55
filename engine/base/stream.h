/* stream.h - bytes in and bytes out.
 *
 * Out: written to a temporary name beside the target, synced and renamed on
 * commit, so a reader sees the old file or the whole new one, never a part.
 * In: a whole file as one read-only piece of memory (mapped; gunzipped where it
 * is gzip). */
#ifndef ICT_BASE_STREAM_H
#define ICT_BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

typedef struct ict_out ict_out;

/* path "-" is standard output. Refuses a directory or an unwritable folder now, not
 * at commit. */
ict_status ict_out_open(const char *path, ict_out **out, ict_err *err);
/* Refuses what ict_out_open would refuse, before anything is computed in vain; leaves nothing
 * behind. */
ict_status ict_out_try(const char *path, ict_err *err);
/* Collects in memory; ict_out_take gives the bytes. */
ict_status ict_out_memory(ict_out **out, ict_err *err);

/* A failed write is remembered and reported by commit; the calls return nothing
 * so that writers read as a list of what they write. */
void ict_out_write(ict_out *out, const void *bytes, size_t len);
void ict_out_text(ict_out *out, const char *text);
void ict_out_printf(ict_out *out, const char *fmt, ...) ICT_PRINTF(2, 3);
bool ict_out_is_terminal(const ict_out *out);

/* Flush, sync, rename, sync the folder. Frees `out` whatever happens. On failure
 * the target is untouched and the temporary file gone. */
ict_status ict_out_commit(ict_out *out, ict_err *err);
/* Forgets everything written (memory and file); NULL is fine. */
void ict_out_discard(ict_out *out);
/* Memory streams only: ends the stream and hands over its bytes (terminated, free
 * with ict_free); NULL with err set where a write had failed. */
char *ict_out_take(ict_out *out, size_t *len, ict_err *err);
/* Writes to `out` what a memory stream has collected, and empties it; it keeps its memory. */
void ict_out_move(ict_out *memory, ict_out *out);

/* For writers that need a real file of their own (HDF5, XLSX): the temporary name to
 * write to. Close your handle before ict_out_commit. The stream is opened with
 * ict_out_open_path; ict_out_write must not be used on it. */
ict_status ict_out_open_path(const char *path, ict_out **out, ict_err *err);
const char *ict_out_path(const ict_out *out);

typedef struct ict_bytes {
  const char *data; /* not terminated; never NULL, even when len is 0 */
  size_t len;
  bool was_gzip;
  size_t file_size; /* bytes on disk */
  char sha256[65];  /* of the bytes on disk, when asked for */
  struct ict_bytes_impl *impl;
} ict_bytes;

/* limit: refuse to expand gzip beyond this many bytes (0: 8 GiB). hash: fill sha256. */
ict_status ict_bytes_open(const char *path, size_t limit, bool hash, ict_bytes *out, ict_err *err);
/* Fills sha256 where `hash` did not ask for it: for those who have a better moment for it. */
void ict_bytes_hash(ict_bytes *bytes);
/* data (of ict_alloc, len bytes; taken over) in place of what the record holds. file_size and
 * sha256 are of the files that it was made from. */
void ict_bytes_replace(ict_bytes *bytes, char *data, size_t len, size_t file_size,
                       const char sha256[65]);
/* The bytes as they are on disk: file_size of them. */
const char *ict_bytes_raw(const ict_bytes *bytes);
void ict_bytes_close(ict_bytes *bytes); /* safe on a zeroed record */

/* Refuses (ICT_USAGE) an output that is the very file of an input, under whatever name. */
ict_status ict_path_apart(const char *output, const char *input, ict_err *err);

/* dir/name, unless name is absolute. Caller frees. NULL where memory is short. */
char *ict_path_join(const char *dir, const char *name);
/* The folder part of a path ("." where there is none). Caller frees. */
char *ict_path_dir(const char *path);
/* What follows the folder part: the name alone. Borrowed. */
const char *ict_path_name(const char *path);
/* Where the paths that a file names start: in `given`, or (NULL) in the file's own folder. Caller
 * frees. */
char *ict_path_start(const char *given, const char *file);
/* The path of a file as seen from a folder: "hh.csv", "../data/hh.csv". Both folders are there;
 * links to folders are followed, a link to the file is not. Caller frees. */
ict_status ict_path_from(const char *folder, const char *path, char **out, ict_err *err);

#endif
