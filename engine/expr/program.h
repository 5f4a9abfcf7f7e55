/* program.h - a checked expression as a flat list of instructions; inside the room only.
 *
 * A slot is an array of one block's rows. Slots 0 .. n_columns-1 are the block's own
 * columns, never copied; the others are registers in the scratch: doubles (NaN is null)
 * or bytes (0 false, 1 true, 2 null). An instruction reads slots and constants and fills
 * one slot; its opcode picks one tight loop (a kernel) that knows every type beforehand.
 * No kernel reads the slot it writes, but for HIT_OR, which only adds to it. */
#ifndef ICT_EXPR_PROGRAM_H
#define ICT_EXPR_PROGRAM_H

#include "expr/ast.h"

/* clang-format off */
/* Both sides may be a register or a constant: V and K. The order VV, VK, KV is relied on. */
#define ICT_OPCODES_BINARY(X) \
  X(ADD) X(SUB) X(MUL) X(DIV) X(MOD) X(POWER) X(EQ) X(NE) X(LT) X(LE) X(GT) X(GE)
#define ICT_OPCODES_UNARY(X) X(NEG) X(ABS) X(FLOOR) X(CEIL) X(LN) X(EXP) X(SQRT)
/* Column against column, on the stored values. The order U8, U16, I32 is relied on. */
#define ICT_OPCODES_NARROW(X) X(EQ) X(NE) X(LT) X(LE) X(GT) X(GE)
#define ICT_OPCODES_OTHER(X)                                              \
  X(LOAD_U8) X(LOAD_U16) X(LOAD_I32) X(COPY) /* column to doubles */      \
  X(FILL) X(FILL_BOOLEAN)                /* a constant to every row */    \
  X(TEST_U8) X(TEST_U16) X(TEST_I32)     /* value in a few runs */        \
  X(TABLE_U8) X(TABLE_U16)               /* value looked up */            \
  X(KIND)                                /* kind of missing of a real */  \
  X(HIT_OR)                              /* out |= (a = k) */             \
  X(ISNULL) X(ISNULL_BOOLEAN)                                             \
  X(AND) X(OR) X(XOR) X(NOT)                                              \
  X(NVL_VV) X(NVL_VK) X(NVL_BOOLEAN_VV) X(NVL_BOOLEAN_VK)                 \
  X(IF_VV) X(IF_VK) X(IF_KV) X(IF_KK)                                     \
  X(IF_BOOLEAN_VV) X(IF_BOOLEAN_VK) X(IF_BOOLEAN_KV) X(IF_BOOLEAN_KK)

typedef enum ict_opcode {
#define X(name) ICT_DO_##name##_VV, ICT_DO_##name##_VK, ICT_DO_##name##_KV,
  ICT_OPCODES_BINARY(X)
#undef X
#define X(name) ICT_DO_##name,
  ICT_OPCODES_UNARY(X)
#undef X
#define X(name) ICT_DO_##name##_U8, ICT_DO_##name##_U16, ICT_DO_##name##_I32,
  ICT_OPCODES_NARROW(X)
#undef X
#define X(name) ICT_DO_##name,
  ICT_OPCODES_OTHER(X)
#undef X
  ICT_N_OPCODES
} ict_opcode;
/* clang-format on */

/* Which values of a narrow column count as true. */
typedef struct ict_run {
  int32_t first, last;
} ict_run;
typedef struct ict_set {
  ict_width width;
  uint8_t missing_as; /* what a missing value gives: ICT_FALSE, _TRUE or _NULL */
  size_t n;           /* runs, ascending, apart */
  ict_run *runs;
  size_t room;
  const uint8_t *table; /* the answer for every stored value, or NULL: use the runs */
} ict_set;

/* The smallest and largest stored value that is not a mark of missing. */
ict_run ict_width_domain(ict_width width);
/* A set with room for `room` runs, in the arena; NULL where memory is short. */
ict_set *ict_set_new(ict_arena *arena, ict_width width, size_t room);
/* Adds the values lo..hi, which must not lie below what was added before; cut to the
 * width's domain; nothing where it is empty. Bounds may be fractions or infinite. */
void ict_set_add(ict_set *set, double lo, double hi);
/* The rest of the domain in its place. The set was made with room for one run more. */
void ict_set_invert(ict_set *set);
/* Makes the table where one is worth it. False where memory is short. */
bool ict_set_finish(ict_set *set, ict_arena *arena);

typedef struct ict_inst {
  ict_opcode op;
  uint32_t out, a, b, c;
  double x, y; /* constants in the place of a and b */
  const ict_set *set;
  ict_missing kind;
} ict_inst;

typedef struct ict_register {
  bool is_number;
  unsigned users; /* while checking: how many still need what it holds */
  bool pinned;    /* a loaded column: kept to the end, so that no column is loaded twice */
} ict_register;

struct ict_program {
  ict_arena *arena; /* sets */
  ict_type type;
  size_t n_columns; /* slots that are columns of the block */
  size_t *columns;
  size_t n_registers, registers_capacity; /* slots behind them */
  ict_register *registers;
  size_t n_insts, insts_capacity;
  ict_inst *insts;
  uint32_t result; /* the register the caller's memory stands in for */
};

/* Runs one instruction over n rows. */
void ict_inst_run(const ict_inst *inst, void *const *slots, size_t n);

#endif
