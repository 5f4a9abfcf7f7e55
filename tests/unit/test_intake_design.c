/* Strata, PSUs, weights, fpc, order; expected by hand, from docs/mapping.md. */
#include "test_intake_help.h"

#define MAPPING(survey, file, design)                \
  "ictstat: mapping/1\n"                             \
  "survey: {id: T, title: Test, " survey             \
  "}\n"                                              \
  "concepts: {cost: {title: Cost, type: real}}\n"    \
  "files:\n  f: {path: f.csv, delimiter: \",\"" file \
  "}\n"                                              \
  "units:\n"                                         \
  "  thing:\n"                                       \
  "    file: f\n"                                    \
  "    design: " design                              \
  "\n"                                               \
  "    variables: {cost: {from: c}}\n"
#define ONE           "area: BRA, period: 2016"
#define PLAIN(design) MAPPING(ONE, ", key: [k]", design)

static void sorted_in_natural_order(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv",
            "k,h,p,w,c\n"
            "k2,10,2,1.5,1\n"
            "k10,10,2,2.5,2\n"
            "k1,10,1,3.5,3\n"
            "k3,2,1,4.5,4\n"
            "k1b,2,10,5.5,5\n"
            "k1a,2,9,6.5,6\n");
  TAKEN(&d, PLAIN("{strata: h, psu: p, weight: w, lonely_psu: fail}"));
  const ict_frame *f = frame_of(&d, "thing");
  /* stratum 2: PSU 1 (k3), 9 (k1a), 10 (k1b); stratum 10: PSU 1 (k1), 2 (k2, k10) */
  COLUMN(f, "cost", "4 6 5 3 1 2");
  const uint64_t psu[] = {0, 1, 2, 3, 4, 6}, stratum[] = {0, 3, 5};
  CU_ASSERT_EQUAL_FATAL(f->design.n_psu, 5);
  CU_ASSERT_EQUAL_FATAL(f->design.n_strata, 2);
  CU_ASSERT_EQUAL(memcmp(f->design.psu_first_row, psu, sizeof psu), 0);
  CU_ASSERT_EQUAL(memcmp(f->design.stratum_first_psu, stratum, sizeof stratum), 0);
  const double weight[] = {4.5, 6.5, 5.5, 3.5, 1.5, 2.5};
  CU_ASSERT_EQUAL(memcmp(f->design.weight, weight, sizeof weight), 0);
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[0], "2");
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[1], "10");
  CU_ASSERT_PTR_NULL(f->design.fraction);
  CU_ASSERT_STRING_EQUAL(f->design.strata_from, "f.h");
  desk_remove(&d);
}

static void crossed_and_joined(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv",
            "k,h,g,p,q,c\n"
            "1,a,1,1,1,1\n"
            "2,a,2,1,1,2\n"
            "3,b,1,1,1,3\n"
            "4,a,1,1,2,4\n"
            "5,a,2,1,2,5\n"
            "6,b,1,2,1,6\n");
  TAKEN(&d, PLAIN("{strata: [h, g], psu: [p, q], weight: none}"));
  const ict_frame *f = frame_of(&d, "thing");
  COLUMN(f, "cost", "1 4 2 5 3 6");
  CU_ASSERT_EQUAL(f->design.n_psu, 6);
  CU_ASSERT_EQUAL(f->design.n_strata, 3);
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[0], "a/1");
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[2], "b/1");
  CU_ASSERT_PTR_NULL(f->design.weight);
  CU_ASSERT_FALSE(f->design.has_weight);
  desk_remove(&d);
}

