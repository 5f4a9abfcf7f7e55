/* Values to codes, numbers and kinds of missing; expected by hand, from docs/mapping.md. */
#include "test_intake_help.h"

/* One unit over one file without design; the variables come from the test. */
#define HEAD                                                                    \
  "ictstat: mapping/1\n"                                                        \
  "survey: {id: T, title: Test, area: BRA, period: 2016}\n"                     \
  "concepts:\n"                                                                 \
  "  colour: {title: Colour, type: code, codes: {R: Red, G: Green, B: Blue}}\n" \
  "  has: {title: Has, type: code, codes: {Y: Yes, N: No}}\n"                   \
  "  size: {title: Size, type: integer, range: [0, 120]}\n"                     \
  "  far: {title: Far, type: integer}\n"                                        \
  "  cost: {title: Cost, type: real}\n"                                         \
  "files:\n"                                                                    \
  "  f: {path: f.csv, delimiter: \",\"}\n"                                      \
  "units:\n"                                                                    \
  "  thing:\n"                                                                  \
  "    file: f\n"                                                               \
  "    design: {strata: none, psu: none, weight: none, lonely_psu: adjust}\n"   \
  "    variables:\n"

static void every_left_side(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\n1\n 2 \n3\n\n95\n99.5\nother\n");
  /* the empty line is no row; a row with a blank cell needs a second column */
  desk_file(&d, "f.csv", "x,y\n1,\n 2 ,\n3,\n,\n95,\n99.5,\nother,\n\"  \",\n");
  TAKEN(&d, HEAD
        "      colour: {from: x, map: {1: R, 2: G, 3: dont_know, blank: not_asked,\n"
        "                              90..98: refused, 99..100: not_applicable, \"*\": B}}\n");
  COLUMN(frame_of(&d, "thing"), "colour",
         "R G .dont_know .not_asked .refused .not_applicable B .not_asked");
  COLUMN(frame_of(&d, "thing"), "ref_area", "BRA BRA BRA BRA BRA BRA BRA BRA");
  CU_ASSERT_TRUE(
      desk_reported(&d, "thing.colour: dont_know 1, refused 1, not_asked 2, not_applicable 1"));
  desk_remove(&d);
}

static void blank_is_missing_and_other_is_not_blank(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x,y\n1,1\n,2\n7,3\n");
  TAKEN(&d, HEAD "      colour: {from: x, map: {1: R, \"*\": B}}\n");
  COLUMN(frame_of(&d, "thing"), "colour", "R .missing B");
  desk_remove(&d);
}

static void codes_without_map(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\nG\nB\nR\nG\n");
  TAKEN(&d, HEAD "      colour: {from: x}\n");
  COLUMN(frame_of(&d, "thing"), "colour", "G B R G");
  desk_file(&d, "f.csv", "x\nG\nr\n");
  REFUSED(&d, HEAD "      colour: {from: x}\n",
          "m.yaml:16:22: error: 'x' of f.csv, read as colour, holds values that are no codes in 1 "
          "row: 'r' (1 row; line 3)\n  expected: one of R, G, B");
  desk_remove(&d);
}

static void unmapped_values_are_listed(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\n1\n7\n7\n7\n7\n7\n7\n");
  REFUSED(
      &d, HEAD "      colour: {from: x, map: {1: R}}\n",
      "'x' of f.csv, read as colour, holds values that no line of `map` names in 6 rows: '7' (6 "
      "rows; lines 3, 4, 5, 6, 7 and more)\n  expected: one of R, G, B\n  fix: add a line such "
      "as `7: missing` to `map`");
  /* by count, then natural order of the text; ten at most */
  desk_file(&d, "f.csv", "x\n10\n9\n2\n1\n9\na\nb\nc\nd\ne\nf\ng\nh\n");
  REFUSED(
      &d, HEAD "      colour: {from: x, map: {5: R}}\n",
      "in 13 rows: '9' (2 rows; first line 3), '1' (1 row; line 5), '2' (1 row; line 4), '10' (1 "
      "row; line 2), 'a' (1 row; line 7), 'b' (1 row; line 8), 'c' (1 row; line 9), 'd' (1 row; "
      "line 10), 'e' (1 row; line 11), 'f' (1 row; line 12) and 2 more values");
  /* "1.0" is not "1" in a text file */
  desk_file(&d, "f.csv", "x\n1.0\n");
  REFUSED(&d, HEAD "      colour: {from: x, map: {1: R}}\n",
          "fix: write `1.0` in `map`, as it stands in the file");
  desk_remove(&d);
}

