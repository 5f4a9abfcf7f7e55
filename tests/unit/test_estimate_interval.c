/* Intervals by every method against R's svyciprop (api and nhanes, whole and in domains), the beta
 * distribution's quantiles against qbeta, what holds whatever the numbers are, and degenerate
 * cases. Facts and the R commands: test_estimate_interval.R. */
#include <math.h>

#include "estimate/choices.h"
#include "estimate/inside.h"
#include "suite.h"

typedef struct fact {
  ict_ci_method ci;
  double level, p, se, df;
  uint64_t n;
  double low, high;
} fact;

#include "test_estimate_interval.inc"

#define N_FACTS  (sizeof facts / sizeof *facts)
#define N_SHAPES (sizeof shapes / sizeof *shapes)
#define N_PS     (sizeof ps / sizeof *ps)

static const ict_ci_method shares[] = {ICT_CI_LOGIT, ICT_CI_BETA, ICT_CI_WILSON, ICT_CI_ASIN,
                                       ICT_CI_LIKELIHOOD};
#define N_SHARES (sizeof shares / sizeof *shares)

static ict_estimate_result interval(ict_ci_method ci, double level, double p, double se, double df,
                                    uint64_t n) {
  ict_estimate_options o = {.ci = ci, .level = level};
  ict_estimate_result r = {
      .estimate = p, .se = se, .df = df, .n = n, .ci_low = NAN, .ci_high = NAN};
  ict_interval(true, &o, &r);
  return r;
}

static bool close_to(double ours, double r, double tolerance) {
  return fabs(ours - r) <= tolerance * fmin(fabs(r), fabs(1 - r)) + 1e-15;
}

static void agrees_with_r(void) {
  for (size_t i = 0; i < N_FACTS; i++) {
    const fact *f = &facts[i];
    ict_estimate_result r = interval(f->ci, f->level, f->p, f->se, f->df, f->n);
    /* R's scale of the likelihood ratio comes from an iterated fit. */
    double tolerance = f->ci == ICT_CI_LIKELIHOOD ? 1e-9 : 1e-10;
    bool good = close_to(r.ci_low, f->low, tolerance) && close_to(r.ci_high, f->high, tolerance);
    CU_ASSERT(good);
    if (!good)
      printf("\n  fact %zu, %s: %.17g %.17g, R %.17g %.17g", i, ict_ci_name(f->ci), r.ci_low,
             r.ci_high, f->low, f->high);
  }
}

static void beta_quantiles_of_r(void) {
  for (size_t a = 0, k = 0; a < N_SHAPES; a++)
    for (size_t b = 0; b < N_SHAPES; b++)
      for (size_t i = 0; i < N_PS; i++, k++) {
        double q = ict_quantile_beta(ps[i], shapes[a], shapes[b]);
        CU_ASSERT(q >= 0 && q <= 1);
        bool good = fabs(q - beta_quantiles[k]) <= 1e-10 * beta_quantiles[k] + 1e-300;
        CU_ASSERT(good);
        if (!good)
          printf("\n  p %g of beta(%g, %g): %.17g, R %.17g", ps[i], shapes[a], shapes[b], q,
                 beta_quantiles[k]);
      }
}

/* In closed form: beta(a, 1) is p^(1/a), beta(1, b) is 1 - (1-p)^(1/b), beta(1/2, 1/2) the arcsine
 * law, beta(2, 2) at 1/2 is its centre. */
static void beta_in_closed_form(void) {
  for (double p = 1e-6; p < 1; p += 0.0321) {
    for (double a = 0.125; a < 1e5; a *= 7.3) {
      double q = pow(p, 1 / a);
      CU_ASSERT_DOUBLE_EQUAL(ict_quantile_beta(p, a, 1), q, 1e-13 * q);
      q = -expm1(log1p(-p) / a);
      CU_ASSERT_DOUBLE_EQUAL(ict_quantile_beta(p, 1, a), q, 1e-13 * q);
    }
    double s = sin(M_PI * p / 2);
    CU_ASSERT_DOUBLE_EQUAL(ict_quantile_beta(p, 0.5, 0.5), s * s, 1e-13 * s * s);
  }
  CU_ASSERT_DOUBLE_EQUAL(ict_quantile_beta(0.5, 2, 2), 0.5, 1e-15);
}