static void strata_are_of_one_area_and_period(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv",
            "k,country,year,h,c\n"
            "1,1,2016,a,1\n"
            "2,2,2016,a,2\n"
            "3,1,2015,a,3\n"
            "4,1,2016,a,4\n"
            "5,2,2016,a,5\n"
            "6,1,2015,a,6\n");
  TAKEN(&d, MAPPING("area: {from: country, map: {1: BRA, 2: ARG, 3: CHL}}, period: {from: year}",
                    ", key: [k]", "{strata: h, psu: none, weight: none}"));
  const ict_frame *f = frame_of(&d, "thing");
  COLUMN(f, "ref_area", "ARG ARG BRA BRA BRA BRA");
  COLUMN(f, "time_period", "2016 2016 2015 2015 2016 2016");
  COLUMN(f, "cost", "2 5 3 6 1 4");
  CU_ASSERT_EQUAL(f->schema->vars[0].codes->n, 2); /* those that occur */
  CU_ASSERT_EQUAL(f->design.n_strata, 3);
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[1], "BRA/2015/a");
  desk_file(&d, "f.csv", "k,country,year,h,c\n1,1,2016,a,1\n2,,2016,a,1\n3,2,,a,1\n");
  REFUSED(&d,
          MAPPING("area: {from: country, map: {1: BRA, 2: ARG}}, period: 2016", ", key: [k]",
                  "{strata: h, psu: none, weight: none}"),
          "'country' (ref_area of unit 'thing') is blank in 1 row of f.csv (line 3)");
  desk_remove(&d);
}

static void weights(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,w,c\n1,1e-3,1\n2,-2,2\n3,,3\n4,0,4\n5,-1,5\n");
#define WEIGHT(w) PLAIN("{strata: none, psu: none, weight: " w "}")
  REFUSED(&d, WEIGHT("w"), "the weight 'w' is missing in 1 row of f.csv (line 4)");
  CU_ASSERT_TRUE(
      desk_said(&d, ICT_ERROR, "the weight 'w' is negative in 2 rows of f.csv (lines 3 and 6)"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "the weight 'w' is 0 in 1 row of f.csv (line 5)"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "m.yaml:9:47: error"));
  desk_file(&d, "f.csv", "k,w,c\n1,1000000,1\n2,,2\n3,0,3\n4,2500000,4\n");
  TAKEN(&d, WEIGHT("{from: w, scale: 1e-6, zero: keep, missing: drop}"));
  const ict_frame *f = frame_of(&d, "thing");
  COLUMN(f, "cost", "1 3 4");
  const double weight[] = {1, 0, 2.5};
  CU_ASSERT_EQUAL(memcmp(f->design.weight, weight, sizeof weight), 0);
  CU_ASSERT_TRUE(desk_reported(&d, "thing: 1 row without a weight left out"));
  desk_file(&d, "f.csv", "k,w,c\n1,heavy,1\n2,1,2\n");
  REFUSED(&d, WEIGHT("w"),
          "'w' of f.csv, read as weight, holds text that is no number in 1 row: line 2");
  CU_ASSERT_FALSE(desk_said(&d, ICT_ERROR, "heavy"));
  CU_ASSERT_FALSE(desk_said(&d, ICT_ERROR, "is missing"));
  desk_file(&d, "f.csv", "k,w,c\n1,\"1,5\",1\n2,\"2,5\",2\n");
  REFUSED(&d, WEIGHT("w"), "holds numbers with a decimal comma in 2 rows: lines 2 and 3");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "fix: write `decimal: \",\"` for file 'f'"));
  desk_file(&d, "f.csv", "k,w,c\n1,0.0001,1\n2,2,2\n");
  TAKEN(&d, WEIGHT("w"));
  WARNED(&d, "the largest weight 'w' of unit 'thing' is 20000 times the smallest");
  desk_remove(&d);
}

static void lonely(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,h,p,c\n1,a,1,1\n2,a,1,2\n3,b,1,3\n4,b,2,4\n5,c,9,5\n");
  REFUSED(&d, PLAIN("{strata: h, psu: p, weight: none, lonely_psu: fail}"),
          "with a single PSU: a, c");
  TAKEN(&d, PLAIN("{strata: h, psu: p, weight: none, lonely_psu: certainty}"));
  WARNED(&d, "with a single PSU: a, c");
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.lonely, ICT_LONELY_CERTAINTY);
  desk_remove(&d);
}

