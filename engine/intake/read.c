/* read.c - one pass over a file: chunks, several at once, become pieces of the slots'
 * columns; the pieces are then put together in file order.
 *
 * Fresh memory costs more than anything that is done with it, so where chunks can tell their place
 * a piece is written into the slots' columns at once, and putting together is
 * closing the gaps, if there are any. Else it has columns of its own until then.
 *
 * What a piece holds depends on its rows alone, so neither the number of threads nor the order
 * in which they finish shows in the result. Labels get their ids in a set of the thread; which ids,
 * nobody asks: they are ranked by their texts.
 *
 * A file may have any number of pieces, so one is soon small: as soon as those before it are in,
 * its problems and counts join the slots', and what is left of it are columns, which lie
 * in the spill. Memory beside the spill then hardly grows with the rows.
 *
 * In: a bound file. Out: the columns of its slots. */
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

/* What a piece brings to a slot beside its column, until it has joined. */
typedef struct piece_slot {
  ict_problems problems;
  uint64_t *hits;
} piece_slot;

typedef struct piece_column {
  void *values;   /* in the spill, or the slot's; LABEL: ids of the thread's own */
  ict_texts keys; /* in the spill */
  size_t key_bytes;
} piece_column;

typedef struct piece {
  struct piece *next;
  size_t index, n_rows;
  int thread;
  bool in_place; /* its values lie in the slots' columns */
  ict_run run;
  piece_slot *slots; /* NULL: joined */
  piece_column *columns;
} piece;

/* The labels of one thread, and the slot's id of each of them, once all are in. */
typedef struct thread_labels {
  ict_labels labels;
  uint32_t *id_of;
} thread_labels;

typedef enum places { NOT_MADE, BEING_MADE, MADE, NO_ROOM } places;

typedef struct reading {
  ict_spill *spill;
  const ict_work_file *file;
  int n_threads;
  thread_labels *labels;    /* n_slots of each thread */
  _Atomic places places;    /* the slots' columns, which pieces are written into */
  _Atomic(piece *) arrived; /* the newest first */
  atomic_flag joining;      /* held by the one thread that joins; guards the rest: */
  piece *waiting;           /* for one before them; by index */
  piece *joined;            /* the last first */
  size_t n_joined;
  bool short_of_memory;
} reading;

static size_t value_bytes(const ict_slot *slot) {
  return slot->kind == ICT_SLOT_LABEL ? sizeof(uint32_t)
                                      : ict_width_bytes(ict_recode_width(slot->recode));
}

static thread_labels *labels_of(const reading *r, int thread, size_t slot) {
  return &r->labels[(size_t)thread * r->file->n_slots + slot];
}

static void free_slots(piece *p, size_t n_slots) {
  for (size_t i = 0; p->slots && i < n_slots; i++) {
    ict_problems_done(&p->slots[i].problems);
    ict_free(p->slots[i].hits);
  }
  ict_free(p->slots);
  p->slots = NULL;
}

static void free_column(ict_spill *spill, const piece *p, piece_column *c) {
  if (!p->in_place) ict_spill_free(spill, c->values);
  ict_spill_free(spill, c->keys.bytes);
  ict_spill_free(spill, c->keys.end);
  *c = (piece_column){0};
}

static void free_pieces(ict_spill *spill, piece *p, size_t n_slots) {
  while (p) {
    piece *next = p->next;
    free_slots(p, n_slots);
    for (size_t i = 0; p->columns && i < n_slots; i++) free_column(spill, p, &p->columns[i]);
    ict_free(p->columns);
    ict_free(p->run.line);
    ict_free(p);
    p = next;
  }
}

/* --- the places of pieces --------------------------------------------------------- */

static places make_places(const reading *r, size_t room) {
  for (size_t i = 0; i < r->file->n_slots; i++) {
    ict_slot *slot = r->file->slots[i];
    if (slot->kind == ICT_SLOT_KEY) continue;
    slot->values = ict_spill_alloc(r->spill, room, value_bytes(slot));
    if (!slot->values) return NO_ROOM;
  }
  return MADE;
}

/* The first thread that asks makes them, which takes no time: memory comes as it is written. */
static bool places_made(reading *r, size_t room) {
  places seen = NOT_MADE;
  if (atomic_compare_exchange_strong(&r->places, &seen, BEING_MADE))
    atomic_store(&r->places, make_places(r, room));
  while ((seen = atomic_load(&r->places)) == BEING_MADE) sched_yield();
  return seen == MADE;
}

/* --- one chunk -------------------------------------------------------------------- */

/* As that of the row before: then so is its text. */
static bool same_as_before(const ict_raw_column *column, size_t row) {
  if (column->type == ICT_RAW_TEXT)
    return column->text ? ict_slice_same(column->text[row], column->text[row - 1])
                        : ict_slice_same(ict_raw_cell(column, row), ict_raw_cell(column, row - 1));
  return column->number[row] == column->number[row - 1] &&
         (!column->tag || (!column->tag[row] && !column->tag[row - 1]));
}

