/* kind_order.c - figures that never rise down a list: 2G covers at least whom 3G covers. What
 * stands between two that are there may be missing. */
#include "judge/rule.h"

typedef struct order {
  size_t n;
  const ict_figure *figures;
  int first; /* against the first, else against the one before */
} order;

static const char *const KEYS[] = {"figures", "against", "tolerance", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  order *o = ict_read_alloc(rr->r, 1, sizeof *o);
  if (!o) return;
  static const char *const against[] = {"previous", "first", NULL};
  ict_figures_read(rr, node, "figures", &rule->scope, &o->n, &o->figures);
  ict_read_word(rr->r, node, "against", false, against, &o->first);
  rule->body = o;
}

static ict_status compare(const ict_judging *j, const ict_figure *above, const ict_judge_row *high,
                          const ict_judge_row *low) {
  double most = high->row->estimate;
  double tolerance = ict_tolerance_of(&j->rule->tolerance, most, high->grain + low->grain);
  if (low->row->estimate <= most + tolerance) return ICT_OK;
  const char *expected = tolerance > 0
                             ? ict_expect(j, "at most %.10g, give or take %.3g", most, tolerance)
                             : ict_expect(j, "at most %.10g", most);
  return ict_remark_add(j, low, expected, "%.10g, more than the %.10g of %s", low->row->estimate,
                        most, above->text);
}

static ict_status check_group(const ict_judging *j, const ict_judge_groups *g, size_t group) {
  const order *o = j->rule->body;
  const ict_judge_row *above = NULL;
  const ict_figure *name = NULL;
  ict_status st = ICT_OK;
  for (size_t k = 0; k < o->n && st == ICT_OK; k++) {
    const ict_judge_row *row = ict_figure_find(g, group, &o->figures[k]);
    if (!row) continue;
    if (above) st = compare(j, name, above, row);
    if (o->first && k > 0) continue;
    above = row;
    name = &o->figures[k];
  }
  return st;
}

static ict_status check(const ict_judging *j) {
  const order *o = j->rule->body;
  return ict_judge_each(j, ict_figures_leave(o->figures), check_group);
}

const ict_rule_kind ict_rule_kind_order = {.keys = KEYS, .read = read, .check = check};