static void blank_strata(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,h,p,c\n1,a,1,1\n2,,1,2\n");
  REFUSED(&d, PLAIN("{strata: h, psu: p, weight: none, lonely_psu: adjust}"),
          "'h' (strata of unit 'thing') is blank in 1 row of f.csv (line 3)");
  desk_remove(&d);
}

static void nesting(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,h,p,c\n1,a,1,1\n2,a,2,2\n3,b,1,3\n4,b,3,4\n");
  TAKEN(&d, PLAIN("{strata: h, psu: p, weight: none}"));
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.n_psu, 4);
  REFUSED(&d, PLAIN("{strata: h, psu: p, weight: none, nested: false}"),
          "in two strata, in f.csv: 1 (line 2 and line 4)");
  desk_remove(&d);
}

static void fractions(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,h,n,s,c\n1,a,8,0.5,1\n2,a,8,0.5,2\n3,b,1,1,3\n");
#define FPC(what) PLAIN("{strata: h, psu: none, weight: none, fpc: " what ", lonely_psu: fail}")
  TAKEN(&d, FPC("{population: n}")); /* b is taken whole: not lonely */
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.fraction[0], 0.25);
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.fraction[1], 1);
  TAKEN(&d, FPC("{fraction: s}"));
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.fraction[0], 0.5);
  CU_ASSERT_STRING_EQUAL(frame_of(&d, "thing")->design.fpc_from, "f.s");
  REFUSED(&d, FPC("{fraction: n}"), "with a sampling fraction outside 0..1: a");
  REFUSED(&d, FPC("{population: s}"), "with a population below the number of PSUs: a");
  desk_file(&d, "f.csv", "k,h,n,c\n1,a,8,1\n2,a,9,2\n3,b,4,3\n4,b,,4\n");
  REFUSED(&d, FPC("{population: n}"), "with more than one value of fpc: a");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "with rows that have no fpc: b"));
  desk_remove(&d);
}

static bool same_index(const uint64_t *found, const uint64_t *expected, size_t bytes) {
  return memcmp(found, expected, bytes) == 0;
}

#define STAGED(stages, lonely)                                                        \
  PLAIN("{strata: none, psu: p, weight: none, fpc: {population: N}, stages: [" stages \
        "]"                                                                           \
        ", lonely_psu: " lonely "}")
#define SECOND "{units: u, strata: g, fpc: {population: M}}"

