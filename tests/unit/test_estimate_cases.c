/* Estimates worked out by hand, interval methods, and inputs at the border of sense. */
#include <math.h>

#include "estimate/estimate.h"
#include "suite.h"

static ict_estimate_result estimate(ict_estimator kind, const ict_sums *s, ict_estimate_options o) {
  ict_estimate_result r;
  ict_estimate(kind, s, &o, &r);
  return r;
}

static void close_to(double got, double expected) {
  CU_ASSERT_DOUBLE_EQUAL(got, expected, 1e-14 * fabs(expected));
}

/* SRS without replacement, n = 4 of N = 20, y = 2 4 4 6: mean 4, s^2 = 8/3,
 * V = (1 - n/N) s^2 / n = 8/15 (Cochran 1977, chapter 2); against itself deff is 1. */
static void srs_mean_by_hand(void) {
  double scale = 0.8 * 4 / 3; /* (1-f) n/(n-1); totals 5 y = 10 20 20 30 */
  ict_sums s = {.a = 80,
                .b = 20,
                .w = 20,
                .v_aa = scale * 200,
                .q_aa = 5 * 8,
                .n = 4,
                .n_psu = 4,
                .n_strata = 1};
  ict_estimate_result r = estimate(ICT_EST_MEAN, &s, (ict_estimate_options){.deff = ICT_DEFF_WOR});
  close_to(r.estimate, 4);
  close_to(r.se, sqrt(8.0 / 15));
  close_to(r.cv, sqrt(8.0 / 15) / 4);
  close_to(r.deff, 1);
  CU_ASSERT_EQUAL(r.df, 3);
  CU_ASSERT_EQUAL(r.pop_weighted, 20);
  r = estimate(ICT_EST_TOTAL, &s, (ict_estimate_options){.deff = ICT_DEFF_WOR});
  close_to(r.estimate, 80);
  close_to(r.se, 20 * sqrt(8.0 / 15));
  close_to(r.deff, 1);
}

/* Two strata: 2 of 10 with y = 1 3, 3 of 6 with y = 2 2 5. Total 38,
 * V = sum N^2 (1-f) s^2/n = 100 * 0.8 * 2/2 + 36 * 0.5 * 3/3 = 98 (Cochran 1977, chapter 5). */
static void stratified_total_by_hand(void) {
  static const double y[] = {1, 3, 2, 2, 5}, weight[] = {5, 5, 2, 2, 2}, fraction[] = {0.2, 0.5};
  static const uint64_t psu_first[] = {0, 1, 2, 3, 4, 5}, stratum_first[] = {0, 2, 5};
  static const uint32_t everybody[] = {0};
  static const bool numeric[] = {true};
  const ict_margin margin = {1, everybody};
  ict_design design = {.n_rows = 5,
                       .n_psu = 5,
                       .n_strata = 2,
                       .psu_first_row = psu_first,
                       .stratum_first_psu = stratum_first,
                       .weight = weight,
                       .fraction = fraction};
  ict_cube_shape shape = {
      .n_measures = 1, .numeric = numeric, .n_fine = 1, .n_margins = 1, .margins = &margin};
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_cube_new(&shape, &design, &cube, NULL), ICT_OK);
  for (size_t h = 0, p = 0; h < 2; h++) {
    CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, h, NULL), ICT_OK);
    for (; p < stratum_first[h + 1]; p++) {
      ict_cube_values v = {.y = y + p};
      ict_cube_rows rows = {1, everybody, weight + p, &v, p};
      CU_ASSERT_EQUAL(ict_cube_add(cube, &rows, NULL), ICT_OK);
      CU_ASSERT_EQUAL(ict_cube_close_psu(cube, NULL), ICT_OK);
    }
    CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_OK);
  ict_estimate_result r = estimate(ICT_EST_TOTAL, (ict_sums[]){ict_cube_sums(cube, 0, 0, 0)},
                                   (ict_estimate_options){0});
  close_to(r.estimate, 38);
  close_to(r.se, sqrt(98));
  CU_ASSERT_EQUAL(r.df, 3);
  ict_cube_free(cube);
}

/* 10 yes among 40 with equal weights, each its own PSU: V = p q / (n-1). */
static ict_sums quarter(void) {
  double v = 40.0 / 39 * 7.5;
  return (ict_sums){.a = 10,
                    .b = 30,
                    .w = 40,
                    .v_aa = v,
                    .v_ab = -v,
                    .v_bb = v,
                    .n = 40,
                    .n_psu = 40,
                    .n_strata = 1};
}

