/* order.c - the rows of a frame in the order of area, period, strata, PSU and key; where rounds
 * share strata and PSUs, the period comes last but for the key.
 *
 * Rows that are not in order are sorted by a counting sort for each rank, the least significant
 * first, which is linear however many rows there are. Keys are compared as texts, and only within
 * a PSU. In the end it is noted which rows stand together in the file too, as most do: they are
 * copied together.
 *
 * In: unit->rows, slots. Out: unit->rows sorted, psu_first_row, stratum_first_psu. */
#include <stdatomic.h>
#include <string.h>

#include "base/par.h"
#include "intake/sort.h"
#include "intake/work.h"

/* --- area and period -------------------------------------------------------------- */

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
  ICT_TRY(done, st, ict_ranks_make(work, unit, axis->slot, r, complete, err));
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

/* --- what begins where ------------------------------------------------------------ */

/* Less than, equal to, greater than 0, as strcmp. */
static int compare_rows(const ict_order *order, uint32_t a, uint32_t b) {
  for (size_t i = 0; i < order->n_strata + order->n_psu + order->n_below; i++) {
    const uint32_t *rank = order->by[i].rank;
    if (rank[a] != rank[b]) return rank[a] < rank[b] ? -1 : 1;
  }
  return 0;
}

/* Where runs of rows that are equal in all ranks begin, or stretches of rows that follow one
 * another in the file too. First each task counts what begins among its rows, then, knowing what
 * began before them, notes where. */
typedef struct starts {
  const ict_work_unit *unit;
  bool stretches;
  uint32_t *begun;   /* in each task; then before each */
  uint32_t *at;      /* indexes into unit->rows, and its end; NULL while tasks count */
  atomic_bool falls; /* runs: one should stand before the one before it */
} starts;

static void find_starts(void *ctx, size_t task, int thread) {
  starts *s = ctx;
  const ict_work_unit *unit = s->unit;
  size_t from = task * ICT_TASK_ROWS, to = ict_task_end(task, s->unit->n_rows);
  uint32_t n = s->at ? s->begun[task] : 0;
  bool falls = false;
  (void)thread;
  for (size_t i = from; i < to; i++) {
    int c = i == 0 ? -1
            : s->stretches
                ? -(unit->rows[i] != unit->rows[i - 1] + 1)
                : compare_rows(&unit->order, ict_unit_row(unit, i - 1), ict_unit_row(unit, i));
    if (c == 0) continue;
    if (s->at) s->at[n] = (uint32_t)i;
    falls |= c > 0;
    n++;
  }
  if (falls) atomic_store(&s->falls, true);
  if (!s->at) s->begun[task] = n;
}

/* How many; s->begun is the caller's, also where this fails. */
static ict_status count_starts(const ict_work *work, starts *s, size_t *n, ict_err *err) {
  const size_t n_tasks = ict_row_tasks(s->unit->n_rows);
  s->begun = ict_alloc(n_tasks, sizeof *s->begun);
  if (!s->begun) return ict_err_memory(err);
  ict_par_run(n_tasks, work->threads, find_starts, s);
  uint32_t before = 0;
  for (size_t task = 0; task < n_tasks; task++) {
    uint32_t count = s->begun[task];
    s->begun[task] = before;
    before += count;
  }
  *n = before;
  return ICT_OK;
}

/* The n that were counted; s->at is the caller's. */
static ict_status list_starts(const ict_work *work, starts *s, size_t n, ict_err *err) {
  s->at = ict_spill_alloc(work->spill, n + 1, sizeof *s->at);
  if (!s->at) return ict_spill_short(work->spill, err);
  ict_par_run(ict_row_tasks(s->unit->n_rows), work->threads, find_starts, s);
  s->at[n] = (uint32_t)s->unit->n_rows;
  return ICT_OK;
}

/* --- sorting ---------------------------------------------------------------------- */

/* Items, which are numbered from 0 as yet, by the ranks that their rows have: item i that of
 * row[i], or its own where there are no rows. */