static void numbers(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x,y\n34,0.5\n999,1e3\n,\n0,-2.25\n120,nr\n");
  TAKEN(&d, HEAD
        "      size: {from: x, missing: {999: refused}}\n"
        "      cost: {from: y, scale: 2, missing: {nr: dont_know}}\n");
  COLUMN(frame_of(&d, "thing"), "size", "34 .refused .missing 0 120");
  COLUMN(frame_of(&d, "thing"), "cost", "1 2000 .missing -4.5 .dont_know");
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->schema->vars[2].width, ICT_U8);
  desk_remove(&d);
}

static void bad_numbers(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x;y\n12;1\nold;2\n1.5;3\n130;4\n-1;5\n2,5;6\n");
#define SEMI                                                                 \
  "ictstat: mapping/1\nsurvey: {id: T, title: T, area: BRA, period: 2016}\n" \
  "concepts:\n  size: {title: Size, type: integer, range: [0, 120]}\n"       \
  "files:\n  f: {path: f.csv, delimiter: \";\"}\n"                           \
  "units:\n  thing:\n    file: f\n    design: none\n    variables:\n"        \
  "      size: {from: x}\n"
  REFUSED(&d, SEMI, "holds text that is no number in 1 row: 'old' (1 row; line 3)");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "fix: name it: `missing: {old: missing}`"));
  CU_ASSERT_TRUE(
      desk_said(&d, ICT_ERROR, "numbers with a fraction in 1 row: '1.5' (1 row; line 4)"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR,
                           "outside the concept's range in 2 rows: '-1' (1 row; line 6), "
                           "'130' (1 row; line 5)\n  expected: 0 to 120"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "numbers with a decimal comma in 1 row"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "fix: write `decimal: \",\"` for file 'f'"));
  CU_ASSERT_EQUAL(d.err.line, 12);
  desk_remove(&d);
}

static void integers_are_narrow(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "a,b,c\n1,300,-1\n247,65527,70000\n");
  const char *mapping = HEAD
      "      size: {from: a, missing: {247: missing}}\n"
      "      far: {from: b}\n";
  TAKEN(&d, mapping);
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->schema->vars[2].width, ICT_U8);
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->schema->vars[3].width, ICT_U16);
  COLUMN(frame_of(&d, "thing"), "far", "300 65527");
  TAKEN(&d, HEAD "      far: {from: c}\n");
  CU_ASSERT_EQUAL(frame_of(&d, "thing")->schema->vars[2].width, ICT_I32);
  COLUMN(frame_of(&d, "thing"), "far", "-1 70000");
  desk_remove(&d);
}

static void combinations(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv",
            "a,b,c\n"
            "0,1,8\n"
            "0,0,0\n"
            "0,8,9\n"
            "1,1,1\n"
            "9,8,0\n");
#define THREE(how)                                  \
  HEAD "      has: {from: [a, b, c], combine: " how \
       ", map: {1: Y, 0: N, 8: dont_know, 9: refused}}\n"
  TAKEN(&d, THREE("any"));
  COLUMN(frame_of(&d, "thing"), "has", "Y N .dont_know Y .refused");
  TAKEN(&d, THREE("all"));
  COLUMN(frame_of(&d, "thing"), "has", "N N N Y N");
  TAKEN(&d, THREE("first"));
  COLUMN(frame_of(&d, "thing"), "has", "N N N Y N");
  TAKEN(&d, HEAD "      size: {from: [a, b, c], combine: sum, missing: {9: refused}}\n");
  COLUMN(frame_of(&d, "thing"), "size", "9 0 .refused 3 .refused");
  desk_file(&d, "f.csv", "a,b\n100,20\n100,21\n");
  REFUSED(&d, HEAD "      size: {from: [a, b], combine: sum}\n",
          "the sum for 'size' is outside the concept's range in 1 row of f.csv (line 3)");
  desk_remove(&d);
}

