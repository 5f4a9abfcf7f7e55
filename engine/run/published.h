/* published.h - values that a statistical table gave as they are (engine/admin) on their way from
 * the store to the table of results. */
#ifndef ICT_RUN_PUBLISHED_H
#define ICT_RUN_PUBLISHED_H

#include "base/text.h"
#include "catalog/catalog.h"
#include "data/table.h"
#include "ictstat/request.h"
#include "store/store.h"

typedef struct ict_published ict_published;

/* What of the request the store's published values answer, and `rest`, what is left to compute: it
 * borrows from the request and from *out. *all: nothing is left. Where the store has no published
 * values *out is NULL and the rest is the request. Contrasts are made of published values where
 * nothing is left to compute. Errors: ICT_USAGE for a breakdown that the table does not have. */
ict_status ict_published_take(const ict_store *store, const ict_catalog *catalog,
                              const ict_request *request, ict_published **out, ict_request *rest,
                              bool *all, ict_err *err);
void ict_published_free(ict_published *published); /* NULL is fine */

/* Whether a table of the store is the place of such values, no unit to plan over. */
bool ict_published_is_unit(const char *unit);
/* Titles and items of the catalogue's indicator, where its values are among those taken; so that
 * rows stand in the catalogue's order. published may be NULL. */
ict_status ict_published_name(const ict_published *published, const ict_indicator *indicator,
                              ict_table *table, ict_err *err);
/* The rows. Without --by all breakdowns that the table has; with it the totals and those. */
ict_status ict_published_rows(const ict_published *published, ict_table *table, ict_err *err);

/* What would be passed through, in a line or two; nothing where published is NULL. */
void ict_published_explain(const ict_published *published, ict_str *to);

#endif
