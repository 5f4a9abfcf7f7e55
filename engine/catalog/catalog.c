/* catalog.c - the catalogue as others see it: what there is, and finding it by name.
 *
 * In: a loaded catalogue. Out: borrowed definitions.
 * Owns: the freeing of a catalogue. Loading is in load.c. */
#include "catalog/catalog.h"

#include <string.h>

#include "base/text.h"
#include "catalog/room.h"

void ict_catalog_free(ict_catalog *catalog) {
  if (!catalog) return;
  for (size_t i = 0; i < catalog->programs.n; i++) ict_program_free(catalog->programs.at[i]);
  for (size_t i = 0; i < catalog->exprs.n; i++) ict_expr_free(catalog->exprs.at[i]);
  for (size_t i = 0; i < catalog->yamls.n; i++) ict_yaml_free(catalog->yamls.at[i]);
  ict_list *lists[] = {&catalog->exprs,           &catalog->programs,   &catalog->yamls,
                       &catalog->conditions,      &catalog->codelists,  &catalog->concepts,
                       &catalog->classifications, &catalog->indicators, &catalog->profiles};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) ict_list_done(lists[i]);
  ict_arena_free(catalog->arena);
  ict_free(catalog);
}

/* ---- indicators ---- */

size_t ict_catalog_indicators(const ict_catalog *catalog) { return catalog->indicators.n; }

const ict_indicator *ict_catalog_indicator_at(const ict_catalog *catalog, size_t i) {
  return i < catalog->indicators.n ? catalog->indicators.at[i] : NULL;
}

const char *ict_catalog_indicator_id(const ict_catalog *catalog, size_t i) {
  const ict_indicator *found = ict_catalog_indicator_at(catalog, i);
  return found ? found->id : NULL;
}

const char *ict_catalog_indicator_title(const ict_catalog *catalog, size_t i) {
  const ict_indicator *found = ict_catalog_indicator_at(catalog, i);
  return found ? found->title : NULL;
}

const char *ict_catalog_indicator_framework(const ict_catalog *catalog, size_t i) {
  const ict_indicator *found = ict_catalog_indicator_at(catalog, i);
  return found ? found->framework : NULL;
}

const char *ict_catalog_indicator_unit(const ict_catalog *catalog, size_t i) {
  const ict_indicator *found = ict_catalog_indicator_at(catalog, i);
  return found ? found->unit : NULL;
}

/* By series only where one indicator has it. Case is folded: the older UN interface
 * writes IT_USE_ii99. */
static const ict_indicator *find_by_series(const ict_catalog *catalog, const char *series) {
  const ict_indicator *found = NULL;
  for (size_t i = 0; series[0] && i < catalog->indicators.n; i++) {
    const ict_indicator *one = catalog->indicators.at[i];
    if (ict_text_casecmp(one->series, series) != 0) continue;
    if (found) return NULL;
    found = one;
  }
  return found;
}

const ict_indicator *ict_catalog_find_id(const ict_catalog *catalog, const char *id) {
  return catalog ? ict_list_find(&catalog->indicators, id) : NULL;
}

const ict_indicator *ict_catalog_find_indicator(const ict_catalog *catalog, const char *id) {
  const ict_indicator *found = ict_catalog_find_id(catalog, id);
  return found ? found : find_by_series(catalog, id);
}

ict_status ict_catalog_no_indicator(const ict_catalog *catalog, const char *id, ict_err *err) {
  const char *nearest = ict_list_nearest(&catalog->indicators, id);
  ict_err_set(err, ICT_USAGE, "no indicator '%s'", id);
  if (nearest)
    ict_err_fix(err, "write '%s'", nearest);
  else
    ict_err_fix(err, "see `ictstat list` for the indicators there are");
  return ICT_USAGE;
}

/* ---- the rest ---- */

const ict_concept *ict_catalog_find_concept(const ict_catalog *catalog, const char *name) {
  return ict_list_find(&catalog->concepts, name);
}

size_t ict_catalog_concepts(const ict_catalog *catalog) { return catalog->concepts.n; }

const ict_concept *ict_catalog_concept_at(const ict_catalog *catalog, size_t i) {
  return i < catalog->concepts.n ? catalog->concepts.at[i] : NULL;
}

const ict_condition_kind *ict_catalog_find_condition(const ict_catalog *catalog, const char *name) {
  return ict_list_find(&catalog->conditions, name);
}

const ict_codelist *ict_catalog_find_codelist(const ict_catalog *catalog, const char *id) {
  return ict_list_find(&catalog->codelists, id);
}

const ict_classification *ict_catalog_find_classification(const ict_catalog *catalog,
                                                          const char *concept_name,
                                                          const char *id) {
  for (size_t i = 0; i < catalog->classifications.n; i++) {
    const ict_classification *one = catalog->classifications.at[i];
    if (strcmp(one->id, id) == 0 && strcmp(one->concept_name, concept_name) == 0) return one;
  }
  return NULL;
}

size_t ict_catalog_classifications(const ict_catalog *catalog) {
  return catalog->classifications.n;
}

const ict_classification *ict_catalog_classification_at(const ict_catalog *catalog, size_t i) {
  return i < catalog->classifications.n ? catalog->classifications.at[i] : NULL;
}

const ict_profile_rules *ict_catalog_find_profile(const ict_catalog *catalog, const char *id) {
  return ict_list_find(&catalog->profiles, id);
}

size_t ict_catalog_profiles(const ict_catalog *catalog) { return catalog->profiles.n; }

const ict_profile_rules *ict_catalog_profile_at(const ict_catalog *catalog, size_t i) {
  return i < catalog->profiles.n ? catalog->profiles.at[i] : NULL;
}
