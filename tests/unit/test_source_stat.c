/* SPSS, Stata and SAS files: written here with ReadStat's writer, read back through the
 * room. What is expected is what was handed to the writer. */
#include <math.h>
#include <readstat.h>
#include <stdatomic.h>

#include "source/readstat_in.h"
#include "test_source_help.h"

extern const ict_source_format ict_source_format_sav;

static ssize_t write_bytes(const void *data, size_t len, void *ctx) {
  return (ssize_t)fwrite(data, 1, len, ctx);
}

typedef readstat_error_t begin_fn(readstat_writer_t *writer, void *ctx, long rows);

/* A survey of three variables and `rows` rows: id 1.., sex (labelled; 1, 2, 9 in turn), name. */
typedef struct variety {
  const char *file, *format;
  begin_fn *begin;
  int version; /* 0: the writer's */
  readstat_compress_t compression;
  bool labels, missing_ranges, tags, counts_rows;
} variety;

static const variety varieties[] = {
    {"t.sav", "sav", readstat_begin_writing_sav, 2, READSTAT_COMPRESS_NONE, true, true, false,
     true},
    {"c.sav", "sav", readstat_begin_writing_sav, 2, READSTAT_COMPRESS_ROWS, true, true, false,
     true},
    {"t.zsav", "sav", readstat_begin_writing_sav, 3, READSTAT_COMPRESS_BINARY, true, true, false,
     true},
    {"t.por", "por", readstat_begin_writing_por, 0, READSTAT_COMPRESS_NONE, true, true, false,
     false},
    {"t.dta", "dta", readstat_begin_writing_dta, 118, READSTAT_COMPRESS_NONE, true, false, true,
     true},
    {"o.dta", "dta", readstat_begin_writing_dta, 114, READSTAT_COMPRESS_NONE, true, false, true,
     true},
    {"t.sas7bdat", "sas7bdat", readstat_begin_writing_sas7bdat, 0, READSTAT_COMPRESS_NONE, false,
     false, true, true},
    {"c.sas7bdat", "sas7bdat", readstat_begin_writing_sas7bdat, 0, READSTAT_COMPRESS_ROWS, false,
     false, true, true},
    {"t.xpt", "xpt", readstat_begin_writing_xport, 8, READSTAT_COMPRESS_NONE, false, false, true,
     false},
};
enum { N_VARIETIES = sizeof varieties / sizeof *varieties };

#define OK(call) CU_ASSERT_EQUAL_FATAL(call, READSTAT_OK)

static const char *write_survey(const variety *v, int rows) {
  const char *path = scratch(v->file);
  FILE *f = fopen(path, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  if (v->version) OK(readstat_writer_set_file_format_version(w, (uint8_t)v->version));
  if (v->compression) OK(readstat_writer_set_compression(w, v->compression));
  readstat_writer_set_file_label(w, "A survey");
  readstat_label_set_t *set = NULL;
  if (v->labels) {
    /* Stata keys labels by integers, SPSS by doubles */
    bool stata = strcmp(v->format, "dta") == 0;
    set = readstat_add_label_set(w, stata ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE, "sexlab");
    if (stata) {
      readstat_label_int32_value(set, 1, "Male");
      readstat_label_int32_value(set, 2, "Female");
      readstat_label_tagged_value(set, 'b', "Refused");
    } else {
      readstat_label_double_value(set, 1, "Male");
      readstat_label_double_value(set, 2, "Female");
      readstat_label_double_value(set, 9, "Refused");
    }
  }
  readstat_variable_t *id = readstat_add_variable(w, "ID", READSTAT_TYPE_DOUBLE, 0);
  readstat_variable_t *sex = readstat_add_variable(
      w, "SEX", strcmp(v->format, "dta") ? READSTAT_TYPE_DOUBLE : READSTAT_TYPE_INT32, 0);
  readstat_variable_t *name = readstat_add_variable(w, "NAME", READSTAT_TYPE_STRING, 12);
  readstat_variable_set_label(sex, "Sex of the person");
  if (set) readstat_variable_set_label_set(sex, set);
  if (v->missing_ranges) {
    OK(readstat_variable_add_missing_double_range(sex, 97, 99));
    OK(readstat_variable_add_missing_double_value(sex, 9));
  }
  OK(v->begin(w, f, rows));
  for (int i = 0; i < rows; i++) {
    OK(readstat_begin_row(w));
    OK(readstat_insert_double_value(w, id, i + 1 + 0.5 * (i % 2)));
    if (i % 3 == 2 && v->tags) {
      bool sas = strcmp(v->format, "dta") != 0;
      OK(readstat_insert_tagged_missing_value(w, sex, sas ? 'B' : 'b'));
    } else if (sex->type == READSTAT_TYPE_INT32) {
      OK(readstat_insert_int32_value(w, sex, i % 3 + 1));
    } else {
      OK(readstat_insert_double_value(w, sex, i % 3 == 2 ? 9 : i % 3 + 1));
    }
    if (i % 4 == 3) {
      OK(readstat_insert_missing_value(w, name));
    } else {
      OK(readstat_insert_string_value(w, name, i % 4 == 1 ? " two  " : "Ana"));
    }
    OK(readstat_end_row(w));
  }
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);
  return path;
}

