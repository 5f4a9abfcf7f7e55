/* axis.h - the code lists behind an axis of the table: of the concepts that it shows, and of their
 * classifications. */
#ifndef ICT_CATALOG_AXIS_H
#define ICT_CATALOG_AXIS_H

#include <stdbool.h>

#include "catalog/catalog.h"

/* The i-th code list that an axis may have: of its concepts first, then of their classifications.
 * NULL in *codes where that one is another axis's; false after the last. */
bool ict_axis_codes(const ict_catalog *catalog, const char *axis, size_t i,
                    const ict_codelist **codes);

/* Is the text a code of the list? */
bool ict_codes_have(const ict_codelist *codes, const char *text, size_t len);

/* Is it a code of the axis, in any of its classifications? */
bool ict_catalog_has_axis_code(const ict_catalog *catalog, const char *axis, const char *code,
                               size_t len);

/* The first coded or integer concept that shows on the axis, or NULL. */
const ict_concept *ict_axis_concept(const ict_catalog *catalog, const char *axis);

/* Whether its codes are all known: a concept of the catalogue shows on it, and none whose codes the
 * mapping brings. */
bool ict_axis_is_closed(const ict_catalog *catalog, const char *axis);

#endif
