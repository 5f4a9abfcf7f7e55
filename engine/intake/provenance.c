/* provenance.c - the account that a store keeps of its making.
 *
 * In: dictionaries, a mapping, lines. Out: an ict_provenance. Owns: the list of lines, until
 * ict_report_done. */
#include "intake/provenance.h"

#include <string.h>

#include "base/stream.h"

ict_status ict_report_add(ict_report *report, ict_err *err, const char *fmt, ...) {
  ict_err line; /* its sentence: formats in the C locale, takes out control characters */
  va_list args;
  va_start(args, fmt);
  ict_err_setv(&line, ICT_OK, fmt, args);
  va_end(args);
  char *text = ict_arena_strdup(report->arena, line.what);
  if (!text || ict_grow(&report->line, report->n, &report->capacity, sizeof *report->line) != 0)
    return ict_err_memory(err);
  report->line[report->n++] = text;
  return ICT_OK;
}

void ict_report_done(ict_report *report) { ict_free(report->line); }

ict_input ict_input_of(const char *id, const char *name, const ict_dictionary *dictionary,
                       uint64_t rows) {
  ict_input input = {.id = id, .name = name, .bytes = dictionary->file_size, .rows = rows};
  memcpy(input.sha256, dictionary->sha256, sizeof input.sha256);
  return input;
}

ict_status ict_provenance_fill(const ict_yaml *mapping, const ict_report *report,
                               ict_provenance *out, ict_err *err) {
  const char **lines = ict_arena_alloc(report->arena, report->n, sizeof *lines);
  if (!lines) return ict_err_memory(err);
  if (report->n > 0) memcpy(lines, report->line, report->n * sizeof *lines);
  out->mapping_name = ict_path_name(mapping->file);
  out->mapping_text = mapping->text;
  out->mapping_sha256 = mapping->sha256;
  out->tool = "ictstat " ICTSTAT_VERSION;
  out->n_report = report->n;
  out->report = lines;
  return ICT_OK;
}
