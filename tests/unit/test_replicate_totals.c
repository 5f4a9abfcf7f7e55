/* Totals under replicates against the obvious twin (each row times its weight in each replicate),
 * cut into chunks anywhere; laws that tie replicates to linearisation; memory that runs out
 * anywhere. */
#include <math.h>
#include <string.h>

#include "estimate/estimate.h"
#include "random.h"
#include "replicate_help.h"

enum { N_MEASURES = 3, N_FINE = 4, MOST = 400, OWN = 5 };

static const bool numeric[N_MEASURES] = {false, true, true};
static const uint32_t cell_of[2][N_FINE] = {{0, 0, 0, 0}, {0, 1, ICT_NO_CELL, 1}};
static const ict_margin margins[2] = {{1, cell_of[0]}, {2, cell_of[1]}};
static const ict_cube_shape shape = {.n_measures = N_MEASURES,
                                     .numeric = numeric,
                                     .n_fine = N_FINE,
                                     .n_margins = 2,
                                     .margins = margins};
/* One margin, of which there are fewer cells than fine ones: totals are kept by margin. */
static const ict_cube_shape narrow = {.n_measures = N_MEASURES,
                                      .numeric = numeric,
                                      .n_fine = N_FINE,
                                      .n_margins = 1,
                                      .margins = margins};

typedef struct sample {
  ict_design design;
  ict_replicate_weights own;
  uint64_t psu_first[MOST + 1], stratum_first[40];
  double weight[MOST], y[MOST], x[MOST], replicate[MOST * OWN], fraction[40];
  uint32_t fine[MOST];
  uint8_t answer[MOST];
  ict_cube_values values[N_MEASURES];
} sample;

/* pairs: two PSUs in every stratum. */
static void draw(sample *s, uint64_t seed, bool pairs) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  size_t n_strata = 1 + below(8), psu = 0, row = 0;
  for (size_t h = 0; h < n_strata; h++) {
    s->stratum_first[h] = psu;
    s->fraction[h] = pairs ? 0 : 0.9 * uniform();
    for (size_t n = pairs ? 2 : 2 + below(5); n-- > 0;) {
      s->psu_first[psu++] = row;
      for (size_t end = row + 1 + below(8); row < end; row++) {
        s->weight[row] = uniform() < 0.1 ? 0 : exp(3 * uniform());
        s->fine[row] = uniform() < 0.1 ? ICT_NO_CELL : (uint32_t)below(N_FINE);
        s->answer[row] = (uint8_t)below(3);
        s->y[row] = uniform() < 0.1 ? (double)NAN : 10 * uniform();
        s->x[row] = 1 + floor(5 * uniform());
        for (size_t r = 0; r < OWN; r++) s->replicate[row * OWN + r] = s->weight[row] * uniform();
      }
    }
  }
  s->psu_first[psu] = row;
  s->stratum_first[n_strata] = psu;
  s->own = (ict_replicate_weights){
      .type = ICT_REPLICATE_OTHER, .n = OWN, .weight = s->replicate, .scale = 0.25};
  s->design = (ict_design){.has_strata = true,
                           .has_psu = true,
                           .n_rows = row,
                           .n_psu = psu,
                           .n_strata = n_strata,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .fraction = s->fraction,
                           .weight = s->weight,
                           .replicates = &s->own};
  s->values[0] = (ict_cube_values){.answer = s->answer};
  s->values[1] = (ict_cube_values){.y = s->y};
  s->values[2] = (ict_cube_values){.y = s->y, .x = s->x};
}

/* Rows [from, to), to the totals and (may be NULL) the cube. */
static ict_status feed(const sample *s, size_t from, size_t to, ict_replicate_totals *t,
                       ict_cube *cube) {
  ict_cube_values v[N_MEASURES];
  for (size_t m = 0; m < N_MEASURES; m++) {
    v[m] = s->values[m];
    if (v[m].answer) v[m].answer += from;
    if (v[m].y) v[m].y += from;
    if (v[m].x) v[m].x += from;
  }
  ict_cube_rows rows = {to - from, s->fine + from, s->weight + from, v, from};
  ict_status st = cube ? ict_cube_add(cube, &rows, NULL) : ICT_OK;
  return st == ICT_OK ? ict_replicate_add(t, &rows, from, NULL) : st;
}