/* Of the rows from `from` on. */
static int read_labels(const ict_raw_column *column, size_t from, size_t to, ict_labels *labels,
                       uint32_t *ids) {
  char buf[ICT_NUMBER_TEXT];
  for (size_t row = from; row < to; row++) {
    /* Persons of one PSU mostly stand together: the label is that of the row before. */
    if (row > 0 && same_as_before(column, row)) {
      ids[row] = ids[row - 1];
    } else if (ict_labels_add(labels, ict_cell_text(column, row, buf), &ids[row]) != 0) {
      return -1;
    }
  }
  return 0;
}

static int read_keys(ict_spill *spill, const ict_slot *slot, const ict_chunk *chunk,
                     piece_column *to) {
  ict_str bytes;
  int bad = -1;
  ict_str_init(&bytes);
  to->keys.end = ict_spill_alloc(spill, chunk->n_rows, sizeof *to->keys.end);
  if (!to->keys.end) goto done;
  for (size_t row = 0; row < chunk->n_rows; row++) {
    if (ict_key_append(&bytes, slot, chunk->columns, row) != 0) goto done;
    to->keys.end[row] = bytes.len;
  }
  to->keys.bytes = ict_spill_alloc(spill, bytes.len, 1);
  if (!to->keys.bytes) goto done;
  memcpy(to->keys.bytes, bytes.text, bytes.len);
  to->key_bytes = bytes.len;
  bad = 0;
done:
  ict_str_done(&bytes);
  return bad;
}

/* Where the slot's values go. */
static int make_slot(const reading *r, size_t i, const ict_chunk *chunk, piece *p) {
  const ict_slot *slot = r->file->slots[i];
  piece_column *to = &p->columns[i];
  if (slot->kind == ICT_SLOT_KEY) return read_keys(r->spill, slot, chunk, to);
  size_t size = value_bytes(slot);
  to->values = p->in_place ? (char *)slot->values + chunk->first * size
                           : ict_spill_alloc(r->spill, chunk->n_rows, size);
  if (!to->values) return -1;
  if (slot->kind == ICT_SLOT_LABEL) return 0;
  p->slots[i].hits = ict_alloc(slot->spec.n_values + 1, sizeof *p->slots[i].hits);
  return p->slots[i].hits ? 0 : -1;
}

static int read_slot(const reading *r, size_t i, const ict_chunk *chunk, size_t from, size_t to,
                     piece *p) {
  const ict_slot *slot = r->file->slots[i];
  void *values = p->columns[i].values;
  if (slot->kind == ICT_SLOT_KEY) return 0; /* made whole */
  const ict_raw_column *column = &chunk->columns[slot->column];
  if (slot->kind == ICT_SLOT_LABEL)
    return read_labels(column, from, to, &labels_of(r, p->thread, i)->labels, values);
  const ict_raw_column rest = ict_raw_from(column, from);
  return ict_recode_run(slot->recode, &rest, chunk->line + from, to - from,
                        (char *)values + from * value_bytes(slot), p->slots[i].hits,
                        &p->slots[i].problems);
}

/* Slot after slot for a few rows at a time, whose text then stays in the fastest cache. */
static int read_slots(const reading *r, const ict_chunk *chunk, piece *p) {
  enum { ROWS = 128 };
  const size_t n_slots = r->file->n_slots;
  for (size_t i = 0; i < n_slots; i++)
    if (make_slot(r, i, chunk, p) != 0) return -1;
  for (size_t from = 0; from < chunk->n_rows; from += ROWS) {
    size_t to = chunk->n_rows - from < ROWS ? chunk->n_rows : from + ROWS;
    for (size_t i = 0; i < n_slots; i++)
      if (read_slot(r, i, chunk, from, to, p) != 0) return -1;
  }
  return 0;
}

/* Lines are mostly consecutive; then the first is enough. */
static int keep_lines(const ict_chunk *chunk, ict_run *run) {
  run->first_line = chunk->n_rows > 0 ? chunk->line[0] : 0;
  size_t row = 0;
  while (row < chunk->n_rows && chunk->line[row] == run->first_line + row) row++;
  if (row == chunk->n_rows) return 0;
  run->line = ict_alloc(chunk->n_rows, sizeof *run->line);
  if (!run->line) return -1;
  memcpy(run->line, chunk->line, chunk->n_rows * sizeof *run->line);
  return 0;
}

