/* layout.c - which cells there are: inner ones, sets of inner axes, margins.
 *
 * In: a shape. Out: tables from cell to cell. Owns: the layout. */
#include <string.h>

#include "abacus/inside.h"
#include "base/mem.h"

bool ict_abacus_takes(const ict_cube_shape *shape, const ict_design *d) {
  bool one_stage = d->n_stages == 0 || shape->one_stage;
  for (size_t p = 0; p < shape->n_pairs; p++)
    if (shape->pairs[p].n_group > 0) return false;
  return shape->n_measures > 0 && !shape->sharing && one_stage && !d->inclusion &&
         d->n_rows < UINT32_MAX;
}

/* Each set of inner axes that occurs, and which margins have it. */
static ict_status make_sets(ict_abacus_layout *l, ict_err *err) {
  const ict_abacus_shape *shape = l->shape;
  size_t n_margins = shape->cube->n_margins, placed = 0;
  size_t *margin = ict_arena_alloc(l->arena, n_margins, sizeof *margin); /* by set */
  l->sets = ict_arena_alloc(l->arena, n_margins, sizeof *l->sets);
  l->margins = ict_arena_alloc(l->arena, n_margins, sizeof *l->margins);
  bool *taken = ict_arena_alloc(l->arena, n_margins, sizeof *taken);
  if (!margin || !l->sets || !l->margins || !taken) return ict_err_memory(err);
  size_t *first_cell = ict_arena_alloc(l->arena, n_margins + 1, sizeof *first_cell);
  if (!first_cell) return ict_err_memory(err);
  for (size_t g = 0; g < n_margins; g++)
    first_cell[g + 1] = first_cell[g] + shape->cube->margins[g].n_cells;
  l->n_cells = first_cell[n_margins];
  l->first_cell = first_cell;

  for (size_t g = 0; g < n_margins; g++) {
    if (taken[g]) continue;
    ict_abacus_set *set = &l->sets[l->n_sets++];
    set->axes = shape->margin_axes[g] & shape->inner;
    set->within = ict_abacus_within(shape, g) & shape->inner;
    set->first_margin = placed;
    set->beside = shape->beside != NULL;
    for (size_t i = g; i < n_margins; i++) {
      if (!ict_abacus_is_of(shape, i, set)) continue;
      taken[i] = true;
      if (shape->beside && !shape->beside[i]) set->beside = false;
      l->margins[placed++] =
          (ict_abacus_margin){.first_cell = first_cell[i],
                              .outer = shape->margin_axes[i] & ~shape->inner,
                              .outer_within = ict_abacus_within(shape, i) & ~shape->inner};
      size_t stride = 1;
      for (size_t a = shape->n_axes; a-- > 0;) {
        if (!(shape->margin_axes[i] >> a & 1)) continue;
        l->margins[placed - 1].stride[a] = (uint32_t)stride;
        stride *= shape->n_classes[a];
      }
    }
    set->n_margins = placed - set->first_margin;
    set->first_cell = l->n_set_cells;
    set->n_cells = 1;
    for (size_t a = 0; a < shape->n_axes; a++)
      if (set->axes >> a & 1) set->n_cells *= shape->n_classes[a];
    l->n_set_cells += set->n_cells;
  }
  if (l->n_cells >= ICT_NO_CELL || l->n_set_cells >= ICT_NO_CELL)
    return ict_err_set(err, ICT_REFUSED, "%zu cells are more than a cube can hold", l->n_cells);
  return ICT_OK;
}

/* Goes through the inner cells in order with the classes of their axes; the last axis turns
 * fastest. False after the last. */
static bool next_classes(const ict_abacus_shape *shape, uint32_t axes, size_t none, size_t *cls) {
  for (size_t a = shape->n_axes; a-- > 0;) {
    if (!(axes >> a & 1)) continue;
    if (++cls[a] < shape->n_classes[a] + none) return true;
    cls[a] = 0;
  }
  return false;
}

static ict_status fill_set(ict_abacus_layout *l, const ict_abacus_grid *grid, size_t s,
                           ict_err *err) {
  const ict_abacus_shape *shape = l->shape;
  ict_abacus_set *set = &l->sets[s];
  uint32_t *cell_of = grid->cell_of + (s - grid->first_set);
  size_t stride[ICT_ABACUS_MOST_AXES] = {0}, cls[ICT_ABACUS_MOST_AXES] = {0}, product = 1;
  for (size_t a = shape->n_axes; a-- > 0;) {
    if (!(set->axes >> a & 1)) continue;
    stride[a] = product;
    product *= shape->n_classes[a];
  }
  size_t at = 0;
  do {
    size_t cell = 0;
    bool inside = true;
    for (size_t a = 0; a < shape->n_axes; a++) {
      cell += cls[a] * stride[a];
      bool asked = (set->axes | set->within) >> a & 1;
      inside = inside && (!asked || cls[a] < shape->n_classes[a]);
    }
    cell_of[at++ * grid->n_sets] = inside ? (uint32_t)(set->first_cell + cell) : ICT_NO_CELL;
  } while (next_classes(shape, grid->axes, 1, cls));
  for (size_t c = 0; c < set->n_cells; c++) l->set_of[set->first_cell + c] = (uint32_t)s;

  for (size_t i = 0; i < set->n_margins; i++) {
    ict_abacus_margin *margin = &l->margins[set->first_margin + i];
    uint32_t *part = ict_arena_alloc(l->arena, set->n_cells, sizeof *part);
    if (!part) return ict_err_memory(err);
    memset(cls, 0, sizeof cls);
    for (size_t c = 0; c < set->n_cells; c++) {
      for (size_t a = 0; a < shape->n_axes; a++) part[c] += (uint32_t)(cls[a] * margin->stride[a]);
      next_classes(shape, set->axes, 0, cls);
    }
    margin->inner_part = part;
  }
  return ICT_OK;
}

