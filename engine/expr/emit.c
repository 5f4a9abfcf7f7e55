/* emit.c - instructions for typed values.
 *
 * In: values and what to do with them. Out: instructions appended to the program, and the
 * value they give. Owns: nothing; the program owns all memory.
 * A new register is always taken before those of the operands are given back, so that no
 * kernel writes what it reads. */
#include "expr/emit.h"

#include <math.h>
#include <string.h>

ict_value ict_value_number(double number, ict_type type) {
  return (ict_value){.type = type, .where = ICT_AT_CONSTANT, .number = number};
}
ict_value ict_value_boolean(uint8_t truth) {
  return (ict_value){.type = ICT_TYPE_BOOLEAN, .where = ICT_AT_CONSTANT, .number = truth};
}
ict_value ict_value_null(void) {
  return (ict_value){
      .type = ICT_TYPE_REAL, .is_null = true, .where = ICT_AT_CONSTANT, .number = NAN};
}
bool ict_value_is_constant(const ict_value *v) { return v->where == ICT_AT_CONSTANT; }
bool ict_value_is_narrow(const ict_value *v) {
  return v->where == ICT_AT_COLUMN && v->var->width != ICT_F64;
}

/* ---- registers and instructions -------------------------------------------------- */

static ict_status take_register(ict_builder *b, bool is_number, uint32_t *slot) {
  ict_program *p = b->program;
  size_t i = 0;
  while (i < p->n_registers && (p->registers[i].users > 0 || p->registers[i].pinned ||
                                p->registers[i].is_number != is_number))
    i++;
  if (i == p->n_registers) {
    if (ict_grow(&p->registers, i, &p->registers_capacity, sizeof *p->registers))
      return ict_err_memory(b->err);
    p->registers[i] = (ict_register){.is_number = is_number};
    p->n_registers++;
  }
  p->registers[i].users = 1;
  *slot = (uint32_t)(p->n_columns + i);
  return ICT_OK;
}

static ict_register *register_of(ict_builder *b, const ict_value *v) {
  return v->where == ICT_AT_REGISTER ? &b->program->registers[v->slot - b->program->n_columns]
                                     : NULL;
}

void ict_emit_hold(ict_builder *b, const ict_value *v) {
  ict_register *r = register_of(b, v);
  if (r && !r->pinned) r->users++;
}

void ict_emit_release(ict_builder *b, const ict_value *v) {
  ict_register *r = register_of(b, v);
  if (r && !r->pinned) r->users--;
}

static ict_status append(ict_builder *b, const ict_inst *inst) {
  ict_program *p = b->program;
  if (ict_grow(&p->insts, p->n_insts, &p->insts_capacity, sizeof *p->insts))
    return ict_err_memory(b->err);
  p->insts[p->n_insts++] = *inst;
  return ICT_OK;
}

/* Appends inst with a fresh register as its output, and describes that as a value. */
static ict_status append_into(ict_builder *b, ict_inst inst, ict_type type, ict_value *out) {
  ict_value v = {.type = type, .where = ICT_AT_REGISTER};
  ict_status st = take_register(b, type != ICT_TYPE_BOOLEAN, &v.slot);
  if (st != ICT_OK) return st;
  inst.out = v.slot;
  *out = v;
  return append(b, &inst);
}

/* A narrow column as doubles; the same register again if it was loaded before. */
static ict_status load(ict_builder *b, ict_value *v) {
  const ict_program *p = b->program;
  if (!ict_value_is_narrow(v)) return ICT_OK;
  ict_opcode op = v->var->width == ICT_U8    ? ICT_DO_LOAD_U8
                  : v->var->width == ICT_U16 ? ICT_DO_LOAD_U16
                                             : ICT_DO_LOAD_I32;
  for (size_t i = 0; i < p->n_insts; i++) {
    if (p->insts[i].op != op || p->insts[i].a != v->slot) continue;
    v->where = ICT_AT_REGISTER;
    v->slot = p->insts[i].out;
    return ICT_OK;
  }
  ict_status st = append_into(b, (ict_inst){.op = op, .a = v->slot}, v->type, v);
  if (st == ICT_OK) p->registers[v->slot - p->n_columns].pinned = true;
  return st;
}

/* Where a kernel has no constant form: the constant on every row. */
static ict_status spread(ict_builder *b, ict_value *v) {
  if (!ict_value_is_constant(v)) return ICT_OK;
  ict_opcode op = v->type == ICT_TYPE_BOOLEAN ? ICT_DO_FILL_BOOLEAN : ICT_DO_FILL;
  return append_into(b, (ict_inst){.op = op, .x = v->number}, v->type, v);
}