/* R: plogis(qlogis(.25) + c(-1,1) * qt(.975,39) * sqrt(.1875/39) / .1875)
 *    .25 + c(-1,1) * qt(.95,39) * sqrt(.1875/39);  .25 + c(-1,1) * qnorm(.975) * sqrt(.1875/39) */
static void intervals(void) {
  ict_sums s = quarter();
  ict_estimate_result r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0});
  close_to(r.estimate, 0.25);
  close_to(r.se, sqrt(0.1875 / 39));
  close_to(r.deff, 1);
  CU_ASSERT_DOUBLE_EQUAL(r.ci_low, 0.136272160136659, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.ci_high, 0.413231857257374, 1e-12);
  r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){.ci = ICT_CI_T, .level = 0.9});
  CU_ASSERT_DOUBLE_EQUAL(r.ci_low, 0.133174929921472, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.ci_high, 0.366825070078528, 1e-12);
  r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){.ci = ICT_CI_NORMAL});
  CU_ASSERT_DOUBLE_EQUAL(r.ci_low, 0.114100949147656, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.ci_high, 0.385899050852344, 1e-12);
  /* A count has no logit: its interval is symmetric. */
  r = estimate(ICT_EST_COUNT, &s, (ict_estimate_options){.ci = ICT_CI_LOGIT});
  close_to(r.estimate - r.ci_low, r.ci_high - r.estimate);
}

static void empty_cell(void) {
  ict_sums s = {0};
  for (int k = 0; k < ICT_N_ESTIMATORS; k++) {
    ict_estimate_result r = estimate((ict_estimator)k, &s, (ict_estimate_options){0});
    CU_ASSERT(isnan(r.estimate) && isnan(r.se) && isnan(r.cv) && isnan(r.ci_low) &&
              isnan(r.ci_high) && isnan(r.deff) && isnan(r.df));
    CU_ASSERT_EQUAL(r.n, 0);
    CU_ASSERT_EQUAL(r.notes, ICT_NOTE_EMPTY);
  }
}

static void nobody_and_everybody(void) {
  for (int yes = 0; yes < 2; yes++) {
    ict_sums s = {.a = 7.3 * yes,
                  .b = 7.3 * !yes,
                  .w = 7.3,
                  .v_aa = 4 * yes,
                  .v_bb = 4 * !yes,
                  .n = 5,
                  .n_psu = 4,
                  .n_strata = 1};
    ict_estimate_result r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0});
    CU_ASSERT_EQUAL(r.estimate, yes);
    CU_ASSERT_EQUAL(r.se, 0);
    CU_ASSERT_EQUAL(r.ci_low, yes);
    CU_ASSERT_EQUAL(r.ci_high, yes);
    CU_ASSERT_EQUAL(r.notes, ICT_NOTE_AT_BORDER);
    CU_ASSERT(isnan(r.deff));
    CU_ASSERT(yes ? r.cv == 0 : isnan(r.cv));
  }
}

static void no_degrees_of_freedom(void) {
  ict_sums s = quarter();
  s.n_psu = s.n_strata = 2;
  ict_estimate_result r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0});
  CU_ASSERT_EQUAL(r.df, 0);
  CU_ASSERT(isfinite(r.se) && isnan(r.ci_low) && isnan(r.ci_high));
  CU_ASSERT_EQUAL(r.notes, ICT_NOTE_DF_LOW);
  /* The normal interval does not ask for them. */
  r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){.ci = ICT_CI_NORMAL});
  CU_ASSERT(isfinite(r.ci_low) && isfinite(r.ci_high));
}

static void census(void) {
  ict_sums s = quarter();
  ict_estimate_result r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){.census = true});
  close_to(r.estimate, 0.25);
  CU_ASSERT_EQUAL(r.se, 0);
  CU_ASSERT_EQUAL(r.cv, 0);
  CU_ASSERT_EQUAL(r.ci_low, r.estimate);
  CU_ASSERT_EQUAL(r.ci_high, r.estimate);
  CU_ASSERT(isnan(r.df) && isnan(r.deff));
  CU_ASSERT_EQUAL(r.notes, ICT_NOTE_CENSUS);
}

static void denominator_of_zero(void) {
  ict_sums s = {.a = 5, .b = 0, .w = 3, .n = 3, .n_psu = 3, .n_strata = 1, .v_aa = 1};
  ict_estimate_result r = estimate(ICT_EST_RATIO, &s, (ict_estimate_options){0});
  CU_ASSERT(isnan(r.estimate) && isnan(r.se) && isnan(r.ci_low) && isnan(r.cv));
  CU_ASSERT_EQUAL(r.notes, ICT_NOTE_NO_DENOMINATOR);
  CU_ASSERT_EQUAL(r.n, 3);
}

