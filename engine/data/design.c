/* design.c - names: of the policies for a stratum with a single PSU, of the approximations for
 * PPS, of the kinds of replicate weights. */
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

static const char *const pps_names[] = {"none", "brewer", "overton", "hartley-rao"};

const char *ict_pps_name(ict_pps pps) { return pps_names[pps]; }

bool ict_pps_find(const char *word, ict_pps *pps) {
  for (int i = ICT_PPS_NONE; i <= ICT_PPS_HARTLEY_RAO; i++) {
    if (strcmp(word, pps_names[i]) == 0) {
      *pps = (ict_pps)i;
      return true;
    }
  }
  return false;
}

static const char *const types[] = {"brr",       "fay", "jk1", "jk2",  "jkn",
                                    "bootstrap", "sdr", "acs", "other"};

const char *ict_replicate_name(ict_replicate_type type) { return types[type]; }

bool ict_replicate_find(const char *word, ict_replicate_type *type) {
  for (int i = ICT_REPLICATE_BRR; i <= ICT_REPLICATE_OTHER; i++) {
    if (strcmp(word, types[i]) == 0) {
      *type = (ict_replicate_type)i;
      return true;
    }
  }
  return false;
}
