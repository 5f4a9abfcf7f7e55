/* The pass over a hand-made frame and plan: against the twin, the same bits for any number of
 * threads, PSUs larger than a block, all rows in one PSU, every row its own PSU. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "random.h"
#include "scan/inside.h"
#include "suite.h"
#include "twin.h"

enum { N_VARS = 4, N_MEASURES = 4, N_FINE = 3 * 4, N_MARGINS = 4 };
enum { SEX, AGE, NET, SPEED };

static const ict_code sexes[] = {{"M", "male", NULL}, {"F", "female", NULL}};
static const ict_codelist sex_list = {"CL_SEX", "sex", NULL, 2, sexes, NULL};
static const ict_code answers[] = {{"Y", "yes", NULL}, {"N", "no", NULL}};
static const ict_codelist answer_list = {"CL_YN", "yes or no", NULL, 2, answers, NULL};
static ict_variable vars[N_VARS] = {
    {.name = "sex", .type = ICT_TYPE_CODE, .width = ICT_U8, .codes = &sex_list},
    {.name = "age", .type = ICT_TYPE_INTEGER, .width = ICT_I32},
    {.name = "net", .type = ICT_TYPE_CODE, .width = ICT_U16, .codes = &answer_list},
    {.name = "speed", .type = ICT_TYPE_REAL, .width = ICT_F64}};
static const ict_schema schema = {N_VARS, vars, NULL};

/* Ages by search: 0-14, 15-24, 25-74; others are in none. Sexes by table. */
static const ict_class bands[] = {{.id = "Y0T14", .from = 0, .to = 14},
                                  {.id = "Y15T24", .from = 15, .to = 24},
                                  {.id = "Y25T74", .from = 25, .to = 74}};
static const ict_classification by_age = {.id = "itu", .n = 3, .classes = bands};
static uint16_t sex_lut[256];
static const size_t stride[] = {4, 1};
static uint32_t cell_of[N_MARGINS][N_FINE];
static const ict_margin margins[N_MARGINS] = {
    {1, cell_of[0]}, {2, cell_of[1]}, {3, cell_of[2]}, {6, cell_of[3]}};
static const bool numeric[N_MEASURES] = {false, true, true, false};
/* The same for plans that go by the abacus; without them all go by the cube. */
static const size_t both_axes[] = {0, 1};
static const ict_plan_margin plan_margins[N_MARGINS] = {{.axes = both_axes},
                                                        {1, both_axes, 0, false},
                                                        {1, both_axes + 1, 0, false},
                                                        {2, both_axes, 0, false}};

typedef struct world {
  size_t n;
  uint8_t *sex;
  int32_t *age;
  uint16_t *net;
  double *speed, *weight;
  uint64_t *psu_first, *stratum_first;
  const void *columns[N_VARS];
  ict_frame frame;
  ict_plan_axis axes[2];
  ict_plan_measure measures[N_MEASURES];
  ict_expr *exprs[7];
  ict_program *programs[7];
  ict_plan plan;
  uint32_t *fine; /* for the twin */
  ict_cube_values values[N_MEASURES];
  uint8_t *yes[2];
  double *y[2], *x;
} world;

static void fill_tables(void) {
  for (size_t v = 0; v < 256; v++) sex_lut[v] = v < 2 ? (uint16_t)v : 2;
  for (size_t f = 0; f < N_FINE; f++) {
    size_t sex = f / 4, age = f % 4;
    cell_of[1][f] = sex < 2 ? (uint32_t)sex : ICT_NO_CELL;
    cell_of[2][f] = age < 3 ? (uint32_t)age : ICT_NO_CELL;
    cell_of[3][f] = sex < 2 && age < 3 ? (uint32_t)(sex * 3 + age) : ICT_NO_CELL;
  }
}

static void *array(size_t n, size_t size) {
  void *p = calloc(n ? n : 1, size);
  CU_ASSERT_PTR_NOT_NULL_FATAL(p);
  return p;
}

