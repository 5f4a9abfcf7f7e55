/* check.c - observations that cannot all be true: two values for one key, units that differ,
 * percentages over 100, values below 0.
 *
 * In: observations. Out: the same sorted, units filled in; findings, at most five of a kind. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "admin/work.h"

static const char *name_of(const ict_observation *o) {
  return o->series->concept_def ? o->series->concept_def->name : o->series->indicator;
}

static const char *item_of(const ict_observation *o) {
  return o->series->item ? o->series->item->id : "";
}

/* Of the key of a value: without who reported it, and the place. */
static int order_keys(const ict_admin_work *work, const ict_observation *a,
                      const ict_observation *b) {
  int c = (a->series->kind > b->series->kind) - (a->series->kind < b->series->kind);
  if (c == 0) c = ict_order_texts(name_of(a), name_of(b));
  if (c == 0) c = ict_order_texts(item_of(a), item_of(b));
  if (c == 0) c = ict_order_places(a->area, a->period, b->area, b->period);
  for (size_t i = 0; i < work->map->n_axes && c == 0; i++)
    c = ict_order_texts(a->axes[i], b->axes[i]);
  return c;
}

bool ict_observation_same_key(const ict_admin_work *work, const ict_observation *a,
                              const ict_observation *b) {
  return order_keys(work, a, b) == 0;
}

int ict_observation_order(const ict_admin_work *work, const ict_observation *a,
                          const ict_observation *b) {
  int c = order_keys(work, a, b);
  if (c == 0) c = ict_order_texts(a->reporter, b->reporter);
  if (c == 0) c = (a->file > b->file) - (a->file < b->file);
  if (c == 0) c = (a->line > b->line) - (a->line < b->line);
  return c;
}

static int order_for_sort(const void *a, const void *b, void *work) {
  return ict_observation_order(work, a, b);
}

static const char *path_of(const ict_admin_work *work, const ict_observation *o) {
  return work->map->files[o->file].text.path;
}

static const char *place_of(const ict_admin_work *work, const ict_observation *o) {
  const char *place = ict_admin_place(work, o->area, o->period, o->axes);
  return place ? place : "";
}

/* "17.6.1 (10M_and_more)" for messages. */
static void full_name(const ict_observation *o, ict_str *s) {
  ict_str_clear(s);
  ict_str_add(s, name_of(o));
  if (item_of(o)[0]) ict_str_addf(s, " (%s)", item_of(o));
}

/* ---- keys --------------------------------------------------------------------------------- */

static bool may_stand_beside(const ict_observation *a, const ict_observation *b) {
  return b->series->kind == ICT_SERIES_COUNTED && a->series->fold != ICT_FOLD_NONE &&
         a->series->fold == b->series->fold && a->reporter != b->reporter;
}

static void check_keys(ict_admin_work *work) {
  size_t n = 0;
  ict_str name;
  ict_str_init(&name);
  for (size_t i = 1; i < work->n; i++) {
    const ict_observation *a = &work->observations[i - 1], *b = &work->observations[i];
    if (!ict_observation_same_key(work, a, b) || may_stand_beside(a, b)) continue;
    if (n++ >= ICT_ADMIN_SHOWN) continue;
    full_name(b, &name);
    ict_admin_say(
        work, ICT_ERROR, path_of(work, b), b->line, 0, "one value for one key",
        b->series->kind == ICT_SERIES_COUNTED
            ? "choose rows with `where:`, name what tells them apart in `columns:`, or say how "
              "several reporters make one value: `reporter` and `fold: sum` or `max`"
            : "choose rows with `where:`, or name what tells them apart in `columns:`",
        "%s of %s is there twice: %.10g, and %.10g in line %llu of %s", name.text,
        place_of(work, b), b->value, a->value, (unsigned long long)a->line, path_of(work, a));
  }
  if (n > ICT_ADMIN_SHOWN)
    ict_admin_say(work, ICT_ERROR, NULL, 0, 0, NULL, NULL, "%zu keys more are there twice",
                  n - ICT_ADMIN_SHOWN);
  ict_str_done(&name);
}

/* ---- units -------------------------------------------------------------------------------- */

