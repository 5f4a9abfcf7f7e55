/* axis.c - a breakdown becomes an axis: which column, which classes, and the table that
 * turns a stored value into a class without a branch. */
#include <string.h>

#include "base/text.h"
#include "data/missing.h"
#include "plan/parts.h"

/* Age bands a concept has, as "itu, ten-year, 15plus", for messages. */
static void known_classifications(const ict_catalog *catalog, const char *concept_name,
                                  ict_str *out) {
  for (size_t i = 0; i < ict_catalog_classifications(catalog); i++) {
    const ict_classification *c = ict_catalog_classification_at(catalog, i);
    if (strcmp(c->concept_name, concept_name) != 0) continue;
    if (out->len) ict_str_add(out, ", ");
    ict_str_add(out, c->id);
  }
  if (out->len == 0) ict_str_add(out, "none");
}

static ict_status no_column(const ict_frame *frame, const char *name, ict_err *err) {
  const ict_schema *schema = frame->schema;
  const char **names = ict_alloc(schema->n, sizeof *names);
  if (!names) return ict_err_memory(err);
  for (size_t i = 0; i < schema->n; i++) names[i] = schema->vars[i].name;
  const char *near = ict_text_nearest(name, names, schema->n);
  ict_err_set(err, ICT_USAGE, "no breakdown '%s': the table of units '%s' has no such variable",
              name, frame->unit);
  if (near)
    ict_err_fix(err, "did you mean '%s'?", near);
  else
    ict_err_fix(err, "`ictstat info` shows the variables of the store");
  ict_free(names);
  return ICT_USAGE;
}

static ict_status find_classification(const ict_catalog *catalog, const ict_variable *var,
                                      const char *wanted, const ict_classification **out,
                                      ict_err *err) {
  *out = NULL;
  const ict_concept *concept_def = ict_catalog_find_concept(catalog, var->name);
  const char *id = wanted;
  if (!id && var->type == ICT_TYPE_INTEGER && concept_def) id = concept_def->default_bands;
  if (!id && var->type == ICT_TYPE_CODE) return ICT_OK;
  if (id) *out = ict_catalog_find_classification(catalog, var->name, id);
  if (*out) return ICT_OK;
  ict_str known;
  ict_str_init(&known);
  known_classifications(catalog, var->name, &known);
  if (id)
    ict_err_set(err, ICT_USAGE, "'%s' has no classification '%s'", var->name, id);
  else
    ict_err_set(err, ICT_USAGE, "'%s' is a number and needs a classification to break down by",
                var->name);
  ict_err_expected(err, "one of: %s", known.failed ? "?" : known.text);
  ict_err_fix(err, "write --by %s:NAME, or add a classification (docs/indicators.md)", var->name);
  ict_str_done(&known);
  return ICT_USAGE;
}

/* Codes: every value a column of this width can hold has an entry, so that even a damaged
 * store cannot index beyond the table. */
static void fill_codes(const ict_plan_axis *axis, const ict_variable *var, uint16_t *lut) {
  for (size_t v = 0; v < axis->n_lut; v++) lut[v] = (uint16_t)axis->n;
  if (!axis->classification) {
    for (size_t v = 0; v < var->codes->n; v++) lut[v] = (uint16_t)v;
    return;
  }
  for (size_t k = 0; k < axis->classification->n; k++) {
    const ict_class *group = &axis->classification->classes[k];
    for (size_t i = 0; i < group->n_codes; i++) {
      long v = ict_codelist_find(var->codes, group->codes[i]);
      if (v >= 0) lut[v] = (uint16_t)k; /* a code this survey does not have: nobody to count */
    }
  }
}

static void fill_numbers(const ict_plan_axis *axis, uint16_t *lut) {
  size_t marks = axis->n_lut - ICT_MISSING_MARKS;
  for (size_t v = 0; v < axis->n_lut; v++)
    lut[v] =
        (uint16_t)(v < marks ? ict_class_of_number(axis->classification, (int64_t)v) : axis->n);
}

ict_status ict_plan_axis_make(const ict_catalog *catalog, const ict_frame *frame,
                              const char *concept_name, const char *classification,
                              ict_arena *arena, ict_plan_axis *out, ict_err *err) {
  *out = (ict_plan_axis){0};
  long column = ict_schema_find(frame->schema, concept_name);
  if (column < 0) return no_column(frame, concept_name, err);
  const ict_variable *var = &frame->schema->vars[column];
  if (var->type == ICT_TYPE_REAL) {
    ict_err_set(err, ICT_USAGE, "'%s' is a measurement and cannot be a breakdown", concept_name);
    ict_err_expected(err, "a coded variable, or a whole number with a classification");
    return ICT_USAGE;
  }
  ict_status st = find_classification(catalog, var, classification, &out->classification, err);
  if (st != ICT_OK) return st;

  const ict_concept *concept_def = ict_catalog_find_concept(catalog, concept_name);
  out->name = concept_def && concept_def->axis ? concept_def->axis : var->name;
  out->concept_name = var->name;
  out->column = (size_t)column;
  out->codes = out->classification ? out->classification->codes : var->codes;
  out->n = out->codes->n;
  if (var->width == ICT_I32) return ICT_OK; /* by search: such a table would not fit a cache */

  out->n_lut = var->width == ICT_U8 ? 256 : 65536;
  uint16_t *lut = ict_arena_alloc(arena, out->n_lut, sizeof *lut);
  if (!lut) return ict_err_memory(err);
  if (var->type == ICT_TYPE_CODE)
    fill_codes(out, var, lut);
  else
    fill_numbers(out, lut);
  out->lut = lut;
  return ICT_OK;
}
