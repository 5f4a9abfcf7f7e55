/* countries.h - countries and areas by their codes (datasets/countries.csv). */
#ifndef ICT_DATA_COUNTRIES_H
#define ICT_DATA_COUNTRIES_H

#include <stdbool.h>

#include "base/err.h"

typedef struct ict_countries ict_countries;

ict_status ict_countries_load(ict_countries **out, ict_err *err);
void ict_countries_free(ict_countries *countries); /* NULL is fine */
/* The M49 number of an ISO 3166-1 alpha-3 code, without leading zeros; NULL where the code is
 * not one. Borrowed. */
const char *ict_countries_m49(const ict_countries *countries, const char *iso3);
/* The alpha-3 code of an M49 number without leading zeros; NULL where it is not that of a country
 * or area (but of a group of them, say). Borrowed. */
const char *ict_countries_iso3(const ict_countries *countries, const char *m49);
/* Its English name, or NULL. Borrowed. */
const char *ict_countries_name(const ict_countries *countries, const char *iso3);

#endif
