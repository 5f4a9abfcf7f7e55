/* Estimators of textbooks in closed form: rows through the cube to an estimate, beside the
 * arithmetic of the book. */
#include <math.h>

#include "estimate/woodruff.h"
#include "suite.h"

enum { MOST = 64 };

/* A sample of one measure: rows in the order of PSUs and strata. */
typedef struct sample {
  size_t n_psu, n_strata;
  const uint64_t *psu_first, *stratum_first; /* NULL: every row a PSU; one stratum */
  const double *fraction;                    /* of each stratum; NULL: with replacement */
  const double *weight, *y, *x;              /* NULL x: 1 */
  const uint8_t *answer;                     /* in place of y */
} sample;

static ict_estimate_result result_of(ict_estimator kind, const sample *s, ict_sums *sums) {
  static const uint32_t everybody[MOST];
  static const ict_margin margin = {1, everybody};
  uint64_t rows[MOST + 1], whole[] = {0, s->n_psu};
  for (size_t i = 0; i <= s->n_psu; i++) rows[i] = i;
  const uint64_t *psu = s->psu_first ? s->psu_first : rows;
  const uint64_t *stratum = s->stratum_first ? s->stratum_first : whole;
  const bool numeric[] = {s->answer == NULL};
  ict_design design = {.n_rows = psu[s->n_psu],
                       .n_psu = s->n_psu,
                       .n_strata = s->n_strata,
                       .psu_first_row = psu,
                       .stratum_first_psu = stratum,
                       .weight = s->weight,
                       .fraction = s->fraction};
  ict_cube_shape shape = {
      .n_measures = 1, .numeric = numeric, .n_fine = 1, .n_margins = 1, .margins = &margin};
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_cube_new(&shape, &design, &cube, NULL), ICT_OK);
  for (size_t h = 0, p = 0; h < s->n_strata; h++) {
    CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, h, NULL), ICT_OK);
    for (; p < stratum[h + 1]; p++) {
      size_t i = psu[p];
      ict_cube_values v = {.answer = s->answer ? s->answer + i : NULL,
                           .y = s->y ? s->y + i : NULL,
                           .x = s->x ? s->x + i : NULL};
      ict_cube_rows of_psu = {psu[p + 1] - i, everybody, s->weight + i, &v, i};
      CU_ASSERT_EQUAL(ict_cube_add(cube, &of_psu, NULL), ICT_OK);
      CU_ASSERT_EQUAL(ict_cube_close_psu(cube, NULL), ICT_OK);
    }
    CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_OK);
  *sums = ict_cube_sums(cube, 0, 0, 0);
  ict_estimate_result r;
  ict_estimate(kind, sums, &(ict_estimate_options){0}, &r);
  ict_cube_free(cube);
  return r;
}

static void is(ict_estimator kind, const sample *s, double value, double variance) {
  ict_sums sums;
  ict_estimate_result r = result_of(kind, s, &sums);
  CU_ASSERT_DOUBLE_EQUAL(r.estimate, value, 1e-14 * fabs(value));
  CU_ASSERT_DOUBLE_EQUAL(r.se, sqrt(variance), 1e-13 * sqrt(variance));
}

/* Signatures on 50 of 676 petition sheets (Cochran 1977, table 2.2): sum y = 1471, sum y^2 =
 * 54497, s^2 = (54497 - 1471^2/50) / 49; total N ybar = 19888, V = N^2 (1 - n/N) s^2 / n. */
static void petition_sheets(void) {
  static const struct {
    int y, n;
  } sheets[] = {{42, 23}, {41, 4}, {36, 1}, {32, 1}, {29, 1}, {27, 2}, {23, 1},
                {19, 1},  {16, 2}, {15, 2}, {14, 1}, {11, 1}, {10, 1}, {9, 1},
                {7, 1},   {6, 3},  {5, 2},  {4, 1},  {3, 1}};
  double y[MOST], weight[MOST], fraction[] = {50.0 / 676};
  size_t n = 0;
  for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++)
    for (int k = 0; k < sheets[i].n; k++, n++) {
      y[n] = sheets[i].y;
      weight[n] = 676.0 / 50;
    }
  CU_ASSERT_EQUAL_FATAL(n, 50);
  sample s = {.n_psu = 50, .n_strata = 1, .fraction = fraction, .weight = weight, .y = y};
  double s2 = (54497 - 1471.0 * 1471 / 50) / 49, mean = 1471.0 / 50;
  double v = (1 - 50.0 / 676) * s2 / 50;
  is(ICT_EST_MEAN, &s, mean, v);
  is(ICT_EST_TOTAL, &s, 676 * mean, 676.0 * 676 * v);
  CU_ASSERT_EQUAL(lround(676 * mean), 19888); /* as printed */
}

