/* room.c - the totals of one cell under every replicate, when they are asked for.
 *
 * In: finished totals. Out: a cell's (a, b) under each replicate.
 * Owns: the room that they are added up in. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

/* In brief: the PSUs met, their strata's others, and the rest of two kinds. */
static size_t most_in_brief(const ict_replicates *r) {
  size_t n = r->design->n_psu, strata = r->design->n_strata;
  return n + (n < strata ? n : strata) + 2;
}

size_t ict_replicates_most_thetas(const ict_replicates *r) {
  return r->form == FORM_LEAVE ? most_in_brief(r) : r->n;
}

ict_status ict_replicate_room_new(const ict_replicate_totals *t, ict_replicate_room **out,
                                  ict_err *err) {
  const ict_replicates *r = t->replicates;
  size_t n = ict_replicates_most_thetas(r), n_psu = r->form == FORM_LEAVE ? r->design->n_psu : 0;
  ict_replicate_room *room = ict_alloc(1, sizeof *room);
  *out = NULL;
  if (!room) return ict_err_memory(err);
  room->a = ict_alloc(2 * n, sizeof *room->a);
  room->times = ict_alloc(n_psu ? n : 0, sizeof *room->times);
  room->rscale = ict_alloc(n_psu ? n : 0, sizeof *room->rscale);
  room->total = ict_alloc(n_psu, 2 * sizeof *room->total);
  room->touched = ict_alloc(n_psu / 64 + 1, sizeof *room->touched);
  room->psus = ict_alloc(n_psu, sizeof *room->psus);
  if (!room->a || !room->times || !room->rscale || !room->total || !room->touched || !room->psus) {
    ict_replicate_room_free(room);
    return ict_err_memory(err);
  }
  room->b = room->a + n;
  *out = room;
  return ICT_OK;
}

void ict_replicate_room_free(ict_replicate_room *room) {
  if (!room) return;
  ict_free(room->a);
  ict_free(room->times);
  ict_free(room->rscale);
  ict_free(room->total);
  ict_free(room->touched);
  ict_free(room->psus);
  ict_free(room);
}

/* Four slots at a time, so that the sums are loaded and stored a quarter as often. */
static void add_slots(const ict_replicate_totals *t, const uint32_t *slots, size_t n_slots,
                      size_t at, size_t n, double *restrict to) {
  const double *x[4];
  size_t s = 0;
  memset(to, 0, n * sizeof *to);
  for (; s + 4 <= n_slots; s += 4) {
    for (int k = 0; k < 4; k++)
      x[k] = (const double *)ict_sheet_at(&t->keys, slots[s + (size_t)k]) + at;
    const double *restrict x0 = x[0], *restrict x1 = x[1], *restrict x2 = x[2], *restrict x3 = x[3];
    for (size_t i = 0; i < n; i++) to[i] += (x0[i] + x1[i]) + (x2[i] + x3[i]);
  }
  for (; s < n_slots; s++) {
    const double *restrict x0 = (const double *)ict_sheet_at(&t->keys, slots[s]) + at;
    for (size_t i = 0; i < n; i++) to[i] += x0[i];
  }
}

/* The cell's slots; what is known of it without its totals. */
static ict_replicate_cell begin(const ict_replicate_totals *t, size_t margin, size_t cell,
                                size_t measure, const uint32_t **slots, size_t *n_slots) {
  size_t at = t->first_cell[margin] + cell;
  ict_replicate_cell out = {.replicates = t->replicates,
                            .df = t->replicates->df,
                            .df_design = t->replicates->df,
                            .n = t->replicates->n};
  if (t->rank) {
    out.df = (double)t->rank[at * t->shape->n_measures + measure] - 1;
    out.df_design = (double)t->rank_of_all - 1;
  }
  *slots = t->slot_of + t->first_of[at];
  *n_slots = t->first_of[at + 1] - t->first_of[at];
  return out;
}

ict_replicate_cell ict_replicate_cell_of(const ict_replicate_totals *t, size_t margin, size_t cell,
                                         size_t measure, ict_replicate_room *room) {
  const uint32_t *slots;
  size_t n_slots, n = t->replicates->n, at = 2 * measure * n;
  ict_replicate_cell out = begin(t, margin, cell, measure, &slots, &n_slots);
  if (n_slots == 0) return out;
  out.a = room->a;
  out.b = room->b;
  if (t->replicates->form == FORM_LEAVE) {
    ict_left_cell(t, slots, n_slots, measure, room->a, room->b);
  } else if (n_slots == 1) {
    out.a = (const double *)ict_sheet_at(&t->keys, slots[0]) + at;
    out.b = out.a + n;
  } else {
    add_slots(t, slots, n_slots, at, 2 * n, room->a);
  }
  return out;
}

ict_replicate_cell ict_replicate_cell_in_brief(const ict_replicate_totals *t, size_t margin,
                                               size_t cell, size_t measure,
                                               ict_replicate_room *room) {
  const uint32_t *slots;
  size_t n_slots;
  if (t->replicates->form != FORM_LEAVE)
    return ict_replicate_cell_of(t, margin, cell, measure, room);
  ict_replicate_cell out = begin(t, margin, cell, measure, &slots, &n_slots);
  if (n_slots == 0) return out;
  out.n = ict_left_brief(t, slots, n_slots, measure, room);
  out.a = room->a;
  out.b = room->b;
  out.times = room->times;
  out.rscale = room->rscale;
  return out;
}
