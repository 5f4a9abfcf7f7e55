/* test_calibrate.c - weights by hand: post-stratification, raking, regression, bounds, trimming. */
#include <math.h>
#include <string.h>

#include "calibrate/calibrate.h"
#include "suite.h"

#define CLOSE(x, y) CU_ASSERT_DOUBLE_EQUAL(x, y, 1e-12 * (1 + fabs((double)(y))))
#define NONE \
  { -INFINITY, INFINITY }

static const char *const ab[] = {"A", "B"};
static const char *const pq[] = {"P", "Q"};

/* Four rows, one of each cell of a two by two table. */
static const uint32_t one[] = {0, 0, 1, 1}, two[] = {0, 1, 0, 1};
static const double cells[] = {10, 20, 30, 40}, half[] = {50, 50};
static const ict_calibration_margin both[] = {{"one", 2, ab, half, one}, {"two", 2, pq, half, two}};

static ict_calibration table(ict_calibration_method method) {
  return (ict_calibration){.method = method,
                           .n_rows = 4,
                           .n_margins = 2,
                           .margins = both,
                           .bounds = NONE,
                           .trim_ratio = NONE,
                           .trim_weight = NONE,
                           .tolerance = 1e-13,
                           .most_rounds = 1000,
                           .design_weight = cells};
}

/* Raking keeps the odds ratio 10 x 40 / (20 x 30) = 2/3. With all margins 50, a^2 / (50 - a)^2 is
 * that ratio. */
static void check_odds(const double *w) {
  double r = sqrt(2.0 / 3), a = 50 * r / (1 + r);
  CLOSE(w[0], a);
  CLOSE(w[1], 50 - a);
  CLOSE(w[2], 50 - a);
  CLOSE(w[3], a);
}

static void raking(void) {
  double w[4];
  ict_calibrated result;
  const ict_calibration_method methods[] = {ICT_CALIBRATE_RAKE, ICT_CALIBRATE_MULTIPLICATIVE};
  for (size_t i = 0; i < 2; i++) {
    ict_calibration model = table(methods[i]);
    CU_ASSERT_EQUAL(ict_calibrate(&model, cells, w, w, &result, NULL), ICT_OK);
    check_odds(w);
    CU_ASSERT(result.off <= 1e-13 && result.rounds > 0 && result.n_trimmed == 0);
    CLOSE(result.ratio[0], w[3] / 40);
    CLOSE(result.ratio[1], w[0] / 10);
  }
}

/* Cochran 1977, 5A.9: the weight of a post-stratum's row is N_k d / (sum of d in it). */
static void post_stratification(void) {
  ict_calibration model = table(ICT_CALIBRATE_POST_STRATIFY);
  static const double people[] = {90, 140};
  const ict_calibration_margin margin = {"one", 2, ab, people, one};
  model.n_margins = 1;
  model.margins = &margin;
  double w[4];
  ict_calibrated result;
  CU_ASSERT_EQUAL(ict_calibrate(&model, cells, w, w, &result, NULL), ICT_OK);
  CLOSE(w[0], 30);
  CLOSE(w[1], 60);
  CLOSE(w[2], 60);
  CLOSE(w[3], 80);
  CU_ASSERT_EQUAL(result.rounds, 1);
}

/* The regression estimator with the constant and x: g = 1 + (X - sum d x) (x - mean) / S_xx where
 * the sum of d is N already. d = 1, x = 1 .. 5, X = 17: g = 1 + 0.2 (x - 3). */
static const double x5[] = {1, 2, 3, 4, 5}, d5[] = {1, 1, 1, 1, 1}, five[] = {5};
static const uint32_t zero5[5];
static const char *const all[] = {"all"};
static const ict_calibration_margin constant = {"all", 1, all, five, zero5};

static ict_calibration regression(double total, ict_calibration_number *number) {
  *number = (ict_calibration_number){"x", total, x5};
  return (ict_calibration){.method = ICT_CALIBRATE_LINEAR,
                           .n_rows = 5,
                           .n_margins = 1,
                           .margins = &constant,
                           .n_numbers = 1,
                           .numbers = number,
                           .bounds = NONE,
                           .trim_ratio = NONE,
                           .trim_weight = NONE,
                           .tolerance = 1e-13,
                           .most_rounds = 100,
                           .design_weight = d5};
}

