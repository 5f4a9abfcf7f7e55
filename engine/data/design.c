/* design.c - names: of the policies for a stratum with a single PSU, of the approximations for
 * PPS, of the kinds of replicate weights. */
#include "data/design.h"

#include "base/text.h"

const char *const ict_lonely_names[] = {"fail", "certainty", "adjust", "average", "remove", NULL};

const char *ict_lonely_name(ict_lonely policy) { return ict_lonely_names[policy]; }

bool ict_lonely_find(const char *word, ict_lonely *policy) {
  long at = ict_text_index(word, ict_lonely_names);
  if (at >= 0) *policy = (ict_lonely)at;
  return at >= 0;
}

const char *const ict_pps_names[] = {"none", "brewer", "overton", "hartley-rao", NULL};

const char *ict_pps_name(ict_pps pps) { return ict_pps_names[pps]; }

bool ict_pps_find(const char *word, ict_pps *pps) {
  long at = ict_text_index(word, ict_pps_names);
  if (at >= 0) *pps = (ict_pps)at;
  return at >= 0;
}

const char *const ict_replicate_names[] = {"brr",       "fay", "jk1", "jk2",   "jkn",
                                           "bootstrap", "sdr", "acs", "other", NULL};

const char *ict_replicate_name(ict_replicate_type type) { return ict_replicate_names[type]; }

bool ict_replicate_find(const char *word, ict_replicate_type *type) {
  long at = ict_text_index(word, ict_replicate_names);
  if (at >= 0) *type = (ict_replicate_type)at;
  return at >= 0;
}
