/* main.c - the command: read the words, run one file's function, say how it ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "cli/cli.h"
#include "cli/spread.h"

/* OpenMP's threads wait for the next parallel stretch on the processor, where others could use it,
 * unless it is told to let them sleep before it starts: as the command begins to be loaded, and
 * with its OpenMP inside (tools/cmake/openmp_archive.cmake). What the user has set stands. */
__attribute__((constructor(101))) static void sleep_between_stretches(void) {
  (void)setenv("OMP_WAIT_POLICY", "passive", 0);
}

int main(int argc, char **argv) {
  /* A file grown too large is a write error like any other, and reported. A closed pipe ends the
   * program, as of any filter: `| head` has read enough. */
  signal(SIGXFSZ, SIG_IGN);
  int code = spread_begin(&argc, &argv);
  if (code >= 0) return code;
  args a;
  code = args_parse(argc, argv, &a);
  if (code < 0) code = spread_may_run(&a);
  if (code < 0) code = a.command->run(&a);
  progress_end();
  args_done(&a);
  if ((fflush(stdout) != 0 || ferror(stdout)) && code == ICT_OK) {
    ict_err err;
    ict_err_system(&err, "standard output", "cannot write");
    code = report(&err);
  }
  return spread_end(code);
}