static piece *read_piece(reading *r, const ict_chunk *chunk, int thread) {
  const ict_work_file *file = r->file;
  if (chunk->room > 0 && !places_made(r, chunk->room)) return NULL;
  piece *p = ict_alloc(1, sizeof *p);
  if (!p) return NULL;
  p->index = chunk->index;
  p->n_rows = chunk->n_rows;
  p->thread = thread;
  p->in_place = chunk->room > 0;
  p->slots = ict_alloc(file->n_slots, sizeof *p->slots);
  p->columns = ict_alloc(file->n_slots, sizeof *p->columns);
  if (p->slots && p->columns && keep_lines(chunk, &p->run) == 0 && read_slots(r, chunk, p) == 0)
    return p;
  free_pieces(r->spill, p, file->n_slots);
  return NULL;
}

/* --- in file order, as soon as can be ----------------------------------------------- */

static int join_piece(reading *r, piece *p) {
  for (size_t i = 0; i < r->file->n_slots; i++) {
    ict_slot *slot = r->file->slots[i];
    const piece_slot *from = &p->slots[i];
    if (slot->kind != ICT_SLOT_RECODE) continue;
    if (ict_problems_merge(&slot->problems, &from->problems) != 0) return -1;
    for (size_t v = 0; v < slot->spec.n_values; v++) slot->hits[v] += from->hits[v];
  }
  free_slots(p, r->file->n_slots);
  return 0;
}

/* The pieces that have arrived, to their places among those that wait. */
static void take_arrived(reading *r) {
  piece *p = atomic_exchange(&r->arrived, NULL);
  while (p) {
    piece *next = p->next, **at = &r->waiting;
    while (*at && (*at)->index < p->index) at = &(*at)->next;
    p->next = *at;
    *at = p;
    p = next;
  }
}

static void join_ready(reading *r) {
  for (;;) {
    if (atomic_flag_test_and_set(&r->joining)) return;
    take_arrived(r);
    while (r->waiting && r->waiting->index == r->n_joined && !r->short_of_memory) {
      piece *p = r->waiting;
      r->waiting = p->next;
      p->next = r->joined;
      r->joined = p;
      r->n_joined++;
      r->short_of_memory = join_piece(r, p) != 0;
    }
    atomic_flag_clear(&r->joining);
    /* One that arrived after the look found this thread joining and left it to us: look again. */
    if (!atomic_load(&r->arrived)) return;
  }
}

static ict_status read_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  reading *r = ctx;
  piece *p = read_piece(r, chunk, thread);
  if (!p) return ict_spill_short(r->spill, err);
  p->next = atomic_load(&r->arrived);
  while (!atomic_compare_exchange_weak(&r->arrived, &p->next, p)) continue;
  join_ready(r);
  return ICT_OK;
}

/* --- the whole -------------------------------------------------------------------- */

static int append_keys(ict_spill *spill, ict_slot *slot, size_t i, piece *const *pieces, size_t n,
                       size_t n_rows) {
  size_t bytes = 0, row = 0;
  for (size_t p = 0; p < n; p++) bytes += pieces[p]->columns[i].key_bytes;
  slot->keys.bytes = ict_spill_alloc(spill, bytes, 1);
  slot->keys.end = ict_spill_alloc(spill, n_rows, sizeof *slot->keys.end);
  if (!slot->keys.bytes || !slot->keys.end) return -1;
  bytes = 0;
  for (size_t p = 0; p < n; p++) {
    piece_column *from = &pieces[p]->columns[i];
    memcpy(slot->keys.bytes + bytes, from->keys.bytes, from->key_bytes);
    for (size_t k = 0; k < pieces[p]->n_rows; k++)
      slot->keys.end[row++] = bytes + from->keys.end[k];
    bytes += from->key_bytes;
    free_column(spill, pieces[p], from);
  }
  return 0;
}

/* The threads' labels become the slot's: those of the first as they are, without another id. */
static int join_labels(const reading *r, ict_slot *slot, size_t i) {
  slot->labels = labels_of(r, 0, i)->labels;
  labels_of(r, 0, i)->labels = (ict_labels){0};
  for (int t = 1; t < r->n_threads; t++) {
    thread_labels *from = labels_of(r, t, i);
    from->id_of = ict_alloc(from->labels.n, sizeof *from->id_of);
    if (!from->id_of) return -1;
    for (size_t k = 0; k < from->labels.n; k++) {
      ict_slice text = ict_labels_at(&from->labels, k);
      if (ict_labels_add(&slot->labels, text, &from->id_of[k]) != 0) return -1;
    }
  }
  return 0;
}

/* One slot of all pieces, in file order: a piece that is in place moves towards the start, if at
 * all. */