/* A chunk's totals by way of bytes. */
static ict_status through_bytes(ict_replicate_totals *part, size_t from, size_t to) {
  ict_out *out = NULL;
  char *bytes = NULL;
  size_t len = 0;
  ict_status st;
  ICT_TRY(done, st, ict_out_memory(&out, NULL));
  ICT_TRY(done, st, ict_replicate_save(part, from, to, out, NULL));
  bytes = ict_out_take(out, &len, NULL);
  out = NULL;
  if (!bytes) return ICT_FAIL;
  ict_unpack all = {(const unsigned char *)bytes, len};
  ICT_TRY(done, st, ict_replicate_load(part, &all, NULL));
  CU_ASSERT_EQUAL(all.left, 0);
done:
  ict_out_discard(out);
  ict_free(bytes);
  return st;
}

typedef struct how {
  const ict_cube_shape *shape;
  size_t chunk; /* PSUs */
  bool by_bytes;
  double most_fine; /* bytes; 0: the constants */
} how;

/* Chunks of some PSUs each. */
static ict_status pass(const sample *s, const ict_replicates *r, how h,
                       ict_replicate_totals **out) {
  ict_replicate_totals *whole = NULL, *part = NULL;
  size_t from = 0, chunk = h.chunk;
  ict_status st;
  ICT_TRY(done, st, ict_replicate_totals_new(r, h.shape, NULL, &whole, NULL));
  ICT_TRY(done, st, ict_replicate_totals_new(r, h.shape, whole, &part, NULL));
  if (h.most_fine > 0) part->most_fine = whole->most_fine = h.most_fine;
  for (size_t p = 0; p < s->design.n_psu; p++) {
    ICT_TRY(done, st, feed(s, s->psu_first[p], s->psu_first[p + 1], part, NULL));
    ICT_TRY(done, st, ict_replicate_close_psu(part, p, NULL));
    if ((p + 1) % chunk != 0 && p + 1 != s->design.n_psu) continue;
    if (h.by_bytes) ICT_TRY(done, st, through_bytes(part, from, s->psu_first[p + 1]));
    from = s->psu_first[p + 1];
    ICT_TRY(done, st, ict_replicate_merge(whole, part, NULL));
  }
  ICT_TRY(done, st, ict_replicate_finish(whole, 1, NULL));
  *out = whole;
  whole = NULL;
done:
  ict_replicate_totals_free(whole);
  ict_replicate_totals_free(part);
  return st;
}

static void twin(const sample *s, const ict_replicates *r, size_t margin, size_t cell, size_t m,
                 double *a, double *b) {
  double factor[64];
  memset(a, 0, r->n * sizeof *a);
  memset(b, 0, r->n * sizeof *b);
  for (size_t p = 0; p < s->design.n_psu; p++) {
    if (r->form != FORM_ROWS) ict_replicates_multipliers(r, p, factor);
    for (size_t i = s->psu_first[p]; i < s->psu_first[p + 1]; i++) {
      if (s->fine[i] == ICT_NO_CELL || cell_of[margin][s->fine[i]] != cell) continue;
      double y = m == 0 ? s->answer[i] == 1 : s->y[i];
      double x = m == 0 ? s->answer[i] == 0 : m == 1 ? 1 : s->x[i];
      if (isnan(y) || (m == 0 && s->answer[i] > 1)) continue;
      for (size_t k = 0; k < r->n; k++) {
        double w = r->form == FORM_ROWS ? s->replicate[i * OWN + k] : s->weight[i] * factor[k];
        a[k] += w * y;
        b[k] += w * x;
      }
    }
  }
}

static bool near(double x, double y, double size) { return fabs(x - y) <= 1e-12 * size; }

