/* Tails of the tests against R, and Rao and Scott's tests where they are Pearson's, by hand. */
#include <math.h>

#include "base/mem.h"
#include "estimate/estimate.h"
#include "estimate/tests.h"
#include "suite.h"

typedef struct tail {
  double f, ndf, ddf, p;
} tail;

static const tail tails[] = {
#include "test_estimate_tests.inc"
};

/* P changes up to -log P times as fast as the statistic, which is a double. */
static void tails_of_r(void) {
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    const tail *t = &tails[i];
    double p = ict_p_value_f(t->f, t->ndf, t->ddf);
    CU_ASSERT_DOUBLE_EQUAL(p, t->p, 1e-13 * t->p * fmax(1, -log(fmax(t->p, 1e-300))) + 1e-300);
    if (isinf(t->ddf)) CU_ASSERT_EQUAL(p, ict_p_value_chi2(t->f * t->ndf, t->ndf));
  }
}

static void tails_at_the_borders(void) {
  CU_ASSERT_EQUAL(ict_p_value_f(0, 3, 12), 1);
  CU_ASSERT_EQUAL(ict_p_value_f(INFINITY, 3, 12), 0);
  CU_ASSERT_EQUAL(ict_p_value_chi2(0, 3), 1);
  CU_ASSERT_EQUAL(ict_p_value_chi2(1e300, 3), 0);
  CU_ASSERT_DOUBLE_EQUAL(ict_p_value_chi2(2 * log(20), 2), 0.05, 1e-16); /* e^(-x/2) */
  CU_ASSERT_DOUBLE_EQUAL(ict_p_value_f(19, 2, 2), 0.05, 1e-16);          /* 1 / (1 + f) */
  CU_ASSERT(isnan(ict_p_value_f(-1, 3, 12)) && isnan(ict_p_value_f(NAN, 3, 12)));
  CU_ASSERT(isnan(ict_p_value_f(1, 0, 12)) && isnan(ict_p_value_f(1, 3, 0)));
  CU_ASSERT(isnan(ict_p_value_chi2(-1, 3)) && isnan(ict_p_value_chi2(1, 0)));
}

/* 60 people, a simple random sample, each weighs w: yes 10 and 20 in the two classes, no 20 and
 * 10. X^2 = 60 (10*10 - 20*20)^2 / 30^4 = 20/3; V of the total of cell k is
 * w^2 n/(n-1) (n_k - n_k^2/n), so tr Delta = 1/59 of the shares, and F = 20/3 * 59/60 = 59/9. */
static ict_test_result test_2x2(double w, ict_test_statistic statistic) {
  static const double count[4] = {10, 20, 20, 10}; /* a_0, b_0, a_1, b_1 */
  double v[16];
  for (int k = 0; k < 4; k++)
    for (int l = 0; l < 4; l++)
      v[4 * k + l] = w * w * 60 / 59 * ((k == l) * count[k] - count[k] * count[l] / 60);
  ict_sums sums[2] = {{.a = w * 10, .b = w * 20, .n = 30}, {.a = w * 20, .b = w * 10, .n = 30}};
  ict_estimate_options options = {0};
  ict_joint joint = {.n = 2, .sums = sums, .v = v, .options = &options, .df = 59};
  ict_test_result r;
  CU_ASSERT_EQUAL(ict_test_table(&joint, 0, statistic, &r, NULL), ICT_OK);
  CU_ASSERT(r.n_rows == 2 && r.n_cols == 2 && r.notes == 0);
  return r;
}

static void simple_random_sample_is_pearsons(void) {
  static const double weights[] = {1, 7, 1e-9, 1e12};
  for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
    ict_test_result f = test_2x2(weights[i], ICT_TEST_F);
    CU_ASSERT_DOUBLE_EQUAL(f.statistic, 59.0 / 9, 1e-13);
    CU_ASSERT_DOUBLE_EQUAL(f.ndf, 1, 1e-14);
    CU_ASSERT_DOUBLE_EQUAL(f.ddf, 59, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.p, ict_p_value_t(sqrt(59.0 / 9), 59), 1e-14);
    ict_test_result chisq = test_2x2(weights[i], ICT_TEST_CHISQ);
    CU_ASSERT_DOUBLE_EQUAL(chisq.statistic, 59.0 / 9, 1e-13);
    CU_ASSERT_DOUBLE_EQUAL(chisq.p, erfc(sqrt(59.0 / 18)), 1e-15);
  }
}

/* A simple random sample again, in which two cells are rare: tr Delta = d/(n - 1) whatever the
 * shares, so F = X^2 (n - 1)/(n d), X^2 = sum (o - e)^2 / e. Counts need not be whole. */
static void rare_cells_keep_the_digits(void) {
  enum { C = 4 };
  static const double yes[C] = {10, 25, 30, 3e-9}, no[C] = {20, 15, 8, 5e-8};
  double n = 0, n_yes = 0, x2 = 0, v[4 * C * C], count[2 * C];
  ict_sums sums[C];
  for (int k = 0; k < C; k++) {
    count[2 * k] = yes[k];
    count[2 * k + 1] = no[k];
    sums[k] = (ict_sums){.a = yes[k], .b = no[k], .n = 1};
    n += yes[k] + no[k];
    n_yes += yes[k];
  }
  for (int k = 0; k < C; k++) {
    double expected = n_yes * (yes[k] + no[k]) / n, off = yes[k] - expected;
    x2 += off * off / expected + off * off / (yes[k] + no[k] - expected);
  }
  for (int k = 0; k < 2 * C; k++)
    for (int l = 0; l < 2 * C; l++)
      v[2 * C * k + l] = n / (n - 1) * ((k == l) * count[k] - count[k] * count[l] / n);
  ict_estimate_options options = {0};
  ict_joint joint = {.n = C, .sums = sums, .v = v, .options = &options, .df = 100};
  ict_test_result r;
  CU_ASSERT_EQUAL(ict_test_table(&joint, 0, ICT_TEST_F, &r, NULL), ICT_OK);
  CU_ASSERT_DOUBLE_EQUAL(r.statistic, x2 * (n - 1) / (n * (C - 1)), 1e-13 * r.statistic);
  CU_ASSERT_DOUBLE_EQUAL(r.ndf, C - 1, 1e-12);
}

