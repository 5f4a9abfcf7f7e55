/* Degrees of freedom of weights that came with the data against the obvious twin: R's rule, one
 * replicate after the other by Gram and Schmidt's method over the rows of each cell and measure.
 * Weights of every make: with few relations and with many, by PSU and by row, rounded. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "replicate_help.h"

enum { N_FINE = 12, N_MEASURES = 11, MOST_ROWS = 2400, MOST_REPLICATES = 60, N_MARGINS = 4 };

static const bool numeric[N_MEASURES] = {false};
static const uint32_t none = ICT_NO_CELL;
static uint32_t cell_of[N_MARGINS][N_FINE];
static ict_margin margins[N_MARGINS];
static const ict_cube_shape shape = {.n_measures = N_MEASURES,
                                     .numeric = numeric,
                                     .n_fine = N_FINE,
                                     .n_margins = N_MARGINS,
                                     .margins = margins};

/* From coarse to fine and across; one leaves fine cells out. */
static int make_margins(void) {
  for (uint32_t f = 0; f < N_FINE; f++) {
    cell_of[0][f] = 0;
    cell_of[1][f] = f / 3;
    cell_of[2][f] = f;
    cell_of[3][f] = f % 5 == 4 ? none : f % 3;
  }
  static const size_t n_cells[N_MARGINS] = {1, 4, N_FINE, 3};
  for (size_t g = 0; g < N_MARGINS; g++) margins[g] = (ict_margin){n_cells[g], cell_of[g]};
  return 0;
}

typedef enum make_of {
  BOOTSTRAP, /* counts */
  HALVES,    /* one of two PSUs of a stratum, the other twice */
  ROUNDED,   /* the same, times weights, in seven digits */
  JACKKNIFE, /* a replicate for each of the first PSUs */
  GROUPS,    /* a replicate for each of some groups of PSUs */
  COMBINED,  /* all replicates are combinations of a few */
  BY_ROW,    /* each row its own */
  NEARLY,    /* a PSU's rows differ a little, in few ways: see near */
  CENTS,     /* of a PSU's rows alike but for rounding to two decimals, light ones too */
  N_MAKES
} make_of;

typedef struct sample {
  ict_design design;
  ict_replicate_weights own;
  uint64_t psu_first[MOST_ROWS + 1], stratum_first[2];
  double weight[MOST_ROWS], replicate[MOST_ROWS * MOST_REPLICATES];
  uint32_t fine[MOST_ROWS];
  uint8_t answer[N_MEASURES][MOST_ROWS];
} sample;

static double seven_digits(double x) {
  char text[32];
  snprintf(text, sizeof text, "%.7g", x);
  return atof(text);
}

/* The same for the same i, j and seed. */
static uint64_t hash_of(size_t i, size_t j, uint64_t seed) {
  uint64_t h = (i + 1) * 0x9E3779B97F4A7C15u ^ (j + 1) * 0xBF58476D1CE4E5B9u ^ seed;
  h = (h ^ h >> 30) * 0x94D049BB133111EBu;
  return h ^ h >> 31;
}

/* Of a PSU under replicate r of n. */
static double factor_of(make_of how, size_t psu, size_t r, size_t n, uint64_t seed) {
  double sum = 0;
  switch (how) {
    case HALVES:
    case ROUNDED:
      return hash_of(psu / 2, r, seed) % 2 == psu % 2 ? 2 : 0;
    case JACKKNIFE:
    case GROUPS:
      return psu % n == r ? 0 : (double)n / (double)(n - 1);
    case COMBINED:
      for (size_t k = 0; k < 7; k++)
        sum += (double)(hash_of(psu, k, seed) % 8 * (hash_of(k, r, seed + 1) % 8));
      return sum;
    default:
      return (double)(hash_of(psu, r, seed) % 3);
  }
}

/* Mostly what the PSU's kind has and a little of one replicate; some have that replicate alone,
 * which is the difference of two that are near. */
static double near(size_t psu, size_t r, size_t way, double little, uint64_t seed) {
  double alone = r == way ? 1 : 0;
  return psu % 7 == 0 ? alone : (double)(1 + hash_of(psu % 3, r, seed) % 4) + little * alone;
}

static void draw(sample *s, make_of how, size_t n_rows, uint64_t seed) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  size_t n = how == JACKKNIFE ? MOST_REPLICATES : 4 + below(MOST_REPLICATES - 4),
         most_in_psu = 1 + below(6), psu = 0;
  double missing = uniform() < 0.5 ? 0.05 : 0.4;
  bool own_universe = uniform() < 0.3;
  double little = pow(10, -1 - (double)(seed % 3));
  static const double scales[] = {0.1, 1, 10, 1e7}; /* rounding is far from R's tolerance */
  double scale = scales[seed % 4];
  for (size_t row = 0; row < n_rows;) {
    s->psu_first[psu++] = row;
    for (size_t end = row + 1 + below(most_in_psu); row < end && row < n_rows; row++) {
      s->weight[row] = uniform() < 0.03 ? 0 : exp(2 * uniform());
      s->fine[row] = uniform() < 0.05 ? ICT_NO_CELL : (uint32_t)below(uniform() < 0.4 ? 2 : N_FINE);
      bool is_a = uniform() < 0.5;
      for (size_t m = 0; m < N_MEASURES; m++)
        s->answer[m][row] =
            uniform() < missing || (own_universe && (m % 2 == 0) != is_a) ? 2 : m % 2;
      size_t way = how == NEARLY ? below(5) : 0;
      for (size_t r = 0; r < n; r++) {
        double w = s->weight[row] * factor_of(how, psu, r, n, seed);
        if (how == NEARLY) w = s->weight[row] * near(psu, r, way, little, seed);
        if (how == ROUNDED) w = seven_digits(w);
        if (how == CENTS) w = round(100 * scale * w) / 100;
        if (how == BY_ROW) w *= 0.5 + uniform();
        s->replicate[row * n + r] = w;
      }
    }
  }
  s->psu_first[psu] = n_rows;
  s->stratum_first[1] = psu;
  s->own = (ict_replicate_weights){
      .type = ICT_REPLICATE_OTHER, .n = n, .weight = s->replicate, .scale = 1};
  s->design = (ict_design){.has_psu = true,
                           .n_rows = n_rows,
                           .n_psu = psu,
                           .n_strata = 1,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .weight = s->weight,
                           .replicates = &s->own};
}

