/* The cube against its obvious twin on random designs: lonely PSUs under every policy, fpc,
 * empty cells, zero weights, missing values, many margins, and chunk borders anywhere. */
#include <string.h>

#include "twin.h"

enum { N_MEASURES = 4, N_FINE = 12, N_MARGINS = 4, MOST_ROWS = 4000, MOST_PSUS = 1000 };

/* Fine cell = 4 * i + j, i in 0..2, j in 0..3. Margins: total, i, j (its last class is "in
 * none"), i x j. */
static uint32_t cell_of[N_MARGINS][N_FINE];
static ict_margin margins[N_MARGINS] = {
    {1, cell_of[0]}, {3, cell_of[1]}, {3, cell_of[2]}, {12, cell_of[3]}};
static const bool numeric[N_MEASURES] = {false, true, true, false};

typedef struct sample {
  ict_design design;
  ict_cube_shape shape;
  ict_cube_values values[N_MEASURES];
  uint64_t psu_first[MOST_PSUS + 1], stratum_first[64];
  double weight[MOST_ROWS], fraction[64];
  uint32_t fine[MOST_ROWS];
  uint8_t answer[2][MOST_ROWS];
  double y[2][MOST_ROWS], x[MOST_ROWS];
  cube_input input;
} sample;

static sample drawn;

static void draw_rows(sample *s) {
  for (size_t i = 0; i < s->design.n_rows; i++) {
    s->weight[i] = uniform() < 0.1 ? 0 : exp(6 * uniform());
    s->fine[i] = uniform() < 0.03 ? ICT_NO_CELL : (uint32_t)(below(3) * below(2) * 4 + below(4));
    s->answer[0][i] = (uint8_t)below(3);
    s->answer[1][i] = uniform() < 0.02;
    s->y[0][i] = uniform() < 0.1 ? (double)NAN : 100 * uniform();
    s->y[1][i] = 10 + uniform();
    s->x[i] = uniform() < 0.1 ? (double)NAN : floor(5 * uniform());
  }
}

static void draw(sample *s, uint64_t seed) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  for (size_t f = 0; f < N_FINE; f++) {
    cell_of[1][f] = (uint32_t)f / 4;
    cell_of[2][f] = f % 4 == 3 ? ICT_NO_CELL : (uint32_t)f % 4;
    cell_of[3][f] = (uint32_t)f;
  }
  size_t n_strata = 1 + below(12), psu = 0, row = 0;
  for (size_t h = 0; h < n_strata; h++) {
    s->stratum_first[h] = psu;
    size_t n = uniform() < 0.25 ? 1 : 1 + below(9);
    s->fraction[h] = uniform() < 0.15 ? 1 : uniform() < 0.4 ? 0 : uniform();
    for (size_t j = 0; j < n; j++) {
      s->psu_first[psu++] = row;
      row += 1 + below(uniform() < 0.3 ? 1 : 25);
    }
  }
  s->psu_first[psu] = row;
  s->stratum_first[n_strata] = psu;
  s->design = (ict_design){.n_rows = row,
                           .n_psu = psu,
                           .n_strata = n_strata,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .weight = seed % 5 ? s->weight : NULL,
                           .fraction = seed % 3 ? s->fraction : NULL,
                           .census = seed % 17 == 0};
  s->shape = (ict_cube_shape){.n_measures = N_MEASURES,
                              .numeric = numeric,
                              .n_fine = N_FINE,
                              .n_margins = N_MARGINS,
                              .margins = margins,
                              .lonely = (ict_lonely)(seed % 5),
                              .lonely_in_domain = seed % 2};
  s->values[0].answer = s->answer[0];
  s->values[1].y = s->y[0];
  s->values[2] = (ict_cube_values){.y = s->y[1], .x = s->x};
  s->values[3].answer = s->answer[1];
  s->input = (cube_input){&s->design, &s->shape, s->fine, s->values};
  draw_rows(s);
}

static void add_rows(ict_cube *cube, uint64_t from, uint64_t to) {
  CU_ASSERT_EQUAL(cube_add_rows(&(cube_feeding){&drawn.input, cube}, from, to, NULL), ICT_OK);
}

static void feed(ict_cube *cube, size_t from, size_t to) {
  CU_ASSERT_EQUAL(cube_feed(cube, &drawn.input, from, to), ICT_OK);
}

