/* Replicates made from a design: multipliers and scales by hand, Hadamard matrices, the bootstraps'
 * counts (from tests/oracle/multipliers.py, a second program of the same description), refusals,
 * memory that runs out anywhere. */
#include <math.h>
#include <string.h>

#include "replicate_help.h"

/* Strata of 3, 2 and 2 PSUs, a row each. */
static const uint64_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7}, psus[] = {0, 3, 5, 7};
static const double some[] = {0.25, 0, 0.5}, whole[] = {1, 1, 0};

static ict_design design_of(size_t n_strata) {
  return (ict_design){.has_strata = true,
                      .n_rows = psus[n_strata],
                      .n_psu = psus[n_strata],
                      .n_strata = n_strata,
                      .psu_first_row = rows,
                      .stratum_first_psu = psus};
}

static void expect_row(const ict_replicates *r, size_t psu, const double *want) {
  double got[16];
  ict_replicates_multipliers(r, psu, got);
  for (size_t i = 0; i < r->n; i++) CU_ASSERT_DOUBLE_EQUAL(got[i], want[i], 1e-15);
}

/* Three PSUs: each left out once, the others by 3/2; scale 2/3 times 1 - f. */
static void jk1_by_hand(void) {
  ict_design d = design_of(1);
  d.fraction = some;
  ict_replicates *r = make(&d, "jk1", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 3);
  expect_row(r, 0, (double[]){0, 1.5, 1.5});
  expect_row(r, 2, (double[]){1.5, 1.5, 0});
  CU_ASSERT_DOUBLE_EQUAL(r->scale * ict_replicates_rscale(r, 1), 0.75 * 2 / 3, 1e-15);
  ict_replicates_free(r);
}

static void jkn_by_hand(void) {
  ict_design d = design_of(3);
  d.fraction = some;
  ict_replicates *r = make(&d, "jkn", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 7);
  expect_row(r, 1, (double[]){1.5, 0, 1.5, 1, 1, 1, 1});
  expect_row(r, 5, (double[]){1, 1, 1, 1, 1, 0, 2});
  CU_ASSERT_DOUBLE_EQUAL(ict_replicates_rscale(r, 0), 0.75 * 2 / 3, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(ict_replicates_rscale(r, 3), 0.5, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(ict_replicates_rscale(r, 6), 0.25, 1e-15);
  ict_replicates_free(r);
  d.fraction = whole; /* two strata taken whole: they have no replicates */
  r = make(&d, "jkn", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 2);
  expect_row(r, 0, (double[]){1, 1});
  expect_row(r, 6, (double[]){2, 0});
  ict_replicates_free(r);
}

/* Strata of 2, 1 and 2 PSUs: R's policies (jknweights). */
static void jkn_single_psus(void) {
  static const uint64_t first[] = {0, 2, 3, 5};
  ict_design d = design_of(2);
  d.n_strata = 3;
  d.stratum_first_psu = first;
  d.lonely = ICT_LONELY_CERTAINTY;
  ict_replicates *r = make(&d, "jkn", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 4);
  CU_ASSERT_EQUAL(r->scale, 1);
  expect_row(r, 2, (double[]){1, 1, 1, 1});
  ict_replicates_free(r);
  d.lonely = ICT_LONELY_AVERAGE;
  r = make(&d, "jkn", 0);
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 5. / 4, 1e-15);
  ict_replicates_free(r);
  d.lonely = ICT_LONELY_ADJUST;
  r = make(&d, "jkn", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 5);
  expect_row(r, 2, (double[]){1, 1, 0, 1, 1});
  expect_row(r, 0, (double[]){0, 2, 1.5, 1, 1});
  CU_ASSERT_DOUBLE_EQUAL(ict_replicates_rscale(r, 2), 2. / 3, 1e-15);
  ict_replicates_free(r);
}

static void half_samples_by_hand(void) {
  static const uint64_t first[] = {0, 2, 4};
  ict_design d = design_of(2);
  d.n_psu = d.n_rows = 4;
  d.stratum_first_psu = first;
  ict_replicates *r = make(&d, "fay:0.5", 0);
  CU_ASSERT_EQUAL(ict_replicates_n(r), 4);
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 1, 1e-15); /* 1 / (4 (1 - 0.5)^2) */
  expect_row(r, 0, (double[]){1.5, 0.5, 1.5, 0.5});
  expect_row(r, 1, (double[]){0.5, 1.5, 0.5, 1.5});
  expect_row(r, 2, (double[]){1.5, 1.5, 0.5, 0.5});
  ict_replicates_free(r);
  r = make(&d, "brr", 0);
  expect_row(r, 3, (double[]){0, 0, 2, 2});
  ict_replicates_free(r);
}

