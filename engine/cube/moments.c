/* moments.c - moments of numeric values on their way from fine cells to the margins.
 *
 * In: moments of the open stratum's rows by fine cell (psu.c). Out: those of its margin cells.
 * Owns: nothing; the sheets are the cube's.
 *
 * What a design effect is told by does not ask which PSU a row is in, so its moments pass the PSUs
 * by: they go up once a stratum (or once for the part of it that a chunk has), not once a PSU. */
#include "cube/inside.h"

static void join_all(const ict_cube *c, ict_moments *into, const ict_moments *next) {
  for (size_t k = 0; k < c->n_numeric; k++) ict_moments_join(into + k, next + k);
}

/* Of a share, y of the whole's rows stands beside itself in the part or beside 0. */
static void join_class(const ict_cube *c, ict_moments *into, const ict_moments *y, bool own) {
  for (size_t k = 0; k < c->n_numeric; k++, y++) {
    double mean = y->mean_a, q = y->q_aa;
    ict_moments both = {y->w, own ? mean : 0, mean, own ? q : 0, own ? q : 0, q};
    ict_moments_join(into + k, &both);
  }
}

/* The group of a margin cell in the open stratum (its number among all); NULL: memory is short. */
static ict_moments *group_of(ict_cube *c, size_t cell) {
  size_t slot = ict_sheet_touch(&c->open.cells, (uint32_t)cell);
  return slot == SIZE_MAX ? NULL : ict_stratum_moments(c, ict_sheet_at(&c->open.cells, slot));
}

static ict_status roll_up_share(ict_cube *c, size_t margin, size_t cell, const ict_moments *y,
                                ict_err *err) {
  const ict_sharing *s = &c->shape->sharing[margin];
  size_t own = cell / s->step % s->n_classes;
  size_t at = c->first_cell[margin] + cell - own * s->step; /* the first class */
  for (size_t k = 0; k < s->n_classes; k++, at += s->step) {
    ict_moments *into = group_of(c, at);
    if (!into) return ict_err_memory(err);
    join_class(c, into, y, k == own);
  }
  return ICT_OK;
}

ict_status ict_moments_roll_up(ict_cube *c, ict_err *err) {
  const ict_cube_shape *shape = c->shape;
  for (size_t g = 0; g < shape->n_margins; g++)
    for (size_t i = 0; i < c->rows.n; i++) {
      uint32_t cell = shape->margins[g].cell_of[c->rows.cell[i]];
      const ict_moments *of = ict_sheet_at(&c->rows, i);
      if (cell == ICT_NO_CELL) continue;
      if (shape->sharing && shape->sharing[g].n_classes > 0) {
        ict_status st = roll_up_share(c, g, cell, of, err);
        if (st != ICT_OK) return st;
        continue;
      }
      ict_moments *into = group_of(c, c->first_cell[g] + cell);
      if (!into) return ict_err_memory(err);
      join_all(c, into, of);
    }
  ict_sheet_clear(&c->rows);
  return ICT_OK;
}
