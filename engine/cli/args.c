/* args.c - argv to args, by the tables. `--name value`, `--name=value`, `-n value`, `-nvalue`;
 * options and words in any order; `--` ends the options. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"

bool has(const args *a, option_id id) { return a->given[id].n > 0; }

const char *text_of(const args *a, option_id id) {
  return has(a, id) ? a->given[id].values[a->given[id].n - 1] : NULL;
}

int usage_error(const args *a, const char *fmt, ...) {
  va_list list;
  va_start(list, fmt);
  fputs("ictstat: error: ", stderr);
  vfprintf(stderr, fmt, list);
  va_end(list);
  fprintf(stderr, "\n  fix: see `ictstat %s%s--help`\n", a && a->command ? a->command->name : "",
          a && a->command ? " " : "");
  return ICT_USAGE;
}

bool number_of(const args *a, option_id id, long lo, long hi, long *out) {
  const char *text = text_of(a, id);
  if (!text) return true;
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno || end == text || *end || value < lo || value > hi) {
    usage_error(a, "--%s takes a whole number from %ld to %ld, not '%s'", OPTIONS[id].name, lo, hi,
                text);
    return false;
  }
  *out = value;
  return true;
}

bool int_of(const args *a, option_id id, int lo, int hi, int *out) {
  long value = *out;
  bool good = number_of(a, id, lo, hi, &value);
  *out = (int)value;
  return good;
}

bool threads_of(const args *a, int *out) { return int_of(a, OPT_THREADS, 1, 1024, out); }

/* "500M", "4G" (1024s), "4000000"; at least 64K. */
bool size_of(const args *a, option_id id, uint64_t *out) {
  static const char letters[] = "KMGT";
  const char *text = text_of(a, id);
  if (!text) return true;
  char *end = NULL;
  errno = 0;
  double value = strtod(text, &end);
  const char *letter = *end ? strchr(letters, toupper((unsigned char)*end)) : NULL;
  for (const char *l = letters; letter && l <= letter; l++) value *= 1024;
  if (letter) end++;
  if (errno || end == text || *end || !(value >= 65536 && value < 1e18)) {
    usage_error(a, "--%s takes a size of at least 64K, such as 500M or 4G, not '%s'",
                OPTIONS[id].name, text);
    return false;
  }
  *out = (uint64_t)value;
  return true;
}

bool one_char(const args *a, option_id id, char *out) {
  const char *text = text_of(a, id);
  if (!text) return true;
  if (strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0) text = "\t";
  if (text[0] && !text[1]) {
    *out = text[0];
    return true;
  }
  usage_error(a, "--%s takes one character (or tab), not '%s'", OPTIONS[id].name, text);
  return false;
}

bool level_of(const args *a, double *out) {
  if (!has(a, OPT_LEVEL)) return true;
  char *end;
  double level = strtod(text_of(a, OPT_LEVEL), &end);
  if (*end || !(level > 0 && level < 100)) {
    usage_error(a, "--level takes a percentage between 0 and 100, not '%s'", text_of(a, OPT_LEVEL));
    return false;
  }
  *out = level / 100;
  return true;
}

const char *format_of(const args *a, const char *path) {
  if (has(a, OPT_FORMAT)) return text_of(a, OPT_FORMAT);
  if (strcmp(path, "-") != 0) return NULL;
  return isatty(STDOUT_FILENO) ? "table" : "csv";
}

bool list_of(const args *a, option_id id, char ***list, size_t *n) {
  size_t room = 1;
  for (size_t i = 0; i < a->given[id].n; i++) {
    room++;
    for (const char *c = a->given[id].values[i]; *c; c++) room += *c == ',';
  }
  *n = 0;
  *list = calloc(room, sizeof **list);
  if (!*list) {
    usage_error(a, "out of memory");
    return false;
  }
  for (size_t i = 0; i < a->given[id].n; i++) {
    const char *from = a->given[id].values[i];
    for (const char *c = from;; c++) {
      if (*c && *c != ',') continue;
      if (c > from) (*list)[(*n)++] = strndup(from, (size_t)(c - from));
      if (!*c) break;
      from = c + 1;
    }
  }
  if (*n > 0 || !has(a, id)) return true;
  usage_error(a, "--%s names nothing", OPTIONS[id].name);
  return false;
}

void free_list(char **list, size_t n) {
  for (size_t i = 0; list && i < n; i++) free(list[i]);
  free(list);
}

bool takes(const command_row *command, option_id id) {
  return OPTIONS[id].commands >> (command - COMMANDS) & 1;
}

static int add_value(args *a, option_id id, const char *value) {
  const char **grown = realloc(a->given[id].values, (a->given[id].n + 1) * sizeof *grown);
  if (!grown) return usage_error(a, "out of memory");
  a->given[id].values = grown;
  grown[a->given[id].n++] = value;
  return -1;
}

