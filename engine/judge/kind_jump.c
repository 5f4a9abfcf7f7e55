/* kind_jump.c - changes between neighbouring periods beyond what errors and history explain.
 *
 * For neighbouring years a < b of a series, h = b - a, the change d is allowed to be
 *     |d - m h| <= z sqrt(SE_a^2 + SE_b^2 + (h s)^2)
 * where m and s are the usual change in a year and its spread: the median of the series' other
 * yearly changes and 1.4826 times their median absolute deviation (which is the SD of a normal
 * one), with the rule's per_year as the least s. `direction` fall (rise) speaks only of falls
 * (rises): a network that is rolled out may grow fast. With fewer than min_others changes m is 0. A
 * missing SE counts as none. On the scale `log` the changes are of logarithms, for numbers that
 * grow by rates. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "judge/rule.h"

#define MAD_TO_SD 1.4826

typedef struct jump {
  int log, direction; /* of DIRECTIONS */
  double per_year, multiple;
  int64_t min_others;
} jump;

enum { BOTH, FALL, RISE };
static const char *const DIRECTIONS[] = {[BOTH] = "both", [FALL] = "fall", [RISE] = "rise", NULL};
static const char *const KEYS[] = {"scale",      "direction", "per_year", "multiple",
                                   "min_others", "reason",    NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  static const char *const scales[] = {"points", "log", NULL};
  const char *reason;
  jump *b = ict_read_alloc(rr->r, 1, sizeof *b);
  if (!b) return;
  ict_read_word(rr->r, node, "scale", true, scales, &b->log);
  ict_read_word(rr->r, node, "direction", false, DIRECTIONS, &b->direction);
  ict_read_number(rr->r, node, "per_year", true, &b->per_year);
  ict_read_number(rr->r, node, "multiple", true, &b->multiple);
  ict_read_integer(rr->r, node, "min_others", true, &b->min_others);
  if (ict_read_text(rr->r, node, "reason", true, &reason)) {
    ict_slice words = ict_slice_trim(ict_slice_of(reason)); /* a block ends in a line end */
    rule->tolerance.text = ict_arena_printf(rr->r->arena, "%.6g a year, times %.6g: %.*s",
                                            b->per_year, b->multiple, (int)words.len, words.text);
    if (!rule->tolerance.text) ict_read_no_memory(rr->r);
  }
  if (b->per_year < 0 || b->multiple <= 0 || b->min_others < 1)
    ict_read_error(rr->r, node, "per_year from 0, multiple above 0, min_others from 1", NULL,
                   "a number out of range");
  rule->body = b;
}

/* One series in the order of its years, each once. */
typedef struct series {
  const ict_judge_row **rows;
  size_t n;
  double *rates, *work; /* yearly changes, one fewer than rows */
} series;

static double level(const jump *b, const ict_judge_row *row) {
  return b->log ? log(row->row->estimate) : row->row->estimate;
}

static double se(const jump *b, const ict_judge_row *row) {
  double value = isfinite(row->row->se) ? row->row->se : 0;
  return b->log ? value / row->row->estimate : value;
}

/* What is judged goes before what is history of the same year. */
static int by_year(const void *a, const void *b) {
  const ict_judge_row *x = *(const ict_judge_row *const *)a, *y = *(const ict_judge_row *const *)b;
  if (x->year != y->year) return x->year < y->year ? -1 : 1;
  if (x->history != y->history) return x->history ? 1 : -1;
  return x < y ? -1 : x > y;
}

