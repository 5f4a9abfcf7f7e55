/* run.c - runs a program over one block.
 *
 * In: program, block, scratch. Out: one array. Owns: the scratch.
 * Every kernel is one loop without branches on types or values, so that compilers make
 * vector code of it. */

/* gcc does so at -O2 only where it knows the number of rows beforehand, and only where a
 * loop could not trap or set errno, which nobody here looks at. No result changes. Clang
 * needs no telling. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3", "no-trapping-math", "no-math-errno")
#endif

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "expr/program.h"

#define FOR_ROWS(n, ...)               \
  do {                                 \
    for (size_t i = 0; i < (n); i++) { \
      __VA_ARGS__;                     \
    }                                  \
  } while (0)

#define NUMBER_ROWS(read, result) FOR_ROWS(n, read; out[i] = (result))

/* A condition on doubles goes through floats, a piece at a time: gcc 12 makes no vector
 * code that takes a double to a byte in one loop. 1.1 against 2.6 ns a row. */
#define PIECE 256
#define TRUTH_ROWS_AND(keep, read, result)                   \
  for (size_t from = 0; from < n; from += PIECE) {           \
    const size_t rows = n - from < PIECE ? n - from : PIECE; \
    float piece[PIECE];                                      \
    for (size_t j = 0; j < rows; j++) {                      \
      const size_t i = from + j;                             \
      read;                                                  \
      piece[j] = (float)(result);                            \
    }                                                        \
    for (size_t j = 0; j < rows; j++) {                      \
      const size_t i = from + j;                             \
      out[i] = (uint8_t)((keep) | (int32_t)piece[j]);        \
    }                                                        \
  }
#define TRUTH_ROWS(read, result) TRUTH_ROWS_AND(0, read, result)
/* hit is false wherever null is true. */
#define TRUTH(hit, null) (((hit) ? 1.0 : 0.0) + ((null) ? 2.0 : 0.0))

#define KERNEL(name) static void do_##name(const ict_inst *in, void *const *slots, size_t n)

