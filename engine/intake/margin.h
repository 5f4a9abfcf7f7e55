/* margin.h - a margin of a calibration; inside the room only. */
#ifndef ICT_INTAKE_MARGIN_H
#define ICT_INTAKE_MARGIN_H

#include "intake/work.h"

/* Reads the totals and puts every row of the frame into a category. d: the design weights. What is
 * wrong is a finding, and *good false. */
ict_status ict_margin_make(ict_work *work, const ict_work_unit *unit, const ict_frame *frame,
                           const ict_map_calibration *map, const ict_map_margin *margin,
                           const double *d, ict_calibration_margin *out, bool *good, ict_err *err);

#endif
