/* hints.h - what `map init` guesses from: names and label words by which surveys call a concept
 * or a part of the design. Data: datasets/mapping-hints.yaml. */
#ifndef ICT_CATALOG_HINTS_H
#define ICT_CATALOG_HINTS_H

#include "base/err.h"
#include "base/mem.h"

typedef struct ict_hint_code {
  const char *code;
  size_t n_words;
  const char *const *words; /* of value labels */
} ict_hint_code;

typedef struct ict_hint {
  const char *concept_name; /* NULL: a role */
  const char *role;         /* "weight", "strata", "psu", "key", or NULL */
  const char *unit;         /* the unit the variable speaks of, or NULL: either */
  size_t n_names;
  const char *const *names;
  size_t n_labels;
  const char *const *labels;
  size_t n_codes;
  const ict_hint_code *codes;
} ict_hint;

typedef struct ict_hints {
  size_t n;
  const ict_hint *hints;
  ict_arena *arena;
} ict_hints;

/* path NULL: the file that came with the program. */
ict_status ict_hints_load(const char *path, ict_hints **out, ict_err *err);
void ict_hints_free(ict_hints *hints);

#endif
