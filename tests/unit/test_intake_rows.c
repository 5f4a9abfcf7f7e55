/* The same rows in whatever order and shape a file has them: in order, PSU by PSU, mixed, with
 * lines that are no rows and rows that are left out; for any number of threads, and beyond memory.
 */
#include "test_intake_help.h"

enum { ROWS = 24000, PSU_ROWS = 16, STRATUM_PSUS = 100 };

#define MAPPING                                                                      \
  "ictstat: mapping/1\n"                                                             \
  "survey: {id: T, title: Test, area: BRA, period: 2016}\n"                          \
  "concepts:\n"                                                                      \
  "  net: {title: Net, type: code, codes: {Y: Yes, N: No}}\n"                        \
  "  years: {title: Years, type: integer, range: [0, 120]}\n"                        \
  "  cost: {title: Cost, type: real}\n"                                              \
  "  place: {title: Place, type: code, codes: {NORTH: North, SOUTH: South}}\n"       \
  "files:\n"                                                                         \
  "  p: {path: p.csv, delimiter: \",\", key: [id]}\n"                                \
  "units:\n"                                                                         \
  "  individual:\n"                                                                  \
  "    file: p\n"                                                                    \
  "    design: {strata: stratum, psu: psu, weight: {from: weight, missing: drop}}\n" \
  "    variables:\n"                                                                 \
  "      net: {from: net, map: {1: Y, 0: N, 8: dont_know}}\n"                        \
  "      years: {from: age}\n"                                                       \
  "      cost: {from: cost}\n"                                                       \
  "      place: {from: place}\n"

typedef struct shape {
  size_t step;      /* rows, or PSUs where they stay together, come in steps of this */
  bool psus;        /* PSUs stay together */
  bool other_lines; /* blank lines, quotes, line ends within them */
  bool left_out;    /* rows without a weight in between */
} shape;

static void add_row(ict_str *s, size_t i, const shape *how) {
  size_t psu = i / PSU_ROWS;
  if (how->left_out && i % 7 == 0) ict_str_addf(s, "x%zu,9,9,,1,1,1,NORTH,\n", i);
  if (how->other_lines && i % 11 == 0) ict_str_add(s, i % 2 ? "\n" : " \t\r\n");
  ict_str_addf(s, "%zu,%zu,%zu,%zu.%02zu,%s,%zu,%zu.5,%s,", i + 1, psu / STRATUM_PSUS + 1, psu + 1,
               i % 900 + 1, i % 100, i % 13 == 0 ? "8" : (i * 7 % 3 ? "1" : "0"), i % 117,
               i * 31 % 1000, psu % 3 ? "SOUTH" : "NORTH");
  ict_str_add(s, how->other_lines && i % 5 == 0 ? "\"so\nit, \"\"is\"\"\"\r\n" : "\n");
}

/* The steps have no factor in common with the numbers of rows and PSUs: each comes once. */
static void write_rows(desk *d, const shape *how) {
  const size_t n = how->psus ? ROWS / PSU_ROWS : ROWS;
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, "id,stratum,psu,weight,net,age,cost,place,note\n");
  for (size_t k = 0; k < n; k++) {
    size_t at = k * how->step % n;
    for (size_t i = 0; i < (how->psus ? PSU_ROWS : 1); i++)
      add_row(&s, how->psus ? at * PSU_ROWS + i : at, how);
  }
  CU_ASSERT_FATAL(!s.failed);
  folder_write(&d->dir, "p.csv", s.text, s.len);
  ict_str_done(&s);
}

static void take(desk *d, const shape *how, int threads, uint64_t memory) {
  write_rows(d, how);
  ict_intake_options options = {.threads = threads, .memory = memory, .spill_dir = "/tmp"};
  if (desk_take(d, MAPPING, options) == ICT_OK) return;
  desk_print(d);
  CU_FAIL_FATAL("refused");
}

static void same_frames(const ict_frame *a, const ict_frame *b) {
  const ict_design *x = &a->design, *y = &b->design;
  CU_ASSERT_EQUAL_FATAL(a->n_rows, b->n_rows);
  CU_ASSERT_EQUAL_FATAL(x->n_psu, y->n_psu);
  CU_ASSERT_EQUAL_FATAL(x->n_strata, y->n_strata);
  for (size_t v = 0; v < a->schema->n; v++) {
    ict_width width = a->schema->vars[v].width;
    CU_ASSERT_EQUAL_FATAL(width, b->schema->vars[v].width);
    CU_ASSERT(memcmp(a->columns[v], b->columns[v], a->n_rows * ict_width_bytes(width)) == 0);
  }
  CU_ASSERT(memcmp(x->weight, y->weight, a->n_rows * sizeof *x->weight) == 0);
  CU_ASSERT(memcmp(x->psu_first_row, y->psu_first_row, x->n_psu * sizeof *x->psu_first_row) == 0);
  CU_ASSERT(memcmp(x->stratum_first_psu, y->stratum_first_psu,
                   x->n_strata * sizeof *x->stratum_first_psu) == 0);
}

static void any_shape(void) {
  static const shape shapes[] = {
      {1, false, false, false},  {1, false, true, false}, {1, false, false, true},
      {77, true, false, false},  {77, true, true, true},  {7919, false, false, false},
      {7919, false, true, true},
  };
  desk given = desk_make();
  take(&given, &shapes[0], 1, 0);
  const ict_frame *f = frame_of(&given, "individual");
  CU_ASSERT_EQUAL(f->n_rows, ROWS);
  CU_ASSERT_EQUAL(f->design.n_psu, ROWS / PSU_ROWS);
  CU_ASSERT_EQUAL(f->design.n_strata, ROWS / PSU_ROWS / STRATUM_PSUS);
  for (size_t i = 0; i < ROWS; i += 997)
    CU_ASSERT_DOUBLE_EQUAL(f->design.weight[i], (double)(i % 900 + 1) + (double)(i % 100) / 100,
                           1e-12);
  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
    for (int threads = 1; threads <= 3; threads += 2) {
      desk d = desk_make();
      take(&d, &shapes[k], threads, threads == 3 ? 64 << 10 : 0);
      same_frames(f, frame_of(&d, "individual"));
      desk_remove(&d);
    }
  desk_remove(&given);
}

/* The lines of rows that are refused, wherever the file has lines that are no rows. */
static void lines_are_told(void) {
  desk d = desk_make();
  ict_str s;
  ict_str_init(&s);
  ict_str_add(&s, "id,stratum,psu,weight,net,age,cost,place,note\n");
  for (size_t i = 0; i < ROWS; i++)
    ict_str_addf(&s, "%zu,1,%zu,%s,1,20,1,NORTH,%s\n%s", i + 1, i / PSU_ROWS + 1,
                 i == ROWS - 2 ? "-1" : "1", i == 100 ? "\"two\nlines\"" : "",
                 i == 200 ? "\n" : "");
  folder_write(&d.dir, "p.csv", s.text, s.len);
  ict_str_done(&s);
  char said[80];
  snprintf(said, sizeof said, "is negative in 1 row of p.csv (line %d)", ROWS - 1 + 1 + 2);
  for (int threads = 1; threads <= 3; threads += 2) {
    CU_ASSERT_EQUAL(desk_take(&d, MAPPING, (ict_intake_options){.threads = threads}), ICT_REFUSED);
    CU_ASSERT_TRUE(desk_said(&d, ICT_ERROR, said));
  }
  desk_remove(&d);
}

SUITE("intake.rows", TEST(any_shape), TEST(lines_are_told))