/* Rows orthogonal, the first all 1, the order little above what is needed. */
static void hadamard(void) {
  for (size_t n = 1; n < 260; n = n < 60 ? n + 1 : n + 37) {
    ict_hadamard h;
    CU_ASSERT_EQUAL_FATAL(ict_hadamard_init(&h, n, NULL), ICT_OK);
    CU_ASSERT_TRUE(h.order > n && h.order % 4 == 0 && h.order <= n + n / 4 + 12);
    size_t wrong = 0;
    for (size_t i = 0; i < h.order; i++) {
      wrong += ict_hadamard_at(&h, 0, i) != 1;
      for (size_t j = 0; j < i; j++) {
        int sum = 0;
        for (size_t k = 0; k < h.order; k++)
          sum += ict_hadamard_at(&h, i, k) * ict_hadamard_at(&h, j, k);
        wrong += sum != 0;
      }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    ict_hadamard_done(&h);
  }
}

static void expect_counts(const ict_replicates *r, const uint16_t *want) {
  size_t wrong = 0;
  for (size_t i = 0; i < r->design->n_psu * r->n; i++) wrong += r->count[i] != want[i];
  CU_ASSERT_EQUAL(wrong, 0);
}

/* multipliers.py bootstrap 6 42, of 3, 2 and 2 PSUs with f = 0.25, 0, 0.5; subbootstrap 6 42 */
static void bootstrap_counts(void) {
  static const uint16_t davison[] = {
#include "test_replicate_davison.inc"
  };
  static const uint16_t rao_wu[] = {
#include "test_replicate_rao_wu.inc"
  };
  ict_design d = design_of(3);
  d.fraction = some;
  ict_replicates *r = make(&d, "bootstrap:6", 42);
  expect_counts(r, davison);
  /* harmonic mean of 3, 2, 2 is 9/4; 9/4 / (5/4 * 5) */
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 9. / 25, 1e-15);
  ict_replicates_free(r);
  r = make(&d, "subbootstrap:6", 42);
  expect_counts(r, rao_wu);
  CU_ASSERT_DOUBLE_EQUAL(r->scale, 1. / 5, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(r->factor[0], 1.5, 1e-15);
  ict_replicates_free(r);
}

/* Mean and variance of the counts are those of draws with replacement: n = 3 out of 3, mean 1,
 * variance 2/3. Where all were taken there is nothing to draw. */
static void bootstrap_spread(void) {
  enum { N = 20000 };
  ict_design d = design_of(3);
  ict_replicates *r = make(&d, "bootstrap:20000", 5);
  for (size_t p = 0; p < 3; p++) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < N; i++) {
      double c = r->count[p * N + i];
      sum += c;
      squares += c * c;
    }
    CU_ASSERT_DOUBLE_EQUAL(sum / N, 1, 0.03); /* 5 standard errors */
    CU_ASSERT_DOUBLE_EQUAL(squares / N - 1, 2. / 3, 0.06);
  }
  ict_replicates_free(r);
  d.fraction = whole;
  r = make(&d, "bootstrap:50", 5);
  size_t wrong = 0;
  for (size_t i = 0; i < (size_t)5 * 50; i++) wrong += r->count[i] != 1;
  CU_ASSERT_EQUAL(wrong, 0);
  ict_replicates_free(r);
}

static void refused(const ict_design *d, const char *kind, ict_status want) {
  ict_replicates *r = NULL;
  ict_err err = {0};
  ict_replicate_request request = {.kind = kind};
  CU_ASSERT_EQUAL(ict_replicates_new(d, &request, &r, &err), want);
  CU_ASSERT_PTR_NULL(r);
  CU_ASSERT_TRUE(err.what[0] && err.fix[0]);
}

static void refusals(void) {
  ict_design d = design_of(3);
  static const char *const words[] = {"",       "jk",          "JKN",           "fay",
                                      "fay:1",  "fay:-0.1",    "bootstrap",     "bootstrap:1",
                                      "jkn:2",  "bootstrap:x", "bootstrap:2.5", "bootstrap:1e9",
                                      "fay:0,5"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) refused(&d, words[i], ICT_USAGE);
  refused(&d, "jk1", ICT_REFUSED); /* strata */
  refused(&d, "brr", ICT_REFUSED); /* three PSUs */
  ict_design pps = d;
  pps.pps = ICT_PPS_BREWER;
  refused(&pps, "jkn", ICT_REFUSED);
  static const uint64_t single[] = {0, 1, 5, 7};
  d.stratum_first_psu = single;
  refused(&d, "jkn", ICT_REFUSED);
  refused(&d, "bootstrap:9", ICT_REFUSED);
}

/* A census, no rows, or nothing asked for: by linearisation. */
static void none(void) {
  ict_design d = design_of(3), census = d, empty = d;
  ict_replicates *r = NULL;
  ict_replicate_request nothing = {0}, no = {.kind = "none"}, jkn = {.kind = "jkn"};
  census.census = true;
  empty.n_rows = 0;
  CU_ASSERT_EQUAL(ict_replicates_new(&d, &nothing, &r, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(r);
  CU_ASSERT_EQUAL(ict_replicates_new(&d, &no, &r, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(r);
  CU_ASSERT_EQUAL(ict_replicates_new(&census, &jkn, &r, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(r);
  CU_ASSERT_EQUAL(ict_replicates_new(&empty, &jkn, &r, NULL), ICT_OK);
  CU_ASSERT_PTR_NULL(r);
}

static void short_of_memory(void) {
  static const char *const kinds[] = {"jkn", "bootstrap:9", "subbootstrap:9"};
  ict_design d = design_of(3);
  for (size_t k = 0; k < 3; k++) make_of_short_memory(&d, kinds[k]);
}

SUITE("replicate.design", TEST(jk1_by_hand), TEST(jkn_by_hand), TEST(jkn_single_psus),
      TEST(half_samples_by_hand), TEST(hadamard), TEST(bootstrap_counts), TEST(bootstrap_spread),
      TEST(refusals), TEST(none), TEST(short_of_memory))
