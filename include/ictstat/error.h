/* error.h - the error record, and lists of findings.
 *
 * The first failure writes what happened; callers add where. The record is a
 * plain struct of fixed size, owned by the caller, so that reporting "out of
 * memory" needs none. Every function takes it last, and takes NULL.
 *
 * A finding is the same record with a severity: `check` and the readers of
 * mappings and definitions collect many before they give up.
 *
 * Threads: a record or a list belongs to one thread at a time.
 * Belongs to: engine/base. */
#ifndef ICTSTAT_ERROR_H
#define ICTSTAT_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "ictstat/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ict_err {
  ict_status status;
  char file[512];     /* the input in question, empty where there is none */
  uint64_t line;      /* 1-based, 0: none */
  uint64_t column;    /* 1-based, in characters, 0: none */
  char what[1024];    /* what was found, a sentence without its full stop */
  char expected[512]; /* what would have been right, may be empty */
  char fix[512];      /* what to do about it, may be empty */
  char context[512];  /* "while importing x, reading y", outermost first, may be empty */
} ict_err;

/* Writes the whole record into buf as it is shown to a person, ending in a
 * newline, always terminated. Returns the length it would need, as snprintf.
 *
 *     map.yaml:14:9: error: unknown key 'stratas'
 *       expected: one of strata, psu, weight, fpc, lonely_psu
 *       fix: write 'strata'
 *       while: importing map.yaml
 */
size_t ict_err_text(const ict_err *err, char *buf, size_t size);

typedef enum ict_severity { ICT_NOTE, ICT_WARNING, ICT_ERROR } ict_severity;

typedef struct ict_findings ict_findings; /* grows; keeps the order of discovery */

/* Null where memory is short. */
ict_findings *ict_findings_new(void);
void ict_findings_free(ict_findings *list);

size_t ict_findings_count(const ict_findings *list);
size_t ict_findings_count_of(const ict_findings *list, ict_severity severity);
/* Borrowed, valid until the list changes. */
const ict_err *ict_findings_at(const ict_findings *list, size_t i, ict_severity *severity);
/* As ict_err_text, with the word for the severity in place of "error". */
size_t ict_findings_text(const ict_findings *list, size_t i, char *buf, size_t size);

#ifdef __cplusplus
}
#endif
#endif
