/* cube.c - the life of a cube: strata opened and closed, chunks merged, the whole finished.
 *
 * In: rows through psu.c. Out: ict_sums of each cell and measure.
 * Owns: the cube and its sheets. */
#include "cube/cube.h"

#include <math.h>

#include "base/mem.h"
#include "cube/inside.h"
#include "cube/packed.h"

/* Where each margin's cells begin. */
static ict_status number_cells(ict_cube *c, ict_err *err) {
  const ict_cube_shape *shape = c->shape;
  c->first_cell = ict_alloc(shape->n_margins + 1, sizeof *c->first_cell);
  if (!c->first_cell) return ict_err_memory(err);
  if (!c->packed) c->first_cell[0] = shape->n_pairs * ICT_N_CROSS; /* cross cells come first */
  for (size_t g = 0; g < shape->n_margins; g++)
    c->first_cell[g + 1] = c->first_cell[g] + shape->margins[g].n_cells;
  size_t n_cells = c->first_cell[shape->n_margins];
  if (n_cells >= ICT_NO_CELL || shape->n_fine >= ICT_NO_CELL)
    return ict_err_set(err, ICT_REFUSED, "%zu cells (%zu fine ones) are more than a cube can hold",
                       n_cells, shape->n_fine);
  return ICT_OK;
}

static ict_status init(ict_cube *c, ict_err *err) {
  const ict_cube_shape *shape = c->shape;
  ict_status st = number_cells(c, err);
  if (st != ICT_OK) return st;
  size_t n_cells = c->first_cell[shape->n_margins];
  c->numeric = ict_alloc(shape->n_measures, sizeof *c->numeric);
  c->slot = ict_alloc(ROWS_AT_ONCE, sizeof *c->slot);
  if (!c->numeric || !c->slot) return ict_err_memory(err);
  for (size_t m = 0; m < shape->n_measures; m++)
    if (shape->numeric[m]) c->numeric[c->n_numeric++] = m;
  if (c->n_numeric > 0) {
    c->rows_slot = ict_alloc(ROWS_AT_ONCE, sizeof *c->rows_slot);
    if (!c->rows_slot ||
        ict_sheet_init(&c->rows, shape->n_fine, c->n_numeric * sizeof(ict_moments)) != 0)
      return ict_err_memory(err);
  }
  c->shift = ict_alloc(shape->n_measures, sizeof *c->shift);
  if (!c->shift) return ict_err_memory(err);
  size_t psu = ict_psu_doubles(c) * sizeof(double);
  size_t stratum = ict_stratum_doubles(c) * sizeof(double);
  if (ict_sheet_init(&c->fine, shape->n_fine, psu) != 0 ||
      ict_sheet_init(&c->margin, n_cells, psu) != 0 ||
      ict_sheet_init(&c->open.cells, n_cells, stratum) != 0 ||
      ict_sheet_init(&c->held[0].cells, n_cells, stratum) != 0 ||
      ict_sheet_init(&c->held[1].cells, n_cells, stratum) != 0 ||
      ict_sheet_init(&c->sums, n_cells, shape->n_measures * sizeof(ict_sums)) != 0)
    return ict_err_memory(err);
  st = ict_pairs_init(c, err);
  return st == ICT_OK ? ict_levels_init(c, err) : st;
}

ict_status ict_cube_new(const ict_cube_shape *shape, const ict_design *design, ict_cube **out,
                        ict_err *err) {
  *out = NULL;
  ict_cube *c = ict_alloc(1, sizeof *c);
  if (!c) return ict_err_memory(err);
  c->shape = shape;
  c->design = design;
  ict_status st = init(c, err);
  if (st != ICT_OK) {
    ict_cube_free(c);
    return st;
  }
  *out = c;
  return ICT_OK;
}

void ict_cube_free(ict_cube *c) {
  if (!c) return;
  ict_sheet_done(&c->fine);
  ict_sheet_done(&c->rows);
  ict_sheet_done(&c->margin);
  ict_sheet_done(&c->open.cells);
  ict_sheet_done(&c->held[0].cells);
  ict_sheet_done(&c->held[1].cells);
  ict_sheet_done(&c->sums);
  ict_sheet_done(&c->pairs);
  ict_pairs_done(c);
  ict_levels_done(c);
  ict_residual_free(c->residual);
  ict_free(c->lane);
  ict_free(c->shift);
  ict_free(c->numeric);
  ict_free(c->first_cell);
  ict_free(c->slot);
  ict_free(c->rows_slot);
  ict_free(c);
}