static int append_slot(const reading *r, size_t i, piece *const *pieces, size_t n) {
  ict_slot *slot = r->file->slots[i];
  size_t n_rows = r->file->n_rows;
  bool is_label = slot->kind == ICT_SLOT_LABEL;
  if (slot->kind == ICT_SLOT_KEY) return append_keys(r->spill, slot, i, pieces, n, n_rows);
  size_t size = value_bytes(slot);
  if (!slot->values) slot->values = ict_spill_alloc(r->spill, n_rows, size);
  if (!slot->values || (is_label && join_labels(r, slot, i) != 0)) return -1;
  for (size_t p = 0, row = 0; p < n; row += pieces[p]->n_rows, p++) {
    piece_column *from = &pieces[p]->columns[i];
    char *to = (char *)slot->values + row * size;
    const uint32_t *ids = from->values, *id_of = NULL;
    if (is_label) id_of = labels_of(r, pieces[p]->thread, i)->id_of;
    if (id_of) {
      for (size_t k = 0; k < pieces[p]->n_rows; k++) ((uint32_t *)(void *)to)[k] = id_of[ids[k]];
    } else if (to != from->values) {
      memmove(to, from->values, pieces[p]->n_rows * size);
    }
    free_column(r->spill, pieces[p], from);
  }
  return 0;
}

typedef struct appending {
  const reading *r;
  piece *const *pieces;
  size_t n_pieces;
  atomic_bool short_of_memory;
} appending;

static void append_one(void *ctx, size_t i, int thread) {
  appending *job = ctx;
  (void)thread;
  if (append_slot(job->r, i, job->pieces, job->n_pieces) != 0)
    atomic_store(&job->short_of_memory, true);
}

static ict_status append_pieces(const reading *r, ict_work_file *file, piece *const *pieces,
                                size_t n, ict_err *err) {
  uint64_t n_rows = 0;
  for (size_t p = 0; p < n; p++) n_rows += pieces[p]->n_rows;
  if (n_rows > ICT_MOST_ROWS) {
    return ict_err_set(err, ICT_REFUSED, "%s has %llu rows, more than this program takes",
                       file->name, (unsigned long long)n_rows);
  }
  file->n_rows = (size_t)n_rows;
  file->runs = ict_alloc(n, sizeof *file->runs);
  if (!file->runs) return ict_err_memory(err);
  for (size_t row = 0; file->n_runs < n; row += pieces[file->n_runs++]->n_rows) {
    piece *p = pieces[file->n_runs];
    p->run.first_row = row;
    file->runs[file->n_runs] = p->run;
    p->run.line = NULL; /* moved */
  }
  appending job = {.r = r, .pieces = pieces, .n_pieces = n};
  ict_par_run(file->n_slots, r->n_threads, append_one, &job);
  return atomic_load(&job.short_of_memory) ? ict_spill_short(r->spill, err) : ICT_OK;
}

ict_status ict_read_file(ict_work *work, ict_work_file *file, ict_err *err) {
  reading r = {
      .spill = work->spill, .file = file, .n_threads = work->threads, .joining = ATOMIC_FLAG_INIT};
  piece **pieces = NULL;
  ict_status st = ICT_OK;
  size_t n_labels = file->n_slots * (size_t)work->threads;
  r.labels = ict_alloc(n_labels, sizeof *r.labels);
  if (!r.labels) return ict_err_memory(err);
  st = ict_source_read(file->source, file->wanted, file->n_wanted, work->threads,
                       work->options->progress, read_chunk, &r, err);
  if (st != ICT_OK) {
    ict_err_while(err, "reading file '%s' of %s", file->map->id, work->mapping->file);
    goto done;
  }
  pieces = ict_alloc(r.n_joined, sizeof *pieces);
  if (!pieces || r.short_of_memory) {
    st = ict_err_memory(err);
    goto done;
  }
  for (piece *p = r.joined; p; p = p->next) pieces[p->index] = p; /* numbered without gaps */
  st = append_pieces(&r, file, pieces, r.n_joined, err);
done:
  free_pieces(work->spill, atomic_load(&r.arrived), file->n_slots);
  free_pieces(work->spill, r.waiting, file->n_slots);
  free_pieces(work->spill, r.joined, file->n_slots);
  for (size_t i = 0; i < n_labels; i++) {
    ict_labels_done(&r.labels[i].labels);
    ict_free(r.labels[i].id_of);
  }
  ict_free(r.labels);
  ict_free(pieces);
  return st;
}

uint64_t ict_file_line(const ict_work_file *file, size_t row) {
  size_t lo = 0, hi = file->n_runs;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (file->runs[mid].first_row <= row) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  const ict_run *run = &file->runs[lo];
  return run->line ? run->line[row - run->first_row] : run->first_line + (row - run->first_row);
}

void ict_slot_done(ict_spill *spill, ict_slot *slot) {
  ict_spill_free(spill, slot->values);
  ict_labels_done(&slot->labels);
  ict_spill_free(spill, slot->keys.bytes);
  ict_spill_free(spill, slot->keys.end);
  slot->keys = (ict_texts){0};
  ict_problems_done(&slot->problems);
  slot->values = NULL;
}
