/* check.h - what must hold of a frame in a store, whoever made it. */
#ifndef ICT_STORE_CHECK_H
#define ICT_STORE_CHECK_H

#include "data/frame.h"

/* Everything that later code indexes with: names, widths, code lists, the two variables
 * every frame has, the index arrays of the design. The first fault is ICT_REFUSED, named by
 * its place in the file. Reads the index arrays, not the columns. */
ict_status ict_store_check_shape(const ict_frame *frame, const char *path, ict_err *err);

/* The values: codes below the number of codes or a mark of missing, integers no unused
 * mark, reals and weights finite, weights not negative, fractions in [0, 1]. One finding a
 * column, with the first row at fault. Call only after the shape holds. */
void ict_store_check_values(const ict_frame *frame, const char *path, ict_findings *findings);

#endif