/* The same as the text of rows_read. */
static char *survey_text(const variety *v, int rows) {
  ict_str s;
  ict_str_init(&s);
  for (int i = 0; i < rows; i++) {
    const char *sex[] = {"1", "2", v->tags ? ".b" : "9"};
    const char *name[] = {"Ana", " two", "Ana", ""};
    ict_str_addf(&s, "%d:%d%s|%s|%s\n", i + 1, i + 1, i % 2 ? ".5" : "", sex[i % 3], name[i % 4]);
  }
  return ict_str_take(&s);
}

static void say(const char *name, const ict_err *err) {
  char words[4096];
  ict_err_text(err, words, sizeof words);
  printf("\n%s: %s", name, words);
}

static void every_format(void) {
  for (size_t i = 0; i < N_VARIETIES; i++) {
    const variety *v = &varieties[i];
    char *wanted = survey_text(v, 50);
    ict_source_options o = {.path = write_survey(v, 50)};
    ict_source *s = NULL;
    ict_err err = {0};
    ict_status st = ict_source_open(&o, &s, &err);
    CU_ASSERT_EQUAL(st, ICT_OK);
    if (st != ICT_OK) {
      say(v->file, &err);
      continue;
    }
    const ict_dictionary *d = ict_source_dictionary(s);
    CU_ASSERT_STRING_EQUAL(d->format, v->format);
    CU_ASSERT_EQUAL(d->n_vars, 3);
    CU_ASSERT(d->n_rows == 50 || (!v->counts_rows && d->n_rows == -1));
    CU_ASSERT_EQUAL(d->vars[2].type, ICT_RAW_TEXT);
    CU_ASSERT_STRING_EQUAL(d->vars[1].name, "SEX");
    CU_ASSERT_STRING_EQUAL(d->vars[1].label, "Sex of the person");
    CU_ASSERT_EQUAL(d->vars[0].n_labels, 0);
    for (size_t chunk = 0; chunk < 20; chunk += 3) {
      char *rows = rows_read(s, NULL, 0, 2, chunk, &st, &err);
      CU_ASSERT_EQUAL(st, ICT_OK);
      if (st != ICT_OK) {
        say(v->file, &err);
        break;
      }
      CU_ASSERT_STRING_EQUAL(rows, wanted);
      if (strcmp(rows, wanted) != 0) printf("\n%s:\n%.200s", v->file, rows);
      ict_free(rows);
    }
    ict_source_close(s);
    ict_free(wanted);
    unlink(o.path);
  }
}

static void dictionary_spss(void) {
  for (size_t i = 0; i < 4; i++) {
    ict_source_options o = {.path = write_survey(&varieties[i], 3)};
    ict_source *s;
    CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
    const ict_dictionary *d = ict_source_dictionary(s);
    const ict_source_variable *sex = &d->vars[1];
    CU_ASSERT_EQUAL_FATAL(sex->n_labels, 3);
    CU_ASSERT_EQUAL(sex->labels[2].number, 9);
    CU_ASSERT_EQUAL(sex->labels[2].tag, 0);
    CU_ASSERT_FALSE(sex->labels[2].is_text);
    CU_ASSERT_STRING_EQUAL(sex->labels[2].label, "Refused");
    CU_ASSERT_EQUAL_FATAL(sex->n_missing, 2);
    bool range = false, single = false;
    for (size_t k = 0; k < 2; k++) {
      if (sex->missing[k].lo == 97 && sex->missing[k].hi == 99) range = true;
      if (sex->missing[k].lo == 9 && sex->missing[k].hi == 9) single = true;
    }
    CU_ASSERT(range && single);
    if (i < 3) CU_ASSERT_STRING_EQUAL(d->title, "A survey");
    CU_ASSERT_EQUAL(ict_source_find(s, "sex"), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(d->format_about, "SPSS"));
    ict_source_close(s);
    unlink(o.path);
  }
}

