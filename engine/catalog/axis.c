/* axis.c - what an axis of the table may hold. In: the catalogue. Owns: nothing. */
#include "catalog/axis.h"

#include <string.h>

static bool is_concept_of(const ict_concept *concept_def, const char *axis) {
  return strcmp(concept_def->axis ? concept_def->axis : concept_def->name, axis) == 0;
}

bool ict_axis_codes(const ict_catalog *catalog, const char *axis, size_t i,
                    const ict_codelist **codes) {
  size_t n_concepts = ict_catalog_concepts(catalog);
  *codes = NULL;
  if (i < n_concepts) {
    const ict_concept *c = ict_catalog_concept_at(catalog, i);
    if (is_concept_of(c, axis)) *codes = c->codes;
    return true;
  }
  i -= n_concepts;
  if (i >= ict_catalog_classifications(catalog)) return false;
  const ict_classification *k = ict_catalog_classification_at(catalog, i);
  const ict_concept *c = ict_catalog_find_concept(catalog, k->concept_name);
  if (c && is_concept_of(c, axis)) *codes = k->codes;
  return true;
}

bool ict_codes_have(const ict_codelist *codes, const char *text, size_t len) {
  for (size_t i = 0; i < codes->n; i++)
    if (strlen(codes->codes[i].id) == len && memcmp(codes->codes[i].id, text, len) == 0)
      return true;
  return false;
}

bool ict_catalog_has_axis_code(const ict_catalog *catalog, const char *axis, const char *code,
                               size_t len) {
  const ict_codelist *codes;
  for (size_t i = 0; ict_axis_codes(catalog, axis, i, &codes); i++)
    if (codes && ict_codes_have(codes, code, len)) return true;
  return false;
}

const ict_concept *ict_axis_concept(const ict_catalog *catalog, const char *axis) {
  for (size_t i = 0; i < ict_catalog_concepts(catalog); i++) {
    const ict_concept *c = ict_catalog_concept_at(catalog, i);
    if (c->type != ICT_TYPE_REAL && is_concept_of(c, axis)) return c;
  }
  return NULL;
}

bool ict_axis_is_closed(const ict_catalog *catalog, const char *axis) {
  bool known = false;
  for (size_t i = 0; i < ict_catalog_concepts(catalog); i++) {
    const ict_concept *c = ict_catalog_concept_at(catalog, i);
    if (!is_concept_of(c, axis)) continue;
    if (c->type == ICT_TYPE_CODE && !c->codes) return false;
    known = true;
  }
  return known;
}