/* One PSU's total alone decides y and x: the ratio is known without error in theory, and the
 * quadratic form is rounding. */
static void rounding_is_not_variance(void) {
  double a = 0.1 * 333.37, b = 0.7 * 19.19;
  ict_sums s = {.a = a,
                .b = b,
                .w = 19.19,
                .v_aa = 1.25 * a * a,
                .v_ab = 1.25 * a * b,
                .v_bb = 1.25 * b * b,
                .n = 3,
                .n_psu = 1,
                .n_strata = 1};
  CU_ASSERT_EQUAL(estimate(ICT_EST_RATIO, &s, (ict_estimate_options){0}).se, 0);
}

/* 7 in every row, of 8 that stand for 80 in PSUs of unequal size: a total that varies, beside which
 * the values' spread is what joining their means left. */
static void values_that_are_the_same(void) {
  ict_sums s = {.a = 560,
                .b = 80,
                .w = 80,
                .v_aa = 4900,
                .q_aa = 80 * 1e-31,
                .n = 8,
                .n_psu = 4,
                .n_strata = 1};
  ict_estimate_result r = estimate(ICT_EST_TOTAL, &s, (ict_estimate_options){0});
  close_to(r.se, 70);
  CU_ASSERT(isnan(r.deff));
  CU_ASSERT(isnan(estimate(ICT_EST_MEAN, &s, (ict_estimate_options){0}).deff));
  s.q_aa = 80 * 1e-12; /* seldom, but a spread */
  CU_ASSERT(isfinite(estimate(ICT_EST_TOTAL, &s, (ict_estimate_options){0}).deff));
}

/* Weights that sum to less than n are no expansion weights: no deff without replacement. */
static void deff_that_does_not_exist(void) {
  ict_sums s = quarter();
  s.w = 39;
  CU_ASSERT(
      isnan(estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){.deff = ICT_DEFF_WOR}).deff));
  CU_ASSERT(isfinite(estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0}).deff));
  s.n = 1;
  CU_ASSERT(isnan(estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0}).deff));
}

/* All strata lonely under `average`: no variance to take the mean of. */
static void variance_that_does_not_exist(void) {
  ict_sums s = quarter();
  s.v_aa = s.v_ab = s.v_bb = NAN;
  s.n_lonely = 1;
  ict_estimate_result r = estimate(ICT_EST_PROPORTION, &s, (ict_estimate_options){0});
  CU_ASSERT(isfinite(r.estimate) && isnan(r.se) && isnan(r.ci_low) && isnan(r.deff));
  CU_ASSERT_EQUAL(r.notes, ICT_NOTE_LONELY | ICT_NOTE_NO_SE);
}

/* A total and a difference of totals whose variance came out below 0, as it can under PPS: that is
 * no error of 0. */
static void variance_below_zero(void) {
  ict_sums s = quarter(), none = {0}, minus = {.v_aa = -100, .v_ab = -100, .n = 40, .n_psu = 4};
  s.v_aa = -100;
  ict_estimate_result r = estimate(ICT_EST_TOTAL, &s, (ict_estimate_options){0});
  CU_ASSERT(isfinite(r.estimate) && isnan(r.se) && isnan(r.ci_low));
  CU_ASSERT_EQUAL(r.notes, ICT_NOTE_NO_SE);
  ict_pair_sums pair = {{minus, minus, none, none, none, none}};
  ict_estimate_contrast(ICT_EST_TOTAL, false, (const ict_sums *[]){&s, &s}, &pair,
                        &(ict_estimate_options){0}, &r);
  CU_ASSERT(r.estimate == 0 && isnan(r.se) && isnan(r.ci_low));
  CU_ASSERT(r.notes & ICT_NOTE_NO_SE);
}

static void names(void) {
  CU_ASSERT_STRING_EQUAL(ict_estimator_name(ICT_EST_PROPORTION), "proportion");
  CU_ASSERT_STRING_EQUAL(ict_estimator_name(ICT_EST_COUNT), "count");
}

SUITE("estimate.cases", TEST(srs_mean_by_hand), TEST(stratified_total_by_hand), TEST(intervals),
      TEST(empty_cell), TEST(nobody_and_everybody), TEST(no_degrees_of_freedom), TEST(census),
      TEST(denominator_of_zero), TEST(rounding_is_not_variance), TEST(values_that_are_the_same),
      TEST(deff_that_does_not_exist), TEST(variance_that_does_not_exist), TEST(variance_below_zero),
      TEST(names))
