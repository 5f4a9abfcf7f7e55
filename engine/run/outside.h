/* outside.h - rows that a breakdown leaves out. */
#ifndef ICT_RUN_OUTSIDE_H
#define ICT_RUN_OUTSIDE_H

#include "plan/plan.h"

/* A note for each one-way breakdown whose classes do not hold everybody of the total: ages that
 * are missing, or outside every band. Such rows count in the total alone. */
void ict_tell_outside(const ict_plan *plan, const ict_cube *cube, ict_findings *findings);

#endif
