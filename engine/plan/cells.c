/* cells.c - axes, margins and the cells of a plan.
 *
 * In: a plan with its table, sets of axes. Out: its axes, its margins, and for each margin, where
 * anybody asks, the cell of every fine cell.
 * Owns: nothing; all lives in the arena of the plan. */
#include <string.h>

#include "abacus/abacus.h"
#include "plan/maker.h"

static const char *const ALWAYS[] = {ICT_VAR_AREA, ICT_VAR_PERIOD}; /* axes of every plan */

/* Area and period come first and belong to every margin; then the axes of `mask`. */
ict_status ict_plan_axes_make(ict_plan_maker *m, ict_plan *plan, unsigned mask) {
  ict_plan_axis *axes = ict_arena_alloc(plan->arena, ICT_PLAN_MAX_AXES, sizeof *axes);
  if (!axes) return ict_err_memory(m->err);
  plan->axes = axes;
  for (size_t i = 0; i < 2; i++) {
    ict_status st = ict_plan_axis_make(m->catalog, plan->frame, ALWAYS[i], NULL, plan->arena,
                                       &axes[plan->n_axes], m->err);
    if (st != ICT_OK) return st;
    plan->n_axes++;
  }
  for (size_t i = 0; i < m->by.n_axes; i++) {
    if (!(mask >> i & 1)) continue;
    ict_status st =
        ict_plan_axis_make(m->catalog, plan->frame, m->by.axes[i].name,
                           m->by.axes[i].classification, plan->arena, &axes[plan->n_axes], m->err);
    if (st != ICT_OK) return st;
    plan->n_axes++;
  }
  return ICT_OK;
}

static ict_status refuse_same_column(ict_plan_maker *m, const ict_plan *plan,
                                     const ict_plan_margin *margin) {
  for (size_t i = 0; i < margin->n_axes; i++)
    for (size_t k = 0; k < i; k++) {
      const ict_plan_axis *a = &plan->axes[margin->axes[i]], *b = &plan->axes[margin->axes[k]];
      if (strcmp(a->name, b->name) != 0) continue;
      if (margin->axes[k] < 2) { /* area or period */
        ict_err_set(m->err, ICT_USAGE, "every result is for one area and one period already");
        ict_err_fix(m->err, "leave '%s' out of --by", a->name);
        return ICT_USAGE;
      }
      ict_err_set(m->err, ICT_USAGE, "'%s' is crossed with itself in one breakdown", a->name);
      ict_err_fix(m->err, "give each classification its own --by");
      return ICT_USAGE;
    }
  return ICT_OK;
}

/* The set's place in the request, where its contrasts and its rows are told. */
static size_t set_at(const ict_plan_maker *m, unsigned set) {
  size_t s = 0;
  while (m->by.sets[s] != set) s++;
  return s;
}

ict_status ict_plan_margins_make(ict_plan_maker *m, ict_plan *plan, unsigned mask,
                                 const unsigned *sets, size_t n_sets) {
  ict_plan_margin *margins = ict_arena_alloc(plan->arena, n_sets, sizeof *margins);
  if (!margins) return ict_err_memory(m->err);
  for (size_t s = 0; s < n_sets; s++) {
    size_t *axes = ict_arena_alloc(plan->arena, plan->n_axes, sizeof *axes);
    if (!axes) return ict_err_memory(m->err);
    size_t n = 0;
    axes[n++] = 0;
    axes[n++] = 1;
    for (size_t i = 0; i < m->by.n_axes; i++)
      if (sets[s] >> i & 1) axes[n++] = ict_plan_axis_at(mask, i);
    margins[s] = (ict_plan_margin){.n_axes = n, .axes = axes};
    if (plan->kind == ICT_PLAN_SUMS) {
      size_t at = set_at(m, sets[s]);
      margins[s].contrasts = m->contrasts.of_set[at];
      margins[s].silent = at >= m->contrasts.n_published;
    }
    ict_status st = refuse_same_column(m, plan, &margins[s]);
    if (st != ICT_OK) return st;
  }
  plan->margins = margins;
  plan->n_margins = n_sets;
  return ICT_OK;
}

/* Fine cell f -> cell of a margin: the digits of f on the margin's axes, or no cell where one of
 * them is "in none". The digits turn like a counter's: no cell is worked out from its number, and
 * those of the last axis, the fastest, are a run. */
