/* rules.c - a file of rules to structs.
 *
 * In: datasets/rules/standard.yaml, or a file of the user's. Out: rules, checked against the
 * catalogue. Owns: the keys that every rule has; the others are its kind's. */
#include <math.h>
#include <string.h>

#include "base/stream.h"
#include "base/text.h"
#include "base/where.h"
#include "judge/rule.h"

#define STANDARD "datasets/rules/standard.yaml"

/* ---- kinds -------------------------------------------------------------------------------------
 */

static const struct kind_row {
  const char *name, *about;
  const ict_rule_kind *kind;
} KINDS[] = {
#define RULE_KIND(name, about) {#name, about, &ict_rule_kind_##name},
#include "judge/kinds.def"
#undef RULE_KIND
};
#define N_KINDS (sizeof KINDS / sizeof *KINDS)

size_t ict_rule_kinds(void) { return N_KINDS; }
const char *ict_rule_kind_name(size_t i) { return KINDS[i].name; }
const char *ict_rule_kind_about(size_t i) { return KINDS[i].about; }

/* ---- what every rule has -----------------------------------------------------------------------
 */

static const char *const COMMON[] = {"id",       "kind",   "severity",   "about",
                                     "fix",      "source", "indicators", "units",
                                     "measures", "groups", "derived"};
#define N_COMMON  (sizeof COMMON / sizeof *COMMON)
#define MOST_KEYS 32

static bool check_keys(ict_reader *r, const ict_node *node, const ict_rule_kind *kind) {
  const char *keys[MOST_KEYS];
  size_t n = 0;
  for (; n < N_COMMON; n++) keys[n] = COMMON[n];
  for (size_t i = 0; kind->keys[i] && n < MOST_KEYS - 1; i++) keys[n++] = kind->keys[i];
  keys[n] = NULL;
  return ict_read_keys(r, node, "a rule", keys);
}

static void read_kind(ict_reader *r, const ict_node *node, ict_rule *rule) {
  const char *words[N_KINDS + 1];
  int which = 0;
  for (size_t i = 0; i < N_KINDS; i++) words[i] = KINDS[i].name;
  words[N_KINDS] = NULL;
  if (!ict_read_word(r, node, "kind", true, words, &which)) return;
  rule->kind_name = KINDS[which].name;
  rule->kind = KINDS[which].kind;
}

static void check_indicators(ict_rule_reader *rr, const ict_node *node, const ict_rule_scope *s) {
  for (size_t i = 0; i < s->n_indicators; i++) {
    ict_err problem = {0};
    if (ict_catalog_find_id(rr->catalog, s->indicators[i])) continue;
    ict_catalog_no_indicator(rr->catalog, s->indicators[i], &problem);
    ict_read_error(rr->r, ict_node_get(node, "indicators"), "ids of the catalogue",
                   problem.fix[0] ? problem.fix : NULL, "%s", problem.what);
  }
}

static void read_scope(ict_rule_reader *rr, const ict_node *node, ict_rule_scope *s) {
  ict_reader *r = rr->r;
  ict_read_texts(r, node, "indicators", false, &s->indicators, &s->n_indicators);
  ict_read_texts(r, node, "units", false, &s->units, &s->n_units);
  if (ict_read_texts(r, node, "measures", false, &s->measures, &s->n_measures)) {
    for (size_t i = 0; i < s->n_measures; i++) {
      int k = ICT_PROPORTION;
      while (k <= ICT_SHARE && strcmp(ict_measure_name((ict_measure)k), s->measures[i]) != 0) k++;
      if (k > ICT_SHARE)
        ict_read_error(r, ict_node_get(node, "measures"),
                       "a measure as indicators have it, such as proportion", NULL,
                       "no measure '%s'", s->measures[i]);
    }
  }
  ict_read_bool(r, node, "groups", false, &s->groups);
  ict_read_bool(r, node, "derived", false, &s->derived);
  check_indicators(rr, node, s);
}

/* "0.5 + 0.001 of the figure + rounding: why". */
static void describe(ict_reader *r, ict_tolerance *t, const char *reason) {
  ict_str text;
  ict_str_init(&text);
  if (t->absolute > 0) ict_str_addf(&text, "%.6g", t->absolute);
  if (t->relative > 0)
    ict_str_addf(&text, "%s%.6g of the figure", text.len ? " + " : "", t->relative);
  if (t->rounding) ict_str_addf(&text, "%srounding", text.len ? " + " : "");
  ict_slice words = ict_slice_trim(ict_slice_of(reason)); /* a block ends in a line end */
  ict_str_add(&text, text.len ? ": " : "");
  ict_str_addn(&text, words.text, words.len);
  t->text = text.failed ? NULL : ict_arena_strdup(r->arena, text.text);
  if (!t->text) ict_read_no_memory(r);
  ict_str_done(&text);
}