/* null takes the type of its place: BOOLEAN null is 2, a number's is NaN. */
static void settle(ict_value *v, ict_type type) {
  if (v->is_null)
    *v = type == ICT_TYPE_BOOLEAN ? ict_value_boolean(ICT_NULL) : ict_value_number(NAN, type);
}

static bool is_constant_null(const ict_value *v) {
  if (!ict_value_is_constant(v)) return false;
  return v->is_null || (v->type == ICT_TYPE_BOOLEAN ? v->number == ICT_NULL : isnan(v->number));
}

static ict_value null_of(ict_type type) {
  ict_value v = ict_value_null();
  settle(&v, type);
  return v;
}

/* ---- numbers --------------------------------------------------------------------- */

/* Folding runs the very kernel on one row, so it cannot disagree with it. */
static ict_value fold(ict_inst inst, double x, double y, ict_type type) {
  double number = 0;
  uint8_t boolean = 0;
  void *slots[] = {&x, &y, type == ICT_TYPE_BOOLEAN ? (void *)&boolean : (void *)&number};
  inst.a = 0;
  inst.b = 1;
  inst.out = 2;
  ict_inst_run(&inst, slots, 1);
  return type == ICT_TYPE_BOOLEAN ? ict_value_boolean(boolean) : ict_value_number(number, type);
}

ict_status ict_emit_binary(ict_builder *b, ict_opcode op, ict_value x, ict_value y, ict_type type,
                           ict_value *out) {
  bool x_constant = ict_value_is_constant(&x), y_constant = ict_value_is_constant(&y);
  ict_status st = ICT_OK;
  if (is_constant_null(&x) || is_constant_null(&y)) {
    *out = null_of(type);
  } else if (x_constant && y_constant) {
    *out = fold((ict_inst){.op = op}, x.number, y.number, type);
  } else {
    ICT_TRY(done, st, load(b, &x));
    ICT_TRY(done, st, load(b, &y));
    ict_inst inst = {.a = x.slot, .b = y.slot, .x = x.number, .y = y.number};
    inst.op = op + (x_constant ? 2 : y_constant ? 1 : 0); /* VV, VK, KV */
    st = append_into(b, inst, type, out);
  }
done:
  ict_emit_release(b, &x);
  ict_emit_release(b, &y);
  return st;
}

ict_status ict_emit_unary(ict_builder *b, ict_opcode op, ict_value x, ict_type type,
                          ict_value *out) {
  ict_status st = ICT_OK;
  if (ict_value_is_constant(&x)) {
    *out = is_constant_null(&x) ? null_of(type) : fold((ict_inst){.op = op}, x.number, 0, type);
    return ICT_OK;
  }
  ICT_TRY(done, st, load(b, &x));
  st = append_into(b, (ict_inst){.op = op, .a = x.slot}, type, out);
done:
  ict_emit_release(b, &x);
  return st;
}

ict_status ict_emit_one_of(ict_builder *b, ict_value x, const double *numbers, size_t n,
                           ict_value *out) {
  ict_status st = ICT_OK;
  if (ict_value_is_constant(&x)) {
    uint8_t hit = is_constant_null(&x) ? ICT_NULL : ICT_FALSE;
    for (size_t i = 0; i < n; i++)
      if (x.number == numbers[i]) hit = ICT_TRUE;
    *out = ict_value_boolean(hit);
    return ICT_OK;
  }
  ICT_TRY(done, st, load(b, &x));
  ict_inst inst = {.op = ICT_DO_EQ_VK, .a = x.slot, .y = numbers[0]};
  ICT_TRY(done, st, append_into(b, inst, ICT_TYPE_BOOLEAN, out));
  for (size_t i = 1; i < n; i++) {
    inst = (ict_inst){.op = ICT_DO_HIT_OR, .a = x.slot, .y = numbers[i], .out = out->slot};
    ICT_TRY(done, st, append(b, &inst));
  }
done:
  ict_emit_release(b, &x);
  return st;
}

/* ---- stored columns -------------------------------------------------------------- */

ict_status ict_emit_columns(ict_builder *b, ict_opcode op, ict_value x, ict_value y,
                            ict_value *out) {
  ict_inst inst = {.a = x.slot, .b = y.slot};
  inst.op = op + (x.var->width == ICT_U8 ? 0 : x.var->width == ICT_U16 ? 1 : 2); /* U8, U16, I32 */
  return append_into(b, inst, ICT_TYPE_BOOLEAN, out);
}

