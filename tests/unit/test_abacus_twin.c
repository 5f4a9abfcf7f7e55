/* The abacus against the cube, to the bit, on random designs, each grid against a cube that is
 * asked for its margins alone: lonely PSUs under every policy, fpc, zero weights, axes that are the
 * same throughout strata and axes that are not, rows in no class, measures nobody answers, numbers
 * of any sign among them (a mean's and a ratio's, one value for all, some missing), pairs of cells
 * in one stratum and in several, chunk borders anywhere, every other chunk saved and loaded again,
 * every instruction set this machine has. */
#include <stdlib.h>
#include <string.h>

#include "abacus/abacus.h"
#include "abacus/kernels.h"
#include "base/mem.h"
#include "cube_feed.h"

enum { MOST_MEASURES = 33, MOST_AXES = 5, MOST_ROWS = 3000, MOST_PSUS = 600, MOST_STRATA = 16 };
enum { MOST_MARGINS = 12, MOST_PAIRS = 60, MOST_FINE = 6 * 4 * 4 * 4 * 4 };

typedef struct sample {
  ict_design design;
  ict_cube_shape shape;
  ict_abacus_shape abacus;
  size_t n_measures, n_axes, n_classes[MOST_AXES];
  uint16_t cls[MOST_AXES][MOST_ROWS], stratum_class[MOST_STRATA * MOST_AXES];
  uint32_t margin_axes[MOST_MARGINS];
  uint32_t cell_of[MOST_MARGINS][MOST_FINE];
  ict_margin margins[MOST_MARGINS];
  ict_pair pairs[MOST_PAIRS];
  uint32_t margin_within[MOST_MARGINS];
  bool beside[MOST_MARGINS];
  uint64_t psu_first[MOST_PSUS + 1], stratum_first[MOST_STRATA + 1];
  double weight[MOST_ROWS], fraction[MOST_STRATA];
  uint32_t fine[MOST_ROWS];
  uint8_t answer[MOST_MEASURES][MOST_ROWS]; /* of a numeric measure: who has one says no */
  double y[MOST_MEASURES][MOST_ROWS], x[MOST_MEASURES][MOST_ROWS];
  bool numeric[MOST_MEASURES];
  ict_cube_values values[MOST_MEASURES];
  cube_input input;
} sample;

static void draw_design(sample *s, bool whole_weights) {
  size_t n_strata = 1 + below(MOST_STRATA - 1), psu = 0, row = 0;
  bool large = uniform() < 0.3;
  for (size_t h = 0; h < n_strata; h++) {
    s->stratum_first[h] = psu;
    s->fraction[h] = uniform() < 0.15 ? 1 : uniform() < 0.4 ? 0 : uniform();
    for (size_t n = uniform() < 0.25 ? 1 : 1 + below(9); n > 0; n--) {
      s->psu_first[psu++] = row;
      row += 1 + below(large ? 20 : 6);
    }
  }
  s->psu_first[psu] = row;
  s->stratum_first[n_strata] = psu;
  bool zeros = uniform() < 0.5;
  for (size_t i = 0; i < row; i++) {
    s->weight[i] = whole_weights ? (double)(1 + below(9)) : exp(6 * uniform());
    if (zeros && uniform() < 0.1) s->weight[i] = 0;
  }
  s->design = (ict_design){.n_rows = row,
                           .n_psu = psu,
                           .n_strata = n_strata,
                           .psu_first_row = s->psu_first,
                           .stratum_first_psu = s->stratum_first,
                           .weight = uniform() < 0.8 ? s->weight : NULL,
                           .fraction = uniform() < 0.6 ? s->fraction : NULL};
}

