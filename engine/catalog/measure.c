/* measure.c - the words for measures, and the keys that only some have: the probability of a
 * quantile, the axis of a share.
 *
 * In: the tree of an indicator's file. Out: probabilities, items made of them, an axis.
 * Owns: nothing. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "catalog/room.h"

const char *const ict_measures[] = {"proportion", "mean",     "ratio", "total", "count",
                                    "median",     "quantile", "share", NULL};

const char *ict_measure_name(ict_measure measure) { return ict_measures[measure]; }

/* ---- probabilities ------------------------------------------------------------------------ */

static bool read_one(ict_reader *r, const ict_node *node, double *out) {
  const char *text;
  if (!ict_read_scalar(r, node, "a probability", &text)) return false;
  if (ict_number_parse(ict_slice_of(text), '.', out) && *out >= 0 && *out <= 1) return true;
  ict_read_error(r, node, "a number from 0 to 1: 0.5 is the median, 0.9 the ninth decile",
                 "write percentiles as shares, 0.9 for 90", "'%s' is no probability", text);
  return false;
}

/* The measures that have one of their own to say. */
static bool may_have(ict_reader *r, const ict_node *node, ict_measure measure) {
  if (measure == ICT_QUANTILE) return true;
  ict_read_error(r, node, NULL,
                 measure == ICT_MEDIAN ? "remove it, or write `measure: quantile`"
                                       : "remove it, or write `measure: quantile` (a number's)",
                 measure == ICT_MEDIAN ? "a %s is the quantile at 0.5 and has no other probability"
                                       : "a %s has no probability",
                 ict_measure_name(measure));
  return false;
}

bool ict_probability_read(ict_reader *r, const ict_node *root, ict_measure measure,
                          ict_probabilities *out) {
  const ict_node *node = ict_node_get(root, "probability");
  *out = (ict_probabilities){0};
  if (!node) return true;
  if (!may_have(r, node, measure)) return false;
  out->listed = node->kind == ICT_NODE_LIST;
  size_t n = out->listed ? node->n : 1;
  if (n == 0 || n > 99) {
    ict_read_error(r, node, "1 to 99 of them", NULL, "%zu probabilities", n);
    return false;
  }
  double *at = ict_read_alloc(r, n, sizeof *at);
  if (!at) return false;
  for (size_t i = 0; i < n; i++) {
    const ict_node *one = out->listed ? node->items[i] : node;
    if (!read_one(r, one, &at[i])) return false;
    for (size_t k = 0; k < i; k++)
      if (at[k] == at[i]) {
        ict_read_error(r, one, NULL, "write it once", "the probability %s comes twice", one->text);
        return false;
      }
  }
  out->n = n;
  out->at = at;
  return true;
}

static bool is_missing(ict_reader *r, const ict_node *at) {
  ict_read_error(r, at, "`probability: 0.9`, or a list: [0.1, 0.5, 0.9]",
                 "write it, or `measure: median`", "'probability' is missing for this quantile");
  return false;
}

/* "p90" and "90th percentile"; "p2.5". */
static bool name_item(ict_reader *r, double p, ict_item *item) {
  char number[ICT_NUMBER_TEXT];
  ict_str text;
  ict_number_text(round(p * 1e10) / 1e8, number); /* 0.07 times 100 has a tail */
  size_t len = strlen(number);
  char last = number[len - 1], before = len > 1 ? number[len - 2] : '0';
  const char *suffix = strchr(number, '.') || before == '1' ? "th"
                       : last == '1'                        ? "st"
                       : last == '2'                        ? "nd"
                       : last == '3'                        ? "rd"
                                                            : "th";
  ict_str_init(&text);
  ict_str_addf(&text, "p%s", number);
  item->id = text.failed ? NULL : ict_read_copy(r, text.text);
  ict_str_clear(&text);
  ict_str_addf(&text, "%s%s percentile", number, suffix);
  item->label = text.failed ? NULL : ict_read_copy(r, text.text);
  if (p == 0.5) item->label = "Median";
  ict_str_done(&text);
  if (!item->id || !item->label) ict_read_no_memory(r);
  return item->id && item->label;
}

bool ict_probability_items(ict_reader *r, const ict_node *root, const ict_probabilities *p,
                           const ict_item *one, ict_indicator *made) {
  if (made->measure == ICT_QUANTILE && p->n == 0) return is_missing(r, root);
  size_t n = p->listed ? p->n : 1;
  ict_item *items = ict_read_alloc(r, n, sizeof *items);
  if (!items) return false;
  for (size_t i = 0; i < n; i++) {
    items[i] = *one;
    items[i].probability = p->n ? p->at[i] : 0.5;
    if (p->listed && !name_item(r, p->at[i], &items[i])) return false;
  }
  made->n_items = n;
  made->items = items;
  return true;
}

bool ict_probability_of_item(ict_reader *r, const ict_node *body, const ict_indicator *made,
                             const ict_probabilities *p, ict_item *item) {
  const ict_node *own = ict_node_get(body, "probability");
  item->probability = p->n ? p->at[0] : 0.5;
  if (own) return may_have(r, own, made->measure) && read_one(r, own, &item->probability);
  if (made->measure != ICT_QUANTILE) return true;
  if (p->listed) {
    ict_read_error(r, body, NULL, "write one `probability` on each item, or leave the items out",
                   "a list of probabilities makes items of its own");
    return false;
  }
  return p->n > 0 || is_missing(r, body);
}

/* ---- shares ------------------------------------------------------------------------------- */

bool ict_across_read(ict_reader *r, const ict_catalog *catalog, const ict_node *root,
                     ict_indicator *made) {
  static const char example[] = "`across: sex`, or with a classification `across: age:itu`";
  const ict_node *node = ict_node_get(root, "across");
  if (made->measure != ICT_SHARE) {
    if (!node) return true;
    ict_read_error(r, node, NULL, "remove it, or write `measure: share`",
                   "a %s is not across an axis", ict_measure_name(made->measure));
    return false;
  }
  if (!node) {
    ict_read_error(r, root, example, "name the axis whose classes add up to the whole",
                   "'across' is missing for this share");
    return false;
  }
  const char *text;
  if (!ict_read_scalar(r, node, "'across'", &text)) return false;
  size_t len = strcspn(text, ":");
  char *name = ict_strndup(text, len);
  if (!name) {
    ict_read_no_memory(r);
    return false;
  }
  const ict_concept *concept_def = ict_concept_named(r, catalog, node, name, example);
  ict_free(name);
  if (!concept_def) return false;
  made->across = concept_def->name;
  if (!text[len]) return true;
  made->across_classification = ict_read_copy(r, text + len + 1);
  if (ict_catalog_find_classification(catalog, made->across, text + len + 1)) return true;
  ict_read_error(r, node, example, "`ictstat list --classifications` shows them",
                 "'%s' has no classification '%s'", made->across, text + len + 1);
  return false;
}

ict_type ict_type_over_concepts(ict_reader *r, const ict_catalog *catalog, const ict_expr *expr) {
  ict_reader silent = *r;
  silent.findings = NULL;
  silent.err = NULL;
  bool condition = ict_check_over_concepts(&silent, catalog, expr, ICT_TYPE_BOOLEAN);
  if (silent.no_memory) r->no_memory = r->failed = true;
  return condition ? ICT_TYPE_BOOLEAN : ICT_TYPE_REAL;
}
