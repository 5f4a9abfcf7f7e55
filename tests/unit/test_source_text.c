/* Delimited text: headers, quoting, encodings, broken inputs. Expected values by hand. */
#include <zlib.h>

#include "test_source_help.h"

/* Opens and reads all of `bytes`; *text is the rows ("" where it fails). */
static ict_status read_options(const char *bytes, size_t len, ict_source_options o, char **text,
                               ict_err *err) {
  if (!o.path) o.path = temp_file("t.csv", bytes, len);
  ict_source *s;
  *text = NULL;
  ict_status st = ict_source_open(&o, &s, err);
  if (st == ICT_OK) {
    *text = rows_read(s, NULL, 0, 2, 0, &st, err);
    ict_source_close(s);
  }
  unlink(o.path);
  return st;
}

static void expect_rows(const char *bytes, ict_source_options o, const char *rows) {
  char *text;
  ict_err err = {0};
  ict_status st = read_options(bytes, strlen(bytes), o, &text, &err);
  CU_ASSERT_EQUAL(st, ICT_OK);
  if (st != ICT_OK) {
    char words[2048];
    ict_err_text(&err, words, sizeof words);
    printf("\n%s", words);
    return;
  }
  CU_ASSERT_STRING_EQUAL(text, rows);
  if (strcmp(text, rows) != 0) printf("\ngot:\n%swanted:\n%s", text, rows);
  ict_free(text);
}

#define PLAIN ((ict_source_options){0})

static void plain(void) {
  expect_rows("a,b\n1,x\n2,y\n", PLAIN, "2:1|x\n3:2|y\n");
  expect_rows("a;b\n1,5;x\n", PLAIN, "2:1,5|x\n");
  expect_rows("a\tb\n1\t\n\t2\n", PLAIN, "2:1|\n3:|2\n");
  expect_rows("a|b\n1|2\n", PLAIN, "2:1|2\n");
  expect_rows("one\n1\n2\n", PLAIN, "2:1\n3:2\n");
}

static void newlines(void) {
  const char *rows = "2:1|x\n3:2|y\n";
  expect_rows("a,b\r\n1,x\r\n2,y\r\n", PLAIN, rows);
  expect_rows("a,b\r1,x\r2,y\r", PLAIN, rows);
  expect_rows("a,b\n1,x\n2,y", PLAIN, rows); /* no final newline */
  expect_rows("a,b\r1,x\r2,y", PLAIN, rows);
  expect_rows("a,b\r\n1,x\n2,y\r", PLAIN, rows); /* mixed */
  expect_rows("\n\na,b\n\n1,x\n \n\t\n2,y\n\n\n", PLAIN, "5:1|x\n8:2|y\n");
  expect_rows("a,b\n1,\n", PLAIN, "2:1|\n");
  expect_rows("a,b\n1,", PLAIN, "2:1|\n");
  expect_rows("a,b\n,", PLAIN, "2:|\n");
}

static void quotes(void) {
  expect_rows("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", PLAIN, "2:1,5|say \"hi\"\n");
  expect_rows("a,b\n\"x\ny\",1\n2,3\n", PLAIN, "2:x\ny|1\n4:2|3\n");
  expect_rows("a,b\n\"x\r\ny\",1\r\n2,3\r\n", PLAIN, "2:x\r\ny|1\n4:2|3\n");
  expect_rows("a,b\n\"\",\"\"\n", PLAIN, "2:|\n");
  expect_rows("a,b\n\"\",\"\"", PLAIN, "2:|\n");
  expect_rows("a\n\"\"\n", PLAIN, "2:\n"); /* a blank that is a row */
  /* libcsv drops blanks around fields, and keeps those inside quotes */
  expect_rows("a,b\n 1 , \" x \" \n", PLAIN, "2:1| x \n");
  expect_rows("a,b\n'1,2',3\n", (ict_source_options){.quote = '\''}, "2:1,2|3\n");
  expect_rows("a;b\n5\" pipe;3\n", (ict_source_options){.quote = '\''}, "2:5\" pipe|3\n");
}

/* Records without quotes take a way of their own, eight bytes at a time. Here each random record is
 * read twice: plain, and with one field more that is quoted, which sends it through libcsv. */
