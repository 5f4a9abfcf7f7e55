/* part_file.h - the file of one part of a computation.
 *
 *     "ictstat part 1\n"                  what it is
 *     number 0x0102030405060708           of this byte order
 *     numbers k, n                        part k of n
 *     texts program, store, plans, note   a number, the length, then the bytes
 *     number of segments, and for each:
 *       numbers plan, segment, length; bytes
 *     64 hex digits                       SHA-256 of all before
 *
 * Numbers have eight bytes. Program, store and plans are a fingerprint: parts of different
 * versions, stores, definitions or breakdowns do not mix. */
#ifndef ICT_RUN_PART_FILE_H
#define ICT_RUN_PART_FILE_H

#include "base/pack.h"
#include "run/fingerprint.h"

typedef struct ict_part_head {
  uint64_t k, n;
  ict_fingerprint of;
  char *note; /* of the file's bytes' owner */
} ict_part_head;

typedef struct ict_part_segment {
  uint64_t plan, segment;
  const void *bytes; /* in the file's bytes */
  size_t len;
} ict_part_segment;

typedef struct ict_part_file {
  const char *path;
  ict_bytes bytes;
  ict_part_head head;
  size_t n_segments;
  ict_part_segment *segments; /* in order of plan, then segment */
} ict_part_file;

/* Everything up to the segments; then one call a segment; then commit. */
typedef struct ict_part_writer ict_part_writer;
ict_status ict_part_writer_open(const char *path, const ict_part_head *head, size_t n_segments,
                                ict_part_writer **out, ict_err *err);
void ict_part_writer_add(ict_part_writer *writer, size_t plan, size_t segment, const void *bytes,
                         size_t len);
/* Frees the writer whatever happens. */
ict_status ict_part_writer_commit(ict_part_writer *writer, ict_err *err);
void ict_part_writer_discard(ict_part_writer *writer); /* NULL is fine */

/* Maps the file and checks all of it but the segments' inside. */
ict_status ict_part_file_open(const char *path, ict_part_file *file, ict_err *err);
void ict_part_file_close(ict_part_file *file); /* safe on a zeroed one */

#endif
