/* The quick way through a piece of text, beside its slow and obvious twin. */
#include "source/text.h"
#include "suite.h"

enum { MOST = 400, ROOM = 2 * MOST + 64 };

/* Byte by byte: true where every line ends in LF, CR LF or the text's end, has n fields, and
 * nothing in it is a quote, a NUL, a lone CR or no UTF-8. */
static bool twin(const char *text, size_t len, const ict_text_file *file, uint32_t *end,
                 size_t *n_rows) {
  size_t n = 0, in_line = 0;
  *n_rows = 0;
  if (len == 0 || file->n_fields < 2 || !ict_utf8_valid(text, len, NULL)) return false;
  for (size_t i = 0; i <= len; i++) {
    bool ends_line = i == len ? text[len - 1] != '\n' : text[i] == '\n';
    if (i < len && (text[i] == file->quote || text[i] == '\0')) return false;
    if (i < len && text[i] == '\r' && i + 1 < len && text[i + 1] != '\n') return false;
    if (!ends_line && (i == len || text[i] != file->delimiter)) continue;
    end[n++] = (uint32_t)i;
    in_line++;
    if (!ends_line) continue;
    if (in_line != file->n_fields) return false;
    in_line = 0;
    ++*n_rows;
  }
  return true;
}

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 16; }

/* Mostly regular lines; one in three is damaged by a byte. */
static size_t make(char *text, unsigned *state, size_t n_fields) {
  static const char *const cells[] = {"", "1", "0", "42", " 7", "12.5", "\xC3\xA9", "a long text"};
  const char *newline = next(state) % 2 ? "\n" : "\r\n";
  size_t len = 0, target = next(state) % (MOST - 60);
  while (len < target) {
    for (size_t f = 0; f < n_fields; f++) {
      const char *cell = cells[next(state) % 8];
      if (f > 0) text[len++] = ',';
      memcpy(text + len, cell, strlen(cell));
      len += strlen(cell);
    }
    memcpy(text + len, newline, strlen(newline));
    len += strlen(newline);
  }
  if (len > 0 && next(state) % 4 == 0) len--; /* the last line may lack its newline */
  if (len > 0 && next(state) % 3 == 0) text[next(state) % len] = ",\n\r\"\0\xFF 1"[next(state) % 8];
  return len;
}

static void compare(void) {
  static uint32_t end[ROOM], wanted[ROOM];
  static char text[MOST + 200];
  size_t n_taken = 0;
  unsigned state = 1;
  for (int i = 0; i < 20000; i++) {
    const ict_text_file file = {.delimiter = ',', .quote = '"', .n_fields = 2 + next(&state) % 4};
    size_t len = make(text, &state, file.n_fields), rows = 0, wanted_rows;
    bool taken = ict_text_cut(text, len, &file, end, ROOM, &rows);
    /* A text that ends in a delimiter may be left to the general way. */
    if (!taken && len > 0 && text[len - 1] == ',') continue;
    CU_ASSERT_EQUAL_FATAL(taken, twin(text, len, &file, wanted, &wanted_rows));
    if (!taken) continue;
    n_taken++;
    CU_ASSERT_EQUAL_FATAL(rows, wanted_rows);
    CU_ASSERT_FATAL(memcmp(end, wanted, rows * file.n_fields * sizeof *end) == 0);
  }
  CU_ASSERT(n_taken > 5000);
}

static void as_its_twin(void) {
  compare();
  setenv("ICTSTAT_SIMD", "baseline", 1);
  compare();
  unsetenv("ICTSTAT_SIMD");
}

/* Fewer rows than there is room for is no reason to fail, more are. */
static void room(void) {
  const ict_text_file file = {.delimiter = ';', .quote = '"', .n_fields = 2};
  static uint32_t end[ROOM];
  static char text[4 * 100 + 1];
  size_t rows;
  for (size_t i = 0; i < 100; i++) memcpy(text + 4 * i, "1;2\n", 4);
  CU_ASSERT(ict_text_cut(text, 400, &file, end, ict_text_cut_room(&file, 100), &rows));
  CU_ASSERT_EQUAL(rows, 100);
  CU_ASSERT_EQUAL(end[199], 399);
  CU_ASSERT(!ict_text_cut(text, 400, &file, end, ict_text_cut_room(&file, 60), &rows));
}

SUITE("source.cut", TEST(as_its_twin), TEST(room))
