/* contrast.h - the tables of two rounds in, a table of their differences out.
 * Belongs to: engine/run. docs/math.md, "Contrasts", has the method; two classes within one survey
 * are compared by ict_compute (ictstat/request.h, `contrasts`). */
#ifndef ICTSTAT_CONTRAST_H
#define ICTSTAT_CONTRAST_H

#include "ictstat/catalog.h"
#include "ictstat/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For each key (indicator, item, area, breakdown) that both tables have: the later round less the
 * earlier, of independent samples. The result has a further axis `contrast` with two rows a key,
 * DIFFERENCE and P_VALUE (two-sided test of no difference), and a period like 2020/2024. names: 2,
 * for messages. level: of the intervals; 0: 0.95. catalog (may be NULL) gives titles. Refused: a
 * table with several periods of a key, no key in common. Caller frees the table. */
ict_status ict_contrast_tables(const ict_table *const *tables, const char *const *names,
                               const ict_catalog *catalog, double level, ict_table **out,
                               ict_findings *findings, ict_err *err);

#ifdef __cplusplus
}
#endif
#endif