static ict_status pass(const sample *s, const ict_replicates *r, int threads,
                       ict_replicate_totals **out) {
  ict_cube_values values[N_MEASURES];
  for (size_t m = 0; m < N_MEASURES; m++) values[m] = (ict_cube_values){.answer = s->answer[m]};
  ict_cube_rows rows = {s->design.n_rows, s->fine, s->weight, values, 0};
  ict_replicate_totals *t = NULL;
  ict_status st = ict_replicate_totals_new(r, &shape, NULL, &t, NULL);
  if (st == ICT_OK) st = ict_replicate_add(t, &rows, 0, NULL);
  if (st == ICT_OK) st = ict_replicate_finish(t, threads, NULL);
  *out = st == ICT_OK ? t : NULL;
  if (st != ICT_OK) ict_replicate_totals_free(t);
  return st;
}

static bool is_in(const sample *s, size_t g, size_t c, size_t m, size_t row) {
  return s->fine[row] != ICT_NO_CELL && cell_of[g][s->fine[row]] == c && s->weight[row] > 0 &&
         s->answer[m][row] < 2;
}

static uint32_t twin(const sample *s, size_t g, size_t c, size_t m) {
  static size_t rows[MOST_ROWS];
  ict_span span;
  size_t n = 0;
  for (size_t i = 0; i < s->design.n_rows; i++)
    if (is_in(s, g, c, m, i)) rows[n++] = i;
  if (n == 0) return 0;
  CU_ASSERT_EQUAL_FATAL(ict_span_init(&span, n), ICT_OK);
  for (size_t r = 0; r < s->own.n; r++) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
      span.rest[i] = s->replicate[rows[i] * s->own.n + r];
      squares += span.rest[i] * span.rest[i];
    }
    CU_ASSERT_EQUAL_FATAL(ict_span_add(&span, sqrt(squares)), ICT_OK);
  }
  uint32_t rank = (uint32_t)span.rank;
  ict_span_done(&span);
  return rank;
}

static void compare(const sample *s, int threads) {
  ict_replicates *r = make(&s->design, NULL, 0);
  ict_replicate_totals *t;
  size_t wrong = 0;
  CU_ASSERT_EQUAL_FATAL(pass(s, r, threads, &t), ICT_OK);
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++)
        wrong += t->rank[(t->first_cell[g] + c) * N_MEASURES + m] != twin(s, g, c, m);
  CU_ASSERT_EQUAL(wrong, 0);
  ict_replicate_totals_free(t);
  ict_replicates_free(r);
}

static sample drawn;

static void agree_with_twin(void) {
  for (uint64_t seed = 1; seed <= 20; seed++)
    for (make_of how = 0; how < N_MAKES; how++) {
      draw(&drawn, how, 20 + below(300), seed);
      compare(&drawn, 1 + (int)(seed % 3));
    }
}

/* So many directions that their products are not kept. */
static void many_directions(void) {
  for (make_of how = 0; how < N_MAKES; how++) {
    draw(&drawn, how == HALVES ? BY_ROW : how, MOST_ROWS, 90 + how);
    compare(&drawn, 2);
  }
}

static void same_by_any_instructions(void) {
  static const char *const simd[] = {"baseline", "avx2", "avx512"};
  for (size_t k = 0; k < 3; k++) {
    setenv("ICTSTAT_SIMD", simd[k], 1);
    for (uint64_t seed = 50; seed < 53; seed++)
      for (make_of how = 0; how < N_MAKES; how++) {
        draw(&drawn, how, 200, seed);
        compare(&drawn, 1);
      }
  }
  unsetenv("ICTSTAT_SIMD");
}

static void short_of_memory(void) {
  static const make_of makes[] = {BOOTSTRAP, CENTS};
  for (size_t k = 0; k < 2; k++) {
    draw(&drawn, makes[k], 150, 7);
    ict_replicates *r = make(&drawn.design, NULL, 0);
    ict_replicate_totals *t = NULL;
    for (long n = 0; !t && n < 4000; n++) {
      ict_mem_fail_after(n);
      ict_status st = pass(&drawn, r, 2, &t);
      ict_mem_fail_after(-1);
      CU_ASSERT_TRUE(st == ICT_OK ? t != NULL : st == ICT_FAIL && t == NULL);
    }
    CU_ASSERT_PTR_NOT_NULL(t);
    ict_replicate_totals_free(t);
    ict_replicates_free(r);
  }
}

SUITE_WITH("replicate.rank", make_margins, NULL, TEST(agree_with_twin), TEST(many_directions),
           TEST(same_by_any_instructions), TEST(short_of_memory))