/* Axes of one class a stratum, of one class but in one stratum, and of any. */
static void draw_axes(sample *s) {
  size_t n_fine = 1;
  s->n_axes = 1 + below(MOST_AXES);
  for (size_t a = 0; a < s->n_axes; a++) {
    s->n_classes[a] = 1 + below(a == 0 ? 5 : 3);
    n_fine *= s->n_classes[a] + 1;
    double kind = uniform();
    size_t odd = below(2 * s->design.n_strata);
    for (size_t h = 0; h < s->design.n_strata; h++) {
      size_t from = s->psu_first[s->stratum_first[h]], to = s->psu_first[s->stratum_first[h + 1]];
      uint16_t all = (uint16_t)below(s->n_classes[a] + (uniform() < 0.2));
      bool varies = kind < 0.5 || (kind < 0.7 && h == odd);
      for (size_t i = from; i < to; i++) {
        s->cls[a][i] = varies ? (uint16_t)below(s->n_classes[a] + (uniform() < 0.1)) : all;
        if (s->cls[a][i] != s->cls[a][from]) s->abacus.inner |= 1u << a;
      }
      s->stratum_class[h * s->n_axes + a] = s->cls[a][from];
    }
  }
  s->shape.n_fine = n_fine;
}

static void lay_out(sample *s) {
  s->shape.n_margins = 1 + below(MOST_MARGINS);
  bool one_and_two_way = uniform() < 0.5; /* as in publications: several grids */
  for (size_t g = 0; g < s->shape.n_margins; g++) {
    s->margin_axes[g] = (uint32_t)below((size_t)1 << s->n_axes);
    if (one_and_two_way) s->margin_axes[g] = 1u << below(s->n_axes) | 1u << below(s->n_axes);
    bool is_whole = uniform() < 0.2; /* of tables */
    s->margin_within[g] =
        is_whole ? (uint32_t)below((size_t)1 << s->n_axes) & ~s->margin_axes[g] : 0;
    s->margins[g] = (ict_margin){1, s->cell_of[g]};
    for (size_t a = 0; a < s->n_axes; a++)
      if (s->margin_axes[g] >> a & 1) s->margins[g].n_cells *= s->n_classes[a];
    for (size_t f = 0; f < s->shape.n_fine; f++) {
      size_t rest = f, cell = 0, stride = 1;
      bool inside = true;
      for (size_t a = s->n_axes; a-- > 0;) { /* the last axis is the fastest, in both */
        size_t c = rest % (s->n_classes[a] + 1);
        rest /= s->n_classes[a] + 1;
        if ((s->margin_axes[g] | s->margin_within[g]) >> a & 1)
          inside = inside && c < s->n_classes[a];
        if (!(s->margin_axes[g] >> a & 1)) continue;
        cell += c * stride;
        stride *= s->n_classes[a];
      }
      s->cell_of[g][f] = inside ? (uint32_t)cell : ICT_NO_CELL;
    }
  }
  for (size_t i = 0; i < s->design.n_rows; i++)
    for (size_t a = 0; a < s->n_axes; a++)
      s->fine[i] = s->fine[i] * (uint32_t)(s->n_classes[a] + 1) + s->cls[a][i];
}

/* Any two cells of a margin, among them neighbours, the same pair twice or turned round, and a cell
 * beside itself. */
static void draw_pairs(sample *s) {
  s->shape.n_pairs = uniform() < 0.3 ? 0 : 1 + below(MOST_PAIRS);
  s->shape.pairs = s->pairs;
  for (size_t p = 0; p < s->shape.n_pairs; p++) {
    size_t g = below(s->shape.n_margins), n = s->margins[g].n_cells;
    uint32_t one = (uint32_t)below(n), two = (uint32_t)(uniform() < 0.5 ? below(n) : (one + 1) % n);
    s->pairs[p] = (ict_pair){.margin = (uint32_t)g, .cell = {one, two}};
    if (p == 0 || uniform() < 0.8) continue;
    s->pairs[p] = s->pairs[p - 1];
    if (uniform() < 0.5) continue;
    s->pairs[p].cell[0] = s->pairs[p - 1].cell[1];
    s->pairs[p].cell[1] = s->pairs[p - 1].cell[0];
  }
}