/* A cell is off by Y = 10 - 15 = -5. As all margins are halves, a person adds c = 1/4 to Y in the
 * cells of this diagonal and -1/4 in the others: sum of (c - mean)^2 = 60 (1/16 - 1/144) = 10/3,
 * V(Y) = 60/59 * 10/3, and Y^2 / V = 59/8. */
static void wald_by_hand(void) {
  for (double w = 1; w < 1e6; w *= 1000) {
    CU_ASSERT_DOUBLE_EQUAL(test_2x2(w, ICT_TEST_WALD).statistic, 59.0 / 8, 1e-13);
    CU_ASSERT_DOUBLE_EQUAL(test_2x2(w, ICT_TEST_ADJWALD).statistic, 59.0 / 8, 1e-13);
  }
}

/* Two means of PSUs that the classes do not share: t = (3 - 1) / sqrt(1/4 + 3/4). */
static ict_status test_means(ict_test_result *r, ict_err *err) {
  static const double v[16] = {25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 75, 0, 0, 0, 0, 0};
  static const ict_sums sums[2] = {{.a = 10, .b = 10, .n = 10}, {.a = 30, .b = 10, .n = 10}};
  ict_estimate_options options = {0};
  ict_joint joint = {.n = 2, .sums = sums, .v = v, .options = &options, .df = 18};
  return ict_test_same(ICT_EST_MEAN, &joint, r, err);
}

static void means_by_hand(void) {
  ict_test_result r;
  CU_ASSERT_EQUAL(test_means(&r, NULL), ICT_OK);
  CU_ASSERT(r.is_t && r.n_cols == 2 && r.notes == 0 && r.ndf == 1 && r.ddf == 17);
  CU_ASSERT_DOUBLE_EQUAL(r.statistic, 2, 1e-14);
  CU_ASSERT_EQUAL(r.p, ict_p_value_t(2, 17));
}

/* Classes of one PSU each, drawn or not: V of its totals is c (a b)' (a b), so the mean a / b is
 * the same in any sample. Two of them have no variance, and beside a class that has one they leave
 * the matrix singular; rounding made an F of 1e15 of them, or variances below 0. */
static void classes_of_one_psu(void) {
  for (int i = 1; i <= 40; i++) {
    double total[3][2] = {{10, 10}, {0.1 * i, 7 + 1.0 / i}, {i / 0.7, 0.3}}, v[36] = {0};
    for (int k = 1; k < 3; k++)
      for (int s = 0; s < 2; s++)
        for (int t = 0; t < 2; t++)
          v[6 * (2 * k + s) + 2 * k + t] = 8 / 7.0 * total[k][s] * total[k][t];
    v[0] = 25;
    ict_sums sums[3] = {0};
    for (int k = 0; k < 3; k++) sums[k] = (ict_sums){.a = total[k][0], .b = total[k][1], .n = 10};
    ict_estimate_options options = {0};
    ict_joint joint = {.n = 3, .sums = sums, .v = v, .options = &options, .df = 18};
    ict_test_result r;
    CU_ASSERT_EQUAL(ict_test_same(ICT_EST_MEAN, &joint, &r, NULL), ICT_OK);
    CU_ASSERT(r.notes == ICT_TEST_SINGULAR && isnan(r.statistic) && isnan(r.p));
    sums[0].n = 0; /* nobody in the first */
    CU_ASSERT_EQUAL(ict_test_same(ICT_EST_MEAN, &joint, &r, NULL), ICT_OK);
    CU_ASSERT(r.notes == ICT_TEST_NO_VARIANCE && isnan(r.statistic) && isnan(r.p));
  }
}

/* Each allocation of the tests fails once. */
static void without_memory(void) {
  static const double v[16] = {1};
  static const ict_sums sums[2] = {{.a = 1, .b = 2, .n = 3}, {.a = 2, .b = 1, .n = 3}};
  ict_estimate_options options = {0};
  ict_joint joint = {.n = 2, .sums = sums, .v = v, .options = &options, .df = 5};
  ict_test_result r;
  for (int which = 0; which < 3; which++) {
    ict_status st = ICT_FAIL;
    long n = 0;
    for (; st != ICT_OK && n < 50; n++) {
      ict_err err = {0};
      ict_mem_fail_after(n);
      st = which == 2 ? test_means(&r, &err)
                      : ict_test_table(&joint, 0, which ? ICT_TEST_F : ICT_TEST_WALD, &r, &err);
      ict_mem_fail_after(-1);
      CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    }
    CU_ASSERT(st == ICT_OK && n > 1);
  }
}

SUITE("estimate.tests", TEST(tails_of_r), TEST(tails_at_the_borders),
      TEST(simple_random_sample_is_pearsons), TEST(rare_cells_keep_the_digits), TEST(wald_by_hand),
      TEST(means_by_hand), TEST(classes_of_one_psu), TEST(without_memory))