/* Values, and beside them what the scan should make of them, worked out row by row. */
static void fill_rows(world *w) {
  for (size_t i = 0; i < w->n; i++) {
    double u = uniform();
    w->sex[i] = u < 0.48 ? 0 : u < 0.97 ? 1 : ict_missing_u8(ICT_DONT_KNOW);
    w->age[i] = uniform() < 0.03 ? ict_missing_i32(ICT_MISSING) : (int32_t)(100 * uniform());
    u = uniform();
    w->net[i] = u < 0.5 ? 0 : u < 0.93 ? 1 : ict_missing_u16(ICT_NOT_ASKED);
    w->speed[i] = uniform() < 0.2 ? ict_missing_f64(ICT_REFUSED_ANSWER) : 1 + 99 * uniform();
    w->weight[i] = uniform() < 0.05 ? 0 : 1 + 1000 * uniform();

    bool aged = !ict_is_missing_i32(w->age[i]), asked = w->net[i] < 2;
    int age = w->age[i];
    uint32_t band = !aged ? 3 : age <= 14 ? 0 : age <= 24 ? 1 : age <= 74 ? 2 : 3;
    w->fine[i] = sex_lut[w->sex[i]] * 4u + band;
    bool scope = aged && age <= 95;
    bool universe = scope && age >= 15;
    bool fast = !isnan(w->speed[i]);
    w->yes[0][i] = universe && asked ? w->net[i] == 0 : 2;
    w->y[0][i] = universe ? w->speed[i] : (double)NAN;
    w->y[1][i] = scope && fast ? w->speed[i] : (double)NAN;
    w->x[i] = aged && age < 90 ? age : (double)NAN;
    w->yes[1][i] = scope && asked && fast ? w->speed[i] > 50 : 2;
    if (w->net[i] != 0) w->yes[1][i] = 2; /* the denominator */
  }
}

static void program(world *w, size_t k, const char *text, ict_type want) {
  ict_scope scope = {&schema, "the columns"};
  ict_err err = {0};
  ict_status st = ict_expr_parse(text, (ict_origin){"test", 1, 1}, &w->exprs[k], &err);
  if (st == ICT_OK) st = ict_expr_check(w->exprs[k], &scope, want, &w->programs[k], &err);
  if (st != ICT_OK) printf("\n%s: %s", text, err.what);
  CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
}

static void make_plan(world *w) {
  program(w, 0, "age <= 95", ICT_TYPE_BOOLEAN);
  program(w, 1, "age >= 15", ICT_TYPE_BOOLEAN);
  program(w, 2, "net = \"Y\"", ICT_TYPE_BOOLEAN);
  program(w, 3, "speed", ICT_TYPE_REAL);
  program(w, 4, "if age < 90 then age else age / 0", ICT_TYPE_REAL);
  program(w, 5, "speed > 50", ICT_TYPE_BOOLEAN);
  program(w, 6, "net = \"Y\"", ICT_TYPE_BOOLEAN);
  ict_program *const *p = w->programs;
  static const ict_indicator two_items; /* shares one universe */
  w->measures[0] = (ict_plan_measure){.indicator = &two_items,
                                      .estimator = ICT_EST_PROPORTION,
                                      .universe = p[1],
                                      .numerator = p[2]};
  w->measures[1] = (ict_plan_measure){
      .indicator = &two_items, .estimator = ICT_EST_MEAN, .universe = p[1], .numerator = p[3]};
  w->measures[2] =
      (ict_plan_measure){.estimator = ICT_EST_RATIO, .numerator = p[3], .denominator = p[4]};
  w->measures[3] =
      (ict_plan_measure){.estimator = ICT_EST_PROPORTION, .numerator = p[5], .denominator = p[6]};
  w->axes[0] = (ict_plan_axis){.name = "sex", .column = SEX, .n = 2, .lut = sex_lut, .n_lut = 256};
  w->axes[1] = (ict_plan_axis){.name = "age", .column = AGE, .n = 3, .classification = &by_age};
  w->plan = (ict_plan){.frame = &w->frame,
                       .scope = p[0],
                       .n_measures = N_MEASURES,
                       .measures = w->measures,
                       .n_axes = 2,
                       .axes = w->axes,
                       .n_fine = N_FINE,
                       .stride = stride,
                       .n_margins = N_MARGINS,
                       .shape = {.n_measures = N_MEASURES,
                                 .numeric = numeric,
                                 .n_fine = N_FINE,
                                 .n_margins = N_MARGINS,
                                 .margins = margins,
                                 .lonely = ICT_LONELY_ADJUST}};
}