static ict_status sort_items(const ict_work *work, const ict_order *order, uint32_t **items,
                             size_t n, const uint32_t *row, ict_err *err) {
  uint32_t *spare = ict_spill_alloc(work->spill, n, sizeof *spare);
  uint32_t *rank = row ? ict_spill_alloc(work->spill, n, sizeof *rank) : NULL;
  ict_status st = ICT_OK;
  if (!spare || (row && !rank)) st = ict_spill_short(work->spill, err);
  for (size_t i = order->n_strata + order->n_psu + order->n_below; i-- > 0 && st == ICT_OK;) {
    const ict_ranked *by = &order->by[i];
    if (by->n < 2) continue;
    for (size_t k = 0; row && k < n; k++) rank[k] = by->rank[row[k]];
    if (!ict_sort_by_rank(*items, spare, n, row ? rank : by->rank, by->n, work->threads))
      st = ict_err_memory(err);
    uint32_t *swap = *items;
    *items = spare;
    spare = swap;
  }
  ict_spill_free(work->spill, spare);
  ict_spill_free(work->spill, rank);
  return st;
}

/* The rows of sorted runs. */
typedef struct expanding {
  const ict_work_unit *unit;
  const uint32_t *first, *run; /* the sorted rows' old places: run[k] is the k-th */
  const uint32_t *at;          /* where the k-th begins */
  size_t n_runs;
  uint32_t *to;
} expanding;

enum { RUNS_A_TASK = 4096 };

static void expand(void *ctx, size_t task, int thread) {
  const expanding *e = ctx;
  size_t end = (task + 1) * RUNS_A_TASK < e->n_runs ? (task + 1) * RUNS_A_TASK : e->n_runs;
  (void)thread;
  for (size_t k = task * RUNS_A_TASK; k < end; k++)
    for (uint32_t i = 0, n = e->at[k + 1] - e->at[k]; i < n; i++)
      e->to[e->at[k] + i] = ict_unit_row(e->unit, e->first[e->run[k]] + i);
}

static ict_status sort_runs(ict_work *work, ict_work_unit *unit, starts *s, size_t n,
                            ict_err *err) {
  ict_spill *spill = work->spill;
  ict_status st = ICT_OK;
  uint32_t *run = ict_spill_alloc(spill, n, sizeof *run);
  uint32_t *row = ict_spill_alloc(spill, n + 1, sizeof *row); /* first its row, then its place */
  uint32_t *to = ict_spill_alloc(spill, unit->n_rows, sizeof *to);
  if (!run || !row || !to) {
    st = ict_spill_short(spill, err);
    goto done;
  }
  ICT_TRY(done, st, list_starts(work, s, n, err));
  for (size_t k = 0; k < n; k++) {
    run[k] = (uint32_t)k;
    row[k] = ict_unit_row(unit, s->at[k]);
  }
  ICT_TRY(done, st, sort_items(work, &unit->order, &run, n, row, err));
  row[0] = 0;
  for (size_t k = 0; k < n; k++) row[k + 1] = row[k] + s->at[run[k] + 1] - s->at[run[k]];
  expanding e = {unit, s->at, run, row, n, to};
  ict_par_run((n + RUNS_A_TASK - 1) / RUNS_A_TASK, work->threads, expand, &e);
  uint32_t *swap = unit->rows;
  unit->rows = to;
  to = swap;
  unit->order.run_at = row;
  unit->order.n_runs = n;
  row = NULL;
done:
  ict_spill_free(spill, run);
  ict_spill_free(spill, row);
  ict_spill_free(spill, to);
  ict_spill_free(spill, s->at);
  return st;
}

static void list_some(void *ctx, size_t task, int thread) {
  uint32_t *rows = ((ict_work_unit *)ctx)->rows;
  size_t end = ict_task_end(task, ((ict_work_unit *)ctx)->n_rows);
  (void)thread;
  for (size_t i = task * ICT_TASK_ROWS; i < end; i++) rows[i] = (uint32_t)i;
}

/* As they stand in the file, where they are not listed yet. */
static ict_status list_rows(ict_work *work, ict_work_unit *unit, ict_err *err) {
  if (unit->rows) return ICT_OK;
  unit->rows = ict_spill_alloc(work->spill, unit->n_rows, sizeof *unit->rows);
  if (!unit->rows) return ict_spill_short(work->spill, err);
  ict_par_run(ict_row_tasks(unit->n_rows), work->threads, list_some, unit);
  return ICT_OK;
}

/* Persons of one PSU mostly stand together, so rows are sorted by runs that are equal in all ranks,
 * and alone only where runs are short. */