static void plain_as_quoted(void) {
  static const char *const fields[] = {"",        "",         "1",
                                       "2",       "97",       "-1",
                                       "0,5",     "a b",      "\xc3\xa9t\xc3\xa9",
                                       "seven77", "eight888", "a text of 23 characters"};
  static const char *const blanks[] = {"", "", "", " ", "\t", "  \t "};
  static const char *const ends[] = {"\n", "\r\n", "\r", "\n \n", "\n\n"};
  uint32_t state = 1;
#define DRAW(of) of[(state = state * 1664525 + 1013904223, state >> 16) % (sizeof of / sizeof *of)]
  for (size_t n_fields = 2; n_fields < 40; n_fields++) {
    char *read[2];
    ict_str text[2];
    for (int q = 0; q < 2; q++) {
      ict_str_init(&text[q]);
      for (size_t f = 0; f < n_fields; f++) ict_str_addf(&text[q], "v%zu;", f);
      ict_str_add(&text[q], "end\n");
    }
    for (size_t r = 0; r < 30; r++) {
      for (size_t f = 0; f < n_fields; f++) {
        const char *before = DRAW(blanks), *field = DRAW(fields), *after = DRAW(blanks);
        for (int q = 0; q < 2; q++) ict_str_addf(&text[q], "%s%s%s;", before, field, after);
      }
      const char *end = DRAW(ends);
      ict_str_addf(&text[0], "x%s", end);
      ict_str_addf(&text[1], "\"x\"%s", end);
    }
    for (int q = 0; q < 2; q++) {
      ict_source_options o = {.delimiter = ';'};
      CU_ASSERT_EQUAL_FATAL(read_options(text[q].text, text[q].len, o, &read[q], NULL), ICT_OK);
      ict_str_done(&text[q]);
    }
    CU_ASSERT_STRING_EQUAL(read[0], read[1]);
    ict_free(read[0]);
    ict_free(read[1]);
  }
#undef DRAW
}

static void options(void) {
  expect_rows("a,b;c\n1,2;3\n", (ict_source_options){.delimiter = ';'}, "2:1,2|3\n");
  expect_rows("1,x\n2,y\n", (ict_source_options){.no_header = true}, "1:1|x\n2:2|y\n");
  expect_rows("a:b\n1:2\n", (ict_source_options){.delimiter = ':'}, "2:1|2\n");
  expect_rows("a,b\n", PLAIN, "");
  expect_rows("a,b", PLAIN, "");
}

static void encodings(void) {
  expect_rows(
      "\xEF\xBB\xBF"
      "a,b\n1,\xC3\xA9\n",
      PLAIN, "2:1|\xC3\xA9\n");
  expect_rows("a,b\n1,S\xE3o\n", (ict_source_options){.encoding = "latin1"}, "2:1|S\xC3\xA3o\n");
  /* 0x80 is the euro sign in Windows-1252: U+20AC */
  expect_rows("a,b\n1,\x80\n", (ict_source_options){.encoding = "windows-1252"},
              "2:1|\xE2\x82\xAC\n");
  expect_rows("a,\xC3\n\xE0,\xFF\n", (ict_source_options){.encoding = "cp1251"},
              "2:\xD0\xB0|\xD1\x8F\n");
}

static void open_text(const char *bytes, ict_source_options o, ict_source **s) {
  ict_err err = {0};
  o.path = temp_file("t.csv", bytes, strlen(bytes));
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, s, &err), ICT_OK);
  unlink(o.path);
}

static void header(void) {
  ict_source *s;
  open_text(",\" Weight \",sex,Sex,dup,dup\n", PLAIN, &s);
  const ict_dictionary *d = ict_source_dictionary(s);
  CU_ASSERT_EQUAL(d->n_vars, 6);
  CU_ASSERT_STRING_EQUAL(d->vars[0].name, "V1"); /* the index column of R and pandas */
  CU_ASSERT_STRING_EQUAL(d->vars[1].name, "Weight");
  CU_ASSERT_EQUAL(ict_source_find(s, "Weight"), 1);
  CU_ASSERT_EQUAL(ict_source_find(s, "WEIGHT"), 1);
  CU_ASSERT_EQUAL(ict_source_find(s, "sex"), 2);
  CU_ASSERT_EQUAL(ict_source_find(s, "Sex"), 3);
  CU_ASSERT_EQUAL(ict_source_find(s, "SEX"), -2);
  CU_ASSERT_EQUAL(ict_source_find(s, "dup"), -2);
  CU_ASSERT_EQUAL(ict_source_find(s, "none"), -1);
  CU_ASSERT_STRING_EQUAL(d->format, "csv");
  CU_ASSERT_STRING_EQUAL(d->encoding, "UTF-8");
  CU_ASSERT_EQUAL(d->delimiter, ',');
  CU_ASSERT_EQUAL(d->decimal, '.');
  CU_ASSERT_EQUAL(d->n_rows, -1);
  CU_ASSERT_EQUAL(d->file_size, 28);
  ict_source_close(s);

  open_text("\"a\nb\";c\n1;2\n", PLAIN, &s); /* a line break in a name */
  d = ict_source_dictionary(s);
  CU_ASSERT_STRING_EQUAL(d->vars[0].name, "a\nb");
  ict_status st;
  char *rows = rows_read(s, NULL, 0, 1, 0, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows, "3:1|2\n");
  ict_free(rows);
  ict_source_close(s);

  open_text("1;2\n", (ict_source_options){.no_header = true}, &s);
  CU_ASSERT_STRING_EQUAL(ict_source_dictionary(s)->vars[1].name, "V2");
  ict_source_close(s);
}

