/* Pairs of cells against an obvious twin: both cells' PSU totals written down as one vector of
 * four, its covariance stratum by stratum in two passes. And contrasts by hand and by law. */
#include <math.h>
#include <string.h>

#include "cube_feed.h"
#include "estimate/estimate.h"

enum { N_MEASURES = 3, N_CELLS = 3, MOST_PSUS = 400, MOST_ROWS = 6000, N_PAIRS = 4 };

static const bool numeric[N_MEASURES] = {false, true, true};
static const uint32_t cell_of[2][N_CELLS] = {{0, 0, 0}, {0, 1, 2}};
static const ict_margin margins[2] = {{1, cell_of[0]}, {N_CELLS, cell_of[1]}};
static const ict_pair pairs[N_PAIRS] = {{1, {0, 1}, 0, 0},
                                        {1, {1, 0}, 0, 0},
                                        {1, {1, 2}, 0, 0},
                                        {1, {2, 2}, 0, 0}}; /* the last: a cell with itself */

typedef struct sample {
  ict_design design;
  ict_cube_shape shape;
  uint64_t psu_first[MOST_PSUS + 1], stratum_first[32];
  double weight[MOST_ROWS], fraction[32], y[MOST_ROWS], x[MOST_ROWS];
  uint32_t fine[MOST_ROWS];
  uint8_t answer[MOST_ROWS];
  ict_cube_values values[N_MEASURES];
  cube_input input;
} sample;

static void draw(sample *s, uint64_t seed) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  size_t n_strata = 1 + below(10), psu = 0, row = 0;
  for (size_t h = 0; h < n_strata; h++) {
    s->stratum_first[h] = psu;
    s->fraction[h] = uniform() < 0.1 ? 1 : uniform() / 2;
    size_t n = uniform() < 0.2 ? 1 : 1 + below(8), only = uniform() < 0.3 ? below(3) : 9;
    for (size_t j = 0; j < n; j++) {
      s->psu_first[psu++] = row;
      for (size_t end = row + 1 + below(12); row < end; row++) {
        s->weight[row] = uniform() < 0.1 ? 0 : exp(4 * uniform());
        s->fine[row] = (uint32_t)(only < 3 ? only : below(3));
        s->answer[row] = (uint8_t)below(3);
        s->y[row] = uniform() < 0.1 ? (double)NAN : 100 * uniform();
        s->x[row] = 1 + floor(5 * uniform());
      }
    }
  }
  s->psu_first[psu] = row;
  s->stratum_first[n_strata] = psu;
  s->design = (ict_design){.n_rows = row,
                           .n_psu = psu,
                           .n_strata = n_strata,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .weight = s->weight,
                           .fraction = seed % 2 ? s->fraction : NULL};
  s->shape = (ict_cube_shape){.n_measures = N_MEASURES,
                              .numeric = numeric,
                              .n_fine = N_CELLS,
                              .n_margins = 2,
                              .margins = margins,
                              .lonely = (ict_lonely)(seed % 5),
                              .lonely_in_domain = seed % 3 == 0,
                              .n_pairs = N_PAIRS,
                              .pairs = pairs};
  s->values[0].answer = s->answer;
  s->values[1].y = s->y;
  s->values[2] = (ict_cube_values){.y = s->y, .x = s->x};
  s->input = (cube_input){&s->design, &s->shape, s->fine, s->values};
}

/* ---- the twin ---- */

typedef struct twin {
  double v[4][4]; /* of a1, b1, a2, b2 */
  uint64_t n_psu, n_strata, n_present, n_lonely;
} twin;

static bool row_of(const sample *s, size_t m, size_t row, double *a, double *b) {
  *a = m == 0 ? s->answer[row] == 1 : s->y[row];
  *b = m == 0 ? s->answer[row] == 0 : m == 1 ? 1 : s->x[row];
  return m == 0 ? s->answer[row] <= 1 : !isnan(*a);
}

