/* err.h - writing error records (reading them is public: ictstat/error.h). */
#ifndef ICT_BASE_ERR_H
#define ICT_BASE_ERR_H

#include <stdarg.h>

#include "ictstat/error.h"

#if defined(__GNUC__)
#define ICT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define ICT_PRINTF(fmt, args)
#endif

/* Starts the record: sets status and sentence, clears every other field.
 * Returns `status`, so that `return ict_err_set(err, ICT_REFUSED, "...")` reads well.
 * err may be NULL in every function here. Over-long text is cut at a character
 * border and ends in "...". Control characters, including terminal escapes and
 * bidirectional overrides, are shown as '?' because the text may quote a file. */
ict_status ict_err_set(ict_err *err, ict_status status, const char *fmt, ...) ICT_PRINTF(3, 4);
ict_status ict_err_setv(ict_err *err, ict_status status, const char *fmt, va_list args);

/* Fill in the other fields of a record that ict_err_set started. */
void ict_err_at(ict_err *err, const char *file, uint64_t line, uint64_t column);
void ict_err_expected(ict_err *err, const char *fmt, ...) ICT_PRINTF(2, 3);
void ict_err_fix(ict_err *err, const char *fmt, ...) ICT_PRINTF(2, 3);

/* A refusal with all its fields at once, as those who collect findings write them. file, expected,
 * fix: or NULL. */
void ict_err_finding(ict_err *err, const char *file, uint64_t line, uint64_t column,
                     const char *expected, const char *fix, const char *fmt, va_list args);

/* Puts "while ..." in front of the context; callers add where they were. */
void ict_err_while(ict_err *err, const char *fmt, ...) ICT_PRINTF(2, 3);

/* The two failures that need no words of their own. doing: "cannot open", "reading"; the
 * system's reason follows it. */
ict_status ict_err_memory(ict_err *err); /* ICT_FAIL */
ict_status ict_err_system(ict_err *err, const char *file,
                          const char *doing); /* ICT_FAIL, from errno */
/* An input file that could not be opened, from errno: ICT_REFUSED where another name would help
 * (not there, a folder, not permitted), else as above. */
ict_status ict_err_open(ict_err *err, const char *file);
/* After that, of a path that a mapping names: where nothing is there, the fix is the mapping's or
 * --data. */
void ict_err_mapped_path(ict_err *err, const char *path);
ict_status ict_err_folder(ict_err *err, const char *file); /* ICT_REFUSED: a folder, not a file */

/* As ict_err_text, with another word in place of "error". */
size_t ict_err_text_as(const ict_err *err, const char *word, char *buf, size_t size);

/* Appends a copy. Where memory is short the list remembers that it is
 * incomplete and says so in its last entry. list may be NULL. */
void ict_findings_add(ict_findings *list, ict_severity severity, const ict_err *err);
/* The first entry of severity error, or NULL. Borrowed. */
const ict_err *ict_findings_first_error(const ict_findings *list);

/* `ICT_TRY(done, st, call)`: st = call; on failure, go to the one exit label. */
#define ICT_TRY(label, st, call)    \
  do {                              \
    (st) = (call);                  \
    if ((st) != ICT_OK) goto label; \
  } while (0)

#endif
