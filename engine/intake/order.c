/* order.c - the rows of a frame in the order of area, period, strata, PSU and key; where rounds
 * share strata and PSUs, the period comes last but for the key.
 *
 * Labels become ranks once (natural order: 2 before 10); the rows are then sorted by a
 * counting sort for each rank, the least significant first, which is linear however many
 * rows there are. Keys are compared as texts, and only within a PSU.
 *
 * In: unit->rows, slots. Out: unit->rows sorted, psu_first_row, stratum_first_psu. */
#include <string.h>

#include "base/par.h"
#include "intake/sort.h"
#include "intake/work.h"

/* --- ranks ------------------------------------------------------------------------ */

/* Id of the row's label or code; ICT_NO_ROW where it has none. */
static uint32_t id_at(const ict_slot *slot, uint32_t row) {
  if (slot->kind == ICT_SLOT_LABEL) {
    uint32_t id = ((const uint32_t *)slot->values)[row];
    return ict_labels_at(&slot->labels, id).len > 0 ? id : ICT_NO_ROW;
  }
  ict_missing kind;
  double v = ict_cell_get(ict_recode_width(slot->recode), slot->values, row, &kind);
  return kind == ICT_PRESENT ? (uint32_t)v : ICT_NO_ROW;
}

/* rank_of_id from the ids in order: those that occur get 0, 1, 2, ... Returns how many. */
static size_t number_ids(const bool *occurs, const uint32_t *order, size_t n, uint32_t *rank_of_id,
                         uint32_t *id_of) {
  size_t n_ranks = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t id = order ? order[i] : (uint32_t)i;
    if (!occurs[id]) continue;
    id_of[n_ranks] = id;
    rank_of_id[id] = (uint32_t)n_ranks++;
  }
  return n_ranks;
}

/* Is a row without a match an error somewhere between the files? */
static bool links_are_refused(const ict_work *work, size_t from, size_t to) {
  for (; from != to; from = (size_t)work->files[from].map->link) {
    if (work->files[from].map->unmatched == ICT_UNMATCHED_REFUSE) return true;
  }
  return false;
}

static ict_status rank_rows(ict_work *work, const ict_work_unit *unit, const ict_slot *slot,
                            ict_ranked *out, bool *complete, ict_err *err) {
  bool is_label = slot->kind == ICT_SLOT_LABEL;
  size_t n = is_label ? slot->labels.n : slot->spec.codes->n;
  ict_tally blank = {0};
  ict_status st = ICT_OK;
  bool *occurs = ict_alloc(n, sizeof *occurs);
  uint32_t *rank_of_id = ict_alloc(n, sizeof *rank_of_id);
  /* Codes of areas and periods are in natural order already. */
  uint32_t *order = is_label ? ict_labels_order(&slot->labels) : NULL;
  *out = (ict_ranked){.slot = slot};
  out->rank = ict_spill_alloc(work->spill, work->files[unit->file].n_rows, sizeof *out->rank);
  out->id_of = ict_alloc(n, sizeof *out->id_of);
  if (!occurs || !rank_of_id || (is_label && !order) || !out->rank || !out->id_of) {
    st = ict_spill_short(work->spill, err);
    goto done;
  }
  bool refused = links_are_refused(work, unit->file, slot->file);
  for (size_t i = 0; i < unit->n_rows; i++) {
    uint32_t row = ict_linked_row(work, unit->file, slot->file, unit->rows[i]);
    uint32_t id = row == ICT_NO_ROW ? ICT_NO_ROW : id_at(slot, row);
    out->rank[unit->rows[i]] = id;
    if (row == ICT_NO_ROW && refused) {
      *complete = false; /* said by the link */
    } else if (id == ICT_NO_ROW) {
      ict_tally_add(&blank, ict_file_line(&work->files[unit->file], unit->rows[i]));
    } else {
      occurs[id] = true;
    }
  }
  if (blank.rows > 0) {
    *complete = false;
    /* Where values were refused (an area that is not mapped), that is why it is blank. */
    if (slot->problems.values.n == 0)
      st = ict_work_say_rows(work, unit, slot->at, &blank, "a value in every row",
                             "correct the file, or name another variable", err,
                             "'%s' (%s of unit '%s') is blank", slot->name, slot->concept,
                             unit->map->name);
  }
  if (!*complete) goto done;
  out->n = number_ids(occurs, order, n, rank_of_id, out->id_of);
  for (size_t i = 0; i < unit->n_rows; i++) {
    uint32_t *rank = &out->rank[unit->rows[i]];
    *rank = rank_of_id[*rank];
  }
done:
  ict_free(occurs);
  ict_free(rank_of_id);
  ict_free(order);
  return st;
}

