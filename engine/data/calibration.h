/* calibration.h - weights that were adjusted to population totals, and what a variance needs to
 * know of it.
 *
 * The auxiliary variables of a row are one category of each margin and the numbers. Written as
 * columns, margin by margin and then the numbers, a row x has a 1 in each of its categories. Three
 * weights belong to a row:
 *
 *   d  the design weight, from which calibration starts
 *   c  the calibrated weight: sum c x = the totals, unless ratios were trimmed
 *   w  the weight of the table: c, or what trimming of weights made of it
 *
 * docs/math.md, "Calibration". */
#ifndef ICT_DATA_CALIBRATION_H
#define ICT_DATA_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In R survey: postStratify, rake, calibrate(calfun = "linear", "raking", "logit"). */
typedef enum ict_calibration_method {
  ICT_CALIBRATE_POST_STRATIFY,
  ICT_CALIBRATE_RAKE,
  ICT_CALIBRATE_LINEAR,
  ICT_CALIBRATE_MULTIPLICATIVE,
  ICT_CALIBRATE_LOGIT
} ict_calibration_method;
enum { ICT_N_CALIBRATIONS = ICT_CALIBRATE_LOGIT + 1 };
extern const char *const ict_calibration_names[]; /* in that order; NULL at the end */
const char *ict_calibration_name(ict_calibration_method method); /* "post-stratify", ... */
bool ict_calibration_find(const char *word, ict_calibration_method *method);

typedef struct ict_calibration_margin {
  const char *name; /* "sex x age:itu"; "all" where it crosses nothing */
  size_t n;         /* categories, each with somebody of the sample in it */
  const char *const *label;
  const double *total;  /* n, above 0 */
  const uint32_t *code; /* n_rows, below n */
} ict_calibration_margin;

typedef struct ict_calibration_number {
  const char *name;
  double total;
  const double *value; /* n_rows, finite */
} ict_calibration_number;

typedef struct ict_calibration {
  ict_calibration_method method;
  size_t n_rows;
  size_t n_margins, n_numbers;
  const ict_calibration_margin *margins; /* post-stratify: one */
  const ict_calibration_number *numbers; /* post-stratify and rake: none */
  double bounds[2];                      /* of c / d; -inf and inf: none. logit: both finite */
  double trim_ratio[2];                  /* of c / d, as calibrate(trim = ); likewise */
  double trim_weight[2];                 /* of w, as trimWeights(); likewise */
  bool trim_strict;                      /* until no weight is outside */
  double tolerance;                      /* of each total */
  size_t most_rounds;
  const double *design_weight; /* n_rows, d */
  const double *calibrated;    /* n_rows, c; NULL: w */
} ict_calibration;

#endif
