/* par.h - the one door to threads (OpenMP where it is there, else POSIX threads,
 * else one thread; a build option).
 *
 * Tasks are numbered by the data, not by the threads, so what a task computes never
 * depends on how many threads there are. A task that can fail writes its failure to
 * a slot of its own; the caller reads the slots in order afterwards. */
#ifndef ICT_BASE_PAR_H
#define ICT_BASE_PAR_H

#include <stddef.h>

/* How many threads to use: wanted, or for 0 the cores of this process; at least 1. */
int ict_par_threads(int wanted);

/* Calls task(ctx, i, thread) once for each i in [0, n), thread in [0, threads).
 * Tasks start in the order of i; they may finish in any. Returns when all are done. */
void ict_par_run(size_t n, int threads, void (*task)(void *ctx, size_t i, int thread), void *ctx);

#endif
