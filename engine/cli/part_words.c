/* part_words.c - the words of `compute`, as a part keeps them.
 *
 * In: parsed options. Out: lines, and parsed options again.
 * Owns: nothing. */
#include "cli/part_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "ictstat/part.h"

bool part_of(const args *a, unsigned *k, unsigned *n) {
  const char *text = text_of(a, OPT_PART), *slash = strchr(text, '/');
  int64_t part, parts;
  if (slash && ict_integer_parse((ict_slice){text, (size_t)(slash - text)}, &part) &&
      ict_integer_parse(ict_slice_of(slash + 1), &parts) && part >= 1 && part <= parts &&
      parts <= ICT_PARTS_MOST) {
    *k = (unsigned)part;
    *n = (unsigned)parts;
    return true;
  }
  usage_error(a, "--part takes K/N, such as 2/8, with N at most %d, not '%s'", ICT_PARTS_MOST,
              text);
  return false;
}

/* What changes nothing of the sums, or is said when merging. */
static bool is_left_out(int id) {
  return id == OPT_PART || id == OPT_OUTPUT || id == OPT_FORMAT || id == OPT_THREADS ||
         id == OPT_QUIET;
}

static char *refuse_line_end(const char *dashes, const char *name, ict_err *err) {
  ict_err_set(err, ICT_USAGE, "%s%s holds a line end", dashes, name);
  ict_err_fix(err, "write it without: a part keeps its words one a line");
  return NULL;
}

char *part_words(const args *a, ict_err *err) {
  const char *store = a->words[0];
  if (strchr(store, '\n')) return refuse_line_end("", "the name of the store", err);
  ict_str s;
  ict_str_init(&s);
  ict_str_addf(&s, "ictstat\n%s\n", a->command->name);
  for (int id = 0; id < N_OPTIONS; id++)
    for (size_t i = 0; i < a->given[id].n && !is_left_out(id); i++) {
      const char *value = a->given[id].values[i];
      ict_str_addf(&s, OPTIONS[id].argument ? "--%s=%s\n" : "--%s\n", OPTIONS[id].name, value);
      if (!strchr(value, '\n')) continue;
      ict_str_done(&s);
      return refuse_line_end("--", OPTIONS[id].name, err);
    }
  ict_str_addf(&s, "--\n%s", store);
  char *words = s.failed ? NULL : strdup(s.text);
  ict_str_done(&s);
  if (!words) ict_err_memory(err);
  return words;
}

int part_words_parse(char *words, args *out, char ***argv) {
  size_t n = 1;
  for (const char *c = words; *c; c++) n += *c == '\n';
  *argv = calloc(n + 1, sizeof **argv);
  if (!*argv) return report(&(ict_err){.status = ICT_FAIL, .what = "out of memory"});
  size_t at = 0;
  for (char *line = words; line && at < n; at++) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    (*argv)[at] = line;
    line = end ? end + 1 : NULL;
  }
  return args_parse((int)at, *argv, out);
}
