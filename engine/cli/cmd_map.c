/* cmd_map.c - `ictstat map init`. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "cli/cli.h"
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
  if (!path || strcmp(path, "-") == 0 || stat(path, &found) != 0 || !S_ISREG(found.st_mode))
    return ICT_OK;
  ict_err_set(err, ICT_USAGE, "the file exists already, and may have been completed by hand");
  ict_err_at(err, path, 0, 0);
  ict_err_fix(err, "give the draft another name, or remove the file");
  return ICT_USAGE;
}

/* On standard output nobody knows where the draft will lie. */
static ict_status write_draft(const args *a, const ict_catalog *catalog,
                              const ict_source_options *files, size_t n, ict_out *out,
                              ict_err *err) {
  const char *path = text_of(a, OPT_OUTPUT);
  if (!path || strcmp(path, "-") == 0) return ict_draft_mapping(catalog, files, n, NULL, out, err);
  char *folder = ict_path_dir(path);
  ict_status st =
      folder ? ict_draft_mapping(catalog, files, n, folder, out, err) : ict_err_memory(err);
  ict_free(folder);
  return st;
}

int run_MAP(const args *a) {
  if (strcmp(a->words[0], "init") != 0)
    return usage_error(a, "no `map %s`; write `map init FILE...`", a->words[0]);
  size_t n = a->n_words - 1;
  ict_source_options *files = calloc(n, sizeof *files);
  if (!files) return usage_error(a, "out of memory");
  for (size_t i = 0; i < n; i++) {
    files[i].path = a->words[i + 1];
    files[i].encoding = text_of(a, OPT_ENCODING);
    if (!one_char(a, OPT_DELIMITER, &files[i].delimiter) ||
        !one_char(a, OPT_DECIMAL, &files[i].decimal)) {
      free(files);
      return ICT_USAGE;
    }
  }
  ict_catalog *catalog = NULL;
  ict_out *out = NULL;
  ict_err err = {0};
  int code = open_catalog(a, &catalog);
  if (code == ICT_OK) {
    ict_status st = ICT_OK;
    for (size_t i = 0; i < n && st == ICT_OK && has(a, OPT_OUTPUT); i++)
      st = ict_path_apart(text_of(a, OPT_OUTPUT), files[i].path, &err);
    if (st == ICT_OK) st = refuse_existing(text_of(a, OPT_OUTPUT), &err);
    if (st == ICT_OK)
      st = ict_out_open(has(a, OPT_OUTPUT) ? text_of(a, OPT_OUTPUT) : "-", &out, &err);
    if (st == ICT_OK) st = write_draft(a, catalog, files, n, out, &err);
    if (st == ICT_OK)
      st = ict_out_commit(out, &err);
    else
      ict_out_discard(out);
    code = st == ICT_OK ? ICT_OK : report(&err);
  }
  ict_catalog_free(catalog);
  free(files);
  return code;
}