static void dictionary_stata(void) {
  ict_source_options o = {.path = write_survey(&varieties[4], 3)};
  ict_source *s;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  const ict_dictionary *d = ict_source_dictionary(s);
  CU_ASSERT_EQUAL_FATAL(d->vars[1].n_labels, 3);
  CU_ASSERT_STRING_EQUAL(d->vars[1].labels[0].label, "Male");
  CU_ASSERT_EQUAL(d->vars[1].labels[0].number, 1);
  CU_ASSERT_EQUAL(d->vars[1].labels[2].tag, 'b');
  CU_ASSERT(isnan(d->vars[1].labels[2].number));
  CU_ASSERT_STRING_EQUAL(d->format_about, "Stata data file, version 118");
  CU_ASSERT_STRING_EQUAL(d->title, "A survey");
  ict_source_close(s);
  unlink(o.path);
}

static void chosen_variables(void) {
  for (size_t i = 0; i < N_VARIETIES; i++) {
    const variety *v = &varieties[i];
    ict_source_options o = {.path = write_survey(v, 4)};
    ict_source *s;
    ict_status st;
    CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
    char *rows = rows_read(s, (size_t[]){2, 0, 2}, 3, 1, 3, &st, NULL);
    CU_ASSERT_STRING_EQUAL(rows, "1:Ana|1|Ana\n2: two|2.5| two\n3:Ana|3|Ana\n4:|4.5|\n");
    ict_free(rows);
    rows = rows_read(s, (size_t[]){1}, 1, 1, 0, &st, NULL);
    CU_ASSERT_STRING_EQUAL(rows, v->tags ? "1:1\n2:2\n3:.b\n4:1\n" : "1:1\n2:2\n3:9\n4:1\n");
    ict_free(rows);
    rows = rows_read(s, (size_t[]){1}, 0, 1, 0, &st, NULL);
    CU_ASSERT_STRING_EQUAL(rows, "1:\n2:\n3:\n4:\n");
    ict_free(rows);
    ict_source_close(s);
    unlink(o.path);
  }
}

/* Open-ended ranges of SPSS ("LO THRU -1"), and texts kept outside the rows (Stata strL). */
static void open_ranges_and_long_texts(void) {
  const char *path = scratch("r.sav");
  FILE *f = fopen(path, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  readstat_variable_t *x = readstat_add_variable(w, "x", READSTAT_TYPE_DOUBLE, 0);
  OK(readstat_variable_add_missing_double_range(x, -HUGE_VAL, -1));
  OK(readstat_begin_writing_sav(w, f, 1));
  OK(readstat_begin_row(w));
  OK(readstat_insert_double_value(w, x, -5));
  OK(readstat_end_row(w));
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);
  ict_source_options o = {.path = path};
  ict_source *s;
  ict_status st;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  const ict_source_variable *v = &ict_source_dictionary(s)->vars[0];
  CU_ASSERT_EQUAL_FATAL(v->n_missing, 1);
  CU_ASSERT(v->missing[0].lo < -1e300 && v->missing[0].hi == -1);
  char *rows = rows_read(s, NULL, 0, 1, 0, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows, "1:-5\n"); /* the value itself, not a missing */
  ict_free(rows);
  ict_source_close(s);
  unlink(path);

  path = scratch("l.dta");
  f = fopen(path, "wb");
  w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  readstat_writer_set_file_format_version(w, 118);
  readstat_variable_t *l = readstat_add_variable(w, "l", READSTAT_TYPE_STRING_REF, 0);
  readstat_variable_t *g = readstat_add_variable(w, "g", READSTAT_TYPE_FLOAT, 0);
  readstat_string_ref_t *ref = readstat_add_string_ref(w, "a long text");
  OK(readstat_begin_writing_dta(w, f, 1));
  OK(readstat_begin_row(w));
  OK(readstat_insert_string_ref(w, l, ref));
  OK(readstat_insert_float_value(w, g, 0.25f));
  OK(readstat_end_row(w));
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);
  o.path = path;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  CU_ASSERT_EQUAL(ict_source_dictionary(s)->vars[0].type, ICT_RAW_TEXT);
  rows = rows_read(s, NULL, 0, 1, 0, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows ? rows : "", "1:a long text|0.25\n");
  ict_free(rows);
  ict_source_close(s);
  unlink(path);
}

