/* Trend lines: numbers from R (test_estimate_trend.R), from closed forms, and laws. */
#include "estimate/trend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static void near(double got, double want, double relative) {
  bool ok = fabs(got - want) <= relative * fabs(want);
  CU_ASSERT(ok);
  if (!ok) fprintf(stderr, "got %.17g, want %.17g\n", got, want);
}

static void value_is(ict_trend_value v, double value, double se, double df) {
  near(v.value, value, 1e-9); /* R's own cross products are about year 0, not centred */
  near(v.se, se, 1e-9);
  near(v.df, df, 1e-9);
}

static const ict_trend_point SHARES[] = {{.t = 2015, .y = .582, .se = .011, .df = 98},
                                         {.t = 2016, .y = .611, .se = .009, .df = 120},
                                         {.t = 2018, .y = .702, .se = .012, .df = 77},
                                         {.t = 2021, .y = .81, .se = .008, .df = 310}};

static void shares_as_in_r(void) {
  ict_trend_point p[4];
  ict_trend f;
  double low, high;
  memcpy(p, SHARES, sizeof p);
  CU_ASSERT(ict_trend_fit(p, 4, true, &f));
  value_is(ict_trend_slope(&f), 0.190906338480606, 0.0106162322551506, 503.057524342942);
  value_is(ict_trend_change(&f), 0.0392665038943674, 0.00200347040873162, 477.413708196922);
  value_is(ict_trend_gap(&f, .95, 2030), 0.0237109483388118, 0.00271172694169978, 474.190922729934);
  value_is(ict_trend_at(&f, 2030, .95, &low, &high), 0.959116757657175, 0.00546352827197382,
           470.912105781783);
  near(low, 0.946924287375656, 1e-9);
  near(high, 0.968601264531473, 1e-9);
  near(f.chi2, 1.50785763573496, 1e-9);
  near(f.p, 0.470514351451852, 1e-9);
}

static void linear_as_in_r(void) {
  ict_trend_point p[] = {{.t = 2015, .y = 12.5, .se = 1.5, .df = 98},
                         {.t = 2016, .y = 14.25, .se = .75, .df = 120},
                         {.t = 2018, .y = 13.75, .se = 2, .df = 77},
                         {.t = 2021, .y = 21, .se = 1.25, .df = 310}};
  ict_trend f;
  double low, high;
  CU_ASSERT(ict_trend_fit(p, 4, false, &f));
  value_is(ict_trend_change(&f), 1.32154966827532, 0.266890195128949, 504.755179144438);
  value_is(ict_trend_gap(&f, 40, 2030), -0.789561442835568, 0.391289389966445, 400.758680864943);
  value_is(ict_trend_at(&f, 2030, .95, &low, &high), 32.4672824575873, 3.50344189828208,
           434.825600386101);
  near(low, 25.5814964331517, 1e-9);
  near(high, 39.353068482023, 1e-9);
  near(f.chi2, 2.31255580546278, 1e-9);
  near(f.p, 0.314655181156968, 1e-9);
}

/* (0.81 - 0.582) / 6 and sqrt(0.011^2 + 0.008^2) / 6, on either scale. */
static void two_rounds_are_their_difference(void) {
  for (int logistic = 0; logistic < 2; logistic++) {
    ict_trend_point p[] = {SHARES[0], SHARES[3]};
    ict_trend f;
    double low, high;
    CU_ASSERT(ict_trend_fit(p, 2, logistic, &f));
    value_is(ict_trend_change(&f), 0.038, 0.0022669117514157, 210.47179439915);
    near(ict_trend_at(&f, 2015, .95, &low, &high).value, .582, 1e-13);
    near(ict_trend_at(&f, 2015, .95, &low, &high).se, .011, 1e-12);
    near(ict_trend_at(&f, 2021, .95, &low, &high).value, .81, 1e-13);
    CU_ASSERT(isnan(f.chi2) && isnan(f.p));
  }
}

/* t = -1, 0, 1 and y = 1, 4, 5: slope (5 - 1)/2, its SE 3/sqrt 2; mean 10/3, residuals -1/3, 2/3,
 * -1/3, so chi2 = (6/9)/9 with 1 df, whose tail is erfc(sqrt(chi2/2)). */
static void equal_errors_by_hand(void) {
  ict_trend_point p[] = {{.t = 2010, .y = 1, .se = 3, .df = 20},
                         {.t = 2011, .y = 4, .se = 3, .df = 20},
                         {.t = 2012, .y = 5, .se = 3, .df = 20}};
  ict_trend f;
  double low, high;
  CU_ASSERT(ict_trend_fit(p, 3, false, &f));
  near(f.slope, 2, 1e-14);
  near(ict_trend_slope(&f).se, 3 / sqrt(2), 1e-14);
  near(ict_trend_slope(&f).df, 40, 1e-13); /* (1/4 + 1/4)^2 / (2 (1/4)^2 / 20) */
  near(f.chi2, 6.0 / 81, 1e-13);
  near(f.p, erfc(sqrt(3.0 / 81)), 1e-13);
  ict_trend_value at = ict_trend_at(&f, 2013, .95, &low, &high);
  near(at.value, 10.0 / 3 + 4, 1e-14);
  near(at.se, 3 * sqrt(1.0 / 3 + 4.0 / 2), 1e-14);
}

