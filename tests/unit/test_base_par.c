/* Threads: every task once, the same result with any number of them. */
#include <math.h>
#include <string.h>

#include "base/par.h"
#include "suite.h"

#define N_TASKS 1000

typedef struct sums {
  double value[N_TASKS];
  int calls[N_TASKS];
  int threads, wrong_thread[N_TASKS];
} sums;

static void add_up(void *ctx, size_t i, int thread) {
  sums *s = ctx;
  s->calls[i]++; /* slot of this task: no one else writes here */
  s->wrong_thread[i] = thread < 0 || thread >= s->threads;
  for (size_t k = 1; k <= i; k++) s->value[i] += sqrt((double)k) / 3;
}

static double total(int threads) {
  static sums s;
  memset(&s, 0, sizeof s);
  s.threads = threads;
  ict_par_run(N_TASKS, threads, add_up, &s);
  double sum = 0;
  for (size_t i = 0; i < N_TASKS; i++) {
    CU_ASSERT_EQUAL(s.calls[i], 1);
    CU_ASSERT_EQUAL(s.wrong_thread[i], 0);
    sum += s.value[i];
  }
  return sum;
}

static void same_for_any_number(void) {
  double one = total(1);
  for (int threads = 2; threads <= 9; threads++) CU_ASSERT_EQUAL(total(threads), one);
}

static void counts_threads(void) {
  CU_ASSERT_TRUE(ict_par_threads(0) >= 1);
  CU_ASSERT_EQUAL(ict_par_threads(3), 3);
  CU_ASSERT_TRUE(ict_par_threads(-5) >= 1);
  CU_ASSERT_TRUE(ict_par_threads(1 << 30) < 1 << 30);
}

static void never(void *ctx, size_t i, int thread) {
  (void)ctx;
  (void)i;
  (void)thread;
  CU_FAIL("called for no task");
}

static void no_task_is_no_call(void) { ict_par_run(0, 4, never, NULL); }

SUITE("base.par", TEST(same_for_any_number), TEST(counts_threads), TEST(no_task_is_no_call))