/* Never NaN, rising in p, mirrored when the shapes change places, whatever the shapes. */
static void beta_never_nan(void) {
  static const double tails[] = {1e-300, 1e-30, 1e-9, 0.025, 0.3, 0.5};
  for (double a = 1e-15; a < 1e15; a *= 31)
    for (double b = 1e-15; b < 1e15; b *= 37) {
      double last = 0;
      for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        double q = ict_quantile_beta(tails[i], a, b);
        CU_ASSERT(q >= last && q <= 1);
        last = q;
        if (tails[i] < 1e-9) continue; /* 1 - p is 1 */
        double mirrored = ict_quantile_beta(1 - tails[i], b, a);
        CU_ASSERT(mirrored >= 0 && mirrored <= 1);
        if (a > 0.1 && b > 0.1 && tails[i] > 0.01)
          CU_ASSERT_DOUBLE_EQUAL(mirrored, 1 - q, 1e-12 + 1e-9 * fmin(q, 1 - q));
      }
    }
  CU_ASSERT_EQUAL(ict_quantile_beta(0, 2, 3), 0);
  CU_ASSERT_EQUAL(ict_quantile_beta(1, 2, 3), 1);
  CU_ASSERT_EQUAL(ict_quantile_beta(0.4, 0, 3), 0);
  CU_ASSERT_EQUAL(ict_quantile_beta(0.4, 3, 0), 1);
  CU_ASSERT_EQUAL(ict_quantile_beta(0.4, INFINITY, 3), 1);
  CU_ASSERT_EQUAL(ict_quantile_beta(0.4, 3, INFINITY), 0);
  CU_ASSERT_EQUAL(ict_quantile_beta(0.4, INFINITY, INFINITY), 0.5);
  CU_ASSERT(isnan(ict_quantile_beta(1.1, 2, 3)) && isnan(ict_quantile_beta(NAN, 2, 3)));
  CU_ASSERT(isnan(ict_quantile_beta(0.5, -1, 3)) && isnan(ict_quantile_beta(0.5, 2, NAN)));
}

/* The limits of 1-p mirror those of p; the interval holds p, stays in [0, 1], and widens with the
 * level and with fewer degrees of freedom. */
static void laws_of_intervals(void) {
  for (size_t m = 0; m < N_SHARES; m++)
    for (double p = 0.001; p < 1; p += 0.0371)
      for (double n_eff = 4; n_eff < 1e7; n_eff *= 11) {
        double se = sqrt(p * (1 - p) / n_eff), low = p, high = p;
        uint64_t n = 21 + (uint64_t)(1.5 * n_eff); /* never fewer than the df allow */
        for (double level = 0.5; level < 0.9999; level += (1 - level) / 2) {
          ict_estimate_result r = interval(shares[m], level, p, se, 20, n);
          CU_ASSERT(r.ci_low <= low && r.ci_high >= high);
          low = r.ci_low;
          high = r.ci_high;
          CU_ASSERT(low >= 0 && high <= 1);
          ict_estimate_result no = interval(shares[m], level, 1 - p, se, 20, n);
          CU_ASSERT_DOUBLE_EQUAL(no.ci_low, 1 - high, 1e-12);
          CU_ASSERT_DOUBLE_EQUAL(no.ci_high, 1 - low, 1e-12);
        }
        ict_estimate_result few = interval(shares[m], 0.9, p, se, 3, n),
                            many = interval(shares[m], 0.9, p, se, INFINITY, n);
        CU_ASSERT(few.ci_low <= many.ci_low && few.ci_high >= many.ci_high);
      }
}

/* Wilson: the limits are where the score test does not reject; likelihood: where twice the
 * divergence is t^2. */
