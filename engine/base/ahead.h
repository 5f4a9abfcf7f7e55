/* ahead.h - a large file on its way to the disk while it is still being written.
 *
 * Whoever syncs a file waits until all of it is on the disk. A thread that is idle beside the
 * writer can have most of it there by then. Hints: nothing depends on them. */
#ifndef ICT_BASE_AHEAD_H
#define ICT_BASE_AHEAD_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct ict_ahead { /* zeroed before it begins */
  atomic_int file;         /* descriptor + 1; 0: none */
  atomic_bool ended;
} ict_ahead;

/* The writer: the file is there; nothing more will be written. */
void ict_ahead_begin(ict_ahead *ahead, const char *path);
void ict_ahead_end(ict_ahead *ahead);
/* The thread beside it: returns when the writer has ended, so it must. */
void ict_ahead_run(ict_ahead *ahead);
/* When both are through. */
void ict_ahead_done(ict_ahead *ahead);

#endif