static ict_cube *new_cube(void) {
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_cube_new(&drawn.shape, &drawn.design, &cube, NULL), ICT_OK);
  return cube;
}

static bool near(double a, double b, double size) {
  if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
  return fabs(a - b) <= 1e-12 * (fabs(size) + fabs(b));
}

/* Sums of the same numbers in another order: rounding only, measured by the size of what was
 * summed. */
static bool same(const ict_sums *p, const ict_sums *q) {
  double a2 = 1e-3 * q->a * q->a, b2 = 1e-3 * q->b * q->b, w = q->w > 0 ? q->w : 1;
  double ab = 1e-3 * q->a * q->b;
  return p->n == q->n && p->n_psu == q->n_psu && p->n_strata == q->n_strata &&
         p->n_present == q->n_present && p->n_lonely == q->n_lonely && near(p->w, q->w, 0) &&
         near(p->a, q->a, 0) && near(p->b, q->b, 0) && near(p->v_aa, q->v_aa, a2) &&
         near(p->v_bb, q->v_bb, b2) && near(p->v_ab, q->v_ab, ab) &&
         near(p->q_aa, q->q_aa, a2 / w) && near(p->q_ab, q->q_ab, ab / w) &&
         near(p->q_bb, q->q_bb, b2 / w);
}

static size_t differences(const ict_cube *cube) {
  size_t wrong = 0;
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++) {
        ict_sums expected = twin_sums(&drawn.input, g, c, m);
        wrong += !same((ict_sums[]){ict_cube_sums(cube, g, c, m)}, &expected);
      }
  return wrong;
}

/* Not one bit apart. */
static bool identical(const ict_cube *p, const ict_cube *q) {
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++)
        if (memcmp((ict_sums[]){ict_cube_sums(p, g, c, m)}, (ict_sums[]){ict_cube_sums(q, g, c, m)},
                   sizeof(ict_sums)) != 0)
          return false;
  return true;
}

static void agrees_in_one_piece(void) {
  for (uint64_t seed = 1; seed <= 300; seed++) {
    draw(&drawn, seed);
    ict_cube *cube = new_cube();
    feed(cube, 0, drawn.design.n_psu);
    CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_OK);
    size_t wrong = differences(cube);
    CU_ASSERT_EQUAL(wrong, 0);
    ict_cube_free(cube);
  }
}

static void agrees_in_chunks(void) {
  for (uint64_t seed = 1; seed <= 150; seed++) {
    draw(&drawn, seed);
    for (size_t size = 0; size < 4; size++) {
      ict_cube *cube = cube_of(&drawn.input, size);
      CU_ASSERT_EQUAL(differences(cube), 0);
      ict_cube_free(cube);
    }
  }
}

/* A cube that has served and was emptied by a merge is as good as new. */
static void same_chunks_same_bits(void) {
  for (uint64_t seed = 1; seed <= 40; seed++) {
    draw(&drawn, seed);
    ict_cube *p = cube_of(&drawn.input, 2), *q = cube_of(&drawn.input, 2);
    CU_ASSERT(identical(p, q));
    ict_cube_free(p);
    ict_cube_free(q);
  }
}

/* ((1 2) 3) and (1 (2 3)): a cube of middle chunks is a chunk like any other. */
static void merging_is_associative(void) {
  for (uint64_t seed = 1; seed <= 150; seed++) {
    draw(&drawn, seed);
    size_t n = drawn.design.n_psu, cut[4] = {0, below(n + 1), below(n + 1), n};
    if (cut[1] > cut[2]) {
      size_t t = cut[1];
      cut[1] = cut[2];
      cut[2] = t;
    }
    for (int right = 0; right < 2; right++) {
      ict_cube *c[3];
      for (size_t i = 0; i < 3; i++) {
        c[i] = new_cube();
        feed(c[i], cut[i], cut[i + 1]);
      }
      if (right) {
        CU_ASSERT_EQUAL(ict_cube_merge(c[1], c[2], NULL), ICT_OK);
        CU_ASSERT_EQUAL(ict_cube_merge(c[0], c[1], NULL), ICT_OK);
      } else {
        CU_ASSERT_EQUAL(ict_cube_merge(c[0], c[1], NULL), ICT_OK);
        CU_ASSERT_EQUAL(ict_cube_merge(c[0], c[2], NULL), ICT_OK);
      }
      CU_ASSERT_EQUAL(ict_cube_finish(c[0], NULL), ICT_OK);
      CU_ASSERT_EQUAL(differences(c[0]), 0);
      for (size_t i = 0; i < 3; i++) ict_cube_free(c[i]);
    }
  }
}