static void limits_solve_their_equations(void) {
  double p = 0.2, n = 50, se = sqrt(p * (1 - p) / n), t = ict_quantile_t(0.975, 30);
  ict_estimate_result w = interval(ICT_CI_WILSON, 0.95, p, se, 30, 51);
  CU_ASSERT_DOUBLE_EQUAL((p - w.ci_low) / sqrt(w.ci_low * (1 - w.ci_low) / n), t, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL((w.ci_high - p) / sqrt(w.ci_high * (1 - w.ci_high) / n), t, 1e-12);
  ict_estimate_result l = interval(ICT_CI_LIKELIHOOD, 0.95, p, se, 30, 51);
  for (int above = 0; above < 2; above++) {
    double x = above ? l.ci_high : l.ci_low;
    double twice = 2 * n * (p * log(p / x) + (1 - p) * log((1 - p) / (1 - x)));
    CU_ASSERT_DOUBLE_EQUAL(twice, t * t * 51 / 50, 1e-11);
  }
}

/* Nobody of 10 independent cases: Clopper and Pearson's 1 - 0.025^(1/10) where the df are n - 1;
 * Wilson's t^2 / (n + t^2); both mirrored for everybody. The point for the others. */
static void nobody_and_everybody(void) {
  double t = ict_quantile_t(0.975, 9);
  for (int yes = 0; yes < 2; yes++) {
    struct {
      ict_ci_method ci;
      double far;
    } cases[] = {{ICT_CI_BETA, 1 - pow(0.025, 0.1)},
                 {ICT_CI_WILSON, t * t / (10 + t * t)},
                 {ICT_CI_ASIN, pow(sin(t / (2 * sqrt(10))), 2)},
                 {ICT_CI_LIKELIHOOD, -expm1(-t * t / 18)},
                 {ICT_CI_LOGIT, 0},
                 {ICT_CI_DEFAULT, 0},
                 {ICT_CI_T, 0},
                 {ICT_CI_NORMAL, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
      ict_estimate_result r = interval(cases[i].ci, 0.95, yes, 0, 9, 10);
      CU_ASSERT_DOUBLE_EQUAL(r.ci_low, yes ? 1 - cases[i].far : 0, 1e-12);
      CU_ASSERT_DOUBLE_EQUAL(r.ci_high, yes ? 1 : cases[i].far, 1e-12);
      CU_ASSERT_EQUAL(r.notes, ICT_NOTE_AT_BORDER);
      r = interval(cases[i].ci, 0.95, yes, 0, 0, 10);
      if (cases[i].ci != ICT_CI_NORMAL) CU_ASSERT(isnan(r.ci_low) && isnan(r.ci_high)); /* no df */
      r = interval(cases[i].ci, 0.95, yes, 0, 5, 1); /* one case, fixed df */
      CU_ASSERT(r.ci_low >= 0 && r.ci_low <= r.ci_high && r.ci_high <= 1);
    }
  }
}

/* Every PSU says the same share: no variance, and the interval is the point. */
static void no_variance_inside(void) {
  for (size_t m = 0; m < N_SHARES; m++) {
    ict_estimate_result r = interval(shares[m], 0.95, 0.4, 0, 9, 10);
    CU_ASSERT(r.ci_low == 0.4 && r.ci_high == 0.4);
    CU_ASSERT_EQUAL(r.notes, 0);
    r = interval(shares[m], 0.95, 0.4, NAN, 9, 10);
    CU_ASSERT(isnan(r.ci_low) && isnan(r.ci_high));
  }
}

/* Degrees of freedom by each rule, through the whole estimate. */
static void df_rules(void) {
  ict_sums s = {.a = 10,
                .b = 30,
                .w = 40,
                .v_aa = 8,
                .v_ab = -8,
                .v_bb = 8,
                .n = 40,
                .n_psu = 4,
                .n_strata = 3};
  ict_estimate_options o = {.n_psu_design = 50, .n_strata_design = 8, .df_fixed = 12.5};
  static const double df[] = {1, 42, 12.5, INFINITY};
  for (int rule = ICT_DF_DEGF; rule <= ICT_DF_INF; rule++) {
    ict_estimate_result r;
    o.df = (ict_df_rule)rule;
    ict_estimate(ICT_EST_PROPORTION, &s, &o, &r);
    CU_ASSERT_EQUAL(r.df, df[rule]);
    double half = ict_quantile_t(0.975, df[rule]) * r.se / (0.25 * 0.75);
    CU_ASSERT_DOUBLE_EQUAL(r.ci_high, 1 / (1 + 3 * exp(-half)), 1e-14);
  }
  s.n_strata = 4; /* no degrees of freedom of its own, but of the design */
  ict_estimate_result r;
  o.df = ICT_DF_DEGF;
  ict_estimate(ICT_EST_PROPORTION, &s, &o, &r);
  CU_ASSERT(isnan(r.ci_low) && r.notes == ICT_NOTE_DF_LOW);
  o.df = ICT_DF_DESIGN;
  ict_estimate(ICT_EST_PROPORTION, &s, &o, &r);
  CU_ASSERT(r.ci_low < 0.25 && r.notes == 0);
}

static void words(void) {
  ict_ci_method ci;
  for (int i = 0; i < ICT_N_CI; i++) {
    CU_ASSERT(ict_ci_find(ict_ci_name((ict_ci_method)i), &ci) && ci == (ict_ci_method)i);
    CU_ASSERT(ict_ci_resolve(ci, true) != ICT_CI_DEFAULT);
    CU_ASSERT(ict_ci_resolve(ci, false) == (ci == ICT_CI_NORMAL ? ICT_CI_NORMAL : ICT_CI_T));
  }
  CU_ASSERT(ict_ci_find("xlogit", &ci) && ci == ICT_CI_LOGIT);
  CU_ASSERT(ict_ci_find("mean", &ci) && ci == ICT_CI_T);
  CU_ASSERT(!ict_ci_find("", &ci) && !ict_ci_find("Logit", &ci));
  ict_df_rule rule;
  double fixed = 0;
  char text[ICT_DF_TEXT];
  CU_ASSERT(ict_df_find("fixed:12.5", &rule, &fixed) && rule == ICT_DF_FIXED && fixed == 12.5);
  ict_df_name(rule, fixed, text);
  CU_ASSERT_STRING_EQUAL(text, "fixed:12.5");
  CU_ASSERT(ict_df_find("inf", &rule, &fixed) && rule == ICT_DF_INF);
  CU_ASSERT(ict_df_find("design", &rule, &fixed) && rule == ICT_DF_DESIGN);
  ict_df_name(rule, fixed, text);
  CU_ASSERT_STRING_EQUAL(text, "design");
  static const char *const bad[] = {"",        "fixed",     "fixed:", "fixed:0", "fixed:-3",
                                    "fixed:x", "fixed:nan", "12",     "degf "};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    CU_ASSERT(!ict_df_find(bad[i], &rule, &fixed));
}

SUITE("estimate.interval", TEST(agrees_with_r), TEST(beta_quantiles_of_r),
      TEST(beta_in_closed_form), TEST(beta_never_nan), TEST(laws_of_intervals),
      TEST(limits_solve_their_equations), TEST(nobody_and_everybody), TEST(no_variance_inside),
      TEST(df_rules), TEST(words))
