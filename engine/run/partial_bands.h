/* partial_bands.h - bands of a breakdown that a statistical table does not fill. */
#ifndef ICT_RUN_PARTIAL_BANDS_H
#define ICT_RUN_PARTIAL_BANDS_H

#include "plan/plan.h"

/* A table that counts people of 25 to 34 has no people of 25 to 74: warns of every band asked for
 * that holds classes of the table but is more than they are. */
void ict_tell_partial_bands(const ict_plan *plan, const ict_catalog *catalog,
                            ict_findings *findings);

#endif
