/* Quantiles of a weighted sample and Woodruff's interval, all worked out by hand. */
#include <math.h>

#include "estimate/weighted.h"
#include "estimate/woodruff.h"
#include "suite.h"

enum { MOST = 10 };

typedef struct sample {
  double y[MOST], w[MOST], sum[MOST];
  ict_weighted values;
} sample;

static void weigh(sample *s, size_t n) {
  ict_running_sums(s->w, n, s->sum);
  s->values = (ict_weighted){n, s->y, s->w, s->sum};
}

static void reads(const sample *s, double p, ict_quantile_rule rule, double expected) {
  CU_ASSERT_DOUBLE_EQUAL(ict_weighted_quantile(&s->values, p, rule), expected,
                         1e-14 * fabs(expected));
}

/* 10, 20, 30, 40 of weights 1, 2, 3, 2: steps at 1/8, 3/8, 6/8, 1. */
static void rules_that_jump(void) {
  sample s = {.y = {10, 20, 30, 40}, .w = {1, 2, 3, 2}};
  weigh(&s, 4);
  for (int rule = ICT_QUANTILE_MATH; rule <= ICT_QUANTILE_HF3; rule++) {
    reads(&s, 0, rule, 10);
    reads(&s, 0.1, rule, 10);
    reads(&s, 0.3, rule, 20);
    reads(&s, 0.5, rule, 30);
    reads(&s, 0.8, rule, 40);
    reads(&s, 1, rule, 40);
  }
  static const double at[] = {0.125, 0.375, 0.75};
  static const double math[] = {10, 20, 30}, school[] = {15, 25, 35}, even[] = {20, 20, 40};
  for (size_t i = 0; i < 3; i++) {
    reads(&s, at[i], ICT_QUANTILE_MATH, math[i]);
    reads(&s, at[i], ICT_QUANTILE_SCHOOL, school[i]);
    reads(&s, at[i], ICT_QUANTILE_HF3, even[i]);
  }
}

/* The same sample; where its values stand on the axis of p:
 *   hf4   1/8, 3/8, 6/8, 1                     F
 *   hf5   1/16, 4/16, 9/16, 14/16              F less half the own weight
 *   hf6   1/10, 3/10, 6/10, 8/10               over W + 2
 *   hf7   0, 1/6, 3/6, 1                       the sum before over W - 2
 *   hf8   2/26, 7/26, 15/26, 22/26             a third before, two thirds with; over W + 2/3
 *   hf9   5/68, 18/68, 39/68, 58/68            three and five eighths; over W + 1/2 */
static void rules_that_interpolate(void) {
  sample s = {.y = {10, 20, 30, 40}, .w = {1, 2, 3, 2}};
  weigh(&s, 4);
  reads(&s, 0.25, ICT_QUANTILE_HF4, 15);
  reads(&s, 0.5, ICT_QUANTILE_HF4, 20 + 10.0 / 3);
  reads(&s, 0.25, ICT_QUANTILE_HF5, 20);
  reads(&s, 0.5, ICT_QUANTILE_HF5, 28);
  reads(&s, 0.45, ICT_QUANTILE_HF6, 25);
  reads(&s, 0.5, ICT_QUANTILE_HF6, 20 + 20.0 / 3);
  reads(&s, 1.0 / 3, ICT_QUANTILE_HF7, 25);
  reads(&s, 0.5, ICT_QUANTILE_HF7, 30);
  reads(&s, 0.5, ICT_QUANTILE_HF8, 27.5);
  reads(&s, 0.5, ICT_QUANTILE_HF9, 20 + 160.0 / 21);
  for (int rule = ICT_QUANTILE_HF4; rule <= ICT_QUANTILE_HF9; rule++) {
    reads(&s, 0, rule, 10);
    reads(&s, 1, rule, 40);
  }
}

/* 1, 2, 3, 4 of one weight: quartiles by Hyndman and Fan's (1996) own formulas. */
static void equal_weights(void) {
  static const double quartile[] = {1, 1.5, 1, 1, 1.5, 1.25, 1.75, 1 + 5.0 / 12, 1.4375};
  sample s = {.y = {1, 2, 3, 4}, .w = {2.5, 2.5, 2.5, 2.5}};
  weigh(&s, 4);
  for (int rule = ICT_QUANTILE_MATH; rule <= ICT_QUANTILE_HF9; rule++)
    if (rule != ICT_QUANTILE_HF3) reads(&s, 0.25, rule, quartile[rule]);
  reads(&s, 0.25, ICT_QUANTILE_HF3, 2); /* 1 is of odd rank */
}

/* Ranks of hf3 are of different values: 7, 7, 8 has 8 as its second. */
static void equal_values(void) {
  sample s = {.y = {7, 7, 8, 9}, .w = {1, 1, 1, 1}};
  weigh(&s, 4);
  reads(&s, 0.5, ICT_QUANTILE_MATH, 7);
  reads(&s, 0.5, ICT_QUANTILE_SCHOOL, 7.5);
  reads(&s, 0.5, ICT_QUANTILE_HF3, 8);
  reads(&s, 0.75, ICT_QUANTILE_HF3, 8);
}

