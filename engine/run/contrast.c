/* contrast.c - two rounds to their differences, row by row.
 *
 * In: tables of two rounds. Out: one table of differences and of tests that there is none.
 * Owns: nothing beyond the call. */
#include "ictstat/contrast.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/table.h"
#include "estimate/estimate.h"
#include "run/labels.h"
#include "run/method.h"
#include "run/trend.h"

static const char AXIS[] = "contrast"; /* the last one */
enum { DIFFERENCE, P_VALUE };
static const ict_code CODES[] = {
    [DIFFERENCE] = {"DIFFERENCE", "Later less earlier round", NULL},
    [P_VALUE] = {"P_VALUE", "P value of no difference", NULL},
};
static const ict_codelist CODELIST = {
    .id = "CL_CONTRAST", .title = "Contrast", .n = sizeof CODES / sizeof *CODES, .codes = CODES};

typedef struct maker {
  const ict_rounds *rounds;
  ict_table *table;
  double level;
  const char **codes; /* of all axes, and of `contrast` */
  size_t n_alone;     /* keys that one table has only */
  size_t n_same;      /* whose rounds are of one survey */
  ict_err *err;
} maker;

/* df of a difference (Welch 1947, Satterthwaite 1946); an estimate without df has no error, or one
 * that is known. NaN where one has too few degrees of freedom. */
static double difference_df(const ict_table_row *a, const ict_table_row *b) {
  double va = a->se * a->se, vb = b->se * b->se, spread = 0;
  if ((va > 0 && a->df <= 0) || (vb > 0 && b->df <= 0)) return NAN;
  if (va > 0 && a->df > 0) spread += va * va / a->df;
  if (vb > 0 && b->df > 0) spread += vb * vb / b->df;
  return spread > 0 ? (va + vb) * (va + vb) / spread : (double)INFINITY;
}

static ict_status add(const maker *m, ict_table_row row, int code) {
  m->codes[m->rounds->n_axes] = CODES[code].id;
  return ict_table_add(m->table, &row, m->err);
}

static ict_status add_rows(const maker *m, const ict_table_row *a, const ict_table_row *b,
                           ict_table_row row) {
  double df = difference_df(a, b);
  row.estimate = b->estimate - a->estimate;
  row.se = hypot(a->se, b->se);
  row.cv = row.estimate != 0 ? 100 * row.se / fabs(row.estimate) : (double)NAN;
  row.df = df;
  double half = row.se > 0 ? ict_quantile_t(0.5 + m->level / 2, df) * row.se : 0 * row.se;
  row.ci_low = row.estimate - half;
  row.ci_high = row.estimate + half;
  row.unit_measure = b->unit_measure;
  row.unit_mult = b->unit_mult;
  ict_status st = add(m, row, DIFFERENCE);
  if (st != ICT_OK) return st;
  /* Without any error the two differ or they do not. */
  double p = row.se > 0 ? ict_p_value_t(row.estimate / row.se, df) : row.estimate != 0 ? 0 : 1;
  row.estimate = isnan(row.se) ? (double)NAN : p;
  row.se = row.cv = row.ci_low = row.ci_high = NAN;
  row.unit_measure = "PROBABILITY";
  row.unit_mult = 0;
  return add(m, row, P_VALUE);
}

/* The flags of both rows, each once, sorted as theirs are. */
static void join_flags(const char *a, const char *b, ict_str *out) {
  while (*a || *b) {
    size_t na = strcspn(a, ";"), nb = strcspn(b, ";"), n = na < nb ? na : nb;
    int c = *a && *b ? strncmp(a, b, n) : *a ? -1 : 1;
    if (c == 0) c = (na > nb) - (na < nb);
    if (out->len) ict_str_add(out, ";");
    ict_str_addn(out, c <= 0 ? a : b, c <= 0 ? na : nb);
    if (c <= 0) a += na + (a[na] == ';');
    if (c >= 0) b += nb + (b[nb] == ';');
  }
}

static bool has_status(const ict_table_row *row) {
  return row->obs_status[0] && strcmp(row->obs_status, "A") != 0;
}