/* Totals of one PSU; how many rows count with weight, and at all. */
static void psu_totals(const sample *s, const ict_pair *p, size_t m, size_t psu, double t[4],
                       size_t *heavy, size_t *rows) {
  memset(t, 0, 4 * sizeof *t);
  *heavy = *rows = 0;
  for (size_t i = s->psu_first[psu]; i < s->psu_first[psu + 1]; i++) {
    double a, b;
    bool in = s->fine[i] == p->cell[0] || s->fine[i] == p->cell[1];
    if (!in || !row_of(s, m, i, &a, &b)) continue;
    ++*rows;
    *heavy += s->weight[i] > 0;
    for (int side = 0; side < 2; side++) {
      if (s->fine[i] != p->cell[side]) continue;
      t[2 * side] += s->weight[i] * a;
      t[2 * side + 1] += s->weight[i] * b;
    }
  }
}

static void add_stratum(const sample *s, const ict_pair *p, size_t m, size_t h, twin *out) {
  static double t[MOST_PSUS][4];
  size_t n = s->stratum_first[h + 1] - s->stratum_first[h], present = 0, psus = 0;
  double mean[4] = {0};
  for (size_t j = 0; j < n; j++) {
    size_t heavy, rows;
    psu_totals(s, p, m, s->stratum_first[h] + j, t[j], &heavy, &rows);
    present += rows > 0;
    psus += heavy > 0;
    for (int k = 0; k < 4; k++) mean[k] += t[j][k] / (double)n;
  }
  double f = s->design.fraction ? s->fraction[h] : 0;
  ict_lonely policy = s->shape.lonely;
  bool may = policy == ICT_LONELY_ADJUST || policy == ICT_LONELY_AVERAGE;
  bool lonely =
      present > 0 && f < 1 && (n == 1 || (present == 1 && may && s->shape.lonely_in_domain));
  out->n_psu += psus;
  out->n_strata += psus > 0;
  out->n_present += present > 0;
  out->n_lonely += lonely;
  if (lonely && policy != ICT_LONELY_ADJUST) return;
  double scale = n == 1 ? 1 - f : (1 - f) * (double)n / (double)(n - 1);
  for (size_t j = 0; j < n; j++)
    for (int k = 0; k < 4; k++)
      for (int l = 0; l < 4; l++)
        out->v[k][l] +=
            scale * (t[j][k] - (lonely ? 0 : mean[k])) * (t[j][l] - (lonely ? 0 : mean[l]));
}

static twin twin_of(const sample *s, const ict_pair *p, size_t m) {
  twin out = {0};
  for (size_t h = 0; h < s->design.n_strata; h++) add_stratum(s, p, m, h, &out);
  if (s->shape.lonely == ICT_LONELY_AVERAGE && out.n_lonely > 0)
    for (int k = 0; k < 16; k++)
      out.v[k / 4][k % 4] *= out.n_present > out.n_lonely
                                 ? (double)out.n_present / (double)(out.n_present - out.n_lonely)
                                 : (double)NAN;
  return out;
}

static size_t wrong_in(const ict_cube *cube, const sample *s, size_t pair, size_t m) {
  static const struct {
    int cross, k, l;
  } at[] = {{ICT_CROSS_A1_B1, 0, 1}, {ICT_CROSS_A2_B2, 2, 3}, {ICT_CROSS_A1_A2, 0, 2},
            {ICT_CROSS_A1_B2, 0, 3}, {ICT_CROSS_B1_A2, 1, 2}, {ICT_CROSS_B1_B2, 1, 3}};
  twin want = twin_of(s, &pairs[pair], m);
  ict_pair_sums got = ict_cube_pair(cube, pair, m);
  size_t wrong = 0;
  for (int i = 0; i < ICT_N_CROSS; i++) {
    const ict_sums *c = &got.cross[at[i].cross];
    int k = at[i].k, l = at[i].l;
    double have[3] = {c->v_aa, c->v_ab, c->v_bb}, v[3] = {want.v[k][k], want.v[k][l], want.v[l][l]};
    for (int j = 0; j < 3; j++) {
      bool same = isnan(v[j]) ? isnan(have[j])
                              : fabs(have[j] - v[j]) <=
                                    1e-12 * (sqrt(want.v[k][k] * want.v[l][l]) + fabs(v[j]) + 1e-3);
      wrong += !same;
    }
    wrong += c->n_psu != want.n_psu || c->n_strata != want.n_strata ||
             c->n_present != want.n_present || c->n_lonely != want.n_lonely;
  }
  return wrong;
}

