/* format.c - finding the format, and writing a table with it.
 *
 * In: a table, a name or a path. Out: a file that appears whole or not at all. */
#include "publish/format.h"

#include <string.h>

#include "base/par.h"
#include "base/text.h"

static const ict_format formats[] = {
#define FORMAT(id, name, extension, changes, about) \
  {name, extension, about, changes, ict_write_##id},
#include "publish/formats.def"
#undef FORMAT
};

#define N_FORMATS (sizeof formats / sizeof *formats)

size_t ict_format_count(void) { return N_FORMATS; }
const char *ict_format_name(size_t i) { return i < N_FORMATS ? formats[i].name : NULL; }
const char *ict_format_about(size_t i) { return i < N_FORMATS ? formats[i].about : NULL; }

const ict_format *ict_format_find(const char *name) {
  for (size_t i = 0; i < N_FORMATS; i++) {
    if (strcmp(formats[i].name, name) == 0) return &formats[i];
  }
  return NULL;
}

static const ict_format *by_extension(const char *path) {
  for (size_t i = 0; i < N_FORMATS; i++) {
    if (formats[i].extension[0] && ict_text_ends(path, formats[i].extension)) return &formats[i];
  }
  return NULL;
}

/* Names the formats there are and the nearest one; returns ICT_USAGE. */
static ict_status unknown_format(const char *format, const char *path, ict_err *err) {
  const char *names[N_FORMATS];
  ict_str list;
  ict_str_init(&list);
  for (size_t i = 0; i < N_FORMATS; i++) {
    names[i] = formats[i].name;
    ict_str_addf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  if (format) {
    ict_err_set(err, ICT_USAGE, "unknown format '%s'", format);
    const char *nearest = ict_text_nearest(format, names, N_FORMATS);
    if (nearest) ict_err_fix(err, "write '%s'", nearest);
  } else {
    ict_err_set(err, ICT_USAGE, "the name of the file does not tell its format");
    ict_err_at(err, path, 0, 0);
    ict_err_fix(err, "name the format with --format, or end the name in .csv, .json or .txt");
  }
  ict_err_expected(err, "one of %s", list.text);
  ict_str_done(&list);
  return ICT_USAGE;
}

/* NULL without an error: standard output, of which only the open stream can tell. */
static ict_status choose(const char *format, const char *path, const ict_format **out,
                         ict_err *err) {
  *out = format ? ict_format_find(format) : by_extension(path);
  if (!*out && (format || strcmp(path, "-") != 0)) return unknown_format(format, path, err);
  return ICT_OK;
}

ict_status ict_format_check(const char *format, const char *path, ict_err *err) {
  const ict_format *unused;
  return choose(format, path, &unused, err);
}

ict_status ict_format_check_changes(const char *format, const char *path, ict_err *err) {
  const ict_format *f;
  ict_status st = choose(format, path, &f, err);
  if (st != ICT_OK || !f || f->changes) return st;
  ict_str list;
  ict_str_init(&list);
  for (size_t i = 0; i < N_FORMATS; i++)
    if (formats[i].changes) ict_str_addf(&list, "%s%s", list.len > 0 ? ", " : "", formats[i].name);
  ict_err_set(err, ICT_USAGE, "'%s' has no place for what changed between rounds", f->name);
  ict_err_expected(err, "one of %s", list.text);
  ict_err_fix(err, "write --format csv");
  ict_str_done(&list);
  return ICT_USAGE;
}

ict_status ict_table_write(const ict_table *table, const char *format, const char *path,
                           ict_err *err) {
  return ict_table_write_by(table, format, path, 1, err);
}

ict_status ict_table_write_by(const ict_table *table, const char *format, const char *path,
                              int threads, ict_err *err) {
  const ict_format *f;
  ict_out *out;
  ict_status st = choose(format, path, &f, err);
  if (st == ICT_OK) st = ict_out_open(path, &out, err);
  if (st != ICT_OK) return st;
  if (!f) f = ict_format_find(ict_out_is_terminal(out) ? "table" : "csv");
  st = f->write(table, ict_par_threads(threads), out, err);
  if (st != ICT_OK) {
    ict_out_discard(out);
    return st;
  }
  return ict_out_commit(out, err);
}
