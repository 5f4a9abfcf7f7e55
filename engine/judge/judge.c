/* judge.c - every rule over every row.
 *
 * In: rules, rows. Out: remarks, sorted by place. Owns: their texts. */
#include <stdlib.h>
#include <string.h>

#include "judge/remark.h"

ict_status ict_remark_add(const ict_judging *j, const ict_judge_row *row, const char *expected,
                          const char *fmt, ...) {
  ict_remarks *out = j->remarks;
  ict_err text = {0};
  va_list args;
  va_start(args, fmt);
  ict_err_setv(&text, ICT_OK, fmt, args); /* cut to its length, and nothing a terminal obeys */
  va_end(args);
  const char *what = ict_arena_strdup(out->arena, text.what);
  if (!what || !expected || ict_grow(&out->list, out->n, &out->capacity, sizeof *out->list) != 0)
    return ict_err_memory(j->err);
  out->list[out->n] = (ict_remark){
      .rule = j->rule, .row = row, .what = what, .expected = expected, .order = out->n};
  out->n++;
  out->count[j->rule->severity]++;
  return ICT_OK;
}

const char *ict_expect(const ict_judging *j, const char *fmt, ...) {
  va_list args;
  ict_err clean = {0};
  va_start(args, fmt);
  ict_err_setv(&clean, ICT_OK, fmt, args);
  va_end(args);
  return ict_arena_strdup(j->remarks->arena, clean.what);
}

/* Rows of a file are neighbours in the set, so their addresses have the order of files and lines.
 */
static int by_place(const void *a, const void *b) {
  const ict_remark *x = a, *y = b;
  if (x->row != y->row) return x->row < y->row ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

ict_status ict_judge_each(const ict_judging *j, unsigned leave,
                          ict_status (*check)(const ict_judging *j, const ict_judge_groups *groups,
                                              size_t group)) {
  ict_judge_groups g;
  ict_status st = ict_judge_group(j->set, leave, SIZE_MAX, ict_rule_takes, j->rule, &g, j->err);
  if (st != ICT_OK) return st;
  for (size_t i = 0; i < g.n && st == ICT_OK; i++) st = check(j, &g, i);
  ict_judge_groups_done(&g);
  return st;
}

static ict_status check_rows(const ict_judging *j) {
  ict_status st = ICT_OK;
  for (size_t i = 0; i < j->set->n && st == ICT_OK; i++)
    if (ict_rule_takes(j->rule, &j->set->rows[i]))
      st = j->rule->kind->check_row(j, &j->set->rows[i]);
  return st;
}

ict_status ict_judge(const ict_rules *rules, const ict_judge_set *set,
                     const ict_constraints *constraints, ict_remarks *out, ict_err *err) {
  *out = (ict_remarks){.arena = ict_arena_new()};
  ict_status st = out->arena ? ICT_OK : ict_err_memory(err);
  for (size_t i = 0; i < rules->n && st == ICT_OK; i++) {
    ict_judging j = {set, constraints, &rules->rules[i], out, err};
    st = j.rule->kind->check_row ? check_rows(&j) : j.rule->kind->check(&j);
    if (st != ICT_OK) ict_err_while(err, "judging by the rule '%s'", rules->rules[i].id);
  }
  if (st == ICT_OK && out->n > 1) qsort(out->list, out->n, sizeof *out->list, by_place);
  return st;
}

void ict_remarks_done(ict_remarks *remarks) {
  ict_free(remarks->list);
  ict_arena_free(remarks->arena);
  *remarks = (ict_remarks){0};
}
