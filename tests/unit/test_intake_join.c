/* Keys, links and what comes over them; expected by hand. */
#include "test_intake_help.h"

#define CONCEPTS                                                     \
  "ictstat: mapping/1\n"                                             \
  "survey: {id: T, title: Test, area: BRA, period: 2016}\n"          \
  "concepts:\n"                                                      \
  "  town: {title: Town, type: code, codes: {U: Urban, R: Rural}}\n" \
  "  net: {title: Net, type: code, codes: {Y: Yes, N: No}}\n"        \
  "  years: {title: Years, type: integer, range: [0, 120]}\n"
#define DESIGN "    design: {strata: none, psu: none, weight: none, lonely_psu: adjust}\n"
#define TWO(unmatched)                                  \
  CONCEPTS                                              \
  "files:\n"                                            \
  "  hh: {path: hh.csv, delimiter: \",\", key: [id]}\n" \
  "  ind:\n"                                            \
  "    path: ind.csv\n"                                 \
  "    delimiter: \",\"\n"                              \
  "    key: [hh, no]\n"                                 \
  "    link: {to: hh, by: [hh], unmatched: " unmatched  \
  "}\n"                                                 \
  "units:\n"                                            \
  "  household:\n    file: hh\n" DESIGN                 \
  "    variables:\n"                                    \
  "      town: {from: area, map: {1: U, 2: R}}\n"       \
  "      net: {from: net, map: {1: Y, 0: N}}\n"         \
  "  individual:\n    file: ind\n" DESIGN               \
  "    variables:\n"                                    \
  "      years: {from: age}\n"                          \
  "      net: {from: pnet, map: {1: Y, 0: N}}\n"

static void many_to_one(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", "id,area,net\n10,1,1\n9, 2,0\n8,1,0\n");
  desk_file(&d, "ind.csv", "hh,no,age,pnet\n9,2,30,1\n10,1,40,0\n9,1,20,0\n");
  TAKEN(&d, TWO("refuse"));
  const ict_frame *f = frame_of(&d, "individual");
  /* keys in natural order: 9/1 9/2 10/1 */
  COLUMN(f, "years", "20 30 40");
  COLUMN(f, "net", "N Y N"); /* its own, not the household's */
  COLUMN(f, "town", "R R U");
  CU_ASSERT_EQUAL(f->schema->n, 5);
  CU_ASSERT_STRING_EQUAL(f->schema->vars[4].origin, "hh.area");
  COLUMN(frame_of(&d, "household"), "town", "U R U");
  desk_remove(&d);
}

static void unmatched_rows(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", "id,area,net\n1,1,1\n2,2,0\n");
  desk_file(&d, "ind.csv", "hh,no,age,pnet\n1,1,30,1\n3,1,40,0\n,1,20,0\n2,1,50,1\n");
  REFUSED(&d, TWO("refuse"), "2 rows of 4 without a match in hh.csv (lines 3 and 4)");
  TAKEN(&d, TWO("missing"));
  COLUMN(frame_of(&d, "individual"), "town", ".unlinked U R .unlinked");
  CU_ASSERT_TRUE(desk_reported(&d, "ind: 2 rows without a match in hh kept as unlinked"));
  TAKEN(&d, TWO("drop"));
  COLUMN(frame_of(&d, "individual"), "town", "U R");
  COLUMN(frame_of(&d, "individual"), "years", "30 50");
  CU_ASSERT_TRUE(desk_reported(&d, "ind: 2 rows without a match in hh left out"));
  desk_remove(&d);
}

static void keys_name_one_row(void) {
  desk d = desk_make();
  desk_file(&d, "hh.csv", "id,area,net\n1,1,1\n77,2,0\n77 ,1,0\n1,2,1\n,1,1\n");
  desk_file(&d, "ind.csv", "hh,no,age,pnet\n1,1,30,1\n");
  REFUSED(&d, TWO("refuse"),
          "m.yaml:8:44: error: the key of hh.csv repeats in 2 rows: line 4 repeats line 3; line 5 "
          "repeats line 2");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "the key of hh.csv is blank in 1 row (line 6)"));
  CU_ASSERT_FALSE(desk_said(&d, ICT_ERROR, "77")); /* a key may be a respondent */
  desk_remove(&d);
}

