/* kind_required.c - breakdowns that must be there for each indicator, area and period, and the
 * total beside them. */
#include <math.h>
#include <string.h>

#include "judge/rule.h"

typedef struct required {
  bool total;
  size_t n;
  const char *const *axes;
} required;

static const char *const KEYS[] = {"total", "axes", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  required *q = ict_read_alloc(rr->r, 1, sizeof *q);
  if (!q) return;
  ict_read_bool(rr->r, node, "total", false, &q->total);
  ict_read_texts(rr->r, node, "axes", false, &q->axes, &q->n);
  if (!q->total && q->n == 0)
    ict_read_error(rr->r, node, "total: true, axes: [sex, ...]", NULL, "nothing is required");
  rule->body = q;
}

static bool is_total(const ict_judge_set *set, const ict_judge_row *row) {
  for (size_t a = 0; a < set->axes.n; a++)
    if (strcmp(row->axes[a], ICT_TOTAL) != 0) return false;
  return true;
}

static bool group_has(const ict_judging *j, const ict_judge_groups *g, size_t group,
                      const char *axis) {
  long a = ict_names_find(&j->set->axes, axis);
  for (size_t i = g->starts[group]; a >= 0 && i < g->starts[group + 1]; i++)
    if (strcmp(g->rows[i]->axes[a], ICT_TOTAL) != 0 && isfinite(g->rows[i]->row->estimate))
      return true;
  return false;
}

static ict_status check_group(const ict_judging *j, const ict_judge_groups *g, size_t group) {
  const required *q = j->rule->body;
  const ict_judge_row *first = g->rows[g->starts[group]];
  bool total = false;
  ict_status st = ICT_OK;
  for (size_t i = g->starts[group]; i < g->starts[group + 1] && !total; i++)
    total = is_total(j->set, g->rows[i]);
  if (q->total && !total) st = ict_remark_add(j, first, "a row with _T on every axis", "no total");
  for (size_t k = 0; k < q->n && st == ICT_OK; k++)
    if (!group_has(j, g, group, q->axes[k]))
      st = ict_remark_add(j, first, ict_expect(j, "rows by %s", q->axes[k]), "no breakdown by %s",
                          q->axes[k]);
  return st;
}

static ict_status check(const ict_judging *j) {
  const required *q = j->rule->body;
  /* Items may each have rows of their own; what is asked of the indicator is asked once. */
  return ict_judge_each(j, ICT_LEAVE_AXES | (q->total ? 0 : ICT_LEAVE_ITEM), check_group);
}

const ict_rule_kind ict_rule_kind_required = {.keys = KEYS, .read = read, .check = check};