static void read_tolerance(ict_reader *r, const ict_node *node, ict_tolerance *t) {
  static const char *const keys[] = {"absolute", "relative", "rounding", "reason", NULL};
  const ict_node *map = ict_node_get(node, "tolerance");
  const char *reason;
  if (!map || !ict_read_keys(r, map, "'tolerance'", keys)) return;
  ict_read_number(r, map, "absolute", false, &t->absolute);
  ict_read_number(r, map, "relative", false, &t->relative);
  ict_read_bool(r, map, "rounding", false, &t->rounding);
  if (ict_read_text(r, map, "reason", true, &reason)) describe(r, t, reason);
  if (t->absolute < 0 || t->relative < 0)
    ict_read_error(r, map, "a number from 0 up", NULL, "a tolerance below zero");
}

static void read_rule(ict_rule_reader *rr, const ict_node *node, ict_rule *rule) {
  static const char *const severities[] = {"note", "warning", "error", NULL};
  ict_reader *r = rr->r;
  int severity = ICT_ERROR;
  if (!ict_read_is_map(r, node, "a rule")) return;
  read_kind(r, node, rule);
  if (!rule->kind || !check_keys(r, node, rule->kind)) return;
  ict_read_text(r, node, "id", true, &rule->id);
  ict_read_text(r, node, "about", true, &rule->about);
  ict_read_text(r, node, "fix", true, &rule->fix);
  ict_read_word(r, node, "severity", true, severities, &severity);
  rule->severity = (ict_severity)severity;
  ict_read_source(r, node, true, &rule->source, NULL, NULL);
  rule->scope.groups = true;
  read_scope(rr, node, &rule->scope);
  read_tolerance(r, node, &rule->tolerance);
  if (rule->kind->read) rule->kind->read(rr, node, rule);
}

static void check_ids(ict_reader *r, const ict_node *list, const ict_rule *rules) {
  for (size_t i = 0; i < list->n; i++)
    for (size_t k = 0; k < i && rules[i].id; k++)
      if (rules[k].id && strcmp(rules[i].id, rules[k].id) == 0)
        ict_read_error(r, ict_node_get(list->items[i], "id"), NULL, "choose another id",
                       "the rule '%s' comes twice", rules[i].id);
}

static void read_file(ict_rule_reader *rr, const ict_node *root, ict_rules *out) {
  static const char *const keys[] = {"ictstat", "id", "title", "note", "rules", NULL};
  ict_reader *r = rr->r;
  if (!ict_read_kind(r, root, "rules", 1) || !ict_read_keys(r, root, "a file of rules", keys))
    return; /* the kind first: all keys of another kind of file are unknown */
  ict_read_text(r, root, "id", true, &out->id);
  ict_read_text(r, root, "title", true, &out->title);
  const ict_node *list = ict_node_get(root, "rules");
  if (!list) ict_read_error(r, root, NULL, NULL, "'rules' is missing");
  if (!list || !ict_read_is_list(r, list, "'rules'")) return;
  ict_rule *rules = ict_read_alloc(r, list->n, sizeof *rules);
  if (!rules) return;
  for (size_t i = 0; i < list->n && !r->no_memory; i++) read_rule(rr, list->items[i], &rules[i]);
  check_ids(r, list, rules);
  out->n = list->n;
  out->rules = rules;
}

ict_status ict_rules_load(const char *path, const ict_catalog *catalog, ict_rules **out,
                          ict_findings *findings, ict_err *err) {
  *out = NULL;
  char *own = path ? NULL : ict_path_join(ict_data_dir(), STANDARD);
  ict_yaml *yaml = NULL;
  ict_rules *rules = ict_alloc(1, sizeof *rules);
  if (rules) rules->arena = ict_arena_new();
  const char *file = rules && rules->arena && (path || own)
                         ? ict_arena_strdup(rules->arena, path ? path : own)
                         : NULL;
  ict_status st = file ? ict_yaml_load(file, false, &yaml, err) : ict_err_memory(err);
  if (st == ICT_OK) {
    ict_reader r = {.file = file, .arena = rules->arena, .findings = findings, .err = err};
    ict_rule_reader rr = {&r, catalog, &rules->exprs, &rules->programs};
    read_file(&rr, yaml->root, rules);
    st = ict_reader_status(&r);
  }
  ict_yaml_free(yaml);
  ict_free(own);
  if (st == ICT_OK)
    *out = rules;
  else
    ict_rules_free(rules);
  return st;
}

