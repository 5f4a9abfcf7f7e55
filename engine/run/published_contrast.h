/* published_contrast.h - differences and ratios of two classes of published values. */
#ifndef ICT_RUN_PUBLISHED_CONTRAST_H
#define ICT_RUN_PUBLISHED_CONTRAST_H

#include "data/table.h"

/* For each text, "sex:F-M" or "sex:F/M", rows that compare the two classes wherever the table has
 * both. Standard errors are those of independent estimates, as the covariance was not published:
 * flag `covariance_unknown`. Where a table has neither class of a text: ICT_USAGE. */
ict_status ict_published_contrast(ict_table *table, const char *const *texts, size_t n,
                                  ict_err *err);

#endif
