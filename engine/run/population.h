/* population.h - a population table, from a file to weights. */
#ifndef ICT_RUN_POPULATION_H
#define ICT_RUN_POPULATION_H

#include "data/countries.h"
#include "group/weights.h"

/* CSV with the columns ref_area (ISO 3166-1 alpha-3), time_period (a year), population, and of sex,
 * age and urbanisation those it tells apart (each with its _T rows); no others. Refused, with
 * file, line and column: other columns, unknown areas, two values for one key, what is no number of
 * people. Caller frees. */
ict_status ict_population_read(const char *path, const ict_countries *countries, ict_weights **out,
                               ict_err *err);

#endif
