/* trend_rounds.c - tables to series: the same key in several periods.
 *
 * In: tables in any order. Out: rounds by series and time; series in an order that does not depend
 * on the order of the tables. Owns: the rounds; rows and their texts stay the tables'. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/names.h"
#include "run/trend.h"

/* ---- time ---------------------------------------------------------------------------------- */

/* Digits of exactly that many characters. */
static bool digits(const char **text, int n, double lo, double hi, double *out) {
  double value = 0;
  for (int i = 0; i < n; i++) {
    char c = (*text)[i];
    if (c < '0' || c > '9') return false;
    value = 10 * value + (c - '0');
  }
  *text += n;
  *out = value;
  return value >= lo && value <= hi;
}

/* "P1Y", "P3M", "P13W", "P90D" in years. */
static bool duration(const char *text, double *years) {
  char *end;
  if (text[0] != 'P' || text[1] < '0' || text[1] > '9') return false;
  long n = strtol(text + 1, &end, 10);
  const char *unit = "YMWD", *found = *end ? strchr(unit, *end) : NULL;
  static const double YEARS[] = {1, 1.0 / 12, 7 / 365.25, 1 / 365.25};
  if (!found || end[1] || n > 10000) return false;
  *years = (double)n * YEARS[found - unit];
  return true;
}

bool ict_period_time(const char *p, double *t) {
  double year, part, length = 1;
  if (!digits(&p, 4, 1000, 9999, &year)) return false;
  if (*p == '-') {
    p++;
    if (*p == 'Q' || *p == 'S') {
      double parts = *p++ == 'Q' ? 4 : 2;
      if (!digits(&p, 1, 1, parts, &part)) return false;
      length = 1 / parts;
      year += (part - 1) * length;
    } else {
      if (!digits(&p, 2, 1, 12, &part)) return false;
      length = 1.0 / 12;
      year += (part - 1) * length;
      if (*p == '-') {
        p++;
        if (!digits(&p, 2, 1, 31, &part)) return false;
        length = 1 / 365.25;
        year += (part - 1) * length;
      }
    }
  }
  if (*p == '/' && !duration(p + 1, &length)) return false;
  if (*p && *p != '/') return false;
  *t = year + length / 2;
  return true;
}

/* ---- the order of the tables ------------------------------------------------------------------
 */

static int natural(const char *a, const char *b) {
  return ict_text_natcmp(ict_slice_of(a), ict_slice_of(b));
}

static int by_first_row(const void *a, const void *b, void *ctx) {
  const ict_table *const *tables = ctx;
  const ict_table *x = tables[*(const size_t *)a], *y = tables[*(const size_t *)b];
  size_t nx = ict_table_rows(x), ny = ict_table_rows(y);
  if (nx == 0 || ny == 0) return (nx > 0) - (ny > 0);
  const ict_table_row *r = ict_table_row_at(x, 0), *s = ict_table_row_at(y, 0);
  const char *const pairs[][2] = {{r->time_period, s->time_period},
                                  {r->ref_area, s->ref_area},
                                  {r->indicator, s->indicator},
                                  {r->item, s->item},
                                  {r->axes[0], s->axes[0]},
                                  {r->axes[1], s->axes[1]},
                                  {r->axes[2], s->axes[2]},
                                  {r->axes[3], s->axes[3]},
                                  {r->source, s->source}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    int c = natural(pairs[i][0], pairs[i][1]);
    if (c != 0) return c;
  }
  return (nx > ny) - (nx < ny);
}

/* ---- axes ---------------------------------------------------------------------------------- */

