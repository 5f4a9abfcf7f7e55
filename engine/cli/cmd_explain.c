/* cmd_explain.c - `ictstat explain`: one definition with everything it rests on. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "cli/cli.h"

const char MANUAL_EXPLAIN[] =
    "  ictstat explain 17.8.1              an indicator, by id or SDMX series\n"
    "  ictstat explain internet_use_3m     a concept\n"
    "  ictstat explain age:itu             a classification\n";

static void line(const char *label, const char *text) {
  size_t len = text ? strlen(text) : 0;
  while (len > 0 && text[len - 1] == '\n') len--; /* a folded text of YAML ends in one */
  if (len > 0) say("  %-14s %.*s\n", label, (int)len, text);
}

static void expr_line(const char *label, const ict_expr *expr) {
  char *text = expr ? ict_expr_text(expr) : NULL;
  line(label, text);
  ict_free(text);
}

static void print_needs(const ict_item *item) {
  for (size_t i = 0; i < item->n_needs; i++) {
    const ict_need *need = &item->needs[i];
    say("  %-14s %s", i ? "" : "needs", need->concept_name);
    for (size_t k = 0; k < need->n_conditions; k++)
      say("%s%s = %s", k ? ", " : " with ", need->conditions[k].name, need->conditions[k].value);
    putchar('\n');
  }
}

/* As written where names of `let` stand in it: put in, they would fill the screen. */
static void part_line(const char *label, const char *text, const ict_expr *expr) {
  if (text)
    line(label, text);
  else
    expr_line(label, expr);
}

static void print_probability(const ict_indicator *ind, const ict_item *item) {
  bool has = ind->measure == ICT_MEDIAN || ind->measure == ICT_QUANTILE;
  if (has) say("  %-14s %g\n", "probability", item->probability);
}

static void print_item(const ict_indicator *ind, const ict_item *item) {
  say("\n  %s: %s\n", item->id, item->label);
  print_probability(ind, item);
  if (strcmp(item->composite, "_T") != 0) line("  SDMX", item->composite);
  part_line("  numerator", item->numerator_text, item->numerator);
  part_line("  denominator", item->denominator_text, item->denominator);
  if (item->valid_from && item->valid_until)
    say("  %-14s %lld to %lld\n", "  valid", (long long)item->valid_from,
        (long long)item->valid_until);
  else if (item->valid_from)
    say("  %-14s from %lld\n", "  valid", (long long)item->valid_from);
  else if (item->valid_until)
    say("  %-14s until %lld\n", "  valid", (long long)item->valid_until);
  line("  note", item->note);
}

/* Of a candidate for a list whose final text was not found. */
static const char *grade_in_words(const char *grade) {
  return strcmp(grade, "G") == 0    ? "G: a global SDG indicator, kept for completeness"
         : strcmp(grade, "B1") == 0 ? "B1: the title stands in ITU's proposal of 2015"
         : strcmp(grade, "B2") == 0
             ? "B2: its block is confirmed for the draft of 2018, the title inferred"
             : "C: inferred from the scope of the goal and the Core List";
}

static void print_indicator(const ict_indicator *ind) {
  say("%s  %s\n\n", ind->id, ind->title);
  line("framework", ind->framework);
  if (ind->target) {
    say("  %-14s %d\n", "goal", ict_indicator_goal(ind));
    line("target", ind->target);
  }
  line("data", ind->data_need);
  line("unit", ind->unit);
  for (size_t i = 0; i < ind->n_answers; i++)
    say("  %-14s %s  %s\n", i ? "" : "answered by", ind->answers[i]->id, ind->answers[i]->title);
  line("not computable", ind->not_computable);
  if (ind->contrast_of)
    say("  %-14s %s of %s by %s\n", "contrast", ind->contrast, ind->contrast_base,
        ind->contrast_axis);
  if (ind->n_items) line("measure", ict_measure_name(ind->measure));
  if (ind->across)
    say("  %-14s %s%s%s\n", "across", ind->across, ind->across_classification ? ":" : "",
        ind->across_classification ? ind->across_classification : "");
  if (ind->n_items == 1) print_probability(ind, &ind->items[0]);
  line("universe", ind->universe_text);
  expr_line("universe", ind->universe);
  if (ind->n_items == 1) {
    part_line("numerator", ind->items[0].numerator_text, ind->items[0].numerator);
    part_line("denominator", ind->items[0].denominator_text, ind->items[0].denominator);
  }
  for (size_t i = 0; i < ind->n_lets; i++)
    say("  %-14s %s = %.*s\n", i ? "" : "where", ind->lets[i].name,
        (int)strcspn(ind->lets[i].written, "\n"), ind->lets[i].written);
  if (ind->n_items) print_needs(&ind->items[0]);
  for (size_t i = 0; i < ind->n_breakdowns; i++) line(i ? "" : "breakdowns", ind->breakdowns[i]);
  line("series", ind->series);
  line("unit measure", ind->unit_measure);
  line("custodian", ind->custodian);
  line("definition", ind->definition);
  line("source", ind->source);
  line("version", ind->source_version);
  line("support", ind->support);
  if (ind->grade) line("grade", grade_in_words(ind->grade));
  line("note", ind->note);
  if (ind->n_items > 1)
    for (size_t i = 0; i < ind->n_items; i++) print_item(ind, &ind->items[i]);
}