/* Some measures of every other sample, or all. */
static void draw_numbers(sample *s, uint64_t seed) {
  for (size_t m = 0; m < s->n_measures && seed % 4 < 2; m++) {
    if (seed % 10 != 1 && uniform() < 0.7) continue;
    bool has_x = uniform() < 0.5, any_sign = uniform() < 0.5;
    double size = exp(20 * uniform() - 10), of_all = uniform() < 0.2 ? 0 : 1;
    for (size_t i = 0; i < s->design.n_rows; i++) {
      bool counts = s->answer[m][i] < 2;
      s->answer[m][i] = counts ? 0 : 2;
      s->y[m][i] = size * (3 + of_all * (uniform() - (any_sign ? 4 : 0)));
      s->x[m][i] = uniform() < 0.1 ? 0 : uniform() - (any_sign ? 0.5 : 0);
      if (!counts) *(has_x && uniform() < 0.5 ? &s->x[m][i] : &s->y[m][i]) = (double)NAN;
    }
    s->numeric[m] = true;
    s->values[m] = (ict_cube_values){.y = s->y[m], .x = has_x ? s->x[m] : NULL};
  }
}

static void draw(sample *s, uint64_t seed) {
  draw_from(seed);
  memset(s, 0, sizeof *s);
  draw_design(s, seed % 2);
  draw_axes(s);
  s->n_measures = 1 + below(seed % 3 ? 14 : MOST_MEASURES);
  for (size_t m = 0; m < s->n_measures; m++) {
    double p = uniform(), lost = uniform() < 0.1 ? 1 : uniform() * 0.3;
    for (size_t i = 0; i < s->design.n_rows; i++)
      s->answer[m][i] = uniform() < lost ? 2 : uniform() < p;
    s->values[m].answer = s->answer[m];
  }
  s->shape.n_measures = s->n_measures;
  s->shape.numeric = s->numeric;
  s->shape.margins = s->margins;
  s->shape.lonely = (ict_lonely)(seed % 5);
  s->shape.lonely_in_domain = seed % 7 < 3;
  lay_out(s);
  s->input = (cube_input){&s->design, &s->shape, s->fine, s->values};
  s->abacus.cube = &s->shape;
  s->abacus.design = &s->design;
  s->abacus.n_axes = s->n_axes;
  s->abacus.n_classes = s->n_classes;
  s->abacus.margin_axes = s->margin_axes;
  s->abacus.margin_within = s->margin_within;
  s->abacus.beside = s->beside;
  s->abacus.stratum_class = s->stratum_class;
  draw_numbers(s, seed);
  draw_pairs(s);
  bool some = uniform() < 0.5; /* the last margins */
  for (size_t g = 1; g < s->shape.n_margins && some; g++)
    s->beside[g] = s->beside[g - 1] || uniform() < 0.2;
}

/* Borders between PSUs, the same for both. */
static size_t draw_borders(const sample *s, size_t most, size_t *border) {
  size_t n = 0;
  for (size_t p = 0; p < s->design.n_psu; p += 1 + below(most)) border[n++] = p;
  border[n] = s->design.n_psu;
  return n;
}

static ict_cube *by_cube(const sample *s, const size_t *border, size_t n_chunks) {
  ict_cube *whole = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_cube_new(&s->shape, &s->design, &whole, NULL), ICT_OK);
  for (size_t c = 0; c < n_chunks; c++) {
    ict_cube *part = NULL;
    CU_ASSERT_EQUAL_FATAL(ict_cube_new(&s->shape, &s->design, &part, NULL), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(cube_feed(part, &s->input, border[c], border[c + 1]), ICT_OK);
    CU_ASSERT_EQUAL_FATAL(ict_cube_merge(whole, part, NULL), ICT_OK);
    ict_cube_free(part);
  }
  CU_ASSERT_EQUAL_FATAL(ict_cube_finish(whole, NULL), ICT_OK);
  return whole;
}

