/* profile.h - what is in the variables of a source, in one pass: how much is blank,
 * numeric, text; from where to where; how many different values.
 *
 * The same profile comes out for any number of threads. Values themselves are only
 * listed where they are asked for: microdata is confidential. */
#ifndef ICT_SOURCE_PROFILE_H
#define ICT_SOURCE_PROFILE_H

#include "source/code_set.h"
#include "source/source.h"

typedef enum ict_profile_kind {
  ICT_PROFILE_EMPTY,   /* nothing but blanks and missing codes */
  ICT_PROFILE_INTEGER, /* all numbers are whole */
  ICT_PROFILE_DECIMAL,
  ICT_PROFILE_TEXT,
  ICT_PROFILE_MIXED /* numbers and texts */
} ict_profile_kind;

typedef struct ict_profile_variable {
  size_t var; /* index into the dictionary */
  ict_profile_kind kind;
  /* These four add up to the rows. */
  uint64_t n_blank;   /* blank text, system-missing */
  uint64_t n_missing; /* user-missing by the dictionary, extended missing (.a) */
  uint64_t n_numeric;
  uint64_t n_text;
  bool leading_zeros; /* "01": a code to be kept as text rather than a number */
  double min, max;    /* of the n_numeric; NaN where there are none */
  /* Different values that are not blank, missing codes included; in text files as they are
   * written ("1" and "01" are two). ICT_CODES_MOST + 1 stands for more. */
  size_t n_distinct;
  /* Where asked for, and not more than ICT_CODES_MOST: the values in order; else NULL. */
  const ict_seen *codes;
  uint64_t n_other_decimal; /* of the n_text: numbers, were the other decimal mark declared */
} ict_profile_variable;

typedef struct ict_profile {
  uint64_t n_rows;
  size_t n_vars;
  ict_profile_variable *vars; /* in the order asked for */
  ict_arena *arena;           /* owns `vars` and codes */
} ict_profile;

/* vars NULL: all variables, n_vars is not looked at. threads 0: all cores.
 * Free *out with ict_profile_free. */
ict_status ict_profile_make(ict_source *source, const size_t *vars, size_t n_vars, bool with_codes,
                            int threads, const ict_progress *progress, ict_profile **out,
                            ict_err *err);
void ict_profile_free(ict_profile *profile); /* NULL is fine */

/* The value label the dictionary has for a value, or NULL. Borrowed. */
const char *ict_profile_label(const ict_source_variable *variable, const ict_seen *value);

/* "integer", "decimal", ... */
const char *ict_profile_kind_name(ict_profile_kind kind);

#endif