/* Slots of a multiple response: the order of the answers says nothing. */
static void multi_response_slots(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "s1,s2,s3\ncopy,paste,\npaste,,\n,,\n mail,copy,paste\n");
  TAKEN(&d,
        HEAD "      has: {from: [s1, s2, s3], combine: any, map: {copy: Y, \"*\": N, blank: N}}\n");
  COLUMN(frame_of(&d, "thing"), "has", "Y N N Y");
  desk_remove(&d);
}

static void count_as_is_counted(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\n1\n0\n97\n98\n97\n");
  TAKEN(&d, HEAD
        "      has: {from: x, map: {1: Y, 0: N, 97: dont_know, 98: refused}, count_as: {dont_know: "
        "N}}\n");
  const ict_frame *f = frame_of(&d, "thing");
  COLUMN(f, "has", "Y N N .refused N");
  CU_ASSERT_TRUE(desk_reported(&d, "thing.has: dont_know counted as N: 2 rows"));
  CU_ASSERT_TRUE(desk_reported(&d, "thing.has: refused 1"));
  CU_ASSERT_STRING_EQUAL(f->schema->vars[2].treatment, "dont_know counted as N");
  CU_ASSERT_STRING_EQUAL(f->schema->vars[2].origin, "f.x");
  desk_remove(&d);
}

static void constants(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\n1\n2\n");
  TAKEN(&d, HEAD "      colour: {constant: G}\n      size: {constant: 7}\n");
  COLUMN(frame_of(&d, "thing"), "colour", "G G");
  COLUMN(frame_of(&d, "thing"), "size", "7 7");
  desk_remove(&d);
}

static void names_that_are_not_there(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "colour,COST,Cost\n1,2,3\n");
  REFUSED(&d, HEAD "      colour: {from: colout, map: {1: R}}\n      cost: {from: cost}\n",
          "m.yaml:16:22: error: f.csv (");
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "has no variable 'colout'\n  fix: write 'colour'"));
  CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, "several variables of f.csv are called 'cost'"));
  desk_remove(&d);
}

static void files_that_are_not_there(void) {
  desk d = desk_make();
  REFUSED(&d, HEAD "      colour: {from: x}\n", "f.csv");
  desk_remove(&d);
}

static void warnings(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x,y,z\n1,,5\n1,,6\n");
  TAKEN(&d, HEAD
        "      colour: {from: x, map: {1: R, 2: G, 10..12: B}}\n"
        "      size: {from: y}\n");
  WARNED(&d, "'colour' names values that never occur: 2, 10..12");
  WARNED(&d, "'colour' has one value in every row of unit 'thing' that has one: R");
  WARNED(&d, "'size' is missing in every row of unit 'thing'");
  desk_remove(&d);
}

static void no_rows(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x,y\n");
  REFUSED(&d, HEAD "      colour: {from: x, map: {1: R}}\n", "unit 'thing' has no rows");
  desk_remove(&d);
}

static void check_only_makes_no_frames(void) {
  desk d = desk_make();
  desk_file(&d, "f.csv", "x\n1\n2\n");
  const char *mapping = HEAD "      colour: {from: x, map: {1: R, 2: G}}\n";
  CU_ASSERT_EQUAL(desk_take(&d, mapping, (ict_intake_options){.check_only = true}), ICT_OK);
  CU_ASSERT_EQUAL(d.intake->n_frames, 0);
  CU_ASSERT_TRUE(desk_reported(&d, "thing: 2 rows, 2 PSUs, 1 stratum"));
  desk_file(&d, "f.csv", "x\n1\n3\n");
  CU_ASSERT_EQUAL(desk_take(&d, mapping, (ict_intake_options){.check_only = true}), ICT_REFUSED);
  desk_remove(&d);
}

SUITE("intake.recode", TEST(every_left_side), TEST(blank_is_missing_and_other_is_not_blank),
      TEST(codes_without_map), TEST(unmapped_values_are_listed), TEST(numbers), TEST(bad_numbers),
      TEST(integers_are_narrow), TEST(combinations), TEST(multi_response_slots),
      TEST(count_as_is_counted), TEST(constants), TEST(names_that_are_not_there),
      TEST(files_that_are_not_there), TEST(warnings), TEST(no_rows),
      TEST(check_only_makes_no_frames))
