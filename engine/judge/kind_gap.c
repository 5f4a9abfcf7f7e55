/* kind_gap.c - an empty estimate has an observation status that says why, and only such a one has.
 */
#include <math.h>
#include <string.h>

#include "judge/rule.h"

typedef struct gap {
  size_t n, n_either;
  const char *const *missing; /* codes that say that there is no value */
  const char *const *either;  /* with and without one */
} gap;

static const char *const KEYS[] = {"missing", "either", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  gap *g = ict_read_alloc(rr->r, 1, sizeof *g);
  if (!g) return;
  ict_read_texts(rr->r, node, "missing", true, &g->missing, &g->n);
  ict_read_texts(rr->r, node, "either", false, &g->either, &g->n_either);
  rule->body = g;
}

static bool is_among(const char *const *list, size_t n, const char *status) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i], status) == 0) return true;
  return false;
}

static ict_status check_row(const ict_judging *j, const ict_judge_row *row) {
  const gap *g = j->rule->body;
  const char *status = row->row->obs_status;
  bool missing = is_among(g->missing, g->n, status), empty = !isfinite(row->row->estimate);
  if (empty == missing || is_among(g->either, g->n_either, status)) return ICT_OK;
  if (empty)
    return ict_remark_add(j, row,
                          ict_expect(j, "a status that says why, such as %s", g->missing[0]),
                          "no estimate, and status '%s'", status);
  return ict_remark_add(j, row, "no estimate, or another status",
                        "an estimate of %.10g, and status '%s'", row->row->estimate, status);
}

const ict_rule_kind ict_rule_kind_gap = {.keys = KEYS, .read = read, .check_row = check_row};
