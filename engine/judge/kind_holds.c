/* kind_holds.c - a condition over the numbers of a row: bounds, intervals, counts. Unknown (a
 * number is missing) is not broken. */
#include "base/text.h"
#include "judge/rule.h"

typedef struct holds {
  const ict_program *when, *must; /* when NULL: always */
  const char *expected;           /* must in words, or as it is written */
} holds;

static const char *const KEYS[] = {"when", "must", "expected", NULL};

static void read(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  holds *h = ict_read_alloc(rr->r, 1, sizeof *h);
  if (!h) return;
  h->when = ict_quality_condition(rr->r, node, "when", false, rr->exprs, rr->programs);
  h->must = ict_quality_condition(rr->r, node, "must", true, rr->exprs, rr->programs);
  if (!ict_read_text(rr->r, node, "expected", false, &h->expected))
    ict_read_text(rr->r, node, "must", false, &h->expected);
  rule->body = h;
}

static uint8_t run(const ict_program *program, ict_scratch *scratch, const double *values) {
  const void *columns[ICT_N_Q];
  uint8_t result = ICT_NULL;
  for (size_t i = 0; i < ICT_N_Q; i++) columns[i] = &values[i];
  ict_block block = {ict_quality_schema(), 1, columns};
  ict_program_run_boolean(program, &block, scratch, &result);
  return result;
}

/* "estimate 102.3, ci_high 110": the numbers that the condition looks at. */
static ict_status remark(const ict_judging *j, const holds *h, const ict_judge_row *row,
                         const double *values) {
  const size_t *columns;
  size_t n = ict_program_columns(h->must, &columns);
  ict_str text;
  ict_str_init(&text);
  for (size_t i = 0; i < n; i++) {
    char number[ICT_NUMBER_TEXT];
    number[ict_number_text(values[columns[i]], number)] = '\0';
    ict_str_addf(&text, "%s%s %s", i ? ", " : "", ict_quality_schema()->vars[columns[i]].name,
                 number[0] ? number : "missing");
  }
  ict_status st =
      text.failed ? ict_err_memory(j->err) : ict_remark_add(j, row, h->expected, "%s", text.text);
  ict_str_done(&text);
  return st;
}

static ict_status check(const ict_judging *j) {
  const holds *h = j->rule->body;
  ict_status st = ICT_OK;
  ict_scratch *must = ict_scratch_new(h->must), *when = h->when ? ict_scratch_new(h->when) : NULL;
  if (!must || (h->when && !when)) st = ict_err_memory(j->err);
  for (size_t i = 0; i < j->set->n && st == ICT_OK; i++) {
    const ict_judge_row *row = &j->set->rows[i];
    double values[ICT_N_Q];
    if (!ict_rule_takes(j->rule, row)) continue;
    ict_quality_values(row->row, values);
    if (h->when && run(h->when, when, values) != ICT_TRUE) continue;
    if (run(h->must, must, values) == ICT_FALSE) st = remark(j, h, row, values);
  }
  ict_scratch_free(must);
  ict_scratch_free(when);
  return st;
}

const ict_rule_kind ict_rule_kind_holds = {.keys = KEYS, .read = read, .check = check};
