/* rule.h - the rules of `validate`: data, read from a file, each of a kind that knows how to judge.
 *
 * A new rule of a kind that is there is an entry of a file (datasets/rules/). A new kind is one
 * file kind_NAME.c and one row of kinds.def. */
#ifndef ICT_JUDGE_RULE_H
#define ICT_JUDGE_RULE_H

#include "catalog/read.h"
#include "judge/constraints.h"
#include "judge/rows.h"

typedef struct ict_rule ict_rule;
typedef struct ict_remarks ict_remarks;

/* How far a figure may be from what it should be. The parts are added. */
typedef struct ict_tolerance {
  double absolute, relative; /* relative: to what it should be */
  bool rounding;             /* half of the last decimal for each figure in the sum */
  const char *text;          /* these and the reason, for the list of rules; NULL: none */
} ict_tolerance;

/* Which rows a rule is for; empty lists: all. */
typedef struct ict_rule_scope {
  size_t n_indicators, n_units, n_measures;
  const char *const *indicators, *const *units, *const *measures;
  bool groups;  /* also groups of countries: not the same countries in every figure */
  bool derived; /* also differences and trends */
} ict_rule_scope;

/* While a file is read. */
typedef struct ict_rule_reader {
  ict_reader *r;
  const ict_catalog *catalog;
  ict_list *exprs, *programs; /* what a rule makes of these and keeps */
} ict_rule_reader;

typedef struct ict_judging {
  const ict_judge_set *set;
  const ict_constraints *constraints;
  const ict_rule *rule;
  ict_remarks *remarks;
  ict_err *err;
} ict_judging;

typedef struct ict_rule_kind {
  const char *const *keys; /* its own, beside those of every rule; ends with NULL */
  /* Reads its own keys into rule->body; what is wrong is recorded. NULL: it has none. */
  void (*read)(ict_rule_reader *reader, const ict_node *node, ict_rule *rule);
  /* Adds a remark where the rule is broken: by a row, of those in its scope, or by several. A kind
   * has one of the two. */
  ict_status (*check_row)(const ict_judging *j, const ict_judge_row *row);
  ict_status (*check)(const ict_judging *j);
} ict_rule_kind;

struct ict_rule {
  const char *id;
  const char *kind_name;
  const ict_rule_kind *kind;
  ict_severity severity;
  const char *about, *fix, *source;
  ict_rule_scope scope;
  ict_tolerance tolerance;
  const void *body; /* the kind's */
};

typedef struct ict_rules {
  ict_arena *arena;
  ict_list exprs, programs; /* ict_expr, ict_program */
  const char *id, *title;
  size_t n;
  const ict_rule *rules;
} ict_rules;

/* path NULL: datasets/rules/standard.yaml. All problems go to findings, the first to err too. */
ict_status ict_rules_load(const char *path, const ict_catalog *catalog, ict_rules **out,
                          ict_findings *findings, ict_err *err);
void ict_rules_free(ict_rules *rules); /* NULL is fine */

/* A rule's scope, of a row that is judged; with_history: or that is only known. The ctx of
 * ict_judge_group. */
bool ict_rule_takes(const void *rule, const ict_judge_row *row);
bool ict_rule_takes_history(const void *rule, const ict_judge_row *row);

/* Rows in the rule's scope, by key (ict_judge_group), one group after the other. */
ict_status ict_judge_each(const ict_judging *j, unsigned leave,
                          ict_status (*check)(const ict_judging *j, const ict_judge_groups *groups,
                                              size_t group));

/* What a kind needs of a rule's file: "17.6.1/256k_to_2M", an indicator and its item, or "/any",
 * that item of each indicator in the rule's scope; one list has either. */
typedef struct ict_figure {
  const char *text;
  const char *indicator; /* NULL: each */
  const char *item;      /* "" for none, and for all together */
} ict_figure;
void ict_figures_read(ict_rule_reader *reader, const ict_node *map, const char *key,
                      const ict_rule_scope *scope, size_t *n, const ict_figure **out);
/* What ict_judge_group leaves out to bring them together. */
unsigned ict_figures_leave(const ict_figure *figures);
/* The first row of the group that is the figure and has an estimate, or NULL. */
const ict_judge_row *ict_figure_find(const ict_judge_groups *groups, size_t group,
                                     const ict_figure *figure);

double ict_tolerance_of(const ict_tolerance *t, double should, double grains);

/* A finding: the rule is broken at the row; the sentence says what was found. expected: what would
 * have been right, a text that lives as long as the rules, or of ict_expect (whose NULL, memory, is
 * reported here). */
ict_status ict_remark_add(const ict_judging *j, const ict_judge_row *row, const char *expected,
                          const char *fmt, ...) ICT_PRINTF(4, 5);
const char *ict_expect(const ict_judging *j, const char *fmt, ...) ICT_PRINTF(2, 3);

/* The kinds there are, for people. */
size_t ict_rule_kinds(void);
const char *ict_rule_kind_name(size_t i);
const char *ict_rule_kind_about(size_t i);

#define RULE_KIND(name, about) extern const ict_rule_kind ict_rule_kind_##name;
#include "judge/kinds.def"
#undef RULE_KIND

#endif