ict_status ict_cube_open_stratum(ict_cube *c, size_t stratum, ict_err *err) {
  if (c->is_open || c->finished || stratum >= c->design->n_strata)
    return ict_err_set(err, ICT_USAGE, "stratum %zu cannot be opened in this cube", stratum);
  c->open.stratum = stratum;
  c->open.n_psu = 0;
  c->is_open = true;
  return ICT_OK;
}

ict_status ict_cube_close_psu(ict_cube *c, ict_err *err) {
  if (!c->is_open) return ict_err_set(err, ICT_USAGE, "a PSU closed in no stratum");
  ict_status st = ict_psu_roll_up(c, &c->margin, err);
  return st == ICT_OK ? ict_stratum_take_psu(c, &c->open, err) : st;
}

/* The storage changes hands, so that nothing is copied. */
static void swap_partials(ict_partial *p, ict_partial *q) {
  ict_partial t = *p;
  *p = *q;
  *q = t;
}

/* Takes over a stratum that was seen in part or whole and comes after all in the cube. */
static ict_status append(ict_cube *c, ict_partial *part, ict_err *err) {
  ict_partial *last = c->n_held > 0 ? &c->held[c->n_held - 1] : NULL;
  if (last && last->stratum == part->stratum) {
    ict_status st = ict_stratum_join(c, last, part, err);
    if (st != ICT_OK) return st;
    c->n_held--; /* taken out, and held again where it is still not whole */
    part = last;
  }
  size_t n = ict_design_psus_in(c->design, part->stratum);
  if (part->n_psu == n) return ict_stratum_finish(c, part, err);
  if (part->n_psu > n || c->n_held == 2)
    return ict_err_set(err, ICT_USAGE,
                       "stratum %zu got %zu of its %zu PSUs from chunks that do not follow one "
                       "another",
                       part->stratum, part->n_psu, n);
  ict_partial *place = &c->held[c->n_held++];
  if (place != part) swap_partials(part, place);
  return ICT_OK;
}

ict_status ict_cube_close_stratum(ict_cube *c, ict_err *err) {
  if (!c->is_open || c->fine.n > 0)
    return ict_err_set(err, ICT_USAGE, "a stratum closed before its PSU");
  c->is_open = false;
  ict_status st = ict_moments_roll_up(c, err);
  return st == ICT_OK && c->open.n_psu > 0 ? append(c, &c->open, err) : st;
}