static void chosen_columns(void) {
  ict_source *s;
  open_text("a,b,c\n1,2,3\n4,5,6\n", PLAIN, &s);
  ict_status st;
  char *rows = rows_read(s, (size_t[]){2, 0, 2}, 3, 2, 0, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows, "2:3|1|3\n3:6|4|6\n");
  ict_free(rows);
  rows = rows_read(s, (size_t[]){0}, 0, 2, 0, &st, NULL); /* rows without columns */
  CU_ASSERT_STRING_EQUAL(rows, "2:\n3:\n");
  ict_free(rows);
  ict_err err = {0};
  CU_ASSERT_PTR_NULL(rows_read(s, (size_t[]){3}, 1, 2, 0, &st, &err));
  CU_ASSERT_EQUAL(st, ICT_USAGE);
  ict_source_close(s);
}

static void gzip(void) {
  const char *path = scratch("t.csv.gz");
  gzFile f = gzopen(path, "wb");
  gzputs(f, "a,b\n1,2\n");
  gzclose(f);
  ict_source_options o = {.path = path, .hash = true};
  ict_source *s;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  CU_ASSERT_STRING_EQUAL(ict_source_dictionary(s)->format_about, "delimited text (comma), gzip");
  ict_status st;
  char *rows = rows_read(s, NULL, 0, 2, 0, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows, "2:1|2\n");
  CU_ASSERT_EQUAL(strlen(ict_source_dictionary(s)->sha256), 64);
  ict_free(rows);
  ict_source_close(s);
  unlink(path);
}

/* --- broken inputs ---------------------------------------------------------------------- */

typedef struct broken {
  const char *bytes;
  size_t len;
  ict_source_options options;
  ict_status status;
  uint64_t line, column;
  const char *what, *expected, *fix; /* parts of the texts */
} broken;

#define TEXT(t) t, sizeof(t) - 1

