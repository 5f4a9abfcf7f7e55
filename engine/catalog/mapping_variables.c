/* mapping_variables.c - one entry of `variables:`, and the survey's area and period.
 *
 * In: the tree; the concept it is about. Out: an ict_map_variable.
 * Owns: which keys go together, and that a concept's conditions are stated. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "catalog/mapping_room.h"

static const char *const variable_keys[] = {"from",     "combine", "map",      "missing",
                                            "count_as", "scale",   "constant", "codes",
                                            "proxy",    "note",    NULL};
#define N_KEYS (sizeof variable_keys / sizeof *variable_keys - 1)

bool ict_map_is_variable_key(const char *name) { return ict_text_index(name, variable_keys) >= 0; }

/* ---- the concept ---- */

const ict_concept *ict_map_concept_find(ict_mapper *m, const ict_node *name) {
  const ict_concept *found = ict_list_find(&m->local, name->text);
  if (!found) found = ict_catalog_find_concept(m->catalog, name->text);
  if (found) return found;
  const char *nearest = ict_list_nearest(&m->catalog->concepts, name->text);
  if (!nearest) nearest = ict_list_nearest(&m->local, name->text);
  char fix[256] = "see `ictstat list --concepts`, or define it in the mapping's `concepts:`";
  if (nearest) snprintf(fix, sizeof fix, "write '%s'", nearest);
  ict_read_error(m->r, name, NULL, fix, "no concept '%s'", name->text);
  return NULL;
}

/* The keys of the language and the conditions of this concept. */
static bool keys_are_known(ict_mapper *m, const ict_node *body, const ict_concept *concept_def) {
  const char **keys = ict_alloc(N_KEYS + concept_def->n_conditions + 1, sizeof *keys);
  if (!keys) {
    ict_read_no_memory(m->r);
    return false;
  }
  for (size_t i = 0; i < N_KEYS; i++) keys[i] = variable_keys[i];
  for (size_t i = 0; i < concept_def->n_conditions; i++)
    keys[N_KEYS + i] = concept_def->conditions[i].name;
  bool good = ict_read_keys(m->r, body, concept_def->name, keys);
  ict_free(keys);
  return good;
}

/* ---- conditions ---- */

static void say_unstated(ict_mapper *m, const ict_node *name, const ict_condition *asked) {
  const ict_condition_kind *kind = ict_catalog_find_condition(m->catalog, asked->name);
  char fix[256];
  bool standard = strcmp(asked->value, ICT_CONDITION_STATED) != 0;
  snprintf(fix, sizeof fix,
           "write `%s: %s` if %s; `%s: unknown` if the survey's papers do not tell", asked->name,
           standard ? asked->value : kind->words[0],
           standard ? "that is what was asked" : "it is so", asked->name);
  ict_read_error(m->r, name, NULL, fix, "%s needs %s: say %s", name->text, asked->name, kind->ask);
}

static bool read_conditions(ict_mapper *m, const ict_node *name, const ict_node *body,
                            ict_map_variable *out) {
  const ict_concept *concept_def = out->concept_def;
  ict_condition *stated = ict_read_alloc(m->r, concept_def->n_conditions, sizeof *stated);
  if (!stated) return false;
  bool good = true;
  for (size_t i = 0; i < concept_def->n_conditions; i++) {
    const ict_condition *asked = &concept_def->conditions[i];
    const ict_node *value = ict_node_get(body, asked->name);
    if (!value) {
      say_unstated(m, name, asked);
      good = false;
      continue;
    }
    ict_node key = {.line = value->line, .column = value->column, .text = asked->name};
    if (!ict_condition_read(m->r, m->catalog, &key, value, &stated[i])) {
      good = false;
      continue;
    }
    if (out->proxy || strcmp(asked->value, ICT_CONDITION_STATED) == 0 ||
        strcmp(asked->value, stated[i].value) == 0)
      continue;
    ict_read_warning(m->r, value,
                     "write `proxy: true` to use it all the same: results then carry flag D",
                     "%s has %s %s, the standard is %s: indicators that ask for the standard "
                     "will refuse it",
                     name->text, asked->name, stated[i].value, asked->value);
  }
  out->n_conditions = concept_def->n_conditions;
  out->conditions = stated;
  return good;
}

/* ---- from, combine, constant ---- */

static bool has_yes_and_no(const ict_codelist *codes) {
  return codes && codes->n == 2 && ict_codelist_find(codes, "Y") >= 0 &&
         ict_codelist_find(codes, "N") >= 0;
}

