/* evaluate.c - one thread's evaluator: a block's expressions to answers and numbers.
 *
 * In: a plan, a run of rows. Out: each row's fine cell, and each measure's answers or numbers.
 * Owns: the scratch and the result blocks.
 *
 * A row counts for a measure where the scope, the universe and a true-or-false denominator are
 * all true and the values are there; null is not true. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3") /* vectors for the loops over bytes, as in expr/run.c */
#endif

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "scan/inside.h"

static ict_scratch **scratches_new(size_t n) { return ict_alloc(n, sizeof(ict_scratch *)); }

static bool scratch_for(const ict_program *program, ict_scratch **out) {
  if (!program) return true;
  *out = ict_scratch_new(program);
  return *out != NULL;
}

static bool make_scratch(ict_evaluator *b) {
  size_t n = b->plan->n_measures;
  b->universe_scratch = scratches_new(n);
  b->numerator_scratch = scratches_new(n);
  b->denominator_scratch = scratches_new(n);
  if (!b->universe_scratch || !b->numerator_scratch || !b->denominator_scratch) return false;
  if (!scratch_for(b->plan->scope, &b->scope_scratch)) return false;
  for (size_t m = 0; m < n; m++) {
    const ict_plan_measure *p = &b->plan->measures[m];
    if (!scratch_for(p->universe, &b->universe_scratch[m]) ||
        !scratch_for(p->numerator, &b->numerator_scratch[m]) ||
        !scratch_for(p->denominator, &b->denominator_scratch[m]))
      return false;
  }
  return true;
}

/* What the cube takes of it; and what its expression gives, which a cut makes an answer. */
static bool is_numeric(const ict_evaluator *b, size_t m) { return b->plan->shape.numeric[m]; }
static bool gives_number(const ict_evaluator *b, size_t m) {
  return is_numeric(b, m) || b->plan->cuts;
}

/* A denominator that is a quantity, not a condition. */
static bool has_x(const ict_evaluator *b, size_t m) {
  const ict_program *d = b->plan->measures[m].denominator;
  return d && ict_program_type(d) != ICT_TYPE_BOOLEAN;
}

static bool make_blocks(ict_evaluator *b) {
  size_t n = b->plan->n_measures;
  b->columns = ict_alloc(b->plan->frame->schema->n, sizeof *b->columns);
  b->scope = ict_alloc(ICT_BLOCK_ROWS, 1);
  b->counts = ict_alloc(ICT_BLOCK_ROWS, 1);
  b->truth = ict_alloc(ICT_BLOCK_ROWS, 1);
  b->answers = ict_alloc(n, ICT_BLOCK_ROWS);
  b->fine = ict_alloc(ICT_BLOCK_ROWS, sizeof *b->fine);
  b->values = ict_alloc(n, sizeof *b->values);
  b->run = ict_alloc(n, sizeof *b->run);
  if (!b->columns || !b->scope || !b->counts || !b->truth || !b->answers || !b->fine ||
      !b->values || !b->run)
    return false;
  bool any_numeric = false;
  for (size_t m = 0; m < n; m++) any_numeric |= gives_number(b, m);
  if (any_numeric) {
    b->numbers = ict_alloc(2 * n, ICT_BLOCK_ROWS * sizeof *b->numbers);
    if (!b->numbers) return false;
  }
  for (size_t m = 0; m < n; m++) {
    if (!is_numeric(b, m)) {
      b->values[m].answer = b->answers + m * ICT_BLOCK_ROWS;
      continue;
    }
    b->values[m].y = b->numbers + 2 * m * ICT_BLOCK_ROWS;
    if (has_x(b, m)) b->values[m].x = b->numbers + (2 * m + 1) * ICT_BLOCK_ROWS;
  }
  return true;
}

ict_status ict_evaluator_init(ict_evaluator *b, const ict_plan *plan, ict_err *err) {
  *b = (ict_evaluator){.plan = plan};
  return make_scratch(b) && make_blocks(b) ? ICT_OK : ict_err_memory(err);
}

static void scratches_free(ict_scratch **scratches, size_t n) {
  for (size_t i = 0; scratches && i < n; i++) ict_scratch_free(scratches[i]);
  ict_free(scratches);
}

void ict_evaluator_done(ict_evaluator *b) {
  if (!b->plan) return;
  size_t n = b->plan->n_measures;
  ict_scratch_free(b->scope_scratch);
  scratches_free(b->universe_scratch, n);
  scratches_free(b->numerator_scratch, n);
  scratches_free(b->denominator_scratch, n);
  ict_free(b->columns);
  ict_free(b->scope);
  ict_free(b->counts);
  ict_free(b->truth);
  ict_free(b->answers);
  ict_free(b->numbers);
  ict_free(b->fine);
  ict_free(b->values);
  ict_free(b->run);
  *b = (ict_evaluator){0};
}

/* counts &= truth of the condition. */
static void restrict_to(ict_evaluator *b, const ict_program *condition, ict_scratch *scratch,
                        const ict_block *block, uint8_t *counts) {
  ict_program_run_boolean(condition, block, scratch, b->truth);
  for (size_t i = 0; i < block->n_rows; i++) counts[i] &= b->truth[i] == ICT_TRUE;
}

