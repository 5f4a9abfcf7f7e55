/* calibration.c - names of the methods of calibration. */
#include "data/calibration.h"

#include "base/text.h"

const char *const ict_calibration_names[] = {"post-stratify",  "rake",  "linear",
                                             "multiplicative", "logit", NULL};

const char *ict_calibration_name(ict_calibration_method method) {
  return ict_calibration_names[method];
}

bool ict_calibration_find(const char *word, ict_calibration_method *method) {
  long at = ict_text_index(word, ict_calibration_names);
  if (at >= 0) *method = (ict_calibration_method)at;
  return at >= 0;
}