static const broken broken_inputs[] = {
    {TEXT(""), {0}, ICT_REFUSED, 0, 0, "empty", "", ""},
    {TEXT("\n \n\t\n"), {0}, ICT_REFUSED, 0, 0, "empty", "names of the variables", ""},
    {TEXT("\xEF\xBB\xBF"), {0}, ICT_REFUSED, 0, 0, "empty", "", ""},
    {TEXT("a,b\n1,2\n3\n"),
     {0},
     ICT_REFUSED,
     3,
     0,
     "1 field in",
     "2, as in the header",
     "line break"},
    {TEXT("a,b\n1,2,\n"), {0}, ICT_REFUSED, 2, 0, "3 fields in", "2, as", "extra delimiters"},
    {TEXT("a,b\n\"x\n\ny\",2\n3,4,5\n"), {0}, ICT_REFUSED, 5, 0, "3 fields", "2", "','"},
    {TEXT("a\tb\n1\t2\t3\n"), {0}, ICT_REFUSED, 2, 0, "3 fields", "2", "'tab'"},
    {TEXT("a,b\n1,x\"y\n"), {0}, ICT_REFUSED, 2, 4, "quote inside a field", "doubled", "`quote:`"},
    {TEXT("a,b\n1,\"x\"y\n"), {0}, ICT_REFUSED, 2, 6, "after the closing quote", "delimiter", ""},
    {TEXT("a,b\n1,\"x\" \"y\n"), {0}, ICT_REFUSED, 2, 7, "after the closing quote", "", ""},
    {TEXT("a,b\n1,\"x\n2,3\n"), {0}, ICT_REFUSED, 2, 3, "never closed", "end of the file", "close"},
    {TEXT("a,b\n1,\"x\ny\"z\n"), {0}, ICT_REFUSED, 3, 3, "after the closing quote", "", ""},
    {TEXT("a,\"b\n1,2\n"), {0}, ICT_REFUSED, 1, 3, "never closed", "", ""},
    {TEXT("a,b\"\n1,2\n"), {0}, ICT_REFUSED, 1, 4, "quote inside a field", "", ""},
    {TEXT("a,b;c\n1,2;3\n"),
     {0},
     ICT_REFUSED,
     1,
     0,
     "1 x comma and 1 x semicolon",
     "",
     "'delimiter:'"},
    {TEXT("1,5;2\n"), {.no_header = true}, ICT_REFUSED, 1, 0, "not clear", "", "'delimiter:'"},
    {TEXT("a,nome\n1,S\xE3o\n"),
     {0},
     ICT_REFUSED,
     2,
     4,
     "0xE3 in field 'nome' is not UTF-8",
     "UTF-8",
     "windows-1252"},
    {TEXT("a,nome\n1,\xC3\xA3\xC3\xA3\xE3\n"), {0}, ICT_REFUSED, 2, 5, "field 'nome'", "", ""},
    {TEXT("a,S\xE3o\n1,2\n"), {0}, ICT_REFUSED, 1, 4, "byte 0xE3 is not UTF-8", "", "windows-1252"},
    {TEXT("a,b\n1,\xED\xA0\x80\n"), {0}, ICT_REFUSED, 2, 3, "not UTF-8", "", ""}, /* a surrogate */
    {TEXT("a,b\n1,\x81\n"),
     {.encoding = "windows-1252"},
     ICT_REFUSED,
     2,
     3,
     "field 'b' without a meaning",
     "",
     "which encoding"},
    {TEXT("a,b\n1,x\0y\n"), {0}, ICT_REFUSED, 2, 4, "NUL byte in field 'b'", "UTF-16", "UTF-8"},
    {TEXT("a\0,\0b\0"), {0}, ICT_REFUSED, 1, 2, "NUL byte", "", ""},
    {TEXT("\xFF\xFE\x61\0,\0b\0"), {0}, ICT_REFUSED, 1, 1, "UTF-16", "", "iconv"},
    {TEXT("a,b\n1,2\n"), {.encoding = "klingon"}, ICT_REFUSED, 0, 0, "'klingon'", "utf-8", ""},
    {TEXT("a,b\n1,2\n"),
     {.encoding = "utf-16"},
     ICT_REFUSED,
     0,
     0,
     "'utf-16'",
     "one byte",
     "iconv"},
    {TEXT("a,b\n1,2\n"), {.encoding = "shift_jis"}, ICT_REFUSED, 0, 0, "shift_jis", "", "iconv"},
    {TEXT("\xEF\xBB\xBF"
          "a,b\n"),
     {.encoding = "latin1"},
     ICT_REFUSED,
     1,
     1,
     "marks itself as UTF-8",
     "",
     "leave"},
    {TEXT("a,b\n1,2\n"), {.delimiter = '"'}, ICT_USAGE, 0, 0, "same character", "", ""},
    {TEXT("a,b\n1,2\n"), {.delimiter = '\n'}, ICT_USAGE, 0, 0, "cannot be one", "", ""},
    {TEXT("a,b\n1,2\n"), {.decimal = 'x'}, ICT_USAGE, 0, 0, "decimal mark", "'.' or ','", ""},
    {TEXT("a,b\n1,2\n"),
     {.format = "sav"},
     ICT_REFUSED,
     0,
     0,
     "not that of the format 'sav'",
     "sav",
     "csv"},
    {TEXT("a,b\n1,2\n"), {.format = "exe"}, ICT_USAGE, 0, 0, "unknown format 'exe'", "csv", ""},
    {TEXT("PK\x03\x04zip"), {0}, ICT_REFUSED, 0, 0, ".xlsx", "CSV", "CSV"},
    {TEXT("\x89HDF\r\n\x1A\n"), {0}, ICT_REFUSED, 0, 0, "HDF5", "", "compute"},
    /* of two faults the first one is told */
    {TEXT("a,b\n1\n2,\xE3\n"), {0}, ICT_REFUSED, 2, 0, "1 field", "", ""},
};

