/* join.c - denominators (population) beside the rows that need them, and parts that are greater
 * than their wholes.
 *
 * In: rows and bases. Out: rows with denominators, or findings that name who has none.
 * A row of a class has the denominator of that class; a row of all has the sum over the classes
 * that its denominator comes in. A base that does not tell the row's class apart is none. */
#include <math.h>
#include <string.h>

#include "admin/work.h"

static int order_place(const ict_count_row *a, const ict_count_row *b) {
  return ict_order_places(a->area, a->period, b->area, b->period);
}

/* The first base of the concept's [from, to) that is not before the row's place. */
static size_t first_base(const ict_admin_work *work, const ict_count_row *row, size_t from,
                         size_t to) {
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (order_place(&work->bases.at[middle], row) < 0)
      from = middle + 1;
    else
      to = middle;
  }
  return from;
}

/* NaN where there is none. */
static double base_of(const ict_admin_work *work, const ict_count_row *row, size_t concept_index,
                      size_t from, size_t to) {
  double sum = 0;
  size_t n = 0;
  for (size_t i = first_base(work, row, from, to);
       i < to && order_place(&work->bases.at[i], row) == 0; i++) {
    const ict_count_row *base = &work->bases.at[i];
    bool belongs = true;
    for (size_t a = 0; a < work->map->n_axes; a++) {
      if (ict_is_total(row->axes[a])) continue;
      if (ict_is_total(base->axes[a])) return NAN; /* not told apart */
      belongs = belongs && strcmp(base->axes[a], row->axes[a]) == 0;
    }
    if (!belongs) continue;
    sum += base->values[concept_index];
    n++;
  }
  return n > 0 ? sum : NAN;
}

/* ---- who has none ------------------------------------------------------------------------- */

static void tell_missing(ict_admin_work *work, const ict_concept *c, const ict_bads *bad) {
  ict_str s;
  ict_str_init(&s);
  for (size_t i = 0; i < bad->texts.n && i < ICT_ADMIN_SHOWN; i++)
    ict_str_addf(&s, "%s%s", i ? "; " : "", bad->texts.items[i].text);
  if (bad->texts.n > ICT_ADMIN_SHOWN)
    ict_str_addf(&s, " and %zu more", bad->texts.n - ICT_ADMIN_SHOWN);
  bool refused = work->map->join == ICT_JOIN_REFUSE;
  ict_admin_say(work, refused ? ICT_ERROR : ICT_WARNING, NULL, 0, 0,
                refused ? "a value for every area, period and class that has counts" : NULL,
                refused ? "add the rows; or say `denominators: {unmatched: drop}`, or `missing` "
                          "where only the counts themselves are wanted"
                        : NULL,
                "no %s for %s: %s", c->name,
                work->map->join == ICT_JOIN_DROP ? "rows that are left out" : "these rows",
                s.failed ? "" : s.text);
  ict_str_done(&s);
}

static ict_status join_one(ict_admin_work *work, size_t concept_index, size_t from, size_t to,
                           ict_err *err) {
  ict_status st = ICT_OK;
  ict_bads bad;
  ict_bads_init(&bad, work->arena);
  size_t kept = 0;
  for (size_t i = 0; i < work->rows.n; i++) {
    ict_count_row *row = &work->rows.at[i];
    double value = base_of(work, row, concept_index, from, to);
    row->values[concept_index] = value;
    if (isnan(value)) {
      const char *place = ict_admin_place(work, row->area, row->period, row->axes);
      if (!place || !ict_bads_add(&bad, place, row->first->line)) {
        st = ict_err_memory(err);
        break;
      }
      if (work->map->join == ICT_JOIN_DROP) continue;
    }
    work->rows.at[kept++] = *row;
  }
  if (st == ICT_OK) work->rows.n = kept;
  if (st == ICT_OK && bad.rows > 0) {
    const ict_concept *c = work->concepts[concept_index];
    tell_missing(work, c, &bad);
    if (work->map->join != ICT_JOIN_REFUSE)
      st =
          ict_report_add(&work->report, err, "%llu rows without %s%s", (unsigned long long)bad.rows,
                         c->name, work->map->join == ICT_JOIN_DROP ? " left out" : "");
  }
  ict_bads_done(&bad);
  return st;
}

/* ---- parts -------------------------------------------------------------------------------- */

/* The nearest whole above the concept that the rows have; SIZE_MAX: none. */
static size_t whole_of(const ict_admin_work *work, const ict_count_row *row, const ict_concept *c) {
  for (c = c->part_of; c; c = c->part_of)
    for (size_t k = 0; k < work->n_concepts; k++)
      if (work->concepts[k] == c && !isnan(row->values[k])) return k;
  return SIZE_MAX;
}

static void tell_part(ict_admin_work *work, const ict_count_row *row, size_t part, size_t whole) {
  static const char *const SAYS[] = {"", ": left out", ""};
  const char *place = ict_admin_place(work, row->area, row->period, row->axes);
  bool refused = work->map->parts == ICT_PARTS_REFUSE;
  ict_admin_say(work, refused ? ICT_ERROR : ICT_WARNING,
                work->map->files[row->first->file].text.path, row->first->line, 0,
                refused ? "a part that is not greater than its whole" : NULL,
                refused ? "mend the numbers, or the units of one of the two (`scale`, UNIT_MULT); "
                          "`part_above: missing` leaves such parts out, `warn` keeps them"
                        : NULL,
                "%s of %s is %.10g, more than the %.10g of %s that it is part of%s",
                work->concepts[part]->name, place ? place : "", row->values[part],
                row->values[whole], work->concepts[whole]->name, SAYS[work->map->parts]);
}

static ict_status check_parts(ict_admin_work *work, ict_err *err) {
  size_t n = 0;
  for (size_t i = 0; i < work->rows.n; i++) {
    const ict_count_row *row = &work->rows.at[i];
    for (size_t k = 0; k < work->n_concepts; k++) {
      if (isnan(row->values[k])) continue;
      size_t whole = whole_of(work, row, work->concepts[k]);
      if (whole == SIZE_MAX || row->values[k] <= row->values[whole]) continue;
      if (n++ < ICT_ADMIN_SHOWN) tell_part(work, row, k, whole);
      if (work->map->parts == ICT_PARTS_MISSING) row->values[k] = NAN;
    }
  }
  if (n > ICT_ADMIN_SHOWN)
    ict_admin_say(work, work->map->parts == ICT_PARTS_REFUSE ? ICT_ERROR : ICT_WARNING, NULL, 0, 0,
                  NULL, NULL, "parts greater than their wholes, beside these: %zu",
                  n - ICT_ADMIN_SHOWN);
  if (n == 0) return ICT_OK;
  return ict_report_add(&work->report, err, "%zu parts are greater than their wholes%s", n,
                        work->map->parts == ICT_PARTS_MISSING ? ", left out" : "");
}

ict_status ict_admin_join(ict_admin_work *work, ict_err *err) {
  ict_status st = ICT_OK;
  for (size_t from = 0, to; from < work->bases.n && st == ICT_OK; from = to) {
    const ict_concept *c = work->bases.at[from].first->series->concept_def;
    for (to = from; to < work->bases.n && work->bases.at[to].first->series->concept_def == c;) to++;
    st = join_one(work, ict_concept_at(work, c), from, to, err);
  }
  return st == ICT_OK && !work->failed ? check_parts(work, err) : st;
}