/* Rows in PSUs of 1 to 2 * psu_rows - 1 (psu_rows 0: all in one), PSUs in strata of 1 to 2 *
 * psus - 1 (psus 0: all in one). */
static world *new_world(size_t n, size_t psu_rows, size_t psus) {
  fill_tables();
  draw_from(1);
  world *w = array(1, sizeof *w);
  w->n = n;
  w->sex = array(n, 1);
  w->age = array(n, sizeof *w->age);
  w->net = array(n, sizeof *w->net);
  w->speed = array(n, sizeof *w->speed);
  w->weight = array(n, sizeof *w->weight);
  w->psu_first = array(n + 1, sizeof *w->psu_first);
  w->stratum_first = array(n + 1, sizeof *w->stratum_first);
  w->fine = array(n, sizeof *w->fine);
  w->yes[0] = array(n, 1);
  w->yes[1] = array(n, 1);
  w->y[0] = array(n, sizeof *w->y[0]);
  w->y[1] = array(n, sizeof *w->y[1]);
  w->x = array(n, sizeof *w->x);
  fill_rows(w);
  size_t n_psu = 0, n_strata = 0;
  for (size_t row = 0; row < n;) {
    w->psu_first[n_psu++] = row;
    row += psu_rows ? 1 + (size_t)(uniform() * (double)(2 * psu_rows - 1)) : n;
    if (row > n) row = n;
  }
  w->psu_first[n_psu] = n;
  for (size_t psu = 0; psu < n_psu;) {
    w->stratum_first[n_strata++] = psu;
    psu += psus ? 1 + (size_t)(uniform() * (double)(2 * psus - 1)) : n_psu;
    if (psu > n_psu) psu = n_psu;
  }
  w->stratum_first[n_strata] = n_psu;
  w->columns[SEX] = w->sex;
  w->columns[AGE] = w->age;
  w->columns[NET] = w->net;
  w->columns[SPEED] = w->speed;
  w->frame = (ict_frame){.unit = "individual",
                         .schema = &schema,
                         .n_rows = n,
                         .columns = w->columns,
                         .design = {.n_rows = n,
                                    .n_psu = n_psu,
                                    .n_strata = n_strata,
                                    .psu_first_row = w->psu_first,
                                    .stratum_first_psu = w->stratum_first,
                                    .weight = w->weight}};
  w->values[0].answer = w->yes[0];
  w->values[1].y = w->y[0];
  w->values[2] = (ict_cube_values){.y = w->y[1], .x = w->x};
  w->values[3].answer = w->yes[1];
  make_plan(w);
  return w;
}

static void free_world(world *w) {
  for (size_t k = 0; k < 7; k++) {
    ict_program_free(w->programs[k]);
    ict_expr_free(w->exprs[k]);
  }
  free(w->sex), free(w->age), free(w->net), free(w->speed), free(w->weight);
  free(w->psu_first), free(w->stratum_first), free(w->fine);
  free(w->yes[0]), free(w->yes[1]), free(w->y[0]), free(w->y[1]), free(w->x);
  free(w);
}

static bool near(double a, double b, double size) {
  return fabs(a - b) <= 1e-11 * (fabs(b) + fabs(size));
}

/* The sums of y where those of y - c x were kept. */
static ict_sums unshifted(ict_sums s) {
  double c = s.shift;
  s.a += c * s.b;
  s.v_aa += 2 * c * s.v_ab + c * c * s.v_bb;
  s.v_ab += c * s.v_bb;
  s.q_aa += 2 * c * s.q_ab + c * c * s.q_bb;
  return s;
}

