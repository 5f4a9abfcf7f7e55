/* timing.h - seconds of a piece of work, run several times, as a line: what the benchmarks share.
 *
 *     name   median s   least s   spread %   user s   M rows/s   MB/s   x reading
 *
 * The rates are of the median. `user` is the least seconds of processor of all threads together:
 * what to look at where others keep the machine busy. benchmarks/harness.py reads these lines. */
#ifndef ICT_BENCHMARKS_TIMING_H
#define ICT_BENCHMARKS_TIMING_H

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

enum { TIMING_RUNS = 5 };

typedef struct timing {
  int n;
  double wall[TIMING_RUNS]; /* in ascending order */
  double user, from, used;
} timing;

static inline double timing_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double timing_user(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return (double)r.ru_utime.tv_sec + (double)r.ru_utime.tv_usec / 1e6;
}

static inline void timing_start(timing *t) {
  t->used = timing_user();
  t->from = timing_now();
}

static inline void timing_stop(timing *t) {
  double s = timing_now() - t->from, u = timing_user() - t->used;
  if (t->n == TIMING_RUNS) return;
  int i = t->n++;
  for (; i > 0 && t->wall[i - 1] > s; i--) t->wall[i] = t->wall[i - 1];
  t->wall[i] = s;
  if (t->n == 1 || u < t->user) t->user = u;
}

static inline double timing_median(const timing *t) {
  return (t->wall[(t->n - 1) / 2] + t->wall[t->n / 2]) / 2;
}

/* read: seconds to read the same bytes; 0: nothing to set it beside. */
static inline void timing_print(const char *name, const timing *t, double rows, double bytes,
                                double read) {
  double s = timing_median(t), spread = (t->wall[t->n - 1] - t->wall[0]) / s;
  printf("%-28s %10.6f s %10.6f s %4.0f %% %10.6f s user %9.2f M rows/s %8.0f MB/s", name, s,
         t->wall[0], 100 * spread, t->user, rows / s / 1e6, bytes / s / 1e6);
  if (read > 0) printf(" %8.1f x reading", s / read);
  printf("\n");
  fflush(stdout);
}

#endif