static void doubled_errors_double_the_error(void) {
  for (int logistic = 0; logistic < 2; logistic++) {
    ict_trend_point p[4], q[4];
    ict_trend f, g;
    double low, high;
    memcpy(p, SHARES, sizeof p);
    memcpy(q, SHARES, sizeof q);
    for (int i = 0; i < 4; i++) q[i].se *= 2;
    CU_ASSERT(ict_trend_fit(p, 4, logistic, &f) && ict_trend_fit(q, 4, logistic, &g));
    near(ict_trend_slope(&g).se, 2 * ict_trend_slope(&f).se, 1e-13);
    near(ict_trend_slope(&g).value, ict_trend_slope(&f).value, 1e-13);
    near(ict_trend_change(&g).se, 2 * ict_trend_change(&f).se, 1e-13);
    near(ict_trend_at(&g, 2030, .9, &low, &high).se, 2 * ict_trend_at(&f, 2030, .9, &low, &high).se,
         1e-13);
    near(g.chi2, f.chi2 / 4, 1e-13);
  }
}

/* A share and its complement: the same line upside down. */
static void the_complement_turns_the_line(void) {
  ict_trend_point p[4], q[4];
  ict_trend f, g;
  double low, high, low2, high2;
  memcpy(p, SHARES, sizeof p);
  memcpy(q, SHARES, sizeof q);
  for (int i = 0; i < 4; i++) q[i].y = 1 - q[i].y;
  CU_ASSERT(ict_trend_fit(p, 4, true, &f) && ict_trend_fit(q, 4, true, &g));
  near(ict_trend_change(&g).value, -ict_trend_change(&f).value, 1e-12);
  near(ict_trend_at(&f, 2030, .95, &low, &high).value +
           ict_trend_at(&g, 2030, .95, &low2, &high2).value,
       1, 1e-12);
  near(low + high2, 1, 1e-12);
}

/* Empirical logit of 50 of 50: log(50.5/0.5), variance 1/50.5 + 1/0.5. */
static void a_round_at_the_border(void) {
  ict_trend_point p[] = {{.t = 2015, .y = .8, .se = .02, .df = 50, .n = 50},
                         {.t = 2016, .y = .9, .se = .01, .df = 50, .n = 50},
                         {.t = 2017, .y = 1, .se = 0, .df = 50, .n = 50}};
  ict_trend f;
  double low, high;
  CU_ASSERT(ict_trend_fit(p, 3, true, &f));
  CU_ASSERT(f.adjusted);
  near(p[2].eta, log(101), 1e-14);
  near(p[2].v, 1 / 50.5 + 2, 1e-14);
  ict_trend_value at = ict_trend_at(&f, 2030, .95, &low, &high);
  CU_ASSERT(at.value < 1 && at.value > .99 && low > 0 && high <= 1 && at.se > 0);
  CU_ASSERT(ict_trend_fit(p + 1, 2, true, &f)); /* two rounds: 0.1 a year, SE 0.01 */
  near(ict_trend_change(&f).value, .1, 1e-14);
  near(ict_trend_change(&f).se, .01, 1e-14);
}

static void rounds_without_sampling_error(void) {
  ict_trend_point all[] = {
      {.t = 1, .y = 1, .df = NAN}, {.t = 2, .y = 2, .df = NAN}, {.t = 3, .y = 6, .df = NAN}};
  ict_trend_point some[] = {
      {.t = 1, .y = 1, .df = NAN}, {.t = 2, .y = 2, .df = 9, .se = 1}, {.t = 3, .y = 6, .df = NAN}};
  ict_trend f;
  double low, high;
  CU_ASSERT(ict_trend_fit(all, 3, false, &f));
  near(f.slope, 2.5, 1e-14);
  CU_ASSERT_EQUAL(ict_trend_slope(&f).se, 0);
  CU_ASSERT(isinf(ict_trend_slope(&f).df));
  CU_ASSERT_EQUAL(ict_trend_at(&f, 4, .95, &low, &high).value, low);
  CU_ASSERT(isnan(f.chi2));
  CU_ASSERT_FALSE(ict_trend_fit(some, 3, false, &f));
  CU_ASSERT(ict_trend_fit(some, 2, false, &f)); /* through both, whatever their weights */
  near(ict_trend_change(&f).se, 1, 1e-14);
  near(ict_trend_change(&f).df, 9, 1e-14);
}

SUITE("estimate.trend", TEST(shares_as_in_r), TEST(linear_as_in_r),
      TEST(two_rounds_are_their_difference), TEST(equal_errors_by_hand),
      TEST(doubled_errors_double_the_error), TEST(the_complement_turns_the_line),
      TEST(a_round_at_the_border), TEST(rounds_without_sampling_error))
