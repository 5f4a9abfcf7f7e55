/* grids.c - by which cells a PSU's rows are first added up.
 *
 * In: the sets of inner axes. Out: grids, and each set in the grid that it is formed from.
 * Owns: nothing.
 *
 * A set's totals can be formed from any cells that have all its axes. With one grid of all inner
 * axes a row is added once, and then nearly once more for every set, as a PSU has hardly more rows
 * than it has such cells. With a grid for each set that no other contains a row is added as often
 * as there are grids, but the other sets are formed from few cells. Which is less is reckoned from
 * the design, so that it is a function of the data.
 *
 * Sets that only pairs of cells ask for come after the others, in their grids or in grids of their
 * own: so no other sum depends on them. */
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

/* The axes that its grid must have. */
static uint32_t axes_of(const ict_abacus_set *set) { return set->axes | set->within; }

/* Whether no other set of its kind asks for all axes of this one, and more; of those that ask for
 * the same, the first is. */
static bool is_outermost(const ict_abacus_layout *l, size_t s) {
  uint32_t axes = axes_of(&l->sets[s]);
  for (size_t i = 0; i < l->n_sets; i++) {
    uint32_t other = axes_of(&l->sets[i]);
    if (l->sets[i].beside == l->sets[s].beside && contains(other, axes) && (other != axes || i < s))
      return false;
  }
  return true;
}

/* The smallest of the first n grids that has all axes; n where none has. */
static size_t grid_for(const ict_abacus_layout *l, uint32_t axes, size_t n) {
  size_t best = n;
  for (size_t g = 0; g < n; g++)
    if (contains(l->grids[g].axes, axes) &&
        (best == n ||
         cells_of(l->shape, l->grids[g].axes) < cells_of(l->shape, l->grids[best].axes)))
      best = g;
  return best;
}

static size_t grid_of(const ict_abacus_layout *l, const ict_abacus_set *set) {
  return grid_for(l, axes_of(set), set->beside ? l->n_grids : l->n_first_grids);
}

/* Additions a PSU, of the sets of one kind. */
static double additions(const ict_abacus_layout *l, bool beside) {
  const ict_design *d = l->shape->design;
  double rows = d->n_psu > 0 ? (double)d->n_rows / (double)d->n_psu : 1;
  double n = rows * (double)l->n_grids;
  for (size_t s = 0; s < l->n_sets; s++) {
    if (l->sets[s].beside != beside) continue;
    uint32_t grid = l->grids[grid_for(l, axes_of(&l->sets[s]), l->n_grids)].axes;
    n += in_use(rows, cells_of(l->shape, grid));
  }
  return n;
}

/* Grids for the sets of one kind that the grids there are do not serve. */
static void choose(ict_abacus_layout *l, bool beside) {
  size_t before = l->n_grids;
  uint32_t all = 0;
  for (size_t s = 0; s < l->n_sets; s++) {
    uint32_t axes = axes_of(&l->sets[s]);
    if (l->sets[s].beside != beside || grid_for(l, axes, before) < before) continue;
    all |= axes;
    if (is_outermost(l, s)) l->grids[l->n_grids++].axes = axes;
  }
  size_t several = l->n_grids;
  if (several == before) return;
  uint32_t first = l->grids[before].axes;
  double by_several = additions(l, beside);
  l->n_grids = before + 1;
  l->grids[before].axes = all;
  if (additions(l, beside) <= by_several) return;
  l->n_grids = several;
  l->grids[before].axes = first;
}

ict_status ict_abacus_make_grids(ict_abacus_layout *l, ict_err *err) {
  const ict_abacus_shape *shape = l->shape;
  ict_abacus_set *sets = ict_arena_alloc(l->arena, l->n_sets, sizeof *sets);
  l->grids = ict_arena_alloc(l->arena, l->n_sets, sizeof *l->grids);
  if (!sets || !l->grids) return ict_err_memory(err);
  choose(l, false);
  l->n_first_grids = l->n_grids;
  choose(l, true);
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
      if (grid_of(l, &l->sets[s]) == g) sets[placed++] = l->sets[s];
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
  return grid_of(l, ict_abacus_set_of(l, margin));
}