static bool combine_fits(ict_mapper *m, const ict_node *at, const ict_map_variable *var,
                         const char *word) {
  const ict_concept *concept_def = var->concept_def;
  bool coded = concept_def->type == ICT_TYPE_CODE;
  if (var->combine == ICT_COMBINE_SUM && coded)
    ict_read_error(m->r, at, "any, all or first", NULL, "'sum' needs numbers; %s is coded",
                   concept_def->name);
  else if ((var->combine == ICT_COMBINE_ANY || var->combine == ICT_COMBINE_ALL) &&
           !(coded && has_yes_and_no(var->codes)))
    ict_read_error(m->r, at, coded ? "first" : "first or sum",
                   coded ? "write `combine: first`" : "write `combine: first` or `combine: sum`",
                   "'%s' needs a concept with the codes Y and N; %s is not one", word,
                   concept_def->name);
  else
    return true;
  return false;
}

static bool read_from(ict_mapper *m, const ict_node *body, long own, ict_map_variable *out) {
  static const char *const words[] = {"any", "all", "first", "sum", NULL};
  static const ict_combine ways[] = {ICT_COMBINE_ANY, ICT_COMBINE_ALL, ICT_COMBINE_FIRST,
                                     ICT_COMBINE_SUM};
  const ict_node *from = ict_node_get(body, "from"), *combine = ict_node_get(body, "combine");
  int word = 0;
  if (!ict_map_refs(m, from, own, &out->from, &out->n_from)) return false;
  if (!combine && out->n_from > 1) {
    ict_read_error(m->r, from, NULL, "write `combine: any`, `all`, `first` or `sum`",
                   "%zu variables, and nothing says how they make one", out->n_from);
    return false;
  }
  if (!combine) return true;
  if (from->kind != ICT_NODE_LIST) {
    ict_read_error(m->r, combine, NULL, "write `from: [A, B]`, or remove `combine`",
                   "'combine' with a single variable");
    return false;
  }
  if (!ict_read_word(m->r, body, "combine", true, words, &word)) return false;
  out->combine = ways[word];
  return combine_fits(m, combine, out, words[word]);
}

static bool constant_is_legal(ict_mapper *m, const ict_node *at, const ict_map_variable *var) {
  const ict_concept *concept_def = var->concept_def;
  double number;
  int64_t whole;
  if (concept_def->type == ICT_TYPE_CODE) {
    if (!var->codes || ict_codelist_find(var->codes, var->constant) >= 0) return true;
    ict_read_near(m->r, at, NULL, ict_code_nearest(var->codes, var->constant),
                  "%s has no code '%s'", var->codes->id, var->constant);
    return false;
  }
  if (concept_def->type == ICT_TYPE_REAL) {
    if (ict_number_parse(ict_slice_of(var->constant), '.', &number)) return true;
    ict_read_error(m->r, at, "a number", NULL, "'%s' is not a number", var->constant);
    return false;
  }
  if (ict_integer_parse(ict_slice_of(var->constant), &whole) && whole >= concept_def->lowest &&
      whole <= concept_def->highest)
    return true;
  ict_read_error(m->r, at, "a whole number in the concept's range", NULL, "%s cannot be %s",
                 concept_def->name, var->constant);
  return false;
}

/* A constant, and nothing that would need a variable. */
static bool read_constant(ict_mapper *m, const ict_node *body, ict_map_variable *out) {
  static const char *const others[] = {"from", "combine", "map", "missing", "count_as", "scale"};
  const ict_node *constant = ict_node_get(body, "constant");
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    const ict_node *other = ict_node_get(body, others[i]);
    if (!other) continue;
    ict_read_error(m->r, other, NULL, "keep one of the two", "'%s' beside 'constant'", others[i]);
    return false;
  }
  return ict_read_text(m->r, body, "constant", true, &out->constant) &&
         constant_is_legal(m, constant, out);
}

/* ---- codes and scale ---- */

static bool read_codes(ict_mapper *m, const ict_node *name, const ict_node *body,
                       ict_map_variable *out) {
  const ict_concept *concept_def = out->concept_def;
  const ict_node *codes = ict_node_get(body, "codes");
  bool open = concept_def->type == ICT_TYPE_CODE && !concept_def->codes;
  out->codes = concept_def->codes;
  if (open && !codes) {
    ict_read_error(m->r, name, "codes: {code: label, ...}, in the order of publication", NULL,
                   "%s has an open code list: the mapping brings the codes", name->text);
    return false;
  }
  if (!open && codes) {
    ict_read_error(m->r, codes, NULL, "remove it",
                   concept_def->codes ? "%s has a code list already" : "%s is not coded",
                   name->text);
    return false;
  }
  if (open) out->codes = ict_codes_read(m->r, concept_def->name, concept_def->title, codes);
  return !open || out->codes;
}