static ict_status take_axes(const ict_table *table, size_t number, const char *name,
                            ict_rounds *out, ict_err *err) {
  size_t n = ict_table_axes(table);
  size_t *axis_of = ict_arena_alloc(out->arena, n + 1, sizeof *axis_of);
  if (!axis_of) return ict_err_memory(err);
  out->axis_of[number] = axis_of;
  axis_of[n] = SIZE_MAX; /* the end */
  for (size_t a = 0; a < n; a++) {
    const char *axis = ict_table_axis_name(table, a);
    if (strcmp(axis, ICT_TREND_AXIS) == 0) {
      ict_err_set(err, ICT_REFUSED, "the rows are themselves a trend");
      ict_err_at(err, name, 0, 0);
      ict_err_expected(err, "measured rows, as `ictstat compute` writes them");
      ict_err_fix(err, "give the tables of the rounds, not what `ictstat trend` made of them");
      return ICT_REFUSED;
    }
    size_t at = 0;
    while (at < out->n_axes && strcmp(out->axes[at], axis) != 0) at++;
    if (at == out->n_axes) {
      if (ict_grow(&out->axes, out->n_axes, &out->axes_capacity, sizeof *out->axes) != 0)
        return ict_err_memory(err);
      out->axes[out->n_axes++] = axis;
    }
    axis_of[a] = at;
  }
  return ICT_OK;
}