/* 3 yes of n = 10 of N = 50: V = (1 - n/N) p q / (n - 1) (Cochran 1977, chapter 3). */
static void proportion(void) {
  static const uint8_t answer[] = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  static const double weight[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, fraction[] = {0.2};
  sample s = {.n_psu = 10, .n_strata = 1, .fraction = fraction, .weight = weight, .answer = answer};
  is(ICT_EST_PROPORTION, &s, 0.3, 0.8 * 0.21 / 9);
  is(ICT_EST_COUNT, &s, 15, 2500 * 0.8 * 0.21 / 9);
}

/* 2 of 10 with y = 1 3, 3 of 6 with y = 2 2 5. Mean = (10 * 2 + 6 * 3) / 16,
 * V = sum (N_h/N)^2 (1 - f_h) s_h^2 / n_h = (100 * 0.8 * 2/2 + 36 * 0.5 * 3/3) / 256 (chapter 5).
 */
static void stratified_mean(void) {
  static const double y[] = {1, 3, 2, 2, 5}, weight[] = {5, 5, 2, 2, 2}, fraction[] = {0.2, 0.5};
  static const uint64_t stratum_first[] = {0, 2, 5};
  sample s = {.n_psu = 5,
              .n_strata = 2,
              .stratum_first = stratum_first,
              .fraction = fraction,
              .weight = weight,
              .y = y};
  is(ICT_EST_MEAN, &s, 38.0 / 16, 98.0 / 256);
}

/* n = 4 of N = 20, x = 1 2 3 4, y = 2 5 5 8: R = 2, residuals 0 1 -1 0 with s^2 = 2/3,
 * V = (1 - f) s^2 / (n xbar^2) = 0.8 * 2/3 / (4 * 6.25) = 8/375 (chapter 6). */
static void ratio(void) {
  static const double y[] = {2, 5, 5, 8}, x[] = {1, 2, 3, 4}, weight[] = {5, 5, 5, 5};
  static const double fraction[] = {0.2};
  sample s = {.n_psu = 4, .n_strata = 1, .fraction = fraction, .weight = weight, .y = y, .x = x};
  is(ICT_EST_RATIO, &s, 2, 8.0 / 375);
}

/* 3 of 12 clusters, all of their 3, 2 and 1 elements: totals 6 9 15, s^2 = (16 + 1 + 25) / 2 = 21.
 * Total 12/3 * 30, V = N^2 (1 - f) s^2 / n = 144 * 0.75 * 7 = 756 (Lohr 2010, chapter 5).
 * Mean per element 30/6 = 5, residuals t - 5 M = -9 -1 10 with s^2 = 91,
 * V = (1 - f) s^2 / (n Mbar^2) = 0.75 * 91 / (3 * 4). */
static void clusters(void) {
  static const double y[] = {1, 2, 3, 4, 5, 15}, weight[] = {4, 4, 4, 4, 4, 4};
  static const double fraction[] = {0.25};
  static const uint64_t psu_first[] = {0, 3, 5, 6};
  sample s = {.n_psu = 3,
              .n_strata = 1,
              .psu_first = psu_first,
              .fraction = fraction,
              .weight = weight,
              .y = y};
  is(ICT_EST_TOTAL, &s, 120, 756);
  is(ICT_EST_MEAN, &s, 5, 0.75 * 91 / 12);
}

/* The median of 1 to 9 is 5, and the share at or below it 5/9, V = 5/9 * 4/9 / 8. Its limits
 * 5/9 -+ t sqrt(V), t = 2.306 with 8 df, are 0.150 and 0.961; of the shares 1/9, 2/9, ... the
 * first at or above them are 2/9 and 9/9, so the median lies in 2 to 9 (Woodruff 1952). */
static void woodruff(void) {
  static const double y[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, weight[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  static const uint8_t below[] = {1, 1, 1, 1, 1, 0, 0, 0, 0};
  sample s = {.n_psu = 9, .n_strata = 1, .weight = weight, .answer = below};
  ict_sums sums;
  ict_estimate_result r = result_of(ICT_EST_PROPORTION, &s, &sums);
  CU_ASSERT_DOUBLE_EQUAL(r.se, sqrt(20.0 / 648), 1e-14);
  ict_weighted values = {.n = 9, .y = y, .w = weight, .sum = y};
  ict_quantile median = {.p = 0.5, .rule = ICT_QUANTILE_MATH};
  median.value = ict_weighted_quantile(&values, 0.5, median.rule);
  ict_estimate_quantile(&median, &values, &sums, &(ict_estimate_options){0}, &r);
  CU_ASSERT_EQUAL(r.estimate, 5);
  CU_ASSERT_EQUAL(r.ci_low, 2);
  CU_ASSERT_EQUAL(r.ci_high, 9);
  CU_ASSERT_DOUBLE_EQUAL(r.se, (9 - 2) / (2 * 2.306004135204166), 1e-12);
}

SUITE("estimate.closed", TEST(petition_sheets), TEST(proportion), TEST(stratified_mean),
      TEST(ratio), TEST(clusters), TEST(woodruff))