static void broken_files(void) {
  for (size_t i = 0; i < sizeof broken_inputs / sizeof *broken_inputs; i++) {
    const broken *b = &broken_inputs[i];
    char *text;
    ict_err err = {0};
    ict_status st = read_options(b->bytes, b->len, b->options, &text, &err);
    bool right = st == b->status && err.status == b->status && err.line == b->line &&
                 err.column == b->column && strstr(err.what, b->what) &&
                 strstr(err.expected, b->expected) && strstr(err.fix, b->fix) && !text &&
                 strstr(err.file, "t.csv");
    bool encoding_itself = err.line == 0 && strstr(err.what, "encoding");
    if (!right && encoding_itself && !err.file[0]) right = true;
    CU_ASSERT_TRUE(right);
    if (!right) {
      char words[4096];
      ict_err_text(&err, words, sizeof words);
      printf("\ncase %zu, status %d:\n%s", i, st, words);
    }
    ict_free(text);
    read_options(b->bytes, b->len, b->options, &text, NULL); /* err may be NULL */
    ict_free(text);
  }
}

static void text_under_another_name(void) {
  ict_source *s;
  ict_err err = {0};
  ict_source_options o = {.path = temp_file("t.sav", "a,b\n", 4)};
  CU_ASSERT_EQUAL(ict_source_open(&o, &s, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.expected, "the file name says: sav"));
  o.format = "csv"; /* declared, it is believed */
  CU_ASSERT_EQUAL(ict_source_open(&o, &s, &err), ICT_OK);
  ict_source_close(s);
  unlink(o.path);
  o = (ict_source_options){.path = scratch("none.csv")};
  CU_ASSERT_EQUAL(ict_source_open(&o, &s, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NULL(s);
}

/* --- callbacks, memory ------------------------------------------------------------------ */

static ict_status fail_from_three(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)ctx, (void)thread;
  if (chunk->index < 3) return ICT_OK;
  return ict_err_set(err, ICT_UNSAFE, "chunk %zu", chunk->index);
}

static void lowest_failure(void) {
  ict_source *s;
  open_text("a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", PLAIN, &s);
  ict_source_set_chunk_size(s, 2);
  for (int threads = 1; threads <= 4; threads++) {
    for (int again = 0; again < 20; again++) {
      ict_err err = {0};
      ict_status st =
          ict_source_read(s, (size_t[]){0}, 1, threads, NULL, fail_from_three, NULL, &err);
      CU_ASSERT_EQUAL(st, ICT_UNSAFE);
      CU_ASSERT_STRING_EQUAL(err.what, "chunk 3");
    }
  }
  ict_source_close(s);
}

static void out_of_memory(void) {
  const char *path = temp_file("t.csv", "a,b\n1,\xE9\n2,\"x\"\n", 14);
  ict_source_options o = {.path = path, .encoding = "latin1"};
  bool whole = false;
  for (long n = 0; n < 400 && !whole; n++) {
    ict_source *s = NULL;
    ict_err err = {0};
    char *text = NULL;
    ict_mem_fail_after(n);
    ict_status st = ict_source_open(&o, &s, &err);
    if (st == ICT_OK) text = rows_read(s, NULL, 0, 1, 4, &st, &err);
    ict_source_close(s);
    ict_mem_fail_after(-1);
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    if (st == ICT_OK) {
      CU_ASSERT_STRING_EQUAL(text, "2:1|\xC3\xA9\n3:2|x\n");
      whole = true;
    }
    ict_free(text);
  }
  CU_ASSERT_TRUE(whole);
  unlink(path);
}

/* --- real files: rows and columns as counted in the shared data.md ---------------------- */

typedef struct counted {
  uint64_t rows[64]; /* by thread */
} counted;

static ict_status count_rows(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)err;
  ((counted *)ctx)->rows[thread % 64] += chunk->n_rows;
  return ICT_OK;
}

