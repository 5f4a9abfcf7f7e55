/* tables.c - the two tables of the command line, from their .def files. */
#include "cli/cli.h"

#define BIT(command) (1u << CMD_##command)
#define EVERY        (~0u)

const option_row OPTIONS[N_OPTIONS] = {
#define OPTION(id, name, letter, argument, commands, help) \
  [OPT_##id] = {name, letter, argument, commands, help},
#include "cli/options.def"
#undef OPTION
};

const command_row COMMANDS[N_COMMANDS] = {
#define COMMAND(id, name, words, least, most, group, about) \
  [CMD_##id] = {name, words, least, most, group, about, run_##id, MANUAL_##id},
#include "cli/commands.def"
#undef COMMAND
};
