/* kind_bracket.c - the classes of an axis against their total.
 *
 * A total lies between its classes. Where weights are known (pop_weighted) it is more: their mean,
 *     T W = sum p_i w_i      with W the weight of the total, w_i of class i, for shares and means,
 * and for totals and counts their sum. People who are in no class (an age that is missing, a class
 * that is not in the table) make up the rest W - sum w_i; what the figures imply of them,
 *     r = (T W - sum p_i w_i) / (W - sum w_i),
 * must be possible: a share from 0 to 100. That holds whatever classes are there, so that the rule
 * speaks of every breakdown, and never of one that only leaves somebody out. */
#include <math.h>
#include <string.h>

#include "judge/rule.h"

/* Weights are sums of doubles in another order. */
#define SLACK 1e-9

typedef struct bracket {
  const char *axis;
  size_t n;
  const char *const *classes;
  bool everybody; /* nobody is in no class: holds without weights too */
} bracket;

static const char *const KEYS[] = {"axis",      "classes",   "classification",
                                   "everybody", "tolerance", NULL};

static void take_classification(ict_rule_reader *rr, const ict_node *node, const char *id,
                                bracket *b) {
  for (size_t i = 0; i < ict_catalog_classifications(rr->catalog); i++) {
    const ict_classification *c = ict_catalog_classification_at(rr->catalog, i);
    if (strcmp(c->concept_name, b->axis) != 0 || strcmp(c->id, id) != 0) continue;
    const char **classes = ict_read_alloc(rr->r, c->n, sizeof *classes);
    if (!classes) return;
    for (b->n = 0; b->n < c->n; b->n++) classes[b->n] = c->classes[b->n].id;
    b->classes = classes;
    return;
  }
  ict_read_error(rr->r, ict_node_get(node, "classification"),
                 "a classification of the concept that the axis is",
                 "`ictstat list --classifications` shows them", "no classification '%s:%s'",
                 b->axis, id);
}

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  bracket *b = ict_read_alloc(rr->r, 1, sizeof *b);
  const char *id = NULL;
  if (!b || !ict_read_text(rr->r, node, "axis", true, &b->axis)) return;
  ict_read_bool(rr->r, node, "everybody", false, &b->everybody);
  if (ict_read_text(rr->r, node, "classification", false, &id))
    take_classification(rr, node, id, b);
  else
    ict_read_texts(rr->r, node, "classes", true, &b->classes, &b->n);
  rule->body = b;
}

/* What the classes of one total come to. */
typedef struct parts {
  size_t n;
  double low, high, sum;   /* of their estimates */
  double weighted, weight; /* sum p w, sum w; NaN where one has no weight */
  double grain;
} parts;

static bool is_class(const bracket *b, const char *code) {
  for (size_t i = 0; i < b->n; i++)
    if (strcmp(b->classes[i], code) == 0) return true;
  return false;
}

static void take(parts *p, const ict_judge_row *row) {
  double value = row->row->estimate, weight = row->row->pop_weighted;
  if (p->n == 0 || value < p->low) p->low = value;
  if (p->n == 0 || value > p->high) p->high = value;
  p->sum += value;
  p->weighted += value * weight;
  p->weight += weight;
  p->grain += row->grain;
  p->n++;
}

static ict_status say(const ict_judging *j, const ict_judge_row *total, const bracket *b,
                      const char *what, double value, const char *expected) {
  return ict_remark_add(j, total, expected, "%.10g; by %s %s %.10g", total->row->estimate, b->axis,
                        what, value);
}

