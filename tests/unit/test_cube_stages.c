/* Stages below the first, and PSUs of unequal probabilities, against their obvious twins: R's
 * recursion of one-stage variances within units, and the double sum over pairs of PSUs. */
#include <string.h>

#include "twin.h"

enum { N_MEASURES = 3, N_FINE = 6, N_MARGINS = 3, N_BELOW = 2, MOST = 6000, MOST_UNITS = 12 };

/* Fine cell = 2 * i + j, i in 0..2, j in 0..1; margins: total, i, i x j. */
static uint32_t cell_of[N_MARGINS][N_FINE];
static ict_margin margins[N_MARGINS] = {{1, cell_of[0]}, {3, cell_of[1]}, {6, cell_of[2]}};
static const bool numeric[N_MEASURES] = {false, true, true};

typedef struct stage_draw {
  uint64_t unit_first[MOST + 1], stratum_first[MOST + 1], parent_first[MOST + 1];
  double fraction[MOST];
} stage_draw;

typedef struct sample {
  ict_design design;
  ict_cube_shape shape;
  ict_cube_values values[N_MEASURES];
  uint64_t psu_first[MOST + 1], stratum_first[MOST + 1];
  double weight[MOST], fraction[MOST], inclusion[MOST];
  ict_stage stages[N_BELOW];
  stage_draw drawn[N_BELOW];
  uint32_t fine[MOST];
  uint8_t answer[MOST];
  double y[2][MOST], x[MOST];
  cube_input input;
} sample;

/* 0, 1 or between. */
static double draw_fraction(void) {
  double u = uniform();
  return u < 0.15 ? 1 : u < 0.25 ? 0 : uniform();
}

/* The strata and units of stage s within one parent; at the bottom its rows. */
static void draw_below(sample *s, size_t stage, uint64_t *row) {
  if (stage == s->design.n_stages) {
    *row += 1 + below(3);
    return;
  }
  ict_stage *at = &s->stages[stage];
  stage_draw *to = &s->drawn[stage];
  for (size_t n_strata = 1 + below(2); n_strata > 0; n_strata--) {
    to->stratum_first[at->n_strata] = at->n_units;
    to->fraction[at->n_strata++] = draw_fraction();
    for (size_t n = 1 + below(4); n > 0; n--) {
      to->unit_first[at->n_units++] = *row;
      draw_below(s, stage + 1, row);
    }
    to->stratum_first[at->n_strata] = at->n_units;
  }
  to->unit_first[at->n_units] = *row;
}

static void draw_rows(sample *s) {
  for (size_t i = 0; i < s->design.n_rows; i++) {
    s->weight[i] = uniform() < 0.1 ? 0 : exp(4 * uniform());
    s->fine[i] = uniform() < 0.03 ? ICT_NO_CELL : (uint32_t)(below(3) * 2 + below(2));
    s->answer[i] = (uint8_t)below(3);
    s->y[0][i] = uniform() < 0.1 ? (double)NAN : 100 * uniform();
    s->y[1][i] = 10 + uniform();
    s->x[i] = uniform() < 0.1 ? (double)NAN : floor(5 * uniform());
  }
}

