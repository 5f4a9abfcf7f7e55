/* column.h - one variable: its values as a dataset, its codebook as attributes. */
#ifndef ICT_STORE_COLUMN_H
#define ICT_STORE_COLUMN_H

#include "data/schema.h"
#include "store/h5.h"

ict_status ict_store_put_column(const ict_h5_out *out, hid_t columns, const ict_variable *var,
                                const void *values, size_t n_rows, ict_err *err);

/* Reads the codebook into *var (texts and lists in the arena) and points *values at the
 * n_rows values, mapped where they can be. Refuses a dataset whose type or size is not
 * what its attributes say. */
ict_status ict_store_get_column(const ict_h5_in *in, hid_t columns, const char *name, size_t n_rows,
                                ict_arena *arena, ict_variable *var, const void **values,
                                ict_err *err);

#endif
