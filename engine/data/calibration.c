/* calibration.c - names of the methods of calibration. */
#include "data/calibration.h"

#include <string.h>

static const char *const names[ICT_N_CALIBRATIONS] = {"post-stratify", "rake", "linear",
                                                      "multiplicative", "logit"};

const char *ict_calibration_name(ict_calibration_method method) { return names[method]; }

bool ict_calibration_find(const char *word, ict_calibration_method *method) {
  for (int i = 0; i < ICT_N_CALIBRATIONS; i++) {
    if (strcmp(word, names[i]) == 0) {
      *method = (ict_calibration_method)i;
      return true;
    }
  }
  return false;
}
