/* test_expr_rows.h - a block of values near every border, and running text over it. */
#ifndef ICT_TEST_EXPR_ROWS_H
#define ICT_TEST_EXPR_ROWS_H

#include "test_expr_help.h"

static union {
  uint8_t u8[ICT_BLOCK_ROWS];
  uint16_t u16[ICT_BLOCK_ROWS];
  int32_t i32[ICT_BLOCK_ROWS];
  double f64[ICT_BLOCK_ROWS];
} column[N_VARS];
static const void *columns[N_VARS];
static double numbers[ICT_BLOCK_ROWS];
static uint8_t truths[ICT_BLOCK_ROWS];

static uint64_t seed = 1;
static uint32_t any(uint32_t below) { /* Knuth's MMIX generator: the same everywhere */
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(seed >> 33) % below;
}

/* Values near the borders of each width, and every mark of missing. */
static void fill_columns(void) {
  make_regions();
  for (int v = 0; v < N_VARS; v++) columns[v] = &column[v];
  for (size_t i = 0; i < ICT_BLOCK_ROWS; i++) {
    for (int v = 0; v < N_VARS; v++) {
      bool missing = any(6) == 0;
      ict_missing kind = (ict_missing)(1 + any(ICT_N_MISSING));
      uint32_t n = vars[v].codes ? (uint32_t)vars[v].codes->n : 0;
      static const int32_t border[] = {0, 1, 2, 15, 74, 246, 247};
      static const int32_t border32[] = {INT32_MIN, -3, -1, 0, 1, 2000, INT32_MAX - 8};
      static const double reals[] = {-1e308, -2.5, -1, 0, 0.5, 1, 2, 3, 100, 1e-300, 1e308};
      switch (vars[v].width) {
        case ICT_U8:
          column[v].u8[i] = missing ? ict_missing_u8(kind)
                                    : (uint8_t)(n        ? any(n)
                                                : any(3) ? any(100)
                                                         : (uint32_t)border[any(7)]);
          break;
        case ICT_U16:
          column[v].u16[i] = missing ? ict_missing_u16(kind)
                                     : (uint16_t)(n        ? any(n)
                                                  : any(3) ? any(300)
                                                           : 65520 + any(8));
          break;
        case ICT_I32:
          column[v].i32[i] = missing  ? ict_missing_i32(kind)
                             : any(3) ? (int32_t)any(200) - 100
                                      : border32[any(7)];
          break;
        case ICT_F64:
          column[v].f64[i] = missing ? ict_missing_f64(kind) : reals[any(11)];
          break;
      }
    }
  }
}

static ict_block block_of(size_t n_rows) { return (ict_block){&schema, n_rows, columns}; }

/* Runs text over the block into truths or numbers; false where it is refused. */
static bool run(const char *text, ict_type want, size_t n_rows) {
  ict_err err = {0};
  ict_program *program = compile(text, want, &err);
  if (!program) printf("\n  %s: %s\n", text, err.what);
  if (!program) return false;
  ict_scratch *scratch = ict_scratch_new(program);
  ict_block block = block_of(n_rows);
  if (want == ICT_TYPE_BOOLEAN)
    ict_program_run_boolean(program, &block, scratch, truths);
  else
    ict_program_run_number(program, &block, scratch, numbers);
  ict_scratch_free(scratch);
  ict_program_free(program);
  return true;
}

static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static double meaning(int v, size_t row) {
  ict_missing kind;
  double value = ict_column_number(&vars[v], columns[v], row, &kind);
  return kind == ICT_PRESENT ? value : NAN;
}

static const char *const signs[] = {"=", "<>", "<", "<=", ">", ">="};

#endif
