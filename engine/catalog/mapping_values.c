/* mapping_values.c - `map:`, `missing:` and `count_as:` of a variable.
 *
 * In: the tree; the codes of the concept. Out: ict_map_value lines in the file's order.
 * Owns: the reading of left and right sides, and that no value of the file is named by
 * two lines. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/mapping_room.h"

static const char kinds[] = "missing, dont_know, refused, not_asked, not_applicable";

/* Of the kinds that stand on a right side: 'unlinked' is made by joins only. */
static const char *nearest_kind(const char *word) {
  return ict_text_nearest(word, ict_missing_names + ICT_MISSING, ICT_UNLINKED - ICT_MISSING);
}

/* ---- left sides ---- */

/* `90..99` without quotes; in quotes it is a text like any other. */
static bool read_range(ict_mapper *m, const ict_node *key, ict_map_value *out) {
  const char *dots = strstr(key->text, "..");
  ict_slice lo = {key->text, (size_t)(dots - key->text)}, hi = ict_slice_of(dots + 2);
  out->from = ICT_FROM_RANGE;
  if (ict_number_parse(ict_slice_trim(lo), '.', &out->lo) &&
      ict_number_parse(ict_slice_trim(hi), '.', &out->hi) && out->lo <= out->hi)
    return true;
  ict_read_error(m->r, key, "lowest..highest, such as 90..99",
                 "put it in quotes if it is a value of the file", "'%s' is not a range of numbers",
                 key->text);
  return false;
}

static bool read_left(ict_mapper *m, const ict_node *key, ict_map_value *out) {
  out->at = ict_mark_of(key);
  if (strcmp(key->text, "*") == 0) {
    out->from = ICT_FROM_OTHER;
    return true;
  }
  if (!key->quoted && strcmp(key->text, "blank") == 0) {
    out->from = ICT_FROM_BLANK;
    return true;
  }
  if (!key->quoted && strstr(key->text, "..")) return read_range(m, key, out);
  ict_slice trimmed = ict_slice_trim(ict_slice_of(key->text));
  if (trimmed.len == 0) {
    ict_read_error(m->r, key, NULL, "write `blank` for an empty cell",
                   "the left side is an empty text");
    return false;
  }
  out->from = ICT_FROM_VALUE;
  out->text = ict_arena_strndup(m->r->arena, trimmed.text, trimmed.len);
  if (!out->text) ict_read_no_memory(m->r);
  return out->text != NULL;
}

/* ---- right sides ---- */

static bool is_made_by_joins(ict_mapper *m, const ict_node *node, ict_missing kind) {
  if (kind != ICT_UNLINKED) return false;
  ict_read_error(m->r, node, kinds, NULL, "'unlinked' is made by joins only");
  return true;
}

/* "Y, N"; the name of a long list. */
static void add_codes(ict_str *text, const char *name, const ict_codelist *codes) {
  enum { SHOWN = 12 };
  if (codes->n > SHOWN) {
    ict_str_addf(text, "a code of %s (`ictstat explain %s` shows them)", codes->id, name);
    return;
  }
  for (size_t i = 0; i < codes->n; i++)
    ict_str_addf(text, "%s%s", i ? ", " : "one of ", codes->codes[i].id);
}

/* A code of the list, or a number for numbers. */
static bool read_code(ict_mapper *m, const ict_node *node, const ict_map_variable *var,
                      const char **out) {
  const ict_concept *concept_def = var->concept_def;
  if (!ict_read_scalar(m->r, node, "the right side", out)) return false;
  if (!concept_def) return true; /* area, period: any code */
  double number;
  int64_t whole;
  if (concept_def->type == ICT_TYPE_CODE) {
    if (!var->codes || ict_codelist_find(var->codes, *out) >= 0) return true;
    const char *nearest = ict_code_nearest(var->codes, *out);
    /* `N/A`, `DK` and the like are nearer to no code; then say which kinds there are. */
    ict_str expected;
    ict_str_init(&expected);
    add_codes(&expected, concept_def->name, var->codes);
    ict_str_addf(&expected, ", or a kind of missing: %s", kinds);
    if (!nearest) nearest = nearest_kind(*out);
    ict_read_near(m->r, node, expected.failed ? NULL : expected.text, nearest,
                  "%s has no code '%s'", var->codes->id, *out);
    ict_str_done(&expected);
    return false;
  }
  if (!ict_number_parse(ict_slice_of(*out), '.', &number)) {
    ict_read_error(m->r, node, "a number, or a kind of missing",
                   "write the number it stands for, or a kind such as `missing`",
                   "'%s' is not a number", *out);
    return false;
  }
  if (concept_def->type == ICT_TYPE_REAL) return true;
  if (ict_integer_parse(ict_slice_of(*out), &whole) && whole >= concept_def->lowest &&
      whole <= concept_def->highest)
    return true;
  ict_read_error(m->r, node, "a whole number in the concept's range", NULL,
                 "%s cannot be %s (%lld to %lld)", concept_def->name, *out,
                 (long long)concept_def->lowest, (long long)concept_def->highest);
  return false;
}

