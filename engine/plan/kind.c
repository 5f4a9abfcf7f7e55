/* kind.c - which measures and breakdowns go into which kind of plan.
 *
 * In: measures, sets of axes. Out: those of one kind.
 * Owns: nothing. */
#include <string.h>

#include "plan/parts.h"

static ict_plan_kind kind_of(const ict_indicator *indicator) {
  switch (indicator->measure) {
    case ICT_MEDIAN:
    case ICT_QUANTILE:
      return ICT_PLAN_QUANTILES;
    case ICT_SHARE:
      return ICT_PLAN_SHARES;
    case ICT_PROPORTION:
    case ICT_MEAN:
    case ICT_RATIO:
    case ICT_TOTAL_OF:
    case ICT_COUNT:
      break;
  }
  return ICT_PLAN_SUMS;
}

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool fits(const ict_plan_want *want, const ict_by *by, const ict_indicator *indicator) {
  if (kind_of(indicator) != want->kind) return false;
  if (want->kind != ICT_PLAN_SHARES) return true;
  const ict_by_axis *axis = &by->axes[want->across];
  return same(indicator->across, axis->name) &&
         same(indicator->across_classification, axis->classification);
}

void ict_plan_keep(const ict_plan_want *want, const ict_by *by, ict_plan_measure *measures,
                   size_t *n) {
  size_t kept = 0;
  for (size_t i = 0; i < *n; i++) {
    if (fits(want, by, measures[i].indicator))
      measures[kept++] = measures[i];
    else
      ict_plan_measure_done(&measures[i]);
  }
  *n = kept;
}

ict_status ict_plan_share_axes(const ict_indicator *const *indicators, size_t n, ict_by *by,
                               unsigned *axes, ict_err *err) {
  *axes = 0;
  for (size_t i = 0; i < n; i++) {
    size_t axis;
    if (kind_of(indicators[i]) != ICT_PLAN_SHARES) continue;
    ict_status st =
        ict_by_axis_at(by, indicators[i]->across, indicators[i]->across_classification, &axis, err);
    if (st != ICT_OK) return st;
    *axes |= 1u << axis;
  }
  return ICT_OK;
}

/* A share is of the total and of every breakdown: its axis joins each. */
size_t ict_plan_sets_of(const ict_plan_want *want, const unsigned *sets, size_t n, unsigned *out) {
  unsigned with = want->kind == ICT_PLAN_SHARES ? 1u << want->across : 0;
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    size_t k = 0;
    while (k < kept && out[k] != (sets[i] | with)) k++;
    if (k == kept) out[kept++] = sets[i] | with;
  }
  return kept;
}

/* The cells of a margin without the axis, for the rows that are in a class of it. */
static ict_status make_whole(const ict_plan *plan, const ict_margin *part,
                             const ict_sharing *sharing, ict_margin *out, ict_err *err) {
  uint32_t *cell_of = ict_arena_alloc(plan->arena, plan->n_fine, sizeof *cell_of);
  if (!cell_of) return ict_err_memory(err);
  for (size_t f = 0; f < plan->n_fine; f++) {
    uint32_t cell = part->cell_of[f];
    cell_of[f] = cell == ICT_NO_CELL ? ICT_NO_CELL : (uint32_t)ict_sharing_whole(sharing, cell);
  }
  *out = (ict_margin){part->n_cells / sharing->n_classes, cell_of};
  return ICT_OK;
}

ict_status ict_plan_sharing(ict_plan *plan, ict_err *err) {
  size_t n = plan->n_margins;
  ict_sharing *sharing = ict_arena_alloc(plan->arena, 2 * n, sizeof *sharing);
  ict_margin *margins = ict_arena_alloc(plan->arena, 2 * n, sizeof *margins);
  if (!sharing || !margins) return ict_err_memory(err);
  for (size_t g = 0; g < n; g++) {
    const ict_plan_margin *margin = &plan->margins[g];
    margins[g] = plan->shape.margins[g];
    sharing[g] = (ict_sharing){plan->axes[plan->across].n, 1};
    for (size_t i = margin->n_axes; margin->axes[--i] != plan->across;)
      sharing[g].step *= plan->axes[margin->axes[i]].n;
    ict_status st = make_whole(plan, &margins[g], &sharing[g], &margins[n + g], err);
    if (st != ICT_OK) return st;
  }
  plan->shape.margins = margins;
  plan->shape.n_margins = 2 * n;
  plan->shape.sharing = sharing;
  return ICT_OK;
}

ict_plan ict_plan_cut(const ict_plan *plan, size_t first, size_t n, size_t margin,
                      const double *cuts) {
  ict_plan one = *plan;
  one.measures += first;
  one.n_measures = n;
  one.margins += margin;
  one.n_margins = 1;
  one.shape.numeric += first;
  one.shape.n_measures = n;
  one.shape.margins += margin;
  one.shape.n_margins = 1;
  one.cuts = cuts;
  return one;
}

static ict_status refuse_quantiles(ict_err *err) {
  ict_err_set(err, ICT_USAGE,
              "--ci quantile takes the quantile of each replicate, and there are none");
  ict_err_expected(err, "replicate weights in the data, or --replicates bootstrap:500 or brr");
  ict_err_fix(err, "leave out --ci quantile: Woodruff's interval needs no replicates");
  return ICT_USAGE;
}

ict_status ict_plan_check_kind(const ict_plan *plan, const ict_request *request, ict_err *err) {
  if (plan->replicates || plan->frame->design.census) return ICT_OK;
  if (plan->kind == ICT_PLAN_QUANTILES && request->ci == ICT_CI_QUANTILE)
    return refuse_quantiles(err);
  return ICT_OK;
}