static int unknown_option(const args *a, const char *word, size_t len) {
  const char *names[N_OPTIONS];
  size_t n = 0;
  for (int i = 0; i < N_OPTIONS; i++)
    if (!a->command || takes(a->command, i)) names[n++] = OPTIONS[i].name;
  char *name = strndup(word, len);
  const char *near = name ? ict_text_nearest(name, names, n) : NULL;
  fprintf(stderr, "ictstat: error: %s%s has no option '--%s'\n", a->command ? "" : "ictstat",
          a->command ? a->command->name : "", name ? name : "");
  if (near)
    fprintf(stderr, "  fix: did you mean --%s?\n", near);
  else
    fprintf(stderr, "  fix: see `ictstat %s --help`\n", a->command ? a->command->name : "");
  free(name);
  return ICT_USAGE;
}

static int take_option(args *a, option_id id, const char *value, int *at, int argc, char **argv) {
  if (a->command && !takes(a->command, id))
    return unknown_option(a, OPTIONS[id].name, strlen(OPTIONS[id].name));
  if (!OPTIONS[id].argument) {
    if (value) return usage_error(a, "--%s takes no value", OPTIONS[id].name);
    return add_value(a, id, "");
  }
  if (!value) {
    if (*at + 1 >= argc)
      return usage_error(a, "--%s needs a value: %s", OPTIONS[id].name, OPTIONS[id].argument);
    value = argv[++*at];
  }
  return add_value(a, id, value);
}

static int take_long(args *a, int *at, int argc, char **argv) {
  const char *word = argv[*at] + 2;
  size_t len = strcspn(word, "=");
  const char *value = word[len] == '=' ? word + len + 1 : NULL;
  for (int i = 0; i < N_OPTIONS; i++)
    if (strlen(OPTIONS[i].name) == len && strncmp(OPTIONS[i].name, word, len) == 0)
      return take_option(a, (option_id)i, value, at, argc, argv);
  return unknown_option(a, word, len);
}

static int take_short(args *a, int *at, int argc, char **argv) {
  const char *word = argv[*at] + 1;
  for (; *word; word++) {
    int id = 0;
    while (id < N_OPTIONS && OPTIONS[id].letter != *word) id++;
    if (id == N_OPTIONS) return usage_error(a, "no option '-%c'", *word);
    bool valued = OPTIONS[id].argument != NULL;
    int code = take_option(a, (option_id)id, valued && word[1] ? word + 1 : NULL, at, argc, argv);
    if (code >= 0 || valued) return code;
  }
  return -1;
}

const command_row *find_command(const char *word) {
  for (int i = 0; i < N_COMMANDS; i++)
    if (strcmp(COMMANDS[i].name, word) == 0) return &COMMANDS[i];
  return NULL;
}

int no_command(const char *word) {
  const char *names[N_COMMANDS];
  for (int i = 0; i < N_COMMANDS; i++) names[i] = COMMANDS[i].name;
  const char *near = ict_text_nearest(word, names, N_COMMANDS);
  fprintf(stderr, "ictstat: error: no command '%s'\n", word);
  if (near)
    fprintf(stderr, "  fix: did you mean `ictstat %s`?\n", near);
  else
    fputs("  fix: `ictstat help` lists the commands\n", stderr);
  return ICT_USAGE;
}

static int take_command(args *a, const char *word) {
  a->command = find_command(word);
  return a->command ? -1 : no_command(word);
}

static int check_words(const args *a) {
  if (a->n_words >= a->command->least && a->n_words <= a->command->most) return -1;
  return usage_error(a, "ictstat %s takes %s%s", a->command->name,
                     a->command->words[0] ? a->command->words : "no words",
                     a->n_words < a->command->least ? "" : ", and no more");
}

int args_parse(int argc, char **argv, args *a) {
  *a = (args){0};
  a->words = calloc((size_t)argc + 1, sizeof *a->words);
  if (!a->words) return usage_error(a, "out of memory");
  bool options = true;
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    int code = -1;
    if (options && strcmp(word, "--") == 0)
      options = false;
    else if (options && strncmp(word, "--", 2) == 0)
      code = take_long(a, &i, argc, argv);
    else if (options && word[0] == '-' && word[1])
      code = take_short(a, &i, argc, argv);
    else if (!a->command)
      code = take_command(a, word);
    else
      a->words[a->n_words++] = word;
    if (code >= 0) return code;
  }
  if (has(a, OPT_VERSION)) {
    puts("ictstat " ICTSTAT_VERSION);
    return ICT_OK;
  }
  if (has(a, OPT_HELP)) {
    if (a->command)
      print_command_help(a->command);
    else
      print_usage();
    return ICT_OK;
  }
  if (!a->command) {
    print_usage();
    return argc > 1 ? ICT_USAGE : ICT_OK;
  }
  return check_words(a);
}

void args_done(args *a) {
  free(a->words);
  for (int i = 0; i < N_OPTIONS; i++) free(a->given[i].values);
  *a = (args){0};
}
