/* labels.h - the catalogue's titles and labels for a table that came without (out of a CSV). */
#ifndef ICT_RUN_LABELS_H
#define ICT_RUN_LABELS_H

#include "catalog/catalog.h"
#include "data/table.h"

/* Of the indicators and items of its rows, and the codes of its axes; what has a label keeps it. */
ict_status ict_table_add_labels(ict_table *table, const ict_catalog *catalog, ict_err *err);

#endif
