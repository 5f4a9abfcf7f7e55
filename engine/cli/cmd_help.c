/* cmd_help.c - `ictstat help`. */
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
  const command_row *command = find_command(a->words[0]);
  if (!command) return no_command(a->words[0]);
  print_command_help(command);
  return ICT_OK;
}
