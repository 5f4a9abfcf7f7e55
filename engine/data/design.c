/* design.c - names of the policies for a stratum with a single PSU. */
#include "data/design.h"

#include <string.h>

static const char *const names[] = {"fail", "certainty", "adjust", "average", "remove"};

const char *ict_lonely_name(ict_lonely policy) { return names[policy]; }

bool ict_lonely_find(const char *word, ict_lonely *policy) {
  for (int i = ICT_LONELY_FAIL; i <= ICT_LONELY_REMOVE; i++) {
    if (strcmp(word, names[i]) == 0) {
      *policy = (ict_lonely)i;
      return true;
    }
  }
  return false;
}
