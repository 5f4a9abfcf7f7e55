/* kind_unit.c - the unit of measure and its multiplier, as the catalogue has them, or as `also`
 * says that they have been published. */
#include <string.h>

#include "judge/rule.h"

typedef struct also {
  const char *indicator, *unit;
} also;

typedef struct units {
  size_t n;
  const also *list;
} units;

static const char *const KEYS[] = {"also", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  static const char *const keys[] = {"indicator", "unit_measure", "reason", NULL};
  units *u = ict_read_alloc(rr->r, 1, sizeof *u);
  const ict_node *list = ict_node_get(node, "also");
  rule->body = u;
  if (!u || !list || !ict_read_is_list(rr->r, list, "'also'")) return;
  also *made = ict_read_alloc(rr->r, list->n, sizeof *made);
  for (size_t i = 0; made && i < list->n; i++) {
    const char *reason;
    if (!ict_read_keys(rr->r, list->items[i], "an entry of 'also'", keys)) continue;
    ict_read_text(rr->r, list->items[i], "indicator", true, &made[i].indicator);
    ict_read_text(rr->r, list->items[i], "unit_measure", true, &made[i].unit);
    ict_read_text(rr->r, list->items[i], "reason", true, &reason);
  }
  u->n = list->n;
  u->list = made;
}

static bool is_also(const units *u, const ict_table_row *row) {
  for (size_t i = 0; i < u->n; i++)
    if (strcmp(u->list[i].indicator, row->indicator) == 0 &&
        strcmp(u->list[i].unit, row->unit_measure) == 0)
      return true;
  return false;
}

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  if (!row->indicator) return ICT_OK;
  const char *unit = ict_item_unit_measure(row->indicator, row->item);
  int mult = row->indicator->unit_mult;
  bool same = strcmp(unit, row->row->unit_measure) == 0 || is_also(j->rule->body, row->row);
  if (!unit[0] || (same && mult == row->row->unit_mult)) return ICT_OK;
  return ict_remark_add(j, row, ict_expect(j, "%s, multiplier %d", unit, mult),
                        "unit '%s', multiplier %d", row->row->unit_measure, row->row->unit_mult);
}

const ict_rule_kind ict_rule_kind_unit = {.keys = KEYS, .read = read, .check_row = check_row};
