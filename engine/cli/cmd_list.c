/* cmd_list.c - `ictstat list`: the catalogue, a line each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "cli/cli.h"
#include "plan/answer.h"
#include "store/store.h"

const char MANUAL_LIST[] =
    "  ictstat list                        indicators\n"
    "  ictstat list --framework sdg\n"
    "  ictstat list --framework thematic --store xyz2024.h5   what the survey can answer now, and "
    "why\n"
    "                                      not the rest: + yes, ~ in part or with flag D, - no\n"
    "  ictstat list --concepts             what a mapping can provide\n"
    "  ictstat list --classifications      what --by NAME:CLASSIFICATION can name\n"
    "  ictstat list --profiles             what --profile can name\n";

/* What stands in for a definition: "= 17.8.1", "not computable". */
static void print_mark(const ict_indicator *ind) {
  for (size_t i = 0; i < ind->n_answers; i++) say("%s%s", i ? ", " : "  = ", ind->answers[i]->id);
  if (ind->not_computable) fputs(" (not computable)", stdout);
  if (ind->n_items > 1) say(" (%zu items)", ind->n_items);
}

/* ---- what a store can answer -------------------------------------------------------------------
 */

typedef struct asked {
  ict_store *store; /* NULL: nothing is asked */
  const ict_frame **frames;
  size_t n_frames;
  ict_arena *arena;
  size_t yes, partly;
} asked;

static ict_status open_store(const char *path, asked *q, ict_err *err) {
  ict_status st = ict_store_open(path, &q->store, err);
  if (st != ICT_OK) return st;
  q->n_frames = ict_store_units(q->store);
  q->frames = calloc(q->n_frames, sizeof *q->frames);
  q->arena = ict_arena_new();
  if (!q->frames || !q->arena) return ict_err_memory(err);
  for (size_t i = 0; i < q->n_frames; i++) q->frames[i] = ict_store_frame_at(q->store, i);
  return ICT_OK;
}

static void close_store(asked *q) {
  ict_arena_free(q->arena);
  free(q->frames);
  ict_store_close(q->store);
}

/* mark: '+' yes, '~' in part or with flag D, '-' no, ' ' not asked. */
static ict_status find_answer(asked *q, const ict_indicator *ind, ict_answer *answer, char *mark,
                              ict_err *err) {
  *mark = ' ';
  if (!q->store) return ICT_OK;
  ict_status st = ict_plan_answer(ind, q->frames, q->n_frames, ict_store_survey(q->store), q->arena,
                                  answer, err);
  bool all = answer->n_answered == answer->n_items && !answer->differs;
  *mark = answer->n_answered == 0 ? '-' : all ? '+' : '~';
  q->yes += *mark == '+';
  q->partly += *mark == '~';
  return st;
}

static void print_answer(const ict_answer *a) {
  const char *why = a->why ? a->why : "no item belongs to the year";
  if (a->n_answered > 0 && a->n_answered < a->n_items)
    say("      %zu of %zu items; not the others: %s\n", a->n_answered, a->n_items, a->why);
  else if (a->n_answered > 0 && a->differs)
    say("      with flag D: %s\n", a->why);
  else if (a->n_answered == 0)
    say("      no: %.*s\n", (int)strcspn(why, "\n"), why);
}

/* ---- lists -------------------------------------------------------------------------------------
 */

static void print_heading(const ict_indicator *ind, const char **last, int *goal, bool first) {
  if (strcmp(ind->framework, *last) != 0) {
    say("%s%s\n", first ? "" : "\n", *last = ind->framework);
    *goal = 0;
  }
  if (ind->target && ict_indicator_goal(ind) != *goal)
    say(" Goal %d\n", *goal = ict_indicator_goal(ind));
}

static int list_indicators(const ict_catalog *catalog, const char *framework, asked *q) {
  const char *last = "";
  int goal = 0;
  size_t shown = 0;
  for (size_t i = 0; i < ict_catalog_indicators(catalog); i++) {
    const ict_indicator *ind = ict_catalog_indicator_at(catalog, i);
    ict_answer answer = {0};
    ict_err err = {0};
    char mark;
    if (framework && strcmp(ind->framework, framework) != 0) continue;
    if (find_answer(q, ind, &answer, &mark, &err) != ICT_OK) return report(&err);
    print_heading(ind, &last, &goal, shown == 0);
    say("%c %-22s %-23s %s", mark, ind->id, ind->unit[0] ? ind->unit : "-", ind->title);
    print_mark(ind);
    putchar('\n');
    if (q->store) print_answer(&answer);
    shown++;
  }
  if (shown && q->store)
    say("\n%s answers %zu of %zu, and %zu in part or with flag D\n", ict_store_survey(q->store),
        q->yes, shown, q->partly);
  if (shown) return ICT_OK;
  fprintf(stderr,
          "ictstat: error: no indicator in framework '%s'\n  fix: `ictstat list` shows all\n",
          framework ? framework : "");
  return ICT_USAGE;
}

static int list_for(const args *a, const ict_catalog *catalog) {
  asked q = {0};
  ict_err err = {0};
  ict_status st = has(a, OPT_STORE) ? open_store(text_of(a, OPT_STORE), &q, &err) : ICT_OK;
  int code = st == ICT_OK ? list_indicators(catalog, text_of(a, OPT_FRAMEWORK), &q) : report(&err);
  close_store(&q);
  return code;
}

static void list_concepts(const ict_catalog *catalog) {
  for (size_t i = 0; i < ict_catalog_concepts(catalog); i++) {
    const ict_concept *c = ict_catalog_concept_at(catalog, i);
    say("%-28s %-8s %-22s %s", c->name, ict_type_name(c->type), c->codes ? c->codes->id : "-",
        c->title);
    for (size_t k = 0; k < c->n_conditions; k++)
      say("%s%s", k ? ", " : " [must state: ", c->conditions[k].name);
    puts(c->n_conditions ? "]" : "");
  }
}

static void list_classifications(const ict_catalog *catalog) {
  for (size_t i = 0; i < ict_catalog_classifications(catalog); i++) {
    const ict_classification *c = ict_catalog_classification_at(catalog, i);
    say("%s:%-14s %s: ", c->concept_name, c->id, c->title);
    for (size_t k = 0; k < c->n; k++) say("%s%s", k ? ", " : "", c->classes[k].id);
    putchar('\n');
  }
}

static void list_profiles(const ict_catalog *catalog) {
  for (size_t i = 0; i < ict_catalog_profiles(catalog); i++) {
    const ict_profile_rules *p = ict_catalog_profile_at(catalog, i);
    say("%s: %s\n", p->id, p->title);
    for (size_t k = 0; k < p->n; k++) say("  %-16s %s\n", p->rules[k].name, p->rules[k].about);
  }
}

int run_LIST(const args *a) {
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  if (has(a, OPT_CONCEPTS))
    list_concepts(catalog);
  else if (has(a, OPT_CLASSIFICATIONS))
    list_classifications(catalog);
  else if (has(a, OPT_PROFILES))
    list_profiles(catalog);
  else
    code = list_for(a, catalog);
  ict_catalog_free(catalog);
  return code;
}
