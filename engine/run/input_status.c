/* input_status.c - statuses of counts, found again by what was computed from them.
 *
 * In: the unit `observation`. Out: one status for a row of the result: of the concepts its item
 * names, in its area and period (all their classes). Owns: its own arena. */
#include "run/input_status.h"

#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "data/names.h"
#include "run/flags.h"

struct ict_input_status {
  const ict_catalog *catalog;
  ict_arena *arena;
  ict_names keys; /* concept, area, period */
  size_t capacity;
  char *status; /* by key */
  ict_str key;  /* while it is made */
};

static bool make_key(ict_str *key, const char *name, const char *area, const char *period) {
  ict_str_clear(key);
  ict_str_addf(key, "%s\n%s\n%s", name, area, period);
  return !key->failed;
}

static ict_status add(ict_input_status *in, const ict_frame *frame, const long at[5], size_t row,
                      ict_err *err) {
  const char *status = ict_frame_code(frame, (size_t)at[4], row);
  if (!status[0] || strcmp(status, "A") == 0 ||
      strcmp(ict_frame_code(frame, (size_t)at[0], row), "counted") != 0)
    return ICT_OK;
  size_t before = in->keys.n;
  if (!make_key(&in->key, ict_frame_code(frame, (size_t)at[1], row),
                ict_frame_code(frame, (size_t)at[2], row),
                ict_frame_code(frame, (size_t)at[3], row)))
    return ict_err_memory(err);
  if (ict_grow(&in->status, before, &in->capacity, sizeof *in->status) != 0)
    return ict_err_memory(err);
  long key = ict_names_add(&in->keys, in->key.text, NULL);
  if (key < 0) return ict_err_memory(err);
  if ((size_t)key == before) in->status[key] = 'A';
  ict_status_worse(&in->status[key], status[0]);
  return ICT_OK;
}

ict_status ict_input_status_make(const ict_store *store, const ict_catalog *catalog,
                                 ict_input_status **out, ict_err *err) {
  const ict_frame *frame = ict_store_frame_of(store, ICT_OBSERVATION);
  static const char *const NAMES[] = {ICT_OBS_KIND, ICT_OBS_SERIES, ICT_VAR_AREA, ICT_VAR_PERIOD,
                                      ICT_OBS_STATUS};
  long at[5];
  *out = NULL;
  for (size_t i = 0; frame && i < 5; i++)
    if ((at[i] = ict_schema_find(frame->schema, NAMES[i])) < 0) frame = NULL;
  if (!frame) return ICT_OK;
  ict_input_status *in = ict_alloc(1, sizeof *in);
  if (!in) return ict_err_memory(err);
  in->catalog = catalog;
  in->arena = ict_arena_new();
  ict_names_init(&in->keys, in->arena);
  ict_str_init(&in->key);
  ict_status st = in->arena ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < frame->n_rows && st == ICT_OK; i++) st = add(in, frame, at, i, err);
  if (st == ICT_OK && in->keys.n > 0) {
    *out = in;
    return ICT_OK;
  }
  ict_input_status_free(in);
  return st;
}

void ict_input_status_free(ict_input_status *in) {
  if (!in) return;
  ict_names_done(&in->keys);
  ict_str_done(&in->key);
  ict_free(in->status);
  ict_arena_free(in->arena);
  ict_free(in);
}

static void look_at(const ict_input_status *in, const ict_expr *expr, const ict_table_row *row,
                    ict_str *key, char *found) {
  const char *const *names = NULL;
  size_t n = expr ? ict_expr_names(expr, &names) : 0;
  for (size_t i = 0; i < n; i++) {
    if (!make_key(key, names[i], row->ref_area, row->time_period)) return;
    long at = ict_names_find(&in->keys, key->text);
    if (at >= 0) ict_status_worse(found, in->status[at]);
  }
}

char ict_input_status_of(const ict_input_status *in, const ict_table_row *row, ict_str *key) {
  const ict_indicator *indicator =
      in && row->indicator ? ict_catalog_find_indicator(in->catalog, row->indicator) : NULL;
  char found = 'A';
  for (size_t i = 0; indicator && i < indicator->n_items; i++) {
    const ict_item *item = &indicator->items[i];
    bool all = strcmp(item->id, ICT_TOTAL) == 0 && !row->item[0];
    if (!all && strcmp(item->id, row->item) != 0) continue;
    look_at(in, item->numerator, row, key, &found);
    look_at(in, item->denominator, row, key, &found);
  }
  return found == 'A' ? '\0' : found;
}
