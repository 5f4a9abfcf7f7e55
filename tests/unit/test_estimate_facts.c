/* Estimates of a small sample against R's survey package: proportion, mean, ratio, total and
 * count, whole and in two domains, every lonely-PSU policy, with and without fpc, missing
 * values, zero weights. Facts and the R commands: test_estimate_facts.R. */
#include <math.h>

#include "estimate/estimate.h"
#include "suite.h"

typedef struct fact {
  bool fpc;
  ict_lonely policy;
  bool in_domain;
  int cell; /* -1: all; else g */
  ict_estimator kind;
  double r[7]; /* estimate, SE, deff, deff "replace", df, limits */
} fact;

#include "test_estimate_facts.inc"

#define N_ROWS  (sizeof row_psu / sizeof *row_psu)
#define N_FACTS (sizeof facts / sizeof *facts)
enum { N_STRATA = 5, N_PSU = 11 };

/* Order of estimators.def. */
enum { N_LINEAR = ICT_EST_COUNT + 1 }; /* what one cube can have side by side */
static const bool numeric[] = {false, true, true, true, false};
static const uint32_t to_total[] = {0, 0}, to_g[] = {0, 1};
static const ict_margin margins[] = {{1, to_total}, {2, to_g}};

typedef struct small {
  ict_design design;
  uint64_t psu_first[N_PSU + 1], stratum_first[N_STRATA + 1];
  double fraction[N_STRATA];
  uint32_t fine[N_ROWS];
  ict_cube_shape shape;
} small;

static void make(small *s, const fact *f) {
  size_t psu = 0, h = 0;
  for (size_t i = 0; i < N_ROWS; i++) {
    s->fine[i] = (uint32_t)row_g[i];
    if (i == 0 || row_psu[i] != row_psu[i - 1]) {
      if (i == 0 || row_stratum[i] != row_stratum[i - 1]) s->stratum_first[h++] = psu;
      s->psu_first[psu++] = i;
    }
  }
  s->psu_first[N_PSU] = N_ROWS;
  s->stratum_first[N_STRATA] = N_PSU;
  s->design = (ict_design){.n_rows = N_ROWS,
                           .n_psu = N_PSU,
                           .n_strata = N_STRATA,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .weight = row_weight,
                           .fraction = f->fpc ? s->fraction : NULL};
  for (h = 0; h < N_STRATA; h++) {
    double population = row_psus_in_population[s->psu_first[s->stratum_first[h]]];
    s->fraction[h] = (double)ict_design_psus_in(&s->design, h) / population;
  }
  s->shape = (ict_cube_shape){.n_measures = N_LINEAR,
                              .numeric = numeric,
                              .n_fine = 2,
                              .n_margins = 2,
                              .margins = margins,
                              .lonely = f->policy,
                              .lonely_in_domain = f->in_domain};
}

static ict_cube *compute(const small *s) {
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_cube_new(&s->shape, &s->design, &cube, NULL), ICT_OK);
  for (size_t h = 0, p = 0; h < N_STRATA; h++) {
    CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, h, NULL), ICT_OK);
    for (; p < s->stratum_first[h + 1]; p++) {
      size_t i = s->psu_first[p];
      ict_cube_values v[] = {{.answer = row_yes + i},
                             {.y = row_y + i},
                             {.y = row_y + i, .x = row_x + i},
                             {.y = row_y + i},
                             {.answer = row_yes + i}};
      ict_cube_rows rows = {s->psu_first[p + 1] - i, s->fine + i, row_weight + i, v, i};
      CU_ASSERT_EQUAL(ict_cube_add(cube, &rows, NULL), ICT_OK);
      CU_ASSERT_EQUAL(ict_cube_close_psu(cube, NULL), ICT_OK);
    }
    CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_OK);
  return cube;
}

/* 1e-10 relative is the promise; R's own qt has some 1e-12. */
static bool agrees(double ours, double r) {
  if (isnan(r)) return isnan(ours);
  return fabs(ours - r) <= 1e-10 * fabs(r);
}

static void agrees_with_r(void) {
  for (size_t i = 0; i < N_FACTS; i++) {
    const fact *f = &facts[i];
    small s;
    make(&s, f);
    ict_cube *cube = compute(&s);
    const ict_sums *sums = f->cell < 0
                               ? (ict_sums[]){ict_cube_sums(cube, 0, 0, f->kind)}
                               : (ict_sums[]){ict_cube_sums(cube, 1, (size_t)f->cell, f->kind)};
    ict_estimate_options options = {.deff = ICT_DEFF_WOR};
    ict_estimate_result wor, wr;
    ict_estimate(f->kind, sums, &options, &wor);
    options.deff = ICT_DEFF_WR;
    ict_estimate(f->kind, sums, &options, &wr);
    double ours[] = {wor.estimate, wor.se, wor.deff, wr.deff, wor.df, wor.ci_low, wor.ci_high};
    for (size_t k = 0; k < 7; k++) {
      CU_ASSERT(agrees(ours[k], f->r[k]));
      if (!agrees(ours[k], f->r[k]))
        printf("\n  fact %zu (%s, cell %d), number %zu: ours %.17g, R %.17g", i,
               ict_estimator_name(f->kind), f->cell, k, ours[k], f->r[k]);
    }
    ict_cube_free(cube);
  }
}

SUITE("estimate.facts", TEST(agrees_with_r))
