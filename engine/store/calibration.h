/* calibration.h - the calibration of a design's weights in the store; for the files of this room.
 */
#ifndef ICT_STORE_CALIBRATION_H
#define ICT_STORE_CALIBRATION_H

#include "data/design.h"
#include "store/h5.h"

/* design: its group in the file. Nothing where the weights are not calibrated. */
ict_status ict_store_put_calibration(const ict_h5_out *out, hid_t design, const ict_design *d,
                                     ict_err *err);
/* After the counts of rows are known. */
ict_status ict_store_get_calibration(const ict_h5_in *in, hid_t design, ict_arena *arena,
                                     ict_design *d, ict_err *err);

#endif
