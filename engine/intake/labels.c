/* labels.c - distinct texts with ids, and lists of bad values.
 *
 * In: slices. Out: ids, counts. Owns: copies of the texts. */
#include "intake/labels.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "intake/sort.h"

/* More different bad values than this say nothing new: the wrong column was mapped. */
#define MOST_PROBLEMS 1000
#define VALUE_BYTES   48

void ict_labels_done(ict_labels *labels) {
  ict_free(labels->bytes);
  ict_free(labels->end);
  ict_free(labels->table);
  *labels = (ict_labels){0};
}

ict_slice ict_labels_at(const ict_labels *labels, size_t id) {
  uint64_t start = id > 0 ? labels->end[id - 1] : 0;
  return (ict_slice){labels->bytes + start, (size_t)(labels->end[id] - start)};
}

/* Where the text is in the table, or where it would go. */
static size_t place(const ict_labels *labels, ict_slice text) {
  size_t mask = labels->table_size - 1;
  size_t at = (size_t)ict_hash64(text.text, text.len, 0) & mask;
  for (; labels->table[at] != 0; at = (at + 1) & mask) {
    if (ict_slice_same(ict_labels_at(labels, labels->table[at] - 1), text)) break;
  }
  return at;
}

/* Keeps the table at most half full. */
static int make_room(ict_labels *labels) {
  if (labels->n * 2 < labels->table_size) return 0;
  if (labels->n >= UINT32_MAX / 4) return -1;
  size_t size = labels->table_size > 0 ? labels->table_size * 2 : 16;
  uint32_t *table = ict_alloc(size, sizeof *table);
  if (!table) return -1;
  ict_free(labels->table);
  labels->table = table;
  labels->table_size = size;
  for (size_t id = 0; id < labels->n; id++) {
    table[place(labels, ict_labels_at(labels, id))] = (uint32_t)id + 1;
  }
  return 0;
}

bool ict_labels_find(const ict_labels *labels, ict_slice text, uint32_t *id) {
  if (labels->n == 0) return false;
  size_t at = place(labels, text);
  if (labels->table[at] == 0) return false;
  *id = labels->table[at] - 1;
  return true;
}

int ict_labels_add(ict_labels *labels, ict_slice text, uint32_t *id) {
  if (make_room(labels) != 0) return -1;
  size_t at = place(labels, text);
  if (labels->table[at] == 0) {
    while (labels->n_bytes + text.len > labels->bytes_capacity || !labels->bytes) {
      size_t want = labels->bytes_capacity > 0 ? labels->bytes_capacity * 2 : 256;
      char *grown = ict_realloc(labels->bytes, want, 1);
      if (!grown) return -1;
      labels->bytes = grown;
      labels->bytes_capacity = want;
    }
    if (ict_grow(&labels->end, labels->n, &labels->capacity, sizeof *labels->end) != 0) return -1;
    if (text.len > 0) memcpy(labels->bytes + labels->n_bytes, text.text, text.len);
    labels->n_bytes += text.len;
    labels->end[labels->n++] = labels->n_bytes;
    labels->table[at] = (uint32_t)labels->n;
  }
  *id = labels->table[at] - 1;
  return 0;
}

static int natural(const void *ctx, uint32_t a, uint32_t b) {
  return ict_text_natcmp(ict_labels_at(ctx, a), ict_labels_at(ctx, b));
}

uint32_t *ict_labels_order(const ict_labels *labels) {
  uint32_t *order = ict_alloc(labels->n, sizeof *order);
  uint32_t *spare = ict_alloc(labels->n, sizeof *spare);
  if (order && spare) {
    for (size_t id = 0; id < labels->n; id++) order[id] = (uint32_t)id;
    ict_sort_by(order, spare, labels->n, natural, labels);
  } else {
    ict_free(order);
    order = NULL;
  }
  ict_free(spare);
  return order;
}

void ict_tally_add(ict_tally *tally, uint64_t line) {
  if (tally->rows < ICT_LINES_SHOWN) tally->line[tally->rows] = line;
  tally->rows++;
}

void ict_tally_merge(ict_tally *tally, const ict_tally *more) {
  for (size_t i = 0; i < ICT_LINES_SHOWN && i < more->rows; i++) {
    if (tally->rows + i < ICT_LINES_SHOWN) tally->line[tally->rows + i] = more->line[i];
  }
  tally->rows += more->rows;
}

void ict_problems_done(ict_problems *problems) {
  ict_labels_done(&problems->values);
  ict_free(problems->tally);
  *problems = (ict_problems){0};
}

/* The tally of a key (kind byte and value), made where it is new and there is room; else
 * that of the rest. NULL: memory is short. */
static ict_tally *tally_of(ict_problems *problems, ict_slice key) {
  uint32_t id;
  size_t n = problems->values.n;
  if (ict_labels_find(&problems->values, key, &id)) return &problems->tally[id];
  if (n >= MOST_PROBLEMS) return &problems->rest[(unsigned char)key.text[0]];
  if (ict_grow(&problems->tally, n, &problems->capacity, sizeof *problems->tally) != 0 ||
      ict_labels_add(&problems->values, key, &id) != 0) {
    return NULL;
  }
  problems->tally[id] = (ict_tally){0};
  return &problems->tally[id];
}

int ict_problems_add(ict_problems *problems, ict_bad kind, ict_slice value, uint64_t line) {
  char key[1 + VALUE_BYTES];
  size_t len = value.len;
  if (len > VALUE_BYTES) {
    for (len = VALUE_BYTES; len > 0 && ((unsigned char)value.text[len] & 0xC0) == 0x80;) len--;
  }
  key[0] = (char)kind;
  if (len > 0) memcpy(key + 1, value.text, len);
  ict_tally *tally = tally_of(problems, (ict_slice){key, len + 1});
  if (!tally) return -1;
  ict_tally_add(tally, line);
  return 0;
}

int ict_problems_merge(ict_problems *problems, const ict_problems *more) {
  for (size_t id = 0; id < more->values.n; id++) {
    ict_tally *tally = tally_of(problems, ict_labels_at(&more->values, id));
    if (!tally) return -1;
    ict_tally_merge(tally, &more->tally[id]);
  }
  for (size_t kind = 0; kind < ICT_N_BAD; kind++) {
    ict_tally_merge(&problems->rest[kind], &more->rest[kind]);
  }
  return 0;
}