/* --- wide, long strings, Unicode ---------------------------------------------------------------
 */

static void wide_and_unicode(void) {
  enum { WIDE = 3000 };
  const char *path = scratch("wide.sav");
  FILE *f = fopen(path, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  readstat_label_set_t *set = readstat_add_label_set(w, READSTAT_TYPE_STRING, "words");
  readstat_label_string_value(set, "sim", "S\xC3\xAD, \xE4\xB8\xAD");
  for (int i = 0; i < WIDE; i++) {
    char name[16];
    snprintf(name, sizeof name, "v%d", i);
    readstat_add_variable(w, name, READSTAT_TYPE_DOUBLE, 0);
  }
  readstat_variable_t *word = readstat_add_variable(w, "palavra", READSTAT_TYPE_STRING, 5);
  readstat_variable_t *text = readstat_add_variable(w, "texto", READSTAT_TYPE_STRING, 900);
  readstat_variable_set_label(word, "Quest\xC3\xA3o \xD9\x86\xD8\xB9\xD9\x85");
  readstat_variable_set_label_set(word, set);
  readstat_variable_add_missing_string_value(word, "ns");
  OK(readstat_begin_writing_sav(w, f, 2));
  char long_text[801];
  memset(long_text, 'x', 800);
  long_text[800] = 0;
  for (int r = 0; r < 2; r++) {
    OK(readstat_begin_row(w));
    for (int i = 0; i < WIDE; i++) {
      readstat_insert_double_value(w, readstat_get_variable(w, i), r * 10000 + i);
    }
    readstat_insert_string_value(w, word, r ? "ns" : "sim");
    readstat_insert_string_value(w, text, r ? "\xE4\xB8\xAD\xE6\x96\x87" : long_text);
    OK(readstat_end_row(w));
  }
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);

  ict_source_options o = {.path = path};
  ict_source *s;
  ict_err err = {0};
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, &err), ICT_OK);
  const ict_dictionary *d = ict_source_dictionary(s);
  CU_ASSERT_EQUAL_FATAL(d->n_vars, WIDE + 2);
  const ict_source_variable *v = &d->vars[WIDE];
  CU_ASSERT_STRING_EQUAL(v->label, "Quest\xC3\xA3o \xD9\x86\xD8\xB9\xD9\x85");
  CU_ASSERT_EQUAL_FATAL(v->n_labels, 1);
  CU_ASSERT_TRUE(v->labels[0].is_text);
  CU_ASSERT_STRING_EQUAL(v->labels[0].text, "sim");
  CU_ASSERT_STRING_EQUAL(v->labels[0].label, "S\xC3\xAD, \xE4\xB8\xAD");
  CU_ASSERT_EQUAL_FATAL(v->n_missing, 1);
  CU_ASSERT_STRING_EQUAL(v->missing[0].text, "ns");
  ict_status st;
  char *rows = rows_read(s, (size_t[]){WIDE + 1, 2999, WIDE}, 3, 1, 0, &st, &err);
  char wanted[1000];
  snprintf(wanted, sizeof wanted, "1:%s|2999|sim\n2:\xE4\xB8\xAD\xE6\x96\x87|12999|ns\n",
           long_text);
  CU_ASSERT_EQUAL(st, ICT_OK);
  CU_ASSERT_STRING_EQUAL(rows, wanted);
  ict_free(rows);
  rows = rows_read(s, NULL, 0, 1, 1, &st, &err);
  CU_ASSERT_EQUAL(st, ICT_OK);
  ict_free(rows);
  ict_source_close(s);
  unlink(path);
}

