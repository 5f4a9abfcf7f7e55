/* par.c - threads: OpenMP, POSIX threads or none, chosen by the build.
 *
 * In all three, a shared counter hands out the tasks in the order of their number, so that
 * a slow task never holds back more than its own thread. */
#include "base/par.h"

#include <sched.h>
#include <stdatomic.h>

#define MOST_THREADS 1024

int ict_par_threads(int wanted) {
  if (wanted > 0) return wanted < MOST_THREADS ? wanted : MOST_THREADS;
#if defined(ICT_PAR_OPENMP) || defined(ICT_PAR_PTHREAD)
  /* The cores this process may use, which a container or taskset may have narrowed. */
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) {
    int n = CPU_COUNT(&cores);
    if (n > 0) return n < MOST_THREADS ? n : MOST_THREADS;
  }
#endif
  return 1;
}

typedef struct job {
  size_t n;
  void (*task)(void *ctx, size_t i, int thread);
  void *ctx;
  atomic_size_t next;
} job;

static void work(job *j, int thread) {
  for (;;) {
    size_t i = atomic_fetch_add(&j->next, 1);
    if (i >= j->n) return;
    j->task(j->ctx, i, thread);
  }
}

#if defined(ICT_PAR_OPENMP)
#include <omp.h>

static void run(job *j, int threads) {
#pragma omp parallel num_threads(threads)
  work(j, omp_get_thread_num());
}

#elif defined(ICT_PAR_PTHREAD)
#include <pthread.h>

typedef struct worker {
  pthread_t thread;
  job *j;
  int index;
} worker;

static void *start(void *arg) {
  worker *w = arg;
  work(w->j, w->index);
  return NULL;
}

static void run(job *j, int threads) {
  worker workers[MOST_THREADS];
  int n = 0;
  /* A thread that cannot be had is done without: the others take its tasks. */
  for (int i = 1; i < threads; i++) {
    workers[n] = (worker){.j = j, .index = n + 1};
    if (pthread_create(&workers[n].thread, NULL, start, &workers[n]) != 0) break;
    n++;
  }
  work(j, 0);
  for (int i = 0; i < n; i++) pthread_join(workers[i].thread, NULL);
}

#else

static void run(job *j, int threads) {
  (void)threads;
  work(j, 0);
}

#endif

void ict_par_run(size_t n, int threads, void (*task)(void *ctx, size_t i, int thread), void *ctx) {
  job j = {.n = n, .task = task, .ctx = ctx};
  threads = ict_par_threads(threads > 0 ? threads : 1);
  if ((size_t)threads > n) threads = (int)n;
  if (threads <= 1) {
    work(&j, 0);
  } else {
    run(&j, threads);
  }
}
