/* table_sort.c - rows in the order of their keys.
 *
 * In: rows in any order. Out: the same, sorted; a key twice is an error.
 * Owns: nothing beyond the call.
 *
 * A key is small numbers: of the indicator, area, period, item and the axes' codes, each below the
 * number of its texts. So rows are counted into place, column after column from the last: a
 * million rows take as long as writing ten million numbers, and comparing no two rows. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/table_inside.h"

enum { KEY_INDICATOR, KEY_AREA, KEY_PERIOD, KEY_ITEM, KEY_AXES };

typedef struct sorting {
  size_t width;           /* numbers in a key */
  uint32_t *keys;         /* n_rows * width */
  uint32_t *order, *next; /* row numbers */
} sorting;

static int compare_names(const void *a, const void *b, void *ctx) {
  const ict_name *items = ctx;
  return ict_text_natcmp(ict_slice_of(items[*(const uint32_t *)a].text),
                         ict_slice_of(items[*(const uint32_t *)b].text));
}

/* rank[i]: the place of text i in natural order. NULL where memory is short. */
static uint32_t *natural_ranks(const ict_names *texts) {
  uint32_t *order = ict_alloc(texts->n, sizeof *order);
  uint32_t *rank = ict_alloc(texts->n, sizeof *rank);
  if (order && rank) {
    for (size_t i = 0; i < texts->n; i++) order[i] = (uint32_t)i;
    qsort_r(order, texts->n, sizeof *order, compare_names, texts->items);
    for (size_t i = 0; i < texts->n; i++) rank[order[i]] = (uint32_t)i;
  } else {
    ict_free(rank);
    rank = NULL;
  }
  ict_free(order);
  return rank;
}

/* Where texts of one set were found last. They are the table's own, so that the address is the
 * text. */
enum { REMEMBERED = 64 };
typedef struct memory {
  const char *text[REMEMBERED];
  uint32_t at[REMEMBERED];
} memory;

static uint32_t find(memory *m, const ict_names *names, const char *text) {
  size_t i = ((uintptr_t)text >> 3 ^ (uintptr_t)text >> 9) % REMEMBERED;
  if (m->text[i] != text) {
    m->text[i] = text;
    m->at[i] = (uint32_t)ict_names_find(names, text);
  }
  return m->at[i];
}

/* m: one a column of the key; items of different indicators are different sets. */
static void make_key(const ict_table *table, const ict_table_row *row, const uint32_t *rank,
                     memory *m, uint32_t *key) {
  uint32_t at = find(&m[KEY_INDICATOR], &table->indicators, row->indicator);
  key[KEY_INDICATOR] = at;
  key[KEY_AREA] = rank[find(&m[KEY_AREA], &table->texts, row->ref_area)];
  key[KEY_PERIOD] = rank[find(&m[KEY_PERIOD], &table->texts, row->time_period)];
  key[KEY_ITEM] = row->item[0] ? (uint32_t)ict_names_find(&table->items[at], row->item) : 0;
  for (size_t i = 0; i < table->n_axes; i++)
    key[KEY_AXES + i] = find(&m[KEY_AXES + i], &table->axes[i].codes, row->axes[i]);
}

/* One stable pass by a column of the keys. -1: memory is short. */
static int pass(sorting *s, size_t column, size_t n) {
  uint32_t most = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t k = s->keys[i * s->width + column];
    if (k > most) most = k;
  }
  if (most == 0) return 0;
  uint32_t *place = ict_alloc((size_t)most + 2, sizeof *place);
  if (!place) return -1;
  for (size_t i = 0; i < n; i++) place[s->keys[i * s->width + column] + 1]++;
  for (size_t k = 0; k < most; k++) place[k + 1] += place[k];
  for (size_t i = 0; i < n; i++)
    s->next[place[s->keys[s->order[i] * s->width + column]]++] = s->order[i];
  ict_free(place);
  uint32_t *t = s->order;
  s->order = s->next;
  s->next = t;
  return 0;
}

/* Row order[i] comes to place i, by following each cycle: a second table of rows would cost more
 * than the sorting. order is used up. */
static void permute(ict_table_row *rows, uint32_t *order, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (order[i] == i) continue;
    ict_table_row first = rows[i];
    size_t to = i;
    while (order[to] != i) {
      size_t from = order[to];
      rows[to] = rows[from];
      order[to] = (uint32_t)to;
      to = from;
    }
    rows[to] = first;
    order[to] = (uint32_t)to;
  }
}

static ict_status report_twice(const ict_table *table, const ict_table_row *row, ict_err *err) {
  ict_str cell;
  ict_str_init(&cell);
  for (size_t i = 0; i < table->n_axes; i++) {
    if (strcmp(row->axes[i], ICT_TOTAL) == 0) continue;
    ict_str_addf(&cell, ", %s %s", table->axes[i].name, row->axes[i]);
  }
  ict_err_set(err, ICT_REFUSED, "two rows for indicator %s%s%s, area %s, period %s%s",
              row->indicator, row->item[0] ? ", item " : "", row->item, row->ref_area,
              row->time_period, cell.text);
  ict_err_fix(err, "leave one of the two sources out");
  ict_str_done(&cell);
  return ICT_REFUSED;
}

static ict_status sort(ict_table *table, sorting *s, const uint32_t *rank, memory *m,
                       ict_err *err) {
  size_t n = table->n_rows;
  for (size_t i = 0; i < n; i++) {
    s->order[i] = (uint32_t)i;
    make_key(table, &table->rows[i], rank, m, s->keys + i * s->width);
  }
  for (size_t c = s->width; c-- > 0;)
    if (pass(s, c, n) != 0) return ict_err_memory(err);
  for (size_t i = 1; i < n; i++)
    if (memcmp(s->keys + s->order[i - 1] * s->width, s->keys + s->order[i] * s->width,
               s->width * sizeof *s->keys) == 0)
      return report_twice(table, &table->rows[s->order[i]], err);
  permute(table->rows, s->order, n);
  return ICT_OK;
}

ict_status ict_table_sort(ict_table *table, ict_err *err) {
  size_t n = table->n_rows;
  sorting s = {.width = KEY_AXES + table->n_axes};
  if (n >= UINT32_MAX) return ict_err_set(err, ICT_REFUSED, "%zu rows are more than a table", n);
  uint32_t *rank = natural_ranks(&table->texts);
  memory *m = ict_alloc(s.width, sizeof *m);
  s.keys = ict_alloc(n * s.width, sizeof *s.keys);
  s.order = ict_alloc(n, sizeof *s.order);
  s.next = ict_alloc(n, sizeof *s.next);
  ict_status st = rank && m && s.keys && s.order && s.next ? sort(table, &s, rank, m, err)
                                                           : ict_err_memory(err);
  ict_free(rank);
  ict_free(m);
  ict_free(s.keys);
  ict_free(s.order);
  ict_free(s.next);
  return st;
}