static char *slurp(const char *path, size_t *len) {
  FILE *f = fopen(path, "rb");
  fseek(f, 0, SEEK_END);
  *len = (size_t)ftell(f);
  rewind(f);
  char *bytes = malloc(*len + 1);
  if (fread(bytes, 1, *len, f) != *len) exit(2);
  fclose(f);
  return bytes;
}

/* --- in pieces --------------------------------------------------------------------------------
 */

enum { PIECE_ROWS = 61 };

/* Cells of every kind: said by a command, on their own, blank, missing; texts of one cell, of
 * several, and of several segments. */
static char *write_cells(readstat_compress_t compression, size_t *len) {
  static const double numbers[] = {1, 0, -99, 151, 152, 0.5, -1e300, 7};
  const char *path = scratch("cells.sav");
  FILE *f = fopen(path, "wb");
  readstat_writer_t *w = readstat_writer_init();
  readstat_set_data_writer(w, write_bytes);
  OK(readstat_writer_set_compression(w, compression));
  readstat_variable_t *v[6];
  for (int k = 0; k < 3; k++)
    v[k] = readstat_add_variable(w, (char[]){(char)('a' + k), 0}, READSTAT_TYPE_DOUBLE, 0);
  v[3] = readstat_add_variable(w, "s", READSTAT_TYPE_STRING, 3);
  v[4] = readstat_add_variable(w, "t", READSTAT_TYPE_STRING, 20);
  v[5] = readstat_add_variable(w, "long", READSTAT_TYPE_STRING, 600);
  OK(readstat_begin_writing_sav(w, f, PIECE_ROWS));
  for (int i = 0; i < PIECE_ROWS; i++) {
    char text[601];
    memset(text, 'a' + i % 26, sizeof text);
    text[i * 11 % 600] = 0;
    OK(readstat_begin_row(w));
    for (int k = 0; k < 3; k++) {
      if ((i + k) % 5 == 4) {
        OK(readstat_insert_missing_value(w, v[k]));
      } else {
        OK(readstat_insert_double_value(w, v[k], numbers[(i * 3 + k * 5) % 8]));
      }
    }
    OK(readstat_insert_string_value(w, v[3], i % 3 ? "xyz" : ""));
    OK(readstat_insert_string_value(w, v[4], i % 4 ? "f\xC3\xAA" : "two words of it"));
    OK(readstat_insert_string_value(w, v[5], text));
    OK(readstat_end_row(w));
  }
  OK(readstat_end_writing(w));
  readstat_writer_free(w);
  fclose(f);
  char *bytes = slurp(path, len);
  unlink(path);
  return bytes;
}

/* Rows and status by one thread, which reads the file whole, and by three, a piece a chunk. */
static ict_status same_in_pieces(const char *bytes, size_t len, size_t chunk) {
  const char *path = temp_file("cells.sav", bytes, len);
  ict_source_options o = {.path = path};
  ict_source *s;
  ict_err whole = {0}, pieces = {0};
  ict_status st = ict_source_open(&o, &s, NULL), other;
  if (st == ICT_OK) {
    char *wanted = rows_read(s, NULL, 0, 1, chunk, &st, &whole);
    char *rows = rows_read(s, NULL, 0, 3, chunk, &other, &pieces);
    CU_ASSERT_EQUAL(st, other);
    CU_ASSERT_STRING_EQUAL(whole.what, pieces.what);
    CU_ASSERT_EQUAL(whole.line, pieces.line);
    CU_ASSERT(wanted ? rows && strcmp(wanted, rows) == 0 : !rows);
    ict_free(wanted);
    ict_free(rows);
    ict_source_close(s);
  }
  unlink(path);
  return st;
}

static bool can_be_cut(const char *bytes, size_t len) {
  const char *path = temp_file("cells.sav", bytes, len);
  ict_source_options o = {.path = path};
  ict_bytes in_memory;
  ict_dictionary d;
  ict_readstat_piece pieces[PIECE_ROWS];
  void *file;
  ict_arena *arena = ict_arena_new();
  CU_ASSERT_EQUAL_FATAL(ict_bytes_open(path, 0, false, &in_memory, NULL), ICT_OK);
  const ict_source_input in = {&ict_source_format_sav, &o, &in_memory, arena};
  CU_ASSERT_EQUAL_FATAL(ict_readstat_open(&in, &d, &file, NULL), ICT_OK);
  bool cut = ict_readstat_cut_sav(file, 1, pieces, PIECE_ROWS);
  ict_bytes_close(&in_memory);
  ict_arena_free(arena);
  unlink(path);
  return cut;
}

