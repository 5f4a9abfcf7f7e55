/* country_cells.h - the cells that tables of countries share: area, year, number. */
#ifndef ICT_RUN_COUNTRY_CELLS_H
#define ICT_RUN_COUNTRY_CELLS_H

#include "data/countries.h"
#include "publish/cells.h"

/* "what 'text'" at the cell; always ICT_REFUSED. */
ict_status ict_cell_refuse(const ict_cells *cells, size_t row, long column, const char *what,
                           const char *expected, const char *fix, ict_err *err);
/* Refuses what is no country of datasets/countries.csv. */
ict_status ict_cell_country(const ict_cells *cells, size_t row, long column,
                            const ict_countries *countries, const char **iso3, ict_err *err);
ict_status ict_cell_year(const ict_cells *cells, size_t row, long column, int *year, ict_err *err);

#endif
