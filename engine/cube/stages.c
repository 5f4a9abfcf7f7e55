/* stages.c - the stages below the first: a PSU as a population of its own.
 *
 * In: runs of rows of one PSU. Out: the PSU's totals; the later stages' share of each cell's sums.
 * Owns: the levels of the cube.
 *
 * docs/math.md, "Stages":
 *     V(PSU) = sum over its strata g of V_g + sum over its units u in g of f_g V(u)
 * and so on down, where V_g is what stratum.c computes of PSU totals. When a unit closes, its
 * totals go up into those of the unit that holds it and into the moments of its stratum. When the
 * holder closes, its strata's shares are taken to the cell's sums, times the product of the
 * fractions above. All within a PSU, so that chunks, which are whole PSUs, see nothing of it. */
#include <math.h>

#include "base/mem.h"
#include "cube/inside.h"

/* Of one cell and measure in the strata of one parent. */
typedef struct ict_share {
  double aa, ab, bb;
  double n_present, n_lonely; /* strata */
} ict_share;

ict_status ict_levels_init(ict_cube *c, ict_err *err) {
  size_t n = c->design->n_stages, n_cells = c->first_cell[c->shape->n_margins];
  size_t psu = ict_psu_doubles(c) * sizeof(double);
  size_t stratum = ict_stratum_doubles(c) * sizeof(double);
  if (n == 0 || c->shape->one_stage) return ICT_OK;
  c->levels = ict_alloc(n, sizeof *c->levels);
  if (!c->levels) return ict_err_memory(err);
  c->n_levels = n;
  for (size_t s = 0; s < n; s++) {
    ict_level *l = &c->levels[s];
    if (ict_sheet_init(&l->unit, n_cells, psu) != 0 ||
        ict_sheet_init(&l->stratum.cells, n_cells, stratum) != 0 ||
        ict_sheet_init(&l->share, n_cells, c->shape->n_measures * sizeof(ict_share)) != 0)
      return ict_err_memory(err);
  }
  return ICT_OK;
}

void ict_levels_done(ict_cube *c) {
  for (size_t s = 0; s < c->n_levels; s++) {
    ict_sheet_done(&c->levels[s].unit);
    ict_sheet_done(&c->levels[s].stratum.cells);
    ict_sheet_done(&c->levels[s].share);
  }
  ict_free(c->levels);
}

/* The totals of the unit that holds the open unit of level s. */
static ict_sheet *holder(ict_cube *c, size_t s) {
  return s > 0 ? &c->levels[s - 1].unit : &c->margin;
}

static ict_status close_unit(ict_cube *c, size_t s, ict_err *err) {
  ict_level *l = &c->levels[s];
  ict_sheet *up = holder(c, s);
  ict_status st = ict_psu_roll_up(c, &l->unit, err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < l->unit.n; i++) {
    double *unit = ict_sheet_at(&l->unit, i);
    size_t to = ict_sheet_touch(up, l->unit.cell[i]);
    size_t in = ict_sheet_touch(&l->stratum.cells, l->unit.cell[i]);
    if (to == SIZE_MAX || in == SIZE_MAX) return ict_err_memory(err);
    ict_psu_add_slot(c, ict_sheet_at(up, to), unit);
    ict_stratum_add_unit(c, ict_sheet_at(&l->stratum.cells, in), unit);
  }
  ict_sheet_clear(&l->unit);
  return ICT_OK;
}