static size_t differences(const ict_cube *cube, const world *w) {
  cube_input twin = {&w->frame.design, &w->plan.shape, w->fine, w->values};
  size_t wrong = 0;
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++) {
        ict_sums q = twin_sums(&twin, g, c, m);
        ict_sums kept = unshifted(ict_cube_sums(cube, g, c, m)), *p = &kept;
        bool same = p->n == q.n && p->n_psu == q.n_psu && p->n_strata == q.n_strata &&
                    near(p->a, q.a, 0) && near(p->b, q.b, 0) && near(p->v_aa, q.v_aa, 0) &&
                    near(p->v_bb, q.v_bb, 0) && near(p->v_ab, q.v_ab, sqrt(q.v_aa * q.v_bb)) &&
                    near(p->q_aa, q.q_aa, 0);
        wrong += !same;
      }
  return wrong;
}

static size_t bits_apart(const ict_cube *p, const ict_cube *q) {
  size_t apart = 0;
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++)
        apart += memcmp((ict_sums[]){ict_cube_sums(p, g, c, m)},
                        (ict_sums[]){ict_cube_sums(q, g, c, m)}, sizeof(ict_sums)) != 0;
  return apart;
}

static void check(size_t n, size_t psu_rows, size_t psus) {
  world *w = new_world(n, psu_rows, psus);
  static const int threads[] = {1, 2, 3, 8};
  ict_cube *first = NULL;
  for (size_t t = 0; t < 8; t++) {
    ict_cube *cube = NULL;
    w->plan.margins = t < 4 ? NULL : plan_margins;
    CU_ASSERT_EQUAL(ict_plan_by_abacus(&w->plan), t >= 4);
    ict_err err = {0};
    ict_status st = ict_scan(&w->plan, threads[t % 4], NULL, &cube, NULL, &err);
    if (st != ICT_OK) printf("\n%s", err.what);
    CU_ASSERT_EQUAL_FATAL(st, ICT_OK);
    if (t == 0) {
      CU_ASSERT_EQUAL(differences(cube, w), 0);
      first = cube;
    } else {
      CU_ASSERT_EQUAL(bits_apart(first, cube), 0);
      ict_cube_free(cube);
    }
  }
  ict_cube_free(first);
  free_world(w);
}