static sample drawn;

static void agrees_with_the_twin(void) {
  for (uint64_t seed = 1; seed <= 200; seed++) {
    draw(&drawn, seed);
    ict_cube *cube = cube_of(&drawn.input, seed % 4);
    size_t wrong = 0;
    for (size_t p = 0; p < N_PAIRS; p++)
      for (size_t m = 0; m < N_MEASURES; m++) wrong += wrong_in(cube, &drawn, p, m);
    CU_ASSERT_EQUAL(wrong, 0);
    ict_cube_free(cube);
  }
}

/* ---- laws of contrasts ---- */

static ict_estimate_result contrast(const ict_cube *cube, size_t pair, size_t m, ict_estimator kind,
                                    bool ratio) {
  ict_estimate_options options = {.level = 0.95};
  const ict_sums *sums[2] = {(ict_sums[]){ict_cube_sums(cube, 1, pairs[pair].cell[0], m)},
                             (ict_sums[]){ict_cube_sums(cube, 1, pairs[pair].cell[1], m)}};
  ict_pair_sums both = ict_cube_pair(cube, pair, m);
  ict_estimate_result r;
  ict_estimate_contrast(kind, ratio, sums, &both, &options, &r);
  return r;
}

static const ict_estimator kinds[N_MEASURES] = {ICT_EST_PROPORTION, ICT_EST_MEAN, ICT_EST_RATIO};

static void turned_round_it_changes_sign_only(void) {
  for (uint64_t seed = 1; seed <= 50; seed++) {
    draw(&drawn, seed);
    ict_cube *cube = cube_of(&drawn.input, 0);
    for (size_t m = 0; m < N_MEASURES; m++) {
      ict_estimate_result one = contrast(cube, 0, m, kinds[m], false);
      ict_estimate_result two = contrast(cube, 1, m, kinds[m], false);
      if (isnan(one.estimate)) continue;
      CU_ASSERT_EQUAL(one.estimate, -two.estimate);
      if (isnan(one.se)) continue;
      CU_ASSERT_DOUBLE_EQUAL(one.se, two.se, 1e-13 * one.se);
      CU_ASSERT_EQUAL(one.df, two.df);
      CU_ASSERT_EQUAL(one.n, two.n);
    }
    ict_cube_free(cube);
  }
}

static void a_cell_with_itself_is_nothing(void) {
  for (uint64_t seed = 1; seed <= 50; seed++) {
    draw(&drawn, seed);
    ict_cube *cube = cube_of(&drawn.input, 3);
    for (size_t m = 0; m < N_MEASURES; m++) {
      ict_estimate_result d = contrast(cube, 3, m, kinds[m], false);
      ict_estimate_result r = contrast(cube, 3, m, kinds[m], true);
      if (isnan(d.se)) continue;
      CU_ASSERT_EQUAL(d.estimate, 0);
      CU_ASSERT_EQUAL(d.se, 0);
      if (isnan(r.estimate)) continue;
      CU_ASSERT_EQUAL(r.estimate, 1);
      CU_ASSERT_EQUAL(r.se, 0);
    }
    ict_cube_free(cube);
  }
}