/* Two PSUs, the second stage stratified, rows at the third. By hand: PSU, stratum, unit, key. */
static void stages(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv",
            "k,p,g,u,N,M,s,c\n"
            "1,1,b,2,4,5,0.5,1\n"
            "2,1,a,2,4,3,0.5,2\n"
            "3,1,a,1,4,3,0.5,3\n"
            "4,2,a,1,4,2,0.5,4\n"
            "5,1,b,1,4,5,0.5,5\n"
            "6,2,a,2,4,2,0.5,6\n"
            "7,1,b,2,4,5,0.5,7\n");
  TAKEN(&d, STAGED(SECOND ", {units: none, fpc: {fraction: s}}", "remove"));
  const ict_frame *f = frame_of(&d, "thing");
  COLUMN(f, "cost", "3 2 5 1 7 4 6");
  CU_ASSERT_EQUAL_FATAL(f->design.n_stages, 2);
  const ict_stage *two = &f->design.stages[0], *three = &f->design.stages[1];
  const uint64_t units[] = {0, 1, 2, 3, 5, 6, 7}, in_stratum[] = {0, 2, 4, 6}, in_psu[] = {0, 2, 3};
  CU_ASSERT_EQUAL_FATAL(two->n_units, 6);
  CU_ASSERT_EQUAL_FATAL(two->n_strata, 3);
  CU_ASSERT_TRUE(same_index(two->unit_first_row, units, sizeof units));
  CU_ASSERT_TRUE(same_index(two->stratum_first_unit, in_stratum, sizeof in_stratum));
  CU_ASSERT_TRUE(same_index(two->parent_first_stratum, in_psu, sizeof in_psu));
  CU_ASSERT_DOUBLE_EQUAL(two->fraction[0], 2.0 / 3, 1e-16);
  CU_ASSERT_EQUAL(two->fraction[1], 0.4);
  CU_ASSERT_EQUAL(two->fraction[2], 1);
  CU_ASSERT_STRING_EQUAL(two->units_from, "f.u");
  CU_ASSERT_STRING_EQUAL(two->fpc_from, "f.M");
  const uint64_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7}, of_rows[] = {0, 1, 2, 3, 5, 6, 7},
                 of_units[] = {0, 1, 2, 3, 4, 5, 6};
  CU_ASSERT_EQUAL_FATAL(three->n_units, 7);
  CU_ASSERT_EQUAL_FATAL(three->n_strata, 6);
  CU_ASSERT_TRUE(same_index(three->unit_first_row, rows, sizeof rows));
  CU_ASSERT_TRUE(same_index(three->stratum_first_unit, of_rows, sizeof of_rows));
  CU_ASSERT_TRUE(same_index(three->parent_first_stratum, of_units, sizeof of_units));
  CU_ASSERT_EQUAL(three->fraction[5], 0.5);
  /* Alone, and of a population of more: each row but two is at the third stage. */
  REFUSED(&d, STAGED(SECOND ", {units: none, fpc: {fraction: s}}", "fail"),
          "5 strata of stage 3 with a single unit: 1/a/1, 1/a/2, 1/b/1, 2/a/1, 2/a/2");
  TAKEN(&d, STAGED(SECOND, "fail"));
  REFUSED(&d, STAGED("{units: u, fpc: {population: M}}", "fail"),
          "1 stratum of stage 2 with more than one value of fpc: 1");
  REFUSED(&d, STAGED("{units: u, strata: g, fpc: {fraction: M}}", "fail"),
          "3 strata of stage 2 with a sampling fraction outside 0..1: 1/a, 1/b, 2/a");
  REFUSED(&d, STAGED("{units: u, strata: g, fpc: {population: s}}", "fail"),
          "3 strata of stage 2 with a population below the number of units");
  desk_remove(&d);
}

/* Below a first stage without fpc nothing counts, so that a single unit does no harm. */
static void stages_without_effect(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,p,u,M,c\n1,1,1,3,1\n2,2,1,3,2\n");
  TAKEN(&d, PLAIN("{strata: none, psu: p, weight: none, lonely_psu: fail,"
                  " stages: [{units: u, fpc: {population: M}}]}"));
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->design.n_stages, 1);
  desk_remove(&d);
}

static void inclusion_probabilities(void) {
  desk d = desk_make();
#define PPS(fpc) PLAIN("{strata: none, psu: p, weight: none, pps: brewer, fpc: " fpc "}")
  desk_file(&d, "f.csv", "k,p,q,c\n1,1,0.25,1\n2,2,1,2\n3,1,0.25,3\n");
  TAKEN(&d, PPS("{fraction: q}"));
  const ict_design *design = &frame_of(&d, "thing")->design;
  CU_ASSERT_EQUAL(design->pps, ICT_PPS_BREWER);
  CU_ASSERT_PTR_NULL(design->fraction);
  CU_ASSERT_EQUAL(design->inclusion[0], 0.25);
  CU_ASSERT_EQUAL(design->inclusion[1], 1);
  desk_file(&d, "f.csv", "k,p,q,c\n1,1,0.25,1\n2,2,0,2\n3,1,0.5,3\n");
  REFUSED(&d, PPS("{fraction: q}"), "with PSUs of more than one inclusion probability");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "with an inclusion probability outside 0..1"));
  desk_remove(&d);
}