static ict_status sort_by_ranks(ict_work *work, ict_work_unit *unit, ict_err *err) {
  starts s = {.unit = unit};
  size_t n;
  ict_status st;
  ICT_TRY(done, st, count_starts(work, &s, &n, err));
  bool in_runs = n <= unit->n_rows / ICT_RUN_LEAST;
  if (!atomic_load(&s.falls)) { /* in order already, as files often are */
    if (in_runs) ICT_TRY(done, st, list_starts(work, &s, n, err));
    unit->order.run_at = s.at;
    unit->order.n_runs = n;
  } else if (in_runs) {
    st = sort_runs(work, unit, &s, n, err);
  } else {
    ICT_TRY(done, st, list_rows(work, unit, err));
    st = sort_items(work, &unit->order, &unit->rows, unit->n_rows, NULL, err);
  }
done:
  ict_free(s.begun);
  return st;
}

static ict_status make_stretches(ict_work *work, ict_work_unit *unit, ict_err *err) {
  starts s = {.unit = unit, .stretches = true};
  size_t n;
  ict_status st;
  ICT_TRY(done, st, count_starts(work, &s, &n, err));
  unit->in_place = n == 1 && unit->n_rows == work->files[unit->file].n_rows;
  if (n > unit->n_rows / ICT_RUN_LEAST) goto done;
  ICT_TRY(done, st, list_starts(work, &s, n, err));
  unit->stretch_at = s.at;
  unit->n_stretches = n;
done:
  ict_free(s.begun);
  return st;
}

/* --- cutting, keys ---------------------------------------------------------------- */

/* The first stage as one below the whole table. */
static ict_status cut(ict_work *work, ict_work_unit *unit, ict_err *err) {
  const ict_order *order = &unit->order;
  const ict_map_stage map = {.n_strata = order->n_strata, .n_units = order->n_psu};
  const uint64_t whole[] = {0, unit->n_rows};
  ict_work_stage first = {.map = &map};
  ict_status st = ict_stage_cut(unit, &first, whole, 1, work->threads, err);
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
    ict_slot *slot = i < n_strata ? stage->strata[i] : stage->units[i - n_strata];
    ict_ranked *r = &order->by[stage->first_by + i];
    order->n_below++;
    ict_status st = ict_ranks_make(work, unit, slot, r, complete, err);
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
    ICT_TRY(done, st, ict_ranks_make(work, unit, unit->strata[i], r, complete, err));
  }
  for (size_t i = 0; i < d->n_psu; i++) {
    ict_ranked *r = &order->by[order->n_strata + order->n_psu++];
    ICT_TRY(done, st, ict_ranks_make(work, unit, unit->psu[i], r, complete, err));
  }
  for (size_t i = 0; i < d->n_stages; i++)
    ICT_TRY(done, st, rank_stage(work, unit, &unit->stages[i], complete, err));
  if (d->shared_rounds) { /* the rounds of a unit follow one another within it */
    ict_ranked *r = &order->by[order->n_strata + order->n_psu + order->n_below];
    order->n_below += unit->period.slot != NULL;
    ICT_TRY(done, st, rank_axis(work, unit, &unit->period, r, complete, err));
  }
  if (*complete) ICT_TRY(done, st, sort_by_ranks(work, unit, err));
  ICT_TRY(done, st, list_rows(work, unit, err));
  if (!*complete) goto done;
  ICT_TRY(done, st, cut(work, unit, err));
  ICT_TRY(done, st, ict_stages_cut(unit, work->threads, err));
  ICT_TRY(done, st, sort_by_keys(work, unit, err));
  ICT_TRY(done, st, make_stretches(work, unit, err));
done:
  return st;
}

void ict_order_let_go(ict_spill *spill, ict_work_unit *unit) {
  ict_order *order = &unit->order;
  for (size_t i = 0; i < order->n_strata + order->n_psu + order->n_below; i++) {
    ict_ranked *by = &order->by[i];
    if (by->rank == unit->area.rank || by->rank == unit->period.rank) continue;
    ict_spill_free(spill, by->rank);
    by->rank = NULL;
  }
  ict_spill_free(spill, order->run_at);
  order->run_at = NULL;
}

void ict_order_done(ict_spill *spill, ict_order *order) {
  for (size_t i = 0; order->by && i < order->n_strata + order->n_psu + order->n_below; i++) {
    ict_spill_free(spill, order->by[i].rank);
    ict_free(order->by[i].id_of);
  }
  ict_free(order->by);
  ict_spill_free(spill, order->run_at);
  *order = (ict_order){0};
}