static size_t totals_apart(const ict_replicate_totals *x, const ict_replicate_totals *y) {
  ict_replicate_room *rooms[2];
  size_t apart = 0;
  CU_ASSERT_EQUAL_FATAL(ict_replicate_room_new(x, &rooms[0], NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_replicate_room_new(y, &rooms[1], NULL), ICT_OK);
  for (size_t g = 0; g < N_MARGINS; g++)
    for (size_t c = 0; c < margins[g].n_cells; c++)
      for (size_t m = 0; m < N_MEASURES; m++) {
        ict_replicate_cell p = ict_replicate_cell_of(x, g, c, m, rooms[0]);
        ict_replicate_cell q = ict_replicate_cell_of(y, g, c, m, rooms[1]);
        apart += p.df != q.df || p.df_design != q.df_design || !p.a != !q.a;
        if (p.a && q.a)
          apart +=
              memcmp(p.a, q.a, p.n * sizeof *p.a) != 0 || memcmp(p.b, q.b, p.n * sizeof *p.b) != 0;
      }
  for (int i = 0; i < 2; i++) ict_replicate_room_free(rooms[i]);
  return apart;
}

/* Totals under replicates: the same bits for any number of threads. */
static void replicates(void) {
  world *w = new_world(300000, 10, 30);
  static const int threads[] = {1, 2, 5};
  ict_replicate_request request = {.kind = "bootstrap:9", .seed = 4};
  ict_replicate_totals *totals[3] = {NULL};
  w->frame.design.lonely = ICT_LONELY_CERTAINTY; /* the last stratum may have one PSU */
  CU_ASSERT_EQUAL_FATAL(ict_replicates_new(&w->frame.design, &request, &w->plan.replicates, NULL),
                        ICT_OK);
  for (size_t t = 0; t < 3; t++) {
    ict_cube *cube = NULL;
    CU_ASSERT_EQUAL_FATAL(ict_scan(&w->plan, threads[t], NULL, &cube, &totals[t], NULL), ICT_OK);
    ict_cube_free(cube);
  }
  for (size_t t = 1; t < 3; t++) CU_ASSERT_EQUAL(totals_apart(totals[0], totals[t]), 0);
  for (size_t t = 0; t < 3; t++) ict_replicate_totals_free(totals[t]);
  ict_replicates_free(w->plan.replicates);
  free_world(w);
}

static void small_psus(void) { check(300000, 10, 30); }
static void psus_larger_than_a_block(void) { check(150000, 9000, 2); }
static void all_rows_one_psu(void) { check(100000, 0, 0); }
static void every_row_its_own_psu(void) { check(150000, 1, 0); }
static void one_row(void) { check(1, 0, 0); }
static void no_rows(void) { check(0, 0, 0); }
static void a_block_exactly(void) { check(ICT_BLOCK_ROWS, 64, 4); }

typedef struct pieces {
  size_t n;
  char *bytes[ICT_SCAN_SEGMENTS];
  size_t len[ICT_SCAN_SEGMENTS];
} pieces;

static ict_status keep_piece(void *ctx, size_t segment, const void *bytes, size_t len,
                             ict_err *err) {
  pieces *p = ctx;
  (void)err;
  p->bytes[segment] = malloc(len);
  if (!p->bytes[segment]) abort();
  memcpy(p->bytes[segment], bytes, len);
  p->len[segment] = len;
  p->n++;
  return ICT_OK;
}

static ict_status give_piece(void *ctx, size_t segment, const void **bytes, size_t *len,
                             ict_err *err) {
  const pieces *p = ctx;
  (void)err;
  *bytes = p->bytes[segment];
  *len = p->len[segment];
  return ICT_OK;
}

/* Segments made in another order and with other threads come to the bits of one pass; and bytes
 * that were cut off or changed are refused. */
static void check_pieces_by(const ict_plan_margin *by, size_t n, size_t psu_rows, size_t psus,
                            const char *replicates) {
  world *w = new_world(n, psu_rows, psus);
  w->plan.margins = by;
  ict_cube *whole = NULL, *joined = NULL;
  ict_replicate_totals *of_whole = NULL, *of_joined = NULL;
  ict_replicate_request request = {.kind = replicates, .seed = 4};
  pieces p = {0};
  size_t n_segments;
  w->frame.design.lonely = ICT_LONELY_CERTAINTY; /* the last stratum may have one PSU */
  CU_ASSERT_EQUAL_FATAL(ict_replicates_new(&w->frame.design, &request, &w->plan.replicates, NULL),
                        ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_scan(&w->plan, 2, NULL, &whole, &of_whole, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_scan_n_segments(&w->plan, &n_segments, NULL), ICT_OK);
  size_t half = n_segments / 2;
  CU_ASSERT_EQUAL(ict_scan_part(&w->plan, 1, NULL, half, n_segments, keep_piece, &p, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_scan_part(&w->plan, 3, NULL, 0, half, keep_piece, &p, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(p.n, n_segments);
  CU_ASSERT_EQUAL_FATAL(ict_scan_join(&w->plan, 1, give_piece, &p, &joined, &of_joined, NULL),
                        ICT_OK);
  CU_ASSERT_EQUAL(bits_apart(whole, joined), 0);
  if (of_whole) CU_ASSERT_EQUAL(totals_apart(of_whole, of_joined), 0);
  ict_cube_free(joined);
  ict_replicate_totals_free(of_joined);
  if (n_segments > 0) {
    p.len[0] -= 1;
    CU_ASSERT_EQUAL(ict_scan_join(&w->plan, 1, give_piece, &p, &joined, &of_joined, NULL),
                    ICT_REFUSED);
    p.len[0] += 1;
    p.bytes[0][0] ^= 4; /* more strata held than there can be */
    CU_ASSERT_EQUAL(ict_scan_join(&w->plan, 1, give_piece, &p, &joined, &of_joined, NULL),
                    ICT_REFUSED);
  }
  for (size_t s = 0; s < p.n; s++) free(p.bytes[s]);
  ict_replicate_totals_free(of_whole);
  ict_replicates_free(w->plan.replicates);
  w->plan.replicates = NULL;
  ict_cube_free(whole);
  free_world(w);
}

/* By the cube, and by the abacus. */
static void check_pieces(size_t n, size_t psu_rows, size_t psus, const char *replicates) {
  check_pieces_by(NULL, n, psu_rows, psus, replicates);
  check_pieces_by(plan_margins, n, psu_rows, psus, replicates);
}

static void pieces_of_one_chunk(void) { check_pieces(5 * 65536, 64, 30, "none"); }
static void pieces_of_several_chunks(void) { check_pieces(66 * 65536 + 5, 64, 4000, "none"); }
static void pieces_of_replicates(void) {
  check_pieces(5 * 65536, 64, 30, "jkn");
  check_pieces(3 * 65536, 64, 30, "bootstrap:5");
}
static void pieces_of_nothing(void) { check_pieces(0, 0, 0, "none"); }

static void segments_cover_all_chunks_in_order(void) {
  for (size_t n = 0; n < 1000; n++) {
    size_t segments = ict_scan_segments_of(n);
    CU_ASSERT(segments <= ICT_SCAN_SEGMENTS && (n == 0 || segments > 0));
    CU_ASSERT_EQUAL(ict_scan_segment_first(n, 0), 0);
    for (size_t s = 0; s < segments; s++)
      CU_ASSERT(ict_scan_segment_first(n, s) < ict_scan_segment_first(n, s + 1));
    CU_ASSERT_EQUAL(ict_scan_segment_first(n, segments), n);
  }
}

/* Borders depend on rows alone: every chunk but the last has at least so many, and no PSU less
 * would do. */
static void borders_are_whole_psus(void) {
  world *w = new_world(5000, 7, 5);
  const ict_design *d = &w->frame.design;
  for (size_t rows = 1; rows < 10000; rows = rows * 3 + 1) {
    size_t *first = NULL, n = 0;
    CU_ASSERT_EQUAL(ict_scan_borders(d, rows, &first, &n, NULL), ICT_OK);
    CU_ASSERT_EQUAL(first[0], 0);
    CU_ASSERT_EQUAL(first[n], d->n_psu);
    for (size_t c = 0; c + 1 < n; c++) {
      uint64_t begin = w->psu_first[first[c]];
      CU_ASSERT(w->psu_first[first[c + 1]] - begin >= rows);
      CU_ASSERT(w->psu_first[first[c + 1] - 1] - begin < rows);
    }
    ict_free(first);
  }
  free_world(w);
}

typedef struct ticks {
  uint64_t last, calls;
  bool ordered;
} ticks;
static void tick(void *ctx, const char *stage, uint64_t done, uint64_t total, const char *unit) {
  ticks *t = ctx;
  (void)stage, (void)unit;
  t->ordered = t->ordered && done > t->last && done <= total;
  t->last = done;
  t->calls++;
}

static void tells_progress(void) {
  world *w = new_world(300000, 10, 30);
  ticks t = {.ordered = true};
  ict_progress progress = {tick, &t};
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL(ict_scan(&w->plan, 2, &progress, &cube, NULL, NULL), ICT_OK);
  CU_ASSERT(t.ordered);
  CU_ASSERT_EQUAL(t.last, 300000);
  ict_cube_free(cube);
  free_world(w);
}

static void survives_short_memory(void) {
  world *w = new_world(70000, 2000, 3);
  for (long n = 0;; n++) {
    ict_cube *cube = NULL;
    ict_err err = {0};
    ict_mem_fail_after(n);
    ict_status st = ict_scan(&w->plan, 2, NULL, &cube, NULL, &err);
    ict_mem_fail_after(-1);
    if (st == ICT_OK) {
      ict_cube_free(cube);
      break;
    }
    CU_ASSERT_EQUAL_FATAL(st, ICT_FAIL);
    CU_ASSERT_PTR_NULL(cube);
    CU_ASSERT(err.what[0] != 0);
  }
  free_world(w);
}

SUITE("scan.pass", TEST(small_psus), TEST(replicates), TEST(psus_larger_than_a_block),
      TEST(all_rows_one_psu), TEST(every_row_its_own_psu), TEST(one_row), TEST(no_rows),
      TEST(a_block_exactly), TEST(pieces_of_one_chunk), TEST(pieces_of_several_chunks),
      TEST(pieces_of_replicates), TEST(pieces_of_nothing), TEST(segments_cover_all_chunks_in_order),
      TEST(borders_are_whole_psus), TEST(tells_progress), TEST(survives_short_memory))