static void greg(void) {
  ict_calibration_number number;
  ict_calibration model = regression(17, &number);
  double w[5];
  ict_calibrated result;
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, w, w, &result, NULL), ICT_OK);
  for (size_t i = 0; i < 5; i++) CLOSE(w[i], 1 + 0.2 * (x5[i] - 3));
}

static void bounded(void) {
  ict_calibration_number number;
  ict_calibration model = regression(17, &number);
  double w[5];
  ict_calibrated result;
  model.bounds[0] = 0.65;
  model.bounds[1] = 1.38;
  for (int m = ICT_CALIBRATE_LINEAR; m <= ICT_CALIBRATE_LOGIT; m++) {
    double sum = 0, sum_x = 0;
    model.method = (ict_calibration_method)m;
    CU_ASSERT_EQUAL(ict_calibrate(&model, d5, w, w, &result, NULL), ICT_OK);
    for (size_t i = 0; i < 5; i++) {
      CU_ASSERT(w[i] >= 0.65 && w[i] <= 1.38);
      sum += w[i];
      sum_x += w[i] * x5[i];
    }
    CLOSE(sum, 5);
    CLOSE(sum_x, 17);
  }
}

static void refused(void) {
  ict_calibration_number number;
  ict_calibration model = regression(17, &number);
  double w[5];
  ict_calibrated result;
  ict_err err = {0};
  model.bounds[0] = 0.9;
  model.bounds[1] = 1.1; /* sum of w x is at most 16.1 or so */
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, w, w, &result, &err), ICT_REFUSED);
  CU_ASSERT(strstr(err.what, "number 'x'") && strstr(err.what, "the total 17"));
  CU_ASSERT(strstr(err.fix, "bounds") != NULL);

  model = regression(24, &number); /* g = 1 + 0.9 (x - 3) */
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, w, w, &result, &err), ICT_REFUSED);
  CU_ASSERT(strstr(err.what, "negative") != NULL);

  static const double zero[] = {60, 0};
  const ict_calibration_margin apart[] = {{"one", 2, ab, half, one}, {"two", 2, pq, zero, two}};
  model = table(ICT_CALIBRATE_RAKE);
  model.margins = apart;
  model.most_rounds = 7;
  CU_ASSERT_EQUAL(ict_calibrate(&model, cells, w, w, &result, &err), ICT_REFUSED);
  CU_ASSERT(strstr(err.what, "margin '") && strstr(err.what, "category '"));
}

static void trimming(void) {
  ict_calibration_number number;
  ict_calibration model = regression(17, &number);
  double c[5], w[5];
  ict_calibrated result;
  model.trim_ratio[0] = 0.7; /* of 0.6 0.8 1 1.2 1.4: 0.1 too little at one end, 0.2 at the other */
  model.trim_ratio[1] = 1.2;
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, w, w, &result, NULL), ICT_OK);
  const double ratios[] = {0.7, 0.8 + 0.1 / 3, 1 + 0.1 / 3, 1.2 + 0.1 / 3, 1.2};
  for (size_t i = 0; i < 5; i++) CLOSE(w[i], ratios[i]);
  CU_ASSERT_EQUAL(result.n_trimmed, 2);
  CU_ASSERT(result.off > 1e-3 && strstr(result.furthest, "x"));

  model = regression(17, &number);
  model.trim_weight[0] = 0;
  model.trim_weight[1] = 1.2;
  CU_ASSERT(ict_calibrate_trims_weights(&model));
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, c, w, &result, NULL), ICT_OK);
  CLOSE(c[4], 1.4);
  const double once[] = {0.65, 0.85, 1.05, 1.25, 1.2};
  for (size_t i = 0; i < 5; i++) CLOSE(w[i], once[i]);
  model.trim_strict = true;
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, c, w, &result, NULL), ICT_OK);
  double sum = 0;
  for (size_t i = 0; i < 5; i++) {
    CU_ASSERT(w[i] <= 1.2);
    sum += w[i];
  }
  CLOSE(sum, 5);
  model.trim_weight[1] = 0.9; /* five of these are no 5 */
  CU_ASSERT_EQUAL(ict_calibrate(&model, d5, c, w, &result, NULL), ICT_REFUSED);
}