ict_status ict_emit_test(ict_builder *b, ict_value x, ict_set *set, ict_value *out) {
  if (!ict_set_finish(set, b->program->arena)) return ict_err_memory(b->err);
  bool u8 = x.var->width == ICT_U8, u16 = x.var->width == ICT_U16;
  ict_inst inst = {.a = x.slot, .set = set};
  if (set->table)
    inst.op = u8 ? ICT_DO_TABLE_U8 : ICT_DO_TABLE_U16;
  else
    inst.op = u8 ? ICT_DO_TEST_U8 : u16 ? ICT_DO_TEST_U16 : ICT_DO_TEST_I32;
  return append_into(b, inst, ICT_TYPE_BOOLEAN, out);
}

ict_status ict_emit_kind(ict_builder *b, ict_value x, ict_missing kind, ict_value *out) {
  ict_inst inst = {.op = ICT_DO_KIND, .a = x.slot, .kind = kind};
  return append_into(b, inst, ICT_TYPE_BOOLEAN, out);
}

/* ---- conditions ------------------------------------------------------------------ */

ict_status ict_emit_not(ict_builder *b, ict_value x, ict_value *out) {
  settle(&x, ICT_TYPE_BOOLEAN);
  if (ict_value_is_constant(&x)) {
    *out = ict_value_boolean(x.number == ICT_NULL ? ICT_NULL : x.number == ICT_FALSE);
    return ICT_OK;
  }
  ict_status st = append_into(b, (ict_inst){.op = ICT_DO_NOT, .a = x.slot}, ICT_TYPE_BOOLEAN, out);
  ict_emit_release(b, &x);
  return st;
}

ict_status ict_emit_logic(ict_builder *b, ict_op op, ict_value x, ict_value y, ict_value *out) {
  settle(&x, ICT_TYPE_BOOLEAN);
  settle(&y, ICT_TYPE_BOOLEAN);
  if (ict_value_is_constant(&x)) { /* the constant, if there is one, is y from here on */
    ict_value other = x;
    x = y;
    y = other;
  }
  if (ict_value_is_constant(&y)) {
    uint8_t decides = op == ICT_OP_OR ? ICT_TRUE : ICT_FALSE; /* whatever x is; xor has none */
    if (op != ICT_OP_XOR && y.number == decides) {
      ict_emit_release(b, &x);
      *out = y;
      return ICT_OK;
    }
    if (y.number != ICT_NULL) {
      if (op == ICT_OP_XOR && y.number == ICT_TRUE) return ict_emit_not(b, x, out);
      *out = x;
      return ICT_OK;
    }
    if (op == ICT_OP_XOR || ict_value_is_constant(&x)) {
      ict_emit_release(b, &x);
      *out = op != ICT_OP_XOR && x.number == decides ? x : y;
      return ICT_OK;
    }
  }
  ict_opcode code = op == ICT_OP_AND ? ICT_DO_AND : op == ICT_OP_OR ? ICT_DO_OR : ICT_DO_XOR;
  ict_status st;
  ICT_TRY(done, st, spread(b, &y));
  st = append_into(b, (ict_inst){.op = code, .a = x.slot, .b = y.slot}, ICT_TYPE_BOOLEAN, out);
done:
  ict_emit_release(b, &x);
  ict_emit_release(b, &y);
  return st;
}

ict_status ict_emit_isnull(ict_builder *b, ict_value x, ict_value *out) {
  if (ict_value_is_constant(&x)) {
    *out = ict_value_boolean(x.type == ICT_TYPE_TEXT ? ICT_FALSE : is_constant_null(&x));
    return ICT_OK;
  }
  if (ict_value_is_narrow(&x)) { /* the marks of missing are the run behind the domain */
    ict_run domain = ict_width_domain(x.var->width);
    ict_set *set = ict_set_new(b->program->arena, x.var->width, 1);
    if (!set) return ict_err_memory(b->err);
    set->missing_as = ICT_FALSE;
    set->runs[0] = (ict_run){domain.last + 1, domain.last + ICT_MISSING_MARKS};
    set->n = 1;
    return ict_emit_test(b, x, set, out);
  }
  ict_opcode op = x.type == ICT_TYPE_BOOLEAN ? ICT_DO_ISNULL_BOOLEAN : ICT_DO_ISNULL;
  ict_status st = append_into(b, (ict_inst){.op = op, .a = x.slot}, ICT_TYPE_BOOLEAN, out);
  ict_emit_release(b, &x);
  return st;
}

