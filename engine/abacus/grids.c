/* grids.c - by which cells a PSU's rows are first added up.
 *
 * In: the sets of inner axes. Out: grids, and each set in the grid that it is formed from.
 * Owns: nothing.
 *
 * A set's totals can be formed from any cells that have all its axes. With one grid of all inner
 * axes a row is added once, and then nearly once more for every set, as a PSU has hardly more rows
 * than it has such cells. With a grid for each set that no other contains a row is added as often
 * as there are grids, but the other sets are formed from few cells. Which is less is reckoned from
 * the design, so that it is a function of the data. */
#include "abacus/inside.h"
#include "base/mem.h"

static double cells_of(const ict_abacus_shape *shape, uint32_t axes) {
  double n = 1;
  for (size_t a = 0; a < shape->n_axes; a++)
    if (axes >> a & 1) n *= (double)shape->n_classes[a] + 1;
  return n;
}

/* About how many of the cells a PSU's rows are in: no more than either. */
static double in_use(double rows, double cells) { return rows * cells / (rows + cells); }

static bool contains(uint32_t axes, uint32_t some) { return (axes & some) == some; }

/* Whether no other set has all axes of this one. */
static bool is_outermost(const ict_abacus_layout *l, size_t s) {
  for (size_t i = 0; i < l->n_sets; i++)
    if (i != s && contains(l->sets[i].axes, l->sets[s].axes)) return false;
  return true;
}

/* The smallest grid that has all axes. */
static size_t grid_for(const ict_abacus_layout *l, uint32_t axes) {
  size_t best = l->n_grids;
  for (size_t g = 0; g < l->n_grids; g++)
    if (contains(l->grids[g].axes, axes) &&
        (best == l->n_grids ||
         cells_of(l->shape, l->grids[g].axes) < cells_of(l->shape, l->grids[best].axes)))
      best = g;
  return best;
}

/* Additions a PSU, where the rows are added by these grids. */
static double additions(const ict_abacus_layout *l) {
  const ict_design *d = l->shape->design;
  double rows = d->n_psu > 0 ? (double)d->n_rows / (double)d->n_psu : 1;
  double n = rows * (double)l->n_grids;
  for (size_t s = 0; s < l->n_sets; s++)
    n += in_use(rows, cells_of(l->shape, l->grids[grid_for(l, l->sets[s].axes)].axes));
  return n;
}

static void choose(ict_abacus_layout *l) {
  uint32_t all = 0;
  for (size_t s = 0; s < l->n_sets; s++) {
    all |= l->sets[s].axes;
    if (is_outermost(l, s)) l->grids[l->n_grids++].axes = l->sets[s].axes;
  }
  size_t several = l->n_grids;
  uint32_t first = l->grids[0].axes;
  double by_several = additions(l);
  l->n_grids = 1;
  l->grids[0].axes = all;
  if (additions(l) <= by_several) return;
  l->n_grids = several;
  l->grids[0].axes = first;
}

ict_status ict_abacus_make_grids(ict_abacus_layout *l, ict_err *err) {
  const ict_abacus_shape *shape = l->shape;
  ict_abacus_set *sets = ict_arena_alloc(l->arena, l->n_sets, sizeof *sets);
  l->grids = ict_arena_alloc(l->arena, l->n_sets, sizeof *l->grids);
  if (!sets || !l->grids) return ict_err_memory(err);
  choose(l);
  size_t placed = 0;
  for (size_t g = 0; g < l->n_grids; g++) {
    ict_abacus_grid *grid = &l->grids[g];
    grid->n_cells = 1;
    for (size_t a = shape->n_axes; a-- > 0;) {
      if (!(grid->axes >> a & 1)) continue;
      grid->stride[a] = grid->n_cells;
      grid->n_cells *= shape->n_classes[a] + 1;
    }
    grid->first_set = placed;
    for (size_t s = 0; s < l->n_sets; s++)
      if (grid_for(l, l->sets[s].axes) == g) sets[placed++] = l->sets[s];
    grid->n_sets = placed - grid->first_set;
  }
  l->sets = sets;
  return ICT_OK;
}

size_t ict_abacus_n_grids(const ict_abacus_layout *l) { return l->n_grids; }

const size_t *ict_abacus_strides(const ict_abacus_layout *l, size_t grid) {
  return l->grids[grid].stride;
}

size_t ict_abacus_grid_of(const ict_abacus_layout *l, size_t margin) {
  return grid_for(l, l->shape->margin_axes[margin] & l->shape->inner);
}