/* The file's own values as areas or periods: not whatever a cell may hold. */
static void check_codes(ict_work *work, const ict_work_axis *axis, bool is_period,
                        const ict_code *codes, size_t n) {
  const char *bad = NULL;
  size_t n_bad = 0;
  for (size_t i = 0; i < n; i++) {
    if (is_period ? ict_is_period(codes[i].id) : ict_is_area_code(codes[i].id)) continue;
    if (n_bad++ == 0) bad = codes[i].id;
  }
  if (n_bad == 0) return;
  ict_work_say(work, ICT_ERROR, axis->slot->at,
               is_period ? "a year, or an SDMX period such as 2016-Q1, in every row"
                         : "a code, ISO 3166-1 alpha-3 for countries, in every row",
               "translate it: `{from: ..., map: {value: code}}`",
               "'%s' holds %zu value%s that cannot be %s, such as '%s'", axis->slot->name, n_bad,
               ICT_S(n_bad), is_period ? "a period" : "an area", bad);
}

/* Area or period: its codes become those that occur. r: where its ranks go, if it has any. */
static ict_status rank_axis(ict_work *work, ict_work_unit *unit, ict_work_axis *axis, ict_ranked *r,
                            bool *complete, ict_err *err) {
  const char *name = axis == &unit->area ? ICT_VAR_AREA : ICT_VAR_PERIOD;
  if (!axis->slot) {
    const char *code = axis->map->constant ? axis->map->constant : "";
    return ict_codelist_make(name, name, NULL, &(ict_code){.id = code, .label = code}, 1,
                             &axis->codes, err);
  }
  ict_codelist *found = NULL;
  ict_code *codes = NULL;
  ict_status st;
  ICT_TRY(done, st, rank_rows(work, unit, axis->slot, r, complete, err));
  if (r->n == 0) goto done;
  codes = ict_alloc(r->n, sizeof *codes);
  if (!codes) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < r->n; i++) {
    if (axis->listed) {
      codes[i].id = axis->listed->codes[r->id_of[i]].id;
    } else {
      ict_slice s = ict_labels_at(&axis->slot->labels, r->id_of[i]);
      codes[i].id = ict_arena_strndup(work->arena, s.text, s.len);
    }
    codes[i].label = codes[i].id;
    if (!codes[i].id) {
      st = ict_err_memory(err);
      goto done;
    }
  }
  if (!axis->listed) check_codes(work, axis, axis == &unit->period, codes, r->n);
  st = ict_codelist_make(name, name, NULL, codes, r->n, &found, err);
  if (st == ICT_REFUSED) { /* too many: this is no area and no period */
    ict_work_say(work, ICT_ERROR, axis->slot->at, NULL, NULL,
                 "'%s' has %zu different values, more than a %s can have", axis->slot->name, r->n,
                 name);
    *complete = false;
    st = ICT_OK;
  }
  if (!found) goto done;
  axis->codes = found;
  axis->rank = r->rank;
done:
  ict_free(codes);
  return st;
}

/* --- sorting ---------------------------------------------------------------------- */

static ict_status sort_by_ranks(ict_spill *spill, ict_work_unit *unit, const ict_order *order,
                                ict_err *err) {
  size_t n_by = order->n_strata + order->n_psu + order->n_below, most = 0;
  for (size_t i = 0; i < n_by; i++) most = order->by[i].n > most ? order->by[i].n : most;
  size_t *counts = ict_alloc(most + 1, sizeof *counts);
  uint32_t *spare = ict_spill_alloc(spill, unit->n_rows, sizeof *spare);
  if (!counts || !spare) {
    ict_free(counts);
    ict_spill_free(spill, spare);
    return ict_spill_short(spill, err);
  }
  for (size_t i = n_by; i-- > 0;) {
    if (order->by[i].n < 2) continue;
    ict_sort_by_rank(unit->rows, spare, unit->n_rows, order->by[i].rank, order->by[i].n, counts);
    uint32_t *swap = unit->rows;
    unit->rows = spare;
    spare = swap;
  }
  ict_free(counts);
  ict_spill_free(spill, spare);
  return ICT_OK;
}

/* The first stage as one below the whole table. */
static ict_status cut(ict_work_unit *unit, const ict_order *order, ict_err *err) {
  const ict_map_stage map = {.n_strata = order->n_strata, .n_units = order->n_psu};
  const uint64_t whole[] = {0, unit->n_rows};
  ict_work_stage first = {.map = &map};
  ict_status st = ict_stage_cut(unit, &first, whole, 1, err);
  unit->n_psu = first.n_units;
  unit->n_strata = first.n_strata;
  unit->psu_first_row = first.unit_first_row;
  unit->stratum_first_psu = first.stratum_first_unit;
  ict_free(first.parent_first_stratum);
  return st;
}

/* Keys are compared within the smallest groups that the design knows. */
typedef struct key_sort {
  const ict_texts *keys;
  ict_work_unit *unit;
  uint32_t *spare;
  size_t n_groups;
  const uint64_t *first_row;  /* of a PSU, or a unit of the last stage */
  const uint64_t *first_unit; /* of a group; NULL: every unit is one */
} key_sort;

static int compare_keys(const void *ctx, uint32_t a, uint32_t b) {
  const ict_texts *keys = ctx;
  return ict_text_natcmp(ict_texts_at(keys, a), ict_texts_at(keys, b));
}

