/* main.c - the command: read the words, run one file's function, say how it ended. */
#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like any other, and is reported */
  args a;
  int code = args_parse(argc, argv, &a);
  if (code < 0) code = a.command->run(&a);
  progress_end();
  args_done(&a);
  if (fflush(stdout) != 0 && code == ICT_OK) {
    perror("ictstat: standard output");
    code = ICT_FAIL;
  }
  return code;
}