/* ---- choices --------------------------------------------------------------------- */

ict_status ict_emit_nvl(ict_builder *b, ict_value x, ict_value y, ict_type type, ict_value *out) {
  ict_status st = ICT_OK;
  settle(&x, type);
  settle(&y, type);
  if (ict_value_is_constant(&x)) {
    bool take_y = is_constant_null(&x);
    ict_emit_release(b, take_y ? &x : &y);
    *out = take_y ? y : x;
    out->type = type;
    return ICT_OK;
  }
  ICT_TRY(done, st, load(b, &x));
  ICT_TRY(done, st, load(b, &y));
  ict_inst inst = {.a = x.slot, .b = y.slot, .y = y.number};
  bool boolean = type == ICT_TYPE_BOOLEAN;
  if (ict_value_is_constant(&y))
    inst.op = boolean ? ICT_DO_NVL_BOOLEAN_VK : ICT_DO_NVL_VK;
  else
    inst.op = boolean ? ICT_DO_NVL_BOOLEAN_VV : ICT_DO_NVL_VV;
  st = append_into(b, inst, type, out);
done:
  ict_emit_release(b, &x);
  ict_emit_release(b, &y);
  return st;
}

ict_status ict_emit_if(ict_builder *b, ict_value condition, ict_value x, ict_value y, ict_type type,
                       ict_value *out) {
  ict_status st = ICT_OK;
  settle(&condition, ICT_TYPE_BOOLEAN);
  settle(&x, type);
  settle(&y, type);
  bool x_constant = ict_value_is_constant(&x), y_constant = ict_value_is_constant(&y);
  if (ict_value_is_constant(&condition)) {
    ict_value chosen = condition.number == ICT_TRUE    ? x
                       : condition.number == ICT_FALSE ? y
                                                       : null_of(type);
    if (condition.number != ICT_TRUE) ict_emit_release(b, &x);
    if (condition.number != ICT_FALSE) ict_emit_release(b, &y);
    *out = chosen;
    out->type = type;
    return ICT_OK;
  }
  ICT_TRY(done, st, load(b, &x));
  ICT_TRY(done, st, load(b, &y));
  ict_inst inst = {.a = x.slot, .b = y.slot, .c = condition.slot, .x = x.number, .y = y.number};
  inst.op = type == ICT_TYPE_BOOLEAN ? ICT_DO_IF_BOOLEAN_VV : ICT_DO_IF_VV;
  inst.op += (x_constant ? 2 : 0) + (y_constant ? 1 : 0); /* VV, VK, KV, KK */
  st = append_into(b, inst, type, out);
done:
  ict_emit_release(b, &condition);
  ict_emit_release(b, &x);
  ict_emit_release(b, &y);
  return st;
}

/* Folding leaves instructions behind whose result nobody reads: drops them, from the last
 * to the first. A register may serve many values; each writing ends the need for it. An
 * operand that an instruction does not have is 0 and may keep slot 0 alive: no harm. */
static ict_status prune(ict_builder *b) {
  ict_program *p = b->program;
  bool *needed = ict_alloc(p->n_columns + p->n_registers, sizeof *needed);
  if (!needed) return ict_err_memory(b->err);
  size_t kept = p->n_insts; /* the kept ones gather at the end, in order */
  needed[p->result] = true;
  for (size_t i = p->n_insts; i > 0; i--) {
    const ict_inst inst = p->insts[i - 1];
    if (!needed[inst.out]) continue;
    needed[inst.out] = inst.op == ICT_DO_HIT_OR;
    needed[inst.a] = needed[inst.b] = needed[inst.c] = true;
    p->insts[--kept] = inst;
  }
  p->n_insts -= kept;
  memmove(p->insts, p->insts + kept, p->n_insts * sizeof *p->insts);
  ict_free(needed);
  return ICT_OK;
}

ict_status ict_emit_result(ict_builder *b, ict_value x) {
  ict_status st;
  ict_type type = x.type;
  if (x.where == ICT_AT_COLUMN && x.var->width == ICT_F64) {
    ICT_TRY(done, st, append_into(b, (ict_inst){.op = ICT_DO_COPY, .a = x.slot}, type, &x));
  } else {
    ICT_TRY(done, st, load(b, &x));
    ICT_TRY(done, st, spread(b, &x));
  }
  b->program->result = x.slot;
  b->program->type = type;
  st = prune(b);
done:
  return st;
}