static void in_pieces(void) {
  for (int compressed = 0; compressed < 2; compressed++) {
    size_t len;
    char *bytes = write_cells(compressed ? READSTAT_COMPRESS_ROWS : READSTAT_COMPRESS_NONE, &len);
    CU_ASSERT_TRUE(can_be_cut(bytes, len));
    for (size_t chunk = 1; chunk < 9; chunk++)
      CU_ASSERT_EQUAL(same_in_pieces(bytes, len, chunk), ICT_OK);
    CU_ASSERT_EQUAL(same_in_pieces(bytes, len, 60), ICT_OK);
    free(bytes);
  }
}

/* Whatever is wrong with the file, pieces tell the same as the whole. */
static void damaged_in_pieces(void) {
  for (int compressed = 0; compressed < 2; compressed++) {
    size_t len;
    char *bytes = write_cells(compressed ? READSTAT_COMPRESS_ROWS : READSTAT_COMPRESS_NONE, &len);
    for (size_t cut = len / 2; cut < len; cut += 173) same_in_pieces(bytes, cut, 4);
    for (size_t at = 64; at < len; at += at < 176 ? 4 : 97) {
      static const char made[] = {0, 1, (char)252, (char)253, (char)255};
      char was = bytes[at];
      for (size_t i = 0; i < sizeof made; i++) {
        bytes[at] = made[i];
        same_in_pieces(bytes, len, 4);
      }
      bytes[at] = was;
    }
    free(bytes);
  }
}

/* --- broken inputs -----------------------------------------------------------------------------
 */

/* Opens and reads; the rows do not matter. */
static ict_status try_file(const char *path, ict_err *err) {
  ict_source_options o = {.path = path};
  ict_source *s;
  ict_status st = ict_source_open(&o, &s, err);
  if (st != ICT_OK) return st;
  char *rows = rows_read(s, NULL, 0, 1, 0, &st, err);
  ict_free(rows);
  ict_source_close(s);
  return st;
}

/* Cut at many places: a whole file reads, a cut one is refused with words, never a crash. */
static void cut_short(void) {
  for (size_t i = 0; i < N_VARIETIES; i++) {
    const variety *v = &varieties[i];
    /* SAS transport tells neither rows nor end: a cut between two records goes unseen. */
    bool unseen = strcmp(v->format, "xpt") == 0;
    size_t len;
    const char *path = write_survey(v, 200);
    char *bytes = slurp(path, &len);
    unlink(path);
    for (size_t cut = 64; cut + 1 < len; cut += len / 23 + 1) {
      ict_err err = {0};
      path = temp_file(v->file, bytes, cut);
      ict_status st = try_file(path, &err);
      CU_ASSERT(st == ICT_REFUSED || (unseen && st == ICT_OK));
      if (st != ICT_REFUSED && !unseen) printf("\n%s cut at %zu of %zu: %d", v->file, cut, len, st);
      if (st != ICT_OK) CU_ASSERT(err.what[0] && err.fix[0] && err.file[0]);
      unlink(path);
    }
    free(bytes);
  }
}

static void damaged(void) {
  size_t len;
  ict_err err = {0};
  const char *path = write_survey(&varieties[0], 20);
  char *bytes = slurp(path, &len);
  /* SPSS: the number of cases is a 32-bit integer at byte 80 of the header */
  memcpy(bytes + 80, &(int32_t){2000000000}, 4);
  path = temp_file("t.sav", bytes, len);
  CU_ASSERT_EQUAL(try_file(path, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "2000000000 rows announced"));
  memcpy(bytes + 80, &(int32_t){25}, 4);
  path = temp_file("t.sav", bytes, len);
  CU_ASSERT_EQUAL(try_file(path, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.fix, "again"));
  free(bytes);
  unlink(path);
  path = temp_file("t.sav", "$FL2", 4);
  CU_ASSERT_EQUAL(try_file(path, &err), ICT_REFUSED);
  unlink(path);
  path = temp_file("t.dta", "<stata_dta>", 11);
  CU_ASSERT_EQUAL(try_file(path, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "its end is missing"));
  unlink(path);
  path = temp_file("t.dta", "a,b\n1,2\n", 8);
  CU_ASSERT_EQUAL(try_file(path, &err), ICT_REFUSED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "not that of the format 'dta'"));
  unlink(path);
}