static void print_concept(const ict_catalog *catalog, const ict_concept *c) {
  say("%s  %s\n\n", c->name, c->title);
  line("type", ict_type_name(c->type));
  line("unit", c->unit);
  line("definition", c->definition);
  line("source", c->source);
  for (size_t i = 0; i < c->n_conditions; i++)
    say("  %-14s %s (standard: %s)\n", i ? "" : "must state", c->conditions[i].name,
        c->conditions[i].value);
  for (size_t i = 0; c->codes && i < c->codes->n; i++)
    say("  %-14s %-14s %s\n", i ? "" : "codes", c->codes->codes[i].id, c->codes->codes[i].label);
  for (size_t i = 0; i < ict_catalog_classifications(catalog); i++) {
    const ict_classification *k = ict_catalog_classification_at(catalog, i);
    if (strcmp(k->concept_name, c->name) == 0)
      say("  %-14s %s:%s\n", "break down by", c->name, k->id);
  }
}

static void print_classification(const ict_classification *c) {
  say("%s:%s  %s\n\n", c->concept_name, c->id, c->title);
  line("source", c->source);
  for (size_t i = 0; i < c->n; i++) say("  %-14s %s\n", c->classes[i].id, c->classes[i].label);
}

/* "age:itu" */
static const ict_classification *find_classification(const ict_catalog *catalog, const char *word) {
  const char *colon = strchr(word, ':');
  if (!colon) return NULL;
  char *name = ict_strndup(word, (size_t)(colon - word));
  const ict_classification *found =
      name ? ict_catalog_find_classification(catalog, name, colon + 1) : NULL;
  ict_free(name);
  return found;
}

/* The nearest of the indicators, concepts and classifications ("age:itu"). */
static int say_unknown(const ict_catalog *catalog, const char *word) {
  size_t n_indicators = ict_catalog_indicators(catalog), n_concepts = ict_catalog_concepts(catalog);
  const char **names = ict_alloc(n_indicators + n_concepts + 1, sizeof *names);
  const char *nearest = NULL;
  for (size_t i = 0; names && i < n_indicators; i++)
    names[i] = ict_catalog_indicator_at(catalog, i)->id;
  for (size_t i = 0; names && i < n_concepts; i++)
    names[n_indicators + i] = ict_catalog_concept_at(catalog, i)->name;
  if (names) nearest = ict_text_nearest(word, names, n_indicators + n_concepts);
  ict_err err;
  ict_err_set(&err, ICT_USAGE, "no indicator, concept or classification '%s'", word);
  if (nearest)
    ict_err_fix(&err, "write '%s'", nearest);
  else
    ict_err_fix(&err, "`ictstat list`, with --concepts or --classifications, shows them");
  ict_free(names);
  return report(&err);
}

int run_EXPLAIN(const args *a) {
  ict_catalog *catalog = NULL;
  int code = open_catalog(a, &catalog);
  if (code != ICT_OK) return code;
  const char *word = a->words[0];
  const ict_indicator *indicator = ict_catalog_find_indicator(catalog, word);
  const ict_concept *concept_def = ict_catalog_find_concept(catalog, word);
  const ict_classification *classification = find_classification(catalog, word);
  if (indicator)
    print_indicator(indicator);
  else if (concept_def)
    print_concept(catalog, concept_def);
  else if (classification)
    print_classification(classification);
  else {
    code = say_unknown(catalog, word);
  }
  ict_catalog_free(catalog);
  return code;
}
