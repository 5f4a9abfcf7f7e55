/* read.c - one pass over a file: chunks, several at once, become pieces of the slots'
 * columns; the pieces are then put together in file order.
 *
 * What a piece holds depends on its rows alone, so neither the number of threads nor the order
 * in which they finish shows in the result.
 *
 * In: a bound file. Out: the columns of its slots. */
#include <stdatomic.h>
#include <string.h>

#include "base/par.h"
#include "intake/work.h"

typedef struct piece_slot {
  void *values;
  ict_labels labels;
  ict_str key_bytes;
  uint64_t *key_end;
  ict_problems problems;
  uint64_t *hits;
} piece_slot;

typedef struct piece {
  struct piece *next;
  size_t index, n_rows;
  ict_run run;
  piece_slot *slots;
} piece;

typedef struct reading {
  ict_spill *spill;
  const ict_work_file *file;
  _Atomic(piece *) pieces; /* the newest first */
} reading;

static size_t value_bytes(const ict_slot *slot) {
  return slot->kind == ICT_SLOT_LABEL ? sizeof(uint32_t)
                                      : ict_width_bytes(ict_recode_width(slot->recode));
}

static void piece_free(ict_spill *spill, piece *p, size_t n_slots) {
  if (!p) return;
  for (size_t i = 0; p->slots && i < n_slots; i++) {
    piece_slot *s = &p->slots[i];
    ict_spill_free(spill, s->values);
    ict_labels_done(&s->labels);
    if (s->key_bytes.text) ict_str_done(&s->key_bytes);
    ict_free(s->key_end);
    ict_problems_done(&s->problems);
    ict_free(s->hits);
  }
  ict_free(p->slots);
  ict_free(p->run.line);
  ict_free(p);
}

/* --- one chunk -------------------------------------------------------------------- */

static int read_labels(const ict_slot *slot, const ict_chunk *chunk, piece_slot *to) {
  const ict_raw_column *column = &chunk->columns[slot->column];
  uint32_t *ids = to->values;
  char buf[ICT_NUMBER_TEXT];
  for (size_t row = 0; row < chunk->n_rows; row++) {
    ict_slice text = ict_cell_text(column, row, buf);
    /* Persons of one PSU mostly stand together: the label is that of the row before. */
    if (row > 0) {
      ict_slice last = ict_labels_at(&to->labels, ids[row - 1]);
      if (text.len == last.len && memcmp(text.text, last.text, text.len) == 0) {
        ids[row] = ids[row - 1];
        continue;
      }
    }
    if (ict_labels_add(&to->labels, text, &ids[row]) != 0) return -1;
  }
  return 0;
}

static int read_keys(const ict_slot *slot, const ict_chunk *chunk, piece_slot *to) {
  ict_str_init(&to->key_bytes);
  to->key_end = ict_alloc(chunk->n_rows, sizeof *to->key_end);
  if (!to->key_end) return -1;
  for (size_t row = 0; row < chunk->n_rows; row++) {
    if (ict_key_append(&to->key_bytes, slot, chunk->columns, row) != 0) return -1;
    to->key_end[row] = to->key_bytes.len;
  }
  return 0;
}

static int read_slot(ict_spill *spill, const ict_slot *slot, const ict_chunk *chunk,
                     piece_slot *to) {
  if (slot->kind == ICT_SLOT_KEY) return read_keys(slot, chunk, to);
  to->values = ict_spill_alloc(spill, chunk->n_rows, value_bytes(slot));
  if (!to->values) return -1;
  if (slot->kind == ICT_SLOT_LABEL) return read_labels(slot, chunk, to);
  to->hits = ict_alloc(slot->spec.n_values + 1, sizeof *to->hits);
  if (!to->hits) return -1;
  return ict_recode_run(slot->recode, &chunk->columns[slot->column], chunk->line, chunk->n_rows,
                        to->values, to->hits, &to->problems);
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

static ict_status read_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  reading *r = ctx;
  const ict_work_file *file = r->file;
  (void)thread;
  piece *p = ict_alloc(1, sizeof *p);
  if (p) p->slots = ict_alloc(file->n_slots, sizeof *p->slots);
  if (!p || !p->slots || keep_lines(chunk, &p->run) != 0) goto short_of_memory;
  p->index = chunk->index;
  p->n_rows = chunk->n_rows;
  for (size_t i = 0; i < file->n_slots; i++) {
    if (read_slot(r->spill, file->slots[i], chunk, &p->slots[i]) != 0) goto short_of_memory;
  }
  p->next = atomic_load(&r->pieces);
  while (!atomic_compare_exchange_weak(&r->pieces, &p->next, p)) continue;
  return ICT_OK;
short_of_memory:
  piece_free(r->spill, p, file->n_slots);
  return ict_spill_short(r->spill, err);
}

/* --- the whole -------------------------------------------------------------------- */

