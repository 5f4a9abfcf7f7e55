/* replicates.h - the replicate weights of a design: their datasets and attributes. */
#ifndef ICT_STORE_REPLICATES_H
#define ICT_STORE_REPLICATES_H

#include "data/design.h"
#include "store/h5.h"

/* Nothing where the design has none. */
ict_status ict_store_put_replicates(const ict_h5_out *out, hid_t group, const ict_design *design,
                                    ict_err *err);
/* Into design->replicates, of the arena. The design's n_rows must be known. */
ict_status ict_store_get_replicates(const ict_h5_in *in, hid_t group, ict_arena *arena,
                                    ict_design *design, ict_err *err);

#endif