ict_status ict_cube_merge(ict_cube *into, ict_cube *next, ict_err *err) {
  if (into->is_open || next->is_open || into->finished || next->finished)
    return ict_err_set(err, ICT_USAGE, "a cube with an open stratum cannot be merged");
  for (size_t i = 0; i < next->n_held; i++) {
    ict_status st = append(into, &next->held[i], err);
    if (st != ICT_OK) return st;
  }
  next->n_held = 0;
  size_t n = into->shape->n_measures;
  for (size_t i = 0; i < next->sums.n; i++) {
    size_t slot = ict_sheet_touch(&into->sums, next->sums.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    ict_sums *to = ict_sheet_at(&into->sums, slot);
    const ict_sums *from = ict_sheet_at(&next->sums, i);
    for (size_t m = 0; m < n; m++) ict_sums_join(to + m, from + m, into->shape->numeric[m]);
  }
  ict_sheet_clear(&next->sums);
  return ICT_OK;
}

void ict_cube_save(ict_cube *c, ict_out *out) {
  ict_pack_number(out, c->n_held);
  for (size_t i = 0; i < c->n_held; i++) {
    ict_partial *p = &c->held[i];
    ict_pack_number(out, p->stratum);
    ict_pack_number(out, p->n_psu);
    ict_sheet_save(&p->cells, out);
    ict_sheet_clear(&p->cells);
    p->n_psu = 0;
  }
  c->n_held = 0;
  ict_sheet_save(&c->sums, out);
  ict_sheet_clear(&c->sums);
}

ict_status ict_cube_load(ict_cube *c, ict_unpack *from, ict_err *err) {
  uint64_t n_held, stratum, n_psu;
  if (!ict_unpack_number(from, &n_held) || n_held > 2) return ict_unpack_short(err);
  for (size_t i = 0; i < n_held; i++) {
    if (!ict_unpack_number(from, &stratum) || !ict_unpack_number(from, &n_psu) ||
        stratum >= c->design->n_strata || n_psu < 1 ||
        n_psu >= ict_design_psus_in(c->design, stratum))
      return ict_unpack_short(err);
    c->held[i].stratum = stratum;
    c->held[i].n_psu = n_psu;
    ict_status st = ict_sheet_load(&c->held[i].cells, from, err);
    if (st != ICT_OK) return st;
  }
  c->n_held = n_held;
  return ict_sheet_load(&c->sums, from, err);
}

/* R's `average`: strata under the policy take the mean contribution of the others. H counts the
 * strata in which the cell is present; with none left the variance does not exist. */
void ict_sums_average(ict_sums *s) {
  if (s->n_lonely == 0) return;
  uint64_t others = s->n_present - s->n_lonely;
  double r = others > 0 ? (double)s->n_present / (double)others : (double)NAN;
  s->v_aa *= r;
  s->v_ab *= r;
  s->v_bb *= r;
}

ict_status ict_cube_finish(ict_cube *c, ict_err *err) {
  if (c->is_open || c->finished || c->n_held > 0)
    return ict_err_set(err, ICT_USAGE, "a cube finished before all PSUs of its strata were in");
  if (c->shape->lonely == ICT_LONELY_AVERAGE) {
    for (size_t i = 0; i < c->sums.n; i++) {
      ict_sums *s = ict_sheet_at(&c->sums, i);
      for (size_t m = 0; m < c->shape->n_measures; m++) ict_sums_average(s + m);
    }
  }
  if (c->n_levels > 0) ict_levels_finish(c);
  c->finished = true;
  return ICT_OK;
}

void ict_cube_shift(ict_cube *c, size_t measure, double shift) { c->shift[measure] = shift; }

ict_status ict_cube_of_packed(const ict_cube_shape *shape, const ict_design *design,
                              ict_sheet *cells, ict_sheet *pairs, ict_cube **out, ict_err *err) {
  *out = NULL;
  ict_cube *c = ict_alloc(1, sizeof *c);
  if (!c) {
    ict_sheet_done(cells);
    ict_sheet_done(pairs);
    return ict_err_memory(err);
  }
  c->shape = shape;
  c->design = design;
  c->packed = c->finished = true;
  c->sums = *cells;
  c->pairs = *pairs;
  *cells = *pairs = (ict_sheet){0};
  c->lanes = ict_packed_lanes(shape);
  c->lane = ict_alloc(shape->n_measures, sizeof *c->lane);
  c->shift = ict_alloc(shape->n_measures, sizeof *c->shift);
  ict_status st = c->lane && c->shift ? number_cells(c, err) : ict_err_memory(err);
  if (st == ICT_OK) {
    ict_packed_lanes_of(shape, c->lane);
    *out = c;
  } else {
    ict_cube_free(c);
  }
  return st;
}

ict_sums ict_cube_sums(const ict_cube *c, size_t margin, size_t cell, size_t measure) {
  uint32_t slot = c->sums.slot_of[c->first_cell[margin] + cell];
  if (!slot) return (ict_sums){0};
  void *at = ict_sheet_at(&c->sums, slot - 1);
  ict_sums s = c->packed ? ict_packed_sums(at, c->lanes, &c->lane[measure])
                         : ((const ict_sums *)at)[measure];
  s.shift = c->shift[measure];
  if (c->packed && c->shape->lonely == ICT_LONELY_AVERAGE) ict_sums_average(&s);
  return s;
}

bool ict_cube_touched(const ict_cube *c, size_t margin, size_t cell) {
  return c->sums.slot_of[c->first_cell[margin] + cell] != 0;
}

uint64_t ict_cube_n(const ict_cube *c, size_t margin, size_t cell, size_t measure) {
  uint32_t slot = c->sums.slot_of[c->first_cell[margin] + cell];
  if (!slot) return 0;
  void *at = ict_sheet_at(&c->sums, slot - 1);
  if (!c->packed) return ((const ict_sums *)at)[measure].n;
  return ict_packed_counts(at, c->lanes)[ICT_PACKED_N * c->lanes + c->lane[measure].count];
}