/* The stratum's share of each cell joins those of the parent's other strata. */
static ict_status close_stratum(ict_cube *c, size_t s, size_t g, ict_err *err) {
  const ict_stage *stage = &c->design->stages[s];
  ict_level *l = &c->levels[s];
  size_t n = c->shape->n_measures;
  double n_units = (double)(stage->stratum_first_unit[g + 1] - stage->stratum_first_unit[g]);
  ict_scaling scaling = ict_scaling_of(c->shape, n_units, ict_stage_fraction(stage, g));
  if (c->design->inclusion || c->residual)
    scaling.in_domain = false; /* as at the first stage: see stratum.c */
  for (size_t i = 0; i < l->stratum.cells.n; i++) {
    size_t slot = ict_sheet_touch(&l->share, l->stratum.cells.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    ict_share *share = ict_sheet_at(&l->share, slot);
    double *cell = ict_sheet_at(&l->stratum.cells, i);
    double k = *ict_stratum_touched(c, cell);
    for (size_t m = 0; m < n; m++) {
      if (cell[F_PRESENT * n + m] == 0) continue;
      ict_sums add = {0};
      ict_stratum_covariance(&scaling, cell + m, n, (n_units - k) / (k * n_units), &add);
      share[m].aa += add.v_aa;
      share[m].ab += add.v_ab;
      share[m].bb += add.v_bb;
      share[m].n_present += 1;
      share[m].n_lonely += (double)add.n_lonely;
    }
  }
  ict_sheet_clear(&l->stratum.cells);
  return ICT_OK;
}

/* All strata of a parent are in. factor: product of the fractions down to the parent's stratum. As
 * R has it, `average` looks at the strata of one parent: with all of them lonely there is no
 * variance, of the whole cell either. */
static ict_status close_parent(ict_cube *c, size_t s, double factor, ict_err *err) {
  ict_level *l = &c->levels[s];
  for (size_t i = 0; i < l->share.n; i++) {
    size_t slot = ict_sheet_touch(&c->sums, l->share.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    const ict_share *share = ict_sheet_at(&l->share, i);
    ict_sums *sums = ict_sheet_at(&c->sums, slot);
    for (size_t m = 0; m < c->shape->n_measures; m++) {
      const ict_share *of = &share[m];
      double r = factor;
      if (c->shape->lonely == ICT_LONELY_AVERAGE && of->n_lonely > 0) {
        double others = of->n_present - of->n_lonely;
        r = others > 0 ? factor * of->n_present / others : (double)NAN;
      }
      sums[m].s_aa += r * of->aa;
      sums[m].s_ab += r * of->ab;
      sums[m].s_bb += r * of->bb;
      sums[m].n_lonely_below += (uint64_t)of->n_lonely;
    }
  }
  ict_sheet_clear(&l->share);
  return ICT_OK;
}

typedef struct walk {
  ict_cube *cube;
  ict_cube_feed_fn *add;
  void *ctx;
} walk;

/* The units of one parent; no deeper than the fractions are above 0. */
static ict_status walk_units(const walk *w, size_t s, size_t parent, double factor, ict_err *err) {
  const ict_stage *stage = &w->cube->design->stages[s];
  ict_status st = ICT_OK;
  size_t end = (size_t)stage->parent_first_stratum[parent + 1];
  for (size_t g = (size_t)stage->parent_first_stratum[parent]; g < end; g++) {
    double below = factor * ict_stage_fraction(stage, g);
    for (size_t u = (size_t)stage->stratum_first_unit[g]; u < stage->stratum_first_unit[g + 1];
         u++) {
      if (s + 1 < w->cube->n_levels && below > 0) {
        ICT_TRY(done, st, walk_units(w, s + 1, u, below, err));
      } else {
        ICT_TRY(done, st,
                w->add(w->ctx, stage->unit_first_row[u], stage->unit_first_row[u + 1], err));
      }
      ICT_TRY(done, st, close_unit(w->cube, s, err));
    }
    ICT_TRY(done, st, close_stratum(w->cube, s, g, err));
  }
  st = close_parent(w->cube, s, factor, err);
done:
  return st;
}

ict_status ict_cube_take_psu(ict_cube *c, size_t psu, ict_cube_feed_fn *add, void *ctx,
                             ict_err *err) {
  const ict_design *d = c->design;
  if (!c->is_open) return ict_err_set(err, ICT_USAGE, "a PSU for a cube with no open stratum");
  walk w = {c, add, ctx};
  double f = ict_design_fraction(d, c->open.stratum, psu);
  ict_status st = c->n_levels > 0 && f > 0
                      ? walk_units(&w, 0, psu, f, err)
                      : add(ctx, d->psu_first_row[psu], d->psu_first_row[psu + 1], err);
  c->psu = psu;
  return st == ICT_OK ? ict_cube_close_psu(c, err) : st;
}

void ict_levels_finish(ict_cube *c) {
  for (size_t i = 0; i < c->sums.n; i++) {
    ict_sums *s = ict_sheet_at(&c->sums, i);
    for (size_t m = 0; m < c->shape->n_measures; m++) {
      s[m].v_aa += s[m].s_aa;
      s[m].v_ab += s[m].s_ab;
      s[m].v_bb += s[m].s_bb;
    }
  }
}
