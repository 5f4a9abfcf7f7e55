/* Successive differences and the multistage bootstrap: multipliers by hand, what the variance of a
 * total must be, memory that runs out anywhere. */
#include <math.h>

#include "replicate_help.h"

/* Seven PSUs of a row each, in one, two or three strata. */
static const uint64_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7};
static const uint64_t one[] = {0, 7}, two[] = {0, 3, 7}, three[] = {0, 3, 5, 7};
static const double total[] = {3, 10, 4, 8, 1, 5, 2};

static ict_design design_of(size_t n_strata, const uint64_t *first_psu) {
  return (ict_design){.has_strata = true,
                      .n_rows = first_psu[n_strata],
                      .n_psu = first_psu[n_strata],
                      .n_strata = n_strata,
                      .psu_first_row = rows,
                      .stratum_first_psu = first_psu};
}

/* V of the sum of the units' totals. */
static double variance_of_total(const ict_replicates *r, size_t n_units, const double *totals) {
  double *theta = ict_alloc(r->n, sizeof *theta), *m = ict_alloc(r->n, sizeof *m), full = 0;
  size_t dropped;
  for (size_t u = 0; u < n_units; u++) {
    ict_replicates_multipliers(r, u, m);
    for (size_t i = 0; i < r->n; i++) theta[i] += m[i] * totals[u];
    full += totals[u];
  }
  double v = ict_replicate_variance(r, theta, full, &dropped);
  ict_free(theta);
  ict_free(m);
  return v;
}

/* Rows 1, 2, 3 of the matrix of order 4 are + - + -, + + - -, + - - +; PSU 1 lies between rows 1
 * and 2, PSU 2 between 2 and 3, PSU 3 between 3 and 1. 2^(-3/2) times 2 is sqrt(1/2). */
static void successive_by_hand(void) {
  static const uint64_t first[] = {0, 3};
  const double s = sqrt(0.5);
  const double want[3][4] = {{1, 1 - s, 1 + s, 1}, {1, 1 + s, 1, 1 - s}, {1, 1, 1 - s, 1 + s}};
  ict_design d = design_of(1, first);
  ict_replicates *r = make(&d, "sdr:4", 11);
  double got[4];
  for (size_t p = 0; p < 3; p++) {
    ict_replicates_multipliers(r, p, got);
    for (size_t i = 0; i < 4; i++) CU_ASSERT_DOUBLE_EQUAL(got[i], want[p][i], 1e-15);
  }
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 1, 0);
  CU_ASSERT_TRUE(r->mse);
  ict_replicates_free(r);
}

/* Half the sum of squared differences of neighbours, the last with the first, times 1 - f:
 *   3 10 4 8 1 5 2      49 + 36 + 16 + 49 + 16 + 9 + 1 = 176
 *   3 10 4 | 8 1 5 2    49 + 36 + 1 = 86;  49 + 16 + 9 + 36 = 110
 *   3 10 4 | 8 1 | 5 2  86;  49 + 49;  9 + 9, which of a pair is the linearised variance */
static void successive_totals(void) {
  static const double f[] = {0.25, 0, 0.5};
  ict_design d = design_of(1, one);
  ict_replicates *r = make(&d, "sdr:8", 11);
  CU_ASSERT_DOUBLE_EQUAL(variance_of_total(r, 7, total), 88, 1e-12);
  ict_replicates_free(r);
  d = design_of(2, two);
  r = make(&d, "sdr:20", 11);
  CU_ASSERT_DOUBLE_EQUAL(variance_of_total(r, 7, total), 98, 1e-12);
  ict_replicates_free(r);
  d = design_of(3, three);
  d.fraction = f;
  r = make(&d, "sdr:8", 11);
  CU_ASSERT_DOUBLE_EQUAL(variance_of_total(r, 7, total), 0.75 * 43 + 49 + 0.5 * 9, 1e-12);
  ict_replicates_free(r);
}

/* More PSUs than rows: no PSU has the same row on both sides, and every multiplier is 1 on
 * average. */
static void successive_rows_again(void) {
  enum { N = 100 };
  static uint64_t row[N + 1], first[] = {0, 4, 37, 39, N};
  for (size_t i = 0; i <= N; i++) row[i] = i;
  ict_design d = design_of(4, first);
  d.psu_first_row = row;
  ict_replicates *r = make(&d, "sdr:12", 11);
  for (size_t p = 0; p < N; p++) {
    double m[12], sum = 0;
    CU_ASSERT_NOT_EQUAL(r->link[p].before, r->link[p].after);
    CU_ASSERT_TRUE(r->link[p].before >= 1 && r->link[p].before <= 11);
    ict_replicates_multipliers(r, p, m);
    for (size_t i = 0; i < 12; i++) sum += m[i];
    CU_ASSERT_DOUBLE_EQUAL(sum, 12, 1e-12);
  }
  ict_replicates_free(r);
}