/* The rows of a PSU may come in pieces. */
static void pieces_of_a_psu(void) {
  draw(&drawn, 7);
  const ict_design *d = &drawn.design;
  ict_cube *pieces = new_cube(), *whole = new_cube();
  for (size_t h = 0; h < d->n_strata; h++) {
    CU_ASSERT_EQUAL(ict_cube_open_stratum(pieces, h, NULL), ICT_OK);
    for (size_t p = d->stratum_first_psu[h]; p < d->stratum_first_psu[h + 1]; p++) {
      for (uint64_t i = d->psu_first_row[p]; i < d->psu_first_row[p + 1]; i++)
        add_rows(pieces, i, i + 1);
      CU_ASSERT_EQUAL(ict_cube_close_psu(pieces, NULL), ICT_OK);
    }
    CU_ASSERT_EQUAL(ict_cube_close_stratum(pieces, NULL), ICT_OK);
  }
  feed(whole, 0, d->n_psu);
  CU_ASSERT_EQUAL(ict_cube_finish(pieces, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_cube_finish(whole, NULL), ICT_OK);
  CU_ASSERT(identical(pieces, whole));
  ict_cube_free(pieces);
  ict_cube_free(whole);
}

static void nobody_in_any_cell(void) {
  draw(&drawn, 8);
  for (size_t i = 0; i < drawn.design.n_rows; i++) drawn.fine[i] = ICT_NO_CELL;
  ict_cube *cube = cube_of(&drawn.input, 3);
  CU_ASSERT_EQUAL(differences(cube), 0);
  CU_ASSERT_EQUAL(ict_cube_sums(cube, 0, 0, 0).n, 0);
  ict_cube_free(cube);
}

static void refuses_wrong_order(void) {
  draw(&drawn, 11);
  const ict_design *d = &drawn.design;
  CU_ASSERT_FATAL(d->n_psu > 2);
  ict_cube *cube = new_cube(), *other = new_cube();
  ict_cube_rows none = {0};
  CU_ASSERT_EQUAL(ict_cube_add(cube, &none, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_close_psu(cube, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, d->n_strata, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, 0, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, 1, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_merge(other, cube, NULL), ICT_USAGE);
  CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_USAGE);
  add_rows(cube, 0, 1);
  CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_USAGE);
  ict_cube_free(cube);
  ict_cube_free(other);
}

/* A chunk left out is noticed at the end, one too many at once. */
static void notices_missing_psus(void) {
  uint64_t seed = 1;
  do draw(&drawn, seed++);
  while (ict_design_psus_in(&drawn.design, 0) < 3);
  ict_cube *cube = new_cube();
  feed(cube, 1, drawn.design.n_psu);
  CU_ASSERT_EQUAL(ict_cube_finish(cube, NULL), ICT_USAGE);
  ict_cube_free(cube);
  cube = new_cube();
  feed(cube, 0, 2);
  size_t n = ict_design_psus_in(&drawn.design, 0);
  CU_ASSERT_EQUAL(ict_cube_open_stratum(cube, 0, NULL), ICT_OK);
  for (size_t i = 0; i + 1 < n; i++) CU_ASSERT_EQUAL(ict_cube_close_psu(cube, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_cube_close_stratum(cube, NULL), ICT_USAGE);
  ict_cube_free(cube);
}

static void survives_short_memory(void) {
  draw(&drawn, 3);
  cube_of_short_memory(&drawn.input);
}

SUITE("cube.twin", TEST(agrees_in_one_piece), TEST(agrees_in_chunks), TEST(same_chunks_same_bits),
      TEST(merging_is_associative), TEST(pieces_of_a_psu), TEST(nobody_in_any_cell),
      TEST(refuses_wrong_order), TEST(notices_missing_psus), TEST(survives_short_memory))
