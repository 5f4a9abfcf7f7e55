/* kind_sum.c - parts that add up to a total: speed tiers to all subscriptions, categories to 100.
 * Where a part is missing the others may be less than the total, never more (parts are from 0). */
#include <math.h>

#include "base/text.h"
#include "judge/rule.h"

typedef struct sum {
  size_t n, n_totals;
  const ict_figure *parts, *total; /* total NULL: the number */
  double number;
} sum;

static const char *const KEYS[] = {"parts", "total", "tolerance", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  sum *s = ict_read_alloc(rr->r, 1, sizeof *s);
  if (!s) return;
  const char *total = NULL;
  ict_figures_read(rr, node, "parts", &rule->scope, &s->n, &s->parts);
  if (ict_read_text(rr->r, node, "total", true, &total) &&
      !(ict_number_parse(ict_slice_of(total), '.', &s->number) &&
        !ict_catalog_find_indicator(rr->catalog, total)))
    ict_figures_read(rr, node, "total", &rule->scope, &s->n_totals, &s->total);
  rule->body = s;
}

static ict_status check_group(const ict_judging *j, const ict_judge_groups *g, size_t group) {
  const sum *s = j->rule->body;
  const ict_judge_row *first = NULL, *total = s->total ? ict_figure_find(g, group, s->total) : NULL;
  double parts = 0, grains = 0;
  size_t n = 0;
  for (size_t k = 0; k < s->n; k++) {
    const ict_judge_row *row = ict_figure_find(g, group, &s->parts[k]);
    if (!row) continue;
    if (!first) first = row;
    parts += row->row->estimate;
    grains += row->grain;
    n++;
  }
  if (n == 0 || (s->total && !total)) return ICT_OK;
  const ict_judge_row *at = total ? total : first;
  double should = total ? total->row->estimate : s->number;
  double tolerance =
      ict_tolerance_of(&j->rule->tolerance, should, grains + (total ? total->grain : 0));
  bool broken = n < s->n ? parts > should + tolerance : fabs(parts - should) > tolerance;
  if (!broken) return ICT_OK;
  const char *expected =
      ict_expect(j, "%s%.10g%s%s, give or take %.3g", n < s->n ? "at most " : "", should,
                 total ? " of " : "", total ? s->total->text : "", tolerance);
  return ict_remark_add(j, at, expected, "%zu of %zu parts add up to %.10g", n, s->n, parts);
}

static ict_status check(const ict_judging *j) {
  return ict_judge_each(j, ICT_LEAVE_FIGURE, check_group);
}

const ict_rule_kind ict_rule_kind_sum = {.keys = KEYS, .read = read, .check = check};
