/* part_words.h - a part of a computation remembers the words it was asked with, so that merging
 * needs no repetition of them. */
#ifndef ICT_CLI_PART_WORDS_H
#define ICT_CLI_PART_WORDS_H

#include "cli/cli.h"

/* --part as k of n; prints and returns false where it is none. */
bool part_of(const args *a, unsigned *k, unsigned *n);

/* The words of a computation, one a line, the store last, without those that only say how and where
 * to. The caller frees with free. NULL with err set where memory is short or a word holds a line
 * end. */
char *part_words(const args *a, ict_err *err);

/* They back as options. `words` is cut up and must live as long as they do. An exit code, or -1. */
int part_words_parse(char *words, args *out, char ***argv);

#endif
