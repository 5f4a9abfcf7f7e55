/* Chunk borders: wherever they fall, rows, lines and faults are the same. */
#include "source/text.h"
#include "test_source_help.h"

/* Every border there is: quoted newlines of all kinds, doubled quotes, blank lines, CR LF, CR. */
static const char awkward[] =
    "id,text,x\r\n"
    "1,\"a\r\nb\",\"\"\r\n"
    "2,\"say \"\"hi\"\"\nyou\",3\n"
    "\n"
    "3,\"\"\"\",\",\"\r"
    "4,\"\r\",\"\"\"\n\"\"\"\n"
    "\r\n"
    "5,,\n"
    "6,\"x,y\",\"\n\n\n\"\r\n"
    "7,\xC3\xA9,\xE4\xB8\xAD\n"
    "8,end,no newline";

static const char awkward_rows[] =
    "2:1|a\r\nb|\n"
    "4:2|say \"hi\"\nyou|3\n"
    "7:3|\"|,\n"
    "8:4|\r|\"\n\"\n"
    "12:5||\n"
    "13:6|x,y|\n\n\n\n"
    "17:7|\xC3\xA9|\xE4\xB8\xAD\n"
    "18:8|end|no newline\n";

static ict_source *open_bytes(const char *bytes, size_t len) {
  ict_source_options o = {.path = temp_file("t.csv", bytes, len)};
  ict_source *s = NULL;
  CU_ASSERT_EQUAL_FATAL(ict_source_open(&o, &s, NULL), ICT_OK);
  unlink(o.path);
  return s;
}

static void every_border(void) {
  ict_source *s = open_bytes(awkward, sizeof awkward - 1);
  for (size_t size = 1; size <= sizeof awkward; size++) {
    for (int threads = 1; threads <= 2; threads++) {
      ict_status st;
      char *rows = rows_read(s, NULL, 0, threads, size, &st, NULL);
      CU_ASSERT_EQUAL(st, ICT_OK);
      CU_ASSERT_STRING_EQUAL(rows ? rows : "", awkward_rows);
      ict_free(rows);
    }
  }
  ict_source_close(s);
}

/* Pieces join without gaps, none is empty, and each knows its line and how many rows it may be. */
static void pieces(void) {
  ict_text_file file = {.data = awkward,
                        .end = awkward + sizeof awkward - 1,
                        .delimiter = ',',
                        .quote = '"',
                        .n_fields = 3,
                        .body = awkward,
                        .body_line = 1};
  for (size_t size = 1; size <= sizeof awkward; size++) {
    ict_text_piece *piece;
    size_t n;
    CU_ASSERT_EQUAL_FATAL(ict_text_split(&file, size, 2, &piece, &n, NULL), ICT_OK);
    const char *at = file.body;
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
      CU_ASSERT_PTR_EQUAL(piece[i].start, at);
      CU_ASSERT(piece[i].end > piece[i].start);
      CU_ASSERT_EQUAL(piece[i].line, 1 + ict_text_newlines(file.body, at, file.end));
      uint64_t newlines = ict_text_newlines(at, piece[i].end, file.end);
      size_t lines = (size_t)newlines + (i + 1 == n);
      size_t fits = (size_t)(piece[i].end - at) / 3 + 1;
      CU_ASSERT_EQUAL(piece[i].rows_most, lines < fits ? lines : fits);
      CU_ASSERT_EQUAL(piece[i].rows_before, rows);
      rows += piece[i].rows_most;
      at = piece[i].end;
    }
    CU_ASSERT_PTR_EQUAL(at, file.end);
    ict_free(piece);
  }
  file.body = file.end;
  ict_text_piece *piece;
  size_t n;
  CU_ASSERT_EQUAL(ict_text_split(&file, 10, 2, &piece, &n, NULL), ICT_OK);
  CU_ASSERT_EQUAL(n, 0);
  ict_free(piece);
}

static ict_status room_of(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  (void)thread, (void)err;
  *(size_t *)ctx = chunk->room;
  return ICT_OK;
}

/* Where a file is hardly more than blank lines, or lines within quotes, the room that is asked for
 * is that of the rows its bytes can hold. */
static void room_of_many_lines(void) {
  enum { FIELDS = 50, LINES = 100000 };
  ict_str text;
  ict_str_init(&text);
  for (int i = 0; i < FIELDS; i++) ict_str_addf(&text, i ? ",v%d" : "v%d", i);
  ict_str_add(&text, "\n");
  for (int i = 0; i < LINES; i++) ict_str_add(&text, "\n");
  for (int i = 1; i < FIELDS; i++) ict_str_add(&text, ",");
  ict_str_add(&text, "\"");
  for (int i = 0; i < LINES; i++) ict_str_add(&text, "\n");
  ict_str_add(&text, "\"\n");
  CU_ASSERT_FALSE_FATAL(text.failed);
  ict_source *s = open_bytes(text.text, text.len);
  size_t room = 0;
  CU_ASSERT_EQUAL(ict_source_read(s, NULL, 0, 1, NULL, room_of, &room, NULL), ICT_OK);
  CU_ASSERT(room >= 1);
  CU_ASSERT(room <= 2 * LINES / FIELDS + 10);
  ict_source_close(s);
  ict_str_done(&text);
}

