/* input_status.h - the observation statuses of the numbers that values are computed from: an
 * estimated count makes an estimated rate. */
#ifndef ICT_RUN_INPUT_STATUS_H
#define ICT_RUN_INPUT_STATUS_H

#include "base/text.h"
#include "catalog/catalog.h"
#include "data/table.h"
#include "store/store.h"

typedef struct ict_input_status ict_input_status;

/* Of a store that came from a statistical table; *out is NULL where all its counts are normal, or
 * it has none. Borrows the catalogue. */
ict_status ict_input_status_make(const ict_store *store, const ict_catalog *catalog,
                                 ict_input_status **out, ict_err *err);
void ict_input_status_free(ict_input_status *inputs); /* NULL is fine */

/* The status of the row's inputs by SDMX precedence, '\0' where they are normal. inputs may be
 * NULL. key: scratch of the calling thread, `failed` where memory is short. */
char ict_input_status_of(const ict_input_status *inputs, const ict_table_row *row, ict_str *key);

#endif