static bool read_right(ict_mapper *m, const ict_node *key, const ict_node *node,
                       const ict_map_variable *var, bool codes_too, ict_map_value *out) {
  if (node->kind == ICT_NODE_SCALAR && !node->text[0]) {
    const char *colon = key->quoted ? NULL : strchr(key->text, ':');
    ict_read_error(m->r, key, NULL, colon ? "put a blank after the colon" : "write what it becomes",
                   "'%s' has no right side", key->text);
    return false;
  }
  if (node->kind == ICT_NODE_SCALAR && ict_missing_find(node->text, &out->missing)) {
    if (is_made_by_joins(m, node, out->missing)) return false;
    if (var->concept_def) return true;
    ict_read_error(m->r, node, "a code", NULL, "the area and the period cannot be missing");
    return false;
  }
  out->missing = ICT_PRESENT;
  if (codes_too) return read_code(m, node, var, &out->code);
  const char *text = NULL;
  if (!ict_read_scalar(m->r, node, "the right side", &text)) return false;
  ict_read_near(m->r, node, kinds, nearest_kind(text), "'%s' is no kind of missing", text);
  return false;
}

/* ---- no value twice ---- */

typedef struct span { /* what a line covers, as numbers */
  double lo, hi;
  const ict_map_value *line;
} span;

static int by_lo(const void *a, const void *b) {
  const span *x = a, *y = b;
  if (x->lo != y->lo) return x->lo < y->lo ? -1 : 1;
  return (x->line > y->line) - (x->line < y->line);
}

static void say_twice(ict_mapper *m, const ict_map_value *a, const ict_map_value *b) {
  const ict_map_value *later = a > b ? a : b, *first = a > b ? b : a;
  ict_node at = {.line = later->at.line, .column = later->at.column};
  ict_read_error(m->r, &at, "each value of the file on one line only", "keep one of the two",
                 "this value is named already on line %llu, column %llu",
                 (unsigned long long)first->at.line, (unsigned long long)first->at.column);
}

/* Sweeps over the numbers from below; only ranges can overlap without being equal texts. */
static bool ranges_are_apart(ict_mapper *m, const ict_map_value *values, size_t n, span *spans) {
  size_t used = 0;
  for (size_t i = 0; i < n; i++) {
    double v;
    if (values[i].from == ICT_FROM_RANGE)
      spans[used++] = (span){values[i].lo, values[i].hi, &values[i]};
    else if (values[i].from == ICT_FROM_VALUE &&
             ict_number_parse(ict_slice_of(values[i].text), '.', &v))
      spans[used++] = (span){v, v, &values[i]};
  }
  if (used) qsort(spans, used, sizeof *spans, by_lo);
  bool good = true;
  const span *any = NULL, *range = NULL; /* that reach furthest so far */
  for (size_t i = 0; i < used; i++) {
    const span *s = &spans[i];
    bool is_range = s->line->from == ICT_FROM_RANGE;
    const span *before = is_range ? any : range;
    if (before && before->hi >= s->lo) {
      say_twice(m, before->line, s->line);
      good = false;
    }
    if (!any || s->hi > any->hi) any = s;
    if (is_range && (!range || s->hi > range->hi)) range = s;
  }
  return good;
}

static int by_text(const void *a, const void *b) {
  const ict_map_value *x = *(const ict_map_value *const *)a, *y = *(const ict_map_value *const *)b;
  if (x->from != y->from) return x->from < y->from ? -1 : 1;
  int order = x->text && y->text ? strcmp(x->text, y->text) : 0;
  return order ? order : (x > y) - (x < y);
}