static int join_labels(ict_slot *slot, piece_slot *from, size_t n_rows, uint32_t *to) {
  uint32_t *id_of = ict_alloc(from->labels.n, sizeof *id_of);
  if (!id_of) return -1;
  int bad = 0;
  for (size_t i = 0; i < from->labels.n && !bad; i++) {
    bad = ict_labels_add(&slot->labels, ict_labels_at(&from->labels, i), &id_of[i]);
  }
  const uint32_t *ids = from->values;
  for (size_t row = 0; row < n_rows && !bad; row++) to[row] = id_of[ids[row]];
  ict_free(id_of);
  return bad;
}

static int join_keys(ict_spill *spill, ict_slot *slot, size_t i, piece *const *pieces, size_t n,
                     size_t n_rows) {
  size_t bytes = 0, row = 0;
  for (size_t p = 0; p < n; p++) bytes += pieces[p]->slots[i].key_bytes.len;
  slot->keys.bytes = ict_spill_alloc(spill, bytes, 1);
  slot->keys.end = ict_spill_alloc(spill, n_rows, sizeof *slot->keys.end);
  if (!slot->keys.bytes || !slot->keys.end) return -1;
  bytes = 0;
  for (size_t p = 0; p < n; p++) {
    piece_slot *from = &pieces[p]->slots[i];
    memcpy(slot->keys.bytes + bytes, from->key_bytes.text, from->key_bytes.len);
    for (size_t k = 0; k < pieces[p]->n_rows; k++) slot->keys.end[row++] = bytes + from->key_end[k];
    bytes += from->key_bytes.len;
    ict_str_done(&from->key_bytes);
    from->key_bytes = (ict_str){0};
    ict_free(from->key_end);
    from->key_end = NULL;
  }
  return 0;
}

/* One slot of all pieces, in file order. */
static int join_slot(ict_spill *spill, ict_slot *slot, size_t i, piece *const *pieces, size_t n,
                     size_t n_rows) {
  if (slot->kind == ICT_SLOT_KEY) return join_keys(spill, slot, i, pieces, n, n_rows);
  size_t size = value_bytes(slot);
  slot->values = ict_spill_alloc(spill, n_rows, size);
  if (!slot->values) return -1;
  for (size_t p = 0, row = 0; p < n; row += pieces[p]->n_rows, p++) {
    piece_slot *from = &pieces[p]->slots[i];
    char *to = (char *)slot->values + row * size;
    if (slot->kind == ICT_SLOT_LABEL) {
      if (join_labels(slot, from, pieces[p]->n_rows, (uint32_t *)(void *)to) != 0) return -1;
    } else {
      memcpy(to, from->values, pieces[p]->n_rows * size);
      if (ict_problems_merge(&slot->problems, &from->problems) != 0) return -1;
      for (size_t v = 0; v < slot->spec.n_values; v++) slot->hits[v] += from->hits[v];
    }
    ict_spill_free(spill, from->values);
    from->values = NULL;
  }
  return 0;
}

typedef struct joining {
  ict_spill *spill;
  ict_work_file *file;
  piece *const *pieces;
  size_t n_pieces;
  atomic_bool short_of_memory;
} joining;

static void join_one(void *ctx, size_t i, int thread) {
  joining *job = ctx;
  (void)thread;
  if (join_slot(job->spill, job->file->slots[i], i, job->pieces, job->n_pieces,
                job->file->n_rows) != 0)
    atomic_store(&job->short_of_memory, true);
}

static ict_status join_pieces(const ict_work *work, ict_work_file *file, piece *const *pieces,
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
  joining job = {.spill = work->spill, .file = file, .pieces = pieces, .n_pieces = n};
  ict_par_run(file->n_slots, work->threads, join_one, &job);
  return atomic_load(&job.short_of_memory) ? ict_spill_short(work->spill, err) : ICT_OK;
}

ict_status ict_read_file(ict_work *work, ict_work_file *file, ict_err *err) {
  reading r = {.spill = work->spill, .file = file};
  piece **pieces = NULL, *p;
  size_t n = 0;
  ict_status st = ict_source_read(file->source, file->wanted, file->n_wanted, work->threads,
                                  work->options->progress, read_chunk, &r, err);
  if (st != ICT_OK) {
    ict_err_while(err, "reading file '%s' of %s", file->map->id, work->mapping->file);
    goto done;
  }
  for (p = r.pieces; p; p = p->next) n++;
  pieces = ict_alloc(n, sizeof *pieces);
  if (!pieces) {
    st = ict_err_memory(err);
    goto done;
  }
  for (p = r.pieces; p; p = p->next) pieces[p->index] = p; /* numbered without gaps */
  st = join_pieces(work, file, pieces, n, err);
done:
  for (p = r.pieces; p;) {
    piece *next = p->next;
    piece_free(work->spill, p, file->n_slots);
    p = next;
  }
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