static void take_rows(const jump *b, const ict_judge_groups *g, size_t group, series *s) {
  s->n = 0;
  for (size_t i = g->starts[group]; i < g->starts[group + 1]; i++) {
    const ict_judge_row *row = g->rows[i];
    if (row->year && isfinite(row->row->estimate) && (!b->log || row->row->estimate > 0))
      s->rows[s->n++] = row;
  }
  if (s->n < 2) return;
  qsort(s->rows, s->n, sizeof *s->rows, by_year);
  size_t kept = 1;
  for (size_t i = 1; i < s->n; i++)
    if (s->rows[i]->year != s->rows[kept - 1]->year) s->rows[kept++] = s->rows[i];
  s->n = kept;
  for (size_t i = 0; i + 1 < s->n; i++)
    s->rates[i] = (level(b, s->rows[i + 1]) - level(b, s->rows[i])) /
                  (s->rows[i + 1]->year - s->rows[i]->year);
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double *values, size_t n) {
  qsort(values, n, sizeof *values, by_value);
  return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* m and s of the other changes than that to row i + 1. */
static void usual(const jump *b, const series *s, size_t i, double *m, double *spread) {
  size_t n = 0;
  *m = 0;
  *spread = b->per_year;
  for (size_t k = 0; k + 1 < s->n; k++)
    if (k != i) s->work[n++] = s->rates[k];
  if (n < (size_t)b->min_others) return;
  *m = median(s->work, n);
  for (size_t k = 0; k < n; k++) s->work[k] = fabs(s->work[k] - *m);
  double mad = MAD_TO_SD * median(s->work, n);
  if (mad > *spread) *spread = mad;
}

static ict_status remark(const ict_judging *j, const jump *b, const ict_judge_row *from,
                         const ict_judge_row *to, double expected, double allowed) {
  double base = from->row->estimate;
  double low = b->log ? base * exp(expected - allowed) : base + expected - allowed;
  double high = b->log ? base * exp(expected + allowed) : base + expected + allowed;
  const char *right =
      b->direction == FALL ? ict_expect(j, "at least %.6g, after %.6g in %d", low, base, from->year)
      : b->direction == RISE
          ? ict_expect(j, "at most %.6g, after %.6g in %d", high, base, from->year)
          : ict_expect(j, "from %.6g to %.6g, after %.6g in %d", low, high, base, from->year);
  return ict_remark_add(j, to, right, "%.10g in %d, %.10g in %d", base, from->year,
                        to->row->estimate, to->year);
}

static ict_status check_series(const ict_judging *j, const series *s) {
  const jump *b = j->rule->body;
  for (size_t i = 0; i + 1 < s->n; i++) {
    const ict_judge_row *from = s->rows[i], *to = s->rows[i + 1];
    bool told = strcmp(to->row->obs_status, "B") == 0; /* a break in the series */
    if (told || (from->history && to->history)) continue;
    double h = to->year - from->year, m, spread;
    usual(b, s, i, &m, &spread);
    double sa = se(b, from), sb = se(b, to);
    double allowed = b->multiple * sqrt(sa * sa + sb * sb + h * h * spread * spread);
    double change = s->rates[i] * h;
    if (b->direction != BOTH) m = 0;
    if (fabs(change - m * h) <= allowed || (b->direction == FALL && change > 0) ||
        (b->direction == RISE && change < 0))
      continue;
    ict_status st = remark(j, b, from, to, m * h, allowed);
    if (st != ICT_OK) return st;
  }
  return ICT_OK;
}

static ict_status check(const ict_judging *j) {
  ict_judge_groups g;
  ict_status st = ict_judge_group(j->set, ICT_LEAVE_PERIOD, SIZE_MAX, ict_rule_takes_history,
                                  j->rule, &g, j->err);
  if (st != ICT_OK) return st;
  size_t most = 0;
  for (size_t i = 0; i < g.n; i++)
    if (g.starts[i + 1] - g.starts[i] > most) most = g.starts[i + 1] - g.starts[i];
  series s = {ict_alloc(most, sizeof *s.rows), 0, ict_alloc(most, sizeof *s.rates),
              ict_alloc(most, sizeof *s.work)};
  if (!s.rows || !s.rates || !s.work) st = ict_err_memory(j->err);
  for (size_t i = 0; i < g.n && st == ICT_OK; i++) {
    take_rows(j->rule->body, &g, i, &s);
    if (s.n >= 2) st = check_series(j, &s);
  }
  ict_free(s.rows);
  ict_free(s.rates);
  ict_free(s.work);
  ict_judge_groups_done(&g);
  return st;
}

const ict_rule_kind ict_rule_kind_jump = {.keys = KEYS, .read = read, .check = check};