static size_t whole_lines(size_t bytes) {
  return (bytes + ICT_SHEET_ALIGN - 1) / ICT_SHEET_ALIGN * ICT_SHEET_ALIGN;
}

/* What waits should stay in the processor's own cache; where there are too many cells for that,
 * nothing waits. */
#define QUEUE_BYTES ((size_t)1 << 20)
static size_t depth_of(const ict_abacus_layout *l) {
  size_t depth = ICT_MOST_WAITING;
  while (depth > 1 && l->n_set_cells > QUEUE_BYTES / l->total_bytes / depth) depth /= 2;
  return depth;
}

static ict_status make_lanes(ict_abacus_layout *l, ict_err *err) {
  const ict_cube_shape *shape = l->shape->cube;
  l->lanes = ict_packed_lanes(shape);
  l->groups = l->lanes / 8;
  l->lane = ict_arena_alloc(l->arena, shape->n_measures, sizeof *l->lane);
  l->opens = ict_arena_alloc(l->arena, shape->n_measures, sizeof *l->opens);
  l->numeric = ict_arena_alloc(l->arena, shape->n_measures, sizeof *l->numeric);
  bool *taken = ict_arena_alloc(l->arena, l->groups, sizeof *taken);
  if (!l->lane || !l->opens || !l->numeric || !taken) return ict_err_memory(err);
  ict_packed_lanes_of(shape, l->lane);
  for (size_t m = 0; m < shape->n_measures; m++) {
    size_t group = l->lane[m].count / 8;
    l->opens[m] = !taken[group];
    taken[group] = true;
    if (shape->numeric[m]) l->numeric[l->n_numeric++] = m;
  }
  return ICT_OK;
}

static ict_status fill(ict_abacus_layout *l, ict_err *err) {
  l->kernels = ict_kernels_choose();
  ict_status st = make_lanes(l, err);
  if (st != ICT_OK) return st;
  l->total_bytes = l->lanes * ICT_TOTAL_DOUBLES * sizeof(double);
  l->rows_bytes = l->lanes * sizeof(uint32_t);
  l->numbers_at =
      l->lanes * (ICT_MOMENTS_DOUBLES * sizeof(double) + ICT_MOMENTS_COUNTS * sizeof(uint32_t));
  l->moments_bytes = whole_lines(l->numbers_at + l->n_numeric * sizeof(ict_moments));
  st = make_sets(l, err);
  if (st == ICT_OK) st = ict_abacus_make_grids(l, err);
  if (st != ICT_OK) return st;
  l->depth = depth_of(l);
  l->set_of = ict_arena_alloc(l->arena, l->n_set_cells, sizeof *l->set_of);
  if (!l->set_of) return ict_err_memory(err);
  for (size_t g = 0; g < l->n_grids; g++) {
    ict_abacus_grid *grid = &l->grids[g];
    grid->cell_of = ict_arena_alloc(l->arena, grid->n_cells, grid->n_sets * sizeof *grid->cell_of);
    if (!grid->cell_of) return ict_err_memory(err);
    for (size_t s = 0; s < grid->n_sets && st == ICT_OK; s++)
      st = fill_set(l, grid, grid->first_set + s, err);
    if (st != ICT_OK) return st;
  }
  return ict_abacus_make_pairs(l, err);
}

ict_status ict_abacus_layout_new(const ict_abacus_shape *shape, ict_abacus_layout **out,
                                 ict_err *err) {
  *out = NULL;
  ict_arena *arena = ict_arena_new();
  ict_abacus_layout *l = arena ? ict_arena_alloc(arena, 1, sizeof *l) : NULL;
  if (!l) {
    ict_arena_free(arena);
    return ict_err_memory(err);
  }
  l->arena = arena;
  l->shape = shape;
  ict_status st = fill(l, err);
  if (st == ICT_OK) {
    *out = l;
  } else {
    ict_abacus_layout_free(l);
  }
  return st;
}

size_t ict_abacus_groups(const ict_abacus_layout *l) { return l->groups; }

ict_abacus_place ict_abacus_place_of(const ict_abacus_layout *l, size_t measure) {
  size_t lane = l->lane[measure].count;
  return (ict_abacus_place){lane / 8, (uint8_t)(1u << lane % 8), l->opens[measure]};
}

void ict_abacus_layout_free(ict_abacus_layout *l) {
  if (l) ict_arena_free(l->arena);
}
