/* keys.c - which row of another file belongs to a row.
 *
 * Key texts are hashed; equal hashes are compared. A key names one row; rows of a linked
 * file find theirs, and what becomes of those that do not is the mapping's to say.
 * Findings tell lines, never keys: a key may be a respondent.
 *
 * In: key texts. Out: file->linked, file->dropped; findings. */

#include "base/hash.h"
#include "base/par.h"
#include "intake/work.h"

#define PART_END '\x1f'

int ict_key_append(ict_str *to, const ict_slot *slot, const ict_raw_column *columns, size_t row) {
  char buf[ICT_NUMBER_TEXT];
  for (size_t p = 0; p < slot->n_parts; p++) {
    const ict_slot_part *part = &slot->parts[p];
    if (p > 0) ict_str_addn(to, &(const char){PART_END}, 1);
    for (size_t i = 0; i < part->n; i++) {
      ict_slice s = ict_cell_text(&columns[part->column[i]], row, buf);
      for (; part->strip_zeros && s.len > 1 && *s.text == '0'; s.len--) s.text++;
      ict_str_addn(to, s.text, s.len);
    }
  }
  return to->failed ? -1 : 0;
}

/* --- rows by key ------------------------------------------------------------------ */

/* Part of the hash stands beside the row, so that other keys are passed over without a look
 * at their texts, which lie anywhere in memory: with millions of keys that is most of the time. */
typedef struct key_entry {
  uint32_t row; /* row + 1, 0: empty */
  uint32_t hash;
} key_entry;

typedef struct key_table {
  const ict_texts *keys;
  key_entry *entries;
  size_t mask;
} key_table;

/* The entry of the key, or the empty one (with its hash filled in) where it would go. */
static key_entry find(const key_table *t, ict_slice key, size_t *at) {
  uint64_t hash = ict_hash64(key.text, key.len, 0);
  uint32_t high = (uint32_t)(hash >> 32);
  for (*at = (size_t)hash & t->mask; t->entries[*at].row != 0; *at = (*at + 1) & t->mask) {
    key_entry e = t->entries[*at];
    if (e.hash != high) continue;
    ict_slice there = ict_texts_at(t->keys, e.row - 1);
    if (ict_slice_same(there, key)) return e;
  }
  return (key_entry){.row = 0, .hash = high};
}

/* Are all parts blank? */
static bool is_blank(ict_slice key) {
  for (size_t i = 0; i < key.len; i++) {
    if (key.text[i] != PART_END) return false;
  }
  return true;
}

/* Leaves the row out of the file. */
static ict_status drop(ict_spill *spill, ict_work_file *file, size_t row, ict_err *err) {
  if (!file->dropped) file->dropped = ict_spill_alloc(spill, file->n_rows, sizeof *file->dropped);
  if (!file->dropped) return ict_spill_short(spill, err);
  file->dropped[row] = true;
  return ICT_OK;
}

/* Enters all rows; says which keys are blank or repeat. */
static ict_status key_table_make(ict_work *work, ict_work_file *file, key_table *t, ict_err *err) {
  size_t size = 16;
  while (size < 2 * file->n_rows) size *= 2;
  t->keys = &file->key->keys;
  t->entries = ict_spill_alloc(work->spill, size, sizeof *t->entries);
  if (!t->entries) return ict_spill_short(work->spill, err);
  t->mask = size - 1;
  ict_tally blank = {0}, again = {0};
  uint64_t first[ICT_LINES_SHOWN] = {0};
  for (size_t r = 0; r < file->n_rows; r++) {
    ict_slice key = ict_texts_at(t->keys, r);
    if (is_blank(key)) {
      ict_tally_add(&blank, ict_file_line(file, r));
      continue;
    }
    size_t at;
    key_entry e = find(t, key, &at);
    if (e.row == 0) {
      t->entries[at] = (key_entry){.row = (uint32_t)r + 1, .hash = e.hash};
      continue;
    }
    if (again.rows < ICT_LINES_SHOWN) first[again.rows] = ict_file_line(file, e.row - 1);
    ict_tally_add(&again, ict_file_line(file, r));
    ict_status st = file->map->first_of_key ? drop(work->spill, file, r, err) : ICT_OK;
    if (st != ICT_OK) return st;
  }
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < again.rows && i < ICT_LINES_SHOWN; i++) {
    ict_str_addf(&s, "%s%s %llu repeats %s %llu", i > 0 ? "; " : "", file->row_word,
                 (unsigned long long)again.line[i], file->row_word, (unsigned long long)first[i]);
  }
  ict_status st = ICT_OK;
  if (again.rows > 0 && file->map->first_of_key) {
    st = ict_report_add(&work->report, err, "%s: %llu row%s that repeat a key left out",
                        file->map->id, (unsigned long long)again.rows, ICT_S(again.rows));
  } else if (again.rows > 0 && !s.failed) {
    ict_work_say(
        work, ICT_ERROR, file->key->at, "a key that names each row once",
        "add the variable that tells these rows apart to `key`, remove the copies, or write "
        "`duplicates: first` to take the first row of each key",
        "the key of %s repeats in %llu row%s: %s%s", file->name, (unsigned long long)again.rows,
        ICT_S(again.rows), s.text, again.rows > ICT_LINES_SHOWN ? "; ..." : "");
  }
  ict_str_clear(&s);
  ict_work_lines(&s, file, &blank);
  if (blank.rows > 0 && !s.failed) {
    ict_work_say(work, ICT_ERROR, file->key->at, "a key in every row",
                 "correct the file, or name variables that are never blank",
                 "the key of %s is blank in %llu row%s (%s)", file->name,
                 (unsigned long long)blank.rows, ICT_S(blank.rows), s.text);
  }
  if (s.failed) st = ict_err_memory(err);
  ict_str_done(&s);
  return st;
}