static void draw(sample *s, uint64_t seed, size_t n_stages, ict_pps pps) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  for (size_t f = 0; f < N_FINE; f++) {
    cell_of[1][f] = (uint32_t)f / 2;
    cell_of[2][f] = (uint32_t)f;
  }
  ict_design *d = &s->design;
  *d = (ict_design){.psu_first_row = s->psu_first,
                    .stratum_first_psu = s->stratum_first,
                    .weight = seed % 4 ? s->weight : NULL,
                    .fraction = pps == ICT_PPS_NONE && seed % 7 ? s->fraction : NULL,
                    .n_stages = n_stages,
                    .stages = s->stages,
                    .pps = pps,
                    .inclusion = pps == ICT_PPS_NONE ? NULL : s->inclusion};
  for (size_t k = 0; k < n_stages; k++)
    s->stages[k] = (ict_stage){.unit_first_row = s->drawn[k].unit_first,
                               .stratum_first_unit = s->drawn[k].stratum_first,
                               .parent_first_stratum = s->drawn[k].parent_first,
                               .fraction = seed % 5 || k == 0 ? s->drawn[k].fraction : NULL};
  uint64_t row = 0;
  d->n_strata = 1 + below(4);
  for (size_t h = 0; h < d->n_strata; h++) {
    s->stratum_first[h] = d->n_psu;
    s->fraction[h] = draw_fraction();
    for (size_t n = uniform() < 0.25 ? 1 : 1 + below(5); n > 0; n--) {
      s->inclusion[d->n_psu] = uniform() < 0.15 ? 1 : 0.05 + 0.9 * uniform();
      s->psu_first[d->n_psu++] = row;
      draw_below(s, 0, &row);
    }
  }
  s->stratum_first[d->n_strata] = d->n_psu;
  s->psu_first[d->n_psu] = row;
  d->n_rows = row;
  /* A unit begins its strata where the last one of the unit before ended. */
  const uint64_t *parent = s->psu_first;
  size_t n_parents = d->n_psu;
  for (size_t k = 0; k < n_stages; k++) {
    size_t g = 0;
    for (size_t p = 0; p <= n_parents; p++) {
      while (g < s->stages[k].n_strata &&
             s->drawn[k].unit_first[s->drawn[k].stratum_first[g]] < parent[p])
        g++;
      s->drawn[k].parent_first[p] = g;
    }
    parent = s->drawn[k].unit_first;
    n_parents = s->stages[k].n_units;
  }
  s->shape = (ict_cube_shape){.n_measures = N_MEASURES,
                              .numeric = numeric,
                              .n_fine = N_FINE,
                              .n_margins = N_MARGINS,
                              .margins = margins,
                              .lonely = (ict_lonely)(seed % 5),
                              .lonely_in_domain = seed % 2};
  s->values[0].answer = s->answer;
  s->values[1].y = s->y[0];
  s->values[2] = (ict_cube_values){.y = s->y[1], .x = s->x};
  s->input = (cube_input){d, &s->shape, s->fine, s->values};
  draw_rows(s);
}

/* ---- the twin ------------------------------------------------------------------------------ */

typedef struct cell_place {
  size_t margin, cell, measure;
} cell_place;

typedef struct cov {
  double aa, ab, bb;
} cov;

static void add_product(cov *v, double r, double a, double b) {
  v->aa += r * a * a;
  v->ab += r * a * b;
  v->bb += r * b * b;
}

/* Totals of the rows [from, to); whether any counts. */
static bool totals(const sample *s, cell_place at, uint64_t from, uint64_t to, double t[2]) {
  bool any = false;
  t[0] = t[1] = 0;
  for (uint64_t i = from; i < to; i++) {
    double a, b, w = s->design.weight ? s->design.weight[i] : 1;
    if (!twin_row(&s->input, i, at.margin, at.cell, at.measure, &a, &b)) continue;
    any = true;
    t[0] += w * a;
    t[1] += w * b;
  }
  return any;
}

/* R's onestrat of units that own rows first[u] .. first[u+1]-1; false: nobody is there. */
static bool one_stratum(const sample *s, cell_place at, const uint64_t *first, size_t n, double f,
                        cov *v, bool *lonely) {
  double t[MOST_UNITS][2], mean[2] = {0, 0};
  size_t present = 0;
  for (size_t u = 0; u < n; u++) {
    present += totals(s, at, first[u], first[u + 1], t[u]);
    mean[0] += t[u][0] / (double)n;
    mean[1] += t[u][1] / (double)n;
  }
  ict_lonely policy = s->shape.lonely;
  bool by_policy = policy == ICT_LONELY_ADJUST || policy == ICT_LONELY_AVERAGE;
  double scale = n > 1 ? (1 - f) * (double)n / ((double)n - 1) : 1 - f;
  bool in_domain = s->shape.lonely_in_domain && by_policy && !s->design.inclusion;
  *lonely = f < 1 && (n == 1 || (present == 1 && in_domain));
  *v = (cov){0, 0, 0};
  if (*lonely && policy != ICT_LONELY_ADJUST) return present > 0;
  for (size_t u = 0; u < n; u++)
    add_product(v, scale, t[u][0] - (*lonely ? 0 : mean[0]), t[u][1] - (*lonely ? 0 : mean[1]));
  return present > 0;
}

