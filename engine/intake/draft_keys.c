/* draft_keys.c - keys and links of a draft, tried on the rows.
 *
 * A key is tried by the hashes of its texts: a repeat is one with near certainty, and a draft is
 * read again by somebody who knows the survey. The shortest key that names each row once is
 * proposed, but a person's has the person in it. A file belongs to the file whose key it knows
 * most parts of, where at least one row finds its row there.
 *
 * In: sources and the variables recognised. Out: keys, links, counts of rows that do not fit. */
#include "intake/draft_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "intake/cell.h"

#define BIT(part) (1u << (part))

const char *const ICT_PART_ROLES[ICT_N_PARTS] = {"cluster", "household", "person", "key"};

/* The rows of a file: the hash of each part's text. */
typedef struct row_hashes {
  const ict_draft_key *file;
  uint64_t (*part)[ICT_N_PARTS];
  size_t n, capacity;
  size_t column[ICT_N_PARTS]; /* where a part stands in the chunk */
} row_hashes;

static ict_status read_chunk(void *ctx, const ict_chunk *chunk, int thread, ict_err *err) {
  row_hashes *rows = ctx;
  char buf[ICT_NUMBER_TEXT];
  (void)thread; /* one alone: rows are appended */
  for (size_t r = 0; r < chunk->n_rows; r++) {
    if (ict_grow(&rows->part, rows->n, &rows->capacity, sizeof *rows->part) != 0)
      return ict_err_memory(err);
    for (size_t p = 0; p < ICT_N_PARTS; p++) {
      if (rows->file->variable[p] < 0) continue;
      ict_slice text = ict_cell_text(&chunk->columns[rows->column[p]], r, buf);
      rows->part[rows->n][p] = ict_hash64(text.text, text.len, p);
    }
    rows->n++;
  }
  return ICT_OK;
}

static ict_status read_rows(ict_draft_key *file, row_hashes *rows, ict_err *err) {
  size_t wanted[ICT_N_PARTS], n = 0;
  *rows = (row_hashes){.file = file};
  for (size_t p = 0; p < ICT_N_PARTS; p++) {
    if (file->variable[p] < 0) continue;
    rows->column[p] = n;
    wanted[n++] = (size_t)file->variable[p];
  }
  ict_status st =
      n == 0 ? ICT_OK : ict_source_read(file->source, wanted, n, 1, NULL, read_chunk, rows, err);
  file->n_rows = rows->n;
  return st;
}

static int by_value(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static uint64_t hash_of(const uint64_t part[ICT_N_PARTS], unsigned parts) {
  uint64_t chosen[ICT_N_PARTS];
  size_t n = 0;
  for (size_t p = 0; p < ICT_N_PARTS; p++)
    if (parts & BIT(p)) chosen[n++] = part[p];
  return ict_hash64(chosen, n * sizeof *chosen, 0);
}

/* The hash of every row's key. */
static uint64_t *hashes_of(const row_hashes *rows, unsigned parts) {
  uint64_t *h = ict_alloc(rows->n, sizeof *h);
  for (size_t r = 0; h && r < rows->n; r++) h[r] = hash_of(rows->part[r], parts);
  return h;
}

/* The same, in order, for ict_draft_keys_find to look up in. */
static uint64_t *sorted_hashes(const row_hashes *rows, unsigned parts) {
  uint64_t *h = hashes_of(rows, parts);
  if (h && rows->n > 0) qsort(h, rows->n, sizeof *h, by_value);
  return h;
}

static ict_status find_key(ict_draft_key *file, const row_hashes *rows, ict_err *err) {
  const unsigned c = BIT(ICT_PART_CLUSTER), h = BIT(ICT_PART_HOUSEHOLD), p = BIT(ICT_PART_PERSON);
  /* Those of persons before those of households. */
  const unsigned order[] = {h | p, c | h | p, h, c | h, BIT(ICT_PART_WHOLE), p};
  unsigned have = 0;
  for (size_t i = 0; i < ICT_N_PARTS; i++) have |= file->variable[i] >= 0 ? BIT(i) : 0;
  for (size_t i = 0; i < sizeof order / sizeof *order && file->parts == 0; i++) {
    if ((have & order[i]) != order[i]) continue;
    uint64_t *sorted = sorted_hashes(rows, order[i]), repeats = 0;
    if (!sorted) return ict_err_memory(err);
    for (size_t r = 1; r < rows->n; r++) repeats += sorted[r] == sorted[r - 1];
    ict_free(sorted);
    if (repeats == 0) {
      file->parts = order[i];
    } else if (order[i] > file->tried && order[i] != BIT(ICT_PART_WHOLE)) {
      file->tried = order[i];
      file->n_repeats = repeats;
    }
  }
  return ICT_OK;
}

static size_t n_parts(unsigned parts) {
  size_t n = 0;
  for (; parts; parts &= parts - 1) n++;
  return n;
}

/* May file `at` belong to file `to`? Not to one whose key is longer, and in one direction. */
static bool may_link(const ict_draft_key *files, size_t at, size_t to) {
  unsigned key = files[to].parts;
  if (at == to || key == 0 || key == BIT(ICT_PART_WHOLE) || files[at].parts == 0) return false;
  for (size_t p = 0; p < ICT_N_PARTS; p++)
    if ((key & BIT(p)) && files[at].variable[p] < 0) return false;
  if (files[at].parts == key) return to < at;
  return n_parts(key) < n_parts(files[at].parts) || files[at].parts == BIT(ICT_PART_WHOLE);
}

static ict_status find_link(ict_draft_key *files, size_t at, const row_hashes *rows, size_t n,
                            ict_err *err) {
  size_t best = 0;
  for (size_t to = 0; to < n; to++) {
    if (!may_link(files, at, to)) continue;
    uint64_t *there = sorted_hashes(&rows[to], files[to].parts);
    uint64_t *here = hashes_of(&rows[at], files[to].parts), lost = 0;
    ict_status st = there && here ? ICT_OK : ict_err_memory(err);
    for (size_t r = 0; st == ICT_OK && r < rows[at].n; r++)
      lost += !bsearch(&here[r], there, rows[to].n, sizeof *there, by_value);
    ict_free(there);
    ict_free(here);
    if (st != ICT_OK) return st;
    size_t fit = n_parts(files[to].parts);
    if (lost == rows[at].n || fit < best) continue;
    if (fit == best && lost >= files[at].n_unmatched) continue;
    best = fit;
    files[at].parent = (long)to;
    files[at].n_unmatched = lost;
  }
  return ICT_OK;
}

ict_status ict_draft_keys_find(ict_draft_key *files, size_t n, ict_err *err) {
  row_hashes *rows = ict_alloc(n, sizeof *rows);
  ict_status st = rows ? ICT_OK : ict_err_memory(err);
  for (size_t f = 0; f < n && st == ICT_OK; f++) {
    files[f].parent = -1;
    st = read_rows(&files[f], &rows[f], err);
    if (st == ICT_OK) st = find_key(&files[f], &rows[f], err);
  }
  for (size_t f = 0; f < n && st == ICT_OK; f++) st = find_link(files, f, rows, n, err);
  for (size_t f = 0; rows && f < n; f++) ict_free(rows[f].part);
  ict_free(rows);
  return st;
}
