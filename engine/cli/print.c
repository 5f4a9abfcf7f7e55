/* print.c - what every command shows the same way: errors, findings, their tally, text from files,
 * a result that was written. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "ictstat/catalog.h"
#include "ictstat/table.h"

/* What a terminal would obey, and bad bytes, become blanks; line ends stay where `lines`. */
static void print_clean(const char *text, size_t len, bool lines) {
  const char *good = text; /* from here on to `text` all is */
  for (const char *end = text + len, *next = text; text < end; text = next) {
    uint32_t c = ict_utf8_next(&next);
    bool whole = c != 0 && next <= end; /* not a NUL, not a character cut by the end */
    if (!whole) next = text + 1;
    if (whole && (!ict_utf8_unsafe(c) || (lines && c == '\n'))) continue;
    fwrite(good, 1, (size_t)(text - good), stdout);
    putchar(' ');
    good = next;
  }
  fwrite(good, 1, (size_t)(text - good), stdout);
}

void print_slice(const char *text, size_t len) { print_clean(text, len, false); }
void print_text(const char *text) { print_clean(text, strlen(text), false); }

void say(const char *fmt, ...) {
  va_list list;
  char *text = NULL;
  va_start(list, fmt);
  int len = vasprintf(&text, fmt, list);
  va_end(list);
  if (len >= 0) print_clean(text, (size_t)len, true);
  free(text);
}

int report(const ict_err *err) {
  char text[4096];
  progress_end();
  ict_err_text(err, text, sizeof text);
  if (!err->file[0]) fputs("ictstat: ", stderr);
  fputs(text, stderr);
  return err->status == ICT_OK ? ICT_FAIL : (int)err->status;
}

static void print_findings(const args *a, const ict_findings *findings) {
  static const ict_severity order[] = {ICT_NOTE, ICT_WARNING, ICT_ERROR};
  progress_end();
  for (size_t k = has(a, OPT_QUIET) ? 2 : 0; k < 3; k++)
    for (size_t i = 0; i < ict_findings_count(findings); i++) {
      ict_severity severity;
      ict_findings_at(findings, i, &severity);
      if (severity != order[k]) continue;
      char text[4096];
      ict_findings_text(findings, i, text, sizeof text);
      fputs(text, stderr);
    }
}

int told(const args *a, ict_status st, const ict_findings *findings, const ict_err *err) {
  fflush(stdout); /* what was written goes before what is said of it */
  print_findings(a, findings);
  if (st == ICT_OK || ict_findings_count_of(findings, ICT_ERROR) > 0) return (int)st;
  return report(err);
}

static void count(size_t n, const char *word, const char *before) {
  if (n) fprintf(stderr, "%s%zu %s%s", before, n, word, n == 1 ? "" : "s");
}

void print_tally(const args *a, const ict_findings *findings) {
  size_t errors = ict_findings_count_of(findings, ICT_ERROR);
  size_t warnings = has(a, OPT_QUIET) ? 0 : ict_findings_count_of(findings, ICT_WARNING);
  if (errors + warnings == 0) return;
  count(errors, "error", "");
  count(warnings, "warning", errors ? ", " : "");
  fputc('\n', stderr);
}

ict_status write_result(const args *a, const ict_table *table, const char *path, ict_err *err) {
  int threads = 0; /* all cores */
  threads_of(a, &threads);
  ict_status st = ict_table_write_by(table, format_of(a, path), path, threads, err);
  if (st == ICT_OK && strcmp(path, "-") != 0 && !has(a, OPT_QUIET))
    fprintf(stderr, "%s: %zu row%s\n", path, ict_table_rows(table),
            ict_table_rows(table) == 1 ? "" : "s");
  return st;
}

int open_catalog(const args *a, ict_catalog **out) { return open_catalog_for(a, NULL, 0, out); }

int open_catalog_for(const args *a, const char *const *ids, size_t n_ids, ict_catalog **out) {
  ict_err err = {0};
  ict_findings *findings = ict_findings_new();
  const char *const *extra = a->given[OPT_EXTRA].values;
  size_t n_extra = a->given[OPT_EXTRA].n;
  ict_status st =
      n_ids && !has(a, OPT_CATALOG)
          ? ict_catalog_open_for(ids, n_ids, extra, n_extra, out, findings, &err)
          : ict_catalog_open(text_of(a, OPT_CATALOG), extra, n_extra, out, findings, &err);
  int code = st == ICT_OK ? ICT_OK : told(a, st, findings, &err);
  ict_findings_free(findings);
  return code;
}