/* --- links ------------------------------------------------------------------------ */

typedef struct linking {
  ict_work_file *file;
  const ict_work_file *target;
  const key_table *table;
} linking;

static void link_rows(void *ctx, size_t task, int thread) {
  linking *l = ctx;
  (void)thread;
  size_t end = ict_task_end(task, l->file->n_rows);
  for (size_t r = task * ICT_TASK_ROWS; r < end; r++) {
    ict_slice key = ict_texts_at(&l->file->by->keys, r);
    size_t at;
    uint32_t row = is_blank(key) ? 0 : find(l->table, key, &at).row;
    /* A row that was left out of its file is as good as not there. */
    if (row != 0 && l->target->dropped && l->target->dropped[row - 1]) row = 0;
    l->file->linked[r] = row != 0 ? row - 1 : ICT_NO_ROW;
  }
}

static ict_status report_unmatched(ict_work *work, ict_work_file *file, ict_err *err) {
  const char *target = work->files[file->map->link].map->id;
  if (file->map->unmatched != ICT_UNMATCHED_REFUSE) {
    return ict_report_add(
        &work->report, err, "%s: %llu row%s without a match in %s %s", file->map->id,
        (unsigned long long)file->n_unmatched, ICT_S(file->n_unmatched), target,
        file->map->unmatched == ICT_UNMATCHED_DROP ? "left out" : "kept as unlinked");
  }
  ict_tally tally = {0};
  for (size_t r = 0; r < file->n_rows && tally.rows < file->n_unmatched; r++) {
    if (file->linked[r] == ICT_NO_ROW) ict_tally_add(&tally, ict_file_line(file, r));
  }
  ict_str s;
  ict_str_init(&s);
  ict_work_lines(&s, file, &tally);
  if (!s.failed) {
    ict_work_say(work, ICT_ERROR, file->by->at, "a match for every row",
                 "correct the keys, or write `unmatched: missing` or `unmatched: drop` in the link",
                 "%s has %llu row%s of %zu without a match in %s (%s)", file->name,
                 (unsigned long long)file->n_unmatched, ICT_S(file->n_unmatched), file->n_rows,
                 work->files[file->map->link].name, s.text);
  }
  ict_status st = s.failed ? ict_err_memory(err) : ICT_OK;
  ict_str_done(&s);
  return st;
}

static ict_status link_file(ict_work *work, ict_work_file *file, const key_table *table,
                            ict_err *err) {
  linking l = {.file = file, .target = &work->files[file->map->link], .table = table};
  file->linked = ict_spill_alloc(work->spill, file->n_rows, sizeof *file->linked);
  if (!file->linked) return ict_spill_short(work->spill, err);
  ict_par_run(ict_row_tasks(file->n_rows), work->threads, link_rows, &l);
  for (size_t r = 0; r < file->n_rows; r++) file->n_unmatched += file->linked[r] == ICT_NO_ROW;
  for (size_t r = 0; r < file->n_rows && file->map->unmatched == ICT_UNMATCHED_DROP; r++) {
    ict_status st = file->linked[r] == ICT_NO_ROW ? drop(work->spill, file, r, err) : ICT_OK;
    if (st != ICT_OK) return st;
  }
  return file->n_unmatched > 0 ? report_unmatched(work, file, err) : ICT_OK;
}

/* A file after the files it links to, so that it sees which of their rows were left out. */
static ict_status link_tree(ict_work *work, size_t f, key_table *tables, bool *done, ict_err *err) {
  ict_work_file *file = &work->files[f];
  ict_status st = ICT_OK;
  if (done[f] || !file->used) return ICT_OK;
  done[f] = true;
  if (file->map->link >= 0) st = link_tree(work, (size_t)file->map->link, tables, done, err);
  if (st == ICT_OK && file->key) st = key_table_make(work, file, &tables[f], err);
  if (st == ICT_OK && file->by) st = link_file(work, file, &tables[file->map->link], err);
  return st;
}

ict_status ict_link_files(ict_work *work, ict_err *err) {
  ict_status st = ICT_OK;
  key_table *tables = ict_alloc(work->n_files, sizeof *tables);
  bool *done = ict_alloc(work->n_files, sizeof *done);
  if (!tables || !done) st = ict_err_memory(err);
  for (size_t f = 0; f < work->n_files && st == ICT_OK; f++) {
    st = link_tree(work, f, tables, done, err);
  }
  for (size_t f = 0; tables && f < work->n_files; f++)
    ict_spill_free(work->spill, tables[f].entries);
  for (size_t f = 0; f < work->n_files; f++) {
    if (work->files[f].by) ict_slot_done(work->spill, work->files[f].by); /* has done its work */
  }
  ict_free(tables);
  ict_free(done);
  return st;
}

bool ict_file_reaches(const ict_work *work, size_t from, size_t to) {
  for (long f = (long)from; f >= 0; f = work->files[f].map->link) {
    if ((size_t)f == to) return true;
  }
  return false;
}

uint32_t ict_linked_row(const ict_work *work, size_t from, size_t to, uint32_t row) {
  while (from != to && row != ICT_NO_ROW) {
    row = work->files[from].linked[row];
    from = (size_t)work->files[from].map->link;
  }
  return row;
}

double ict_number_at(const ict_work *work, size_t from, const ict_slot *slot, uint32_t row,
                     ict_missing *kind) {
  row = ict_linked_row(work, from, slot->file, row);
  *kind = ICT_UNLINKED;
  double value = row == ICT_NO_ROW ? 0 : ict_cell_get(ICT_F64, slot->values, row, kind);
  return *kind == ICT_PRESENT ? value : 0;
}