static void sort_group(void *ctx, size_t i, int thread) {
  const key_sort *k = ctx;
  (void)thread;
  size_t from = (size_t)k->first_row[k->first_unit ? k->first_unit[i] : i];
  size_t to = (size_t)k->first_row[k->first_unit ? k->first_unit[i + 1] : i + 1];
  ict_sort_by(k->unit->rows + from, k->spare + from, to - from, compare_keys, k->keys);
}

/* Where rows are units of their own, a group is their stratum. */
static void find_groups(key_sort *k) {
  const ict_work_unit *u = k->unit;
  size_t n_stages = u->map->design.n_stages;
  bool has_units;
  if (n_stages > 0) {
    const ict_work_stage *last = &u->stages[n_stages - 1];
    has_units = last->map->n_units > 0;
    k->first_row = last->unit_first_row;
    k->first_unit = has_units ? NULL : last->stratum_first_unit;
    k->n_groups = has_units ? last->n_units : last->n_strata;
  } else {
    has_units = u->map->design.n_psu > 0;
    k->first_row = u->psu_first_row;
    k->first_unit = has_units ? NULL : u->stratum_first_psu;
    k->n_groups = has_units ? u->n_psu : u->n_strata;
  }
}

static ict_status sort_by_keys(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_slot *key = work->files[unit->file].key;
  if (!key) return ICT_OK; /* the order of the file stays */
  key_sort k = {.keys = &key->keys, .unit = unit};
  k.spare = ict_spill_alloc(work->spill, unit->n_rows, sizeof *k.spare);
  if (!k.spare) return ict_spill_short(work->spill, err);
  find_groups(&k);
  ict_par_run(k.n_groups, work->threads, sort_group, &k);
  ict_spill_free(work->spill, k.spare);
  return ICT_OK;
}

static ict_status rank_stage(ict_work *work, ict_work_unit *unit, ict_work_stage *stage,
                             bool *complete, ict_err *err) {
  ict_order *order = &unit->order;
  size_t n_strata = stage->map->n_strata, n = n_strata + stage->map->n_units;
  stage->first_by = order->n_strata + order->n_psu + order->n_below;
  for (size_t i = 0; i < n; i++) {
    const ict_slot *slot = i < n_strata ? stage->strata[i] : stage->units[i - n_strata];
    ict_ranked *r = &order->by[stage->first_by + i];
    order->n_below++;
    ict_status st = rank_rows(work, unit, slot, r, complete, err);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

ict_status ict_order_make(ict_work *work, ict_work_unit *unit, bool *complete, ict_err *err) {
  ict_order *order = &unit->order;
  const ict_map_design *d = &unit->map->design;
  ict_status st = ICT_OK;
  *complete = true;
  size_t n_by = 2 + d->n_strata + d->n_psu;
  for (size_t i = 0; i < d->n_stages; i++) n_by += d->stages[i].n_strata + d->stages[i].n_units;
  order->by = ict_alloc(n_by, sizeof *order->by);
  if (!order->by) return ict_err_memory(err);
  order->n_strata = unit->area.slot != NULL;
  ICT_TRY(done, st, rank_axis(work, unit, &unit->area, &order->by[0], complete, err));
  if (!d->shared_rounds) {
    ict_ranked *r = &order->by[order->n_strata];
    order->n_strata += unit->period.slot != NULL;
    ICT_TRY(done, st, rank_axis(work, unit, &unit->period, r, complete, err));
  }
  for (size_t i = 0; i < d->n_strata; i++) {
    ict_ranked *r = &order->by[order->n_strata++];
    ICT_TRY(done, st, rank_rows(work, unit, unit->strata[i], r, complete, err));
  }
  for (size_t i = 0; i < d->n_psu; i++) {
    ict_ranked *r = &order->by[order->n_strata + order->n_psu++];
    ICT_TRY(done, st, rank_rows(work, unit, unit->psu[i], r, complete, err));
  }
  for (size_t i = 0; i < d->n_stages; i++)
    ICT_TRY(done, st, rank_stage(work, unit, &unit->stages[i], complete, err));
  if (d->shared_rounds) { /* the rounds of a unit follow one another within it */
    ict_ranked *r = &order->by[order->n_strata + order->n_psu + order->n_below];
    order->n_below += unit->period.slot != NULL;
    ICT_TRY(done, st, rank_axis(work, unit, &unit->period, r, complete, err));
  }
  if (!*complete) goto done;
  ICT_TRY(done, st, sort_by_ranks(work->spill, unit, order, err));
  ICT_TRY(done, st, cut(unit, order, err));
  ICT_TRY(done, st, ict_stages_cut(unit, err));
  ICT_TRY(done, st, sort_by_keys(work, unit, err));
done:
  return st;
}

void ict_order_done(ict_spill *spill, ict_order *order) {
  for (size_t i = 0; order->by && i < order->n_strata + order->n_psu + order->n_below; i++) {
    ict_spill_free(spill, order->by[i].rank);
    ict_free(order->by[i].id_of);
  }
  ict_free(order->by);
  *order = (ict_order){0};
}
