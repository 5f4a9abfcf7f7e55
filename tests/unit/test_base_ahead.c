/* Handing a file to the disk while it is written: that it ends, whatever is there to hand over. */
#include <unistd.h>

#include "base/ahead.h"
#include "base/par.h"
#include "folder.h"
#include "suite.h"

typedef struct beside {
  ict_ahead ahead;
  const char *path;
  bool there;
} beside;

static void write_or_run(void *ctx, size_t i, int thread) {
  beside *b = ctx;
  (void)thread;
  if (i == 1) {
    ict_ahead_run(&b->ahead);
    return;
  }
  FILE *f = b->there ? fopen(b->path, "wb") : NULL;
  ict_ahead_begin(&b->ahead, b->path);
  for (int k = 0; f && k < 100000; k++) fputs("some text", f);
  if (f) CU_ASSERT_EQUAL(fclose(f), 0);
  ict_ahead_end(&b->ahead);
}

static void run(bool there, int threads) {
  beside b = {.path = scratch("ahead"), .there = there};
  ict_par_run(2, threads, write_or_run, &b);
  ict_ahead_done(&b.ahead);
  CU_ASSERT_EQUAL(unlink(b.path) == 0, there);
}

static void ends(void) {
  for (int threads = 1; threads <= 2; threads++) {
    run(true, threads);
    run(false, threads);
  }
}

SUITE("base.ahead", TEST(ends))