static void fill_cells(const ict_plan *plan, const ict_plan_margin *margin, uint32_t *cell_of) {
  size_t digit[ICT_PLAN_MAX_AXES] = {0}, stride[ICT_PLAN_MAX_AXES] = {0};
  bool in[ICT_PLAN_MAX_AXES] = {false};
  size_t product = 1, cell = 0, none = 0; /* none: digits before the last that are "in none" */
  size_t last = plan->n_axes > 0 ? plan->n_axes - 1 : 0;
  size_t run = plan->n_axes > 0 ? plan->axes[last].n : 0;
  for (size_t i = margin->n_axes; i-- > 0;) {
    size_t a = margin->axes[i];
    in[a] = true;
    stride[a] = product;
    product *= plan->axes[a].n;
    none += a != last && plan->axes[a].n == 0;
  }
  bool has_last = in[last];
  uint32_t step = has_last ? (uint32_t)stride[last] : 0;
  for (uint32_t *to = cell_of, *end = cell_of + plan->n_fine; to < end; to += run + 1) {
    for (size_t c = 0; c < run; c++)
      to[c] = none == 0 ? (uint32_t)cell + (uint32_t)c * step : ICT_NO_CELL;
    to[run] = none == 0 && !has_last ? (uint32_t)cell : ICT_NO_CELL;
    for (size_t a = last; a-- > 0;) {
      size_t n = plan->axes[a].n;
      bool turns_over = digit[a] == n;
      digit[a] = turns_over ? 0 : digit[a] + 1;
      if (in[a] && n > 0) {
        if (turns_over) {
          none--;
          cell -= (n - 1) * stride[a];
        } else if (digit[a] == n) {
          none++;
        } else {
          cell += stride[a];
        }
      }
      if (!turns_over) break;
    }
  }
}

ict_status ict_plan_cells_make(ict_plan_maker *m, ict_plan *plan) {
  size_t *stride = ict_arena_alloc(plan->arena, plan->n_axes, sizeof *stride);
  ict_margin *margins = ict_arena_alloc(plan->arena, plan->n_margins, sizeof *margins);
  bool *numeric = ict_arena_alloc(plan->arena, plan->n_measures, sizeof *numeric);
  if (!stride || !margins || !numeric) return ict_err_memory(m->err);
  plan->n_fine = 1;
  for (size_t i = plan->n_axes; i-- > 0;) { /* the last axis is the fastest */
    stride[i] = plan->n_fine;
    plan->n_fine *= plan->axes[i].n + 1;
  }
  plan->stride = stride;
  for (size_t s = 0; s < plan->n_margins; s++) {
    margins[s] = (ict_margin){.n_cells = 1};
    for (size_t i = 0; i < plan->margins[s].n_axes; i++)
      margins[s].n_cells *= plan->axes[plan->margins[s].axes[i]].n;
  }
  for (size_t i = 0; i < plan->n_measures; i++)
    numeric[i] = plan->measures[i].estimator != ICT_EST_PROPORTION &&
                 plan->measures[i].estimator != ICT_EST_COUNT &&
                 plan->measures[i].estimator != ICT_EST_QUANTILE;
  plan->shape = (ict_cube_shape){.n_measures = plan->n_measures,
                                 .numeric = numeric,
                                 .n_fine = plan->n_fine,
                                 .n_margins = plan->n_margins,
                                 .margins = margins,
                                 .lonely = plan->frame->design.lonely,
                                 .lonely_in_domain = plan->frame->design.lonely_in_domain,
                                 .one_stage = m->request->ultimate_cluster};
  if (plan->kind != ICT_PLAN_SHARES) return ICT_OK;
  ict_status st = ict_plan_fill_cells(plan, m->err);
  return st == ICT_OK ? ict_plan_sharing(plan, m->err) : st;
}

bool ict_plan_by_abacus(const ict_plan *plan) {
  return plan->kind == ICT_PLAN_SUMS && plan->n_axes <= ICT_ABACUS_MOST_AXES && plan->margins &&
         !plan->cuts && !plan->frame->design.calibration && /* residuals are of cubes */
         ict_abacus_takes(&plan->shape, &plan->frame->design);
}

/* A full cube's take as long as a tenth of its pass, most of it the first touch of their memory. */
ict_status ict_plan_fill_cells(ict_plan *plan, ict_err *err) {
  size_t n = plan->shape.n_margins;
  if (n == 0 || plan->shape.margins[0].cell_of) return ICT_OK;
  ict_margin *margins = ict_arena_alloc(plan->arena, n, sizeof *margins);
  /* One block, which may be in large pages. */
  uint32_t *all = ict_arena_alloc(plan->arena, n, plan->n_fine * sizeof *all);
  if (!margins || !all) return ict_err_memory(err);
  for (size_t g = 0; g < n; g++) {
    uint32_t *cell_of = all + g * plan->n_fine;
    fill_cells(plan, &plan->margins[g], cell_of);
    margins[g] = (ict_margin){plan->shape.margins[g].n_cells, cell_of};
  }
  plan->shape.margins = margins;
  return ICT_OK;
}

size_t ict_plan_fine_cells(ict_plan_maker *m, const ict_plan_table *table, unsigned mask) {
  ict_arena *arena = ict_arena_new();
  size_t n = 1;
  const ict_schema *schema = table->frame->schema;
  for (size_t i = 0; arena && i < m->by.n_axes; i++) {
    if (!(mask >> i & 1)) continue;
    ict_plan_axis axis;
    if (ict_plan_axis_make(m->catalog, table->frame, m->by.axes[i].name,
                           m->by.axes[i].classification, arena, &axis, NULL) == ICT_OK)
      n *= axis.n + 1;
    if (n > ICT_PLAN_MAX_FINE) break;
  }
  for (size_t i = 0; i < 2; i++) {
    long c = ict_schema_find(schema, ALWAYS[i]);
    if (c >= 0 && schema->vars[c].codes) n *= schema->vars[c].codes->n + 1;
  }
  ict_arena_free(arena);
  return n;
}