static void one_value_and_none(void) {
  sample s = {.y = {5}, .w = {0.1}};
  weigh(&s, 1);
  for (int rule = ICT_QUANTILE_MATH; rule <= ICT_QUANTILE_HF9; rule++) {
    for (double p = 0; p <= 1; p += 0.25) reads(&s, p, rule, 5);
    CU_ASSERT_TRUE(isnan(ict_weighted_quantile(&s.values, NAN, rule)));
    CU_ASSERT_TRUE(isnan(ict_weighted_quantile(&(ict_weighted){0}, 0.5, rule)));
  }
}

/* Ones beside a weight of 2^53 would vanish one by one; in twice the precision none does. */
static void sums_lose_nothing(void) {
  sample s = {.w = {0x1p53, 1, 1, 1, 1}};
  weigh(&s, 5);
  CU_ASSERT_EQUAL(s.sum[2], 0x1p53 + 2);
  CU_ASSERT_EQUAL(s.sum[4], 0x1p53 + 4);
}

/* A simple random sample with replacement, 1 .. 10. At or below a quantile are k of 10, so the
 * share p has V = p (1 - p) / 9 and 9 df. */
static ict_estimate_result of_ten(double p, ict_quantile_rule rule) {
  sample s = {0};
  for (int i = 0; i < MOST; i++) s.y[i] = i + 1, s.w[i] = 1;
  weigh(&s, MOST);
  ict_quantile q = {.p = p, .rule = rule, .value = ict_weighted_quantile(&s.values, p, rule)};
  double k = floor(q.value), v = 10.0 / 9 * k * (10 - k) / 10;
  ict_sums below = {.a = k,
                    .b = 10 - k,
                    .v_aa = v,
                    .v_ab = -v,
                    .v_bb = v,
                    .w = 10,
                    .n = 10,
                    .n_psu = 10,
                    .n_strata = 1,
                    .n_present = 1};
  ict_estimate_result r;
  ict_estimate_quantile(&q, &s.values, &below, &(ict_estimate_options){0}, &r);
  return r;
}

/* hf7 is the line 1 + 9 p, so its SE is nine times the share's: 9 / 6. By math the limits
 * 0.5 -+ 2.262157 / 6 = 0.12297, 0.87703 are the values 2 and 9. */
static void woodruff_by_hand(void) {
  static const double t = 2.2621571627982049; /* of 9 df, 97.5 % */
  ict_estimate_result line = of_ten(0.5, ICT_QUANTILE_HF7), math = of_ten(0.5, ICT_QUANTILE_MATH);
  CU_ASSERT_EQUAL(line.df, 9);
  CU_ASSERT_EQUAL(line.estimate, 5.5);
  CU_ASSERT_DOUBLE_EQUAL(line.se, 1.5, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(line.ci_low, 5.5 - 1.5 * t, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(line.ci_high, 5.5 + 1.5 * t, 1e-13);
  CU_ASSERT_DOUBLE_EQUAL(line.cv, 1.5 / 5.5, 1e-13);
  CU_ASSERT_EQUAL(math.estimate, 5);
  CU_ASSERT_EQUAL(math.ci_low, 2);
  CU_ASSERT_EQUAL(math.ci_high, 9);
  CU_ASSERT_DOUBLE_EQUAL(math.se, 7 / (2 * t), 1e-13);
  CU_ASSERT_EQUAL(math.notes, 0);
}

/* 0.1 - t 0.1 is below 0: no limit there; 0.1 + t 0.1 = 0.326 is the value 4. */
static void woodruff_at_the_ends(void) {
  ict_estimate_result low = of_ten(0.1, ICT_QUANTILE_MATH), high = of_ten(1, ICT_QUANTILE_MATH);
  CU_ASSERT_EQUAL(low.estimate, 1);
  CU_ASSERT_TRUE(isnan(low.ci_low) && isnan(low.se) && isnan(low.cv));
  CU_ASSERT_EQUAL(low.ci_high, 4);
  CU_ASSERT_EQUAL(low.notes, ICT_NOTE_NO_LIMIT);
  CU_ASSERT_EQUAL(high.estimate, 10);
  CU_ASSERT_EQUAL(high.se, 0);
  CU_ASSERT_EQUAL(high.ci_low, 10);
  CU_ASSERT_EQUAL(high.ci_high, 10);
  CU_ASSERT_EQUAL(high.notes, ICT_NOTE_AT_EXTREME);
}

SUITE("estimate.weighted", TEST(rules_that_jump), TEST(rules_that_interpolate), TEST(equal_weights),
      TEST(equal_values), TEST(one_value_and_none), TEST(sums_lose_nothing), TEST(woodruff_by_hand),
      TEST(woodruff_at_the_ends))
