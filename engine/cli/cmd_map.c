/* cmd_map.c - `ictstat map init`. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/working.h"
#include "intake/draft.h"

const char MANUAL_MAP[] =
    "  ictstat map init persons.sav households.sav -o survey.yaml\n"
    "  ictstat map init survey.csv --delimiter ';' --decimal , > survey.yaml\n\n"
    "  Recognises variables by the names and labels in datasets/mapping-hints.yaml and writes a "
    "draft\n"
    "  to be completed. What is guessed says so; what cannot be is FILL_IN, and check refuses "
    "it.\n"
    "  With -o the data files are named as seen from the folder of the draft.\n";

/* A draft is completed by hand: the next draft must not take that work away. */
static ict_status refuse_existing(const char *path, ict_err *err) {
  struct stat found;
  if (strcmp(path, "-") == 0 || stat(path, &found) != 0 || !S_ISREG(found.st_mode)) return ICT_OK;
  ict_err_set(err, ICT_USAGE, "the file exists already, and may have been completed by hand");
  ict_err_at(err, path, 0, 0);
  ict_err_fix(err, "give the draft another name, or remove the file");
  return ICT_USAGE;
}

typedef struct drafting {
  const args *a;
  ict_source_options *files;
  size_t n;
} drafting;

/* On standard output nobody knows where the draft will lie. */
static ict_status write_draft(const drafting *d, const char *path, const ict_catalog *catalog,
                              ict_out *out, ict_err *err) {
  if (strcmp(path, "-") == 0) return ict_draft_mapping(catalog, d->files, d->n, NULL, out, err);
  char *folder = ict_path_dir(path);
  ict_status st =
      folder ? ict_draft_mapping(catalog, d->files, d->n, folder, out, err) : ict_err_memory(err);
  ict_free(folder);
  return st;
}

static ict_status draft(void *ctx, const ict_catalog *catalog, ict_findings *findings,
                        ict_err *err) {
  const drafting *d = ctx;
  const char *path = output_of(d->a);
  ict_out *out = NULL;
  ict_status st = ICT_OK;
  (void)findings;
  ICT_TRY(done, st, output_ready(d->a, path, err));
  ICT_TRY(done, st, refuse_existing(path, err));
  ICT_TRY(done, st, ict_out_open(path, &out, err));
  ICT_TRY(done, st, write_draft(d, path, catalog, out, err));
  st = ict_out_commit(out, err);
  out = NULL;
done:
  ict_out_discard(out);
  return st;
}

int run_MAP(const args *a) {
  if (strcmp(a->words[0], "init") != 0)
    return usage_error(a, "no `map %s`; write `map init FILE...`", a->words[0]);
  drafting d = {.a = a, .n = a->n_words - 1};
  ict_source_options each = {.encoding = text_of(a, OPT_ENCODING)};
  if (!one_char(a, OPT_DELIMITER, &each.delimiter) || !one_char(a, OPT_DECIMAL, &each.decimal))
    return ICT_USAGE;
  d.files = calloc(d.n, sizeof *d.files);
  if (!d.files) return usage_error(a, "out of memory");
  for (size_t i = 0; i < d.n; i++) {
    d.files[i] = each;
    d.files[i].path = a->words[i + 1];
  }
  int code = working(a, a, draft, &d);
  free(d.files);
  return code;
}
