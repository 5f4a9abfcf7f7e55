/* rows.c - the rows to be judged, and grouping them by key.
 *
 * In: tables. Out: rows with their places; groups of them. Owns: what it makes, in arenas. */
#include "judge/rows.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/axis.h"
#include "data/reference.h"

/* Axes whose codes are differences and lines through several rounds (run/contrast.c, trend.c). */
static const char *const DERIVED[] = {"contrast", "trend"};

static ict_status read_groups(ict_judge_set *set, ict_err *err) {
  ict_reference *ref = NULL;
  size_t code = 0, title = 0;
  ict_status st = ict_reference_load("groups/groups.csv", &ref, err);
  if (st == ICT_OK) st = ict_reference_column(ref, "group", &code, err);
  if (st == ICT_OK) st = ict_reference_column(ref, "title", &title, err);
  for (size_t i = 0; st == ICT_OK && i < ict_reference_rows(ref); i++)
    if (ict_names_add(&set->groups, ict_reference_text(ref, i, code),
                      ict_reference_text(ref, i, title)) < 0)
      st = ict_err_memory(err);
  ict_reference_free(ref);
  return st;
}

ict_status ict_judge_set_init(ict_judge_set *set, const ict_catalog *catalog,
                              const ict_countries *countries, ict_err *err) {
  *set = (ict_judge_set){.arena = ict_arena_new(), .catalog = catalog, .countries = countries};
  ict_names_init(&set->axes, set->arena);
  ict_names_init(&set->groups, set->arena);
  return set->arena ? read_groups(set, err) : ict_err_memory(err);
}

void ict_judge_set_done(ict_judge_set *set) {
  ict_names_done(&set->axes);
  ict_names_done(&set->groups);
  ict_free(set->rows);
  ict_arena_free(set->arena);
}

ict_status ict_judge_set_axes(ict_judge_set *set, const ict_table *table, ict_err *err) {
  for (size_t a = 0; a < ict_table_axes(table); a++)
    if (ict_names_add(&set->axes, ict_table_axis_name(table, a), NULL) < 0)
      return ict_err_memory(err);
  return ICT_OK;
}

/* ---- what is known of a row --------------------------------------------------------------------
 */

static bool is_valid_in(const ict_item *item, int year) {
  return (!item->valid_from || year >= item->valid_from) &&
         (!item->valid_until || year <= item->valid_until);
}

/* By id; without one by the composite breakdown, of which two generations of an item may have the
 * same: then the one of the year. */
static const ict_item *find_item(const ict_indicator *indicator, const ict_table_row *row,
                                 int year) {
  const ict_item *found = NULL;
  for (size_t i = 0; i < indicator->n_items; i++) {
    const ict_item *item = &indicator->items[i];
    if (strcmp(item->id, row->item) == 0) return item;
    if (!row->item[0] && strcmp(item->id, ICT_TOTAL) == 0) return item;
    bool same = strcmp(item->composite, ICT_TOTAL) != 0 &&
                strcmp(item->composite, row->composite_breakdown) == 0;
    if (same && (!found || !is_valid_in(found, year))) found = item;
  }
  return found;
}

static int year_of(const char *period) {
  int64_t year = 0;
  if (strlen(period) < 4 || !ict_integer_parse((ict_slice){period, 4}, &year) || year < 1000)
    return 0;
  return period[4] >= '0' && period[4] <= '9' ? 0 : (int)year;
}

/* "F-M", "F/M": two classes compared. */
static bool is_contrast(const ict_catalog *catalog, const char *axis, const char *code) {
  for (const char *at = strpbrk(code, "-/"); at; at = strpbrk(at + 1, "-/"))
    if (ict_catalog_has_axis_code(catalog, axis, code, (size_t)(at - code)) &&
        ict_catalog_has_axis_code(catalog, axis, at + 1, strlen(at + 1)))
      return true;
  return false;
}

static bool is_derived(const ict_judge_set *set, const ict_judge_row *r) {
  for (size_t a = 0; a < set->axes.n; a++) {
    const char *axis = set->axes.items[a].text;
    if (strcmp(r->axes[a], ICT_TOTAL) == 0) continue;
    for (size_t i = 0; i < sizeof DERIVED / sizeof *DERIVED; i++)
      if (strcmp(axis, DERIVED[i]) == 0) return true;
    if (is_contrast(set->catalog, axis, r->axes[a])) return true;
  }
  return false;
}

static void know(const ict_judge_set *set, ict_judge_row *r) {
  const ict_table_row *row = r->row;
  r->indicator = ict_catalog_find_id(set->catalog, row->indicator);
  r->year = year_of(row->time_period);
  r->item = r->indicator ? find_item(r->indicator, row, r->year) : NULL;
  r->item_id = ict_table_item_id(r->item ? r->item->id : row->item);
  r->country = ict_countries_m49(set->countries, row->ref_area) != NULL;
  r->derived = is_derived(set, r);
}

/* Decimals of the shortest text that reads back as the number: as many as the file has, unless it
 * writes zeros at the end, which the other rows make up for. */
static int decimals(double value) {
  char buf[ICT_NUMBER_TEXT];
  buf[ict_number_text(value, buf)] = '\0';
  return (int)ict_number_decimals(buf);
}