static size_t differences(const sample *s, const ict_replicates *r, const ict_replicate_totals *t) {
  double a[64], b[64];
  size_t wrong = 0;
  ict_replicate_room *room;
  CU_ASSERT_EQUAL_FATAL(ict_replicate_room_new(t, &room, NULL), ICT_OK);
  for (size_t g = 0; g < t->shape->n_margins; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++) {
        ict_replicate_cell cell = ict_replicate_cell_of(t, g, c, m, room);
        twin(s, r, g, c, m, a, b);
        for (size_t k = 0; k < r->n; k++)
          wrong +=
              !near(cell.a ? cell.a[k] : 0, a[k], 1e4) || !near(cell.b ? cell.b[k] : 0, b[k], 1e4);
        double full = 0;
        size_t dropped;
        if (!cell.a) continue;
        for (size_t k = 0; k < r->n; k++) full += a[k] / (double)r->n;
        double v = ict_replicate_variance(r, cell.a, full, &dropped);
        cell = ict_replicate_cell_in_brief(t, g, c, m, room);
        double brief = ict_replicate_cell_variance(&cell, cell.a, full, &dropped);
        wrong += !near(v, brief, fmax(v, 1e-20 * full * full)) || dropped > 0;
      }
  ict_replicate_room_free(room);
  return wrong;
}

static void agree_with_twin(void) {
  static const char *const kinds[] = {NULL,  "jkn",    "bootstrap:11",  "subbootstrap:7",
                                      "brr", "sdr:12", "mrbbootstrap:9"};
  sample s;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    const char *kind = kinds[seed % 7];
    draw(&s, seed, kind && strcmp(kind, "brr") == 0);
    ict_replicates *r = make(&s.design, kind, 3);
    for (size_t chunk = 1; chunk < 50; chunk = 4 * chunk + 1)
      for (int k = 0; k < 3; k++) { /* k = 1: fine cells roll up early */
        ict_replicate_totals *t = NULL;
        how h = {k < 2 ? &shape : &narrow, chunk, (chunk + seed) % 2, k == 1};
        CU_ASSERT_EQUAL_FATAL(pass(&s, r, h, &t), ICT_OK);
        CU_ASSERT_EQUAL(differences(&s, r, t), 0);
        ict_replicate_totals_free(t);
      }
    ict_replicates_free(r);
  }
}