/* R's multistage, from the second stage on: what the units below one parent add. */
static cov within(const sample *s, cell_place at, size_t k, size_t parent) {
  cov all = {0, 0, 0}, deeper = {0, 0, 0};
  if (k == s->design.n_stages || s->shape.one_stage) return all;
  const ict_stage *stage = &s->design.stages[k];
  size_t n_present = 0, n_lonely = 0;
  for (uint64_t g = stage->parent_first_stratum[parent];
       g < stage->parent_first_stratum[parent + 1]; g++) {
    uint64_t first = stage->stratum_first_unit[g], end = stage->stratum_first_unit[g + 1];
    double f = ict_stage_fraction(stage, g);
    bool lonely;
    cov v;
    if (!one_stratum(s, at, stage->unit_first_row + first, (size_t)(end - first), f, &v, &lonely))
      continue;
    n_present++;
    n_lonely += lonely;
    all.aa += v.aa;
    all.ab += v.ab;
    all.bb += v.bb;
    for (uint64_t u = first; u < end && f > 0; u++) {
      cov sub = within(s, at, k + 1, u);
      deeper.aa += f * sub.aa;
      deeper.ab += f * sub.ab;
      deeper.bb += f * sub.bb;
    }
  }
  double r = 1;
  if (s->shape.lonely == ICT_LONELY_AVERAGE && n_lonely > 0)
    r = n_present > n_lonely ? (double)n_present / (double)(n_present - n_lonely) : (double)NAN;
  return (cov){r * all.aa + deeper.aa, r * all.ab + deeper.ab, r * all.bb + deeper.bb};
}

/* Brewer's sum over PSUs; the others' over pairs of them, Overton's with p_ij = p_i p_j (n-1) / (n
 * - (p_i + p_j)/2), Hartley and Rao's with n - (p_i + p_j) + mean p below: sum of (p_ij - p_i p_j)
 * / p_ij t_i t_j'. */
static cov unequal(const sample *s, cell_place at, size_t h) {
  const ict_design *d = &s->design;
  double t[MOST_UNITS][2], mean[2] = {0, 0};
  size_t count = ict_design_psus_in(d, h);
  const double *p = d->inclusion + d->stratum_first_psu[h];
  const uint64_t *first = d->psu_first_row + d->stratum_first_psu[h];
  double n = (double)count;
  cov v = {0, 0, 0};
  double p_mean = 0;
  for (size_t i = 0; i < count; i++) p_mean += p[i] / n;
  for (size_t i = 0; i < count; i++) {
    totals(s, at, first[i], first[i + 1], t[i]);
    mean[0] += t[i][0] / n;
    mean[1] += t[i][1] / n;
  }
  for (size_t i = 0; i < count; i++) {
    if (d->pps == ICT_PPS_BREWER) {
      add_product(&v, (1 - p[i]) * n / (n - 1), t[i][0] - mean[0], t[i][1] - mean[1]);
      continue;
    }
    for (size_t j = 0; j < count; j++) {
      double both = p[i] + p[j];
      double ratio = d->pps == ICT_PPS_OVERTON ? n - both / 2 : n - both + p_mean;
      double delta = i == j ? 1 - p[i] : 1 - ratio / (n - 1);
      v.aa += delta * t[i][0] * t[j][0];
      v.ab += delta * t[i][0] * t[j][1];
      v.bb += delta * t[i][1] * t[j][1];
    }
  }
  return v;
}

