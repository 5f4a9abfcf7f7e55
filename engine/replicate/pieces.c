/* pieces.c - totals as bytes for another process, and back.
 *
 * In: the totals of some chunks. Out: bytes; totals again.
 * Owns: nothing.
 *
 * With the totals go the rows that counted: degrees of freedom are counted over all of them. */
#include <string.h>

#include "base/mem.h"
#include "replicate/inside.h"

static void save_items(const ict_replicate_totals *t, ict_out *out) {
  const ict_left_items *items = &t->items;
  ict_pack_number(out, items->n);
  if (items->n == 0) return;
  ict_out_write(out, items->psu, items->n * sizeof *items->psu);
  ict_out_write(out, items->key, items->n * sizeof *items->key);
  ict_out_write(out, items->total, items->n * 2 * t->shape->n_measures * sizeof *items->total);
}

/* What follows is an array of n; NULL where it is shorter. Not aligned. */
static const unsigned char *take(ict_unpack *from, size_t n, size_t size) {
  const unsigned char *at = from->at;
  if (size > 0 && n > from->left / size) return NULL;
  from->at += n * size;
  from->left -= n * size;
  return at;
}

static ict_status load_items(ict_replicate_totals *t, ict_unpack *from, ict_err *err) {
  size_t width = 2 * t->shape->n_measures, last = 0;
  uint64_t n;
  if (!ict_unpack_number(from, &n)) return ict_unpack_short(err);
  const unsigned char *psus = take(from, n, sizeof(uint32_t)),
                      *keys = take(from, n, sizeof(uint32_t)),
                      *totals = take(from, n, width * sizeof(double));
  double *total = ict_alloc(width, sizeof *total);
  ict_status st = !total ? ict_err_memory(err) : ICT_OK;
  if (st == ICT_OK && (!psus || !keys || !totals)) st = ict_unpack_short(err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    uint32_t psu, key;
    memcpy(&psu, psus + i * sizeof psu, sizeof psu);
    memcpy(&key, keys + i * sizeof key, sizeof key);
    memcpy(total, totals + i * width * sizeof *total, width * sizeof *total);
    if (psu < last || psu >= t->replicates->design->n_psu || key >= t->n_keys)
      st = ict_unpack_short(err);
    else
      st = ict_left_add(t, last = psu, key, total, err);
  }
  ict_free(total);
  return st;
}

static ict_counted *counted_of(ict_replicate_totals *t) {
  return &(t->whole ? t->whole : t)->counted;
}

ict_status ict_replicate_save(ict_replicate_totals *t, size_t from, size_t to, ict_out *out,
                              ict_err *err) {
  const ict_counted *c = counted_of(t);
  ict_status st = ict_replicate_settle(t, err);
  if (st != ICT_OK) return st;
  ict_pack_number(out, t->by_margin);
  ict_sheet_save(&t->keys, out);
  save_items(t, out);
  ict_pack_number(out, from);
  ict_pack_number(out, to);
  if (c->bits && to > from) {
    ict_out_write(out, c->fine + from, (to - from) * sizeof *c->fine);
    ict_out_write(out, c->bits + from * c->bytes_a_row, (to - from) * c->bytes_a_row);
  }
  return ict_replicate_empty(t, err);
}

ict_status ict_replicate_load(ict_replicate_totals *t, ict_unpack *from, ict_err *err) {
  ict_counted *c = counted_of(t);
  uint64_t first, end, by_margin;
  if (!ict_unpack_number(from, &by_margin) || by_margin > 1 || (t->by_margin && !by_margin))
    return ict_unpack_short(err);
  ict_status st = by_margin ? ict_replicate_roll_up(t, err) : ICT_OK;
  if (st == ICT_OK) st = ict_sheet_load(&t->keys, from, err);
  if (st == ICT_OK) st = load_items(t, from, err);
  if (st != ICT_OK) return st;
  if (!ict_unpack_number(from, &first) || !ict_unpack_number(from, &end) || first > end ||
      end > t->replicates->design->n_rows)
    return ict_unpack_short(err);
  if (!c->bits || first == end) return ICT_OK;
  if (!ict_unpack_bytes(from, c->fine + first, (end - first) * sizeof *c->fine) ||
      !ict_unpack_bytes(from, c->bits + first * c->bytes_a_row, (end - first) * c->bytes_a_row))
    return ict_unpack_short(err);
  for (uint64_t row = first; row < end; row++)
    if (c->fine[row] != ICT_NO_CELL && c->fine[row] >= t->shape->n_fine)
      return ict_unpack_short(err);
  return ICT_OK;
}