static void add_psu(const sample *s, const ict_abacus_layout *layout, ict_abacus_desk *desk,
                    size_t p) {
  static uint8_t yes[(2 * MOST_MEASURES + 7) / 8 * MOST_ROWS], no[sizeof yes];
  static ict_cube_values values[MOST_MEASURES];
  static uint32_t cell[MOST_MARGINS * MOST_ROWS];
  size_t row = s->psu_first[p], n = s->psu_first[p + 1] - row;
  for (size_t g = 0; g < ict_abacus_n_grids(layout); g++) {
    const size_t *stride = ict_abacus_strides(layout, g);
    for (size_t i = 0; i < n; i++) {
      size_t at = 0;
      for (size_t a = 0; a < s->n_axes; a++) at += s->cls[a][row + i] * stride[a];
      cell[g * MOST_ROWS + i] = (uint32_t)at;
    }
  }
  for (size_t m = 0; m < s->n_measures; m++) {
    ict_abacus_place to = ict_abacus_place_of(layout, m);
    ict_abacus_test is_yes = {1, 0, to.bit}, is_no = {0, 0, to.bit};
    ict_abacus_pack(layout, &is_yes, &is_no, s->answer[m] + row, NULL, n, to.first,
                    yes + to.group * MOST_ROWS, no + to.group * MOST_ROWS);
  }
  size_t cut = below(n + 1); /* a PSU may come in pieces */
  for (int piece = 0; piece < 2; piece++) {
    size_t from = piece ? cut : 0, to = piece ? n : cut;
    for (size_t m = 0; m < s->n_measures; m++) {
      values[m] = s->values[m];
      if (values[m].y) values[m].y += row + from;
      if (values[m].x) values[m].x += row + from;
    }
    ict_abacus_rows rows = {.n = to - from,
                            .cell = cell + from,
                            .cell_stride = MOST_ROWS,
                            .weight = s->design.weight ? s->weight + row + from : NULL,
                            .bits = {yes + from, no + from, MOST_ROWS},
                            .values = values};
    CU_ASSERT_EQUAL_FATAL(ict_abacus_add(desk, &rows, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL_FATAL(ict_abacus_close_psu(desk, NULL), ICT_OK);
}

static bool loads(const ict_abacus_layout *layout, const char *bytes, size_t len) {
  ict_abacus *abacus = NULL;
  ict_unpack from = {(const unsigned char *)bytes, len};
  CU_ASSERT_EQUAL_FATAL(ict_abacus_new(layout, &abacus, NULL), ICT_OK);
  ict_status st = ict_abacus_load(abacus, &from, NULL);
  ict_abacus_free(abacus);
  return st == ICT_OK;
}

/* Saved and loaded again, as between machines. What cannot be is refused: a missing byte, a stratum
 * that the design does not have, one of which no PSU or every PSU waits for the others. */
static void through_bytes(const sample *s, const ict_abacus_layout *layout, ict_abacus *abacus) {
  ict_out *out = NULL;
  size_t len = 0;
  uint64_t head[3] = {0}; /* strata held; the first one, and how many PSUs of it */
  CU_ASSERT_EQUAL_FATAL(ict_out_memory(&out, NULL), ICT_OK);
  ict_abacus_save(abacus, out);
  char *bytes = ict_out_take(out, &len, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
  CU_ASSERT_FALSE(loads(layout, bytes, len - 1));
  memcpy(head, bytes, len < sizeof head ? len : sizeof head);
  if (head[0] > 0) {
    uint64_t n = ict_design_psus_in(&s->design, head[1]);
    const uint64_t faults[][2] = {{s->design.n_strata, head[2]}, {head[1], 0}, {head[1], n}};
    for (size_t i = 0; i < 3; i++) {
      memcpy(bytes + sizeof *head, faults[i], sizeof faults[i]);
      CU_ASSERT_FALSE(loads(layout, bytes, len));
    }
    memcpy(bytes, head, sizeof head);
  }
  ict_unpack from = {(const unsigned char *)bytes, len};
  CU_ASSERT_EQUAL_FATAL(ict_abacus_load(abacus, &from, NULL), ICT_OK);
  CU_ASSERT_EQUAL(from.left, 0);
  ict_free(bytes);
}

static ict_cube *by_abacus(const sample *s, const size_t *border, size_t n_chunks) {
  ict_abacus_layout *layout = NULL;
  ict_abacus_desk *desk = NULL;
  ict_abacus *whole = NULL, *part = NULL;
  ict_cube *cube = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_abacus_layout_new(&s->abacus, &layout, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_abacus_desk_new(layout, &desk, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_abacus_new(layout, &whole, NULL), ICT_OK);
  CU_ASSERT_EQUAL_FATAL(ict_abacus_new(layout, &part, NULL), ICT_OK);
  for (size_t c = 0; c < n_chunks; c++) {
    for (size_t h = 0; h < s->design.n_strata; h++) {
      size_t from = s->stratum_first[h] > border[c] ? s->stratum_first[h] : border[c];
      size_t to = s->stratum_first[h + 1] < border[c + 1] ? s->stratum_first[h + 1] : border[c + 1];
      if (from >= to) continue;
      ict_abacus_open_stratum(desk, h);
      for (size_t p = from; p < to; p++) add_psu(s, layout, desk, p);
      CU_ASSERT_EQUAL_FATAL(ict_abacus_close_stratum(desk, part, NULL), ICT_OK);
    }
    if (c % 2) through_bytes(s, layout, part);
    CU_ASSERT_EQUAL_FATAL(ict_abacus_merge(whole, part, NULL), ICT_OK);
  }
  CU_ASSERT_EQUAL_FATAL(ict_abacus_finish(whole, &cube, NULL), ICT_OK);
  ict_abacus_free(part);
  ict_abacus_free(whole);
  ict_abacus_desk_free(desk);
  ict_abacus_layout_free(layout);
  return cube;
}

static bool same_pair(const ict_pair_sums *p, const ict_pair_sums *q) {
  bool same = true;
  for (size_t x = 0; x < ICT_N_CROSS; x++) {
    const ict_sums *a = &p->cross[x], *b = &q->cross[x];
    const double v[2][3] = {{a->v_aa, a->v_ab, a->v_bb}, {b->v_aa, b->v_ab, b->v_bb}};
    same = same && memcmp(v[0], v[1], sizeof *v) == 0 && a->n_psu == b->n_psu &&
           a->n_strata == b->n_strata && a->n_present == b->n_present && a->n_lonely == b->n_lonely;
  }
  return same;
}

/* In margin g. */
static size_t differences(const sample *s, size_t g, const ict_cube *p, const ict_cube *q) {
  size_t n = 0;
  for (size_t c = 0; c < s->margins[g].n_cells; c++)
    for (size_t m = 0; m < s->n_measures; m++) {
      ict_sums a = ict_cube_sums(p, g, c, m), b = ict_cube_sums(q, g, c, m);
      n += memcmp(&a, &b, sizeof a) != 0;
    }
  for (size_t i = 0; i < s->shape.n_pairs; i++)
    for (size_t m = 0; m < s->n_measures && s->pairs[i].margin == g; m++) {
      ict_pair_sums a = ict_cube_pair(p, i, m), b = ict_cube_pair(q, i, m);
      n += !same_pair(&a, &b);
    }
  return n;
}

/* The grids of a sample: how many, whose axes, and each margin's. */
typedef struct grids {
  size_t n, of[MOST_MARGINS];
  uint32_t axes[MOST_MARGINS];
} grids;
static grids grids_of(const sample *s) {
  grids of = {0};
  ict_abacus_layout *layout = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_abacus_layout_new(&s->abacus, &layout, NULL), ICT_OK);
  of.n = ict_abacus_n_grids(layout);
  for (size_t g = 0; g < s->shape.n_margins; g++) {
    of.of[g] = ict_abacus_grid_of(layout, g);
    CU_ASSERT_TRUE_FATAL(of.of[g] < of.n);
  }
  for (size_t i = 0; i < of.n; i++)
    for (size_t a = 0; a < s->n_axes; a++)
      of.axes[i] |= (uint32_t)(ict_abacus_strides(layout, i)[a] > 0) << a;
  ict_abacus_layout_free(layout);
  return of;
}

/* As if nobody had asked for inner axes that the grid does not have: all rows are in their first
 * class. */
static void ask_for(sample *s, uint32_t axes) {
  for (size_t i = 0; i < s->design.n_rows; i++) {
    s->fine[i] = 0;
    for (size_t a = 0; a < s->n_axes; a++) {
      bool asked = (axes | ~s->abacus.inner) >> a & 1;
      s->fine[i] = s->fine[i] * (uint32_t)(s->n_classes[a] + 1) + (asked ? s->cls[a][i] : 0);
    }
  }
}

static const char *const sets[] = {"baseline", "avx2", "avx512"};

static void has_the_bits_of_the_cube(void) {
  static sample s;
  static size_t border[MOST_PSUS + 1];
  size_t n_several = 0;
  for (uint64_t seed = 1; seed <= 600; seed++) {
    draw(&s, seed);
    CU_ASSERT_TRUE_FATAL(ict_abacus_takes(&s.shape, &s.design));
    size_t n_chunks = draw_borders(&s, seed % 4 ? 30 : 1, border), n = 0;
    grids by = grids_of(&s);
    n_several += by.n > 1;
    setenv("ICTSTAT_SIMD", sets[seed % 3], 1);
    ict_cube *other = by_abacus(&s, border, n_chunks);
    for (size_t i = 0; i < by.n; i++) {
      ask_for(&s, by.axes[i]);
      ict_cube *cube = by_cube(&s, border, n_chunks);
      for (size_t g = 0; g < s.shape.n_margins; g++)
        if (by.of[g] == i) n += differences(&s, g, cube, other);
      ict_cube_free(cube);
    }
    if (n > 0) fprintf(stderr, "seed %d, %s: %zu sums differ\n", (int)seed, sets[seed % 3], n);
    CU_ASSERT_EQUAL(n, 0);
    ict_cube_free(other);
  }
  CU_ASSERT_TRUE(n_several >= 15); /* else this tests less than it says */
  unsetenv("ICTSTAT_SIMD");
}

static void has_the_same_bits_on_every_machine(void) {
  static sample s;
  static size_t border[MOST_PSUS + 1];
  for (uint64_t seed = 1000; seed < 1060; seed++) {
    draw(&s, seed);
    size_t n_chunks = draw_borders(&s, 30, border);
    ict_cube *cube[3];
    for (size_t i = 0; i < 3; i++) {
      setenv("ICTSTAT_SIMD", sets[i], 1);
      cube[i] = by_abacus(&s, border, n_chunks);
      for (size_t g = 0; g < s.shape.n_margins; g++)
        CU_ASSERT_EQUAL(differences(&s, g, cube[0], cube[i]), 0);
    }
    for (size_t i = 0; i < 3; i++) ict_cube_free(cube[i]);
  }
  unsetenv("ICTSTAT_SIMD");
}

/* A margin that is there for pairs alone, and the pairs themselves, change nothing else. */
static void nothing_depends_on_what_stands_beside(void) {
  static sample s;
  static size_t border[MOST_PSUS + 1];
  size_t n_beside = 0;
  for (uint64_t seed = 2000; seed < 2200; seed++) {
    draw(&s, seed);
    size_t n_chunks = draw_borders(&s, 30, border), n = s.shape.n_margins;
    ict_cube *with = by_abacus(&s, border, n_chunks);
    while (s.beside[s.shape.n_margins - 1]) s.shape.n_margins--;
    n_beside += n - s.shape.n_margins;
    s.shape.n_pairs = 0;
    ict_cube *without = by_abacus(&s, border, n_chunks);
    for (size_t g = 0; g < s.shape.n_margins; g++)
      CU_ASSERT_EQUAL(differences(&s, g, with, without), 0);
    ict_cube_free(with);
    ict_cube_free(without);
  }
  CU_ASSERT_TRUE(n_beside > 100);
}

static void kernels_by_name(void) {
  setenv("ICTSTAT_SIMD", "baseline", 1);
  CU_ASSERT_STRING_EQUAL(ict_kernels_choose()->name, "baseline");
  setenv("ICTSTAT_SIMD", "abacus", 1); /* no such set: as if nothing had been said */
  const char *widest = ict_kernels_choose()->name;
  unsetenv("ICTSTAT_SIMD");
  CU_ASSERT_STRING_EQUAL(ict_kernels_choose()->name, widest);
}

static void fails_where_memory_is_short(void) {
  static sample s;
  draw(&s, 41); /* all numeric */
  CU_ASSERT_TRUE_FATAL(s.shape.n_pairs > 0);
  bool failed = true;
  for (long n = 0; failed; n++) {
    ict_abacus_layout *layout = NULL;
    ict_abacus_desk *desk = NULL;
    ict_abacus *abacus = NULL;
    ict_cube *cube = NULL;
    ict_mem_fail_after(n);
    ict_status st = ict_abacus_layout_new(&s.abacus, &layout, NULL);
    if (st == ICT_OK) st = ict_abacus_desk_new(layout, &desk, NULL);
    if (st == ICT_OK) st = ict_abacus_new(layout, &abacus, NULL);
    for (size_t h = 0; h < s.design.n_strata && st == ICT_OK; h++) {
      ict_abacus_open_stratum(desk, h);
      for (size_t p = s.stratum_first[h]; p < s.stratum_first[h + 1] && st == ICT_OK; p++) {
        static const uint8_t none[MOST_ROWS];
        static const uint32_t cell[MOST_ROWS];
        ict_abacus_rows rows = {.n = 1,
                                .cell = cell,
                                .cell_stride = 1,
                                .weight = s.weight,
                                .bits = {none, none, 1},
                                .values = s.values};
        st = ict_abacus_add(desk, &rows, NULL);
        if (st == ICT_OK) st = ict_abacus_close_psu(desk, NULL);
      }
      if (st == ICT_OK) st = ict_abacus_close_stratum(desk, abacus, NULL);
    }
    if (st == ICT_OK) st = ict_abacus_finish(abacus, &cube, NULL);
    ict_mem_fail_after(-1);
    CU_ASSERT_TRUE(st == ICT_OK || st == ICT_FAIL);
    failed = st != ICT_OK;
    ict_cube_free(cube);
    ict_abacus_free(abacus);
    ict_abacus_desk_free(desk);
    ict_abacus_layout_free(layout);
  }
}

static void refuses_what_it_does_not_take(void) {
  static sample s;
  draw(&s, 1);
  CU_ASSERT_TRUE(ict_abacus_takes(&s.shape, &s.design));
  static const ict_sharing sharing[MOST_MARGINS];
  s.shape.sharing = sharing;
  CU_ASSERT_FALSE(ict_abacus_takes(&s.shape, &s.design));
  s.shape.sharing = NULL;
  static const ict_pair of_table = {.n_group = 2, .cell = {0, 1}};
  s.shape.n_pairs = 1;
  s.shape.pairs = &of_table;
  CU_ASSERT_FALSE(ict_abacus_takes(&s.shape, &s.design));
  s.shape.n_pairs = 0;
  s.design.inclusion = s.weight;
  CU_ASSERT_FALSE(ict_abacus_takes(&s.shape, &s.design));
  s.design.inclusion = NULL;
  s.design.n_stages = 1;
  CU_ASSERT_FALSE(ict_abacus_takes(&s.shape, &s.design));
  s.shape.one_stage = true;
  CU_ASSERT_TRUE(ict_abacus_takes(&s.shape, &s.design));
}

SUITE("abacus.twin", TEST(has_the_bits_of_the_cube), TEST(has_the_same_bits_on_every_machine),
      TEST(nothing_depends_on_what_stands_beside), TEST(kernels_by_name),
      TEST(fails_where_memory_is_short), TEST(refuses_what_it_does_not_take))
