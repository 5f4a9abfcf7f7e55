/* stages.h - what a design has beyond one stage of equal probabilities, in the store. */
#ifndef ICT_STORE_STAGES_H
#define ICT_STORE_STAGES_H

#include "data/design.h"
#include "store/h5.h"

/* A reader of format version 1 would take such a design for one of a single stage. */
bool ict_store_has_stages(const ict_design *design);

/* To and from the group of the design. Reading fills n_stages, stages, pps and inclusion;
 * n_psu and n_rows must be known. The shape is for ict_store_check_shape to check. */
ict_status ict_store_put_stages(const ict_h5_out *out, hid_t group, const ict_design *design,
                                ict_err *err);
ict_status ict_store_get_stages(const ict_h5_in *in, hid_t group, ict_arena *arena,
                                ict_design *design, ict_err *err);

#endif