/* What the catalogue says the unit is; "" where it does not. */
static const char *usual_unit(const ict_observation *o) {
  const ict_table_series *s = o->series;
  if (s->item && s->item->unit_measure) return s->item->unit_measure;
  return s->known ? s->known->unit_measure : "";
}

/* Observations of one series stand together. */
static void check_units(ict_admin_work *work) {
  const ict_observation *first = NULL; /* of its series that has a unit */
  ict_str name;
  ict_str_init(&name);
  bool told = false;
  for (size_t i = 0; i < work->n; i++) {
    ict_observation *o = &work->observations[i];
    if (!first || ict_order_texts(name_of(first), name_of(o)) != 0 ||
        ict_order_texts(item_of(first), item_of(o)) != 0) {
      first = NULL;
      told = false;
    }
    const char *usual = usual_unit(o);
    if (!o->unit[0] && usual[0]) o->unit = usual;
    full_name(o, &name);
    if (!told && !o->unit[0] && o->series->kind == ICT_SERIES_PUBLISHED) {
      ict_admin_say(work, ICT_ERROR, path_of(work, o), o->line, 0, "PT, PER_100_POP, NUMBER ...",
                    "give the series its `unit`, or the file a column of units",
                    "%s has no unit of measure", name.text);
      told = true;
    } else if (!told && usual[0] && strcmp(o->unit, usual) != 0) {
      ict_admin_say(work, ICT_ERROR, path_of(work, o), o->line, 0, usual,
                    "where both mean the same, translate it with `codes: {unit: {...}}`; a number "
                    "of something is a `concept`",
                    "%s is in unit '%s'", name.text, o->unit);
      told = true;
    } else if (!told && first && strcmp(first->unit, o->unit) != 0) {
      ict_admin_say(work, ICT_ERROR, path_of(work, o), o->line, 0, "one unit in a series",
                    "choose rows with `where:`, or scale the one to the other in series of their "
                    "own",
                    "%s has mixed units: '%s' here, '%s' in line %llu of %s", name.text, o->unit,
                    first->unit, (unsigned long long)first->line, path_of(work, first));
      told = true;
    }
    if (!first) first = o;
  }
  ict_str_done(&name);
}

/* ---- ranges ------------------------------------------------------------------------------- */

static void check_ranges(ict_admin_work *work) {
  size_t n = 0;
  ict_str name;
  ict_str_init(&name);
  for (size_t i = 0; i < work->n; i++) {
    const ict_observation *o = &work->observations[i];
    bool share = o->series->kind == ICT_SERIES_PUBLISHED && strcmp(o->unit, "PT") == 0 &&
                 !o->series->may_exceed;
    bool below = o->value < 0 && (share || o->series->kind == ICT_SERIES_COUNTED);
    if (!below && !(share && o->value > 100)) continue;
    if (n++ >= ICT_ADMIN_SHOWN) continue;
    full_name(o, &name);
    ict_admin_say(work, ICT_ERROR, path_of(work, o), o->line, 0,
                  share ? "a percentage, 0 to 100" : "a number from 0",
                  share ? "mend the value; shares of 1 need `scale: 100`; where percentages over "
                          "100 are meant say `may_exceed_100: true` in the series"
                        : "mend the value, or leave the row out with `where:`",
                  "%s of %s is %.10g", name.text, place_of(work, o), o->value);
  }
  if (n > ICT_ADMIN_SHOWN)
    ict_admin_say(work, ICT_ERROR, NULL, 0, 0, NULL, NULL, "%zu values more are out of range",
                  n - ICT_ADMIN_SHOWN);
  ict_str_done(&name);
}

ict_status ict_admin_check(ict_admin_work *work, ict_err *err) {
  if (work->n == 0) {
    ict_err_set(err, ICT_REFUSED, "no values");
    ict_err_at(err, work->map->file, 0, 0);
    ict_err_expected(err, "a row at least that `where` takes and whose series is not left out");
    ict_err_fix(err, "look at the file with `ictstat inspect`");
    return ICT_REFUSED;
  }
  qsort_r(work->observations, work->n, sizeof *work->observations, order_for_sort, work);
  check_keys(work);
  check_units(work);
  check_ranges(work);
  return ICT_OK;
}
