/* progress.h - how a long job tells how far it is. The library never prints; the
 * caller passes a function or NULL. Belongs to: engine/base. */
#ifndef ICTSTAT_PROGRESS_H
#define ICTSTAT_PROGRESS_H

#include <stdint.h>

typedef struct ict_progress {
  /* Called from one thread at a time, at most some hundred times a second.
   * stage: "reading", "joining", ... a literal that lives on. total 0: unknown.
   * unit: what is counted, "bytes" or "rows". */
  void (*tick)(void *ctx, const char *stage, uint64_t done, uint64_t total, const char *unit);
  void *ctx;
} ict_progress;

#endif
