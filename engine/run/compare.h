/* compare.h - what the files of `compare` share. */
#ifndef ICT_RUN_COMPARE_H
#define ICT_RUN_COMPARE_H

#include "base/mem.h"
#include "base/stream.h"
#include "ictstat/compare.h"

typedef enum ict_verdict {
  ICT_EQUAL,
  ICT_DIFFERENT,
  ICT_OTHER_UNIT,
  ICT_ONLY_HERE,
  ICT_ONLY_THERE,
  ICT_N_VERDICTS
} ict_verdict;

typedef struct ict_beside { /* one figure of one row */
  const char *const *key;   /* n_keys texts */
  const char *figure;       /* name of its column */
  double here, there;       /* NaN: none */
  double allowed;           /* difference */
  const char *unit_here, *unit_there;
  ict_verdict verdict;
} ict_beside;

struct ict_comparison {
  ict_arena *arena; /* all texts */
  const char *name_here, *name_there;
  bool whole; /* the published file is one of our tables */
  const char **key_names;
  size_t n_keys;
  ict_beside *list;
  size_t n, capacity;
  size_t n_rows_both;
  size_t count[ICT_N_VERDICTS];
};

#endif
