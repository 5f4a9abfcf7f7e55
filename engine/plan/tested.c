/* tested.c - breakdowns become tables that are tested: for each, the covariance of all its cells.
 *
 * In: a plan with its axes, margins and cells; how many axes a table has. Out: the plan's tables,
 * in its shape the pairs of cells of each, and a margin for what a table is as a whole.
 * Owns: nothing.
 *
 * The tested axes are the last of a breakdown, so the cells of one table are neighbours. What it is
 * as a whole - its rows, its strata and PSUs - are the rows that have a class on every tested axis;
 * so each table has a margin without the tested axes, in which rows without a class have no cell.
 */
#include <string.h>

#include "plan/parts.h"

/* Cells of one table. Their pairs are half its square, each of six cross cells; with more, the pass
 * would be slower than any reader of the result. */
#define MOST_CELLS 64

static ict_status too_large(const ict_plan *plan, const ict_plan_margin *margin, size_t n_cells,
                            ict_err *err) {
  ict_err_set(err, ICT_USAGE, "a table by '%s' has %zu cells",
              plan->axes[margin->axes[margin->n_axes - 1]].name, n_cells);
  ict_err_expected(err, "at most %d in a table that is tested", MOST_CELLS);
  ict_err_fix(err,
              "name a coarser classification, such as education_lev:levels; "
              "`ictstat list --classifications` shows them");
  return ICT_USAGE;
}

/* The margin of the tables as wholes: cell c of the margin, without the tested digits. */
static ict_status make_whole(const ict_plan *plan, const ict_plan_test *test, ict_plan_margin *into,
                             ict_margin *cells, ict_err *err) {
  const ict_margin *of = &plan->shape.margins[test->margin];
  uint32_t *cell_of = ict_arena_alloc(plan->arena, plan->n_fine, sizeof *cell_of);
  if (!cell_of) return ict_err_memory(err);
  for (size_t f = 0; f < plan->n_fine; f++)
    cell_of[f] =
        of->cell_of[f] == ICT_NO_CELL ? ICT_NO_CELL : of->cell_of[f] / (uint32_t)test->n_cells;
  *cells = (ict_margin){of->n_cells / test->n_cells, cell_of};
  *into = plan->margins[test->margin];
  into->n_axes -= test->n_tested;
  into->silent = true;
  return ICT_OK;
}

static size_t pairs_in(size_t n_cells) { return n_cells * (n_cells - 1) / 2; }

/* Whether the covariance of two cells depends on where the others of their table are: by policies
 * that ask in how many PSUs or strata of a domain anybody is. Else pairs are pairs, as in
 * contrasts, and cost what they do. */
static bool is_of_table(const ict_plan *plan) {
  return plan->shape.lonely == ICT_LONELY_AVERAGE || plan->shape.lonely_in_domain;
}

/* All pairs of cells of every table of the margin, in the order of ict_plan_test_pair. */
static void make_pairs(const ict_plan *plan, const ict_plan_test *test, ict_pair *out) {
  size_t n = test->n_cells, n_group = is_of_table(plan) ? n : 0;
  for (size_t first = 0; first < plan->shape.margins[test->margin].n_cells; first += n)
    for (size_t i = 0; i < n; i++)
      for (size_t k = i + 1; k < n; k++)
        *out++ = (ict_pair){(uint32_t)test->margin,
                            {(uint32_t)(first + i), (uint32_t)(first + k)},
                            (uint32_t)first,
                            (uint32_t)n_group};
}

size_t ict_plan_test_pair(const ict_plan_test *test, size_t table, size_t i, size_t k) {
  size_t n = test->n_cells;
  return test->first_pair + table * pairs_in(n) + i * n - i * (i + 1) / 2 + (k - i - 1);
}

static ict_status make_test(const ict_plan *plan, size_t margin, size_t n_tested,
                            ict_plan_test *out, ict_err *err) {
  const ict_plan_margin *m = &plan->margins[margin];
  *out = (ict_plan_test){.margin = margin, .n_tested = n_tested, .n_cells = 1};
  for (size_t i = 0; i < n_tested; i++) out->n_cells *= plan->axes[m->axes[m->n_axes - 1 - i]].n;
  return out->n_cells > MOST_CELLS ? too_large(plan, m, out->n_cells, err) : ICT_OK;
}

ict_status ict_plan_tests_make(size_t n_tested, ict_plan *plan, ict_err *err) {
  size_t n = plan->n_margins, n_pairs = plan->shape.n_pairs;
  ict_plan_margin *margins = ict_arena_alloc(plan->arena, 2 * n, sizeof *margins);
  ict_margin *cells = ict_arena_alloc(plan->arena, 2 * n, sizeof *cells);
  ict_plan_test *tests = ict_arena_alloc(plan->arena, n, sizeof *tests);
  if (!margins || !cells || !tests) return ict_err_memory(err);
  memcpy(margins, plan->margins, n * sizeof *margins);
  memcpy(cells, plan->shape.margins, n * sizeof *cells);
  for (size_t g = 0; g < n; g++) {
    /* the total, which is always there, and what an indicator adds that is a contrast itself */
    if (margins[g].n_axes < 2 + n_tested || margins[g].silent) continue;
    ict_plan_test *test = &tests[plan->n_tests];
    ict_status st = make_test(plan, g, n_tested, test, err);
    if (st != ICT_OK) return st;
    test->whole = n + plan->n_tests++;
    test->first_pair = n_pairs;
    st = make_whole(plan, test, &margins[test->whole], &cells[test->whole], err);
    if (st != ICT_OK) return st;
    n_pairs += cells[test->whole].n_cells * pairs_in(test->n_cells);
  }
  ict_pair *pairs = ict_arena_alloc(plan->arena, n_pairs + 1, sizeof *pairs);
  if (!pairs) return ict_err_memory(err);
  memcpy(pairs, plan->shape.pairs, plan->shape.n_pairs * sizeof *pairs);
  for (size_t t = 0; t < plan->n_tests; t++)
    make_pairs(plan, &tests[t], pairs + tests[t].first_pair);
  plan->margins = margins;
  plan->n_margins = plan->shape.n_margins = n + plan->n_tests;
  plan->shape.margins = cells;
  plan->shape.pairs = pairs;
  plan->shape.n_pairs = n_pairs;
  plan->tests = tests;
  return ICT_OK;
}
