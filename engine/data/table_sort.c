/* table_sort.c - rows in the order of their keys.
 *
 * In: rows in any order. Out: the same, sorted; a key twice is an error.
 * Owns: nothing beyond the call.
 *
 * A key is small numbers: of the indicator, area, period, item and the axes' codes, each below the
 * number of its texts. Rows that come in order, as the estimates of one plan do, are only looked at
 * once, by all threads; neighbours share most texts, and these are told by their address. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"
#include "base/par.h"
#include "base/text.h"
#include "data/table_inside.h"

enum { KEY_INDICATOR, KEY_AREA, KEY_PERIOD, KEY_ITEM, KEY_AXES };

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

/* What the places of a row's texts are found by. */
typedef struct ranking {
  const ict_table *table;
  uint32_t *rank; /* of texts */
  memory *found;  /* one a column of the key, but for items: each indicator has a set of its own */
} ranking;

static uint32_t indicator_of(ranking *r, const ict_table_row *row) {
  return find(&r->found[KEY_INDICATOR], &r->table->indicators, row->indicator);
}

static uint32_t area_of(ranking *r, const ict_table_row *row) {
  return r->rank[find(&r->found[KEY_AREA], &r->table->texts, row->ref_area)];
}

static uint32_t period_of(ranking *r, const ict_table_row *row) {
  return r->rank[find(&r->found[KEY_PERIOD], &r->table->texts, row->time_period)];
}

static uint32_t item_of(ranking *r, const ict_table_row *row) {
  if (!row->item[0]) return 0;
  return (uint32_t)ict_names_find(&r->table->items[indicator_of(r, row)], row->item);
}

static uint32_t code_of(ranking *r, const ict_table_row *row, size_t axis) {
  return find(&r->found[KEY_AXES + axis], &r->table->axes[axis].codes, row->axes[axis]);
}

static void make_key(ranking *r, const ict_table_row *row, uint32_t *key) {
  key[KEY_INDICATOR] = indicator_of(r, row);
  key[KEY_AREA] = area_of(r, row);
  key[KEY_PERIOD] = period_of(r, row);
  key[KEY_ITEM] = item_of(r, row);
  for (size_t i = 0; i < r->table->n_axes; i++) key[KEY_AXES + i] = code_of(r, row, i);
}

/* Whether b comes behind a. */
static bool follows(ranking *r, const ict_table_row *a, const ict_table_row *b) {
  if (a->indicator != b->indicator) return indicator_of(r, a) < indicator_of(r, b);
  if (a->ref_area != b->ref_area) return area_of(r, a) < area_of(r, b);
  if (a->time_period != b->time_period) return period_of(r, a) < period_of(r, b);
  if (a->item != b->item) return item_of(r, a) < item_of(r, b);
  for (size_t i = 0; i < r->table->n_axes; i++)
    if (a->axes[i] != b->axes[i]) return code_of(r, a, i) < code_of(r, b, i);
  return false;
}

enum { BLOCK_ROWS = 16384 }; /* half a millisecond */

typedef struct looking {
  const ict_table *table;
  ranking *rankings; /* by thread */
  atomic_bool disorder;
} looking;

static void look_at_block(void *ctx, size_t block, int thread) {
  looking *l = ctx;
  const ict_table_row *rows = l->table->rows;
  size_t from = block * BLOCK_ROWS, to = from + BLOCK_ROWS;
  if (to > l->table->n_rows) to = l->table->n_rows;
  for (size_t i = from > 0 ? from : 1; i < to && !atomic_load(&l->disorder); i++)
    if (!follows(&l->rankings[thread], &rows[i - 1], &rows[i])) atomic_store(&l->disorder, true);
}

/* rank: of texts. */
static ict_status look(const ict_table *table, uint32_t *rank, int threads, bool *sorted,
                       ict_err *err) {
  size_t n_blocks = (table->n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
  size_t n = (size_t)ict_par_threads(threads), width = KEY_AXES + table->n_axes;
  if (n > n_blocks) n = n_blocks > 0 ? n_blocks : 1;
  looking l = {.table = table, .rankings = ict_alloc(n, sizeof *l.rankings)};
  memory *found = ict_alloc(n, width * sizeof *found);
  ict_status st = l.rankings && found ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < n && st == ICT_OK; i++)
    l.rankings[i] = (ranking){table, rank, found + i * width};
  if (st == ICT_OK) ict_par_run(n_blocks, (int)n, look_at_block, &l);
  *sorted = !atomic_load(&l.disorder);
  ict_free(found);
  ict_free(l.rankings);
  return st;
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

static ict_status sort(ict_table *table, ranking *r, ict_err *err) {
  size_t n = table->n_rows, width = KEY_AXES + table->n_axes;
  uint32_t *keys = ict_alloc(n * width, sizeof *keys), *order = ict_alloc(n, sizeof *order);
  ict_status st = keys && order ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) make_key(r, &table->rows[i], keys + i * width);
  if (st == ICT_OK && !ict_order_keys(keys, n, width, order)) st = ict_err_memory(err);
  for (size_t i = 1; i < n && st == ICT_OK; i++)
    if (memcmp(keys + order[i - 1] * width, keys + order[i] * width, width * sizeof *keys) == 0)
      st = report_twice(table, &table->rows[order[i]], err);
  if (st == ICT_OK) permute(table->rows, order, n);
  ict_free(keys);
  ict_free(order);
  return st;
}

ict_status ict_table_sort_by(ict_table *table, int threads, ict_err *err) {
  size_t n = table->n_rows;
  if (n >= UINT32_MAX) return ict_err_set(err, ICT_REFUSED, "%zu rows are more than a table", n);
  ranking r = {table, natural_ranks(&table->texts),
               ict_alloc(KEY_AXES + table->n_axes, sizeof *r.found)};
  bool sorted = false;
  ict_status st = r.rank && r.found ? ICT_OK : ict_err_memory(err);
  if (st == ICT_OK) st = look(table, r.rank, threads, &sorted, err);
  if (st == ICT_OK && !sorted) st = sort(table, &r, err);
  ict_free(r.rank);
  ict_free(r.found);
  return st;
}

ict_status ict_table_sort(ict_table *table, ict_err *err) {
  return ict_table_sort_by(table, 1, err);
}