/* The order of rows is of no consequence, but for the last bits. */
static void order(void) {
  static const uint32_t one_back[] = {1, 1, 0, 0}, two_back[] = {1, 0, 1, 0};
  static const double back[] = {40, 30, 20, 10};
  const ict_calibration_margin margins[] = {{"two", 2, pq, half, two_back},
                                            {"one", 2, ab, half, one_back}};
  ict_calibration model = table(ICT_CALIBRATE_RAKE);
  double w[4];
  ict_calibrated result;
  model.margins = margins;
  model.design_weight = back;
  CU_ASSERT_EQUAL(ict_calibrate(&model, back, w, w, &result, NULL), ICT_OK);
  const double turned[] = {w[3], w[2], w[1], w[0]};
  check_odds(turned);
}

/* ---- residuals ---------------------------------------------------------------------------- */

/* Coefficients of y over all rows. */
static void project(const ict_calibration *model, const double *w, const double *y, double *b,
                    double *explained) {
  ict_projection *p = NULL;
  uint32_t column[4];
  double x[4];
  CU_ASSERT_EQUAL_FATAL(ict_projection_new(model, w, &p, NULL), ICT_OK);
  memset(b, 0, ict_projection_columns(p) * sizeof *b);
  *explained = 0;
  for (size_t i = 0; i < model->n_rows; i++) {
    double v = ict_projection_base(p, i), z = y[i] * ict_projection_ratio(p, i);
    ict_projection_row(p, i, column, x);
    for (size_t k = 0; k < ict_projection_entries(p); k++) b[column[k]] += v * z * x[k];
    *explained += v * z * z;
  }
  ict_projection_solve(p, b, explained, 1);
  ict_projection_free(p);
}

static void projection(void) {
  double b[4], explained;
  static const double y[] = {1, 2, 3, 5}, is_a[] = {1, 1, 0, 0};
  ict_calibration model = table(ICT_CALIBRATE_POST_STRATIFY);
  model.n_margins = 1;
  project(&model, cells, y, b, &explained); /* means by the design's weights */
  CLOSE(b[0], (10 * 1 + 20 * 2) / 30.0);
  CLOSE(b[1], (30 * 3 + 40 * 5) / 70.0);
  CU_ASSERT_EQUAL(explained, 0);
  project(&model, cells, is_a, b, &explained);
  CLOSE(b[0], 1);
  CLOSE(b[1], 0);
  CU_ASSERT_EQUAL(explained, 1);

  /* Plain means by one margin, then by the other: on a whole table one sweep is enough. */
  model = table(ICT_CALIBRATE_RAKE);
  project(&model, cells, y, b, &explained);
  CLOSE(b[0], 1.5);
  CLOSE(b[1], 4);
  CLOSE(b[2], (1 - 1.5 + 3 - 4) / 2);
  CLOSE(b[3], (2 - 1.5 + 5 - 4) / 2);
  CU_ASSERT_EQUAL(explained, 0);
  project(&model, cells, is_a, b, &explained);
  CU_ASSERT_EQUAL(explained, 1);

  /* Margins that depend on one another: the fit is that of the table with main effects. */
  model = table(ICT_CALIBRATE_LINEAR);
  model.design_weight = d5;
  project(&model, d5, y, b, &explained);
  CLOSE(b[0] + b[2], 0.75);
  CLOSE(b[1] + b[3], 4.75);

  ict_calibration_number number;
  model = regression(17, &number);
  static const double line[] = {5, 7, 9, 11, 13};
  project(&model, d5, line, b, &explained);
  CLOSE(b[1], 2);
  CLOSE(b[0], 9); /* numbers are about their mean */
  CU_ASSERT_EQUAL(explained, 1);
}

SUITE("calibrate", TEST(post_stratification), TEST(raking), TEST(greg), TEST(bounded),
      TEST(refused), TEST(trimming), TEST(order), TEST(projection))
