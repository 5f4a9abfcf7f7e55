/* frame.h - a frame while it is made, column by column; between frame.c and its two users only. */
#ifndef ICT_ADMIN_FRAME_H
#define ICT_ADMIN_FRAME_H

#include "admin/work.h"

typedef struct ict_frame_maker {
  ict_admin_work *work;
  ict_arena *arena; /* the work's: of all that is made */
  size_t n_rows, n_vars;
  ict_variable *vars;
  const void **columns;
  ict_err *err;
} ict_frame_maker;

ict_status ict_frame_begin(ict_frame_maker *m, size_t n_rows, size_t most_vars);
/* A column in the arena; NULL: memory was short. */
ict_status ict_frame_put(ict_frame_maker *m, ict_variable var, const void *column);
/* index: of the code of each row; SIZE_MAX is missing. */
ict_status ict_frame_put_codes(ict_frame_maker *m, const char *name, const char *title,
                               const ict_codelist *codes, const size_t *index);
/* Texts become codes in natural order; "" is missing. */
ict_status ict_frame_put_texts(ict_frame_maker *m, const char *name, const char *title,
                               const char *const *texts);
/* NaN is missing. */
ict_status ict_frame_put_reals(ict_frame_maker *m, ict_variable var, const double *values);
/* A census with a stratum for each run of one area and period. */
ict_status ict_frame_finish(ict_frame_maker *m, const char *unit, const char *title,
                            const char *const *areas, const char *const *periods,
                            ict_store_frame *out);

/* observation_frame.c: all values as the table gives them. */
ict_status ict_frame_observations(ict_frame_maker *m, ict_store_frame *out);
/* unit_frame.c: the rows that are computed with. */
ict_status ict_frame_unit(ict_frame_maker *m, ict_store_frame *out);

#endif
