/* cmd_merge.c - `ictstat merge`. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/computing.h"
#include "cli/part_words.h"
#include "ictstat/part.h"

const char MANUAL_MERGE[] =
    "  for k in 1 2 3 4; do ictstat compute xyz.h5 --by sex --part $k/4 -o part.$k; done\n"
    "  ictstat merge part.* -o est.csv                         the same bytes as without --part\n"
    "  ictstat merge part.* --store /elsewhere/xyz.h5 -o est.csv   where the store has moved\n\n"
    "  Parts of one computation, in any order and from any machines of one kind, become the table\n"
    "  of the whole. They remember the command they were made with, and refuse to be mixed with\n"
    "  parts of other stores, definitions, breakdowns or versions of the program.\n";

typedef struct merging {
  const args *a, *asked; /* asked: of the parts */
  const ict_parts *parts;
  int threads;
} merging;

static ict_status merge(void *ctx, const ict_store *store, const ict_catalog *catalog,
                        const ict_request *request, ict_findings *findings, ict_err *err) {
  const merging *m = ctx;
  const args *a = m->a;
  const char *path = output_of(a);
  ict_request with = *request;
  with.progress = progress_bar(a);
  with.threads = m->threads;
  ict_table *table = NULL;
  ict_status st = output_ready(a, path, err);
  if (st == ICT_OK) st = output_ready(m->asked, path, err);
  if (st == ICT_OK) st = ict_format_check(format_of(a, path), path, err);
  if (st == ICT_OK) st = ict_parts_merge(m->parts, store, catalog, &with, &table, findings, err);
  progress_end();
  if (st == ICT_OK) st = write_result(a, table, path, err);
  ict_table_free(table);
  return st;
}

static int refuse_command(const char *part, const args *asked) {
  ict_err err = {0};
  ict_err_set(&err, ICT_REFUSED, "this part says it is of `ictstat %s`", asked->command->name);
  ict_err_at(&err, part, 0, 0);
  ict_err_expected(&err, "a file that `ictstat compute --part` wrote");
  ict_err_fix(&err, "compute this part again");
  return report(&err);
}

static int merge_parts(const args *a, const ict_parts *parts, int threads) {
  args asked = {0};
  char **argv = NULL, *words = strdup(ict_parts_note(parts));
  int code = words ? part_words_parse(words, &asked, &argv)
                   : report(&(ict_err){.status = ICT_FAIL, .what = "out of memory"});
  if (code < 0 && strcmp(asked.command->name, "compute") != 0)
    code = refuse_command(a->words[0], &asked);
  if (code < 0) {
    const char *store = has(a, OPT_STORE) ? text_of(a, OPT_STORE) : asked.words[0];
    code = computing(a, &asked, store, merge, &(merging){a, &asked, parts, threads});
  }
  args_done(&asked);
  free(argv);
  free(words);
  return code;
}

int run_MERGE(const args *a) {
  ict_parts *parts = NULL;
  int threads = 0; /* all cores */
  ict_err err = {0};
  if (!threads_of(a, &threads)) return ICT_USAGE;
  ict_status st = ict_parts_open(a->words, a->n_words, &parts, &err);
  int code = st == ICT_OK ? merge_parts(a, parts, threads) : report(&err);
  ict_parts_close(parts);
  return code;
}
