/* progress.c - the bar: stage, share, rate and time left, on stderr, only for people and only
 * for work of over half a second. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

#define WAIT_SECONDS   0.5
#define REDRAW_SECONDS 0.1

static struct bar {
  const char *stage;
  double started, drawn;
  bool shown;
} bar; /* one a process: there is one terminal */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void draw(const char *stage, uint64_t done, uint64_t total, const char *unit,
                 double seconds) {
  double rate = seconds > 0 ? (double)done / seconds : 0;
  bool bytes = strcmp(unit, "bytes") == 0;
  double shown = bytes ? rate / 1e6 : rate;
  if (total == 0) {
    fprintf(stderr, "\r\033[K%-10s %.0f %s/s", stage, shown, bytes ? "MB" : unit);
    return;
  }
  char cells[25];
  size_t full = (size_t)(24.0 * (double)done / (double)total);
  for (size_t i = 0; i < 24; i++) cells[i] = i < full ? '#' : '.';
  cells[24] = '\0';
  double left = rate > 0 ? (double)(total - done) / rate : 0;
  fprintf(stderr, "\r\033[K%-10s [%s] %3.0f %%  %.0f %s/s  %.0f s left", stage, cells,
          100.0 * (double)done / (double)total, shown, bytes ? "MB" : unit, left);
}

static void tick(void *ctx, const char *stage, uint64_t done, uint64_t total, const char *unit) {
  (void)ctx;
  double t = now();
  if (!bar.stage || strcmp(bar.stage, stage) != 0) {
    bar.stage = stage;
    bar.started = t;
  }
  if (t - bar.started < WAIT_SECONDS || t - bar.drawn < REDRAW_SECONDS) return;
  bar.drawn = t;
  bar.shown = true;
  draw(stage, done, total, unit, t - bar.started);
}

const ict_progress *progress_bar(const args *a) {
  static const ict_progress progress = {tick, NULL};
  return has(a, OPT_QUIET) || !isatty(STDERR_FILENO) ? NULL : &progress;
}

void progress_end(void) {
  if (bar.shown) fputs("\r\033[K", stderr);
  bar.shown = false;
}