static ict_status fail_at_two(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)ctx, (void)thread;
  return chunk->index < 2 ? ICT_OK : ict_err_set(err, ICT_UNSAFE, "chunk %zu", chunk->index);
}

static void failing_callback(void) {
  ict_source_options o = {.path = write_survey(&varieties[1], 10)};
  ict_source *s;
  ict_err err = {0};
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, &err), ICT_OK);
  ict_source_set_chunk_size(s, 3);
  CU_ASSERT_EQUAL(ict_source_read(s, (size_t[]){0}, 1, 2, NULL, fail_at_two, NULL, &err),
                  ICT_UNSAFE);
  CU_ASSERT_STRING_EQUAL(err.what, "chunk 2");
  ict_source_close(s);
  unlink(o.path);
}

static void out_of_memory(void) {
  ict_source_options o = {.path = write_survey(&varieties[0], 5)};
  char *wanted = survey_text(&varieties[0], 5);
  bool whole = false;
  for (long n = 0; n < 400 && !whole; n++) {
    ict_source *s = NULL;
    ict_err err = {0};
    char *rows = NULL;
    ict_mem_fail_after(n);
    ict_status st = ict_source_open(&o, &s, &err);
    if (st == ICT_OK) rows = rows_read(s, NULL, 0, 1, 2, &st, &err);
    ict_source_close(s);
    ict_mem_fail_after(-1);
    CU_ASSERT(st == ICT_OK || st == ICT_FAIL);
    if (st == ICT_OK) {
      CU_ASSERT_STRING_EQUAL(rows, wanted);
      whole = true;
    }
    ict_free(rows);
  }
  CU_ASSERT_TRUE(whole);
  ict_free(wanted);
  unlink(o.path);
}

/* --- real files ----------------------------------------------------------------------------------
 */

static ict_status count_rows(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)thread, (void)err;
  atomic_fetch_add((atomic_uint_fast64_t *)ctx, chunk->n_rows);
  return ICT_OK;
}

static void real_files(void) {
  static const struct {
    const char *name, *format;
    uint64_t rows;
    size_t vars;
  } files[] = {
      {"design/dhs_model_zzir62_subset.dta", "dta", 8348, 47},
      {"design/nhtsa-drinking-2008.sav", "sav", 6999, 120},
      {"design/iris.sas7bdat", "sas7bdat", 150, 5},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    const char *path = shared_data(files[i].name);
    if (!path) return;
    ict_source_options o = {.path = path};
    ict_source *s = NULL;
    ict_err err = {0};
    atomic_uint_fast64_t n = 0;
    ict_status st = ict_source_open(&o, &s, &err);
    CU_ASSERT_EQUAL(st, ICT_OK);
    if (st != ICT_OK) {
      say(files[i].name, &err);
      continue;
    }
    const ict_dictionary *d = ict_source_dictionary(s);
    CU_ASSERT_STRING_EQUAL(d->format, files[i].format);
    CU_ASSERT_EQUAL(d->n_vars, files[i].vars);
    size_t all[200];
    for (size_t k = 0; k < 200; k++) all[k] = k;
    st = ict_source_read(s, all, d->n_vars, 2, NULL, count_rows, &n, &err);
    CU_ASSERT_EQUAL(st, ICT_OK);
    if (st != ICT_OK) say(files[i].name, &err);
    CU_ASSERT_EQUAL(n, files[i].rows);
    ict_source_close(s);
  }
}

SUITE("source.stat", TEST(every_format), TEST(dictionary_spss), TEST(dictionary_stata),
      TEST(chosen_variables), TEST(open_ranges_and_long_texts), TEST(wide_and_unicode),
      TEST(in_pieces), TEST(damaged_in_pieces), TEST(cut_short), TEST(damaged),
      TEST(failing_callback), TEST(out_of_memory), TEST(real_files))