/* The rows from `first` on are of one table. */
static ict_status find_grains(ict_judge_set *set, size_t first, ict_err *err) {
  ict_names names;
  ict_status st = ICT_OK;
  size_t n = set->n - first;
  int *most = ict_alloc(n, sizeof *most);
  ict_names_init(&names, set->arena);
  if (!most) st = ict_err_memory(err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    const ict_table_row *row = set->rows[first + i].row;
    long at = ict_names_add(&names, row->indicator, NULL);
    if (at < 0) st = ict_err_memory(err);
    int has = at >= 0 && isfinite(row->estimate) ? decimals(row->estimate) : 0;
    if (at >= 0 && has > most[at]) most[at] = has;
  }
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    ict_judge_row *r = &set->rows[first + i];
    r->grain = 0.5 * pow(10, -most[ict_names_find(&names, r->row->indicator)]);
  }
  ict_free(most);
  ict_names_done(&names);
  return st;
}

ict_status ict_judge_set_add(ict_judge_set *set, const ict_table *table, const uint64_t *lines,
                             const char *file, bool history, ict_err *err) {
  size_t first = set->n, n_axes = ict_table_axes(table);
  size_t *axis_of = ict_arena_alloc(set->arena, n_axes, sizeof *axis_of);
  if (!axis_of) return ict_err_memory(err);
  for (size_t a = 0; a < n_axes; a++)
    axis_of[a] = (size_t)ict_names_find(&set->axes, ict_table_axis_name(table, a));
  for (size_t i = 0; i < ict_table_rows(table); i++) {
    const ict_table_row *row = ict_table_row_at(table, i);
    const char **axes = ict_arena_alloc(set->arena, set->axes.n, sizeof *axes);
    if (!axes || ict_grow(&set->rows, set->n, &set->capacity, sizeof *set->rows) != 0)
      return ict_err_memory(err);
    for (size_t a = 0; a < set->axes.n; a++) axes[a] = ICT_TOTAL;
    for (size_t a = 0; a < n_axes; a++) axes[axis_of[a]] = row->axes[a];
    ict_judge_row *r = &set->rows[set->n++];
    *r = (ict_judge_row){
        .row = row, .axes = axes, .file = file, .line = lines ? lines[i] : 0, .history = history};
    know(set, r);
  }
  return find_grains(set, first, err);
}

/* ---- groups ------------------------------------------------------------------------------------
 */

static void key_text(const ict_judge_set *set, const ict_judge_row *r, unsigned leave, size_t axis,
                     ict_str *text) {
  ict_str_clear(text);
  ict_str_addf(text, "%s\n%s\n%s\n%s", leave & ICT_LEAVE_INDICATOR ? "" : r->row->indicator,
               leave & ICT_LEAVE_ITEM ? "" : r->item_id, r->row->ref_area,
               leave & ICT_LEAVE_PERIOD ? "" : r->row->time_period);
  for (size_t a = 0; a < set->axes.n && !(leave & ICT_LEAVE_AXES); a++)
    ict_str_addf(text, "\n%s", a == axis ? "" : r->axes[a]);
}

ict_status ict_judge_group(const ict_judge_set *set, unsigned leave, size_t axis,
                           bool (*takes)(const void *ctx, const ict_judge_row *row),
                           const void *ctx, ict_judge_groups *out, ict_err *err) {
  ict_status st = ICT_OK;
  size_t n = 0;
  ict_names names;
  ict_str text;
  *out = (ict_judge_groups){.arena = ict_arena_new()};
  ict_names_init(&names, out->arena);
  ict_str_init(&text);
  /* The group of each row taken, and which rows they are. */
  size_t *group = ict_alloc(set->n, sizeof *group), *taken = ict_alloc(set->n, sizeof *taken);
  if (!out->arena || !group || !taken) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < set->n; i++) {
    if (!takes(ctx, &set->rows[i])) continue;
    key_text(set, &set->rows[i], leave, axis, &text);
    long at = text.failed ? -1 : ict_names_add(&names, text.text, NULL);
    if (at < 0) {
      st = ict_err_memory(err);
      goto done;
    }
    taken[n] = i;
    group[n++] = (size_t)at;
  }
  out->n = names.n;
  out->starts = ict_arena_alloc(out->arena, names.n + 2, sizeof *out->starts);
  out->rows = ict_arena_alloc(out->arena, n, sizeof *out->rows);
  if (!out->starts || !out->rows) {
    st = ict_err_memory(err);
    goto done;
  }
  /* Counting sort, one place late: filling moves each start to its end, which is the next start. */
  for (size_t k = 0; k < n; k++) out->starts[group[k] + 2]++;
  for (size_t g = 2; g < names.n + 2; g++) out->starts[g] += out->starts[g - 1];
  for (size_t k = 0; k < n; k++) out->rows[out->starts[group[k] + 1]++] = &set->rows[taken[k]];
done:
  ict_free(group);
  ict_free(taken);
  ict_names_done(&names);
  ict_str_done(&text);
  if (st != ICT_OK) ict_judge_groups_done(out);
  return st;
}

void ict_judge_groups_done(ict_judge_groups *groups) {
  ict_arena_free(groups->arena);
  *groups = (ict_judge_groups){0};
}
