/* draft_guess.h - recognising variables by their names and labels, as the hints have them; inside
 * the room only. */
#ifndef ICT_INTAKE_DRAFT_GUESS_H
#define ICT_INTAKE_DRAFT_GUESS_H

#include <stdbool.h>

#include "catalog/hints.h"
#include "source/source.h"

/* Every word of `words` occurs in the text, whatever the case and the marks between. */
bool ict_guess_has_words(const char *text, const char *words);
/* The variable that fits a hint best: by name before by label; of labels the first. -1: none does.
 */
long ict_guess_variable(const ict_hint *hint, const ict_dictionary *dictionary);
long ict_guess_role(const ict_hints *hints, const char *role, const ict_dictionary *dictionary);
/* Has the file a sex or an age? */
bool ict_guess_person(const ict_hints *hints, const ict_dictionary *dictionary);

#endif
