/* covariates.h - numbers of countries by year that others are regressed on (income per head,
 * subscriptions). Filled by run/covariates.c from a file. */
#ifndef ICT_GROUP_COVARIATES_H
#define ICT_GROUP_COVARIATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define ICT_COVARIATES_MOST 8

typedef struct ict_covariates ict_covariates;

/* n numbers a country and year, at most ICT_COVARIATES_MOST. NULL where memory is short. */
ict_covariates *ict_covariates_new(size_t n);
void ict_covariates_free(ict_covariates *covariates); /* NULL is fine */

size_t ict_covariates_count(const ict_covariates *covariates);
/* *twice: there are numbers of this area and year already; the new ones are not taken. */
ict_status ict_covariates_add(ict_covariates *covariates, const char *iso3, int year,
                              const double *values, bool *twice, ict_err *err);
/* n of them, or NULL. Borrowed. */
const double *ict_covariates_find(const ict_covariates *covariates, const char *iso3, int year);

#endif
