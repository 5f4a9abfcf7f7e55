/* published_contrast.c - two classes of published values compared.
 *
 * In: a table, before it is sorted. Out: more rows. Owns: nothing beyond the call.
 * With r = a/b: var(a - b) = SE_a^2 + SE_b^2, var(r) = r^2 (SE_a^2/a^2 + SE_b^2/b^2); the
 * covariance that classes of one survey have is left out, which for shares that rise together
 * overstates both. */
#include "run/published_contrast.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/names.h"

#define FLAG "covariance_unknown"

typedef struct contrast {
  size_t axis;
  const char *text, *first, *second; /* "F-M", "F", "M" */
  bool ratio;
} contrast;

/* The key of a row with another code on the axis. */
static bool key_of(const ict_table *table, const ict_table_row *row, size_t axis, const char *code,
                   ict_str *key) {
  ict_str_clear(key);
  ict_str_addf(key, "%s\n%s\n%s\n%s", row->indicator, row->item, row->ref_area, row->time_period);
  for (size_t a = 0; a < ict_table_axes(table); a++)
    ict_str_addf(key, "\n%s", a == axis ? code : row->axes[a]);
  return !key->failed;
}

/* ---- the words ---------------------------------------------------------------------------- */

static bool has_code(const ict_table *table, size_t axis, const char *code) {
  for (size_t i = 0; i < ict_table_rows(table); i++)
    if (strcmp(ict_table_row_at(table, i)->axes[axis], code) == 0) return true;
  return false;
}

/* "F-M" at the sign that parts two codes of the axis. */
static bool split(const ict_table *table, const char *text, ict_arena *arena, contrast *out) {
  for (const char *p = text; *p; p++) {
    if (*p != '-' && *p != '/') continue;
    out->first = ict_arena_strndup(arena, text, (size_t)(p - text));
    out->second = p + 1;
    out->ratio = *p == '/';
    if (out->first && has_code(table, out->axis, out->first) &&
        has_code(table, out->axis, out->second))
      return true;
  }
  return false;
}

static ict_status parse(const ict_table *table, const char *text, ict_arena *arena, contrast *out,
                        ict_err *err) {
  const char *colon = strchr(text, ':'), *last = strrchr(text, ':'); /* age:itu:A-B names a set */
  size_t n = ict_table_axes(table);
  *out = (contrast){.axis = n, .text = last ? last + 1 : text};
  for (size_t a = 0; a < n && colon; a++)
    if (ict_slice_is((ict_slice){text, (size_t)(colon - text)}, ict_table_axis_name(table, a)))
      out->axis = a;
  if (out->axis < n && split(table, out->text, arena, out)) return ICT_OK;
  ict_err_set(err, ICT_USAGE, "the table has no two classes '%s'", text);
  ict_err_expected(err, "AXIS:CLASS-CLASS or AXIS:CLASS/CLASS, of classes that it has: sex:F-M");
  ict_err_fix(err, "write classes of the table; compute without --contrast shows them");
  return ICT_USAGE;
}

/* ---- the rows ----------------------------------------------------------------------------- */

static void compare(const contrast *c, const ict_table_row *a, const ict_table_row *b,
                    ict_table_row *out) {
  *out = *a;
  out->estimate = c->ratio ? a->estimate / b->estimate : a->estimate - b->estimate;
  out->se = c->ratio ? fabs(out->estimate) * hypot(a->se / a->estimate, b->se / b->estimate)
                     : hypot(a->se, b->se);
  out->cv = out->estimate != 0 ? out->se / fabs(out->estimate) * 100 : (double)NAN;
  out->ci_low = out->ci_high = NAN;
  out->n_unweighted = a->n_unweighted + b->n_unweighted;
  if (c->ratio) out->unit_measure = "RO";
  if (c->ratio) out->unit_mult = 0;
  if (strcmp(a->obs_status, "A") == 0) out->obs_status = b->obs_status;
  out->flags = isnan(out->se) ? a->flags : FLAG ";published";
}

static ict_status add_pairs(ict_table *table, const contrast *c, ict_names *keys,
                            const size_t *rows, ict_err *err) {
  ict_status st = ICT_OK;
  size_t n = ict_table_rows(table), n_axes = ict_table_axes(table);
  const char **axes = ict_alloc(n_axes, sizeof *axes);
  ict_str key;
  ict_str_init(&key);
  if (!axes) st = ict_err_memory(err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    const ict_table_row a = *ict_table_row_at(table, i);
    ict_table_row made;
    if (strcmp(a.axes[c->axis], c->first) != 0) continue;
    long at = key_of(table, &a, c->axis, c->second, &key) ? ict_names_find(keys, key.text) : -1;
    if (at < 0) continue;
    const ict_table_row b = *ict_table_row_at(table, rows[at]);
    if (c->ratio && b.estimate == 0) continue;
    compare(c, &a, &b, &made);
    memcpy(axes, a.axes, n_axes * sizeof *axes);
    axes[c->axis] = c->text;
    made.axes = axes;
    st = ict_table_add(table, &made, err);
  }
  ict_str_done(&key);
  ict_free(axes);
  return st;
}

static ict_status index_rows(const ict_table *table, ict_names *keys, size_t *rows, ict_err *err) {
  ict_status st = ICT_OK;
  ict_str key;
  ict_str_init(&key);
  for (size_t i = 0; i < ict_table_rows(table) && st == ICT_OK; i++) {
    const ict_table_row *row = ict_table_row_at(table, i);
    long at = key_of(table, row, SIZE_MAX, "", &key) ? ict_names_add(keys, key.text, NULL) : -1;
    if (at < 0)
      st = ict_err_memory(err);
    else
      rows[at] = i;
  }
  ict_str_done(&key);
  return st;
}

ict_status ict_published_contrast(ict_table *table, const char *const *texts, size_t n,
                                  ict_err *err) {
  ict_arena *arena = ict_arena_new();
  size_t *rows = ict_alloc(ict_table_rows(table), sizeof *rows);
  ict_names keys;
  ict_names_init(&keys, arena);
  ict_status st = arena && rows ? index_rows(table, &keys, rows, err) : ict_err_memory(err);
  if (st == ICT_OK && n > 0)
    st = ict_table_add_flag(
        table, FLAG, "standard error as of independent estimates: no covariance was published",
        err);
  for (size_t i = 0; i < n && st == ICT_OK; i++) {
    contrast c;
    st = parse(table, texts[i], arena, &c, err);
    if (st == ICT_OK) st = add_pairs(table, &c, &keys, rows, err);
  }
  ict_names_done(&keys);
  ict_free(rows);
  ict_arena_free(arena);
  return st;
}