/* Two strata of one cell each: nothing is shared, so variances add. */
static void cells_in_strata_of_their_own_are_independent(void) {
  draw(&drawn, 1);
  drawn.design.n_strata = 2;
  drawn.design.n_psu = 6;
  drawn.design.n_rows = 12;
  drawn.design.fraction = NULL;
  drawn.shape.lonely = ICT_LONELY_FAIL;
  for (size_t p = 0; p <= 6; p++) drawn.psu_first[p] = 2 * p;
  drawn.stratum_first[1] = 3;
  drawn.stratum_first[2] = 6;
  for (size_t i = 0; i < 12; i++) {
    drawn.weight[i] = 1;
    drawn.fine[i] = i >= 6;
    drawn.answer[i] = i % 5 < 2;
  }
  ict_cube *cube = cube_of(&drawn.input, 0);
  ict_estimate_options options = {.level = 0.95};
  ict_estimate_result e[2], d = contrast(cube, 0, 0, ICT_EST_PROPORTION, false);
  for (size_t c = 0; c < 2; c++)
    ict_estimate(ICT_EST_PROPORTION, (ict_sums[]){ict_cube_sums(cube, 1, c, 0)}, &options, &e[c]);
  CU_ASSERT_DOUBLE_EQUAL(d.estimate, e[0].estimate - e[1].estimate, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(d.se, hypot(e[0].se, e[1].se), 1e-15);
  CU_ASSERT_EQUAL(d.df, 4);
  CU_ASSERT_EQUAL(d.n_psu, 6);
  CU_ASSERT_EQUAL(d.n_strata, 2);
  ict_cube_free(cube);
}

/* By hand. One stratum, three PSUs, two rows each, one in cell 0 and one in cell 1, weight 1. Yes
 * in cell 0: PSUs 1 and 2; in cell 1: PSU 1. p1 = 2/3, p2 = 1/3; z1 - z2 by PSU:
 * (1 - 2/3)/3 - (1 - 1/3)/3 = -1/9, 1/9 + 1/9 = 2/9, -2/9 + 1/9 = -1/9, whose sum is 0, so
 * V = 3/2 (1 + 4 + 1)/81 = 1/9. The ratio 2: z = (z1 - 2 z2)/p2 = 3 z1 - 6 z2 by PSU:
 * 1/3 - 4/3, 1/3 + 2/3, -2/3 + 2/3, V = 3/2 (1 + 1) = 3. */
static void by_hand(void) {
  static const uint8_t answer[6] = {1, 1, 1, 0, 0, 0};
  draw(&drawn, 1);
  drawn.design.n_strata = 1;
  drawn.design.n_psu = 3;
  drawn.design.n_rows = 6;
  drawn.design.fraction = NULL;
  drawn.shape.lonely = ICT_LONELY_FAIL;
  for (size_t p = 0; p <= 3; p++) drawn.psu_first[p] = 2 * p;
  drawn.stratum_first[1] = 3;
  for (size_t i = 0; i < 6; i++) {
    drawn.weight[i] = 1;
    drawn.fine[i] = i % 2;
    drawn.answer[i] = answer[i];
  }
  ict_cube *cube = cube_of(&drawn.input, 1);
  ict_estimate_result d = contrast(cube, 0, 0, ICT_EST_PROPORTION, false);
  CU_ASSERT_DOUBLE_EQUAL(d.estimate, 1. / 3, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(d.se, 1. / 3, 1e-15);
  CU_ASSERT_EQUAL(d.df, 2);
  CU_ASSERT_EQUAL(d.n, 6);
  /* t quantile 0.975 with df 2: 4.302652729749462 (R) */
  CU_ASSERT_DOUBLE_EQUAL(d.ci_high, 1. / 3 + 4.302652729749462 / 3, 1e-14);
  ict_estimate_result r = contrast(cube, 0, 0, ICT_EST_PROPORTION, true);
  CU_ASSERT_DOUBLE_EQUAL(r.estimate, 2, 1e-15);
  CU_ASSERT_DOUBLE_EQUAL(r.se, sqrt(3), 1e-14);
  CU_ASSERT_TRUE(isnan(r.deff));
  ict_estimate_result empty = contrast(cube, 2, 0, ICT_EST_PROPORTION, false);
  CU_ASSERT_TRUE(isnan(empty.estimate));
  CU_ASSERT_EQUAL(empty.notes, ICT_NOTE_EMPTY);
  ict_cube_free(cube);
}

static void survives_short_memory(void) {
  draw(&drawn, 3);
  cube_of_short_memory(&drawn.input);
}

SUITE("cube.pair", TEST(agrees_with_the_twin), TEST(turned_round_it_changes_sign_only),
      TEST(a_cell_with_itself_is_nothing), TEST(cells_in_strata_of_their_own_are_independent),
      TEST(by_hand), TEST(survives_short_memory))