/* The first stage under PPS, lonely strata by their policy. */
static cov first_stage_unequal(const sample *s, cell_place at) {
  const ict_design *d = &s->design;
  cov all = {0, 0, 0};
  size_t n_present = 0, n_lonely = 0;
  for (size_t h = 0; h < d->n_strata; h++) {
    uint64_t first = d->stratum_first_psu[h];
    size_t n = ict_design_psus_in(d, h);
    double t[2];
    if (!totals(s, at, d->psu_first_row[first], d->psu_first_row[first + n], t)) continue;
    n_present++;
    cov v = {0, 0, 0};
    if (n > 1) {
      v = unequal(s, at, h);
    } else if (d->inclusion[first] < 1) {
      n_lonely++;
      if (s->shape.lonely == ICT_LONELY_ADJUST)
        add_product(&v, 1 - d->inclusion[first], t[0], t[1]);
    }
    all.aa += v.aa;
    all.ab += v.ab;
    all.bb += v.bb;
  }
  double r = 1;
  if (s->shape.lonely == ICT_LONELY_AVERAGE && n_lonely > 0)
    r = n_present > n_lonely ? (double)n_present / (double)(n_present - n_lonely) : (double)NAN;
  return (cov){r * all.aa, r * all.ab, r * all.bb};
}

static cov twin_covariance(const sample *s, cell_place at) {
  const ict_design *d = &s->design;
  ict_sums sums = {0};
  cov v = {0, 0, 0};
  if (d->inclusion) {
    v = first_stage_unequal(s, at);
  } else {
    sums = twin_sums(&s->input, at.margin, at.cell, at.measure);
    v = (cov){sums.v_aa, sums.v_ab, sums.v_bb};
  }
  for (size_t h = 0; h < d->n_strata; h++)
    for (uint64_t p = d->stratum_first_psu[h]; p < d->stratum_first_psu[h + 1]; p++) {
      double f = ict_design_fraction(d, h, p);
      if (f == 0) continue;
      cov sub = within(s, at, 0, p);
      v.aa += f * sub.aa;
      v.ab += f * sub.ab;
      v.bb += f * sub.bb;
    }
  return v;
}

static bool near(double a, double b, double size) {
  if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
  return fabs(a - b) <= 1e-11 * (fabs(size) + fabs(b));
}

static size_t differences(const ict_cube *cube, const sample *s) {
  size_t wrong = 0;
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++) {
        cov v = twin_covariance(s, (cell_place){g, c, m});
        const ict_sums *q = (ict_sums[]){ict_cube_sums(cube, g, c, m)};
        wrong += !near(q->v_aa, v.aa, 1e-2 * q->a * q->a) ||
                 !near(q->v_ab, v.ab, 1e-2 * q->a * q->b) ||
                 !near(q->v_bb, v.bb, 1e-2 * q->b * q->b);
      }
  return wrong;
}

static sample drawn;

static void compare(uint64_t seeds, size_t n_stages, ict_pps pps) {
  for (uint64_t seed = 1; seed <= seeds; seed++) {
    draw(&drawn, seed, n_stages, pps);
    for (size_t size = 1; size <= 1000; size = size * 3 + 1) {
      ict_cube *cube = cube_of(&drawn.input, size);
      size_t wrong = differences(cube, &drawn);
      CU_ASSERT_EQUAL(wrong, 0);
      ict_cube_free(cube);
    }
  }
}

static void one_stage(void) { compare(60, 0, ICT_PPS_NONE); }
static void two_stages(void) { compare(150, 1, ICT_PPS_NONE); }
static void three_stages(void) { compare(150, 2, ICT_PPS_NONE); }
static void brewer(void) { compare(100, 0, ICT_PPS_BREWER); }
static void brewer_in_two_stages(void) { compare(60, 1, ICT_PPS_BREWER); }
static void overton(void) { compare(100, 0, ICT_PPS_OVERTON); }
static void hartley_rao(void) { compare(100, 0, ICT_PPS_HARTLEY_RAO); }

