/* cmd_list.c - `ictstat list`: the catalogue, a line each. */
#include <stdio.h>
#include <string.h>

#include "catalog/catalog.h"
#include "cli/cli.h"

const char MANUAL_LIST[] =
    "  ictstat list                        indicators\n"
    "  ictstat list --framework sdg\n"
    "  ictstat list --concepts             what a mapping can provide\n"
    "  ictstat list --classifications      what --by NAME:CLASSIFICATION can name\n"
    "  ictstat list --profiles             what --profile can name\n";

/* What stands in for a definition: "= 17.8.1", "not computable". */
static void print_mark(const ict_indicator *ind) {
  for (size_t i = 0; i < ind->n_answers; i++) say("%s%s", i ? ", " : "  = ", ind->answers[i]->id);
  if (ind->not_computable) fputs(" (not computable)", stdout);
  if (ind->n_items > 1) say(" (%zu items)", ind->n_items);
}

static int list_indicators(const ict_catalog *catalog, const char *framework) {
  const char *last = "";
  int goal = 0;
  size_t shown = 0;
  for (size_t i = 0; i < ict_catalog_indicators(catalog); i++) {
    const ict_indicator *ind = ict_catalog_indicator_at(catalog, i);
    if (framework && strcmp(ind->framework, framework) != 0) continue;
    if (strcmp(ind->framework, last) != 0) {
      say("%s%s\n", shown ? "\n" : "", last = ind->framework);
      goal = 0;
    }
    if (ind->target && ict_indicator_goal(ind) != goal)
      say(" Goal %d\n", goal = ict_indicator_goal(ind));
    say("  %-22s %-23s %s", ind->id, ind->unit[0] ? ind->unit : "-", ind->title);
    print_mark(ind);
    putchar('\n');
    shown++;
  }
  if (shown) return ICT_OK;
  fprintf(stderr,
          "ictstat: error: no indicator in framework '%s'\n  fix: `ictstat list` shows all\n",
          framework ? framework : "");
  return ICT_USAGE;
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
    code = list_indicators(catalog, text_of(a, OPT_FRAMEWORK));
  ict_catalog_free(catalog);
  return code;
}
