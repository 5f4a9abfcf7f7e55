/* ranks.c - labels and codes of a unit's rows as ranks: small numbers in natural order (2 before
 * 10), so that rows are sorted and cut without a look at a text.
 *
 * In: a slot's column, unit->rows. Out: ranks by row of the unit's file; findings.
 *
 * Labels of the unit's own file are ranked where they stand: their column becomes that of the
 * ranks. */
#include <stdatomic.h>

#include "base/par.h"
#include "intake/work.h"

/* rank_of_id from the ids in order: those that occur get 0, 1, 2, ... Returns how many. */
static size_t number_ids(const atomic_bool *occurs, const uint32_t *order, size_t n,
                         uint32_t *rank_of_id, uint32_t *id_of) {
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

typedef struct blanks {
  ict_tally rows;
  bool unlinked; /* a row without a match, which the link refuses */
} blanks;

typedef struct ranking {
  const ict_work *work;
  const ict_work_unit *unit;
  const ict_slot *slot;
  bool refused;
  uint32_t *rank;    /* ids, then ranks */
  const void *ids;   /* of the slot's rows; may be `rank` */
  uint32_t blank_id; /* of the empty label */
  atomic_bool *occurs;
  const uint32_t *rank_of_id;
  blanks *tasks; /* what each found */
} ranking;

/* Id of the row's label or code; ICT_NO_ROW where it has none. */
static inline uint32_t id_at(const ranking *r, uint32_t row) {
  if (r->slot->kind == ICT_SLOT_LABEL) {
    uint32_t id = ((const uint32_t *)r->ids)[row];
    return id == r->blank_id ? ICT_NO_ROW : id;
  }
  ict_missing kind;
  double v = ict_cell_get(ict_recode_width(r->slot->recode), r->ids, row, &kind);
  return kind == ICT_PRESENT ? (uint32_t)v : ICT_NO_ROW;
}

static void find_ids(void *ctx, size_t task, int thread) {
  const ranking *r = ctx;
  const ict_work_unit *unit = r->unit;
  size_t from = task * ICT_TASK_ROWS, to = ict_task_end(task, unit->n_rows);
  uint32_t last = ICT_NO_ROW;
  (void)thread;
  for (size_t i = from; i < to; i++) {
    uint32_t row = ict_linked_row(r->work, unit->file, r->slot->file, ict_unit_row(unit, i));
    uint32_t id = row == ICT_NO_ROW ? ICT_NO_ROW : id_at(r, row);
    r->rank[ict_unit_row(unit, i)] = id;
    if (row == ICT_NO_ROW && r->refused) {
      r->tasks[task].unlinked = true; /* said by the link */
    } else if (id == ICT_NO_ROW) {
      ict_tally_add(&r->tasks[task].rows,
                    ict_file_line(&r->work->files[unit->file], ict_unit_row(unit, i)));
    } else if (id != last) {
      /* All that ever happens to it: no order is needed. */
      atomic_store_explicit(&r->occurs[id], true, memory_order_relaxed);
      last = id;
    }
  }
}

/* A label is there because a row has it, so where all rows of the file are the unit's, and none is
 * blank, there is nothing to find. */
static bool all_are_known(const ranking *r) {
  const ict_work_unit *unit = r->unit;
  return r->slot->kind == ICT_SLOT_LABEL && r->slot->file == unit->file &&
         unit->n_rows == r->work->files[unit->file].n_rows && r->blank_id == ICT_NO_ROW;
}

static void put_ranks(void *ctx, size_t task, int thread) {
  const ranking *r = ctx;
  const ict_work_unit *unit = r->unit;
  size_t from = task * ICT_TASK_ROWS, to = ict_task_end(task, unit->n_rows);
  (void)thread;
  for (size_t i = from; i < to; i++) {
    uint32_t *rank = &r->rank[ict_unit_row(unit, i)];
    *rank = r->rank_of_id[*rank];
  }
}

/* The column of labels of the unit's own file, which is not needed any more; else a new one. */
static uint32_t *place_of_ranks(ict_work *work, const ict_work_unit *unit, ict_slot *slot) {
  if (slot->kind != ICT_SLOT_LABEL || slot->file != unit->file)
    return ict_spill_alloc(work->spill, work->files[unit->file].n_rows, sizeof(uint32_t));
  uint32_t *moved = slot->values;
  slot->values = NULL;
  return moved;
}

static ict_status say_blank(ict_work *work, const ict_work_unit *unit, const ict_slot *slot,
                            const ict_tally *blank, ict_err *err) {
  /* Where values were refused (an area that is not mapped), that is why it is blank. */
  if (slot->problems.values.n > 0) return ICT_OK;
  return ict_work_say_rows(work, unit, slot->at, blank, "a value in every row",
                           "correct the file, or name another variable", err,
                           "'%s' (%s of unit '%s') is blank", slot->name, slot->concept,
                           unit->map->name);
}

ict_status ict_ranks_make(ict_work *work, const ict_work_unit *unit, ict_slot *slot,
                          ict_ranked *out, bool *complete, ict_err *err) {
  bool is_label = slot->kind == ICT_SLOT_LABEL;
  size_t n = is_label ? slot->labels.n : slot->spec.codes->n, n_tasks = ict_row_tasks(unit->n_rows);
  ict_status st = ICT_OK;
  ranking r = {.work = work,
               .unit = unit,
               .slot = slot,
               .refused = links_are_refused(work, unit->file, slot->file),
               .ids = slot->values,
               .blank_id = ICT_NO_ROW};
  uint32_t *rank_of_id = ict_alloc(n, sizeof *rank_of_id);
  /* Codes of areas and periods are in natural order already. */
  uint32_t *order = is_label ? ict_labels_order(&slot->labels) : NULL;
  ict_labels_find(&slot->labels, (ict_slice){"", 0}, &r.blank_id);
  r.occurs = ict_alloc(n, sizeof *r.occurs);
  r.tasks = ict_alloc(n_tasks, sizeof *r.tasks);
  *out = (ict_ranked){.slot = slot, .rank = place_of_ranks(work, unit, slot)};
  out->id_of = ict_alloc(n, sizeof *out->id_of);
  if (!r.occurs || !r.tasks || !rank_of_id || (is_label && !order) || !out->rank || !out->id_of) {
    st = ict_spill_short(work->spill, err);
    goto done;
  }
  r.rank = out->rank;
  if (all_are_known(&r)) {
    for (size_t id = 0; id < n; id++) r.occurs[id] = true;
  } else {
    ict_par_run(n_tasks, work->threads, find_ids, &r);
  }
  ict_tally blank = {0};
  for (size_t task = 0; task < n_tasks; task++) {
    ict_tally_merge(&blank, &r.tasks[task].rows);
    if (r.tasks[task].unlinked) *complete = false;
  }
  if (blank.rows > 0) {
    *complete = false;
    st = say_blank(work, unit, slot, &blank, err);
  }
  if (!*complete) goto done;
  out->n = number_ids(r.occurs, order, n, rank_of_id, out->id_of);
  r.rank_of_id = rank_of_id;
  ict_par_run(n_tasks, work->threads, put_ranks, &r);
done:
  ict_free(r.occurs);
  ict_free(r.tasks);
  ict_free(rank_of_id);
  ict_free(order);
  return st;
}