static bool read_scale(ict_mapper *m, const ict_node *body, ict_map_variable *out) {
  const ict_node *scale = ict_node_get(body, "scale");
  out->scale = 1;
  if (!scale) return true;
  if (out->concept_def->type == ICT_TYPE_CODE) {
    ict_read_error(m->r, scale, NULL, "remove it", "'scale' is for numbers; %s is coded",
                   out->concept_def->name);
    return false;
  }
  if (!ict_read_number(m->r, body, "scale", true, &out->scale)) return false;
  if (out->scale != 0) return true;
  ict_read_error(m->r, scale, NULL, "remove it", "'scale: 0' makes every value 0");
  return false;
}

bool ict_map_variable_read(ict_mapper *m, const ict_node *name, const ict_node *body, long own,
                           ict_map_variable *out) {
  *out = (ict_map_variable){.scale = 1, .at = ict_mark_of(name)};
  out->concept_def = ict_map_concept_find(m, name);
  if (!out->concept_def) return false;
  if (!ict_read_is_map(m->r, body, name->text)) return false;
  bool good = keys_are_known(m, body, out->concept_def);
  ict_read_bool(m->r, body, "proxy", false, &out->proxy);
  ict_read_text(m->r, body, "note", false, &out->note);
  good = read_conditions(m, name, body, out) && good;
  if (!read_codes(m, name, body, out)) return false; /* the rest would complain of each code */
  if (ict_node_get(body, "constant")) return read_constant(m, body, out) && good;
  if (!ict_node_get(body, "from")) {
    ict_read_error(m->r, name, "`from: VARIABLE`, or `constant: VALUE`", NULL,
                   "nothing says where %s comes from", name->text);
    return false;
  }
  good = read_from(m, body, own, out) && good;
  good = read_scale(m, body, out) && good;
  good = ict_map_values(m, body, out) && good;
  return ict_map_count_as(m, body, out) && good;
}

/* ---- area and period ---- */

bool ict_is_area_code(const char *text) {
  for (; *text; text++)
    if (!isalnum((unsigned char)*text) && !strchr("-_.@$/:", *text)) return false;
  return true;
}

bool ict_is_period(const char *text) { /* SDMX: 2016, 2016-Q1, 2016-03, 2016-03-01/P3M */
  for (int i = 0; i < 4; i++)
    if (!isdigit((unsigned char)text[i])) return false;
  return text[4] != '.' && ict_is_area_code(text + 4);
}

static bool check_code(ict_mapper *m, uint64_t line, uint64_t column, const char *key,
                       const char *text) {
  if (strcmp(key, "period") == 0 ? ict_is_period(text) : ict_is_area_code(text)) return true;
  ict_node at = {.line = line, .column = column};
  ict_read_error(m->r, &at,
                 strcmp(key, "period") == 0 ? "a year, or an SDMX period such as 2016-Q1"
                                            : "a code, ISO 3166-1 alpha-3 for countries",
                 strcmp(key, "period") == 0 ? "write the year, or {from: VARIABLE}"
                                            : "write the code, or {from: VARIABLE}",
                 "the %s cannot be '%s'", key, text);
  return false;
}

bool ict_map_constant_or_variable(ict_mapper *m, const ict_node *survey, const char *key,
                                  ict_map_variable *out) {
  static const char *const keys[] = {"from", "map", NULL};
  const ict_node *node = ict_node_get(survey, key);
  *out = (ict_map_variable){.scale = 1};
  if (!node) {
    ict_read_error(m->r, survey, "a code, or {from: VARIABLE, map: {...}}", NULL, "'%s' is missing",
                   key);
    return false;
  }
  out->at = ict_mark_of(node);
  if (node->kind == ICT_NODE_SCALAR)
    return ict_read_text(m->r, survey, key, true, &out->constant) &&
           check_code(m, node->line, node->column, key, out->constant);
  if (!ict_read_keys(m->r, node, key, keys)) return false;
  const ict_node *from = ict_node_get(node, "from");
  if (!from || from->kind != ICT_NODE_SCALAR) {
    ict_read_error(m->r, from ? from : node, "{from: VARIABLE, map: {...}}", NULL,
                   "'%s' needs one variable in `from`", key);
    return false;
  }
  if (!ict_map_refs(m, from, ICT_NO_FILE, &out->from, &out->n_from)) return false;
  if (!ict_map_values(m, node, out)) return false;
  bool good = true;
  for (size_t i = 0; i < out->n_values; i++)
    good =
        check_code(m, out->values[i].at.line, out->values[i].at.column, key, out->values[i].code) &&
        good;
  return good;
}