/* Where nobody asks for df they are not counted, and the totals are the same. */
static void no_df(void) {
  static const char *const kinds[] = {NULL, "jkn", "bootstrap:5"};
  sample s;
  draw(&s, 6, false);
  for (size_t k = 0; k < 3; k++) {
    ict_replicate_request request = {.kind = kinds[k], .seed = 3, .no_df = true};
    ict_replicates *r = NULL;
    ict_replicate_totals *t = NULL;
    ict_replicate_room *room;
    CU_ASSERT_EQUAL_FATAL(ict_replicates_new(&s.design, &request, &r, NULL), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(pass(&s, r, (how){&shape, 4, true, 0}, &t), ICT_OK);
    CU_ASSERT_EQUAL(differences(&s, r, t), 0);
    CU_ASSERT_PTR_NULL(t->rank);
    CU_ASSERT_EQUAL_FATAL(ict_replicate_room_new(t, &room, NULL), ICT_OK);
    CU_ASSERT_TRUE(isnan(ict_replicate_cell_of(t, 0, 0, 0, room).df));
    ict_replicate_room_free(room);
    ict_replicate_totals_free(t);
    ict_replicates_free(r);
  }
}

/* The variance of a total: by the stratified jackknife and by balanced half-samples it is that of
 * linearisation to the last rounding (Wolter 2007, 3.2 and 4.2). */
static void totals_as_linearised(void) {
  static const char *const kinds[] = {"jkn", "brr", "fay:0.4"};
  sample s;
  for (uint64_t seed = 1; seed <= 30; seed++) {
    draw(&s, seed, seed % 3 != 0);
    ict_replicates *r = make(&s.design, kinds[seed % 3], 3);
    ict_replicate_totals *t = NULL;
    ict_cube *cube = NULL;
    CU_ASSERT_EQUAL_FATAL(pass(&s, r, (how){&shape, 3, false, 0}, &t), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(ict_cube_new(&shape, &s.design, &cube, NULL), ICT_OK);
    ict_replicate_totals *unused = NULL;
    CU_ASSERT_EQUAL_FATAL(ict_replicate_totals_new(r, &shape, NULL, &unused, NULL), ICT_OK);
    for (size_t h = 0; h < s.design.n_strata; h++) {
      ict_cube_open_stratum(cube, h, NULL);
      for (size_t p = s.stratum_first[h]; p < s.stratum_first[h + 1]; p++) {
        feed(&s, s.psu_first[p], s.psu_first[p + 1], unused, cube);
        ict_cube_close_psu(cube, NULL);
      }
      ict_cube_close_stratum(cube, NULL);
    }
    ict_cube_finish(cube, NULL);
    double theta[MOST];
    ict_replicate_room *room;
    CU_ASSERT_EQUAL_FATAL(ict_replicate_room_new(t, &room, NULL), ICT_OK);
    for (size_t c = 0; c < 2; c++) {
      ict_replicate_cell cell = ict_replicate_cell_in_brief(t, 1, c, 1, room);
      const ict_sums *sums = (ict_sums[]){ict_cube_sums(cube, 1, c, 1)};
      ict_estimate_options o = {.replicate = &cell, .theta = theta}, plain = {0};
      ict_estimate_result by, linear;
      ict_estimate(ICT_EST_TOTAL, sums, &o, &by);
      ict_estimate(ICT_EST_TOTAL, sums, &plain, &linear);
      if (linear.n == 0) continue;
      CU_ASSERT_DOUBLE_EQUAL(by.se, linear.se, 1e-11 * fabs(linear.estimate));
      CU_ASSERT_EQUAL(by.estimate, linear.estimate);
    }
    ict_replicate_room_free(room);
    ict_replicate_totals_free(unused);
    ict_cube_free(cube);
    ict_replicate_totals_free(t);
    ict_replicates_free(r);
  }
}

/* V by hand: thetas 1, 2, 4 and one that is not there; scale 1/2, rscales 1, 2, 1, 5. */
static void variance_by_hand(void) {
  static const double rscale[] = {1, 2, 1, 5}, theta[] = {1, 2, 4, NAN},
                      lost[] = {NAN, NAN, NAN, NAN};
  static const double same[] = {0.1, 0.1 + 1e-17, 0.1, 0.1 - 1e-17};
  ict_replicates r = {.n = 4, .scale = 0.5, .rscale = rscale};
  size_t dropped;
  double mean = 7. / 3;
  double about_mean =
      0.5 * ((1 - mean) * (1 - mean) + 2 * (2 - mean) * (2 - mean) + (4 - mean) * (4 - mean));
  CU_ASSERT_DOUBLE_EQUAL(ict_replicate_variance(&r, theta, 3, &dropped), about_mean, 1e-14);
  CU_ASSERT_EQUAL(dropped, 1);
  r.mse = true;
  CU_ASSERT_DOUBLE_EQUAL(ict_replicate_variance(&r, theta, 3, &dropped), 0.5 * (4 + 2 + 1), 1e-14);
  CU_ASSERT_TRUE(isnan(ict_replicate_variance(&r, lost, 3, &dropped)));
  CU_ASSERT_EQUAL(ict_replicate_variance(&r, same, 0.1, &dropped), 0);
}

static void short_of_memory(void) {
  static const char *const kinds[] = {NULL, "jkn", "bootstrap:5", "sdr:8", "mrbbootstrap:5"};
  sample s;
  draw(&s, 4, false);
  for (size_t k = 0; k < 5; k++) {
    ict_replicates *r = make(&s.design, kinds[k], 3);
    ict_replicate_totals *t = NULL;
    for (long n = 0; !t && n < 2000; n++) {
      ict_mem_fail_after(n);
      ict_status st = pass(&s, r, (how){&shape, 4, true, 1}, &t);
      ict_mem_fail_after(-1);
      CU_ASSERT_TRUE(st == ICT_OK ? t != NULL : st == ICT_FAIL && t == NULL);
    }
    CU_ASSERT_PTR_NOT_NULL(t);
    ict_replicate_totals_free(t);
    ict_replicates_free(r);
  }
}

SUITE("replicate.totals", TEST(agree_with_twin), TEST(totals_as_linearised), TEST(no_df),
      TEST(variance_by_hand), TEST(short_of_memory))
