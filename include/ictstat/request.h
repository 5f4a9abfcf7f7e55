/* request.h - what is asked of a computation. Belongs to: engine/estimate (the lowest room
 * that obeys it). */
#ifndef ICTSTAT_REQUEST_H
#define ICTSTAT_REQUEST_H

#include <stddef.h>

#include "ictstat/progress.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ict_ci_method {
  ICT_CI_DEFAULT, /* logit for proportions, t otherwise */
  ICT_CI_LOGIT,   /* proportions only: Wald on the logit scale, back-transformed */
  ICT_CI_T,       /* estimate +- t quantile * SE */
  ICT_CI_NORMAL   /* estimate +- normal quantile * SE (infinite df) */
} ict_ci_method;

typedef enum ict_deff_kind {
  ICT_DEFF_WR, /* against SRS with replacement: R survey's deff = "replace" */
  ICT_DEFF_WOR /* against SRS without replacement: R survey's deff = TRUE; needs expansion weights
                */
} ict_deff_kind;

typedef struct ict_request {
  /* Indicators by id or SDMX series; n 0: all that the store can answer. */
  const char *const *indicators;
  size_t n_indicators;
  /* Breakdowns as on the command line: "sex", "sex,age:ten-year", "cube(sex,age)". The total is
   * always there. */
  const char *const *by;
  size_t n_by;
  ict_ci_method ci;
  double level; /* of the interval; 0: 0.95 */
  ict_deff_kind deff;
  const char *profile;          /* reliability profile; NULL: "dhs" */
  int threads;                  /* 0: all cores; the result does not depend on it */
  const ict_progress *progress; /* may be NULL */
} ict_request;

#ifdef __cplusplus
}
#endif
#endif