void ict_rounds_codes(const ict_rounds *rounds, const ict_round *round, const char **codes) {
  for (size_t i = 0; i < rounds->n_axes; i++) codes[i] = NULL;
  const size_t *axis_of = rounds->axis_of[round->table];
  for (size_t i = 0; axis_of[i] != SIZE_MAX; i++) codes[axis_of[i]] = round->row->axes[i];
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool is_modelled(const ict_table_row *row) {
  return strcmp(row->nature, "M") == 0 || strcmp(row->obs_status, "F") == 0;
}

static ict_status refuse_row(const ict_table_row *row, const char *name, const char *what,
                             const char *found, ict_err *err) {
  ict_err_set(err, ICT_REFUSED, "%s '%s' in a row of %s%s%s, area %s, period %s", what, found,
              row->indicator, row->item[0] ? ", item " : "", row->item, row->ref_area,
              row->time_period);
  ict_err_at(err, name, 0, 0);
  return ICT_REFUSED;
}

/* The key of a series: all of a row's key but its period. */
static long series_of(const ict_rounds *rounds, const ict_round *round, const char **codes,
                      ict_names *keys, ict_str *text) {
  ict_str_clear(text);
  ict_str_addf(text, "%s\n%s\n%s", round->row->indicator, round->row->item, round->row->ref_area);
  ict_rounds_codes(rounds, round, codes);
  for (size_t i = 0; i < rounds->n_axes; i++)
    ict_str_addf(text, "\n%s", codes[i] ? codes[i] : ICT_TOTAL);
  return text->failed ? -1 : ict_names_add(keys, text->text, NULL);
}

static ict_status add_row(ict_rounds *rounds, const ict_table_row *row, size_t table,
                          const char *name, const char **codes, ict_names *keys, ict_str *text,
                          ict_err *err) {
  if (is_modelled(row)) {
    bool by_nature = strcmp(row->nature, "M") == 0;
    refuse_row(row, name, by_nature ? "nature" : "observation status",
               by_nature ? row->nature : row->obs_status, err);
    ict_err_expected(err, "measured rows only");
    ict_err_fix(err, "leave the rows with nature M or observation status F out");
    return ICT_REFUSED;
  }
  ict_round round = {.row = row, .table = table};
  if (!ict_period_time(row->time_period, &round.t)) {
    refuse_row(row, name, "period", row->time_period, err);
    ict_err_expected(err, "2016, 2016-Q1, 2016-03 or 2016-03-01/P3M");
    ict_err_fix(err, "write the period as SDMX does");
    return ICT_REFUSED;
  }
  long series = series_of(rounds, &round, codes, keys, text);
  if (series < 0 ||
      ict_grow(&rounds->rounds, rounds->n, &rounds->capacity, sizeof *rounds->rounds) != 0)
    return ict_err_memory(err);
  round.series = (size_t)series;
  rounds->rounds[rounds->n++] = round;
  return ICT_OK;
}

static int by_series_and_time(const void *a, const void *b) {
  const ict_round *x = a, *y = b;
  if (x->series != y->series) return x->series < y->series ? -1 : 1;
  if (x->t != y->t) return x->t < y->t ? -1 : 1;
  return (x->table > y->table) - (x->table < y->table);
}

static ict_status check_neighbours(const ict_rounds *rounds, const char *const *names,
                                   ict_err *err) {
  for (size_t i = 1; i < rounds->n; i++) {
    const ict_round *a = &rounds->rounds[i - 1], *b = &rounds->rounds[i];
    if (a->series != b->series) continue;
    if (a->t == b->t) {
      refuse_row(b->row, names[b->table], "a second round of", b->row->time_period, err);
      ict_err_expected(err, "one round a period; the other is in %s", names[a->table]);
      ict_err_fix(err, "leave one of the two out");
      return ICT_REFUSED;
    }
    if (strcmp(a->row->unit_measure, b->row->unit_measure) != 0 ||
        a->row->unit_mult != b->row->unit_mult) {
      refuse_row(b->row, names[b->table], "unit of measure", b->row->unit_measure, err);
      ict_err_expected(err, "'%s' times 10^%d as in period %s (%s)", a->row->unit_measure,
                       a->row->unit_mult, a->row->time_period, names[a->table]);
      ict_err_fix(err, "a series has one unit: compute the rounds with the same definition");
      return ICT_REFUSED;
    }
  }
  return ICT_OK;
}

ict_status ict_rounds_collect(const ict_table *const *tables, const char *const *names, size_t n,
                              ict_rounds *out, ict_err *err) {
  ict_status st = ICT_OK;
  const char **codes = NULL;
  ict_names keys;
  ict_str text;
  *out = (ict_rounds){.arena = ict_arena_new()};
  ict_names_init(&keys, out->arena);
  ict_str_init(&text);
  size_t *order = ict_alloc(n, sizeof *order);
  if (out->arena) out->axis_of = ict_arena_alloc(out->arena, n, sizeof *out->axis_of);
  if (!order || !out->axis_of) {
    st = ict_err_memory(err);
    goto done;
  }
  for (size_t i = 0; i < n; i++) order[i] = i;
  qsort_r(order, n, sizeof *order, by_first_row, (void *)tables);
  for (size_t i = 0; i < n; i++)
    ICT_TRY(done, st, take_axes(tables[order[i]], order[i], names[order[i]], out, err));
  codes = ict_alloc(out->n_axes, sizeof *codes);
  if (!codes) st = ict_err_memory(err);
  for (size_t i = 0; i < n; i++) {
    const ict_table *table = tables[order[i]];
    for (size_t r = 0; r < ict_table_rows(table) && st == ICT_OK; r++)
      st = add_row(out, ict_table_row_at(table, r), order[i], names[order[i]], codes, &keys, &text,
                   err);
  }
  if (st != ICT_OK) goto done;
  if (out->n > 0) qsort(out->rounds, out->n, sizeof *out->rounds, by_series_and_time);
  st = check_neighbours(out, names, err);
done:
  ict_free(codes);
  ict_free(order);
  ict_str_done(&text);
  ict_names_done(&keys);
  if (st != ICT_OK) ict_rounds_done(out);
  return st;
}

void ict_rounds_done(ict_rounds *rounds) {
  ict_free(rounds->rounds);
  ict_free(rounds->axes);
  ict_arena_free(rounds->arena);
  *rounds = (ict_rounds){0};
}

size_t ict_rounds_next_series(const ict_rounds *rounds, size_t from) {
  size_t next = from + 1;
  while (next < rounds->n && rounds->rounds[next].series == rounds->rounds[from].series) next++;
  return next;
}

ict_status ict_rounds_table(const ict_rounds *rounds, double level, const char *axis,
                            const ict_codelist *codes, ict_table **out, ict_err *err) {
  ict_table *table = *out = ict_table_new();
  if (!table) return ict_err_memory(err);
  ict_table_set_level(table, level);
  ict_status st = ICT_OK;
  for (size_t i = 0; i < rounds->n_axes && st == ICT_OK; i++)
    st = ict_table_add_axis(table, rounds->axes[i], NULL, NULL, err);
  if (st == ICT_OK) st = ict_table_add_axis(table, axis, codes, NULL, err);
  if (st == ICT_OK) return st;
  ict_table_free(table);
  *out = NULL;
  return st;
}