/* A comparison that is never true for NaN: overflow, 0/0 and null all give null. */
static inline double finite_or_null(double r) { return fabs(r) <= DBL_MAX ? r : (double)NAN; }
/* The sign of the divisor, as R's %% and the examples of VTL's mod. */
static inline double modulo(double a, double b) {
  double r = fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
/* pow(NaN, 0) and pow(1, NaN) are 1 in C; here null stays null. */
static inline double power(double a, double b) { return pow(a, b) + 0 * a + 0 * b; }

/* ---- numbers, both sides register or constant -------------------------------------- */

#define BINARY_KERNELS(name, type, ROWS, result)                         \
  KERNEL(name##_VV) {                                                    \
    const double *restrict x = slots[in->a], *restrict y = slots[in->b]; \
    type *restrict out = slots[in->out];                                 \
    ROWS(const double a = x[i]; const double b = y[i], result);          \
  }                                                                      \
  KERNEL(name##_VK) {                                                    \
    const double *restrict x = slots[in->a];                             \
    const double b = in->y;                                              \
    type *restrict out = slots[in->out];                                 \
    ROWS(const double a = x[i], result);                                 \
  }                                                                      \
  KERNEL(name##_KV) {                                                    \
    const double a = in->x;                                              \
    const double *restrict y = slots[in->b];                             \
    type *restrict out = slots[in->out];                                 \
    ROWS(const double b = y[i], result);                                 \
  }

BINARY_KERNELS(ADD, double, NUMBER_ROWS, finite_or_null(a + b))
BINARY_KERNELS(SUB, double, NUMBER_ROWS, finite_or_null(a - b))
BINARY_KERNELS(MUL, double, NUMBER_ROWS, finite_or_null(a *b))
BINARY_KERNELS(DIV, double, NUMBER_ROWS, finite_or_null(a / b))
BINARY_KERNELS(MOD, double, NUMBER_ROWS, finite_or_null(modulo(a, b)))
BINARY_KERNELS(POWER, double, NUMBER_ROWS, finite_or_null(power(a, b)))

#define NULLS ((a != a) | (b != b))
BINARY_KERNELS(EQ, uint8_t, TRUTH_ROWS, TRUTH(a == b, NULLS))
BINARY_KERNELS(NE, uint8_t, TRUTH_ROWS, TRUTH((a < b) | (a > b), NULLS))
BINARY_KERNELS(LT, uint8_t, TRUTH_ROWS, TRUTH(a < b, NULLS))
BINARY_KERNELS(LE, uint8_t, TRUTH_ROWS, TRUTH(a <= b, NULLS))
BINARY_KERNELS(GT, uint8_t, TRUTH_ROWS, TRUTH(a > b, NULLS))
BINARY_KERNELS(GE, uint8_t, TRUTH_ROWS, TRUTH(a >= b, NULLS))

#define UNARY_KERNEL(name, result)              \
  KERNEL(name) {                                \
    const double *restrict x = slots[in->a];    \
    double *restrict out = slots[in->out];      \
    NUMBER_ROWS(const double a = x[i], result); \
  }

UNARY_KERNEL(NEG, -a)
UNARY_KERNEL(ABS, fabs(a))
UNARY_KERNEL(FLOOR, floor(a))
UNARY_KERNEL(CEIL, ceil(a))
UNARY_KERNEL(LN, finite_or_null(log(a)))
UNARY_KERNEL(EXP, finite_or_null(exp(a)))
UNARY_KERNEL(SQRT, finite_or_null(sqrt(a)))
UNARY_KERNEL(COPY, finite_or_null(a))

/* ---- columns as they are stored ---------------------------------------------------- */

/* The mark is looked for after the conversion, which is exact: one width in the loop. */
#define LOAD_KERNEL(name, type, max)                                          \
  KERNEL(name) {                                                              \
    const type *restrict x = slots[in->a];                                    \
    double *restrict out = slots[in->out];                                    \
    const double last = (double)(max - ICT_MISSING_MARKS);                    \
    FOR_ROWS(n, const double v = x[i]; out[i] = v <= last ? v : (double)NAN); \
  }
LOAD_KERNEL(LOAD_U8, uint8_t, UINT8_MAX)
LOAD_KERNEL(LOAD_U16, uint16_t, UINT16_MAX)
LOAD_KERNEL(LOAD_I32, int32_t, INT32_MAX)

#define NARROW_KERNEL(name, type, is_missing, compare)                 \
  KERNEL(name) {                                                       \
    const type *restrict x = slots[in->a], *restrict y = slots[in->b]; \
    uint8_t *restrict out = slots[in->out];                            \
    FOR_ROWS(n, const type a = x[i]; const type b = y[i];              \
             const int null = (int)is_missing(a) | (int)is_missing(b); \
             out[i] = null ? ICT_NULL : (uint8_t)(a compare b));       \
  }
#define NARROW_KERNELS(name, compare)                              \
  NARROW_KERNEL(name##_U8, uint8_t, ict_is_missing_u8, compare)    \
  NARROW_KERNEL(name##_U16, uint16_t, ict_is_missing_u16, compare) \
  NARROW_KERNEL(name##_I32, int32_t, ict_is_missing_i32, compare)
NARROW_KERNELS(EQ, ==)
NARROW_KERNELS(NE, !=)
NARROW_KERNELS(LT, <)
NARROW_KERNELS(LE, <=)
NARROW_KERNELS(GT, >)
NARROW_KERNELS(GE, >=)

/* No run holds a mark of missing unless missing_as is ICT_FALSE (then the marks are what
 * is asked for), so that "or" never mixes a hit into a null. */
#define TEST_KERNEL(name, type, is_missing)                                          \
  KERNEL(name) {                                                                     \
    const type *restrict x = slots[in->a];                                           \
    uint8_t *restrict out = slots[in->out];                                          \
    const ict_set *set = in->set;                                                    \
    const uint8_t missing_as = set->missing_as;                                      \
    const ict_run run = set->n > 0 ? set->runs[0] : (ict_run){1, 0};                 \
    const type first = (type)run.first, last = (type)run.last;                       \
    FOR_ROWS(n, const type v = x[i]; const uint8_t hit = (v >= first) & (v <= last); \
             out[i] = hit | (is_missing(v) ? missing_as : ICT_FALSE));               \
    for (size_t r = 1; r < set->n; r++) {                                            \
      const type lo = (type)set->runs[r].first, hi = (type)set->runs[r].last;        \
      FOR_ROWS(n, out[i] |= (uint8_t)((x[i] >= lo) & (x[i] <= hi)));                 \
    }                                                                                \
  }
TEST_KERNEL(TEST_U8, uint8_t, ict_is_missing_u8)
TEST_KERNEL(TEST_U16, uint16_t, ict_is_missing_u16)
TEST_KERNEL(TEST_I32, int32_t, ict_is_missing_i32)

#define TABLE_KERNEL(name, type)                    \
  KERNEL(name) {                                    \
    const type *restrict x = slots[in->a];          \
    uint8_t *restrict out = slots[in->out];         \
    const uint8_t *restrict table = in->set->table; \
    FOR_ROWS(n, out[i] = table[x[i]]);              \
  }
TABLE_KERNEL(TABLE_U8, uint8_t)
TABLE_KERNEL(TABLE_U16, uint16_t)

KERNEL(KIND) {
  const double *restrict x = slots[in->a];
  uint8_t *restrict out = slots[in->out];
  for (size_t i = 0; i < n; i++) out[i] = ict_missing_of_f64(x[i]) == in->kind;
}

/* ---- booleans ---------------------------------------------------------------------- */

/* With null = 2 the larger of the two is the answer of all three, but for one case each. */
static inline uint8_t larger(uint8_t a, uint8_t b) { return a > b ? a : b; }
static inline uint8_t kleene_and(uint8_t a, uint8_t b) {
  return ((a == ICT_FALSE) | (b == ICT_FALSE)) ? ICT_FALSE : larger(a, b);
}
static inline uint8_t kleene_or(uint8_t a, uint8_t b) {
  return ((a == ICT_TRUE) | (b == ICT_TRUE)) ? ICT_TRUE : larger(a, b);
}
static inline uint8_t kleene_xor(uint8_t a, uint8_t b) {
  return (a & b) == ICT_TRUE ? ICT_FALSE : larger(a, b);
}

#define LOGIC_KERNEL(name, function)                                      \
  KERNEL(name) {                                                          \
    const uint8_t *restrict x = slots[in->a], *restrict y = slots[in->b]; \
    uint8_t *restrict out = slots[in->out];                               \
    FOR_ROWS(n, out[i] = function(x[i], y[i]));                           \
  }
LOGIC_KERNEL(AND, kleene_and)
LOGIC_KERNEL(OR, kleene_or)
LOGIC_KERNEL(XOR, kleene_xor)

KERNEL(NOT) {
  const uint8_t *restrict x = slots[in->a];
  uint8_t *restrict out = slots[in->out];
  FOR_ROWS(n, out[i] = (uint8_t)(x[i] ^ (x[i] < ICT_NULL)));
}

/* ---- null, choice, constants ------------------------------------------------------- */

KERNEL(HIT_OR) {
  const double *restrict x = slots[in->a];
  uint8_t *restrict out = slots[in->out];
  const double y = in->y;
  TRUTH_ROWS_AND(out[i], const double a = x[i], TRUTH(a == y, false))
}

KERNEL(ISNULL) {
  const double *restrict x = slots[in->a];
  uint8_t *restrict out = slots[in->out];
  TRUTH_ROWS(const double a = x[i], TRUTH(a != a, false))
}
KERNEL(ISNULL_BOOLEAN) {
  const uint8_t *restrict x = slots[in->a];
  uint8_t *restrict out = slots[in->out];
  FOR_ROWS(n, out[i] = x[i] == ICT_NULL);
}

#define NVL_KERNELS(name, type, is_null)                                             \
  KERNEL(name##_VV) {                                                                \
    const type *restrict x = slots[in->a], *restrict y = slots[in->b];               \
    type *restrict out = slots[in->out];                                             \
    FOR_ROWS(n, const type a = x[i]; const type b = y[i]; out[i] = is_null ? b : a); \
  }                                                                                  \
  KERNEL(name##_VK) {                                                                \
    const type *restrict x = slots[in->a];                                           \
    const type b = (type)in->y;                                                      \
    type *restrict out = slots[in->out];                                             \
    FOR_ROWS(n, const type a = x[i]; out[i] = is_null ? b : a);                      \
  }
NVL_KERNELS(NVL, double, a != a)
NVL_KERNELS(NVL_BOOLEAN, uint8_t, a == ICT_NULL)

#define CHOOSE(name, type, null, declare_x, declare_y, a, b)               \
  KERNEL(name) {                                                           \
    const uint8_t *restrict c = slots[in->c];                              \
    declare_x;                                                             \
    declare_y;                                                             \
    type *restrict out = slots[in->out];                                   \
    FOR_ROWS(n, const type when_true = a; const type when_false = b;       \
             const type known = c[i] == ICT_TRUE ? when_true : when_false; \
             out[i] = c[i] == ICT_NULL ? (null) : known);                  \
  }
#define CHOOSE_KERNELS(name, type, null)                                                           \
  CHOOSE(name##_VV, type, null, const type *restrict x = slots[in->a],                             \
         const type *restrict y = slots[in->b], x[i], y[i])                                        \
  CHOOSE(name##_VK, type, null, const type *restrict x = slots[in->a], const type y = (type)in->y, \
         x[i], y)                                                                                  \
  CHOOSE(name##_KV, type, null, const type x = (type)in->x, const type *restrict y = slots[in->b], \
         x, y[i])                                                                                  \
  CHOOSE(name##_KK, type, null, const type x = (type)in->x, const type y = (type)in->y, x, y)
CHOOSE_KERNELS(IF, double, (double)NAN)
CHOOSE_KERNELS(IF_BOOLEAN, uint8_t, ICT_NULL)

KERNEL(FILL) {
  double *restrict out = slots[in->out];
  const double x = in->x;
  FOR_ROWS(n, out[i] = x);
}
KERNEL(FILL_BOOLEAN) { memset(slots[in->out], (int)in->x, n); }

/* ---- the machine ------------------------------------------------------------------- */

typedef void kernel(const ict_inst *in, void *const *slots, size_t n);

static kernel *const kernels[ICT_N_OPCODES] = {
#define X(name)                                                                 \
  [ICT_DO_##name##_VV] = do_##name##_VV, [ICT_DO_##name##_VK] = do_##name##_VK, \
  [ICT_DO_##name##_KV] = do_##name##_KV,
    ICT_OPCODES_BINARY(X)
#undef X
#define X(name) [ICT_DO_##name] = do_##name,
        ICT_OPCODES_UNARY(X) ICT_OPCODES_OTHER(X)
#undef X
#define X(name)                                                                   \
  [ICT_DO_##name##_U8] = do_##name##_U8, [ICT_DO_##name##_U16] = do_##name##_U16, \
  [ICT_DO_##name##_I32] = do_##name##_I32,
            ICT_OPCODES_NARROW(X)
#undef X
};

void ict_inst_run(const ict_inst *inst, void *const *slots, size_t n) {
  kernels[inst->op](inst, slots, n);
}

/* One piece of memory: the pointers, then the registers. */
struct ict_scratch {
  void **slots;
  double *memory;
};

ict_scratch *ict_scratch_new(const ict_program *p) {
  size_t doubles = 0;
  const size_t boolean_room = ICT_BLOCK_ROWS / sizeof(double);
  for (size_t i = 0; i < p->n_registers; i++)
    doubles += p->registers[i].is_number ? ICT_BLOCK_ROWS : boolean_room;

  ict_scratch *s = ict_alloc(1, sizeof *s);
  if (!s) return NULL;
  s->slots = ict_alloc(p->n_columns + p->n_registers, sizeof *s->slots);
  s->memory = ict_alloc(doubles, sizeof *s->memory);
  if (!s->slots || !s->memory) {
    ict_scratch_free(s);
    return NULL;
  }
  double *next = s->memory;
  for (size_t i = 0; i < p->n_registers; i++) {
    s->slots[p->n_columns + i] = next;
    next += p->registers[i].is_number ? ICT_BLOCK_ROWS : boolean_room;
  }
  return s;
}

void ict_scratch_free(ict_scratch *s) {
  if (!s) return;
  ict_free(s->slots);
  ict_free(s->memory);
  ict_free(s);
}

static void run_all(const ict_program *p, const ict_block *block, ict_scratch *s, void *out) {
  assert(block->n_rows <= ICT_BLOCK_ROWS);
  /* Columns are only read; the slots are not const because registers share the array. */
  for (size_t i = 0; i < p->n_columns; i++) s->slots[i] = (void *)block->columns[p->columns[i]];
  s->slots[p->result] = out;
  for (size_t i = 0; i < p->n_insts; i++) ict_inst_run(&p->insts[i], s->slots, block->n_rows);
}

void ict_program_run_boolean(const ict_program *program, const ict_block *block,
                             ict_scratch *scratch, uint8_t *out) {
  assert(program->type == ICT_TYPE_BOOLEAN);
  run_all(program, block, scratch, out);
}

void ict_program_run_number(const ict_program *program, const ict_block *block,
                            ict_scratch *scratch, double *out) {
  assert(program->type != ICT_TYPE_BOOLEAN);
  run_all(program, block, scratch, out);
}