static ict_status make_pair(maker *m, const ict_round *first, const ict_round *second) {
  const ict_table_row *a = first->row, *b = second->row;
  ict_str period, source, flags;
  ict_str_init(&period);
  ict_str_init(&source);
  ict_str_init(&flags);
  ict_rounds_codes(m->rounds, second, m->codes);
  ict_str_addf(&period, "%s/%s", a->time_period, b->time_period);
  bool same = strcmp(a->source, b->source) == 0;
  m->n_same += same && a->source[0];
  ict_str_addf(&source, "%s%s%s", a->source, same ? "" : ";", same ? "" : b->source);
  join_flags(a->flags, b->flags, &flags);
  ict_status st = ICT_OK;
  if (period.failed || source.failed || flags.failed) {
    st = ict_err_memory(m->err);
  } else {
    st = add_rows(m, a, b,
                  (ict_table_row){.indicator = b->indicator,
                                  .item = b->item,
                                  .series = b->series,
                                  .ref_area = b->ref_area,
                                  .time_period = period.text,
                                  .axes = m->codes,
                                  .composite_breakdown = b->composite_breakdown,
                                  .deff = NAN,
                                  .n_unweighted = a->n_unweighted + b->n_unweighted,
                                  .n_psu = a->n_psu + b->n_psu,
                                  .n_strata = a->n_strata + b->n_strata,
                                  .pop_weighted = NAN,
                                  .obs_status = has_status(b) ? b->obs_status : a->obs_status,
                                  .conf_status = "",
                                  .nature = b->nature,
                                  .flags = flags.text,
                                  .source = source.text});
  }
  ict_str_done(&period);
  ict_str_done(&source);
  ict_str_done(&flags);
  return st;
}

static ict_status refuse_several(const maker *m, const ict_round *one, const ict_round *other,
                                 const char *const *names) {
  ict_err_set(m->err, ICT_REFUSED, "%s has rows of periods %s and %s", one->row->indicator,
              one->row->time_period, other->row->time_period);
  ict_err_at(m->err, names[one->table], 0, 0);
  ict_err_expected(m->err, "one period in each table");
  ict_err_fix(m->err, "write each round to a table of its own; `ictstat trend` takes many");
  return ICT_REFUSED;
}

static ict_status make_rows(maker *m, const char *const *names) {
  const ict_rounds *all = m->rounds;
  for (size_t i = 0, next; i < all->n; i = next) {
    const ict_round *r = &all->rounds[i];
    next = ict_rounds_next_series(all, i);
    for (size_t k = i + 1; k < next; k++)
      if (all->rounds[k].table == all->rounds[k - 1].table)
        return refuse_several(m, &all->rounds[k - 1], &all->rounds[k], names);
    if (next - i > 2) return refuse_several(m, r, &r[2], names);
    if (next - i < 2) {
      m->n_alone++;
      continue;
    }
    ict_status st = make_pair(m, r, r + 1);
    if (st != ICT_OK) return st;
  }
  if (ict_table_rows(m->table) > 0) return ICT_OK;
  ict_err_set(m->err, ICT_REFUSED, "%s and %s have no row in common", names[0], names[1]);
  ict_err_expected(m->err, "the same indicator, area and breakdown in two periods");
  ict_err_fix(m->err, "compute both rounds with the same -i and --by");
  return ICT_REFUSED;
}

static ict_status prepare(maker *m) {
  const ict_rounds *r = m->rounds;
  for (size_t i = 0; i < r->n_axes; i++) {
    if (strcmp(r->axes[i], AXIS) != 0) continue;
    ict_err_set(m->err, ICT_REFUSED, "the rows are themselves differences of rounds");
    ict_err_fix(m->err, "give the tables of the rounds, as `ictstat compute` writes them");
    return ICT_REFUSED;
  }
  m->codes = ict_alloc(r->n_axes + 1, sizeof *m->codes);
  if (!m->codes) return ict_err_memory(m->err);
  return ict_rounds_table(r, m->level, AXIS, &CODELIST, &m->table, m->err);
}

static void tell(const maker *m, ict_findings *findings) {
  ict_err note = {0};
  if (m->n_alone > 0) {
    ict_err_set(&note, ICT_OK, "left out, as only one of the tables has them: %zu rows",
                m->n_alone);
    ict_findings_add(findings, ICT_WARNING, &note);
  }
  if (m->n_same > 0) {
    ict_err_set(
        &note, ICT_OK,
        "rows that compare a survey with itself: %zu. Where its rounds share PSUs or people, they "
        "are not independent, and the standard error is not theirs",
        m->n_same);
    ict_findings_add(findings, ICT_WARNING, &note);
  }
}

ict_status ict_contrast_tables(const ict_table *const *tables, const char *const *names,
                               const ict_catalog *catalog, double level, ict_table **out,
                               ict_findings *findings, ict_err *err) {
  ict_rounds rounds = {0};
  maker m = {.rounds = &rounds, .level = ict_level(level), .err = err};
  ict_status st;
  *out = NULL;
  ICT_TRY(done, st, ict_rounds_collect(tables, names, 2, &rounds, err));
  ICT_TRY(done, st, prepare(&m));
  ICT_TRY(done, st, make_rows(&m, names));
  if (catalog) ICT_TRY(done, st, ict_table_add_labels(m.table, catalog, err));
  ICT_TRY(done, st, ict_table_sort(m.table, err));
  tell(&m, findings);
  *out = m.table;
  m.table = NULL;
done:
  ict_table_free(m.table);
  ict_free(m.codes);
  ict_rounds_done(&rounds);
  return st;
}