/* R's survey.ultimate.cluster. */
static void later_stages_left_out(void) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    draw(&drawn, seed, 2, ICT_PPS_NONE);
    drawn.shape.one_stage = true;
    ict_cube *cube = cube_of(&drawn.input, 3);
    CU_ASSERT_EQUAL(differences(cube, &drawn), 0);
    ict_cube_free(cube);
  }
}

/* The same chunks twice: not one bit apart. */
static void same_bits(void) {
  for (uint64_t seed = 1; seed <= 30; seed++) {
    draw(&drawn, seed, 2, seed % 2 ? ICT_PPS_NONE : ICT_PPS_BREWER);
    ict_cube *p = cube_of(&drawn.input, 2), *q = cube_of(&drawn.input, 2);
    for (size_t g = 0; g < N_MARGINS; g++)
      for (size_t c = 0; c < margins[g].n_cells; c++)
        for (size_t m = 0; m < N_MEASURES; m++)
          CU_ASSERT_EQUAL(memcmp((ict_sums[]){ict_cube_sums(p, g, c, m)},
                                 (ict_sums[]){ict_cube_sums(q, g, c, m)}, sizeof(ict_sums)),
                          0);
    ict_cube_free(p);
    ict_cube_free(q);
  }
}

/* Cochran 1977, section 10.3: n of N PSUs, m of M units in each, s1^2 and s2^2 the variances
 * between the means of PSUs and within them; v(mean) = (1-f1)/n s1^2 + f1 (1-f2)/(n m) s2^2. Two of
 * four PSUs, two of five units in each, of one row: (1, 3) and (4, 8). The means are 2 and 6, so
 * s1^2 = 8, s2^2 = (2 + 8)/2 = 5, and v = 0.5/2 8 + 0.5 0.6/4 5 = 2.375. */
static void cochran(void) {
  static const uint64_t psus[] = {0, 2, 4}, strata[] = {0, 2}, units[] = {0, 1, 2, 3, 4},
                        below_first[] = {0, 2, 4}, parents[] = {0, 1, 2};
  static const double f1[] = {0.5}, f2[] = {0.4, 0.4};
  static const ict_stage stage = {4, 2, units, below_first, parents, f2, NULL, NULL, NULL};
  memset(&drawn, 0, sizeof drawn);
  drawn.design = (ict_design){.n_rows = 4,
                              .n_psu = 2,
                              .n_strata = 1,
                              .psu_first_row = psus,
                              .stratum_first_psu = strata,
                              .fraction = f1,
                              .n_stages = 1,
                              .stages = &stage};
  static const bool is_numeric[] = {true};
  drawn.shape = (ict_cube_shape){
      .n_measures = 1, .numeric = is_numeric, .n_fine = 1, .n_margins = 1, .margins = margins};
  memcpy(drawn.y[0], (double[]){1, 3, 4, 8}, 4 * sizeof(double));
  for (size_t m = 0; m < N_MEASURES; m++) drawn.values[m].y = drawn.y[0];
  drawn.input = (cube_input){&drawn.design, &drawn.shape, drawn.fine, drawn.values};
  ict_cube *cube = cube_of(&drawn.input, 1);
  const ict_sums *s = (ict_sums[]){ict_cube_sums(cube, 0, 0, 0)};
  CU_ASSERT_DOUBLE_EQUAL(s->v_aa / 16, 2.375, 1e-15); /* of the total of 4 rows of weight 1 */
  ict_cube_free(cube);
}

static void survives_short_memory(void) {
  draw(&drawn, 9, 2, ICT_PPS_BREWER);
  cube_of_short_memory(&drawn.input);
}

SUITE("cube.stages", TEST(one_stage), TEST(two_stages), TEST(three_stages), TEST(brewer),
      TEST(brewer_in_two_stages), TEST(overton), TEST(hartley_rao), TEST(later_stages_left_out),
      TEST(same_bits), TEST(cochran), TEST(survives_short_memory))