/* Dwelling <- household <- person (1:1), and a name of a file two links away. */
static void chain_of_three(void) {
  desk d = desk_make();
  desk_file(&d, "dw.csv", "UPM,VIV,area,w,str\n0100,01,U,2.5,a\n0100,02,R,1.5,b\n0200,1,U,3,a\n");
  desk_file(&d, "hh.csv", "code,net\n1001,1\n1002,0\n2001,1\n");
  desk_file(&d, "p.csv", "c,age\n2001,70\n1002,20\n1001,33\n");
  TAKEN(&d, CONCEPTS
        "files:\n"
        "  dw: {path: dw.csv, delimiter: \",\", key: [{join: [UPM, VIV], strip: zeros}]}\n"
        "  hh: {path: hh.csv, delimiter: \",\", key: [code], link: {to: dw, by: [code]}}\n"
        "  p: {path: p.csv, delimiter: \",\", key: [c], link: {to: hh, by: [c]}}\n"
        "units:\n"
        "  household:\n"
        "    file: hh\n"
        "    design: {strata: dw.str, psu: none, weight: dw.w, lonely_psu: adjust}\n"
        "    variables:\n"
        "      net: {from: net, map: {1: Y, 0: N}}\n"
        "      town: {from: dw.area}\n"
        "  individual:\n"
        "    file: p\n"
        "    design: {strata: dw.str, psu: none, weight: dw.w, lonely_psu: adjust}\n"
        "    variables:\n"
        "      years: {from: age}\n");
  const ict_frame *f = frame_of(&d, "individual");
  COLUMN(f, "years", "33 70 20");
  COLUMN(f, "net", "Y Y N");
  COLUMN(f, "town", "U U R");
  CU_ASSERT_EQUAL(f->design.n_strata, 2);
  CU_ASSERT_STRING_EQUAL(f->design.stratum_label[1], "b");
  CU_ASSERT_EQUAL(f->design.weight[0], 2.5);
  CU_ASSERT_EQUAL(f->design.weight[1], 3);
  CU_ASSERT_EQUAL(f->design.weight[2], 1.5);
  CU_ASSERT_STRING_EQUAL(f->design.weight_from, "dw.w");
  desk_remove(&d);
}

/* A row that its file leaves out is not there for the files that link to it. */
static void dropped_rows_are_gone(void) {
  desk d = desk_make();
  desk_file(&d, "dw.csv", "id\n1\n");
  desk_file(&d, "hh.csv", "id,net\n1,1\n2,0\n");
  desk_file(&d, "p.csv", "id,age\n1,70\n2,20\n");
#define CHAIN(unmatched)                                                                           \
  CONCEPTS                                                                                         \
  "files:\n"                                                                                       \
  "  dw: {path: dw.csv, delimiter: \",\", key: [id]}\n"                                            \
  "  hh: {path: hh.csv, delimiter: \",\", key: [id], link: {to: dw, by: [id], unmatched: drop}}\n" \
  "  p: {path: p.csv, delimiter: \",\", key: [id], link: {to: hh, by: [id], unmatched: " unmatched \
  "}}\n"                                                                                           \
  "units:\n"                                                                                       \
  "  household:\n    file: hh\n" DESIGN                                                            \
  "    variables: {net: {from: net, map: {1: Y, 0: N}}}\n"                                         \
  "  individual:\n    file: p\n" DESIGN "    variables: {years: {from: age}}\n"
  REFUSED(&d, CHAIN("refuse"), "1 row of 2 without a match in hh.csv (line 3)");
  TAKEN(&d, CHAIN("missing"));
  COLUMN(frame_of(&d, "individual"), "net", "Y .unlinked");
  desk_remove(&d);
}

SUITE("intake.join", TEST(many_to_one), TEST(unmatched_rows), TEST(keys_name_one_row),
      TEST(chain_of_three), TEST(dropped_rows_are_gone))
