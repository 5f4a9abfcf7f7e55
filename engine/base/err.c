/* err.c - error records: one failure as a struct of fixed size.
 *
 * In: printf words, possibly quoting a hostile file. Out: fields that are safe to print.
 * Owns: nothing; the record is the caller's, and no path here allocates. */
#include "base/err.h"

#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/c_locale.h"
#include "base/text.h"

/* Longer than any field, so that cutting happens in one place. */
#define RAW_TEXT 4096

/* Copies raw to field, cleaned; cut at a character border with "..." where too long. */
static void put(char *field, size_t size, const char *raw) {
  size_t len = 0, cut = 0; /* cut: the last border that leaves room for the dots */
  while (*raw) {
    const char *from = raw;
    uint32_t c = ict_utf8_next(&raw);
    const char *bytes = ict_utf8_unsafe(c) ? "?" : from;
    size_t n = ict_utf8_unsafe(c) ? 1 : (size_t)(raw - from);
    if (len + n >= size) {
      memcpy(field + cut, "...", 4);
      return;
    }
    memcpy(field + len, bytes, n);
    len += n;
    if (len + 4 <= size) cut = len;
  }
  field[len] = '\0';
}

static void putv(char *field, size_t size, const char *fmt, va_list args) {
  char raw[RAW_TEXT];
  if (ict_vformat(raw, sizeof raw, fmt, args) < 0) raw[0] = '\0';
  put(field, size, raw);
}

ict_status ict_err_setv(ict_err *err, ict_status status, const char *fmt, va_list args) {
  if (!err) return status;
  /* Into a copy first: the arguments may point into the old record. */
  char what[sizeof err->what];
  putv(what, sizeof what, fmt, args);
  memset(err, 0, sizeof *err);
  err->status = status;
  memcpy(err->what, what, sizeof what);
  return status;
}

ict_status ict_err_set(ict_err *err, ict_status status, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  ict_err_setv(err, status, fmt, args);
  va_end(args);
  return status;
}

void ict_err_at(ict_err *err, const char *file, uint64_t line, uint64_t column) {
  if (!err) return;
  char copy[sizeof err->file];
  put(copy, sizeof copy, file ? file : "");
  memcpy(err->file, copy, sizeof copy);
  err->line = line;
  err->column = column;
}

void ict_err_expected(ict_err *err, const char *fmt, ...) {
  if (!err) return;
  va_list args;
  va_start(args, fmt);
  putv(err->expected, sizeof err->expected, fmt, args);
  va_end(args);
}

void ict_err_fix(ict_err *err, const char *fmt, ...) {
  if (!err) return;
  va_list args;
  va_start(args, fmt);
  putv(err->fix, sizeof err->fix, fmt, args);
  va_end(args);
}

void ict_err_finding(ict_err *err, const char *file, uint64_t line, uint64_t column,
                     const char *expected, const char *fix, const char *fmt, va_list args) {
  ict_err_setv(err, ICT_REFUSED, fmt, args);
  ict_err_at(err, file, line, column);
  if (expected) ict_err_expected(err, "%s", expected);
  if (fix) ict_err_fix(err, "%s", fix);
}

void ict_err_while(ict_err *err, const char *fmt, ...) {
  if (!err) return;
  char outer[sizeof err->context];
  va_list args;
  va_start(args, fmt);
  putv(outer, sizeof outer, fmt, args);
  va_end(args);
  char joined[2 * sizeof outer + 2];
  snprintf(joined, sizeof joined, "%s%s%s", outer, err->context[0] ? ", " : "", err->context);
  put(err->context, sizeof err->context, joined);
}

ict_status ict_err_memory(ict_err *err) {
  ict_err_set(err, ICT_FAIL, "out of memory");
  ict_err_fix(err, "use fewer threads, or a machine with more memory");
  return ICT_FAIL;
}

ict_status ict_err_system(ict_err *err, const char *file, const char *doing) {
  int number = errno;
  if (!err) return ICT_FAIL;
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  ict_err_set(err, ICT_FAIL, "%s: %s", doing, c ? strerror_l(number, c) : "system error");
  if (c) freelocale(c);
  ict_err_at(err, file, 0, 0);
  if (number == ENOSPC || number == EDQUOT) ict_err_fix(err, "free some space, or write elsewhere");
  if (number == EFBIG)
    ict_err_fix(err, "lift the limit on file sizes (ulimit -f), or write elsewhere");
  errno = number;
  return ICT_FAIL;
}

ict_status ict_err_open(ict_err *err, const char *file) {
  int number = errno;
  ict_status st = ict_err_system(err, file, "cannot open");
  bool not_there = number == ENOENT || number == ENOTDIR || number == ENAMETOOLONG;
  if (not_there) {
    ict_err_fix(err, "check the spelling of the name and of its folders");
  } else if (number == EACCES || number == EPERM) {
    ict_err_fix(err, "ask for permission to read it, or name another file");
  } else {
    return st;
  }
  if (err) err->status = ICT_REFUSED;
  return ICT_REFUSED;
}

void ict_err_mapped_path(ict_err *err, const char *path) {
  if (access(path, F_OK) != 0)
    ict_err_fix(err, "correct the path in the mapping, or say by --data where its paths start");
}

ict_status ict_err_folder(ict_err *err, const char *file) {
  ict_err_set(err, ICT_REFUSED, "is a folder, not a file");
  ict_err_at(err, file, 0, 0);
  ict_err_fix(err, "name a file in it");
  return ICT_REFUSED;
}

/* Appends like snprintf: counts everything, writes what fits. */
static size_t append(char *buf, size_t size, size_t at, const char *text) {
  size_t len = strlen(text);
  if (at < size) {
    size_t room = size - at - 1;
    size_t n = len < room ? len : room;
    memcpy(buf + at, text, n);
    buf[at + n] = '\0';
  }
  return at + len;
}

static size_t append_line(char *buf, size_t size, size_t at, const char *label, const char *text) {
  if (!text[0]) return at;
  at = append(buf, size, at, label);
  at = append(buf, size, at, text);
  return append(buf, size, at, "\n");
}

size_t ict_err_text_as(const ict_err *err, const char *word, char *buf, size_t size) {
  size_t at = 0;
  if (size > 0) buf[0] = '\0';
  if (err->file[0]) {
    char place[64] = "";
    if (err->line && err->column) {
      snprintf(place, sizeof place, ":%llu:%llu", (unsigned long long)err->line,
               (unsigned long long)err->column);
    } else if (err->line) {
      snprintf(place, sizeof place, ":%llu", (unsigned long long)err->line);
    }
    at = append(buf, size, at, err->file);
    at = append(buf, size, at, place);
    at = append(buf, size, at, ": ");
  }
  at = append(buf, size, at, word);
  at = append(buf, size, at, ": ");
  at = append(buf, size, at, err->what);
  at = append(buf, size, at, "\n");
  at = append_line(buf, size, at, "  expected: ", err->expected);
  at = append_line(buf, size, at, "  fix: ", err->fix);
  return append_line(buf, size, at, "  while: ", err->context);
}

size_t ict_err_text(const ict_err *err, char *buf, size_t size) {
  return ict_err_text_as(err, "error", buf, size);
}
