/* ahead.c - what was written of a file so far is handed to the disk, again and again.
 *
 * In: a file's name. Out: nothing but time. Owns: a descriptor of the file. */
#include "base/ahead.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

void ict_ahead_begin(ict_ahead *ahead, const char *path) {
  int kept = errno;
  atomic_store(&ahead->file, open(path, O_RDONLY | O_CLOEXEC) + 1);
  errno = kept;
}

void ict_ahead_end(ict_ahead *ahead) { atomic_store(&ahead->ended, true); }

void ict_ahead_run(ict_ahead *ahead) {
  const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000}; /* some megabytes */
  while (!atomic_load(&ahead->ended)) {
#if defined(SYNC_FILE_RANGE_WRITE)
    int file = atomic_load(&ahead->file) - 1;
    if (file >= 0) sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
    nanosleep(&pause, NULL);
  }
}

void ict_ahead_done(ict_ahead *ahead) {
  int file = atomic_load(&ahead->file) - 1;
  if (file >= 0) close(file);
  atomic_store(&ahead->file, 0);
}
