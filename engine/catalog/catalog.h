/* catalog.h - the catalogue for the rooms below (the guests' view: ictstat/catalog.h). */
#ifndef ICT_CATALOG_CATALOG_H
#define ICT_CATALOG_CATALOG_H

#include "catalog/concept.h"
#include "catalog/indicator.h"
#include "catalog/quality.h"
#include "ictstat/catalog.h"

/* Borrowed; NULL where there is none. Indicators are found by id ("17.8.1") or, where
 * that is unique, by SDMX series. */
const ict_indicator *ict_catalog_find_indicator(const ict_catalog *catalog, const char *id);
/* By id alone: what a table's row names. catalog may be NULL. */
const ict_indicator *ict_catalog_find_id(const ict_catalog *catalog, const char *id);
const ict_indicator *ict_catalog_indicator_at(const ict_catalog *catalog, size_t i);
const ict_concept *ict_catalog_find_concept(const ict_catalog *catalog, const char *name);
size_t ict_catalog_concepts(const ict_catalog *catalog);
const ict_concept *ict_catalog_concept_at(const ict_catalog *catalog, size_t i);
const ict_condition_kind *ict_catalog_find_condition(const ict_catalog *catalog, const char *name);
const ict_codelist *ict_catalog_find_codelist(const ict_catalog *catalog, const char *id);
const ict_classification *ict_catalog_find_classification(const ict_catalog *catalog,
                                                          const char *concept_name, const char *id);
size_t ict_catalog_classifications(const ict_catalog *catalog);
const ict_classification *ict_catalog_classification_at(const ict_catalog *catalog, size_t i);
const ict_profile_rules *ict_catalog_find_profile(const ict_catalog *catalog, const char *id);

size_t ict_catalog_profiles(const ict_catalog *catalog);
const ict_profile_rules *ict_catalog_profile_at(const ict_catalog *catalog, size_t i);

/* "no indicator 'x'", with the nearest id as the fix. Returns ICT_USAGE. */
ict_status ict_catalog_no_indicator(const ict_catalog *catalog, const char *id, ict_err *err);

#endif
