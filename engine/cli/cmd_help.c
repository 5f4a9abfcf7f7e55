/* cmd_help.c - `ictstat help`. */
#include <string.h>

#include "cli/cli.h"

const char MANUAL_HELP[] =
    "  ictstat help               overview\n"
    "  ictstat help compute       as `ictstat compute --help`\n"
    "  ictstat help --man | man -l -\n";

int run_HELP(const args *a) {
  if (has(a, OPT_MAN)) {
    print_man();
    return ICT_OK;
  }
  if (a->n_words == 0) {
    print_usage();
    return ICT_OK;
  }
  for (int i = 0; i < N_COMMANDS; i++)
    if (strcmp(COMMANDS[i].name, a->words[0]) == 0) {
      print_command_help(&COMMANDS[i], true);
      return ICT_OK;
    }
  return no_command(a->words[0]);
}
