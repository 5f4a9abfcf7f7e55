/* The same survey as CSV, SPSS and Stata files gives the same frame; value labels,
 * user-missing and extended missing values. Files are written with ReadStat's writer. */
#include <readstat.h>

#include "test_intake_help.h"

static ssize_t write_bytes(const void *data, size_t len, void *ctx) {
  return (ssize_t)fwrite(data, 1, len, ctx);
}

#define OK(call) CU_ASSERT_EQUAL_FATAL(call, READSTAT_OK)

/* id, stratum, sex, age, weight; nan: system-missing. */
enum { N_VARS = 5, N_ROWS = 7 };
static const char *const names[N_VARS] = {"id", "h", "sex", "age", "w"};
static const double rows[N_ROWS][N_VARS] = {
    {12, 1, 1, 34, 1.25}, {3, 2, 2, 120, 0.1}, {7, 1, 9, 0, 2.5},  {1, 2, 1, 999, 3},
    {10, 10, 2, 61, 7.7}, {2, 10, 1, 18, 1e3}, {5, 1, 9, 17, 0.3},
};

static void write_csv(folder *dir) {
  FILE *f = fopen(folder_file(dir, "t.csv"), "wb");
  fputs("id,h,sex,age,w\n", f);
  for (size_t r = 0; r < N_ROWS; r++) {
    for (size_t v = 0; v < N_VARS; v++) fprintf(f, "%s%.17g", v ? "," : "", rows[r][v]);
    fputs("\n", f);
  }
  fclose(f);
}

typedef struct kind {
  const char *file;
  readstat_error_t (*begin)(readstat_writer_t *writer, void *ctx, long n_rows);
  bool spss;
  readstat_compress_t compression;
} kind;

/* With value labels of sex, and 9 and 999 user-missing (SPSS) or .a (Stata). */
static void write_stat(folder *dir, const kind *k) {
  FILE *f = fopen(folder_file(dir, k->file), "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  OK(readstat_writer_set_compression(w, k->compression));
  readstat_label_set_t *set =
      readstat_add_label_set(w, k->spss ? READSTAT_TYPE_DOUBLE : READSTAT_TYPE_INT32, "sexlab");
  if (k->spss) {
    readstat_label_double_value(set, 1, "Male ");
    readstat_label_double_value(set, 2, "Female");
  } else {
    readstat_label_int32_value(set, 1, "Male ");
    readstat_label_int32_value(set, 2, "Female");
  }
  readstat_variable_t *vars[N_VARS];
  for (size_t v = 0; v < N_VARS; v++) {
    bool whole = !k->spss && v == 2; /* Stata's labels are for whole numbers */
    vars[v] =
        readstat_add_variable(w, names[v], whole ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE, 0);
  }
  readstat_variable_set_label_set(vars[2], set);
  if (k->spss) OK(readstat_variable_add_missing_double_value(vars[2], 9));
  OK(k->begin(w, f, N_ROWS));
  for (size_t r = 0; r < N_ROWS; r++) {
    OK(readstat_begin_row(w));
    for (size_t v = 0; v < N_VARS; v++) {
      if (!k->spss && v == 2 && rows[r][v] == 9) {
        OK(readstat_insert_tagged_missing_value(w, vars[v], 'a'));
      } else if (!k->spss && v == 2) {
        OK(readstat_insert_int32_value(w, vars[v], (int32_t)rows[r][v]));
      } else {
        OK(readstat_insert_double_value(w, vars[v], rows[r][v]));
      }
    }
    OK(readstat_end_row(w));
  }
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);
}

static const kind kinds[] = {
    {"t.sav", readstat_begin_writing_sav, true, READSTAT_COMPRESS_ROWS},
    {"t.dta", readstat_begin_writing_dta, false, READSTAT_COMPRESS_NONE},
};

static char *taken(desk *d, const char *file, const char *map) {
  char mapping[2048];
  snprintf(mapping, sizeof mapping,
           "ictstat: mapping/1\n"
           "survey: {id: T, title: Test, area: BRA, period: 2016}\n"
           "concepts:\n"
           "  gender: {title: Sex, type: code, codes: {M: Male, F: Female}}\n"
           "  years: {title: Age, type: integer, range: [0, 120]}\n"
           "files: {f: {path: %s, key: [id]}}\n"
           "units:\n  person:\n    file: f\n"
           "    design: {strata: h, psu: none, weight: w, lonely_psu: adjust}\n"
           "    variables:\n"
           "      gender: {from: sex, map: {%s}}\n"
           "      years: {from: age, missing: {999: refused}}\n",
           file, map);
  if (desk_run(d, mapping) != ICT_OK) {
    desk_print(d);
    CU_FAIL_FATAL("refused");
  }
  return frame_text(frame_of(d, "person"));
}

static void same_frame(void) {
  desk d = desk_make();
  write_csv(&d.dir);
  char *csv = taken(&d, "t.csv", "1: M, 2: F, 9: dont_know");
  COLUMN(frame_of(&d, "person"), "gender", ".dont_know .dont_know M M F M F");
  COLUMN(frame_of(&d, "person"), "years", "17 0 34 .refused 120 18 61");
  for (size_t k = 0; k < 2; k++) {
    write_stat(&d.dir, &kinds[k]);
    char *text = taken(&d, kinds[k].file,
                       kinds[k].spss ? "1: M, 2: F, 9: dont_know" : "1: M, 2: F, .a: dont_know");
    CU_ASSERT_STRING_EQUAL(text, csv);
    ict_free(text);
    /* by label */
    text = taken(
        &d, kinds[k].file,
        kinds[k].spss ? "Male: M, Female: F, 9: dont_know" : "Male: M, Female: F, .a: dont_know");
    CU_ASSERT_STRING_EQUAL(text, csv);
    ict_free(text);
    /* unmapped user-missing and extended missing values are missing; "*" does not take them */
    text = taken(&d, kinds[k].file, "1: M, \"*\": F");
    COLUMN(frame_of(&d, "person"), "gender", ".missing .missing M M F M F");
    ict_free(text);
  }
  ict_free(csv);
  desk_remove(&d);
}

/* A whole number is one key, whether a text file or a statistical package wrote it. */
static void keys_across_formats(void) {
  desk d = desk_make();
  write_stat(&d.dir, &kinds[0]);
  desk_file(&d, "hh.csv", "code,town\n12,U\n3,R\n7,U\n1,U\n10,R\n2,R\n5,U\n");
  TAKEN(&d,
        "ictstat: mapping/1\n"
        "survey: {id: T, title: Test, area: BRA, period: 2016}\n"
        "concepts:\n"
        "  town: {title: Town, type: code, codes: {U: Urban, R: Rural}}\n"
        "  years: {title: Age, type: integer, range: [0, 999]}\n"
        "files:\n"
        "  hh: {path: hh.csv, delimiter: \",\", key: [code]}\n"
        "  p: {path: t.sav, key: [id], link: {to: hh, by: [id]}}\n"
        "units:\n  person:\n    file: p\n    design: none\n"
        "    variables:\n      years: {from: age}\n      town: {from: hh.town}\n");
  const ict_frame *f = frame_of(&d, "person");
  COLUMN(f, "years", "999 18 120 17 0 61 34"); /* ids 1 2 3 5 7 10 12 */
  COLUMN(f, "town", "U R R U U R U");
  CU_ASSERT_EQUAL(f->schema->vars[2].width, ICT_U16);
  desk_remove(&d);
}

SUITE("intake.formats", TEST(same_frame), TEST(keys_across_formats))
