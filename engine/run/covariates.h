/* covariates.h - numbers of countries that others are regressed on, out of a CSV. */
#ifndef ICT_RUN_COVARIATES_H
#define ICT_RUN_COVARIATES_H

#include "data/countries.h"
#include "group/covariates.h"

/* The file has ref_area, time_period and one to ICT_COVARIATES_MOST columns of numbers; a row with
 * an empty cell is none. Each refusal tells file, line and column. Caller frees. */
ict_status ict_covariates_read(const char *path, const ict_countries *countries,
                               ict_covariates **out, ict_err *err);

#endif
