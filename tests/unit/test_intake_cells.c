/* Recoding cells where they lie in the text of a file, beside the same as slices. */
#include "base/mem.h"
#include "intake/recode.h"
#include "suite.h"

enum { ROWS = 300, CODES = 20, LINES = 40, BLOCK = 128 };

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 16; }

/* The same cells twice: between delimiters, and as slices. */
typedef struct cells {
  char text[ROWS * 16];
  uint32_t end[1 + 2 * ROWS];
  ict_slice slices[ROWS];
  uint64_t line[ROWS];
  size_t n;
} cells;

static void fill(cells *c, unsigned *state) {
  static const char *const words[] = {"1", "2", "0", "7",  "",    "x",   "A",   "9",
                                      " ", "3", "5", "12", " 1 ", "3.5", "abc", "-1"};
  /* Mostly of a byte or none, now and then of any length. */
  unsigned n_words = next(state) % 3 == 0 ? 16 : 1 + next(state) % 11;
  size_t len = 0, at = 0;
  c->n = 1 + next(state) % ROWS;
  c->end[at++] = UINT32_MAX;
  for (size_t i = 0; i < c->n; i++) {
    const char *word = words[next(state) % n_words];
    memcpy(c->text + len, word, strlen(word));
    c->slices[i] = (ict_slice){c->text + len, strlen(word)};
    len += strlen(word);
    c->end[at++] = (uint32_t)len;
    c->text[len++] = ',';
    c->end[at++] = (uint32_t)len;
    c->text[len++] = '\n';
    c->line[i] = i + 2;
  }
}

typedef struct outcome {
  char to[ROWS * sizeof(double)];
  uint64_t hits[LINES + 1];
  ict_problems problems;
} outcome;

static void recode(const ict_recode *r, const ict_raw_column *column, const cells *c, size_t block,
                   outcome *out) {
  size_t size = ict_width_bytes(ict_recode_width(r));
  *out = (outcome){0};
  for (size_t from = 0; from < c->n; from += block) {
    const ict_raw_column rest = ict_raw_from(column, from);
    size_t n = c->n - from < block ? c->n - from : block;
    CU_ASSERT_EQUAL_FATAL(ict_recode_run(r, &rest, c->line + from, n, out->to + from * size,
                                         out->hits, &out->problems),
                          0);
  }
}

static void same(const outcome *a, const outcome *b) {
  CU_ASSERT_EQUAL_FATAL(memcmp(a->to, b->to, sizeof a->to), 0);
  CU_ASSERT_EQUAL_FATAL(memcmp(a->hits, b->hits, sizeof a->hits), 0);
  CU_ASSERT_EQUAL_FATAL(a->problems.values.n, b->problems.values.n);
  for (size_t i = 0; i < a->problems.values.n; i++) {
    CU_ASSERT(ict_slice_same(ict_labels_at(&a->problems.values, i),
                             ict_labels_at(&b->problems.values, i)));
    CU_ASSERT_EQUAL(memcmp(&a->problems.tally[i], &b->problems.tally[i], sizeof(ict_tally)), 0);
  }
}

static void compare(const ict_recode_spec *spec, unsigned seed) {
  static cells c;
  static outcome plain, lying;
  const ict_source_variable variable = {.name = "v", .label = "", .format = ""};
  ict_arena *arena = ict_arena_new();
  const ict_recode *r = ict_recode_compile(spec, &variable, '.', arena);
  CU_ASSERT_PTR_NOT_NULL_FATAL(r);
  for (unsigned i = 0, state = seed; i < 200; i++) {
    fill(&c, &state);
    recode(r, &(ict_raw_column){.text = c.slices}, &c, ROWS, &plain);
    recode(r, &(ict_raw_column){.bytes = c.text, .end = c.end + 1, .stride = 2}, &c, BLOCK, &lying);
    same(&plain, &lying);
    ict_problems_done(&plain.problems);
    ict_problems_done(&lying.problems);
  }
  ict_arena_free(arena);
}

/* Maps of more lines than are counted side by side, too. */
static void codes(void) {
  static const size_t n_lines[] = {0, 1, 2, 6, 7, 8, 13, 14, 15, LINES};
  ict_code code[CODES];
  static char id[CODES][4];
  ict_codelist *list = NULL;
  for (size_t i = 0; i < CODES; i++) {
    snprintf(id[i], sizeof id[i], "%zu", i);
    code[i] = (ict_code){.id = id[i], .label = id[i]};
  }
  CU_ASSERT_EQUAL_FATAL(ict_codelist_make("L", "L", NULL, code, CODES, &list, NULL), ICT_OK);
  for (size_t k = 0; k < sizeof n_lines / sizeof *n_lines; k++) {
    ict_map_value values[LINES];
    static char text[LINES][8];
    for (size_t i = 0; i < n_lines[k]; i++) {
      snprintf(text[i], sizeof text[i], "%zu", (i * 7) % 13);
      values[i] = (ict_map_value){.from = ICT_FROM_VALUE, .text = text[i], .code = id[i % CODES]};
      if (i % 5 == 4) values[i] = (ict_map_value){.from = ICT_FROM_BLANK, .missing = ICT_NOT_ASKED};
      if (i == 12) values[i] = (ict_map_value){.from = ICT_FROM_OTHER, .code = id[3]};
    }
    const ict_recode_spec spec = {.type = ICT_TYPE_CODE,
                                  .codes = list,
                                  .n_values = n_lines[k],
                                  .values = values,
                                  .scale = 1,
                                  .quote = true};
    compare(&spec, (unsigned)k + 1);
  }
  ict_codelist_free(list);
}

static void numbers(void) {
  const ict_map_value values[] = {
      {.from = ICT_FROM_VALUE, .text = "9", .missing = ICT_REFUSED_ANSWER}};
  for (size_t n = 0; n < 2; n++) {
    const ict_recode_spec small = {.type = ICT_TYPE_INTEGER,
                                   .n_values = n,
                                   .values = values,
                                   .scale = 1,
                                   .lowest = 0,
                                   .highest = 100,
                                   .quote = true};
    ict_recode_spec wide = small, real = small;
    wide.highest = 100000;
    real.type = ICT_TYPE_REAL;
    real.scale = 0.1;
    compare(&small, 11);
    compare(&wide, 12);
    compare(&real, 13);
  }
}

SUITE("intake.cells", TEST(codes), TEST(numbers))