static const struct real_file {
  const char *name;
  uint64_t rows;
  size_t vars;
  const char *encoding;
} real_files[] = {
    {"microdata/ticdom_2015_domicilios_base_de_microdados_v1.0.csv", 23465, 55, NULL},
    {"microdata/ticdom_2015_individuos_base_de_microdados_v1.0.csv", 20397, 163, NULL},
    {"microdata/ticdom_2016_domicilios_base_de_microdados_v1.0.csv", 23721, 60, NULL},
    {"microdata/ticdom_2016_individuos_base_de_microdados_v1.0.csv", 20722, 178, NULL},
    {"microdata/endutih2021_vivienda.csv", 58281, 19, NULL},
    {"microdata/endutih2021_vivienda_hogar_limpio.csv", 59285, 22, NULL},
    {"microdata/endutih2021_residente_paren_1_limpio.csv", 59285, 17, NULL},
    {"microdata/pslm2014_ict_person.csv.gz", 115910, 28, "windows-1252"},
    {"microdata/pslm2014_roster.csv.gz", 157775, 15, NULL},
    {"microdata/pslm2014_housing.csv.gz", 24238, 36, NULL},
    {"design/recs2015_brr.csv", 5686, 141, NULL},
    {"design/rsurvey_apipop.csv", 6194, 0, NULL},
    {"design/rsurvey_nhanes.csv", 8591, 0, NULL},
    {"design/dhs_model_zzir62_subset.csv.gz", 8348, 47, NULL},
    {"admin/unsd2019q1_17.8.1_IT_USE_ii99_countries.csv", 3767, 25, NULL},
    {"admin/unsd2019q1_9.c.1_IT_MOB_NTWK_countries.csv", 4939, 29, NULL},
    {"admin/unsd2019q1_17.6.2_IT_NET_BBN_countries.csv", 6118, 27, NULL},
    {"admin/unsd_genderportal2021_I17_internet_by_sex.tsv", 794, 33, NULL},
    {"admin/us_broadband_usage_county_2020-10.csv", 3142, 5, NULL},
    {"admin/unsd2019_9.c.1-IT_MOB_NTWK_long_latin1_truncated.csv", 0, 0, "latin1"},
    {"groups/country-codes.csv", 249, 56, NULL},
    {"groups/unsd_m49_ru.csv", 249, 15, NULL},
    {"open-sdg/ons_uk_indicator_17-8-1.csv", 1774, 14, NULL},
    {"published/ntia-analyze-table-1994-2021.csv", 753, 348, NULL},
};

static void real_counts(void) {
  for (size_t i = 0; i < sizeof real_files / sizeof *real_files; i++) {
    const struct real_file *f = &real_files[i];
    const char *path = shared_data(f->name);
    if (!path) return;
    ict_source_options o = {.path = path, .encoding = f->encoding};
    ict_source *s = NULL;
    ict_err err = {0};
    counted n = {{0}};
    ict_status st = ict_source_open(&o, &s, &err);
    if (st == ICT_OK) {
      st = ict_source_read(s, (size_t[]){0}, 1, 2, NULL, count_rows, &n, &err);
    }
    uint64_t rows = n.rows[0] + n.rows[1];
    bool right = st == ICT_OK && (f->rows == 0 || rows == f->rows) &&
                 (f->vars == 0 || ict_source_dictionary(s)->n_vars == f->vars);
    CU_ASSERT_TRUE(right);
    if (!right) {
      char words[4096];
      ict_err_text(&err, words, sizeof words);
      printf("\n%s: %llu rows, %zu variables\n%s", f->name, (unsigned long long)rows,
             s ? ict_source_dictionary(s)->n_vars : 0, words);
    }
    ict_source_close(s);
  }
}

static void real_latin1_is_refused_as_utf8(void) {
  const char *path = shared_data("admin/unsd2019_9.c.1-IT_MOB_NTWK_long_latin1_truncated.csv");
  if (!path) return;
  ict_source_options o = {.path = path};
  ict_source *s;
  ict_err err = {0};
  counted n = {{0}};
  ict_status st = ict_source_open(&o, &s, &err);
  if (st == ICT_OK) {
    st = ict_source_read(s, (size_t[]){0}, 1, 2, NULL, count_rows, &n, &err);
    ict_source_close(s);
  }
  CU_ASSERT_EQUAL(st, ICT_REFUSED);
  CU_ASSERT(err.line > 1 && err.column > 0);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.fix, "windows-1252"));
}

SUITE("source.text", TEST(plain), TEST(newlines), TEST(quotes), TEST(plain_as_quoted),
      TEST(options), TEST(encodings), TEST(header), TEST(chosen_columns), TEST(gzip),
      TEST(broken_files), TEST(text_under_another_name), TEST(lowest_failure), TEST(out_of_memory),
      TEST(real_counts), TEST(real_latin1_is_refused_as_utf8))