void ict_rules_free(ict_rules *rules) {
  if (!rules) return;
  for (size_t i = 0; i < rules->programs.n; i++) ict_program_free(rules->programs.at[i]);
  for (size_t i = 0; i < rules->exprs.n; i++) ict_expr_free(rules->exprs.at[i]);
  ict_list_done(&rules->programs);
  ict_list_done(&rules->exprs);
  ict_arena_free(rules->arena);
  ict_free(rules);
}

/* ---- figures -----------------------------------------------------------------------------------
 */

static void check_item(ict_rule_reader *rr, const ict_node *at, const char *id, const char *item) {
  ict_err problem = {0};
  const ict_indicator *found = ict_catalog_find_id(rr->catalog, id);
  if (!found) {
    ict_catalog_no_indicator(rr->catalog, id, &problem);
    ict_read_error(rr->r, at, "INDICATOR, INDICATOR/ITEM or /ITEM",
                   problem.fix[0] ? problem.fix : NULL, "%s", problem.what);
  } else if (item[0] && !ict_indicator_item(found, item)) {
    ict_read_error(rr->r, at, "INDICATOR/ITEM", "`ictstat explain INDICATOR` shows its items",
                   "%s has no item '%s'", id, item);
  }
}

/* "/ITEM" is that item of each indicator of the rule. */
static void read_figure(ict_rule_reader *rr, const ict_node *map, const char *key, const char *text,
                        const ict_rule_scope *scope, ict_figure *out) {
  const char *slash = strchr(text, '/');
  const ict_node *at = ict_node_get(map, key);
  *out = (ict_figure){.text = text, .item = slash ? slash + 1 : ""};
  if (slash == text) {
    for (size_t i = 0; i < scope->n_indicators; i++)
      check_item(rr, at, scope->indicators[i], out->item);
    if (scope->n_indicators == 0)
      ict_read_error(rr->r, at, "`indicators` whose item it is", NULL, "'%s' without indicators",
                     text);
  } else {
    size_t len = slash ? (size_t)(slash - text) : strlen(text);
    out->indicator = ict_arena_strndup(rr->r->arena, text, len);
    if (out->indicator)
      check_item(rr, at, out->indicator, out->item);
    else
      ict_read_no_memory(rr->r);
  }
  out->item = ict_table_item_id(out->item);
}

void ict_figures_read(ict_rule_reader *rr, const ict_node *map, const char *key,
                      const ict_rule_scope *scope, size_t *n, const ict_figure **out) {
  const char *const *texts;
  if (!ict_read_texts(rr->r, map, key, true, &texts, n)) return;
  ict_figure *list = ict_read_alloc(rr->r, *n, sizeof *list);
  if (!list) return;
  for (size_t i = 0; i < *n; i++) {
    read_figure(rr, map, key, texts[i], scope, &list[i]);
    if (!list[i].indicator != !list[0].indicator)
      ict_read_error(rr->r, ict_node_get(map, key), "all with their indicator, or all as /ITEM",
                     NULL, "'%s' beside '%s'", texts[i], texts[0]);
  }
  *out = list;
}

unsigned ict_figures_leave(const ict_figure *figures) {
  return figures[0].indicator ? ICT_LEAVE_FIGURE : ICT_LEAVE_ITEM;
}

static bool is_figure(const ict_figure *figure, const ict_judge_row *row) {
  return (!figure->indicator || strcmp(figure->indicator, row->row->indicator) == 0) &&
         strcmp(figure->item, row->item_id) == 0;
}

const ict_judge_row *ict_figure_find(const ict_judge_groups *g, size_t group,
                                     const ict_figure *figure) {
  for (size_t i = g->starts[group]; i < g->starts[group + 1]; i++)
    if (is_figure(figure, g->rows[i]) && isfinite(g->rows[i]->row->estimate)) return g->rows[i];
  return NULL;
}

/* ---- scope and tolerance -----------------------------------------------------------------------
 */

static bool is_among(const char *const *list, size_t n, const char *text) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i], text) == 0) return true;
  return n == 0;
}

bool ict_rule_takes_history(const void *ctx, const ict_judge_row *row) {
  const ict_rule_scope *s = &((const ict_rule *)ctx)->scope;
  bool plain = row->indicator && !row->indicator->contrast_of; /* a parity index is no share */
  const char *measure = plain ? ict_measure_name(row->indicator->measure) : "";
  return (s->derived || !row->derived) && (s->groups || row->country) &&
         is_among(s->indicators, s->n_indicators, row->row->indicator) &&
         is_among(s->units, s->n_units, row->row->unit_measure) &&
         is_among(s->measures, s->n_measures, measure);
}

bool ict_rule_takes(const void *rule, const ict_judge_row *row) {
  return !row->history && ict_rule_takes_history(rule, row);
}

double ict_tolerance_of(const ict_tolerance *t, double should, double grains) {
  return t->absolute + t->relative * (should < 0 ? -should : should) + (t->rounding ? grains : 0);
}
