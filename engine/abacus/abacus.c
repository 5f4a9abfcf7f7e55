/* abacus.c - strata opened and closed, abaci of consecutive chunks merged, the whole finished.
 *
 * In: desks. Out: a finished cube. Owns: abaci.
 *
 * The order of additions is the cube's (cube.c): a stratum that a chunk saw whole goes to the
 * chunk's sums; one it saw in part waits for its other parts; a chunk's sums join the whole's
 * after the strata that the chunk before it left open. */
#include "abacus/abacus.h"

#include "abacus/inside.h"
#include "base/mem.h"

ict_status ict_abacus_new(const ict_abacus_layout *l, ict_abacus **out, ict_err *err) {
  *out = NULL;
  ict_abacus *t = ict_alloc(1, sizeof *t);
  if (!t) return ict_err_memory(err);
  t->layout = l;
  ict_status st = ICT_OK;
  for (size_t i = 0; i < 2 && st == ICT_OK; i++) st = ict_abacus_part_init(l, &t->held[i], err);
  if (st == ICT_OK && ict_sheet_init(&t->sums, l->n_cells, ict_packed_bytes(l->shape->cube)) != 0)
    st = ict_err_memory(err);
  size_t n_pairs = l->shape->cube->n_pairs;
  if (st == ICT_OK && n_pairs > 0 &&
      ict_sheet_init(&t->pairs, n_pairs, ict_packed_pair_bytes(l->shape->cube)) != 0)
    st = ict_err_memory(err);
  if (st == ICT_OK) {
    *out = t;
  } else {
    ict_abacus_free(t);
  }
  return st;
}

void ict_abacus_free(ict_abacus *t) {
  if (!t) return;
  for (size_t i = 0; i < 2; i++) ict_abacus_part_done(&t->held[i]);
  ict_sheet_done(&t->sums);
  ict_sheet_done(&t->pairs);
  ict_free(t);
}

void ict_abacus_open_stratum(ict_abacus_desk *d, size_t stratum) {
  d->open.stratum = stratum;
  d->open.n_psu = 0;
}

ict_status ict_abacus_close_psu(ict_abacus_desk *d, ict_err *err) {
  return ict_abacus_roll_up(d, err);
}

/* The storage changes hands, so that nothing is copied. */
static void swap_parts(ict_abacus_part *p, ict_abacus_part *q) {
  ict_abacus_part t = *p;
  *p = *q;
  *q = t;
}

/* Takes over a stratum that was seen in part or whole and comes after all in the abacus. */
static ict_status append(ict_abacus *t, ict_abacus_part *part, ict_err *err) {
  const ict_abacus_layout *l = t->layout;
  ict_abacus_part *last = t->n_held > 0 ? &t->held[t->n_held - 1] : NULL;
  if (last && last->stratum == part->stratum) {
    ict_status st = ict_abacus_join(l, last, part, err);
    if (st != ICT_OK) return st;
    t->n_held--; /* taken out, and held again where it is still not whole */
    part = last;
  }
  size_t n = ict_design_psus_in(l->shape->design, part->stratum);
  if (part->n_psu == n) return ict_abacus_settle(l, part, &t->sums, &t->pairs, err);
  if (part->n_psu > n || t->n_held == 2)
    return ict_err_set(err, ICT_USAGE,
                       "stratum %zu got %zu of its %zu PSUs from chunks that do not follow one "
                       "another",
                       part->stratum, part->n_psu, n);
  ict_abacus_part *place = &t->held[t->n_held++];
  if (place != part) swap_parts(part, place);
  return ICT_OK;
}

ict_status ict_abacus_close_stratum(ict_abacus_desk *d, ict_abacus *t, ict_err *err) {
  ict_abacus_empty_desk(d);
  return d->open.n_psu > 0 ? append(t, &d->open, err) : ICT_OK;
}

