/* cli.h - words to structs: what the files of this room share.
 *
 * Two tables drive everything: commands.def (one row and one file a command) and options.def
 * (one row an option). Parsing, --help, the manual page and shell completion are made from
 * them, so they cannot disagree. */
#ifndef ICT_CLI_CLI_H
#define ICT_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "ictstat/error.h"
#include "ictstat/progress.h"
#include "ictstat/request.h"

typedef enum option_id {
#define OPTION(id, name, letter, argument, commands, help) OPT_##id,
#include "cli/options.def"
#undef OPTION
  N_OPTIONS
} option_id;

typedef enum command_id {
#define COMMAND(id, name, words, least, most, group, about) CMD_##id,
#include "cli/commands.def"
#undef COMMAND
  N_COMMANDS
} command_id;

typedef struct option_row {
  const char *name;     /* long name without dashes */
  char letter;          /* 0: none */
  const char *argument; /* NULL: a flag */
  unsigned commands;    /* bit mask over command_id */
  const char *help;
} option_row;

typedef struct args args;

typedef struct command_row {
  const char *name;
  const char *words;  /* positional arguments as shown in the usage line */
  size_t least, most; /* how many of them */
  const char *group;
  const char *about;
  int (*run)(const args *a);
  const char *manual; /* examples and what to know, shown by --help */
} command_row;

/* Each cmd_NAME.c defines these two. */
#define COMMAND(id, name, words, least, most, group, about) \
  int run_##id(const struct args *a);                       \
  extern const char MANUAL_##id[];
#include "cli/commands.def"
#undef COMMAND

extern const option_row OPTIONS[N_OPTIONS];
extern const command_row COMMANDS[N_COMMANDS];

/* Given options may be repeated; `by a --by b` keeps both, in order. */
struct args {
  const command_row *command;
  size_t n_words;
  const char **words;
  struct {
    size_t n;
    const char **values;
  } given[N_OPTIONS];
};

/* Reads argv[1..]. Returns an exit code and prints why, or -1 where there is a command to run. */
int args_parse(int argc, char **argv, args *out);
const command_row *find_command(const char *word); /* or NULL */
int no_command(const char *word);                  /* says so, with the nearest; ICT_USAGE */
bool takes(const command_row *command, option_id id);
void args_done(args *a);

bool has(const args *a, option_id id);
const char *text_of(const args *a, option_id id); /* the last one given, or NULL */
/* Whole number in [lo, hi]; stays as it is where the option is not given; prints and returns false
 * where it is none. */
bool number_of(const args *a, option_id id, long lo, long hi, long *out);
bool int_of(const args *a, option_id id, int lo, int hi, int *out); /* the same */
bool threads_of(const args *a, int *out);
/* Bytes; leaves *out alone where the option is not there. */
bool size_of(const args *a, option_id id, uint64_t *out);
/* One character, or the word tab; stays as it is where the option is not given. */
bool one_char(const args *a, option_id id, char *out);
/* --level as a fraction; stays as it is where it is not given; prints and returns false where it is
 * none. */
bool level_of(const args *a, double *out);
/* All but the indicators, of the options that the command has; prints and returns false where one
 * is not what it may be. */
bool request_of(const args *a, ict_request *request);
/* --format, or what goes without it: NULL (by the name of the file), and on standard output a table
 * for people, csv for programs. */
const char *format_of(const args *a, const char *path);
const char *output_of(const args *a); /* "-": standard output */
/* The output can be written, and no file that the words or options name to be read is it. */
ict_status output_ready(const args *a, const char *output, ict_err *err);
/* The tables that the words name; no input may be the output. free_tables also after a
 * failure. */
struct ict_table;
ict_status read_tables(const args *a, struct ict_table ***out, ict_err *err);
void free_tables(const args *a, struct ict_table **tables);
/* Writes the table there in that format; for a file, says on stderr how many rows it got. */
ict_status write_result(const args *a, const struct ict_table *table, const char *path,
                        ict_err *err);
/* Every value, commas split ("-i a,b -i c" is a, b, c); none where the option is not given. Prints
 * and returns false where it is and names nothing: a slip, not "all". free_list also then. */
bool list_of(const args *a, option_id id, char ***list, size_t *n);
void free_list(char **list, size_t n);

/* Words on stderr. Each returns the exit code of the status. */
int report(const ict_err *err);
int usage_error(const args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The findings, worst last, notes only without --quiet; and of a failure the error where it is not
 * among them. Returns the exit code. */
int told(const args *a, ict_status st, const ict_findings *findings, const ict_err *err);
/* "3 errors, 1 warning" of findings, on stderr, where there are any. */
void print_tally(const args *a, const ict_findings *findings);

/* Text that comes from a file, on standard output: in one line, and nothing in it that a terminal
 * would obey. */
void print_text(const char *text);
void print_slice(const char *text, size_t len);
/* printf of words from files: as print_text, but for line ends. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A bar on stderr when that is a terminal and the work lasts over half a second; NULL with
 * --quiet. One a process. */
const ict_progress *progress_bar(const args *a);
void progress_end(void);

void print_usage(void);
void print_command_help(const command_row *command);
void print_man(void);
void print_completion(const char *shell);

/* The catalogue that came with the program, and what --catalog and --extra say. */
struct ict_catalog;
int open_catalog(const args *a, struct ict_catalog **out);
/* The same for who uses no other indicators than these; none named: all. */
int open_catalog_for(const args *a, const char *const *ids, size_t n_ids, struct ict_catalog **out);

#endif