static void census(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,c\n1,1\n");
  TAKEN(&d, PLAIN("census"));
  const ict_design *design = &frame_of(&d, "thing")->design;
  CU_ASSERT_TRUE(design->census);
  CU_ASSERT_EQUAL(design->fraction[0], 1);
  CU_ASSERT_FALSE(design->has_strata);
  desk_remove(&d);
}

/* --- laws ------------------------------------------------------------------------- */

#define LAW                                                                                 \
  "ictstat: mapping/1\n"                                                                    \
  "survey: {id: T, title: Test, area: {from: area}, period: 2016}\n"                        \
  "concepts:\n"                                                                             \
  "  cost: {title: Cost, type: real}\n"                                                     \
  "  has: {title: Has, type: code, codes: {Y: Yes, N: No}}\n"                               \
  "files:\n"                                                                                \
  "  g: {path: g.csv, delimiter: \",\", key: [id]}\n"                                       \
  "  f: {path: f.csv, delimiter: \",\", key: [g, k], link: {to: g, by: [g]}}\n"             \
  "units:\n"                                                                                \
  "  group:\n    file: g\n    design: {strata: none, psu: none, weight: none}\n"            \
  "    variables: {has: {from: has, map: {1: Y, 0: N}}}\n"                                  \
  "  thing:\n    file: f\n    design: {strata: h, psu: p, weight: w, lonely_psu: adjust}\n" \
  "    variables: {cost: {from: c}}\n"

enum { N_GROUPS = 40, N_THINGS = 900 };

/* The rows in the order of a linear congruence: start and step give different orders. */
static void write_law(desk *d, unsigned start, unsigned step) {
  ict_str g, f;
  ict_str_init(&g);
  ict_str_init(&f);
  ict_str_add(&g, "id,has,area\n");
  ict_str_add(&f, "g,k,h,p,w,c\n");
  for (unsigned i = 0; i < N_GROUPS; i++) {
    unsigned id = (start + i * 7) % N_GROUPS;
    ict_str_addf(&g, "%u,%u,A%u\n", id, id % 3 == 0, id % 2);
  }
  for (unsigned i = 0; i < N_THINGS; i++) {
    unsigned id = (start + i * step) % N_THINGS;
    ict_str_addf(&f, "%u,%u,h%u,%u,%u.5,%u\n", id % N_GROUPS, id, id % 11, id % 23, id % 5 + 1,
                 id * id);
  }
  desk_file(d, "g.csv", g.text);
  desk_file(d, "f.csv", f.text);
  ict_str_done(&g);
  ict_str_done(&f);
}

static char *law_text(desk *d, int threads) {
  if (desk_take(d, LAW, (ict_intake_options){.threads = threads}) != ICT_OK) {
    desk_print(d);
    CU_FAIL_FATAL("refused");
  }
  return frame_text(frame_of(d, "thing"));
}

static void order_of_rows_and_threads_do_not_show(void) {
  desk d = desk_make();
  write_law(&d, 0, 1);
  char *first = law_text(&d, 1);
  const unsigned steps[][2] = {{1, 7}, {899, 899}, {450, 11}};
  for (size_t i = 0; i < 3; i++) {
    write_law(&d, steps[i][0], steps[i][1]);
    char *text = law_text(&d, i % 2 ? 4 : 1);
    CU_ASSERT_STRING_EQUAL(text, first);
    ict_free(text);
  }
  for (int threads = 2; threads <= 5; threads++) {
    char *text = law_text(&d, threads);
    CU_ASSERT_STRING_EQUAL(text, first);
    ict_free(text);
  }
  ict_free(first);
  desk_remove(&d);
}