/* Of 3 PSUs one is drawn, lambda = sqrt((1 - f)/2); of 4 two, lambda = sqrt(1 - f). */
static void multistage_by_hand(void) {
  static const double f[] = {0.5, 0.19};
  ict_design d = design_of(2, two);
  d.fraction = f;
  ict_replicates *r = make(&d, "mrbbootstrap:100", 11);
  double m[7][100];
  for (size_t p = 0; p < 7; p++) ict_replicates_multipliers(r, p, m[p]);
  for (size_t i = 0; i < 100; i++) {
    double three_of = m[0][i] + m[1][i] + m[2][i], low = fmin(m[0][i], fmin(m[1][i], m[2][i]));
    CU_ASSERT_DOUBLE_EQUAL(three_of, 3, 1e-14);
    CU_ASSERT_DOUBLE_EQUAL(low, 1 - 0.5, 1e-14);
    size_t high = 0;
    for (size_t p = 3; p < 7; p++) {
      CU_ASSERT_DOUBLE_EQUAL(fabs(m[p][i] - 1), 0.9, 1e-14);
      high += m[p][i] > 1;
    }
    CU_ASSERT_EQUAL(high, 2);
  }
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 1. / 99, 1e-17);
  ict_replicates_free(r);
}

/* Two PSUs of four, 3 of 6 and 4 of 8 units in them, f = 1/2 throughout. By hand
 *   PSUs    17 and 16:              1/2 x 2 (1/2)^2 x 2 = 1/2
 *   units   3 10 4: 1/2 x 3/2 x sum (x - 17/3)^2 = 86/3 = 21.5;   8 1 5 2: 1/2 x 4/3 x 30 = 20
 *   V = 0.5 + 1/2 (21.5 + 20) = 21.25
 * and of many replicates V within five of its standard errors. A PSU alone and taken whole has its
 * units' variance: 3 10 4 | 8 1 5 2 in strata of their own, f = 1: 41.5. */
static void multistage_totals(void) {
  enum { N = 40000 };
  static const uint64_t psu_row[] = {0, 3, 7}, pair[] = {0, 2}, alone[] = {0, 1, 2},
                        parents[] = {0, 1, 2};
  static const double half[] = {0.5, 0.5}, whole[] = {1, 1};
  ict_stage stage = {.n_units = 7,
                     .n_strata = 2,
                     .unit_first_row = rows,
                     .stratum_first_unit = two,
                     .parent_first_stratum = parents,
                     .fraction = half};
  ict_design d = design_of(1, pair);
  d.n_rows = 7;
  d.psu_first_row = psu_row;
  d.fraction = half;
  d.n_stages = 1;
  d.stages = &stage;
  ict_replicates *r = make(&d, "mrbbootstrap:40000", 11);
  CU_ASSERT_DOUBLE_EQUAL(variance_of_total(r, 7, total), 21.25, 21.25 * 5 * sqrt(3. / N));
  ict_replicates_free(r);
  d.stratum_first_psu = alone;
  d.n_strata = 2;
  d.fraction = whole;
  r = make(&d, "mrbbootstrap:40000", 11);
  CU_ASSERT_DOUBLE_EQUAL(variance_of_total(r, 7, total), 41.5, 41.5 * 5 * sqrt(3. / N));
  ict_replicates_free(r);
}

static void refusals(void) {
  static const uint64_t single[] = {0, 1, 7};
  static const char *const kinds[] = {"sdr:8", "mrbbootstrap:8"};
  ict_design d = design_of(2, single);
  for (size_t i = 0; i < 2; i++) {
    ict_replicates *r = NULL;
    ict_err err = {0};
    ict_replicate_request request = {.kind = kinds[i]};
    CU_ASSERT_EQUAL(ict_replicates_new(&d, &request, &r, &err), ICT_REFUSED);
    CU_ASSERT_TRUE(err.what[0] && err.expected[0] && err.fix[0]);
  }
  d.lonely = ICT_LONELY_CERTAINTY; /* then it is in every replicate as it is */
  for (size_t i = 0; i < 2; i++) {
    ict_replicates *r = make(&d, kinds[i], 11);
    double m[8];
    ict_replicates_multipliers(r, 0, m);
    for (size_t k = 0; k < 8; k++) CU_ASSERT_EQUAL(m[k], 1);
    ict_replicates_free(r);
  }
  ict_err err = {0};
  ict_replicates *r = NULL;
  ict_replicate_request odd = {.kind = "sdr:30"};
  CU_ASSERT_EQUAL(ict_replicates_new(&d, &odd, &r, &err), ICT_USAGE);
  CU_ASSERT_STRING_EQUAL(err.fix, "write `--replicates sdr:32`");
}

static void short_of_memory(void) {
  static const char *const kinds[] = {"sdr:8", "mrbbootstrap:9"};
  ict_design d = design_of(2, two);
  for (size_t k = 0; k < 2; k++) make_of_short_memory(&d, kinds[k]);
}

SUITE("replicate.stages", TEST(successive_by_hand), TEST(successive_totals),
      TEST(successive_rows_again), TEST(multistage_by_hand), TEST(multistage_totals),
      TEST(refusals), TEST(short_of_memory))
