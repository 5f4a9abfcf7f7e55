/* read.c - one pass over a file: chunks, several at once, become pieces of the slots'
 * columns; the pieces are then put together in file order.
 *
 * What a piece holds depends on its rows alone, so neither the number of threads nor the order
 * in which they finish shows in the result.
 *
 * A file may have any number of pieces, so one is soon small: as soon as those before it are in,
 * its labels, problems and counts join the slots', and what is left of it are columns, which lie
 * in the spill. Memory beside the spill then hardly grows with the rows.
 *
 * In: a bound file. Out: the columns of its slots. */
#include <stdatomic.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

/* What a piece brings to a slot beside its column, until it has joined. */
typedef struct piece_slot {
  ict_labels labels;
  ict_problems problems;
  uint64_t *hits;
} piece_slot;

typedef struct piece_column {
  void *values;    /* in the spill; LABEL: ids of the piece's own */
  uint32_t *id_of; /* LABEL: the slot's id of each of these, once joined */
  ict_texts keys;  /* in the spill */
  size_t key_bytes;
} piece_column;

typedef struct piece {
  struct piece *next;
  size_t index, n_rows;
  ict_run run;
  piece_slot *slots; /* NULL: joined */
  piece_column *columns;
} piece;

typedef struct reading {
  ict_spill *spill;
  const ict_work_file *file;
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

static void free_slots(piece *p, size_t n_slots) {
  for (size_t i = 0; p->slots && i < n_slots; i++) {
    ict_labels_done(&p->slots[i].labels);
    ict_problems_done(&p->slots[i].problems);
    ict_free(p->slots[i].hits);
  }
  ict_free(p->slots);
  p->slots = NULL;
}

static void free_column(ict_spill *spill, piece_column *c) {
  ict_spill_free(spill, c->values);
  ict_spill_free(spill, c->keys.bytes);
  ict_spill_free(spill, c->keys.end);
  ict_free(c->id_of);
  *c = (piece_column){0};
}

static void free_pieces(ict_spill *spill, piece *p, size_t n_slots) {
  while (p) {
    piece *next = p->next;
    free_slots(p, n_slots);
    for (size_t i = 0; p->columns && i < n_slots; i++) free_column(spill, &p->columns[i]);
    ict_free(p->columns);
    ict_free(p->run.line);
    ict_free(p);
    p = next;
  }
}

/* --- one chunk -------------------------------------------------------------------- */

static int read_labels(const ict_slot *slot, const ict_chunk *chunk, ict_labels *labels,
                       uint32_t *ids) {
  const ict_raw_column *column = &chunk->columns[slot->column];
  char buf[ICT_NUMBER_TEXT];
  for (size_t row = 0; row < chunk->n_rows; row++) {
    ict_slice text = ict_cell_text(column, row, buf);
    /* Persons of one PSU mostly stand together: the label is that of the row before. */
    if (row > 0) {
      ict_slice last = ict_labels_at(labels, ids[row - 1]);
      if (text.len == last.len && memcmp(text.text, last.text, text.len) == 0) {
        ids[row] = ids[row - 1];
        continue;
      }
    }
    if (ict_labels_add(labels, text, &ids[row]) != 0) return -1;
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

static int read_slot(ict_spill *spill, const ict_slot *slot, const ict_chunk *chunk,
                     piece_slot *more, piece_column *to) {
  if (slot->kind == ICT_SLOT_KEY) return read_keys(spill, slot, chunk, to);
  to->values = ict_spill_alloc(spill, chunk->n_rows, value_bytes(slot));
  if (!to->values) return -1;
  if (slot->kind == ICT_SLOT_LABEL) return read_labels(slot, chunk, &more->labels, to->values);
  more->hits = ict_alloc(slot->spec.n_values + 1, sizeof *more->hits);
  if (!more->hits) return -1;
  return ict_recode_run(slot->recode, &chunk->columns[slot->column], chunk->line, chunk->n_rows,
                        to->values, more->hits, &more->problems);
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

static piece *read_piece(const reading *r, const ict_chunk *chunk) {
  const ict_work_file *file = r->file;
  piece *p = ict_alloc(1, sizeof *p);
  if (!p) return NULL;
  p->index = chunk->index;
  p->n_rows = chunk->n_rows;
  p->slots = ict_alloc(file->n_slots, sizeof *p->slots);
  p->columns = ict_alloc(file->n_slots, sizeof *p->columns);
  bool whole = p->slots && p->columns && keep_lines(chunk, &p->run) == 0;
  for (size_t i = 0; i < file->n_slots && whole; i++)
    whole = read_slot(r->spill, file->slots[i], chunk, &p->slots[i], &p->columns[i]) == 0;
  if (whole) return p;
  free_pieces(r->spill, p, file->n_slots);
  return NULL;
}

/* --- in file order, as soon as can be ----------------------------------------------- */

static int join_labels(ict_slot *slot, const ict_labels *from, piece_column *column) {
  column->id_of = ict_alloc(from->n, sizeof *column->id_of);
  if (!column->id_of) return -1;
  for (size_t i = 0; i < from->n; i++)
    if (ict_labels_add(&slot->labels, ict_labels_at(from, i), &column->id_of[i]) != 0) return -1;
  return 0;
}

static int join_piece(reading *r, piece *p) {
  for (size_t i = 0; i < r->file->n_slots; i++) {
    ict_slot *slot = r->file->slots[i];
    const piece_slot *from = &p->slots[i];
    if (slot->kind == ICT_SLOT_LABEL && join_labels(slot, &from->labels, &p->columns[i]) != 0)
      return -1;
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
  (void)thread;
  piece *p = read_piece(r, chunk);
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
    free_column(spill, from);
  }
  return 0;
}

/* One slot of all pieces, in file order. */
static int append_slot(ict_spill *spill, ict_slot *slot, size_t i, piece *const *pieces, size_t n,
                       size_t n_rows) {
  if (slot->kind == ICT_SLOT_KEY) return append_keys(spill, slot, i, pieces, n, n_rows);
  size_t size = value_bytes(slot);
  slot->values = ict_spill_alloc(spill, n_rows, size);
  if (!slot->values) return -1;
  for (size_t p = 0, row = 0; p < n; row += pieces[p]->n_rows, p++) {
    piece_column *from = &pieces[p]->columns[i];
    if (slot->kind == ICT_SLOT_LABEL) {
      uint32_t *to = (uint32_t *)slot->values + row;
      const uint32_t *ids = from->values;
      for (size_t k = 0; k < pieces[p]->n_rows; k++) to[k] = from->id_of[ids[k]];
    } else {
      memcpy((char *)slot->values + row * size, from->values, pieces[p]->n_rows * size);
    }
    free_column(spill, from);
  }
  return 0;
}

typedef struct appending {
  ict_spill *spill;
  ict_work_file *file;
  piece *const *pieces;
  size_t n_pieces;
  atomic_bool short_of_memory;
} appending;

static void append_one(void *ctx, size_t i, int thread) {
  appending *job = ctx;
  (void)thread;
  if (append_slot(job->spill, job->file->slots[i], i, job->pieces, job->n_pieces,
                  job->file->n_rows) != 0)
    atomic_store(&job->short_of_memory, true);
}

static ict_status append_pieces(const ict_work *work, ict_work_file *file, piece *const *pieces,
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
  appending job = {.spill = work->spill, .file = file, .pieces = pieces, .n_pieces = n};
  ict_par_run(file->n_slots, work->threads, append_one, &job);
  return atomic_load(&job.short_of_memory) ? ict_spill_short(work->spill, err) : ICT_OK;
}

ict_status ict_read_file(ict_work *work, ict_work_file *file, ict_err *err) {
  reading r = {.spill = work->spill, .file = file, .joining = ATOMIC_FLAG_INIT};
  piece **pieces = NULL;
  ict_status st = ict_source_read(file->source, file->wanted, file->n_wanted, work->threads,
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
  st = append_pieces(work, file, pieces, r.n_joined, err);
done:
  free_pieces(work->spill, atomic_load(&r.arrived), file->n_slots);
  free_pieces(work->spill, r.waiting, file->n_slots);
  free_pieces(work->spill, r.joined, file->n_slots);
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