/* Three chunks and more: lines, labels, keys and counts go on from one to the next. */
static void many_chunks(void) {
  enum { ROWS = 60000 };
  desk d = desk_make();
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, "k,h,p,w,c,x\n");
  for (int i = ROWS; i > 0; i--) {
    ict_str_addf(&s, "%d,stratum number %d,%d,1,%d,\"padding of\n two lines\"\n", i, i % 7, i % 997,
                 i);
  }
  CU_ASSERT_TRUE(s.len > (size_t)3 << 20); /* chunks are of a mebibyte */
  desk_file(&d, "f.csv", s.text);
  const char *mapping = PLAIN("{strata: h, psu: p, weight: w}");
  double sum[2] = {0};
  for (int t = 0; t < 2; t++) {
    CU_ASSERT_EQUAL_FATAL(desk_take(&d, mapping, (ict_intake_options){.threads = t ? 4 : 1}),
                          ICT_OK);
    const ict_frame *f = frame_of(&d, "thing");
    CU_ASSERT_EQUAL(f->n_rows, ROWS);
    CU_ASSERT_EQUAL(f->design.n_strata, 7);
    CU_ASSERT_EQUAL(f->design.n_psu, 7 * 997);
    const double *c = f->columns[2];
    bool good = true;
    for (size_t h = 0, p = 0; h < 7; h++) {
      for (; p < f->design.stratum_first_psu[h + 1]; p++) {
        for (size_t r = f->design.psu_first_row[p]; r < f->design.psu_first_row[p + 1]; r++) {
          long i = (long)c[r];
          good &= i % 7 == (long)h && i % 997 == (long)(p - f->design.stratum_first_psu[h]);
          good &= r == f->design.psu_first_row[p] || c[r] > c[r - 1];
          sum[t] += c[r] * (double)(r + 1);
        }
      }
    }
    CU_ASSERT_TRUE(good);
  }
  CU_ASSERT_EQUAL(sum[0], sum[1]);
  REFUSED(&d, PLAIN("{strata: h, psu: p, weight: c, nested: false}"), "in two strata");
  /* row i starts at line 2 + 2 i */
  ict_str_clear(&s);
  ict_str_add(&s, "k,h,p,w,c,x\n");
  for (int i = 0; i < ROWS; i++) {
    ict_str_addf(&s, "%d,a,%d,%s,1,\"padding that is long enough for four chunks\n two lines\"\n",
                 i % 59999, i, i % 25000 == 24999 ? "-1" : "1");
  }
  desk_file(&d, "f.csv", s.text);
  REFUSED(&d, PLAIN("{strata: h, psu: p, weight: w}"),
          "repeats in 1 row: line 120000 repeats line 2");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "negative in 2 rows of f.csv (lines 50000 and 100000)"));
  ict_str_done(&s);
  desk_remove(&d);
}

static void provenance(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "k,c\n1,1\n2,2\n");
  TAKEN(&d, PLAIN("none"));
  const ict_provenance *p = &d.intake->provenance;
  CU_ASSERT_STRING_EQUAL(p->survey, "T");
  CU_ASSERT_STRING_EQUAL(p->mapping_name, "m.yaml");
  CU_ASSERT_EQUAL(p->n_inputs, 1);
  CU_ASSERT_STRING_EQUAL(p->inputs[0].name, "f.csv");
  CU_ASSERT_EQUAL(p->inputs[0].bytes, 12);
  CU_ASSERT_EQUAL(p->inputs[0].rows, 2);
  /* printf 'k,c\n1,1\n2,2\n' | sha256sum */
  CU_ASSERT_STRING_EQUAL(p->inputs[0].sha256,
                         "5a457825424b32a7f4fb565ab092776b1672f8682adf4f861ed4bb1812039b7a");
  CU_ASSERT_TRUE(desk_reported(&d, "f: 2 rows read from f.csv"));
  desk_remove(&d);
}

SUITE("intake.design", TEST(sorted_in_natural_order), TEST(crossed_and_joined),
      TEST(strata_are_of_one_area_and_period), TEST(weights), TEST(lonely), TEST(blank_strata),
      TEST(nesting), TEST(fractions), TEST(stages), TEST(stages_without_effect),
      TEST(inclusion_probabilities), TEST(census), TEST(order_of_rows_and_threads_do_not_show),
      TEST(many_chunks), TEST(provenance))