/* Texts of 40 bytes drawn from the bytes that matter: what one chunk gives, rows or a
 * fault with its place, every other chunk size gives too. */
static void random_texts(void) {
  static const char alphabet[] = "\"\",\r\n\n a1,\"";
  uint64_t seed = 20240607;
  size_t faults = 0, sound = 0;
  for (int round = 0; round < 100; round++) {
    char bytes[64] = "a,b\n";
    size_t len = 4;
    for (int k = 0; k < 40; k++) {
      seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
      bytes[len++] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
    }
    if (round % 2) { /* half of them made of sound rows */
      len = 4;
      for (int k = 0; k < 6; k++) {
        static const char *const rows[] = {"\"\n\",1\n", "\"\"\"\",\r\n",    ",\"\r\n\"\r", "x,y\n",
                                           "\n",         "\"\",\"\"\"\r\"\n"};
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const char *row = rows[(seed >> 33) % 6];
        memcpy(bytes + len, row, strlen(row));
        len += strlen(row);
      }
    }
    ict_source *s = open_bytes(bytes, len);
    ict_err whole = {0};
    ict_status st;
    char *rows = rows_read(s, NULL, 0, 1, 0, &st, &whole);
    st == ICT_OK ? sound++ : faults++;
    static const size_t sizes[] = {1, 2, 3, 7, 20};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
      size_t size = sizes[k];
      ict_err part = {0};
      ict_status part_st;
      char *part_rows = rows_read(s, NULL, 0, 1 + (int)k % 2, size, &part_st, &part);
      CU_ASSERT_EQUAL(part_st, st);
      CU_ASSERT_STRING_EQUAL(part_rows ? part_rows : "", rows ? rows : "");
      CU_ASSERT_EQUAL(part.line, whole.line);
      CU_ASSERT_EQUAL(part.column, whole.column);
      CU_ASSERT_STRING_EQUAL(part.what, whole.what);
      ict_free(part_rows);
    }
    ict_free(rows);
    ict_source_close(s);
  }
  CU_ASSERT(faults > 25 && sound >= 50);
}

static void long_records(void) {
  /* A quoted field over many chunks: LEN - 8 - 7 newlines from line 2 on, and the one that
   * ends the record. */
  enum { LEN = 300000 };
  char *bytes = malloc(LEN);
  memset(bytes, '\n', LEN);
  memcpy(bytes, "a,b\n1,\"", 7);
  memcpy(bytes + LEN - 8, "\"\n2,end\n", 8);
  ict_source *s = open_bytes(bytes, LEN);
  ict_status st;
  char *rows = rows_read(s, (size_t[]){0}, 1, 2, 100, &st, NULL);
  CU_ASSERT_STRING_EQUAL(rows, "2:1\n299988:2\n");
  ict_free(rows);
  ict_source_close(s);
  bytes[LEN - 8] = '\n';
  s = open_bytes(bytes, LEN);
  ict_err err = {0};
  rows = rows_read(s, (size_t[]){0}, 1, 2, 100, &st, &err);
  CU_ASSERT_EQUAL(st, ICT_REFUSED);
  CU_ASSERT(err.line == 2 && err.column == 3);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "never closed"));
  ict_source_close(s);
  free(bytes);
}

static void over_the_limit(void) {
  size_t len = ICT_TEXT_RECORD_MOST + 100;
  char *bytes = malloc(len);
  memset(bytes, 'x', len);
  memcpy(bytes, "a,b\n1,", 6);
  ict_source *s = open_bytes(bytes, len);
  ict_status st;
  ict_err err = {0};
  CU_ASSERT_PTR_NULL(rows_read(s, (size_t[]){0}, 1, 2, 0, &st, &err));
  CU_ASSERT_EQUAL(st, ICT_REFUSED);
  CU_ASSERT_EQUAL(err.line, 2);
  CU_ASSERT_PTR_NOT_NULL(strstr(err.what, "more than 16 MiB"));
  ict_source_close(s);
  free(bytes);
}

SUITE("source.split", TEST(every_border), TEST(pieces), TEST(room_of_many_lines),
      TEST(random_texts), TEST(long_records), TEST(over_the_limit))