/* Shares and means, with weights. */
static ict_status judge_mean(const ict_judging *j, const bracket *b, const ict_judge_row *total,
                             const parts *p) {
  double value = total->row->estimate, all = total->row->pop_weighted, rest = all - p->weight;
  double tolerance = ict_tolerance_of(&j->rule->tolerance, value, 2 * total->grain);
  if (rest < -SLACK * all)
    return say(j, total, b, "the classes weigh", p->weight,
               ict_expect(j, "at most the weight of the total, %.10g", all));
  if (rest <= SLACK * all) {
    double mean = p->weighted / p->weight;
    if (fabs(value - mean) <= tolerance) return ICT_OK;
    return say(j, total, b, "the weighted mean is", mean,
               ict_expect(j, "the two equal, give or take %.3g", tolerance));
  }
  if (total->indicator->scale != 100 || total->indicator->measure != ICT_PROPORTION) return ICT_OK;
  double implied = (value * all - p->weighted) / rest;
  double loose = tolerance * all / rest;
  if (implied >= -loose && implied <= 100 + loose) return ICT_OK;
  return say(j, total, b, "those in no class would have", implied, "a share from 0 to 100");
}

static ict_status judge_sum(const ict_judging *j, const bracket *b, const ict_judge_row *total,
                            const parts *p, bool whole) {
  double value = total->row->estimate;
  double tolerance = ict_tolerance_of(&j->rule->tolerance, value, p->grain + total->grain);
  if (whole ? fabs(value - p->sum) <= tolerance : p->sum <= value + tolerance) return ICT_OK;
  return say(j, total, b, "the sum is", p->sum,
             ict_expect(j, "%s, give or take %.3g", whole ? "the two equal" : "at most the total",
                        tolerance));
}

static ict_status judge_between(const ict_judging *j, const bracket *b, const ict_judge_row *total,
                                const parts *p) {
  double value = total->row->estimate;
  double tolerance = ict_tolerance_of(&j->rule->tolerance, value, 2 * total->grain);
  if (value >= p->low - tolerance && value <= p->high + tolerance) return ICT_OK;
  return say(j, total, b, "the nearest class has", value < p->low ? p->low : p->high,
             ict_expect(j, "from %.10g to %.10g", p->low, p->high));
}

static ict_status judge_total(const ict_judging *j, const bracket *b, const ict_judge_row *total,
                              const parts *p) {
  if (!total->indicator || total->indicator->contrast_of || p->n == 0) return ICT_OK;
  double all = total->row->pop_weighted;
  bool weighed = isfinite(p->weight) && isfinite(all) && p->weight > 0 && all > 0;
  bool whole = weighed ? fabs(all - p->weight) <= SLACK * all : b->everybody && p->n == b->n;
  switch (total->indicator->measure) {
    case ICT_TOTAL_OF:
    case ICT_COUNT:
      return judge_sum(j, b, total, p, whole);
    case ICT_SHARE: /* of one class in all: neither between its classes nor their mean */
      return ICT_OK;
    case ICT_RATIO: /* pop_weighted is not its denominator */
    case ICT_MEDIAN:
    case ICT_QUANTILE:
      return whole ? judge_between(j, b, total, p) : ICT_OK;
    default:
      if (weighed) return judge_mean(j, b, total, p);
      return whole ? judge_between(j, b, total, p) : ICT_OK;
  }
}

static ict_status check_group(const ict_judging *j, const ict_judge_groups *g, size_t group,
                              size_t axis) {
  const bracket *b = j->rule->body;
  const ict_judge_row *total = NULL;
  parts p = {0};
  for (size_t i = g->starts[group]; i < g->starts[group + 1]; i++) {
    const ict_judge_row *row = g->rows[i];
    if (!isfinite(row->row->estimate)) continue;
    if (!total && strcmp(row->axes[axis], ICT_TOTAL) == 0) total = row;
    if (is_class(b, row->axes[axis])) take(&p, row);
  }
  return total ? judge_total(j, b, total, &p) : ICT_OK;
}

static ict_status check(const ict_judging *j) {
  const bracket *b = j->rule->body;
  long axis = ict_names_find(&j->set->axes, b->axis);
  ict_judge_groups g;
  if (axis < 0) return ICT_OK;
  ict_status st = ict_judge_group(j->set, 0, (size_t)axis, ict_rule_takes, j->rule, &g, j->err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < g.n && st == ICT_OK; i++) st = check_group(j, &g, i, (size_t)axis);
  ict_judge_groups_done(&g);
  return st;
}

const ict_rule_kind ict_rule_kind_bracket = {.keys = KEYS, .read = read, .check = check};