static bool texts_are_apart(ict_mapper *m, const ict_map_value *values, size_t n,
                            const ict_map_value **sorted) {
  size_t used = 0;
  bool good = true;
  for (size_t i = 0; i < n; i++)
    if (values[i].from != ICT_FROM_RANGE) sorted[used++] = &values[i];
  if (used) qsort(sorted, used, sizeof *sorted, by_text);
  for (size_t i = 1; i < used; i++) {
    const ict_map_value *a = sorted[i - 1], *b = sorted[i];
    if (a->from != b->from || (a->text && strcmp(a->text, b->text) != 0)) continue;
    say_twice(m, a, b);
    good = false;
  }
  return good;
}

static bool values_are_apart(ict_mapper *m, const ict_map_value *values, size_t n) {
  span *spans = ict_alloc(n, sizeof *spans);
  const ict_map_value **sorted = ict_alloc(n, sizeof *sorted);
  bool good = spans && sorted;
  if (!good) ict_read_no_memory(m->r);
  good = good && texts_are_apart(m, values, n, sorted);
  good = good && ranges_are_apart(m, values, n, spans);
  ict_free(spans);
  ict_free(sorted);
  return good;
}

/* ---- together ---- */

static bool read_lines(ict_mapper *m, const ict_node *map, const ict_map_variable *var,
                       bool codes_too, ict_map_value *values) {
  bool good = true;
  for (size_t i = 0; map && i < map->n; i++) {
    bool left = read_left(m, map->keys[i], &values[i]);
    good = read_right(m, map->keys[i], map->items[i], var, codes_too, &values[i]) && left && good;
  }
  return good;
}

bool ict_map_values(ict_mapper *m, const ict_node *body, ict_map_variable *out) {
  const ict_node *map = ict_node_get(body, "map"), *missing = ict_node_get(body, "missing");
  if (map && !ict_read_is_map(m->r, map, "'map'")) return false;
  if (missing && !ict_read_is_map(m->r, missing, "'missing'")) return false;
  size_t n_map = map ? map->n : 0, n_missing = missing ? missing->n : 0;
  ict_map_value *values = ict_read_alloc(m->r, n_map + n_missing, sizeof *values);
  if (!values) return false;
  bool good = read_lines(m, map, out, true, values);
  good = read_lines(m, missing, out, false, values + n_map) && good;
  out->n_values = n_map + n_missing;
  out->values = values;
  return good && values_are_apart(m, values, out->n_values);
}

static bool is_given(const ict_map_variable *var, ict_missing kind) {
  if (kind == ICT_MISSING || kind == ICT_UNLINKED) return true; /* blanks and joins give them */
  for (size_t i = 0; i < var->n_values; i++)
    if (!var->values[i].code && var->values[i].missing == kind) return true;
  return false;
}

bool ict_map_count_as(ict_mapper *m, const ict_node *body, ict_map_variable *out) {
  const ict_node *map = ict_node_get(body, "count_as");
  if (!map) return true;
  if (!ict_read_is_map(m->r, map, "'count_as'")) return false;
  if (out->concept_def->type != ICT_TYPE_CODE) {
    ict_read_error(m->r, map, NULL, "say it in the data, or leave the value missing",
                   "'count_as' is for coded concepts; %s is %s", out->concept_def->name,
                   ict_type_name(out->concept_def->type));
    return false;
  }
  struct ict_count_as *lines = ict_read_alloc(m->r, map->n, sizeof *lines);
  if (!lines) return false;
  bool good = true;
  for (size_t i = 0; i < map->n; i++) {
    const ict_node *key = map->keys[i];
    lines[i].at = ict_mark_of(key);
    if (!ict_missing_find(key->text, &lines[i].kind)) {
      ict_read_near(m->r, key, kinds,
                    ict_text_nearest(key->text, ict_missing_names + ICT_MISSING, ICT_N_MISSING),
                    "'%s' is no kind of missing", key->text);
      good = false;
      continue;
    }
    if (!read_code(m, map->items[i], out, &lines[i].code)) {
      good = false;
    } else if (!is_given(out, lines[i].kind)) {
      ict_read_warning(m->r, key, "remove it, or name the value of the file in `map`",
                       "no line of `map` or `missing` gives '%s'", key->text);
    }
  }
  out->n_count_as = map->n;
  out->count_as = lines;
  return good;
}
