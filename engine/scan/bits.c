/* bits.c - a block's expressions straight to the bits that the abacus takes.
 *
 * In: a plan, a run of rows. Out: each row's inner cells, and its yes and no bits; the values of
 * numeric measures, whose bits say which rows count. Owns: what was found out about each condition.
 *
 * Nearly all conditions look at one coded column of a byte a value, and most of these are true for
 * a range of codes and false for another: then the column is compared as it is stored, and no
 * answer is ever written. The rest goes by a table of the column's values, or by the program. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "scan/inside.h"

/* The bytes to which the table gives `truth`, where they are one range. */
static bool is_range(const uint8_t *table, uint8_t truth, ict_abacus_test *test) {
  size_t first = 0, last = UINT8_MAX;
  while (first <= UINT8_MAX && table[first] != truth) first++;
  *test = (ict_abacus_test){0};
  if (first > UINT8_MAX) return true;
  while (table[last] != truth) last--;
  for (size_t v = first; v <= last; v++)
    if (table[v] != truth) return false;
  *test = (ict_abacus_test){(uint8_t)first, (uint8_t)(last - first), 1};
  return true;
}

static ict_status look_into(ict_byte_condition *c, const ict_program *program, const ict_plan *plan,
                            ict_err *err) {
  bool has;
  c->program = program;
  if (!program) return ICT_OK;
  ict_status st = ict_program_table(program, plan->frame->schema, &has, &c->column, c->table, err);
  if (st != ICT_OK) return st;
  c->kind = has ? ICT_BY_COLUMN : ICT_BY_PROGRAM;
  if (has && is_range(c->table, ICT_TRUE, &c->yes) && is_range(c->table, ICT_FALSE, &c->no))
    return ICT_OK;
  if (has) c->kind = ICT_BY_TABLE;
  c->yes = (ict_abacus_test){ICT_TRUE, 0, 1};
  c->no = (ict_abacus_test){ICT_FALSE, 0, 1};
  return ICT_OK;
}

ict_status ict_answers_init(ict_answers *a, const ict_plan *plan, ict_err *err) {
  size_t n = plan->n_measures;
  ict_status st = ICT_OK;
  *a = (ict_answers){.universe = ict_alloc(n, sizeof *a->universe),
                     .numerator = ict_alloc(n, sizeof *a->numerator),
                     .denominator = ict_alloc(n, sizeof *a->denominator)};
  if (!a->universe || !a->numerator || !a->denominator) return ict_err_memory(err);
  ICT_TRY(done, st, look_into(&a->scope, plan->scope, plan, err));
  for (size_t m = 0; m < n; m++) {
    const ict_plan_measure *p = &plan->measures[m];
    ICT_TRY(done, st, look_into(&a->universe[m], p->universe, plan, err));
    if (plan->shape.numeric[m]) continue; /* its numbers are no bytes */
    ICT_TRY(done, st, look_into(&a->numerator[m], p->numerator, plan, err));
    ICT_TRY(done, st, look_into(&a->denominator[m], p->denominator, plan, err));
  }
done:
  return st;
}

void ict_answers_done(ict_answers *a) {
  ict_free(a->universe);
  ict_free(a->numerator);
  ict_free(a->denominator);
  *a = (ict_answers){0};
}

/* The bytes that the condition's tests are for; perhaps in the evaluator's `truth`. */
static const uint8_t *bytes_of(ict_evaluator *e, const ict_byte_condition *c, ict_scratch *scratch,
                               const ict_block *block) {
  if (c->kind == ICT_BY_COLUMN) return block->columns[c->column];
  if (c->kind == ICT_BY_PROGRAM) {
    ict_program_run_boolean(c->program, block, scratch, e->truth);
  } else {
    const uint8_t *column = block->columns[c->column];
    for (size_t i = 0; i < block->n_rows; i++) e->truth[i] = c->table[column[i]];
  }
  return e->truth;
}

/* The rows of `counts` (NULL: all) for which the condition is true; into `to`, which may be the
 * same. Where there is no condition, `counts` itself. */
static const uint8_t *restrict_to(ict_evaluator *e, const ict_abacus_layout *layout,
                                  const ict_byte_condition *c, ict_scratch *scratch,
                                  const ict_block *block, const uint8_t *counts, uint8_t *to) {
  if (!c->program) return counts;
  const uint8_t *x = bytes_of(e, c, scratch, block);
  if (counts && counts != to) memcpy(to, counts, block->n_rows);
  ict_abacus_restrict(layout, &c->yes, x, block->n_rows, !counts, to);
  return to;
}

static ict_abacus_test with_bit(ict_abacus_test test, uint8_t bit) {
  if (test.bit) test.bit = bit;
  return test;
}

/* Rows that have numbers answer no. */
static void pack_numbers(ict_evaluator *e, const ict_abacus_layout *layout, size_t m,
                         const ict_block *block, const uint8_t *counts, ict_abacus_place to,
                         uint8_t *yes, uint8_t *no) {
  static const ict_abacus_test nobody;
  ict_abacus_test has_number = {1, 0, to.bit};
  ict_evaluate_numbers(e, m, block, counts);
  const double *y = e->values[m].y, *x = e->values[m].x;
  for (size_t i = 0; i < block->n_rows; i++) e->truth[i] = !isnan(y[i]);
  for (size_t i = 0; i < block->n_rows && x; i++) e->truth[i] &= !isnan(x[i]);
  ict_abacus_pack(layout, &nobody, &has_number, e->truth, NULL, block->n_rows, to.first, yes, no);
}

void ict_evaluate_bits(ict_evaluator *e, const ict_answers *a, const ict_abacus_layout *layout,
                       size_t row, size_t n, uint32_t *cell, uint8_t *yes, uint8_t *no) {
  const ict_plan *plan = e->plan;
  ict_evaluator_seek(e, row);
  ict_block block = {.schema = plan->frame->schema, .n_rows = n, .columns = e->columns};
  for (size_t g = 0; g < ict_abacus_n_grids(layout); g++)
    ict_scan_cells(plan, ict_abacus_strides(layout, g), e->columns, n, cell + g * ICT_BLOCK_ROWS);
  const uint8_t *in_scope =
      restrict_to(e, layout, &a->scope, e->scope_scratch, &block, NULL, e->scope);
  const uint8_t *counts = in_scope;
  for (size_t m = 0; m < plan->n_measures; m++) {
    const ict_plan_measure *measure = &plan->measures[m];
    /* Items of an indicator follow one another and share their universe. */
    if (m == 0 || !measure->indicator || measure->indicator != measure[-1].indicator)
      counts = restrict_to(e, layout, &a->universe[m], e->universe_scratch[m], &block, in_scope,
                           e->counts);
    ict_abacus_place to = ict_abacus_place_of(layout, m);
    size_t at = to.group * ICT_BLOCK_ROWS;
    if (plan->shape.numeric[m]) {
      pack_numbers(e, layout, m, &block, counts, to, yes + at, no + at);
      continue;
    }
    /* The block of the measure's answers is free here. */
    const uint8_t *among = restrict_to(e, layout, &a->denominator[m], e->denominator_scratch[m],
                                       &block, counts, e->answers);
    const uint8_t *x = bytes_of(e, &a->numerator[m], e->numerator_scratch[m], &block);
    ict_abacus_test is_yes = with_bit(a->numerator[m].yes, to.bit);
    ict_abacus_test is_no = with_bit(a->numerator[m].no, to.bit);
    ict_abacus_pack(layout, &is_yes, &is_no, x, among, n, to.first, yes + at, no + at);
  }
}