static void answers_of(ict_evaluator *b, size_t m, const ict_block *block) {
  const ict_plan_measure *p = &b->plan->measures[m];
  uint8_t *answer = b->answers + m * ICT_BLOCK_ROWS;
  ict_program_run_boolean(p->numerator, block, b->numerator_scratch[m], answer);
  for (size_t i = 0; i < block->n_rows; i++)
    answer[i] = b->counts[i] ? answer[i] : (uint8_t)ICT_NULL;
  if (!p->denominator) return;
  ict_program_run_boolean(p->denominator, block, b->denominator_scratch[m], b->truth);
  for (size_t i = 0; i < block->n_rows; i++)
    answer[i] = b->truth[i] == ICT_TRUE ? answer[i] : (uint8_t)ICT_NULL;
}

/* A share of a number is among those who have the property: 1 for them, and nobody else counts. */
static void those_who_do(ict_evaluator *b, size_t m, const ict_block *block, double *y) {
  ict_program_run_boolean(b->plan->measures[m].numerator, block, b->numerator_scratch[m], b->truth);
  for (size_t i = 0; i < block->n_rows; i++) y[i] = b->truth[i] == ICT_TRUE ? 1 : (double)NAN;
}

void ict_evaluate_numbers(ict_evaluator *b, size_t m, const ict_block *block,
                          const uint8_t *counts) {
  const ict_plan_measure *p = &b->plan->measures[m];
  double *y = b->numbers + 2 * m * ICT_BLOCK_ROWS;
  if (ict_program_type(p->numerator) == ICT_TYPE_BOOLEAN) {
    those_who_do(b, m, block, y);
  } else {
    ict_program_run_number(p->numerator, block, b->numerator_scratch[m], y);
  }
  for (size_t i = 0; i < block->n_rows && counts; i++) y[i] = counts[i] ? y[i] : (double)NAN;
  if (has_x(b, m))
    ict_program_run_number(p->denominator, block, b->denominator_scratch[m],
                           b->numbers + (2 * m + 1) * ICT_BLOCK_ROWS);
  double shift = b->shift ? b->shift[m] : 0;
  const double *x = has_x(b, m) ? b->numbers + (2 * m + 1) * ICT_BLOCK_ROWS : NULL;
  for (size_t i = 0; i < block->n_rows && shift != 0; i++) y[i] -= x ? shift * x[i] : shift;
}

/* Whether the number is at or below the cut of the row's cell. */
static void answer_by_cut(ict_evaluator *b, size_t m, size_t n) {
  const ict_plan *plan = b->plan;
  const uint32_t *cell_of = plan->shape.margins[0].cell_of;
  const double *y = b->numbers + 2 * m * ICT_BLOCK_ROWS;
  uint8_t *answer = b->answers + m * ICT_BLOCK_ROWS;
  for (size_t i = 0; i < n; i++) {
    uint32_t cell = cell_of[b->fine[i]];
    if (cell == ICT_NO_CELL || isnan(y[i]))
      answer[i] = ICT_NULL;
    else
      answer[i] = y[i] <= plan->cuts[cell * plan->n_measures + m];
  }
}

void ict_evaluator_run(ict_evaluator *b, size_t at) {
  for (size_t m = 0; m < b->plan->n_measures; m++) {
    ict_cube_values v = b->values[m];
    if (v.answer) v.answer += at;
    if (v.y) v.y += at;
    if (v.x) v.x += at;
    b->run[m] = v;
  }
}

void ict_evaluator_seek(ict_evaluator *b, size_t row) {
  const ict_frame *frame = b->plan->frame;
  for (size_t c = 0; c < frame->schema->n; c++)
    b->columns[c] = (const unsigned char *)frame->columns[c] +
                    row * ict_width_bytes(frame->schema->vars[c].width);
}

void ict_evaluate(ict_evaluator *b, size_t row, size_t n) {
  const ict_plan *plan = b->plan;
  const ict_schema *schema = plan->frame->schema;
  ict_evaluator_seek(b, row);
  ict_block block = {.schema = schema, .n_rows = n, .columns = b->columns};
  ict_scan_cells(plan, plan->stride, b->columns, n, b->fine);

  memset(b->scope, 1, n);
  if (plan->scope) restrict_to(b, plan->scope, b->scope_scratch, &block, b->scope);
  for (size_t m = 0; m < plan->n_measures; m++) {
    const ict_plan_measure *measure = &plan->measures[m];
    /* Items of an indicator follow one another and share their universe. */
    if (m == 0 || !measure->indicator || measure->indicator != measure[-1].indicator) {
      memcpy(b->counts, b->scope, n);
      if (measure->universe)
        restrict_to(b, measure->universe, b->universe_scratch[m], &block, b->counts);
    }
    if (gives_number(b, m)) {
      ict_evaluate_numbers(b, m, &block, b->counts);
      if (plan->cuts) answer_by_cut(b, m, n);
    } else {
      answers_of(b, m, &block);
    }
  }
}
