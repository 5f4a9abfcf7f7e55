/* help.c - overview, help of a command, manual page, completion: all from the two tables. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "ictstat/table.h"

#define WIDTH 96

static void wrap(const char *text, int indent) {
  int at = indent;
  while (*text) {
    size_t len = strcspn(text, " ");
    if (at > indent && at + 1 + (int)len >= WIDTH) {
      printf("\n%*s", indent, "");
      at = indent;
    } else if (at > indent) {
      putchar(' ');
      at++;
    }
    printf("%.*s", (int)len, text);
    at += (int)len;
    text += len + (text[len] == ' ');
  }
  putchar('\n');
}

void print_usage(void) {
  puts("ictstat " ICTSTAT_VERSION
       ": ICT and SDG indicators from survey microdata, with design-based standard errors\n");
  puts("  ictstat COMMAND [OPTIONS] WORDS");
  const char *group = "";
  for (int i = 0; i < N_COMMANDS; i++) {
    if (strcmp(COMMANDS[i].group, group) != 0) printf("\n%s\n", group = COMMANDS[i].group);
    printf("  %-12s %-16s ", COMMANDS[i].name, COMMANDS[i].words);
    wrap(COMMANDS[i].about, 32);
  }
  puts(
      "\nfirst steps\n"
      "  ictstat list                                     what can be computed\n"
      "  ictstat inspect survey.sav                       what the file holds\n"
      "  ictstat map init survey.sav -o survey.yaml       a draft mapping\n"
      "  ictstat check survey.yaml                        what is still wrong with it\n"
      "  ictstat import survey.yaml -o survey.h5\n"
      "  ictstat compute survey.h5 -i 17.8.1 --by sex --by urbanisation\n");
  puts(
      "`ictstat COMMAND --help` tells more. Exit codes: 0 ok, 1 failure, 2 usage, 3 input "
      "refused,\n"
      "4 differences found, 5 disclosure rule blocks, 6 batch partly failed.");
}

static void print_option(int i) {
  char head[48];
  int n = OPTIONS[i].letter ? snprintf(head, sizeof head, "-%c, ", OPTIONS[i].letter)
                            : snprintf(head, sizeof head, "    ");
  snprintf(head + n, sizeof head - (size_t)n, "--%s %s", OPTIONS[i].name,
           OPTIONS[i].argument ? OPTIONS[i].argument : "");
  printf("  %-26s ", head);
  wrap(OPTIONS[i].help, 29);
}

void print_command_help(const command_row *command) {
  printf("ictstat %s %s%s[OPTIONS]\n\n  %s\n\n%s", command->name, command->words,
         command->words[0] ? " " : "", command->about, command->manual);
  puts("\noptions");
  for (int i = 0; i < N_OPTIONS; i++)
    if (takes(command, i)) print_option(i);
  /* The others say in their manual which formats they know. */
  bool has_all = command == &COMMANDS[CMD_COMPUTE] || command == &COMMANDS[CMD_MERGE] ||
                 command == &COMMANDS[CMD_AGGREGATE];
  if (has_all) {
    puts("\nformats");
    for (size_t i = 0; i < ict_format_count(); i++) {
      printf("  %-20s ", ict_format_name(i));
      wrap(ict_format_about(i), 23);
    }
  }
}

/* Text inside a manual page: a leading dot or quote would be a request. */
static void man_lines(const char *text) {
  while (*text) {
    size_t len = strcspn(text, "\n");
    if (len && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
    for (size_t i = 0; i < len; i++) {
      if (text[i] == '\\')
        fputs("\\e", stdout);
      else if (text[i] == '-')
        fputs("\\-", stdout);
      else
        putchar(text[i]);
    }
    putchar('\n');
    text += len + (text[len] == '\n');
  }
}

void print_man(void) {
  puts(".TH ICTSTAT 1 \"\" \"ictstat " ICTSTAT_VERSION
       "\"\n.SH NAME\n"
       "ictstat \\- ICT and SDG indicators from survey microdata\n.SH SYNOPSIS\n"
       ".B ictstat\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIWORDS\\fR]\n.SH COMMANDS");
  for (int i = 0; i < N_COMMANDS; i++) {
    printf(".SS ictstat %s %s\n%s\n.PP\n.nf\n", COMMANDS[i].name, COMMANDS[i].words,
           COMMANDS[i].about);
    man_lines(COMMANDS[i].manual);
    puts(".fi");
  }
  puts(".SH OPTIONS");
  for (int i = 0; i < N_OPTIONS; i++) {
    puts(".TP");
    if (OPTIONS[i].letter) printf("\\fB\\-%c\\fR, ", OPTIONS[i].letter);
    printf("\\fB\\-\\-%s\\fR %s%s%s\n", OPTIONS[i].name, OPTIONS[i].argument ? "\\fI" : "",
           OPTIONS[i].argument ? OPTIONS[i].argument : "", OPTIONS[i].argument ? "\\fR" : "");
    man_lines(OPTIONS[i].help);
  }
  puts(
      ".SH EXIT STATUS\n0 ok, 1 failure, 2 usage, 3 input refused, 4 differences found, "
      "5 disclosure rule blocks, 6 batch partly failed.");
}

static void completion_bash(void) {
  puts("_ictstat() {\n  local cur=${COMP_WORDS[COMP_CWORD]}\n  case ${COMP_WORDS[1]} in");
  for (int i = 0; i < N_COMMANDS; i++) {
    printf("    %s) opts=\"", COMMANDS[i].name);
    for (int k = 0; k < N_OPTIONS; k++)
      if (takes(&COMMANDS[i], k)) printf("--%s ", OPTIONS[k].name);
    puts("\";;");
  }
  fputs("    *) opts=\"", stdout);
  for (int i = 0; i < N_COMMANDS; i++) printf("%s ", COMMANDS[i].name);
  puts(
      "\";;\n  esac\n  if [[ $COMP_CWORD -eq 1 || $cur == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$opts\" -- \"$cur\"))\n  else\n"
      "    COMPREPLY=($(compgen -f -- \"$cur\"))\n  fi\n}\n"
      "complete -o filenames -F _ictstat ictstat");
}

static void completion_zsh(void) {
  puts("#compdef ictstat\nautoload -U +X bashcompinit && bashcompinit");
  completion_bash();
}

static void completion_fish(void) {
  for (int i = 0; i < N_COMMANDS; i++)
    printf("complete -c ictstat -n __fish_use_subcommand -a %s -d \"%s\"\n", COMMANDS[i].name,
           COMMANDS[i].about);
  for (int i = 0; i < N_COMMANDS; i++)
    for (int k = 0; k < N_OPTIONS; k++) {
      if (!takes(&COMMANDS[i], k)) continue;
      printf("complete -c ictstat -n \"__fish_seen_subcommand_from %s\" -l %s", COMMANDS[i].name,
             OPTIONS[k].name);
      if (OPTIONS[k].letter) printf(" -s %c", OPTIONS[k].letter);
      puts(OPTIONS[k].argument ? " -r" : "");
    }
}

void print_completion(const char *shell) {
  if (strcmp(shell, "bash") == 0)
    completion_bash();
  else if (strcmp(shell, "zsh") == 0)
    completion_zsh();
  else
    completion_fish();
}