ict_status ict_abacus_merge(ict_abacus *into, ict_abacus *next, ict_err *err) {
  if (into->n_held == 0 && into->sums.n == 0 && into->pairs.n == 0) {
    /* 0 + x is x: a sum begins with 0, so none is ever -0. */
    ict_abacus empty = *into;
    *into = *next;
    *next = empty;
    return ICT_OK;
  }
  for (size_t i = 0; i < next->n_held; i++) {
    ict_status st = append(into, &next->held[i], err);
    if (st != ICT_OK) return st;
  }
  next->n_held = 0;
  const ict_abacus_layout *l = into->layout;
  size_t lanes = l->lanes;
  for (size_t i = 0; i < next->sums.n; i++) {
    size_t slot = ict_sheet_touch(&into->sums, next->sums.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    unsigned char *to = ict_sheet_at(&into->sums, slot), *from = ict_sheet_at(&next->sums, i);
    ict_abacus_merge_numbers(l, to, from);
    l->kernels->add(ICT_PACKED_DOUBLES * lanes, ICT_PACKED_COUNTS * lanes, to, from);
  }
  ict_sheet_clear(&next->sums);
  for (size_t i = 0; i < next->pairs.n; i++) {
    size_t slot = ict_sheet_touch(&into->pairs, next->pairs.cell[i]);
    if (slot == SIZE_MAX) return ict_err_memory(err);
    l->kernels->add(ICT_PAIR_V * lanes, ICT_PAIR_COUNTS * lanes, ict_sheet_at(&into->pairs, slot),
                    ict_sheet_at(&next->pairs, i));
  }
  ict_sheet_clear(&next->pairs);
  return ICT_OK;
}

/* In how many PSUs each of the sheet's cells was touched. */
static void save_counts(const ict_sheet *cells, const uint32_t *k, ict_out *out) {
  for (size_t s = 0; s < cells->n; s++) ict_pack_number(out, k[cells->cell[s]]);
}

static ict_status load_counts(const ict_sheet *cells, size_t n_psu, uint32_t *k, ict_unpack *from,
                              ict_err *err) {
  uint64_t one;
  for (size_t s = 0; s < cells->n; s++) {
    if (!ict_unpack_number(from, &one) || one < 1 || one > n_psu) return ict_unpack_short(err);
    k[cells->cell[s]] = (uint32_t)one;
  }
  return ICT_OK;
}

void ict_abacus_save(ict_abacus *t, ict_out *out) {
  ict_pack_number(out, t->n_held);
  for (size_t i = 0; i < t->n_held; i++) {
    ict_abacus_part *p = &t->held[i];
    ict_pack_number(out, p->stratum);
    ict_pack_number(out, p->n_psu);
    ict_sheet_save(&p->cells, out);
    save_counts(&p->cells, p->k, out);
    ict_sheet_save(&p->pairs, out);
    save_counts(&p->pairs, p->pair_k, out);
    ict_abacus_part_clear(p);
  }
  t->n_held = 0;
  ict_sheet_save(&t->sums, out);
  ict_sheet_clear(&t->sums);
  ict_sheet_save(&t->pairs, out);
  ict_sheet_clear(&t->pairs);
}

static ict_status load_part(const ict_abacus *t, ict_abacus_part *p, ict_unpack *from,
                            ict_err *err) {
  const ict_design *d = t->layout->shape->design;
  uint64_t stratum, n_psu;
  if (!ict_unpack_number(from, &stratum) || !ict_unpack_number(from, &n_psu) ||
      stratum >= d->n_strata || n_psu < 1 || n_psu >= ict_design_psus_in(d, stratum))
    return ict_unpack_short(err);
  p->stratum = stratum;
  p->n_psu = n_psu;
  ict_status st = ict_sheet_load(&p->cells, from, err);
  if (st == ICT_OK) st = load_counts(&p->cells, n_psu, p->k, from, err);
  if (st == ICT_OK) st = ict_sheet_load(&p->pairs, from, err);
  return st == ICT_OK ? load_counts(&p->pairs, n_psu, p->pair_k, from, err) : st;
}

ict_status ict_abacus_load(ict_abacus *t, ict_unpack *from, ict_err *err) {
  uint64_t n_held;
  if (!ict_unpack_number(from, &n_held) || n_held > 2) return ict_unpack_short(err);
  for (size_t i = 0; i < n_held; i++) {
    ict_status st = load_part(t, &t->held[i], from, err);
    if (st != ICT_OK) return st;
  }
  t->n_held = n_held;
  ict_status st = ict_sheet_load(&t->sums, from, err);
  return st == ICT_OK ? ict_sheet_load(&t->pairs, from, err) : st;
}

ict_status ict_abacus_finish(ict_abacus *t, ict_cube **out, ict_err *err) {
  *out = NULL;
  if (t->n_held > 0)
    return ict_err_set(err, ICT_USAGE, "an abacus finished before all PSUs of its strata were in");
  const ict_abacus_layout *l = t->layout;
  ict_status st = ict_abacus_pair_strata(l, &t->sums, &t->pairs, err);
  if (st != ICT_OK) return st;
  return ict_cube_of_packed(l->shape->cube, l->shape->design, &t->sums, &t->pairs, out, err);
}
